# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which Pythons of this machine start, and which sessions of nox `make test` therefore has. `python -m tests.pythons` prints the sessions.

A name in PATH says nothing: a version manager puts `python3.13` there for versions that it doesn't have. So each is started.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

# The supported Pythons, oldest first. The ansible-cores from the oldest to the newest that is supported, each on a Python that it runs on.
CORES = {"3.11": "2.18.19", "3.12": "2.20.10", "3.13": "2.21.5"}
NAMES = "Python 3.11, 3.12 or 3.13"
# nox needs a Python that makes virtual environments; Debian has that in a package of its own.
_PROGRAM = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2], sys.executable)"


@dataclass
class Pythons:
    """The Pythons that start, oldest first, by version; and for every other one why it doesn't."""

    programs: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    @property
    def oldest(self) -> str:
        """The oldest that starts: it has the oldest ansible-core."""
        return next(iter(self.programs))

    @property
    def newest(self) -> str:
        """The newest that starts: it does everything."""
        return next(reversed(self.programs))

    def sessions(self) -> list[str]:
        """What there is to run, the longest first."""
        first = [f"tests-{self.newest}", "browser", "lint", f"sanity-{self.newest}", "release"]
        oldest = [f"tests-{self.oldest}", f"sanity-{self.oldest}"]
        return list(dict.fromkeys([*first, *oldest, *(f"tests-{version}" for version in self.programs)]))

    def not_run(self) -> list[str]:
        """What the missing ones leave untested, and why."""
        return [f"tests on Python {version} with ansible-core {CORES[version]}: {why}" for version, why in self.missing.items()]

    def path(self, path: str) -> str:
        """A PATH where each name leads to the Python that starts."""
        for version, program in self.programs.items():
            if _start(shutil.which(f"python{version}", path=path) or "")[0] != version:
                path = f"{Path(program).parent}{os.pathsep}{path}"
        return path


def find(path: str, own: str | None = None) -> Pythons:
    """Start what PATH calls python3.11 and so on, everywhere in it; then `own`, the Python that already runs."""
    found = Pythons()
    for version in CORES:
        complaints = []
        for name in [*_named(f"python{version}", path), *([own] if own else [])]:
            started, said = _start(name)
            if started == version:
                found.programs[version] = said
                break
            if name != own:
                complaints.append(f"{name} says: {said}" if started is None else f"{name} is Python {started}")
        else:
            why = f" ({'; '.join(complaints)})" if complaints else ""
            found.missing[version] = f"no python{version} on this machine that starts{why}"
    return found


def here() -> Pythons:
    """The Pythons of this machine."""
    return find(os.environ.get("PATH", os.defpath), getattr(sys, "_base_executable", None) or sys.executable)


def _named(name: str, path: str) -> list[str]:
    """Every program of that name in PATH, the first first."""
    programs = [shutil.which(name, path=folder) for folder in path.split(os.pathsep) if folder]
    return list(dict.fromkeys(program for program in programs if program))


def _start(program: str) -> tuple[str | None, str]:
    """The version that a Python says it has, and where it says it is; or None, and what is wrong with it."""
    try:
        done = subprocess.run(
            [program, "-c", _PROGRAM], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return None, str(error)
    said = done.stdout.strip().split(" ", 1)
    if done.returncode == 0 and len(said) == 2:
        return said[0], said[1]
    lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()] or [f"nothing, and ends with {done.returncode}"]
    return None, lines[-1 if lines[0].startswith("Traceback") else 0]


def main() -> int:
    """Print the sessions; without any Python, say so and fail."""
    found = here()
    if found.programs:
        print(*found.sessions())
        return 0
    print(f"{NAMES} is needed, and this machine has none that starts:", *found.missing.values(), sep="\n  ", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
