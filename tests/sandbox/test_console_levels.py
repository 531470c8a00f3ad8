# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Security levels in the console, done as a person does it; what is stored is read behind its back."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.operator.browser import Tab
from sandbox.operator.labels import Stuck
from tests.sandboxes import Sandbox, Tenant

from .people import API_USER, LEVELS, copy_level, edit_level, sign_in

CAN_LOGIN = "Can login to Web Services API"
INTERNAL_COST = "Can view Internal Cost section on New/Edit Resource page"
WEBHOOKS = ("Other", "Webhooks")
SECTIONS = (
    "Contracts",
    "CRM",
    "Inventory",
    "Projects",
    "Service Desk",
    "Documents & Knowledge Base",
    "Timesheets",
    "Reports",
    "Admin",
    "Other",
    "Web Services API",
)


@pytest.fixture
def tab(tenant: Tenant) -> Tab:
    """An administrator, signed in."""
    return sign_in(tenant)


def cells(tenant: Tenant, name: str) -> dict[str, Any]:
    """What is stored of a level, by the label of the setting and, in tables, the column."""
    parts = {key: key.split("|") for key in tenant.level(name)["cells"]}
    return {f"{parts[key][2]} {parts[key][3]}".strip(): value for key, value in tenant.level(name)["cells"].items()}


def names(tenant: Tenant) -> set[str]:
    return {level["name"] for level in tenant.control("GET", "levels")}


def test_the_list(tab: Tab, tenant: Tenant) -> None:
    tab.walk(LEVELS)
    assert {API_USER, "API User (system) Can't Read Costs (API-only)", "Manager (system)"} <= set(dict(tab.rows()))
    tab.choose_from_menu(API_USER, "Copy Security Level")
    tab.walk(LEVELS)
    assert "Copy (1) of API User (system) (API-only)" not in dict(tab.rows())
    tab.follow("Show Inactive")
    assert "Copy (1) of API User (system) (API-only)" in dict(tab.rows())


def test_a_copy_is_stored_at_once_and_inactive(tab: Tab, tenant: Tenant) -> None:
    for number in (1, 2):
        tab.walk(LEVELS)
        tab.choose_from_menu(API_USER, "Copy Security Level")
        copy = tenant.level(f"Copy ({number}) of API User (system)")
        assert (copy["active"], copy["system"]) == (False, False)


@pytest.mark.parametrize("name", ["Dashboard User (system)", "Time and Attendance (system)", "Contractor (system)"])
def test_some_system_levels_are_not_copyable(sandbox: Sandbox, name: str) -> None:
    tab = sign_in(sandbox.tenants["alder"])
    tab.walk(LEVELS)
    with pytest.raises(Stuck, match='no menu entry "Copy Security Level"'):
        tab.choose_from_menu(name, "Copy Security Level")


def test_a_system_level_opens_and_can_not_be_saved(tab: Tab, tenant: Tenant) -> None:
    before = tenant.level("API User (system)")
    edit_level(tab, API_USER)
    tab.put(("Admin", "Feature Access"), "Tagging", "", False)
    for button in ("Save", "Save & Close"):
        with pytest.raises(Stuck, match="greyed out"):
            tab.press(button)
    for button in tab.page.xpath("//button[@disabled]"):
        del button.attrib["disabled"]
    with pytest.raises(Stuck, match="is a system security level and can't be changed"):
        tab.press("Save")
    assert tenant.level("API User (system)") == before


def test_nothing_is_stored_before_save(tab: Tab, tenant: Tenant) -> None:
    copy_level(tab, "Bee")
    stored = tenant.level("Copy (1) of API User (system)")
    tab.put((), "Active", "", True)
    tab.press("No Permission", ("CRM",))
    tab.press("Full Permission", ("Web Services API",))
    assert tenant.level("Copy (1) of API User (system)") == stored
    assert tab.read("Name") == "Bee"
    tab.press("Save")
    assert tab.record() == "Bee"
    saved = tenant.level("Bee")
    assert saved["active"]
    assert saved["cells"]["CRM|Object Permissions|Notes|Edit"] == "None"
    assert saved["cells"]["Web Services API|Contact Impersonation|Tickets|Delete"] is True
    assert saved["cells"]["Contracts||Contract Visibility|"] == "Full"


def test_a_button_that_is_not_there_changes_nothing(tab: Tab, tenant: Tenant) -> None:
    copy_level(tab, "Bee")
    form = next(form for form in tab.page.forms if form.get("class") == "editor")
    for action in ("none:Gardening", "paint:CRM", ""):
        response = tab.session.post(tab.url, data=[*form.form_values(), ("action", action)], timeout=30)
        assert (response.status_code, 'value="Bee"' in response.text) == (200, True)
    assert "Bee" not in names(tenant)


def test_cancel_leaves_everything_as_it_is(tab: Tab, tenant: Tenant) -> None:
    copy_level(tab, "Bee")
    tab.follow("Cancel")
    assert "Bee" not in names(tenant)


def test_no_permission_everywhere_is_the_least(tab: Tab, tenant: Tenant) -> None:
    copy_level(tab, "Bee")
    for section in SECTIONS:
        tab.press("No Permission", (section,))
    tab.put(("Web Services API",), CAN_LOGIN, "", True)
    tab.press("Save & Close")
    granted = {name for name, value in cells(tenant, "Bee").items() if value not in (False, 0, "None", "No")}
    scopes = {"Tickets View", "Service Calls View", "Can enter time on", "Dashboard Display"}
    assert {name.partition(" (Access")[0] for name in granted} == scopes | {CAN_LOGIN}


def test_the_login_box_can_not_be_ticked_again_once_it_was_saved_cleared(tab: Tab, tenant: Tenant) -> None:
    copy_level(tab, "Bee")
    tab.press("No Permission", ("Web Services API",))
    tab.press("Save & Close")
    edit_level(tab, "Bee (API-only)")
    tab.put(("Web Services API",), CAN_LOGIN, "", True)
    with pytest.raises(Stuck, match="can't be selected again"):
        tab.press("Save")
    tab.put(("Web Services API",), CAN_LOGIN, "", False)
    tab.press("Save")


def test_only_who_holds_the_right_grants_internal_costs(tenant: Tenant) -> None:
    clerk = sign_in(tenant, "clerk")
    copy_level(clerk, "Bee")
    assert dict((label, value) for label, _column, value in clerk.values(("Other", "Resources/Users (HR)")))[INTERNAL_COST] is False
    clerk.put(("Other", "Resources/Users (HR)"), INTERNAL_COST, "", True)
    with pytest.raises(Stuck, match="somebody who has this permission"):
        clerk.press("Save")
    clerk.put(("Other", "Resources/Users (HR)"), INTERNAL_COST, "", False)
    clerk.press("Save")
    admin = sign_in(tenant)
    edit_level(admin, "Bee (API-only)")
    admin.put(("Other", "Resources/Users (HR)"), INTERNAL_COST, "", True)
    admin.press("Save")
    edit_level(clerk, "Bee (API-only)")
    clerk.press("Save")
    assert cells(tenant, "Bee")[INTERNAL_COST] is True


def test_a_dependent_setting_is_greyed_out_until_its_box_is_ticked(tab: Tab, tenant: Tenant) -> None:
    copy_level(tab, "Bee")
    with pytest.raises(Stuck, match="greyed out"):
        tab.put(WEBHOOKS, "Maximum number of Webhooks", "", "20")
    tab.put(WEBHOOKS, "Can create Webhooks", "", True)
    tab.press("Refresh")
    assert tab.read("Maximum number of Webhooks") == "10"
    tab.put(WEBHOOKS, "Maximum number of Webhooks", "", "20")
    tab.press("Save")
    assert cells(tenant, "Bee")["Maximum number of Webhooks"] == 20
    tab.put(WEBHOOKS, "Can create Webhooks", "", False)
    tab.press("Save")
    assert cells(tenant, "Bee")["Maximum number of Webhooks"] == 0


def test_a_dependent_box_is_cleared_with_its_parent(tab: Tab, tenant: Tenant) -> None:
    copy_level(tab, "Bee")
    tab.put(("Reports",), "Time & Expenses", "", False)
    tab.press("Save")
    assert cells(tenant, "Bee")["Can access Time Off and Payroll reports"] is False


def test_the_number_of_webhooks_starts_at_ten(tab: Tab, tenant: Tenant) -> None:
    copy_level(tab, "Bee")
    tab.put(WEBHOOKS, "Can create Webhooks", "", True)
    tab.press("Save")
    assert cells(tenant, "Bee")["Maximum number of Webhooks"] == 10


@pytest.mark.parametrize("number", ["", "0", "1000", "-1", "1.5", "ten", "\u0661"])
def test_a_wrong_number_of_webhooks(tab: Tab, tenant: Tenant, number: str) -> None:
    copy_level(tab, "Bee")
    tab.put(WEBHOOKS, "Can create Webhooks", "", True)
    tab.press("Refresh")
    tab.put(WEBHOOKS, "Maximum number of Webhooks", "", number)
    with pytest.raises(Stuck, match="Maximum number of Webhooks must be a number from 1 to 999"):
        tab.press("Save")
    assert "Bee" not in names(tenant)
    assert tab.read("Maximum number of Webhooks") == number


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("", "Name is required"),
        ("  ", "Name is required"),
        ("x" * 51, "50 characters or fewer"),
        ("MSP.Autotask Provisioner", "Name must be unique"),
        ("API User (system)", "Name must be unique"),
    ],
)
def test_a_wrong_name(tab: Tab, tenant: Tenant, name: str, refusal: str) -> None:
    copy_level(tab, name)
    tab.put(("Admin",), "Tagging", "", False)
    with pytest.raises(Stuck, match=refusal):
        tab.press("Save & Close")
    kept = tenant.level("Copy (1) of API User (system)")
    assert kept["cells"]["Admin|Feature Access|Tagging|"] is True
    tab.put((), "Name", "", "x" * 50)
    tab.press("Save & Close")
    assert cells(tenant, "x" * 50)["Tagging"] is False


def test_names_are_data(tab: Tab, tenant: Tenant) -> None:
    name = '<b onclick="x">&amp;"\'</b>'
    copy_level(tab, name)
    tab.press("Save")
    assert (tab.read("Name"), tab.record()) == (name, name)
    edit_level(tab, f"{name} (API-only)")
    assert name in names(tenant)


def test_the_editor_speaks_the_words_of_the_tenant(sandbox: Sandbox) -> None:
    tab = sign_in(sandbox.tenants["birch"])
    edit_level(tab, API_USER)
    rows = {label for label, _column, _value in tab.values(("CRM", "Object Permissions"))}
    assert {"Companies", "Configuration Items & Subscriptions"} <= rows
    assert [text for text in tab.page.xpath("//legend/text()") if "Contact Access" in text] == ["Company & Contact Access"]


def test_activating_and_inactivating(tab: Tab, tenant: Tenant) -> None:
    copy_level(tab, "Bee")
    tab.press("Save & Close")
    tab.follow("Show Inactive")
    tab.choose_from_menu("Bee (API-only)", "Activate")
    assert tenant.level("Bee")["active"]
    tab.choose_from_menu("Bee (API-only)", "Inactivate")
    assert not tenant.level("Bee")["active"]
    with pytest.raises(Stuck, match="can't be inactivated"):
        tab.choose_from_menu(API_USER, "Inactivate")


def test_deleting(tab: Tab, tenant: Tenant) -> None:
    copy_level(tab, "Bee")
    tab.put((), "Active", "", True)
    tab.press("Save & Close")
    tab.choose_from_menu("Bee (API-only)", "Delete")
    assert "Bee" not in names(tenant)
    for level, refusal in (("msp.autotask provisioner (API-only)", "is assigned to resources"), (API_USER, "is a system security level")):
        with pytest.raises(Stuck, match=refusal):
            tab.choose_from_menu(level, "Delete")
        tab.walk(LEVELS)


def test_the_resources_of_a_level_are_listed(sandbox: Sandbox) -> None:
    tab = sign_in(sandbox.tenants["alder"])
    edit_level(tab, "msp.autotask provisioner (API-only)")
    assert "Provisioner API" in dict(tab.rows())


def test_the_beecastle_guide(tab: Tab, tenant: Tenant) -> None:
    copy_level(tab, "BeeCastle")
    tab.put((), "Active", "", True)
    for section in SECTIONS:
        tab.press("No Permission", (section,))
    tab.put(("Contracts", "Object Permissions"), "Contracts", "View", "All")
    tab.put(("Contracts",), "Can access Invoice History, (Invoice) Export Wizard and Payments", "", True)
    tab.put(("Contracts",), "Contract Visibility", "", "Full")
    tab.put(("CRM", "Organization & Contact Access"), "Customer & Cancelation", "", "All")
    tab.put(("CRM", "Object Permissions"), "Opportunities & Quotes", "View", "All")
    tab.put(("CRM", "Object Permissions"), "Opportunities & Quotes", "Add", "Yes")
    tab.put(("Inventory", "Object Permissions"), "Products", "View", "All")
    tab.put(("Service Desk", "Object Permissions"), "Tickets", "View", "All")
    tab.put(("Service Desk", "Object Permissions"), "Charges", "View", "All")
    tab.put(("Admin",), "Products, Services & Inventory", "", True)
    tab.put(("Admin",), "Resources / Users (HR)", "", True)
    tab.put(("Other", "Resources / Users (HR)"), INTERNAL_COST, "", True)
    tab.put(WEBHOOKS, "Can Create Webhooks", "", True)
    tab.put(WEBHOOKS, "Maximum number of Webhooks", "", "20")
    tab.put(("Other", "Miscellaneous"), "Can view internal cost data", "", True)
    tab.put(("Web Services API",), CAN_LOGIN, "", True)
    tab.press("Save & Close")
    level = tenant.level("BeeCastle")
    assert level["active"]
    granted = {key: value for key, value in level["cells"].items() if value not in (False, 0, "None", "No", "Mine", "My Tasks", "Basic")}
    assert granted == {
        "Contracts|Object Permissions|Contracts|View": "All",
        "Contracts||Can access Invoice History, (Invoice) Export Wizard and Payments|": True,
        "Contracts||Contract Visibility|": "Full",
        "CRM|Organization & Contact Access|Customer & Cancelation|": "All",
        "CRM|Object Permissions|Opportunities & Quotes|View": "All",
        "CRM|Object Permissions|Opportunities & Quotes|Add": "Yes",
        "Inventory|Object Permissions|Products|View": "All",
        "Service Desk|Object Permissions|Tickets|View": "All",
        "Service Desk|Object Permissions|Charges|View": "All",
        "Admin|Feature Access|Products, Services, & Inventory|": True,
        "Admin|Feature Access|Resources/Users (HR)|": True,
        "Other|Resources/Users (HR)|Can view Internal Cost section on New/Edit Resource page|": True,
        "Other|Webhooks|Can create Webhooks|": True,
        "Other|Webhooks|Maximum number of Webhooks|": 20,
        "Other|Miscellaneous|Can view internal cost data (excludes New/Edit Resource page)|": True,
        "Web Services API|Feature Access|Can login to Web Services API (Access to version 1.6 & later is limited to "
        "API User security levels)|": True,
    }
