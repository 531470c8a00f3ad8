# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A level that is made has its webhook limit set in the same visit to the editor; one that is there has a visit for the limit alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from sandbox import levels

from .running import House, Result, entries, entry_of, profile

LEVEL, LIMIT = 'level "Tinsel API"', 'webhook limit "Tinsel API"'
EDITOR = "In the menu of"
CREATE, MAXIMUM = "Other|Webhooks|Can create Webhooks|", "Other|Webhooks|Maximum number of Webhooks|"


def hooked(maximum: int = 5, bound: str = "exact", **level: Any) -> dict[str, Any]:
    """A vendor that wants webhooks."""
    return profile(
        "tinsel", level={"webhooks": {"maximum": maximum, "bound": bound}, **level}, user={"expect": {"granted": ["TicketWebhooks:create"]}}
    )


def visits(house: House) -> list[str]:
    """The sentences that open the editor of a level, in all tickets of the vendor."""
    return [text for text, _done in house.steps("tinsel") if "> Security Levels." in text]


def limit(house: House) -> tuple[Any, Any]:
    """What the level's editor shows of webhooks."""
    level = house.level("Tinsel API")
    assert level
    return level.cells[CREATE], level.cells[MAXIMUM]


def objects(result: Result) -> dict[str, Any]:
    """What is said of each object."""
    return {known["subject"]: known for known in entry_of(result, "tinsel")["objects"]}


BASELINES = pytest.mark.parametrize("baseline", ["none", "copy"])


@BASELINES
def test_a_level_is_made_in_one_visit(house: House, baseline: str) -> None:
    predicted = house.ensure(hooked(baseline=baseline), check=True)
    asked = house.ensure()
    for result in (predicted, asked):
        assert [known["pending"] for known in objects(result).values()] == [True, True, True] and objects(result)[LIMIT]["plan"] == []
    assert objects(predicted)[LEVEL]["plan"] == objects(asked)[LEVEL]["plan"]
    assert len(visits(house)) == 1
    [step] = [text for text, _done in house.steps("tinsel") if "Can create Webhooks" in text]
    assert '"Maximum number of Webhooks" to 5' in " ".join(text for text, _done in house.steps("tinsel")) and "tick" in step
    house.work()
    done = house.ensure()
    assert entries(done) == {"tinsel": "done"} and limit(house) == (True, 5) and len(house.tickets("tinsel")) == 1
    assert entry_of(done, "tinsel")["change"]["objects"] == {LEVEL: "attested", LIMIT: "attested", 'API user "Tinsel API"': "attested"}
    assert set(objects(done)[LIMIT]["evidence"].values()) <= {"attested", "effect"}


@BASELINES
def test_what_was_set_with_the_level_is_known_from_then_on(house: House, baseline: str) -> None:
    house.set_up(hooked(baseline=baseline))
    before = house.state(), house.requests(writes=True)
    again = house.ensure()
    assert (again["changed"], again["pending"], again["diff"]) == (False, False, [])
    assert (house.state(), house.requests(writes=True)) == before


def test_while_the_level_waits_so_does_its_limit(house: House) -> None:
    house.ensure(hooked())
    before = house.state()
    waiting = house.ensure()
    assert (waiting["changed"], objects(waiting)[LIMIT]["pending"], objects(waiting)[LIMIT]["plan"]) == (False, True, [])
    assert house.state() == before


def test_check_mode_shows_that_what_was_worked_off_would_be_attested(house: House) -> None:
    house.ensure(hooked())
    house.work()
    predicted = house.ensure(check=True)
    assert (predicted["changed"], predicted["pending"], entries(predicted)) == (True, False, {"tinsel": "done"})


def test_another_maximum_on_a_level_that_is_there_is_a_visit_for_that_number(house: House) -> None:
    house.set_up(hooked(5))
    house.ensure(hooked(7))
    assert len(visits(house)) == 2
    assert [text for text, done in house.steps("tinsel") if not done][1:-1] == [
        'Level "Tinsel API", "Other" > "Webhooks": set "Maximum number of Webhooks" to 7.'
    ]
    house.work()
    assert entries(house.ensure()) == {"tinsel": "done"} and limit(house) == (True, 7) and not house.ensure()["changed"]


def worked_off(house: House) -> None:
    """Somebody has done it all."""
    house.work()


@pytest.mark.parametrize("meanwhile", [lambda house: None, worked_off], ids=["nobody has begun", "all was done"])
def test_another_maximum_while_the_level_is_asked_for_comes_after_it(house: House, meanwhile: Callable[[House], None]) -> None:
    house.ensure(hooked(5))
    meanwhile(house)
    house.ensure(hooked(7))
    for _round in range(3):
        house.work()
        done = house.ensure()
    assert entries(done) == {"tinsel": "done"} and limit(house) == (True, 7) and not house.ensure()["changed"]


def test_a_level_that_changes_while_its_user_waits_keeps_what_is_known_of_its_limit(house: House) -> None:
    """The limit was set, and is not asked for again."""
    house.ensure(hooked())
    count = next(number for number, (text, _done) in enumerate(house.steps("tinsel")) if "Save & Close" in text) + 1
    level_only(house, count)
    house.ensure()
    house.ensure(hooked(settings={"Service Desk": {"Tickets": {"Delete": "None", "Edit": "No"}}}))
    house.work()
    assert entries(house.ensure()) == {"tinsel": "done"} and limit(house) == (True, 5)
    assert not [text for text, _done in house.steps("tinsel") if "Webhooks" in text]


def level_only(house: House, count: int) -> None:
    """Somebody does the level's steps and leaves those of its user."""
    [ticket] = house.tickets("tinsel")
    rest = house.employee._steps(ticket)[count:]
    for step in rest:
        house.store.update(house.employee.tenant.id, "TicketChecklistItems", step["id"], {"isCompleted": True})
    house.work()
    for step in rest:
        house.store.update(house.employee.tenant.id, "TicketChecklistItems", step["id"], {"isCompleted": False})


def test_a_level_that_was_deleted_is_made_again_with_its_limit(house: House) -> None:
    house.set_up(hooked())
    level = house.level("Tinsel API")
    assert level
    for user in house.store.api_users(house.employee.tenant.id):
        if user.name == "Tinsel API":
            spare = house.level("msp.autotask provisioner")
            house.store.update_api_user(house.employee.tenant.id, user.id, level_id=spare.id if spare else 0)
    levels.delete(house.store, level.id)
    again = house.ensure()
    assert objects(again)[LIMIT]["plan"] == [] and objects(again)[LIMIT]["pending"]
    house.work()
    assert entries(house.ensure()) == {"tinsel": "done"} and limit(house) == (True, 5) and len(visits(house)) == 2


def test_what_was_taken_away_behind_our_backs_is_a_visit_of_its_own(house: House) -> None:
    house.set_up(hooked())
    level = house.level("Tinsel API")
    assert level
    levels.change(house.store, level.id, {"cells": {CREATE: False}})
    again = house.ensure()
    assert objects(again)[LIMIT]["contradictions"] and not objects(again)[LEVEL]["pending"]
    house.work()
    assert entries(house.ensure()) == {"tinsel": "done"} and limit(house) == (True, 5)


def test_more_than_a_minimum_stays_on_a_level_that_is_there(house: House) -> None:
    made = levels.copy(house.store, source(house), True)
    levels.change(house.store, made.id, {"name": "Tinsel API", "active": True, "cells": {CREATE: True, MAXIMUM: 50}})
    house.set_up(hooked(10, "minimum"))
    assert [text for text in visits(house) if "Copy Security Level" in text] == []


def source(house: House) -> int:
    """The level that is copied."""
    level = house.level("API User (system)")
    assert level
    return level.id


def test_a_ticket_with_steps_ticked_and_nothing_done_is_opened_again_as_a_whole(house: House) -> None:
    house.ensure(hooked())
    house.employee.tick("tinsel")
    again = house.ensure()
    assert again["pending"] and not any(done for _text, done in house.steps("tinsel")) and len(visits(house)) == 1
    house.work()
    assert entries(house.ensure()) == {"tinsel": "done"} and limit(house) == (True, 5)


def test_run_sheets_have_one_visit_too(house: House) -> None:
    house.options["apply_via"] = "runsheet"
    house.ensure(hooked())
    [sheet] = (house.folder / "runsheets").glob("*.tinsel.1.md")
    text, memory = sheet.read_text().split("<!--")
    assert text.count("> Security Levels.") == 1 and text.count('"Maximum number of Webhooks" to 5') == 1 and f"## {LIMIT}" not in text
    sheet.write_text(f"{text.replace('- [ ]', '- [x]')}<!--{memory}")
    names: Sequence[str] = [known["kind"] for known in entry_of(house.ensure(), "tinsel")["objects"] if known["pending"]]
    assert "level" in names  # ticked, and REST shows nothing of it
