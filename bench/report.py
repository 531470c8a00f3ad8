# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The report: docs/performance.md, a table for each fleet and latency, and beside it a plot."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bench import plot
from bench.figures import NEW, SETTLED, Case, Results, Run, Spread, spread, targets
from bench.fleet import FORKS
from bench.ways import AWAY, BARE, EMPTY, LARGEST, SIZES, WAYS, cases

PLOT = "performance.svg"


@dataclass(frozen=True)
class Machine:
    """What was measured on."""

    cores: int
    system: str
    python: str
    ansible_core: str


def this_machine() -> Machine:
    """This one."""
    return Machine(os.cpu_count() or 0, f"{platform.system()} {platform.machine()}", platform.python_version(), version("ansible-core"))


def write(results: Results, machine: Machine, folder: Path) -> str:
    """Writes the report and the plot into a folder. Returns the table of targets."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "performance.md").write_text(text(results, machine), encoding="utf-8")
    (folder / PLOT).write_text(_plot(results), encoding="utf-8")
    return _targets(results)


def text(results: Results, machine: Machine) -> str:
    """The report."""
    parts = [
        "# Performance",
        "Written by `make bench`; what is changed here is lost with the next one.",
        INTRODUCTION,
        "## Targets",
        _targets(results),
        "## A fleet in sync",
        f"![CPU seconds a tenant, by the number of tenants]({PLOT})",
        _table(results, SETTLED, 0),
        f"### {AWAY} ms away",
        f"Each answer takes {AWAY} ms longer.",
        _table(results, SETTLED, AWAY),
        "## The first run",
        "Nothing is there; the run opens a change ticket for each vendor.",
        _table(results, NEW, 0),
        f"### {AWAY} ms away",
        _table(results, NEW, AWAY),
        "## How it was measured",
        _method(machine),
        _limits(results),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


INTRODUCTION = """\
What it costs to check that five vendors are set up on each tenant of a fleet, beside other ways to read the same facts: a playbook of
`ansible.builtin.uri` tasks that reads each fact once and asserts it, this collection with its modules packed and started one by one as Ansible
usually does, and a loop of bare `requests` without Ansible. The playbooks `plan` and `verify` check the same, and write a document with every value.
A figure is the median of the runs, with the lowest and the highest."""


def _targets(results: Results) -> str:
    answers = {True: "yes", False: "**no**", None: "-"}
    return markdown(
        ["target", "wanted", "reached", "met"], ([one.name, one.wanted, one.reached, answers[one.met]] for one in targets(results))
    )


def _table(results: Results, fleet: str, latency: int) -> str:
    order = list(WAYS)
    found = sorted(results.cases(fleet, latency), key=lambda case: (order.index(case.way), case.tenants))
    columns = ["way", "tenants", "CPU s a tenant", "wall s", "requests a tenant", "memory MB", "tasks a tenant", "runs"]
    return markdown(columns, [_row(case, results.runs[case]) for case in found]) if found else "Not measured."


def _row(case: Case, runs: Sequence[Run]) -> list[str]:
    memory = Spread(*(round(figure) for figure in vars(spread([run.memory for run in runs])).values()))
    low, high = min(run.requests[0] for run in runs), max(run.requests[1] for run in runs)
    return [
        WAYS[case.way],
        f"{case.tenants:,}",
        str(spread([run.cpu / case.tenants for run in runs])),
        str(spread([run.wall for run in runs])),
        str(high) if low == high else f"{low} to {high}",
        str(memory),
        "-" if case.way == BARE else str(spread([run.tasks for run in runs])),
        str(len(runs)),
    ]


def markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _method(machine: Machine) -> str:
    return f"""\
- On {machine.cores} cores ({machine.system}), Python {machine.python}, ansible-core {machine.ansible_core}, {FORKS} forks, otherwise Ansible's
  own defaults; against the [sandbox](https://github.com/msp-autotask/msp.autotask/blob/main/sandbox/README.md) on the same machine.
- CPU seconds are those of the process and all of its children (`wait4`), user and system. The sandbox's own are not counted; it shares the cores,
  so wall time is longer than with a tenant elsewhere. Memory is the peak of the largest process, which is the controller.
- Requests are those that the sandbox counted for a tenant: the fewest and the most where tenants differ. Tasks are those of Ansible's recap,
  the skipped ones, too.
- The settled fleet: one tenant was set up by the playbooks and the sandbox's operator, and then copied, each copy with credentials and vault files
  of its own. A run that isn't measured came first, so that the collection's cache knows each tenant's zone. Every run has to end without a change;
  `plan` and `verify`, which write their document, without one on a tenant, and with all tenants in sync in it.
- For a first run each time a new sandbox and an empty folder.
- The ways take turns, so that each has its share of whatever else the machine does.
- Ansible's own fork and task: `{WAYS[EMPTY].partition(", ")[2]}`, on the same inventory.
- The requests of `bare.py` and of `playbooks/uri.yml` are the same. Both are in [bench/](https://github.com/msp-autotask/msp.autotask/blob/main/bench)."""


def _limits(results: Results) -> str:
    """What was not measured, and why."""
    smaller = [
        f"{WAYS[way]} above {most:,} tenants ({_where(fleet, latency)})"
        for (fleet, latency), largest in LARGEST.items()
        for way, most in largest.items()
        if most < SIZES[-1]
    ]
    lines = [f"- Not measured, because nobody would wait for it: {'; '.join(smaller)}."]
    left_out: dict[str, list[str]] = {}
    for case in cases():
        if case not in results.failed and not results.of(case.way, case.tenants, case.latency, case.fleet):
            left_out.setdefault(f"{WAYS[case.way]} ({_where(case.fleet, case.latency)})", []).append(f"{case.tenants:,}")
    if left_out:
        told = "; ".join(f"{what}, {', '.join(sizes)} tenants" for what, sizes in left_out.items())
        lines.append(f"- Left out of this run, which was a shortened one: {told}.")
    lines += [
        f"- {WAYS[case.way]} on {case.tenants:,} tenants ({_where(case.fleet, case.latency)}): {why}."
        for case, why in results.failed.items()
    ]
    return "\n".join(lines)


def _where(fleet: str, latency: int) -> str:
    return f"{'in sync' if fleet == SETTLED else 'first run'}, {latency} ms"


def _plot(results: Results) -> str:
    lines = []
    for way, title in WAYS.items():
        points = {tenants: found for tenants in results.sizes(way) if (found := results.cpu_each(way, tenants))}
        if points:
            lines.append(plot.Line(title.replace("`", ""), points))
    return plot.svg("CPU seconds a tenant, fleet in sync", "tenants", lines)
