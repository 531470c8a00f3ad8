# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The last lines of pytest about faults: what was tried how often, and what came of it. Tests tell it by the property `faults`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any


def told(reports: Iterable[Any]) -> list[dict[str, Any]]:
    """What tests have told of faults. It comes with their reports, so it doesn't matter in which process they ran."""
    return [value for report in reports for name, value in getattr(report, "user_properties", ()) if name == "faults"]


def lines(tried: Sequence[dict[str, Any]]) -> list[str]:
    """Kinds, positions and counts: a line for all together, one for what came of it, one for each run, and one for each kind."""
    if not tried:
        return []
    cases = [(one["kind"], *case) for one in tried for case in one["cases"]]
    outcomes: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = {}
    for one in tried:
        came = Counter(one["outcomes"]) + Counter({"broken": one["broken"]})
        outcomes += came
        kinds[one["kind"]] = kinds.get(one["kind"], Counter()) + came
    places = {(scene, position) for _kind, scene, position in cases}
    runs = Counter(scene for scene, _position in places)
    return [
        f"{len(kinds)} kinds of faults at {len(places)} requests of {len(runs)} runs, {len(cases)} in all: {_counted(outcomes)}",
        *(f"  {scene}: {count} requests" for scene, count in sorted(runs.items())),
        *(f"  {kind}: {_counted(came)}" for kind, came in sorted(kinds.items())),
    ]


def _counted(outcomes: Counter[str]) -> str:
    return ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common() if count)
