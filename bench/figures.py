# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What was measured, and what follows from it. Nothing here runs anything."""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

SETTLED, NEW = "settled", "new"
"""The fleets: everything set up, recorded and handed over; nothing there yet."""


@dataclass(frozen=True)
class Case:
    """One thing to measure: a way, on so many tenants of a fleet, at a latency in milliseconds, so many times."""

    way: str
    tenants: int
    latency: int = 0
    fleet: str = SETTLED
    repetitions: int = 3


@dataclass(frozen=True)
class Run:
    """One run. Seconds are of the whole fleet and memory is megabytes; requests are the fewest and the most of a tenant, tasks those of a tenant.

    `writes` are the most requests of a tenant that wrote something.
    """

    wall: float
    cpu: float
    memory: float
    requests: tuple[int, int] = (0, 0)
    tasks: float = 0
    writes: int = 0


@dataclass(frozen=True)
class Spread:
    """The median of some figures, and the lowest and the highest of them."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        if _rounded(self.low) == _rounded(self.high):
            return _rounded(self.median)
        return f"{_rounded(self.median)} ({_rounded(self.low)} to {_rounded(self.high)})"


def spread(figures: Sequence[float]) -> Spread:
    """The spread of at least one figure."""
    return Spread(statistics.median(figures), min(figures), max(figures))


def _rounded(figure: float) -> str:
    """Three digits that count, and no more than whole numbers need."""
    if figure == int(figure) or figure >= 100:
        return f"{figure:.0f}"
    return f"{figure:.1f}" if figure >= 10 else f"{figure:.2f}" if figure >= 1 else f"{figure:.3f}"


class Results:
    """The runs of every case that was measured, and why others were not."""

    def __init__(self) -> None:
        self.runs: dict[Case, list[Run]] = {}
        self.failed: dict[Case, str] = {}

    def add(self, case: Case, run: Run) -> None:
        """Keeps one more run of a case."""
        self.runs.setdefault(case, []).append(run)

    def cases(self, fleet: str = SETTLED, latency: int = 0) -> list[Case]:
        """What was measured on a fleet at a latency."""
        return [case for case in self.runs if (case.fleet, case.latency) == (fleet, latency)]

    def of(self, way: str, tenants: int, latency: int = 0, fleet: str = SETTLED) -> list[Run]:
        """The runs of a case, none if it wasn't measured."""
        return [run for case in self.cases(fleet, latency) if (case.way, case.tenants) == (way, tenants) for run in self.runs[case]]

    def sizes(self, way: str, latency: int = 0, fleet: str = SETTLED) -> list[int]:
        """The numbers of tenants that a way was measured at, the smallest first."""
        return sorted({case.tenants for case in self.cases(fleet, latency) if case.way == way})

    def cpu_each(self, way: str, tenants: int, latency: int = 0, fleet: str = SETTLED) -> Spread | None:
        """CPU seconds a tenant."""
        runs = self.of(way, tenants, latency, fleet)
        return spread([run.cpu / tenants for run in runs]) if runs else None

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON has it."""
        return {
            "runs": [{"case": asdict(case), "runs": [asdict(run) for run in runs]} for case, runs in self.runs.items()],
            "failed": [{"case": asdict(case), "why": why} for case, why in self.failed.items()],
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Results:
        """What `to_json` wrote."""
        results = cls()
        for entry in content["runs"]:
            for run in entry["runs"]:
                low, high = run["requests"]
                results.add(Case(**entry["case"]), Run(**(run | {"requests": (low, high)})))
        results.failed = {Case(**entry["case"]): entry["why"] for entry in content["failed"]}
        return results


# What Ansible says at the end


@dataclass(frozen=True)
class Recap:
    """Ansible's recap: a line for each host."""

    hosts: int
    done: int
    changed: int
    failed: int

    @property
    def tasks(self) -> float:
        """Tasks a host, the skipped ones, too."""
        return self.done / self.hosts if self.hosts else 0


_RECAP = re.compile(r"^\S+ +: ok=(\d+) +changed=(\d+) +unreachable=(\d+) +failed=(\d+) +skipped=(\d+) +rescued=(\d+)", re.MULTILINE)


def recap(output: str) -> Recap:
    """Reads the recap in a playbook's output."""
    lines = [[int(figure) for figure in found.groups()] for found in _RECAP.finditer(output)]
    ok, changed, unreachable, failed, skipped, _rescued = (sum(column) for column in zip(*lines, strict=True)) if lines else (0,) * 6
    return Recap(len(lines), ok + skipped, changed, unreachable + failed)


# The targets


@dataclass(frozen=True)
class Target:
    """What is to be reached, what was, and whether that is enough; None where there is no limit, or it wasn't measured."""

    name: str
    wanted: str
    reached: str
    met: bool | None


def targets(results: Results) -> list[Target]:
    """All targets, with what was reached."""
    largest = max(results.sizes("collection"), default=0)
    settled = results.of("collection", largest)
    new = results.of("collection", max(results.sizes("collection", fleet=NEW), default=0), fleet=NEW)
    return [
        _at_most("tasks a tenant, in sync", 8, max((run.tasks for run in settled), default=None)),
        _at_most("REST requests a tenant, in sync, access checks included", 13, max((run.requests[1] for run in settled), default=None)),
        _first_run(new),
        _against_uri(results),
        _against_bare(results),
        _growth("CPU a tenant, 1,000 tenants against 100", 1.1, _cpu_growth(results, 1000, 100)),
        _growth("memory, 1,000 tenants against 10", 2.2, _memory_growth(results, 1000, 10)),
    ]


def _at_most(name: str, limit: float, reached: float | None) -> Target:
    shown = _NOT if reached is None else _rounded(reached)
    return Target(name, f"≤ {limit:g}", shown, None if reached is None else reached <= limit)


def _first_run(runs: Sequence[Run]) -> Target:
    target = _at_most("REST requests a tenant, first run", 180, max((run.requests[1] for run in runs), default=None))
    return replace(target, reached=f"{target.reached}, {max(run.writes for run in runs)} of them write") if runs else target


def _growth(name: str, limit: float, reached: float | None) -> Target:
    shown = _NOT if reached is None else f"{reached:.2f} times"
    return Target(name, f"≤ {limit:g} times", shown, None if reached is None else round(reached, 2) <= limit)


_NOT = "not measured"
URI_TIMES = 60


def _against_uri(results: Results) -> Target:
    name, wanted = "CPU a tenant against `ansible.builtin.uri`", f"≥ {URI_TIMES} times less"
    both = set(results.sizes("collection")) & set(results.sizes("uri"))
    if not both:
        return Target(name, wanted, _NOT, None)
    tenants = max(both)
    times = _median(results, "uri", tenants) / _median(results, "collection", tenants)
    return Target(name, wanted, f"{_rounded(times)} times less, {_fleet(tenants)}", times >= URI_TIMES)


def _against_bare(results: Results) -> Target:
    name, wanted = "CPU a tenant against bare `requests`, without Ansible's own fork and task", "shown"
    all_three = set(results.sizes("collection")) & set(results.sizes("empty")) & set(results.sizes("bare"))
    if not all_three:
        return Target(name, wanted, _NOT, None)
    tenants = max(all_three)
    collection, empty, bare = (_median(results, way, tenants) for way in ("collection", "empty", "bare"))
    reached = f"{_rounded((collection - empty) / bare)} times as much, {_fleet(tenants)} ({_rounded(collection / bare)} with them)"
    return Target(name, wanted, reached, None)


def _fleet(tenants: int) -> str:
    return f"{tenants:,} tenant{'s' if tenants > 1 else ''}"


def _median(results: Results, way: str, tenants: int) -> float:
    found = results.cpu_each(way, tenants)
    return found.median if found else 0


def _cpu_growth(results: Results, many: int, few: int) -> float | None:
    over, under = (results.cpu_each("collection", tenants) for tenants in (many, few))
    return over.median / under.median if over and under else None


def _memory_growth(results: Results, many: int, few: int) -> float | None:
    over, under = ([run.memory for run in results.of("collection", tenants)] for tenants in (many, few))
    return statistics.median(over) / statistics.median(under) if over and under else None
