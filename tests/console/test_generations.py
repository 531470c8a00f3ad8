# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The console applier in each generation of the sandbox's (synthetic) console: it reads what is stored, and stores what is planned."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._catalogue import model
from ansible_collections.msp.autotask.plugins.module_utils._catalogue.terms import spellings, worded
from ansible_collections.msp.autotask.plugins.module_utils._documents import security_level, webhook_limit
from ansible_collections.msp.autotask.plugins.module_utils._plan import level_steps, step, user_steps
from ansible_collections.msp.autotask.plugins.module_utils._text import folded
from tests.sandbox.people import copy_level, sign_in
from tests.sandboxes import Rest

from .conftest import Room

GENERATIONS = ("native", "mvc", "shell", "frames")
CATALOGUE = model.standard()
PROVISIONER = "msp.autotask provisioner"
# No source prints these labels; the sandbox invents its own.
UNREAD = {
    "other.dashboard.add_edit_widgets_tabs",
    "other.surveys.view_organization_contact_ratings",
    "other.surveys.view_resource_ratings",
}
ODD = {
    "CRM|Object Permissions|Opportunities & Quotes|Edit": "Mine",
    "Web Services API|Contact Impersonation|Tickets|Add": True,
    "Web Services API|Resource Impersonation|Tickets|Delete": True,
    "Other|Webhooks|Can create Webhooks|": True,
    "Other|Webhooks|Maximum number of Webhooks|": 17,
    "Contracts||Contract Visibility|": "Limited",
}


def key(*parts: str) -> str:
    return "|".join(folded(part) for part in parts)


def stored_cells(level: Mapping[str, Any]) -> dict[str, Any]:
    """The sandbox's cells by the catalogue's ids. The sandbox writes 0 for no number."""
    stored: dict[str, Any] = {}
    for name, value in level["cells"].items():
        section, group, label, column = name.split("|")
        stored |= {key(section, label, column): value, key(section, group, label, column): value}
    cells = {}
    for cell_id, (setting, cell) in CATALOGUE.by_cell.items():
        if cell_id not in UNREAD:
            labels = [spelling for label in (setting.label, *setting.aliases) for spelling in spellings(label)]
            places = [(*group, label) for group in ([worded(setting.group)], []) for label in labels]
            value = next(stored[place] for names in places if (place := key(setting.section, *names, cell.column)) in stored)
            cells[cell_id] = value or None if cell.kind == "number" else value
    return cells


def read_cells(cells: Mapping[str, Any]) -> dict[str, Any]:
    return {cell_id: worded(value) if isinstance(value, str) else value for cell_id, value in cells.items()}


def plan_of_level(name: str, **written: Any) -> tuple[dict[str, Any], list[step.Step]]:
    """What is wanted of a new level, and the steps to it."""
    level = security_level.parse_level({"name": name, **written}, CATALOGUE)
    wanted = {cell: value for cell, value in security_level.wanted_cells(level, CATALOGUE).items() if cell not in UNREAD}
    wanted |= webhook_limit.limit_cells(webhook_limit.WebhookLimit(name, 20))
    steps = level_steps.level_steps(
        name,
        None,
        {"active": True, **wanted},
        CATALOGUE,
        copy_of=level.copy_of,
        whole=security_level.whole_sections(level, CATALOGUE, new=True),
    )
    return wanted, steps


def new_user(level: str, last_name: str = "Engine") -> dict[str, Any]:
    return {
        "first_name": "Console",
        "last_name": last_name,
        "email": "engine@example.com",
        "security_level": level,
        "location": "Headquarters",
        "date_format": "yyyy-MM-dd",
        "active": True,
        "locked": False,
        "tracking": {"integration_vendor": "Not Listed - Nowhere", "internal_integration_name": "Engine"},
        "lines_of_business": ["Managed Services"],
        "unassigned_items": False,
    }


def copied_by_hand(room: Room, name: str) -> Mapping[str, Any]:
    """A copy that somebody made and changed nothing of."""
    room.look(console="native")
    tab = sign_in(room.tenant)
    copy_level(tab, name)
    tab.press("Save & Close")
    return room.tenant.level(name)


# In the native pages the way leads over a word of the sandbox's own German that nobody can know.
@pytest.mark.parametrize(("generation", "language"), [*((one, "en") for one in GENERATIONS), *((one, "de") for one in GENERATIONS[1:])])
def test_it_finds_its_way_in_newer_consoles(generation: str, language: str, room: Room) -> None:
    """Admin Categories stands in between, Security is called Permissions, and a German console calls levels Zugriffsrechte."""
    room.look(console=generation, console_navigation="new", console_language=language)
    seen = room.console.read_level(PROVISIONER)
    assert seen and seen.cells
    assert room.console.read_user("Provisioner", "API")


FLEET, TRIAGE = "Fleet Planning", "Workforce Management"


def elsewhere(level: Mapping[str, Any]) -> dict[str, Any]:
    """What a level holds of sections that the catalogue has no settings of."""
    return {key: value for key, value in level["cells"].items() if key.partition("|")[0] in (FLEET, TRIAGE)}


@pytest.mark.parametrize("generation", GENERATIONS)
def test_it_clears_sections_by_any_name_and_reads_them_back(generation: str, room: Room) -> None:
    name = f"Cleared in {generation}"
    level = security_level.parse_level({"name": name, "baseline": "none", "settings": {"Reports": {"CRM": True}}}, CATALOGUE)
    wanted = {fact: value for fact, value in security_level.wanted_facts(level, CATALOGUE).items() if fact not in UNREAD}
    whole = security_level.whole_sections(level, CATALOGUE, new=True)
    steps = level_steps.level_steps(name, None, wanted, CATALOGUE, copy_of=level.copy_of, whole=whole)
    room.look(console=generation, more_sections=[FLEET, TRIAGE])
    full = elsewhere(room.tenant.level("API User (system)"))
    assert len([value for value in full.values() if value is True]) == 4
    [seen] = room.console.carry_out(steps, lambda _generated: None)
    stored = room.tenant.level(name)
    assert (
        set(elsewhere(stored).values()) == {False, "None", "No"}
        and stored["cells"]["Reports|Can view standard reports in the following categories:|CRM|"]
    )
    assert (seen.granted_elsewhere, seen.judged_elsewhere) == ((), False)  # of a drop-down nobody knows what is least
    assert {label for label in seen.unknown if label.startswith((FLEET, TRIAGE))} >= {
        f"{FLEET} > CRM",
        f"{TRIAGE} > Can view the Smart Ticket Triage dashboard and analytics",
    }

    room.tenant.set_cells(
        {f"{FLEET}|Feature Access|CRM|": True, "Reports|Can view standard reports in the following categories:|CRM|": False}, name
    )
    later = room.console.read_level(name)
    assert later and later.granted_elsewhere == (f"{FLEET} > CRM",) and later.cells["reports.category.crm"] is False
    room.look(console=generation, more_sections=[TRIAGE])
    again = room.console.read_level(name)
    assert again and (again.granted_elsewhere, again.judged_elsewhere) == ((), True)


@pytest.mark.parametrize("generation", GENERATIONS)
def test_it_reads_what_is_stored_and_the_doctor_changes_nothing(generation: str, room: Room) -> None:
    room.look(console=generation)
    room.tenant.set_cells(ODD)
    before = room.stored()
    level = room.tenant.level()
    seen = room.console.read_level(PROVISIONER)
    assert seen is not None
    assert read_cells(seen.cells) == stored_cells(level)
    assert (seen.name, seen.active) == (PROVISIONER, level["active"])
    assert len(seen.missing) == len(seen.unknown) == len(UNREAD)
    assert room.console.levels() == {one["name"]: one["active"] for one in before[0]}
    stored = next(user for user in before[1] if user["user_name"] == room.tenant.access["user_name"])
    user = room.console.read_user("Provisioner", "API")
    assert user is not None
    assert user.user_name == room.tenant.access["user_name"]
    assert {fact: user.facts[fact] for fact in ("email", "active", "locked")} == {
        fact: stored[fact] for fact in ("email", "active", "locked")
    }
    assert user.facts["security_level"] == PROVISIONER
    assert user.facts["tracking"] == {"internal_integration_name": "msp.autotask"}
    assert room.console.read_level("No Such Level") is None

    told = room.console.look()
    pages = told["pages"]
    assert all(page["found"] for page in pages.values()), json.dumps(pages, indent=1)
    assert not any(page["ambiguous"] for page in pages.values())
    assert not [name for name, page in pages.items() if page["missing"] and name != "home"]
    assert pages["level"]["settings"]["found"] == len(stored_cells(level))
    written = json.dumps(told)
    assert not [text for text in (room.tenant.access["user_name"], "Provisioner", PROVISIONER, "example.") if text in written]
    assert room.stored() == before


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_plan_is_carried_out(generation: str, room: Room) -> None:
    room.look(console=generation)
    name = f"Engine {generation}"
    # Every section is cleared in one generation; in the others one, because each costs a page.
    whole = generation == "mvc"
    wanted, steps = plan_of_level(
        name,
        baseline="none" if whole else "copy",
        settings={
            "CRM": {"Opportunities & Quotes": {"View": "All", "Edit": "Mine"}, "Customer & Cancelation": "My Territories"},
            "Contracts": {"Contract Visibility": "Full"},
            "Web Services API": {"Resource Impersonation": {"Tickets": {"View (Query)": True, "Add": True}}},
        },
        sections={"Inventory": "Full Permission"} if whole else {"Inventory": "No Permission"},
    )
    room.console.carry_out(steps, no_secret)
    level = room.tenant.level(name)
    assert level["active"] is True
    untouched = {} if whole else stored_cells(copied_by_hand(room, f"By hand {generation}"))
    assert stored_cells(level) == {**untouched, **read_cells(wanted)}
    room.look(console=generation)

    facts = new_user(name, last_name=generation)
    kept: dict[str, str] = {}

    def keep(secrets: Mapping[str, str]) -> None:
        assert not [user for user in room.tenant.control("GET", "api-users") if user["last_name"] == generation]
        kept.update(secrets)

    room.console.carry_out(user_steps.user_steps(f"Console {generation}", None, facts, "Record it."), keep)
    seen = room.console.read_user("Console", generation)
    assert seen is not None
    assert seen.user_name == kept["user_name"]
    assert {fact: seen.facts[fact] for fact in facts} == facts | {"tracking": {"internal_integration_name": "Engine"}}
    headers = {"UserName": kept["user_name"], "Secret": kept["secret"], "ApiIntegrationCode": kept["integration_code"]}
    rest = Rest(room.tenant.access["rest_url"], headers)
    assert rest.call("GET", "Resources/entityInformation").status_code == 200

    changes = {"active": True, "email": "other@example.com", "unassigned_items": True}
    room.console.carry_out(user_steps.user_steps(f"Console {generation}", seen.facts, {**seen.facts, **changes}, ""), no_secret)
    old = kept["secret"]
    room.console.carry_out(user_steps.secret_steps(f"Console {generation}", "r1", "Record it."), kept.update)
    assert kept["secret"] != old
    assert kept["user_name"] == seen.user_name
    assert rest.call("GET", "Resources/entityInformation").status_code == 401
    rest.headers["Secret"] = kept["secret"]
    assert rest.call("GET", "Resources/entityInformation").status_code == 200


def no_secret(secrets: Mapping[str, str]) -> None:
    raise AssertionError("there is nothing to keep")


@pytest.mark.parametrize(("vendors", "ends"), [(["Not Listed - Nowhere", "beecastle…"], "BeeCastle - CRM"), (["Not Listed…"], "Engine")])
def test_the_first_vendor_that_is_listed_is_chosen(vendors: list[str], ends: str, room: Room) -> None:
    room.look(console=GENERATIONS[0])
    tracking = {"integration_vendor": vendors, "internal_integration_name": "Engine"}
    facts = {**new_user(PROVISIONER, f"List {ends}"), "tracking": tracking}
    room.console.carry_out(user_steps.user_steps(f"Console List {ends}", None, facts, ""), lambda _secrets: None)
    seen = room.console.read_user("Console", f"List {ends}")
    assert seen is not None and list(seen.facts["tracking"].values()) == [ends]
