# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""API users in the console: what the page asks for, what it keeps, and what it never shows again."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sandbox.operator.browser import Tab
from sandbox.operator.labels import NotListed, Stuck
from tests.sandboxes import Rest, Sandbox, Tenant

from .people import LEVELS, USERS, copy_level, new_api_user, sign_in

TRACKING = ("API Tracking Identifier",)
BUSINESS = ("Line of Business",)


@pytest.fixture
def tab(tenant: Tenant) -> Tab:
    """An administrator, signed in."""
    return sign_in(tenant)


def stored(tenant: Tenant) -> dict[str, Any]:
    return next(user for user in tenant.control("GET", "api-users") if user["first_name"] == "Bee")


def edit(tab: Tab, name: str = "Bee API") -> None:
    tab.walk(USERS)
    tab.choose_from_menu(name, "Edit")


def works(tenant: Tenant, credentials: dict[str, str]) -> bool:
    """Whether REST lets somebody in with these credentials."""
    return Rest(tenant.access["rest_url"], credentials).call("GET", "Companies/entityInformation").status_code == 200


def test_a_new_user_works_and_its_secrets_are_never_shown_again(tab: Tab, tenant: Tenant) -> None:
    credentials = new_api_user(tab, "API")
    assert re.fullmatch(r"[a-z0-9]{15}@" + re.escape(tenant.access["console_user"].partition("@")[2]), credentials["UserName"])
    assert len(credentials["Secret"]) == 25
    assert re.fullmatch(r"[A-Z0-9]{27}", credentials["ApiIntegrationCode"])
    assert not works(tenant, credentials)
    tab.press("Save & Close")
    assert works(tenant, credentials)
    shown = [tab.page]
    edit(tab)
    assert (tab.read("Username (Key)"), tab.read("Password (Secret)")) == (credentials["UserName"], "")
    shown.append(tab.page)
    for page in shown:
        text = page.xpath("string(.)") + " ".join(page.xpath("//@value"))
        assert credentials["Secret"] not in text
        assert credentials["ApiIntegrationCode"] not in text


def test_nothing_is_stored_before_save_and_close(tab: Tab, tenant: Tenant) -> None:
    new_api_user(tab, "API")
    tab.follow("Cancel")
    assert "Bee API" not in dict(tab.rows())
    assert len(tenant.control("GET", "api-users")) == 1


def test_what_is_required(tab: Tab) -> None:
    tab.walk(USERS)
    tab.choose_beside("New", "New API User")
    with pytest.raises(Stuck) as refused:
        tab.press("Save & Close")
    for label in (
        "First Name",
        "Last Name",
        "Email Address",
        "Security Level",
        "Primary Internal Location",
        "Username (Key)",
        "Password (Secret)",
    ):
        assert f"{label} is required." in str(refused.value)


@pytest.mark.parametrize(
    ("label", "value", "refusal"),
    [
        ("First Name", "x" * 51, "50 characters or fewer"),
        ("Email Address", "bee", "must be a valid email address"),
        ("Username (Key)", "bee1", "must end with @"),
        ("Username (Key)", "bee1@elsewhere.example.com", "must end with @"),
        ("Username (Key)", "bee@{domain}", "letters and numbers"),
        ("Username (Key)", "123@{domain}", "letters and numbers"),
        ("Username (Key)", "bee;1@{domain}", "must not contain"),
        ("Username (Key)", "b@e1@{domain}", "must not contain"),
        ("Username (Key)", "b" * 32 + "1@{domain}", "32 characters or fewer"),
        ("Username (Key)", "{provisioner}", "must be unique"),
        ("Password (Secret)", "Ab#123", "at least 7 characters"),
        ("Password (Secret)", "Abcdefg#12", "positions 2 to 6"),
        ("Password (Secret)", "ab#cdefgh", "two of upper case"),
        ("Password (Secret)", "Ab#12 345", "must not contain spaces"),
        ("Password (Secret)", "Ab#12'345", "single quotes"),
        ("Password (Secret)", "Ab#" + "1" * 62, "64 characters or fewer"),
    ],
)
def test_what_is_not_accepted(tab: Tab, tenant: Tenant, label: str, value: str, refusal: str) -> None:
    new_api_user(tab, "API")
    value = value.format(domain=tenant.access["console_user"].partition("@")[2], provisioner=tenant.access["user_name"])
    tab.put((), label, "", value)
    with pytest.raises(Stuck, match=refusal):
        tab.press("Save & Close")
    assert tab.read(label) == value
    assert len(tenant.control("GET", "api-users")) == 1


def test_an_own_key_and_secret(tab: Tab, tenant: Tenant) -> None:
    credentials = new_api_user(tab, "API")
    credentials["UserName"] = "bee-1@" + tenant.access["console_user"].partition("@")[2]
    credentials["Secret"] = "aB#cdefgh"
    tab.put((), "Username (Key)", "", credentials["UserName"])
    tab.put((), "Password (Secret)", "", credentials["Secret"])
    tab.press("Save & Close")
    assert works(tenant, credentials)


def test_a_key_stays_taken_by_an_inactive_user(tab: Tab) -> None:
    key = new_api_user(tab, "API")["UserName"]
    tab.press("Save & Close")
    tab.choose_from_menu("Bee API", "Inactivate Resource")
    new_api_user(tab, "Second")
    tab.put((), "Username (Key)", "", key)
    with pytest.raises(Stuck, match="must be unique"):
        tab.press("Save & Close")


def test_old_credentials_work_until_new_ones_are_saved(tab: Tab, tenant: Tenant) -> None:
    old = new_api_user(tab, "API")
    tab.press("Save & Close")
    edit(tab)
    tab.press("Generate Key")
    tab.press("Generate Secret")
    new = old | {"UserName": tab.read("Username (Key)"), "Secret": tab.read("Password (Secret)")}
    assert works(tenant, old) and not works(tenant, new)
    tab.press("Save & Close")
    assert works(tenant, new) and not works(tenant, old)


def test_the_tracking_identifier_stays_on_the_page_while_a_secret_is_generated(tab: Tab, tenant: Tenant) -> None:
    new_api_user(tab, "API")
    tab.choose(TRACKING, "Integration Vendor")
    vendor = next(iter(tenant.access["integration_vendors"]))
    tab.put(TRACKING, "Integration Vendor", "", vendor)
    tab.press("Save & Close")
    edit(tab)
    tab.press("Generate Secret")
    assert vendor in tab.place(TRACKING).text_content()
    tab.press("Save & Close")
    assert stored(tenant)["tracking"] == "vendor"


def test_an_edit_without_a_secret_keeps_it(tab: Tab, tenant: Tenant) -> None:
    credentials = new_api_user(tab, "API")
    tab.press("Save & Close")
    edit(tab)
    tab.put((), "Email Address", "", "other@example.com")
    tab.press("Save & Close")
    assert works(tenant, credentials)
    assert stored(tenant)["email"] == "other@example.com"


def test_a_tracking_identifier_can_not_be_changed(tab: Tab, tenant: Tenant) -> None:
    credentials = new_api_user(tab, "API")
    tab.press("Save & Close")
    edit(tab)
    with pytest.raises(Stuck, match="no choice"):
        tab.choose(TRACKING, "None")
    form = next(form for form in tab.page.forms if form.get("class") == "editor")
    tab.session.post(tab.url, data=[*form.form_values(), ("action", "save-close"), ("tracking", "none")], timeout=30)
    assert works(tenant, credentials)
    assert stored(tenant)["tracking"] == "custom"


def test_an_identifier_may_follow_later_and_the_vendor_keeps_its_own(tab: Tab, tenant: Tenant) -> None:
    vendor, code = next(iter(tenant.access["integration_vendors"].items()))
    credentials = new_api_user(tab, "API") | {"ApiIntegrationCode": code}
    tab.choose(TRACKING, "None")
    tab.press("Save & Close")
    assert not works(tenant, credentials)
    edit(tab)
    tab.choose(TRACKING, "Integration Vendor")
    with pytest.raises(NotListed):
        tab.put(TRACKING, "Integration Vendor", "", "Nobody - Nothing")
    with pytest.raises(Stuck, match="Integration Vendor is required"):
        tab.press("Save & Close")
    tab.put(TRACKING, "Integration Vendor", "", vendor)
    tab.press("Save & Close")
    assert works(tenant, credentials)
    edit(tab)
    assert code not in tab.page.xpath("string(.)") + " ".join(tab.page.xpath("//@value"))


def test_an_own_identifier_needs_a_name(tab: Tab) -> None:
    new_api_user(tab, "API")
    tab.put(TRACKING, "Internal Integration Name", "", "")
    with pytest.raises(Stuck, match="Internal Integration Name is required"):
        tab.press("Save & Close")


@pytest.mark.parametrize(
    ("name", "value", "refusal"),
    [
        ("level_id", "1", "Security Level does not offer this value"),
        ("location_id", "x", "Primary Internal Location does not offer this value"),
        ("tracking_code", "", "Tracking Identifier is required"),
        ("lines_of_business", "Piracy", "Line of Business does not offer this value"),
    ],
)
def test_a_form_that_no_browser_would_send(tab: Tab, tenant: Tenant, name: str, value: str, refusal: str) -> None:
    new_api_user(tab, "API")
    form = next(form for form in tab.page.forms if form.get("class") == "editor")
    sent = [(field, present) for field, present in form.form_values() if field != name] + [(name, value), ("action", "save-close")]
    response = tab.session.post(tab.url, data=sent, timeout=30)
    assert (response.status_code, refusal in response.text) == (422, True)
    assert len(tenant.control("GET", "api-users")) == 1


def test_wrong_secrets_lock_and_the_box_unlocks(tab: Tab, tenant: Tenant) -> None:
    credentials = new_api_user(tab, "API")
    tab.press("Save & Close")
    for _attempt in range(3):
        assert not works(tenant, credentials | {"Secret": "guess"})
    assert not works(tenant, credentials)
    edit(tab)
    assert dict((label, value) for label, _column, value in tab.values(("General",)))["Locked"] is True
    tab.put((), "Locked", "", False)
    tab.press("Save & Close")
    assert works(tenant, credentials)


def test_active_levels_are_offered_and_the_present_one(tab: Tab, tenant: Tenant) -> None:
    for name in ("Worker", "Sleeper"):
        copy_level(tab, name)
        tab.put((), "Active", "", name == "Worker")
        tab.press("Save & Close")
    with pytest.raises(NotListed):
        new_api_user(tab, "API", "Sleeper")
    with pytest.raises(NotListed):
        new_api_user(tab, "API", "Manager (system)")
    new_api_user(tab, "API", "Worker")
    tab.press("Save & Close")
    tab.walk(LEVELS)
    tab.choose_from_menu("Worker (API-only)", "Inactivate")
    edit(tab)
    assert tab.read("Security Level") == "Worker"
    tab.press("Save & Close")
    assert stored(tenant)["level"] == "Worker"


def test_lines_of_business(tab: Tab, tenant: Tenant) -> None:
    new_api_user(tab, "API")
    tab.pick(BUSINESS, "Not Associated", ("Cloud", "Projects"))
    tab.press("Associate", BUSINESS)
    tab.put(BUSINESS, "Resource can view items with no assigned Line of Business", "", False)
    tab.press("Save & Close")
    assert sorted(stored(tenant)["lines_of_business"]) == ["Cloud", "Projects"]
    assert stored(tenant)["lob_unassigned"] is False
    edit(tab)
    tab.pick(BUSINESS, "Associated", ("Cloud",))
    tab.press("Remove", BUSINESS)
    tab.press("Save & Close")
    assert stored(tenant)["lines_of_business"] == ["Projects"]


def test_activating_and_inactivating(tab: Tab, tenant: Tenant) -> None:
    credentials = new_api_user(tab, "API")
    tab.press("Save & Close")
    tab.choose_from_menu("Bee API", "Inactivate Resource")
    assert not works(tenant, credentials)
    assert "Bee API" not in dict(tab.rows())
    tab.follow("Show Inactive")
    tab.choose_from_menu("Bee API", "Activate Resource")
    assert works(tenant, credentials)


def test_the_list_has_people_and_api_users_and_finds_them(sandbox: Sandbox) -> None:
    tab = sign_in(sandbox.tenants["alder"])
    tab.walk(USERS)
    people = set(dict(tab.rows()))
    assert "Provisioner API" in people and len(people) == 3
    tab.open("/admin/resources?find=provis")
    assert list(dict(tab.rows())) == ["Provisioner API"]
    with pytest.raises(Stuck, match="greyed out"):
        tab.choose_beside("New", "New Resource")


def test_names_are_data(tab: Tab) -> None:
    new_api_user(tab, "<i>API</i>")
    tab.press("Save & Close")
    assert "Bee <i>API</i>" in dict(tab.rows())
    edit(tab, "Bee <i>API</i>")
    assert tab.record() == "Bee <i>API</i>"
