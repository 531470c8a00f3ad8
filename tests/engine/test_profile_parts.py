# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Optional parts of a profile hold anything, and reach the run of a tenant that wants them."""

from __future__ import annotations

from typing import Any

from .running import House, entries, entry_of, profile

ADD = "Service Desk|Object Permissions|Tickets|Add"
SYSTEM = "API User (system)"


def parted(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A profile with optional parts."""
    return profile("tinsel", optional=list(parts), **more)


def _found(result: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(one["operation"], one["expected"], one["verdict"]) for one in entry_of(result, "tinsel")["access"]["findings"]}


def test_a_part_is_proven_by_what_it_expects(house: House) -> None:
    part = {
        "key": "tickets",
        "security_level": "main",
        "settings": {"Service Desk": {"Tickets": {"Add": True}}},
        "expect": {"granted": ["Tickets:create"]},
    }
    given = parted(
        part,
        level={"settings": {"Service Desk": {"Tickets": {"Add": False}}}},
        user={"expect": {"granted": ["Tickets:query"], "denied": ["Tickets:create"]}},
    )
    without = house.set_up(given)
    assert _found(without) == {("query", "granted", "as expected"), ("create", "denied", "as expected")}
    done = house.set_up({"profile": given, "included": ["tickets"]})
    assert _found(done) == {("query", "granted", "as expected"), ("create", "granted", "as expected")}
    level = house.level("Tinsel API")
    assert level and level.cells[ADD] == "Yes"


def test_a_part_has_users_prerequisites_manual_steps_and_impersonated_levels_of_its_own(house: House) -> None:
    user = {
        "key": "reader",
        "first_name": "Tinsel",
        "last_name": "Reader",
        "system_level": SYSTEM,
        "tracking_identifier": {"internal_integration_name": "Tinsel Reader"},
    }
    part = {
        "key": "reading",
        "when": "Reports are wanted, too.",
        "api_users": [user],
        "prerequisites": [{"text": "There is a room to read in."}],
        "manual_steps": [{"where": "The portal", "text": "Open the book."}],
        "impersonated_levels": {"setting": "Allow impersonation of resources with this security level", "whose": "the readers"},
        "ip_addresses": ["192.0.2.44"],
    }
    given = parted(part)
    given["handover"]["fields"].append({"name": "Reader", "value": "user_name", "user": "reader"})
    house.set_up(given)
    assert "Tinsel Reader" not in house.users() and house.kept("tinsel-reader") is None
    handed = house.kept("tinsel", "handover")
    assert handed and "Reader" not in handed["fields"]

    done = house.set_up({"profile": given, "included": ["reading"]})
    recorded, handed = house.kept("tinsel-reader"), house.kept("tinsel", "handover")
    assert house.users()["Tinsel Reader"] and recorded and house.signs_in(recorded)
    assert handed and handed["fields"]["Reader"] == recorded["user_name"]
    assert any("a room to read in" in str(ticket["description"]) for ticket in house.tickets("tinsel"))
    sheet = (house.folder / "handover" / house.tenant.slug / "tinsel.steps.md").read_text()
    assert all(text in sheet for text in ("Open the book.", "the readers", "192.0.2.44")) and entries(done) == {"tinsel": "done"}


def test_a_part_puts_the_system_level_in_the_place_of_the_level(house: House) -> None:
    part = {"key": "as_shipped", "when": "Nobody wants a level to look after.", "security_level": "main", "system_level": SYSTEM}
    done = house.set_up({"profile": parted(part), "included": ["as_shipped"]})
    assert house.level("Tinsel API") is None and house.users()["Tinsel API"]
    [user] = [user for user in house.store.api_users(house.employee.tenant.id) if user.name == "Tinsel API"]
    level = next(level for level in house.levels() if level.id == user.level_id)
    assert level.name == SYSTEM
    # What the level that isn't made would deny is not expected of the system's.
    assert _found(done) == {("query", "granted", "as expected")}


def test_parts_that_contradict_each_other_stop_the_run_before_anything_is_written(house: House) -> None:
    parts = [
        {"key": "as_shipped", "security_level": "main", "system_level": SYSTEM},
        {"key": "more", "security_level": "main", "settings": {"CRM": {"Vendor & Partners": "All"}}},
    ]
    failed = house.ensure({"profile": parted(*parts), "included": ["as_shipped", "more"]})
    assert failed["failed"] and failed["code"] == "contradiction" and '"more"' in failed["msg"], failed
    assert house.requests(writes=True).total() == 0
