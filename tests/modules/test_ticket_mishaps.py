# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Crashes, second controllers and people: each ends in the same single ticket."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from sandbox.operator.worker import Operator
from tests.sandboxes import Sandbox, Tenant

from .playing import Played, Player, level, limit, lines, notes, tickets, user, writes


@pytest.mark.parametrize("kind", ["cut", "drop"])
def test_a_run_that_stops_at_any_write_is_taken_up_by_the_next(play: Player, tenant: Tenant, sandbox: Sandbox, kind: str) -> None:
    """`cut` loses the answer to a write that was done, `drop` loses the write. Each write has an integration of its own."""
    small = {"baseline": "copy", "settings": {"Reports": {"CRM": True, "Projects": False, "Admin": True}}}
    for write in range(1, 10):  # the ticket, the note with the document, seven items
        if write > 1:
            sandbox.control("POST", "faults", {"spec": f"slow=0@POST Tickets*#{write - 1}"})
        sandbox.control("POST", "faults", {"spec": f"{kind}@POST Tickets*#1"})
        crashed = play(level(integration=f"at-{write}", retries=0, **small))[0]
        sandbox.control("DELETE", "faults")
        again, settled = play(*[level(integration=f"at-{write}", **small)] * 2).results
        assert crashed["code"] == "unreachable", crashed
        assert (again["pending"], settled["changed"]) == (True, False), (write, again)
        [ticket] = tickets(tenant, f"at-{write}")
        texts = [line["itemName"] for line in lines(tenant, ticket)]
        assert texts == [step["text"] for step in settled["plan"]] and len(texts) == 7


def test_two_controllers_at_the_same_moment_end_in_one_ticket(play: Player, tenant: Tenant, tmp_path: Path) -> None:
    players = [Player(tenant, tmp_path / name) for name in ("one", "other")]
    played: list[Played] = []
    for player in players:
        player.folder.mkdir()
    threads = [
        threading.Thread(target=lambda player=player: played.append(player.by_ansible(level(), limit(), user()))) for player in players
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [result["pending"] for run in played for result in run.results] == [True] * 6
    settled = play(level(), limit(), user())
    assert [result["changed"] for result in settled.results] == [False] * 3
    [ticket] = tickets(tenant)
    assert not ticket.get("completedDate")
    alone = Player(tenant, tmp_path / "alone", "alone")
    alone.folder.mkdir()
    alone(level(), limit(), user())
    [reference] = tickets(tenant, "alone")
    expected = [line["itemName"].replace('"alone"', '"example"') for line in lines(tenant, reference)]
    assert [line["itemName"] for line in lines(tenant, ticket)] == expected


def test_a_step_that_is_opened_again_waits_in_the_same_ticket(play: Player, tenant: Tenant, operator: Operator) -> None:
    play(level(), limit())
    operator.work()
    number = tickets(tenant)[0]["ticketNumber"]
    operator.tick(number, 3, done=False)
    waiting = play(level(), limit())
    assert [result["pending"] for result in waiting.results] == [True, False]
    operator.tick(number, 3)
    done = play(level(), limit())
    assert [result["pending"] for result in done.results] == [False, False]
    assert len(tickets(tenant)) == 1 and tickets(tenant)[0]["completedDate"]


def test_steps_that_were_ticked_without_being_done_are_opened_again(play: Player, tenant: Tenant, operator: Operator) -> None:
    total = len(play(level())[0]["plan"])
    number = tickets(tenant)[0]["ticketNumber"]
    for step in range(1, total + 1):
        operator.tick(number, step)
    result = play(level())[0]
    assert (result["changed"], result["pending"], len(result["plan"])) == (True, True, total)
    assert result["contradictions"] and "REST shows no security level" in result["contradictions"][0]
    assert any(
        "not observed" in note["description"] and "no security level" in note["description"] for note in notes(tenant, tickets(tenant)[0])
    )
    operator.work()
    assert play(level())[0]["pending"] is False
    assert len(tickets(tenant)) == 1


def _complete(tenant: Tenant) -> None:
    fields = {field["name"]: field for field in tenant.rest.ask("GET", "Tickets/entityInformation/fields")["fields"]}
    complete = next(value["value"] for value in fields["status"]["picklistValues"] if value["label"] == "Complete")
    tenant.rest.ask("PATCH", "Tickets", json={"id": tickets(tenant)[0]["id"], "status": int(complete)})


def test_a_ticket_that_people_close_too_early_is_opened_again(play: Player, tenant: Tenant, operator: Operator) -> None:
    tenant.set_cells({"Service Desk|Other Permissions|Can edit Status of complete tickets|": True})
    play(level())
    _complete(tenant)
    result = play(level())[0]
    assert (result["changed"], result["pending"], result["change"]["state"]) == (True, True, "open")
    assert len(tickets(tenant)) == 1
    operator.work()
    assert play(level())[0]["pending"] is False


def test_a_ticket_that_may_not_be_opened_again_gets_a_successor(play: Player, tenant: Tenant, operator: Operator) -> None:
    texts = [step["text"] for step in play(level())[0]["plan"]]
    operator.tick(tickets(tenant)[0]["ticketNumber"], 1)
    _complete(tenant)
    result = play(level())[0]
    assert (result["changed"], result["pending"], result["change"]["number"]) == (True, True, 2)
    assert [line["itemName"] for line in lines(tenant, tickets(tenant)[1])] == texts[1:]
    assert play(level())[0]["changed"] is False


def test_an_item_that_somebody_deletes_comes_back(play: Player, tenant: Tenant) -> None:
    before = [step["text"] for step in play(level())[0]["plan"]]
    [ticket] = tickets(tenant)
    tenant.rest.ask("DELETE", f"Tickets/{ticket['id']}/ChecklistItems/{lines(tenant, ticket)[4]['id']}")
    assert play(level())[0]["changed"] is True
    assert [line["itemName"] for line in lines(tenant, ticket)] == before


def test_a_deleted_ticket_is_an_error_for_who_worked_with_it_and_nothing_is_written(play: Player, tenant: Tenant) -> None:
    reference = play(level())[0]["change"]["reference"]
    tenant.control("DELETE", f"tickets/{tickets(tenant)[0]['id']}")
    before = writes(tenant)
    played = play(
        limit(change_reference=reference),
        ("autotask_change_info", {"tenant": "x", "integration": "example", "change_reference": reference}),
    )
    assert [result["code"] for result in played.results] == ["change_gone", "change_gone"]
    assert "Run again" in played[0]["msg"] and reference in played[0]["msg"]
    assert writes(tenant) == before
    assert play(level())[0]["pending"] is True  # and without it, a new ticket is opened
    assert len(tickets(tenant)) == 1


def test_a_note_that_somebody_wrote_over_is_no_trap(play: Player, tenant: Tenant, operator: Operator) -> None:
    play(level())
    operator.work()
    play(level())
    [ticket] = tickets(tenant)
    for memory in ("nothing", "{}", '{"subject": 1, "document": [], "steps": 2, "attested": 3}'):
        _forge(tenant, ticket, memory)
        assert play(level())[0]["changed"] is False  # what can't be read is no record; the newest that can be counts
    forged = {"subject": 'level "Example API"', "document": {"cells": {"no.such.cell": 1}}, "steps": [], "attested": True}
    _forge(tenant, ticket, json.dumps(forged))
    result = play(level())[0]
    assert result["pending"] is True and "code" not in result  # and one that tells of another level is asked to be fixed


def _forge(tenant: Tenant, ticket: dict[str, Any], memory: str) -> None:
    note = {"ticketID": ticket["id"], "title": "msp.autotask: record", "description": f"x\n{memory}", "noteType": 1, "publish": 1}
    fields = {field["name"]: field for field in tenant.rest.ask("GET", "TicketNotes/entityInformation/fields")["fields"]}
    note |= {name: int(fields[name]["picklistValues"][0]["value"]) for name in ("noteType", "publish")}
    tenant.rest.ask("POST", f"Tickets/{ticket['id']}/Notes", json=note)


def test_a_second_ticket_of_a_crashed_controller_is_closed(play: Player, tenant: Tenant, operator: Operator) -> None:
    play(level())
    [ticket] = tickets(tenant)
    twin = {key: ticket[key] for key in ("title", "companyID", "status", "priority", "queueID", "externalID")}
    tenant.rest.ask("POST", "Tickets", json=twin)
    operator.work()
    assert play(level())[0]["change"]["state"] == "closed"
    assert [one["ticketNumber"] for one in tickets(tenant)] == [ticket["ticketNumber"]]


def test_a_copy_that_was_never_renamed_is_gone_on_with(play: Player, tenant: Tenant, operator: Operator) -> None:
    play(level())
    operator.work(limit=1)
    result = play(level(settings={"Service Desk": {"Tickets": {"View": "All"}}}))[0]
    assert 'In the menu of "Copy (1) of API User (system) (API-only)" choose Edit Security Level.' in result["plan"][0]["text"]
    operator.work()
    assert play(level(settings={"Service Desk": {"Tickets": {"View": "All"}}}))[0]["pending"] is False
    names = [one["name"] for one in tenant.control("GET", "levels")]
    assert names.count("Example API") == 1 and not [name for name in names if name.startswith("Copy (")]


def test_a_copy_that_no_ticket_has_asked_for_is_left_alone(play: Player, tenant: Tenant, operator: Operator) -> None:
    play(level())
    operator.work(limit=1)
    for line in lines(tenant, tickets(tenant)[0]):
        tenant.rest.ask("DELETE", f"Tickets/{line['ticketID']}/ChecklistItems/{line['id']}")
    tenant.control("DELETE", f"tickets/{tickets(tenant)[0]['id']}")
    result = play(level())[0]
    assert 'In the menu of "API User (system) (API-only)" choose Copy Security Level.' in result["plan"][0]["text"]
    assert any('"Copy (1) of API User (system)"' in warning for warning in result["warnings"])
    operator.work()
    assert play(level())[0]["pending"] is False
    names = [one["name"] for one in tenant.control("GET", "levels")]
    assert names.count("Example API") == 1 and "Copy (1) of API User (system)" in names


def test_a_label_that_the_tenant_does_not_have_is_an_error_before_anything_is_written(play: Player, tenant: Tenant) -> None:
    played = play(
        level(ticket={"queue": "Adminstration"}),
        level(ticket={"queue": "Administration", "priority": "Urgent!"}),
        level(ticket={"queue": "Administration", "company": "Nobody & Sons"}),
    )
    assert [result["code"] for result in played.results] == ["unknown_label", "unknown_label", "unknown_company"]
    assert 'Nearest: "Administration"' in played[0]["msg"]
    assert writes(tenant) == [] and tickets(tenant) == []
