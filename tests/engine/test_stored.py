# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a run calls done is what the profile says, cell by cell, in the editor itself: for random profiles, two of them on one tenant,
whose editor may have sections that no list knows.

By ticket and by run sheet, for levels that are new or there already, and once more after the profile has changed. Half-made ones: test_copies.py.
By a browser: tests/roles/test_console.py.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from sandbox import editor
from sandbox.model import Level

from .running import BIRCH, House, entries, houses, profile
from .wanted_levels import CAN_CREATE, MAXIMUM, Cells, WantedLevel, some_cells, some_level, some_more

KEYS = ("tinsel", "wicker")
SOURCE = "API User (system)"


def _source(house: House) -> Level:
    source = house.level(SOURCE)
    assert source
    return source


def _with_webhooks_of(level: Cells, cells: Cells) -> Cells:
    """The cells with the webhooks that a level has already: they are their limit's alone."""
    return {**cells, CAN_CREATE: level[CAN_CREATE], MAXIMUM: level[MAXIMUM]}


def _before(house: House, name: str, state: str, changes: Cells) -> Cells:
    """What a copy holds of what nobody named: what a fresh one does, or, where a level is there that nobody knows, what people set as in its source."""
    if state == "there":
        return _with_webhooks_of(house.by_hand(name, changes).cells, _source(house).cells)
    return dict(editor.copied_cells(_source(house), True))


def _afterwards(house: House, before: Cells, stored: Cells, first: WantedLevel, later: WantedLevel) -> Cells:
    """The same once a profile has changed: what it names no longer is as in the source."""
    source = _source(house).cells
    dropped = set(source) if first.baseline == "none" else first.decides - later.decides
    return _with_webhooks_of(stored, {**before, **{key: source[key] for key in dropped}})


def _differences(house: House, name: str, expected: Cells) -> dict[str, tuple[object, object]]:
    level = house.level(name)
    assert level and level.active
    return {
        key: (level.cells.get(key), expected.get(key))
        for key in sorted({*level.cells, *expected})
        if level.cells.get(key) != expected.get(key)
    }


def _settle(house: House, wanted: dict[str, WantedLevel]) -> None:
    asked = house.ensure(*(profile(key, level=one.written(), user={"expect": {}}) for key, one in wanted.items()))
    assert not asked.get("failed"), asked
    done = house.finish()
    assert entries(done) == dict.fromkeys(wanted, "done")


@pytest.mark.parametrize("apply_via", ["ticket", "runsheet"])
@settings(max_examples=20, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@given(chance=st.randoms(use_true_random=False))
def test_the_editor_holds_what_the_profiles_say(apply_via: str, chance: Random, tmp_path_factory: pytest.TempPathFactory) -> None:
    first = {key: some_level(chance) for key in KEYS}
    states = {key: chance.choice(["new", "there"]) for key in KEYS}
    later = {key: some_level(chance) for key in KEYS}
    by_hand = {key: some_cells(chance, 8) for key in KEYS}
    more = some_more(chance)
    note(f"{states}, {first}, then {later}, by hand {by_hand}, and the editor also has {more}")
    with pytest.MonkeyPatch.context() as patch, houses(tmp_path_factory.mktemp("house"), patch) as house_of:
        house = house_of(BIRCH)
        house.show_sections(more)
        house.options = {"apply_via": apply_via}
        before = {key: _before(house, f"{key.capitalize()} API", states[key], by_hand[key]) for key in KEYS}
        for wanted in (first, later):
            expected = {key: one.stored(before[key]) for key, one in wanted.items()}
            _settle(house, wanted)
            assert {key: _differences(house, f"{key.capitalize()} API", expected[key]) for key in KEYS} == {key: {} for key in KEYS}
            before = {key: _afterwards(house, before[key], expected[key], first[key], later[key]) for key in KEYS}
