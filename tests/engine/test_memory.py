# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Notes of a change ticket that are lost or damaged: what is left witnesses for them, and nobody is asked for anything a second time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .running import House, entries, entry_of, profile

WITH_LIMIT = profile("tinsel", level={"webhooks": {"maximum": 3}})
CLEARED = profile("tinsel", level={"baseline": "none", "settings": {"Service Desk": {"Tickets": {"View": "All"}}}})
SUBJECTS = ["level", "API user", "webhook limit", ""]


def asked(house: House) -> None:
    """The ticket was opened, and nobody has looked at it."""


def worked(house: House) -> None:
    """Somebody has done it all, and no run has seen that."""
    house.work()


def done(house: House) -> None:
    """It was worked off and attested, and the ticket is closed."""
    house.work()
    assert entries(house.ensure()) == {"tinsel": "done"}


def delete(house: House, note: dict[str, Any]) -> None:
    """Somebody deletes a note."""
    house.store.delete(house.employee.tenant.id, "TicketNotes", note["id"])


def damage(house: House, note: dict[str, Any]) -> None:
    """Somebody has edited it."""
    house.store.update(house.employee.tenant.id, "TicketNotes", note["id"], {"description": note["description"][:-20]})


@pytest.mark.parametrize("harm", [delete, damage])
@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject or "all")
@pytest.mark.parametrize("stage", [asked, worked, done])
@pytest.mark.parametrize("wanted", [profile("tinsel"), WITH_LIMIT, CLEARED], ids=["copy", "limit", "none"])
def test_what_was_asked_for_is_not_asked_again(
    wanted: dict[str, Any], stage: Callable[[House], None], subject: str, harm: Callable[[House, dict[str, Any]], None], house: House
) -> None:
    house.ensure(wanted)
    stage(house)
    texts = [text for text, _done in house.steps("tinsel")]
    notes = house.store.query(house.employee.tenant.id, "TicketNotes")
    for note in notes:
        if str(note["title"]).startswith(f"msp.autotask: record, {subject}"):
            harm(house, note)
    house.ensure()
    assert len(house.tickets("tinsel")) == 1 and [text for text, _done in house.steps("tinsel")] == texts
    house.work()
    assert entries(house.ensure()) == {"tinsel": "done"}, entry_of(house.ensure(), "tinsel")
    assert [text for text, _done in house.steps("tinsel")] == texts and not house.ensure()["changed"]
    assert list(house.users()).count("Tinsel API") == 1 and house.kept("tinsel", "handover")


def test_another_wish_than_the_lines_have_is_asked_for(house: House) -> None:
    house.ensure(profile("tinsel"))
    house.work()
    for note in house.store.query(house.employee.tenant.id, "TicketNotes"):
        delete(house, note)
    other = profile("tinsel", level={"settings": {"Service Desk": {"Tickets": {"Delete": "None", "Add": "No"}}}})
    assert entries(house.ensure(other)) == {"tinsel": "pending"}
    assert entries(house.finish()) == {"tinsel": "done"}


@pytest.mark.parametrize("harm", ["unticked", "deleted"])
def test_what_was_attested_is_not_asked_again_whatever_becomes_of_the_items(harm: str, house: House) -> None:
    house.set_up(profile("tinsel"))
    tenant = house.employee.tenant.id
    for item in house.store.query(tenant, "TicketChecklistItems"):
        if harm == "deleted":
            house.store.delete(tenant, "TicketChecklistItems", item["id"])
        else:
            house.store.update(tenant, "TicketChecklistItems", item["id"], {"isCompleted": False})
    again = house.ensure()
    assert entries(again) == {"tinsel": "done"} and not again["changed"] and len(house.tickets("tinsel")) == 1


def test_all_that_was_lost_is_kept_again_by_one_run(house: House) -> None:
    """Also where the run writes a record of another object first: what it recalled is not taken for kept."""
    house.ensure(profile("tinsel"))
    for note in house.store.query(house.employee.tenant.id, "TicketNotes"):
        delete(house, note)
    steps = house.steps("tinsel")
    of_level = [number for number, (text, _done) in enumerate(steps, 1) if "evel" in text and "API user" not in text]
    house.employee.work("tinsel", len(of_level))
    result = house.ensure()
    (user,) = [known for known in entry_of(result, "tinsel")["objects"] if known["kind"] == "API user"]
    assert user["pending"] and user["changed"] and len(user["change"]["steps_open"]) == len(steps) - len(of_level)
    kept = {str(note["title"]) for note in house.store.query(house.employee.tenant.id, "TicketNotes")}
    assert {title for title in kept if "record, API user" in title}
