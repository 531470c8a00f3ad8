# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a run calls done is what the profile says, cell by cell, in the editor itself: for random profiles, two of them on one tenant.

By ticket and by run sheet, for levels that are new or there already, and once more after the profile has changed. Half-made ones: test_copies.py.
By a browser: tests/roles/test_console.py.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from sandbox import editor

from .running import BIRCH, House, entries, houses, profile
from .wanted_levels import Cells, WantedLevel, some_cells, some_level

KEYS = ("tinsel", "wicker")
SOURCE = "API User (system)"


def _before(house: House, name: str, state: str, changes: Cells) -> Cells:
    """What the level holds, or what a copy will."""
    if state == "there":
        return dict(house.by_hand(name, changes).cells)
    source = house.level(SOURCE)
    assert source
    return dict(editor.copied_cells(source, True))


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
    later = {key: some_level(chance, one.baseline) for key, one in first.items()}
    by_hand = {key: some_cells(chance, 8) for key in KEYS}
    note(f"{states}, {first}, then {later}, and by hand {by_hand}")
    with pytest.MonkeyPatch.context() as patch, houses(tmp_path_factory.mktemp("house"), patch) as house_of:
        house = house_of(BIRCH)
        house.options = {"apply_via": apply_via}
        before = {key: _before(house, f"{key.capitalize()} API", states[key], by_hand[key]) for key in KEYS}
        for wanted in (first, later):
            expected = {key: one.stored(before[key]) for key, one in wanted.items()}
            _settle(house, wanted)
            assert {key: _differences(house, f"{key.capitalize()} API", expected[key]) for key in KEYS} == {key: {} for key in KEYS}
            before = expected
