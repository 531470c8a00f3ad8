# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every kind of fault at every request of a provision, a rotation and a retirement: the same end, or a clear error and then the same end.

`make test` draws a few requests for each kind, `make trust` takes them all.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from sandbox.app import Settings
from tests.trust import tried

from .disturbing import KINDS, SCENES, Broken, Moment, Stage, disturb, stage_of
from .running import BIRCH, House, houses

WHOLE = bool(os.environ.get("TRUST"))
DRAWN = 3
"""So many requests are drawn for each kind, unless all are taken."""

Case = tuple[str, int]


class Theatre:
    """A tenant on which scenes are set when they are needed, each once."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._empty = Moment.of(house)
        self._stages: dict[str, Stage] = {}

    def stage(self, scene: str) -> Stage:
        """A scene that is set."""
        if scene not in self._stages:
            self._stages[scene] = stage_of(self._house, self._empty, SCENES[scene])
        return self._stages[scene]

    def cases(self) -> list[Case]:
        """Every request of every run."""
        return [(scene, position) for scene in SCENES for position in range(1, self.stage(scene).requests + 1)]

    def disturb(self, kind: str, cases: list[Case], record_property: Callable[[str, object], None]) -> None:
        """Disturbs runs, tells how often what came of it, and fails with all that is broken."""
        outcomes: Counter[str] = Counter()
        broken = []
        for scene, position in cases:
            try:
                outcomes[disturb(self._house, self.stage(scene), kind, position)] += 1
            except Broken as reason:
                hits = ", ".join(f"{hit['method']} {hit['path']}" for hit in reason.hits[:3])
                broken.append(f"{kind} at request {position} ({hits}) of {scene}: {reason}")
        where = Counter(scene for scene, _position in cases)
        tried(record_property, "a fault at a request", kind, len(cases), outcomes, len(broken), where)
        assert not broken, "\n".join([f"{len(broken)} of {len(cases)}:", *broken])


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    """One for all tests of this file; nobody sleeps, and no number of requests is too many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.sleep", lambda _seconds: None)
        with houses(tmp_path_factory.mktemp("house"), patch, Settings(threshold=10**9)) as house_of:
            yield Theatre(house_of(BIRCH))


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_happens_to_a_request_it_ends_as_if_nothing_had(
    kind: str, theatre: Theatre, record_property: Callable[[str, object], None]
) -> None:
    cases = theatre.cases()
    theatre.disturb(kind, cases if WHOLE else random.Random(kind).sample(cases, min(DRAWN, len(cases))), record_property)


def test_a_fault_that_hits_nothing_is_noticed(theatre: Theatre) -> None:
    """The matrix itself can fail: beyond the last request there is nothing to disturb."""
    with pytest.raises(AssertionError, match="the fault has hit nothing"):
        theatre.disturb("500", [("provision, in sync", 1000)], lambda *_told: None)
