# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A copy that nobody has renamed is gone on with by the change that asked for it, and by no other."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import levels

from .running import House, Result, entries, entry_of, plan_of, profile

SOURCE = "API User (system)"
LONG = "A level of ours whose name is almost fifty long"
MORE = {"settings": {"Service Desk": {"Tickets": {"Delete": "None", "Add": "No"}}}}
BEGIN_ANEW = f'In the menu of "{SOURCE} (API-only)" choose Copy Security Level.'


def copy(house: House, source: str = SOURCE) -> str:
    """Somebody makes a copy and is called away; its name."""
    level = house.level(source)
    assert level
    return levels.copy(house.store, level.id, True).name


def go_on_with(name: str) -> str:
    """The end of the step that goes on with a copy."""
    return f'In the menu of "{name} (API-only)" choose Edit Security Level.'


def first_step(result: Result, key: str) -> str:
    """The first step that is planned for an integration."""
    return plan_of(entry_of(result, key))[0]


def test_a_copy_that_was_there_before_anybody_was_asked_is_left_alone(house: House) -> None:
    name = copy(house)
    asked = house.ensure(profile("tinsel"))
    assert first_step(asked, "tinsel").endswith(BEGIN_ANEW) and [name in warning for warning in asked["warnings"]] == [True]
    house.employee.tick("tinsel", 1)
    assert first_step(house.ensure(profile("tinsel", level=MORE)), "tinsel").endswith(BEGIN_ANEW)
    assert entries(house.finish()) == {"tinsel": "done"} and house.level(name)


@pytest.mark.parametrize("source", [SOURCE, LONG])
def test_the_copy_that_was_asked_for_is_gone_on_with(house: House, source: str) -> None:
    """Also one whose name was cut off."""
    if source == LONG:
        house.by_hand(LONG)
    stranger = copy(house, source)
    house.ensure(profile("tinsel", level={"copy_of": source}))
    own = copy(house, source)
    house.employee.tick("tinsel", 1)
    changed = house.ensure(profile("tinsel", level={**MORE, "copy_of": source}))
    assert first_step(changed, "tinsel").endswith(go_on_with(own))
    assert entries(house.finish()) == {"tinsel": "done"}
    assert house.level(stranger) and not house.level(own)


def test_a_copy_belongs_to_the_change_whose_step_is_ticked(house: House) -> None:
    house.ensure(profile("tinsel"), profile("wicker"))
    own = copy(house)
    house.employee.tick("wicker", 1)
    more: list[dict[str, Any]] = [profile(key, level=MORE) for key in ("tinsel", "wicker")]
    changed = house.ensure(*more)
    assert first_step(changed, "tinsel").endswith(BEGIN_ANEW)
    assert first_step(changed, "wicker").endswith(go_on_with(own))
    assert entries(house.finish()) == {"tinsel": "done", "wicker": "done"} and not house.level(own)


def test_what_a_button_clears_with_its_box_is_set_as_in_the_source_again(house: House) -> None:
    """Nobody named the box in Timesheets; it needs one in Reports, which the button clears and the profile ticks."""
    payroll = "Timesheets|Feature Access|Can access Time Off and Payroll reports|"
    reports = {"Reports": {"Can view standard reports in the following categories:": {"Time & Expenses": True}}}
    house.set_up(profile("tinsel", level={"sections": {"Reports": "No Permission"}, "settings": reports}, user={"expect": {}}))
    level, source = house.level("Tinsel API"), house.level("API User (system)")
    assert level and source and level.cells[payroll] and source.cells[payroll]
