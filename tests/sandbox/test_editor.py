# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The security-level editor: what it shows, and the rules of its cells."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sandbox import editor
from sandbox.model import Level, Tenant

TENANT = Tenant(1, "alder", "Alder IT", "alder.example.com", 1, "Organization", "Device", "en")
LOGIN = (
    "Web Services API|Feature Access|Can login to Web Services API (Access to version 1.6 & later is limited to API User security levels)|"
)
COSTS = "Other|Resources/Users (HR)|Can view Internal Cost section on New/Edit Resource page|"
EXPIRY = "Other|Miscellaneous|Not required to change password (password does not expire)|"
WEBHOOKS = "Other|Webhooks|Can create Webhooks|"
MAXIMUM = "Other|Webhooks|Maximum number of Webhooks|"
LIMIT = "Other|Resource Visibility|Limit resource availability to self, plus (check all that apply)|"
REPORTS = "Reports|Can view standard reports in the following categories:|Time & Expenses|"
PAYROLL = "Timesheets|Feature Access|Can access Time Off and Payroll reports|"
VISIBILITY = "Contracts||Contract Visibility|"

SECTIONS = [
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
]


def level(**changes: Any) -> Level:
    """A level as permissive as `API User (system)`."""
    return replace(Level(1, 1, "API", True, False, True, True, 7, editor.default_cells(True), None, 1), **changes)


def texts(before: Level, changes: dict[str, Any], grants: bool = True) -> list[str]:
    """What is said against saving a level with some cells changed."""
    return [problem.message for problem in editor.problems(before, dict(before.cells) | changes, TENANT, grants)]


def test_there_are_eleven_sections_in_order() -> None:
    assert [section.name for section in editor.sections(TENANT)] == SECTIONS


def test_sections_that_only_some_tenants_have() -> None:
    some = replace(TENANT, options={"more_sections": ["Fleet Planning"]})
    assert [section.name for section in editor.sections(some)] == [*SECTIONS, "Fleet Planning"]
    more = editor.with_sections(editor.default_cells(True), ("Fleet Planning",))
    assert {key for key in more if key not in editor.cells_by_key()} == {
        cell.key for section in editor.sections(some) for cell in section.cells() if section.name == "Fleet Planning"
    }
    assert more["Fleet Planning|Object Permissions|Routes|View"] == "All" and more["Fleet Planning|Feature Access|CRM|"] is True
    cleared = editor.no_permission(more, "Fleet Planning")
    assert cleared["Fleet Planning|Object Permissions|Routes|View"] == "None" and cleared["Fleet Planning|Feature Access|CRM|"] is False
    kept = editor.copied_cells(level(cells=more), grants_internal_cost=True)
    assert {key: value for key, value in kept.items() if key.startswith("Fleet")} == {
        key: value for key, value in more.items() if key.startswith("Fleet")
    }
    assert editor.with_sections(cleared, ("Fleet Planning",)) == cleared


def test_keys_are_made_of_canonical_labels() -> None:
    keys = editor.cells_by_key()
    assert len(keys) > 250
    assert {LOGIN, COSTS, EXPIRY, WEBHOOKS, MAXIMUM, VISIBILITY} <= set(keys)
    assert "CRM|Object Permissions|Configuration Items & Subscriptions|View" in keys
    assert "CRM|Organization & Contact Access|Prospects, Leads, & Dead|" in keys
    assert all(key.count("|") == 3 for key in keys)


@pytest.mark.parametrize(
    ("organization", "device", "expected"),
    [
        ("Organization", "Device", {"Organizations", "Devices & Subscriptions", "Organization & Contact Access", "Mine + Organizations"}),
        (
            "Company",
            "Configuration Item",
            {"Companies", "Configuration Items & Subscriptions", "Company & Contact Access", "Mine + Companies"},
        ),
        (
            "Client",
            "Asset",
            {"Clients", "Assets & Subscriptions", "Client & Contact Access", "Mine + Clients", "Display ALL clients in client pick"},
        ),
    ],
)
def test_labels_and_values_are_in_the_tenant_s_words(organization: str, device: str, expected: set[str]) -> None:
    shown = set()
    for section in editor.sections(replace(TENANT, organization_term=organization, device_term=device)):
        for group in section.groups:
            shown |= {group.name, *(setting.label for setting in group.settings)}
            shown |= {label for setting in group.settings for cell in setting.cells for label in cell.labels}
    shown |= {text[: len("Display ALL clients in client pick")] for text in shown if text.startswith("Display ALL")}
    assert expected <= shown


def test_a_level_s_keys_are_the_same_in_every_tenant_s_words() -> None:
    for term in ("Organization", "Company", "Account", "Client"):
        shown = editor.sections(replace(TENANT, organization_term=term, device_term="Asset"))
        assert {cell.key for section in shown for cell in section.cells()} == set(editor.cells_by_key())


def test_levels_for_people_have_no_webhooks_and_another_impersonation() -> None:
    people, api = editor.cells_by_key(api_only=False), editor.cells_by_key()
    assert {WEBHOOKS, MAXIMUM, EXPIRY, "Web Services API|Resource Impersonation|Tickets|Add"} <= set(api) - set(people)
    assert set(people) - set(api) == {"Web Services API|Resource Impersonation|Allow impersonation of resources with this security level|"}


def test_the_system_level_has_everything_but_what_is_off_by_default() -> None:
    cells = editor.default_cells(True)
    least = {key for key, cell in editor.cells_by_key().items() if cells[key] == cell.least}
    assert {WEBHOOKS, MAXIMUM, LIMIT} <= least
    assert all(key.startswith(("Web Services API|", "Other|Webhooks|", "Other|Resource Visibility|")) for key in least)
    assert (cells[LOGIN], cells[VISIBILITY], cells[COSTS]) == (True, "Full", True)


def test_the_buttons_set_every_control_of_their_section_and_none_elsewhere() -> None:
    cells = editor.default_cells(True)
    cleared = editor.no_permission(cells, "Contracts")
    assert cleared["Contracts|Object Permissions|Contracts|View"] == "None"
    assert cleared["Contracts||Can modify contract Internal Costs|"] is False
    assert {key for key in cells if cells[key] != cleared[key]} == {key for key in cells if key.startswith("Contracts|")}
    assert editor.full_permission(cleared, "Contracts") == cells
    assert editor.full_permission(cells, "Other")[MAXIMUM] == 10
    assert editor.no_permission(cells, "Service Desk")["Service Desk|Object Permissions|Tickets|View"] == "Mine"


def test_values_that_are_not_offered_are_told_with_the_name_of_the_control() -> None:
    assert texts(level(), {VISIBILITY: "Some"}) == ["Contracts > Contract Visibility does not offer 'Some'."]
    assert texts(level(), {LOGIN: "yes"})[0].startswith("Web Services API > Feature Access > Can login")
    assert texts(level(), {"Nowhere|||": True}) == ["Nowhere||| is not in the editor."]


@pytest.mark.parametrize(("number", "fine"), [(1, True), (10, True), (999, True), (0, False), (1000, False), (-1, False), (True, False)])
def test_the_maximum_of_webhooks_is_a_number_within_bounds(number: int, fine: bool) -> None:
    assert (texts(level(), {WEBHOOKS: True, MAXIMUM: number}) == []) is fine


def test_a_number_does_not_matter_while_its_box_is_not_ticked() -> None:
    assert texts(level(), {WEBHOOKS: False, MAXIMUM: 5000}) == []
    assert editor.settled(dict(level().cells) | {MAXIMUM: 5000})[MAXIMUM] == 0
    assert editor.settled(dict(level().cells) | {WEBHOOKS: True})[MAXIMUM] == 10


def test_boxes_are_cleared_when_the_one_they_need_is() -> None:
    cells = dict(level().cells) | {REPORTS: False, "Documents & Knowledge Base|Knowledge Base|Can access Knowledge Base|": False}
    settled = editor.settled(cells)
    assert settled[PAYROLL] is False
    assert settled["Documents & Knowledge Base|Knowledge Base|Can manage Knowledge Base|"] is False
    assert settled["Documents & Knowledge Base|Documents|Can manage Documents|"] is True


def test_the_login_box_can_not_be_ticked_again_once_it_was_saved_cleared() -> None:
    cleared = level(cells=dict(level().cells) | {LOGIN: False})
    assert "can't be selected again" in texts(cleared, {LOGIN: True})[0]
    assert texts(cleared, {}) == []
    assert texts(level(), {LOGIN: True}) == []


def test_only_who_holds_the_right_can_turn_on_the_internal_cost_box() -> None:
    without = level(cells=dict(level().cells) | {COSTS: False})
    assert "somebody who has this permission" in texts(without, {COSTS: True}, grants=False)[0]
    assert texts(without, {COSTS: True}, grants=True) == []
    assert texts(level(), {COSTS: True}, grants=False) == []


def test_a_copy_starts_without_the_expiry_box_and_without_what_the_person_may_not_grant() -> None:
    assert level().cells[EXPIRY] is True
    assert editor.copied_cells(level(), grants_internal_cost=True) == dict(level().cells) | {EXPIRY: False}
    assert editor.copied_cells(level(), grants_internal_cost=False) == dict(level().cells) | {EXPIRY: False, COSTS: False}


def test_fixed_cells_show_a_text_or_another_cell_s_value() -> None:
    rows = {
        setting.label: setting.cells
        for section in editor.sections(TENANT)
        if section.name in ("CRM", "Inventory")
        for group in section.groups
        if group.columns
        for setting in group.settings
    }
    cells = editor.default_cells(True)
    assert rows["Organizations"][0].shown(cells) == "see above"
    assert rows["Inventory Locations"][2].shown(cells) == "Yes"
    assert rows["Inventory Locations"][2].shown(editor.no_permission(cells, "Inventory")) == "No"
