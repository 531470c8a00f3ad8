# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`python -m bench`: measures, and writes docs/performance.md. Everything it makes on the way lies in build/bench."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from bench import report, ways
from bench.figures import NEW, SETTLED, Case, Results
from bench.fleet import Fleet
from bench.sandboxes import ROOT, free_port, sandbox
from bench.ways import COLLECTION, Failed, Place

WORK = ROOT / "build" / "bench"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and writes the report. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few tenants, each way once; the report goes to build/bench")
    parser.add_argument("--up-to", type=int, default=ways.SIZES[-1], metavar="N", help="nothing with more tenants than this")
    parser.add_argument(
        "--results", type=Path, metavar="FILE", help="measure nothing, and write the report from an earlier run's results.json"
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where the report goes (default: docs)")
    options = parser.parse_args(arguments)
    if options.results:
        content = json.loads(options.results.read_text(encoding="utf-8"))
        results, machine = Results.from_json(content["results"]), report.Machine(**content["machine"])
    else:
        results, machine = _measure(ways.cases(options.quick, options.up_to)), report.this_machine()
    folder = options.out or (WORK if options.quick else ROOT / "docs")
    print(f"\n{report.write(results, machine, folder)}\nThe report is in {folder / 'performance.md'}")
    return 0


def _measure(cases: Sequence[Case]) -> Results:
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True, mode=0o700)
    results = Results()
    _on_the_settled_fleet([case for case in cases if case.fleet == SETTLED], results)
    for number, case in enumerate(ways.in_turn([case for case in cases if case.fleet == NEW])):
        _on_a_new_fleet(case, number, results)
    return results


def _on_the_settled_fleet(cases: Sequence[Case], results: Results) -> None:
    """Sets one tenant up, copies it, and lets every way check the copies. A run before the first measured one fills the collection's cache."""
    fleet, state, port = Fleet(WORK / "settled"), WORK / "settled.sqlite", free_port()
    tenants = max((case.tenants for case in cases), default=1)
    _say(f"Setting one tenant up, and copying it to {tenants}")
    with sandbox(WORK, port, state=state) as running:
        accesses = [running.first]
        ways.settle(Place(running, fleet, accesses))
        accesses += running.copies(tenants - 1)
        fleet.settle_copies(running.first, accesses[1:])
        ways.run(Case(COLLECTION, tenants), Place(running, fleet, accesses), "warm")
    for latency in sorted({case.latency for case in cases}):
        with sandbox(WORK, port, latency, state) as running:
            place = Place(running, fleet, accesses)
            for number, case in enumerate(ways.in_turn([case for case in cases if case.latency == latency])):
                _run(case, place, f"{latency}-{number:02}-{case.way}-{case.tenants}", results)


def _on_a_new_fleet(case: Case, number: int, results: Results) -> None:
    """Every run has a fleet of its own."""
    with sandbox(WORK, free_port(), case.latency) as running:
        place = Place(running, Fleet(WORK / f"new-{number:02}"), [running.first, *running.copies(case.tenants - 1)])
        _run(case, place, "first", results)


def _run(case: Case, place: Place, name: str, results: Results) -> None:
    """Keeps what a run took. A way that doesn't work is said in the report; the collection has to."""
    try:
        run = ways.run(case, place, name)
    except Failed as error:
        if case.way == COLLECTION:
            raise
        results.failed[case] = str(error).partition(";")[0]
        _say(f"{case.way}: {error}")
        return
    results.add(case, run)
    _keep(results)
    where = f"{case.fleet}, {case.tenants} tenants, {case.latency} ms"
    _say(
        f"{case.way:10} {where:32} {run.cpu / case.tenants:8.3f} CPU s a tenant {run.wall:8.1f} s {run.memory:6.0f} MB {run.requests} requests"
    )


def _keep(results: Results) -> None:
    """Writes the results so far, so that nothing is lost if somebody has waited long enough."""
    content = {"results": results.to_json(), "machine": vars(report.this_machine())}
    (WORK / "results.json").write_text(json.dumps(content, indent=2), encoding="utf-8")


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
