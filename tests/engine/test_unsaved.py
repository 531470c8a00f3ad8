# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Ticked off, and not saved: what a run calls done is what the profile says, cell by cell."""

from __future__ import annotations

from typing import Any

import pytest

from .running import House, entries, entry_of, profile

TICKETS = "Service Desk|Object Permissions|Tickets|"
CONTRACTS = "Contracts|Object Permissions|Contracts|View"
# Of tickets' Edit the effective access tells, of contract visibility nothing does.
UNSEEN = "Contracts||Contract Visibility|"
NARROWER = {"Service Desk": {"Tickets": {"Delete": "None", "Edit": "No"}}, "Contracts": {"Contract Visibility": "Limited"}}


def narrower() -> dict[str, Any]:
    return profile("tinsel", level={"settings": NARROWER})


def stored(house: House) -> dict[str, Any]:
    level = house.level("Tinsel API")
    assert level
    return {cell: level.cells[cell] for cell in (f"{TICKETS}Edit", f"{TICKETS}Delete", UNSEEN)}


def test_where_one_value_shows_otherwise_nothing_of_that_visit_is_known(house: House) -> None:
    house.set_up(profile("tinsel"))
    before = stored(house)
    assert entries(house.ensure(narrower())) == {"tinsel": "pending"}
    house.employee.tick("tinsel")
    assert stored(house) == before
    again = house.ensure()
    assert entries(again) == {"tinsel": "pending"}
    left = " ".join(text for text, done in house.steps("tinsel") if not done)
    assert 'Edit "No"' in left and '"Contract Visibility" to "Limited"' in left and "press Save & Close" in left
    assert entries(house.finish()) == {"tinsel": "done"}
    assert stored(house) == {f"{TICKETS}Edit": "No", f"{TICKETS}Delete": "None", UNSEEN: "Limited"}


@pytest.mark.parametrize("way", ["ticket", "runsheet"])
def test_what_is_put_back_on_the_list_is_saved_too(way: str, house: House) -> None:
    """Somebody takes a step off the list, somebody else works the rest off, and saves."""
    house.options = {"apply_via": way}
    house.ensure(narrower())
    if way == "ticket":
        taken = next(row for row in house.store.query(house.employee.tenant.id, "TicketChecklistItems") if "Visibility" in row["itemName"])
        house.store.delete(house.employee.tenant.id, "TicketChecklistItems", taken["id"])
        house.work()
    else:
        (sheet,) = (house.folder / "runsheets").glob("*.md")
        text = sheet.read_text()
        line = next(line for line in text.splitlines() if line.startswith("- [ ] ") and "Visibility" in line)
        sheet.write_text(text.replace(f"{line}\n", "", 1))
        house.employee.work_sheets(house.folder / "runsheets")
    assert stored(house)[UNSEEN] == "Full"
    again = house.ensure()
    (left,) = [known["change"]["steps_open"] for known in entry_of(again, "tinsel")["objects"] if known["kind"] == "level"]
    assert [text for text in left if "Visibility" in text] and left[-1] == 'Level "Tinsel API": press Save & Close.'
    assert len(left) == 2 and not house.ensure()["changed"]
    house.finish()
    assert stored(house) == {f"{TICKETS}Edit": "No", f"{TICKETS}Delete": "None", UNSEEN: "Limited"}
