# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What `make test` left out, and why. pytest keeps what it skipped; `python -m tests.outcomes` says at the end what no session has run."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from tests.pythons import here

# Where the sessions keep their outcomes: a folder in this variable.
VARIABLE = "TEST_OUTCOMES"


class Keeper:
    """A plugin of pytest that keeps which tests were skipped, and which ran."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.skipped: dict[str, str] = {}
        self.ran: list[str] = []

    def pytest_collectreport(self, report: Any) -> None:
        """A whole file was skipped, because it needs what isn't there."""
        if report.skipped:
            self.skipped[report.nodeid] = _reason(report)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """A test was skipped, or ran."""
        if report.skipped:
            self.skipped[report.nodeid] = _reason(report)
        elif report.when == "call":
            self.ran.append(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Write it down for the last lines of `make test`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{os.getpid()}.json").write_text(json.dumps({"skipped": self.skipped, "ran": self.ran}))


def _reason(report: Any) -> str:
    """Why something was skipped: pytest has it as a place and a text."""
    told = report.longrepr
    return str(told[2] if isinstance(told, tuple) else told).removeprefix("Skipped: ")


def skipped(folder: Path) -> list[str]:
    """What one session skipped and no other one ran: a line a file, with how many tests of it, and why."""
    kept = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    ran = {test for one in kept for test in one["ran"]}
    ran |= {test.partition("::")[0] for test in ran}
    left = {test: reason for one in kept for test, reason in one["skipped"].items() if test not in ran}
    files: dict[str, list[str]] = {}
    for test in sorted(left):
        files.setdefault(test.partition("::")[0], []).append(test)
    return [f"{_how_many(tests)} of {file}: {'; '.join(dict.fromkeys(left[test] for test in tests))}" for file, tests in files.items()]


def _how_many(tests: list[str]) -> str:
    """A file that was skipped as a whole has no tests to be counted."""
    if "::" not in tests[0]:
        return "all tests"
    return "1 test" if len(tests) == 1 else f"{len(tests)} tests"


def main() -> None:
    """Print what didn't run."""
    left = here().not_run() + skipped(Path(os.environ[VARIABLE]))
    print("\n".join(f"not run: {line}" for line in left) or "nothing was left out")


if __name__ == "__main__":
    main()
