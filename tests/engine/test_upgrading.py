# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A tenant that version 0.1.0 has worked on: what it attested holds, what it asked for is waited for, what it recorded is used."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.conftest import ROOT

from .running import House, entries, entry_of, plan_of

OLD = ROOT / "tests" / "fixtures" / "0.1.0"
NOTES = json.loads((OLD / "notes.json").read_text())
ASKED, ATTESTED = NOTES[:3], NOTES


def steps_of(notes: Sequence[dict[str, str]]) -> list[tuple[str, int]]:
    """The sentences that the records of the notes have, in the order of the list, and where each stands there."""
    records = [json.loads(note["description"].rpartition("\n")[2]) for note in notes[:3]]
    return [(str(text), 1000 * part + index) for part, record in enumerate(records) for index, text in enumerate(record["steps"], 1)]


def turn_back(house: House, notes: Sequence[dict[str, str]]) -> None:
    """The ticket has the notes and the items that version 0.1.0 wrote, and the files have neither version nor tenant."""
    number = house.employee.tenant.id
    [ticket] = house.tickets("beecastle")
    own = house.store.query(number, "TicketNotes", ticketID=ticket["id"])
    for note in own:
        house.store.delete(number, "TicketNotes", note["id"])
    for note in notes:
        house.store.insert(number, "TicketNotes", {**{name: value for name, value in own[0].items() if name != "id"}, **note})
    items = house.store.query(number, "TicketChecklistItems", ticketID=ticket["id"])
    for item in items:
        house.store.delete(number, "TicketChecklistItems", item["id"])
    for text, position in steps_of(notes):
        like = {name: value for name, value in items[0].items() if name != "id"}
        house.store.insert(number, "TicketChecklistItems", {**like, "itemName": text, "position": position})
    for name, folder, new in (("beecastle", "credentials", ("version", "tenant")), ("beecastle", "handover", ("version",))):
        content = house.kept(name, folder)
        if content:
            house.keep(name, {key: value for key, value in content.items() if key not in new}, folder)


@pytest.fixture
def settled(listing: House) -> House:
    """BeeCastle on alder as version 0.1.0 had set it up."""
    listing.set_up("beecastle")
    turn_back(listing, ATTESTED)
    return listing


def rest_of(house: House) -> Any:
    """What is in the tenant's database, and in the recorded credentials."""
    return house.state(), house.requests(writes=True), house.kept("beecastle")


def test_nothing_is_asked_for_again(settled: House) -> None:
    before = rest_of(settled)
    result = settled.ensure()
    assert (result["pending"], entries(result), result["diff"]) == (False, {"beecastle": "done"}, [])
    assert rest_of(settled) == before


def test_the_first_run_writes_the_hand_over_in_todays_form_and_later_ones_nothing(settled: House) -> None:
    old = settled.kept("beecastle", "handover")
    assert settled.ensure()["changed"] and settled.kept("beecastle", "handover") == {"version": 2, **(old or {})}
    assert not settled.ensure()["changed"]


def test_what_it_asked_for_is_waited_for_and_then_attested(listing: House) -> None:
    listing.ensure("beecastle")
    turn_back(listing, ASKED)
    before = rest_of(listing)
    waiting = listing.ensure()
    assert entries(waiting) == {"beecastle": "pending"} and plan_of(entry_of(waiting, "beecastle")) == [
        text for text, _position in steps_of(ASKED)
    ]
    assert rest_of(listing) == before
    assert listing.work() == len(steps_of(ASKED)), listing.employee.stuck
    assert entries(listing.ensure()) == {"beecastle": "done"}


def test_its_credentials_are_used_kept_and_rotated(settled: House) -> None:
    old = settled.kept("beecastle")
    assert old and "version" not in old
    code = settled.tenant.access["integration_vendors"]["BeeCastle - CRM"]
    settled.options["credentials_store"] = {"folder": str(settled.folder / "credentials"), "integration_codes": {"beecastle": code}}
    assert settled.record("beecastle", {name: old[name] for name in ("user_name", "secret")})["changed"] is False
    settled.rotate()
    settled.work()
    assert "the old one is refused" in " ".join(entry_of(settled.rotate(), "beecastle")["messages"])
    new = settled.kept("beecastle")
    assert new and (new["version"], new["tenant"], new["rotation"]) == (2, "alder", "2026-11")


def test_it_is_retired_by_its_key_alone(settled: House) -> None:
    settled.ensure({"integration": "beecastle", "state": "absent"})
    assert settled.users()["BeeCastle API"] is False and settled.files() == {}


def test_a_tenant_that_a_newer_version_has_worked_on_is_left_alone(settled: House) -> None:
    number = settled.employee.tenant.id
    note = settled.store.query(number, "TicketNotes", ticketID=settled.tickets("beecastle")[0]["id"])[-1]
    settled.store.update(number, "TicketNotes", note["id"], {"description": 'Done.\n{"version": 3, "kind": "planet"}'})
    before = rest_of(settled), settled.files()
    result = settled.ensure()
    assert (result["failed"], result["code"]) == (True, "newer_version") and "Update the collection" in result["msg"]
    assert (rest_of(settled), settled.files()) == before


def test_a_profile_of_that_time_is_rolled_out_with_a_remark(house: House) -> None:
    result = house.ensure(str(OLD / "profile.yml"))
    assert any("version 1" in text for text in entry_of(result, "work365")["messages"])
    house.work()
    done = house.ensure()
    assert entries(done) == {"work365": "done"} and house.kept("work365"), (done, house.employee.stuck)
