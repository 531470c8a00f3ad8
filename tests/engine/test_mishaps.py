# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whatever happens between two writes: the next run ends where an undisturbed one does, in one ticket that has each step once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from .running import House, Result, entries, entry_of, profile
from .wire import Killed

Steps = list[tuple[str, bool]]


@dataclass
class Undisturbed:
    """What a run does that nothing happens to: the steps it asks for, and how many writes it takes."""

    steps: Steps
    writes: int


def renamed(steps: Steps, key: str) -> Steps:
    """Steps of one vendor as those of another."""
    return [(text.replace("Tinsel", key.capitalize()).replace("tinsel", key), done) for text, done in steps]


def counted(house: House, run: Callable[[], Result]) -> int:
    """How many writes a run takes."""
    last = 0

    def keep(number: int) -> None:
        nonlocal last
        last = number

    house.wire.forget()
    house.wire.before_write = keep
    assert not run().get("failed")
    house.wire.forget()
    return last


def kill(house: House, at: int, before: bool) -> None:
    """The process dies at a write, before it reaches the tenant or before its answer comes back."""

    def die(number: int) -> None:
        if number == at:
            raise Killed

    house.wire.forget()
    if before:
        house.wire.before_write = die
    else:
        house.wire.after_write = die


@pytest.fixture
def asking(house: House) -> Undisturbed:
    """The first run of a small vendor."""
    writes = counted(house, lambda: house.ensure(profile("tinsel")))
    return Undisturbed(house.steps("tinsel"), writes)


@pytest.mark.parametrize("third", range(3))
@pytest.mark.parametrize("before", [True, False], ids=["before it is sent", "before it is answered"])
def test_a_run_that_is_killed_at_any_write_is_taken_up_by_the_next(before: bool, third: int, house: House, asking: Undisturbed) -> None:
    for at in range(1 + third, asking.writes + 1, 3):
        key = f"vendor{at}"
        kill(house, at, before)
        with pytest.raises(Killed):
            house.ensure(profile(key))
        house.wire.forget()
        taken_up = house.ensure()
        assert entries(taken_up) == {key: "pending"}, (at, taken_up)
        assert len(house.tickets(key)) == 1 and house.steps(key) == renamed(asking.steps, key), at
        assert not house.ensure()["changed"], at


@pytest.mark.parametrize("before", [True, False], ids=["before it is sent", "before it is answered"])
def test_a_run_that_is_killed_while_it_attests_is_taken_up_by_the_next(before: bool, house: House) -> None:
    house.ensure(profile("tinsel"))
    house.work()
    writes = counted(house, house.ensure)
    for at in range(1, writes + 1):
        key = f"vendor{at}"
        house.ensure(profile(key))
        house.work()
        kill(house, at, before)
        with pytest.raises(Killed):
            house.ensure()
        house.wire.forget()
        assert entries(house.ensure()) == {key: "done"}, at
        assert not house.ensure()["changed"] and house.kept(key, "handover"), at


@pytest.mark.parametrize("third", range(3))
@pytest.mark.parametrize("before", [True, False], ids=["before it is sent", "before it is answered"])
def test_two_runs_at_once_end_in_one_ticket_with_each_step_once(before: bool, third: int, house: House, asking: Undisturbed) -> None:
    """The other run is a whole one, between a request of the first and what comes before or after it."""
    for at in range(1 + third, asking.writes + 1, 3):
        key = f"vendor{at}"

        def other_run(number: int, at: int = at) -> None:
            if number == at:
                house.wire.forget()
                assert not house.ensure().get("failed"), at

        house.wire.forget()
        house.wire.before_write, house.wire.after_write = (other_run, None) if before else (None, other_run)
        first = house.ensure(profile(key))
        house.wire.forget()
        assert entries(first) == {key: "pending"}, (at, first)
        assert len(house.tickets(key)) == 1, at
        assert house.steps(key) == renamed(asking.steps, key), at
        assert not house.ensure()["changed"], at


def test_a_ticket_that_somebody_deletes_while_the_run_waits_is_missed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def delete(_seconds: float) -> None:
        house.tenant.control("DELETE", f"tickets/{house.tickets('tinsel')[0]['id']}")

    monkeypatch.setattr("time.sleep", delete)
    result = house.ensure(profile("tinsel"), wait_minutes=1, wait_interval=0.01)
    assert result["failed"] and result["code"] == "change_gone" and "somebody deleted it" in result["msg"]
    assert entries(house.ensure()) == {"tinsel": "pending"} and len(house.tickets("tinsel")) == 1


def test_a_ticket_that_vanishes_while_the_run_waits_is_no_matter_of_its_neighbour(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def delete(_seconds: float) -> None:
        if house.tickets("tinsel"):
            house.tenant.control("DELETE", f"tickets/{house.tickets('tinsel')[0]['id']}")
        house.work("wicker")

    monkeypatch.setattr("time.sleep", delete)
    result = house.ensure(profile("tinsel"), profile("wicker"), wait_minutes=1, wait_interval=0.01)
    assert entries(result) == {"tinsel": "failed", "wicker": "done"} and result["msg"].startswith("tinsel: ")
    assert (result["code"], result["changed"], entry_of(result, "tinsel")["changed"]) == ("change_gone", True, True)


def test_what_was_refused_is_not_tried_again_once_another_one_was_waited_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.set_up(profile("tinsel"))
    recorded = house.kept("tinsel")
    assert recorded
    house.keep("tinsel", {**recorded, "secret": "copied-wrongly"})
    before = house.refusals()
    monkeypatch.setattr("time.sleep", lambda _seconds: house.work("wicker"))
    result = house.ensure(profile("tinsel"), profile("wicker"), wait_minutes=1, wait_interval=0.01)
    assert entries(result) == {"tinsel": "failed", "wicker": "done"} and house.refusals() == before + 1


def test_a_tenant_that_can_not_be_read_is_no_success(house: House) -> None:
    result = house.ensure(profile("tinsel"), secret="not-the-secret")
    assert (result["failed"], result["changed"], result["code"]) == (True, False, "unauthorized")
    assert house.refusals() == 1 and "not-the-secret" not in str(result)


def test_a_tenant_whose_requests_are_used_up_is_left_alone(house: House) -> None:
    for _request in range(3):
        house.tenant.rest.ask("GET", "Version")
    result = house.ensure(profile("tinsel"), request_budget=0.0001)
    assert (result["failed"], result["code"]) == (True, "budget") and house.requests(writes=True).total() == 0


def stalled(house: House, at: int, meanwhile: Callable[[], object]) -> None:
    """Before the nth request of a run to REST, whatever it is, something else happens."""

    def pause(number: int) -> None:
        if number == at:
            house.wire.forget()
            meanwhile()

    house.wire.forget()
    house.wire.before_each = pause


LONG = {
    section: {name: {"View": "Mine"} for name in names}
    for section, names in {"Service Desk": ["Tickets"], "CRM": ["Opportunities & Quotes"]}.items()
}


@pytest.mark.parametrize("part", range(6))
def test_a_run_that_stalls_before_any_request_ends_in_one_ticket_with_each_step_once(part: int, listing: House) -> None:
    """With a list that is nearly full: what both add wouldn't fit into it twice."""
    listing.ensure("beecastle")
    undisturbed = listing.steps("beecastle")
    assert len(undisturbed) > 20
    for at in range(1 + part, 90, 6):
        for ticket in listing.tickets("beecastle"):
            listing.tenant.control("DELETE", f"tickets/{ticket['id']}")
        listing.integrations = [{"profile": "beecastle"}]
        stalled(listing, at, listing.ensure)
        first = listing.ensure()
        reached = listing.wire.before_each is None
        listing.wire.forget()
        assert not first.get("failed"), (at, first["msg"])
        assert len(listing.tickets("beecastle")) == 1 and listing.steps("beecastle") == undisturbed, at
        if not reached:
            break


def test_what_a_run_that_died_has_left_twice_goes_with_the_next(house: House) -> None:
    house.ensure(profile("tinsel"))
    before = house.steps("tinsel")
    [ticket] = house.tickets("tinsel")
    tenant = house.employee.tenant.id
    for item in house.store.query(tenant, "TicketChecklistItems", ticketID=ticket["id"]):
        house.store.insert(tenant, "TicketChecklistItems", {key: value for key, value in item.items() if key != "id"})
    assert len(house.steps("tinsel")) == 2 * len(before)
    assert house.ensure(check=True)["changed"]
    assert house.ensure()["changed"] and house.steps("tinsel") == before
    assert not house.ensure()["changed"]


@pytest.mark.parametrize("stage", [lambda _house: None, House.finish], ids=["while it is worked on", "when it is done"])
def test_a_ticket_that_a_run_which_died_has_opened_again_goes_with_the_next(stage: Callable[[House], Any], house: House) -> None:
    house.ensure(profile("tinsel"))
    stage(house)
    before, [ticket] = house.steps("tinsel"), house.tickets("tinsel")
    again = {key: value for key, value in ticket.items() if key not in ("id", "ticketNumber")}
    house.store.insert(house.employee.tenant.id, "Tickets", {**again, "ticketNumber": "T20260101.9999", "status": 1})
    assert len(house.tickets("tinsel")) == 2 and house.ensure(check=True)["changed"]
    assert house.ensure()["changed"] and house.tickets("tinsel") == [ticket] and house.steps("tinsel") == before
    stray = next(one for one in house.store.query(house.employee.tenant.id, "Tickets") if one["ticketNumber"] == "T20260101.9999")
    assert stray["status"] == 5 and not house.ensure()["changed"]


@pytest.mark.parametrize("gone", ["the user", "the level"])
def test_what_is_to_be_edited_and_is_gone_meanwhile_is_asked_for_anew(gone: str, house: House) -> None:
    """Nobody can open the page of what isn't there: a step that says so would wait for ever."""
    house.set_up(profile("tinsel"))
    tenant = house.employee.tenant.id
    user = next(user for user in house.store.api_users(tenant) if user.name == "Tinsel API")
    level = house.level("Tinsel API")
    assert level
    if gone == "the user":
        house.store.update_api_user(tenant, user.id, active=False)
        assert entries(house.ensure()) == {"tinsel": "pending"}
        house.store.update_api_user(tenant, user.id, first_name="Somebody")
    else:
        other = profile("tinsel", level={"settings": {"Service Desk": {"Tickets": {"Delete": "None", "Edit": "No"}}}})
        assert entries(house.ensure(other)) == {"tinsel": "pending"}
        house.store.save_level(replace(level, name="Somebody's"))
    assert house.ensure()["changed"] and not house.ensure()["changed"]
    assert entries(house.finish()) == {"tinsel": "done"}, house.employee.stuck


@pytest.mark.parametrize("cells", [{"View": "Mine"}, {"Add": "No"}, {"Edit": "No"}], ids=str)
def test_who_does_not_see_or_write_all_tickets_opens_none(cells: dict[str, Any], house: House) -> None:
    house.allow({f"Service Desk|Object Permissions|Tickets|{name}": value for name, value in cells.items()})
    for check in (True, False):
        result = house.ensure(profile("tinsel"), check=check)
        assert entry_of(result, "tinsel")["code"] == "ticket_rights", check
    assert not house.tickets("tinsel") and house.requests(writes=True).total() == 0


@pytest.mark.parametrize("entity", ["TicketNotes", "TicketChecklistItems"])
@pytest.mark.parametrize("answer", ["403@*{}/query", "500@*{}/query", "200=no_items@*{}/query"])
def test_no_ticket_is_opened_whose_notes_and_lists_could_not_be_read_again(entity: str, answer: str, house: House) -> None:
    """Nor does that keep a neighbour, whose change is a run sheet, from being asked for. Check mode says so, too."""
    fault = house.fault(answer.format(entity))
    sheet = {"profile": profile("wicker"), "apply_via": "runsheet"}
    for check in (True, False):
        result = house.ensure({"profile": profile("tinsel")}, sheet, retries=0, check=check)
        assert entries(result) == {"tinsel": "failed", "wicker": "planned" if check else "pending"}, fault
        assert f"{entity}/query: " in result["msg"] and "No ticket was opened" in result["msg"]
        assert not house.requests(writes=True) and not house.tickets("tinsel")
    house.no_faults()
    assert entries(house.ensure()) == {"tinsel": "pending", "wicker": "pending"} and len(house.tickets("tinsel")) == 1
