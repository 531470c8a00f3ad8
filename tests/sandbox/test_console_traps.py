# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each trap of the console does what it says. Those that need no JavaScript are tried without a browser."""

from __future__ import annotations

import pytest

from sandbox.operator.browser import Tab
from sandbox.operator.labels import Stuck
from tests.sandboxes import Tenant

from .people import API_USER, LEVELS, USERS, copy_level, look, new_api_user, sign_in

CUSTOMERS = "CRM|Organization & Contact Access|Customer & Cancelation|"
TICKETS = "Service Desk|Object Permissions|Tickets|View"


@pytest.fixture
def tab(tenant: Tenant) -> Tab:
    """An administrator, signed in before any trap is set."""
    return sign_in(tenant)


def title(tab: Tab) -> str:
    return str(tab.page.findtext(".//title"))


def test_renamed_labels(tab: Tab, tenant: Tenant) -> None:
    look(tenant, console_traps=["renamed_labels"])
    tab.walk(LEVELS)
    tab.choose_from_menu(API_USER, "Duplicate")
    tab.put((), "Name", "", "Bee")
    tab.press("Done")
    assert tenant.level("Bee")
    tab.open("/admin/api-users/new")
    shown = [tab.shows(label, "label") for label in ("Access Profile", "Mailbox", "Security Level", "Email Address")]
    assert shown == [True, True, False, False]


def test_two_rows(tab: Tab, tenant: Tenant) -> None:
    look(tenant, console_traps=["two_rows"])
    tab.walk(LEVELS)
    with pytest.raises(Stuck, match="more than one"):
        tab.choose_from_menu("msp.autotask provisioner (API-only)", "Edit Security Level")
    tab.walk(USERS)
    with pytest.raises(Stuck, match="more than one"):
        tab.choose_from_menu("Provisioner API", "Edit")


def test_ambiguous_label(tab: Tab, tenant: Tenant) -> None:
    look(tenant, console_traps=["ambiguous_label"])
    with pytest.raises(Stuck, match="Security Level"):
        new_api_user(tab, "API")


def test_denied(tab: Tab, tenant: Tenant) -> None:
    look(tenant, console_traps=["denied"])
    for path in ("", f"/{tenant.level()['id']}"):
        with pytest.raises(Stuck, match="do not have permission"):
            tab.open(f"/admin/security-levels{path}")
        assert tab.url == f"{tenant.address}/mvc/security/authorization.mvc/failure"
        assert title(tab).startswith("Access Denied")
    tab.walk(USERS)
    assert title(tab).startswith("Resources/Users")


def test_session_ends(tab: Tab, tenant: Tenant) -> None:
    look(tenant, session_ends_after=3)
    titles = []
    for _time in range(4):
        tab.open("/admin/resources")
        titles.append(title(tab).partition(" - ")[0])
    assert titles == ["Resources/Users", "Resources/Users", "Sign In", "Sign In"]


def test_save_refused(tab: Tab, tenant: Tenant) -> None:
    look(tenant, console_traps=["save_refused"])
    copy_level(tab, "Bee")
    for button in ("Save", "Save & Close"):
        with pytest.raises(Stuck, match="could not be saved"):
            tab.press(button)
    new_api_user(tab, "API")
    with pytest.raises(Stuck, match="could not be saved"):
        tab.press("Save & Close")
    assert "Bee" not in {level["name"] for level in tenant.control("GET", "levels")}
    assert "Bee" not in {user["first_name"] for user in tenant.control("GET", "api-users")}


def test_save_forgets(tab: Tab, tenant: Tenant) -> None:
    look(tenant, console_traps=["save_forgets"])
    copy_level(tab, "Bee")
    before = tenant.level("Copy (1) of API User (system)")["cells"]
    tab.press("Save & Close")
    after = tenant.level("Bee")["cells"]
    assert [key for key in before if before[key] != after[key]] == ["Contracts||Can modify contract Internal Costs|"]


def test_missing_setting(tab: Tab, tenant: Tenant) -> None:
    look(tenant, console_traps=["missing_setting"])
    copy_level(tab, "Bee")
    assert not tab.shows("Customer & Cancelation", "label")
    tab.press("No Permission", ("CRM",))
    tab.press("Save & Close")
    saved = tenant.level("Bee")["cells"]
    assert (saved[CUSTOMERS], saved["CRM|Object Permissions|Notes|Edit"]) == ("All", "None")


def test_german(tab: Tab, tenant: Tenant) -> None:
    look(tenant, console_language="de")
    tab.walk(("Verwaltung", "Ressourcen (Benutzer)"))
    tab.open("/admin/security-levels")
    tab.choose_from_menu(API_USER, "Zugriffsrecht kopieren")
    tab.put((), "Name", "", "Bee")
    tab.put(("Service Desk",), "Tickets", "View", "Mine")
    tab.press("Speichern und Schliessen")
    assert tenant.level("Bee")["cells"][TICKETS] == "Mine"
    tab.open("/admin/api-users/new")
    labels = ("Vorname", "Nachname", "E-Mail-Adresse", "Zugriffsrecht", "Kontosperre")
    assert [label for label in labels if not tab.shows(label, "label")] == []
