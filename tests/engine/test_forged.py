# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tickets and notes that somebody forged or edited: the right to write them is no right to have the collection do anything."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from .running import House, entries, entry_of, profile

Edit = Callable[[dict[str, Any]], None]


def stranger(house: House) -> int:
    """Somebody who may write tickets and notes, and is no provisioner: the API user of an integration."""
    return next(user.id for user in house.store.api_users(house.employee.tenant.id) if user.name == "Wicker API")


def note_of(house: House, integration: str, subject: str) -> dict[str, Any]:
    """The newest record of an object."""
    tickets = [ticket["id"] for ticket in house.tickets(integration)]
    notes = house.store.query(house.employee.tenant.id, "TicketNotes")
    return [note for note in notes if note["ticketID"] in tickets and note["title"].startswith(f"msp.autotask: record, {subject}")][-1]


def as_wicker(record: dict[str, Any]) -> None:
    """The record is of another integration's user, and its credentials."""
    record |= {"name": "Wicker API", "record_as": "wicker"}
    record["document"] |= {"first_name": "Wicker"}


def as_provisioner(record: dict[str, Any]) -> None:
    """The record is of the user that runs work as."""
    record |= {"name": "Provisioner API", "record_as": "provisioner"}
    record["document"] |= {"first_name": "Provisioner"}


def forged(house: House, edit: Edit, by: int | None) -> None:
    """A note of that kind stands in tinsel's ticket: a new one by somebody, or, with nobody, our own, edited in place."""
    tenant = house.employee.tenant.id
    note = note_of(house, "tinsel", "API user")
    words, _line, text = str(note["description"]).rpartition("\n")
    record = json.loads(text)
    edit(record)
    changed = {"description": f"{words}\n{json.dumps(record)}"}
    if by is None:
        house.store.update(tenant, "TicketNotes", note["id"], changed)
    else:
        title = f'msp.autotask: record, API user "{record["name"]}"'
        house.store.insert(
            tenant,
            "TicketNotes",
            {**{key: value for key, value in note.items() if key != "id"}, **changed, "title": title, "creatorResourceID": by},
        )


@pytest.fixture
def both(house: House) -> House:
    """Two integrations are set up."""
    house.set_up(profile("tinsel"), profile("wicker"))
    house.keep("provisioner", {name: str(house.tenant.access[name]) for name in ("user_name", "secret", "integration_code")})
    return house


@pytest.mark.parametrize("is_edited", [False, True], ids=["a new note", "our own, edited"])
@pytest.mark.parametrize("edit", [as_wicker, as_provisioner])
def test_a_forged_record_leads_a_retirement_to_nothing_of_anothers(edit: Edit, is_edited: bool, both: House) -> None:
    forged(both, edit, None if is_edited else stranger(both))
    users, kept = both.users(), [both.kept(name) for name in ("wicker", "provisioner")]
    both.want({"integration": "tinsel", "profile": None, "state": "absent"})
    for _round in range(3):
        result = both.ensure()
        both.work()
    now = both.users()
    assert all(now[name] == users[name] for name in users if name != "Tinsel API")
    assert [both.kept(name) for name in ("wicker", "provisioner")] == kept
    if not is_edited:
        assert entry_of(result, "tinsel")["state"] == "done" and not now["Tinsel API"]
        assert any("is ignored" in text for text in both.said)


def test_a_ticket_that_somebody_else_opened_is_no_change(both: House) -> None:
    tenant = both.employee.tenant.id
    [ticket] = both.tickets("wicker")
    copied = {**ticket, "externalID": "msp.autotask/sorrel/1", "creatorResourceID": stranger(both)}
    forged_id = both.store.insert(tenant, "Tickets", {key: value for key, value in copied.items() if key != "id"})
    for note in [note for note in both.store.query(tenant, "TicketNotes") if note["ticketID"] == ticket["id"]]:
        both.store.insert(tenant, "TicketNotes", {**{key: value for key, value in note.items() if key != "id"}, "ticketID": forged_id})
    before = both.store.get(tenant, "Tickets", forged_id)
    result = both.ensure(profile("sorrel"))
    assert entries(result) == {"sorrel": "pending"} and len(both.tickets("sorrel")) == 2
    assert both.store.get(tenant, "Tickets", forged_id) == before
    both.work("sorrel")
    assert entries(both.ensure()) == {"sorrel": "done"}


def test_the_next_provisioner_knows_what_the_one_before_has_asked_for(house: House) -> None:
    """It has the same level; the earlier one may be switched off."""
    house.set_up(profile("tinsel"), profile("wicker"))
    tenant = house.employee.tenant.id
    own = next(user for user in house.store.api_users(tenant) if user.user_name == house.tenant.access["user_name"])
    earlier = stranger(house)
    house.store.update_api_user(tenant, earlier, level_id=own.level_id, active=False)
    for entity in ("Tickets", "TicketNotes"):
        for row in house.store.query(tenant, entity):
            if row.get("creatorResourceID") == own.id:
                house.store.update(tenant, entity, row["id"], {"creatorResourceID": earlier})
    again = house.ensure(profile("tinsel"))
    assert entries(again) == {"tinsel": "done"} and not again["changed"]


@pytest.mark.parametrize("hidden", [False, True])
def test_credentials_are_not_forgotten_while_their_user_is_active(hidden: bool, house: House) -> None:
    """Nothing but what is recorded tells whose they are: the ticket has lost its External ID. Once no user is shown at all."""
    house.set_up(profile("tinsel"))
    recorded = house.path("tinsel").read_bytes()
    house.forget("tinsel")
    house.path("tinsel").write_bytes(recorded)
    house.want({"integration": "tinsel", "profile": None, "state": "absent"})
    if hidden:
        house.fault("200@GET Resources/query#1", json={"items": [], "pageDetails": {"count": 0, "nextPageUrl": None}})
    for _round in range(3):
        result = house.ensure()
        assert house.users()["Tinsel API"] is False or house.kept("tinsel"), result
        house.work()
    assert house.users()["Tinsel API"] is False and house.kept("tinsel") is None
