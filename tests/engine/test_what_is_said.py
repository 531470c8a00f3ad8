# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What somebody reads who watches a run, without any callback: the plan, who waits for what and where that lies, and that the run still lives."""

from __future__ import annotations

import json

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._objects import wait
from ansible_collections.msp.autotask.plugins.plugin_utils._report.ending import endings
from ansible_collections.msp.autotask.plugins.plugin_utils._report.model import Report
from ansible_collections.msp.autotask.plugins.plugin_utils._shown import steps_of

from .running import House, profile


class Clock:
    """A clock that goes on only while somebody sleeps."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def last(house: House, word: str) -> str:
    """The last line that was said with this word in it."""
    return next(line for line in reversed(house.said) if word in line)


def test_check_mode_shows_every_step_in_its_order(house: House) -> None:
    result = house.ensure(profile("tinsel"), check=True)
    steps = [step["text"] for known in result["integrations"][0]["objects"] for step in known["plan"]]
    shown = list(steps_of(result))
    assert len(steps) > 10 and [line.partition(". ")[2] for line in shown if line.strip()[:1].isdigit()] == steps
    assert shown[0] == f'  {house.tenant.slug}: tinsel, level "Tinsel API", would be asked for:'


def test_on_many_tenants_the_steps_are_counted(house: House) -> None:
    result = house.ensure(profile("tinsel"), check=True)
    level, user = (len(known["plan"]) for known in result["integrations"][0]["objects"])
    where = "(all of them with -l birch, with --diff, or in report.json)"
    assert list(steps_of(result, counted=True)) == [
        f'  birch: tinsel, level "Tinsel API": {level} steps would be asked for {where}',
        f'  birch: tinsel, API user "Tinsel API": {user} steps would be asked for {where}',
    ]


def test_a_run_ends_with_who_waits_for_what_and_where_it_lies(house: House) -> None:
    house.ensure(profile("tinsel"))
    [ticket] = house.tickets("tinsel")
    page = f"Autotask/AutotaskExtend/ExecuteCommand.aspx?Code=OpenTicketDetail&TicketNumber={ticket['ticketNumber']}"
    total = len(house.steps("tinsel"))
    words = f"tinsel: {total} of {total} steps wait for people in {ticket['ticketNumber']} (http"
    assert (
        house.said[-1].startswith(f"  {house.tenant.slug}: {words}")
        and f"{page}). Once they are ticked off, run this again." in house.said[-1]
    )

    [person] = [one for one in house.store.query(house.employee.tenant.id, "Resources") if one["userName"] == "clerk"]
    house.store.update(house.employee.tenant.id, "Tickets", ticket["id"], {"assignedResourceID": person["id"], "assignedResourceRoleID": 1})
    result = house.ensure()
    name = f"{person['firstName']} {person['lastName']}"
    assert f"{page}), which {name} has. Once" in house.said[-1]
    assert result["integrations"][0]["change"]["assignee"] == name
    assert result["integrations"][0]["change"]["url"].endswith(page)

    house.work()
    house.ensure()
    assert house.said[-1] == f"  {house.tenant.slug}: tinsel: done; handed over, encrypted, in {house.path('tinsel', 'handover')}."
    house.said.clear()
    house.ensure()
    assert house.said == []


def test_whose_desk_a_ticket_is_on_is_asked_where_it_is_told(house: House) -> None:
    """Once before, and once after what is written: not with every second look at what is there."""
    narrower = profile("tinsel", level={"settings": {"Service Desk": {"Tickets": {"Delete": "None", "Edit": "No"}}}})
    asked = []
    for assigned in (False, True):
        house.ensure(profile("tinsel"))
        [ticket] = house.tickets("tinsel")
        [person] = [one for one in house.store.query(house.employee.tenant.id, "Resources") if one["userName"] == "clerk"]
        if assigned:
            changes = {"assignedResourceID": person["id"], "assignedResourceRoleID": 1}
            house.store.update(house.employee.tenant.id, "Tickets", ticket["id"], changes)
        before = house.requests()
        assert house.ensure(narrower)["changed"]
        asked.append((house.requests() - before)["GET Resources/query"])
    assert asked[1] - asked[0] == 2


def test_what_failed_is_told_with_its_reason_in_the_last_line(house: House) -> None:
    house.options["ticket"] = {"queue": "Nowhere"}
    result = house.ensure(profile("tinsel"))
    assert result["failed"] and last(house, "failed") == house.said[-1]
    assert 'this tenant has no "Nowhere"' in house.said[-1]


def test_a_wait_is_never_silent_for_long(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(wait, "time", clock)
    house.ensure(profile("tinsel"), wait_minutes=30, wait_interval=60)
    still = [line for line in house.said if "waiting for" in line]
    [ticket] = house.tickets("tinsel")
    assert still[0] == f"  {house.tenant.slug}: waiting for {ticket['ticketNumber']}, 5 of at most 30 minutes"
    assert len(still) == 6


def test_the_change_that_is_named_is_the_one_in_which_something_waits(house: House) -> None:
    """A level waits in the second change, while its user was done in the first."""
    house.set_up(profile("tinsel"))
    result = house.ensure(profile("tinsel", level={"settings": {"Service Desk": {"Tickets": {"Delete": "None", "Edit": "No"}}}}))
    second = house.tickets("tinsel")[-1]["ticketNumber"]
    left = sum(not done for _text, done in house.steps("tinsel"))
    assert left and f"tinsel: {left} of {left} steps wait for people in {second}" in house.said[-1]
    together, alone = Report(), Report()
    together.add_integrations("birch", result, planned=False)
    for known in result["integrations"][0]["objects"]:
        alone.add_object("birch", known, planned=False)
    for report in (together, alone):
        assert f"  birch: tinsel, {left} steps in {second}" in list(endings(report.tenants()))


def test_what_has_to_be_so_first_is_told_as_that(house: House) -> None:
    """By itself it reads as what was found."""
    house.ensure(profile("tinsel", prerequisites=[{"text": "Whoever works this can open Admin."}]))
    [ticket] = house.tickets("tinsel")
    assert "Needed first: Whoever works this can open Admin." in last(house, "can open Admin")
    assert "Needed first: Whoever works this can open Admin." in ticket["description"]


def test_what_ansible_prints_of_a_failure_is_no_more_than_is_needed(house: House) -> None:
    """It prints all of a result that failed, on one line; the change stood in it once an object, with all its steps."""
    house.ensure(profile("tinsel"))
    result = house.ensure({"integration": "tinsle", "state": "absent"}, profile("tinsel"))
    printed, (step, _done) = json.dumps(result, ensure_ascii=False).replace('\\"', '"'), house.steps("tinsel")[-1]
    assert result["failed"] and printed.count(step) == 2, "in the plan of its object, and in the change"
    report = Report()
    report.add_integrations("birch", result, planned=False)
    [ticket] = house.tickets("tinsel")
    assert any(line.startswith("  birch: tinsel, ") and ticket["ticketNumber"] in line for line in endings(report.tenants()))
