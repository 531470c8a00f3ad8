# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Two controllers at once, in every order of their requests, and a process that is killed between any two: it all ends as if it had been one run.

`make test` draws a few of each, `make trust` takes all; of the orders in which both wait for each other it takes some hundred.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.trust import tried

from .disturbing import SCENES, Broken, Moment, Stage, interleave, kill, stage_of
from .running import House
from .wire import Killed

WHOLE = bool(os.environ.get("TRUST"))
DRAWN, DRAWN_OF_WHOLE = 2, 60
"""So many are drawn of each, unless all are taken; and so many of the orders in which both wait."""

# The run that is in the middle of something, and the one that comes then: the same, or another one that somebody may well have started.
PAIRS = {
    **{scene: (scene, scene) for scene in SCENES},
    "rotate, first; then provision": ("rotate, first", "provision, in sync"),
    "rotate, worked; then provision": ("rotate, worked", "provision, in sync"),
}
Try = Callable[[], str]


class Stages:
    """A tenant on which scenes are set when they are needed, each once."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._empty = Moment.of(house)
        self._set: dict[str, Stage] = {}

    def __getitem__(self, scene: str) -> Stage:
        if scene not in self._set:
            self._set[scene] = stage_of(self.house, self._empty, SCENES[scene])
        return self._set[scene]


@pytest.fixture(scope="module")
def stages(shared_house: House) -> Stages:
    """One for all tests of this file."""
    return Stages(shared_house)


@pytest.fixture
def each(record_property: Callable[[str, object], None]) -> Callable[[str, str, list[tuple[str, Try]]], None]:
    """Tries all of some cases, tells how often what came of it, and fails with all that is broken."""

    def tell(what: str, kind: str, cases: list[tuple[str, Try]]) -> None:
        outcomes: Counter[str] = Counter()
        broken = []
        for name, attempt in cases:
            try:
                outcomes[attempt()] += 1
            except Broken as reason:
                broken.append(f"{name}: {reason}")
        tried(record_property, what, kind, len(cases), outcomes, len(broken))
        assert not broken, "\n".join([f"{len(broken)} of {len(cases)}:", *broken])

    return tell


def drawn(cases: list[tuple[str, Try]], seed: str, most: int = DRAWN) -> list[tuple[str, Try]]:
    """Some of the cases, the same ones each time."""
    return random.Random(seed).sample(cases, min(most, len(cases)))


@pytest.mark.parametrize("pair", PAIRS)
def test_a_run_that_waits_while_another_one_goes_through(pair: str, stages: Stages, each: Callable[..., None]) -> None:
    first, second = PAIRS[pair]
    stage, other = stages[first], SCENES[second].run

    def at(number: int) -> Try:
        return lambda: interleave(stages.house, stage, other, number)

    cases = [(f"waiting before request {number}", at(number)) for number in range(1, stage.requests + 1)]
    each("two controllers, one goes through", pair, cases if WHOLE else drawn(cases, pair))


@pytest.mark.parametrize("pair", PAIRS)
def test_two_runs_that_wait_for_each_other(pair: str, stages: Stages, each: Callable[..., None]) -> None:
    first, second = PAIRS[pair]
    stage, other = stages[first], SCENES[second].run

    def at(number: int, back: int) -> Try:
        return lambda: interleave(stages.house, stage, other, number, back)

    # A second run may need more requests than it does alone.
    numbers = range(1, stage.requests + 1)
    cases = [(f"waiting before requests {number} and {back}", at(number, back)) for number in numbers for back in numbers]
    each("two controllers, both wait", pair, drawn(cases, pair, DRAWN_OF_WHOLE if WHOLE else DRAWN))


@contextmanager
def _dying(house: House, number: int) -> Iterator[None]:
    """Runs in this block are killed before their nth request, and one is."""

    def die(sent: int) -> None:
        if sent == number:
            raise Killed

    house.wire.forget()
    house.wire.before_each = die
    try:
        with pytest.raises(Killed):
            yield
    finally:
        house.wire.forget()


@pytest.mark.parametrize("scene", SCENES)
def test_a_run_that_is_killed_before_any_request(scene: str, stages: Stages, each: Callable[..., None]) -> None:
    stage, house = stages[scene], stages.house

    def at(number: int) -> Try:
        return lambda: kill(house, stage, _dying(house, number))

    cases = [(f"killed before request {number}", at(number)) for number in range(1, stage.requests + 1)]
    each("a kill before a request", scene, cases if WHOLE else drawn(cases, scene))


def _files_written(house: House, stage: Stage) -> int:
    """How many encrypted files the run of a scene writes."""
    for number in range(1, 100):
        stage.before.again(house)
        try:
            with house.killed_at_file(number, False):
                stage.scene.run(house)
        except pytest.fail.Exception:
            return number - 1
    raise AssertionError("it never ends")


@pytest.mark.parametrize("scene", [scene for scene in SCENES if scene not in ("provision, first", "provision, waiting")])
def test_a_run_that_is_killed_at_any_file(scene: str, stages: Stages, each: Callable[..., None]) -> None:
    stage, house = stages[scene], stages.house

    def at(number: int, before: bool) -> Try:
        return lambda: kill(house, stage, house.killed_at_file(number, before))

    numbers = range(1, _files_written(house, stage) + 1)
    cases = [
        (f"killed {'before' if before else 'after'} file {number}", at(number, before)) for number in numbers for before in (True, False)
    ]
    each("a kill at a file", scene, cases)
