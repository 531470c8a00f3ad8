# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whatever happens to an integration, in any order: nothing of another one is touched, nothing is there twice, no secret is lost, nothing is too wide.

`make test` looks at a few histories, the same ones each time; `make trust` at many others.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.trust import tried

from .disturbing import OTHER, Moment
from .histories import Histories
from .running import House, profile

WHOLE = bool(os.environ.get("TRUST"))
# A history that breaks is told as it was drawn: making it shorter takes minutes. SHRINK=1 does.
PHASES = [Phase.generate, *([Phase.shrink] if "SHRINK" in os.environ else [])]


def test_whatever_happens_in_any_order(shared_house: House, record_property: Callable[[str, object], None]) -> None:
    house, done = shared_house, Counter[tuple[str, str]]()
    house.set_up(profile(OTHER))

    class OfThisHouse(Histories):
        pass

    OfThisHouse.house, OfThisHouse.started, OfThisHouse.done = house, Moment.of(house), done
    examples, steps = (300, 30) if WHOLE else (8, 14)
    try:
        run_state_machine_as_test(
            OfThisHouse,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                phases=PHASES,
                derandomize=not WHOLE,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        for kind in sorted({kind for kind, _outcome in done}):
            outcomes = {outcome: count for (one, outcome), count in done.items() if one == kind}
            tried(record_property, "a run of a history", kind, sum(outcomes.values()), outcomes, 0)
