# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`make test` isn't green by leaving something out: only a Python that starts counts, and what isn't run is said."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.outcomes import VARIABLE
from tests.pythons import CORES, find

SKIPPING = """
import pytest
def test_that_runs(): pass
def test_that_does_not(): pytest.skip("nothing to hold it against")
@pytest.mark.parametrize("number", range(2))
def test_elsewhere(number): {elsewhere}
"""


def _program(folder: Path, name: str, text: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)
    return str(folder / name)


def _shim(folder: Path, version: str) -> str:
    """What a version manager has in PATH for a version that it doesn't have."""
    return _program(folder, f"python{version}", f'echo "pyenv: python{version}: command not found" >&2; exit 127')


def _python(folder: Path, version: str, says: str | None = None) -> str:
    """A Python that starts, and says its version and where it is."""
    return _program(folder, f"python{version}", f'echo "{says or version} $0"')


def test_a_name_that_does_not_start_is_no_python(tmp_path: Path) -> None:
    dead = _shim(tmp_path, "3.13")
    _python(tmp_path, "3.12")
    found = find(str(tmp_path))
    assert found.sessions() == ["tests-3.12", "browser", "lint", "sanity-3.12", "release"]
    assert found.not_run() == [
        "tests on Python 3.11 with ansible-core 2.18.19: no python3.11 on this machine that starts",
        "tests on Python 3.13 with ansible-core 2.21.5: no python3.13 on this machine that starts"
        f" ({dead} says: pyenv: python3.13: command not found)",
    ]


def test_all_pythons_have_their_sessions(tmp_path: Path) -> None:
    for version in CORES:
        _python(tmp_path, version)
    found = find(str(tmp_path))
    assert found.sessions() == ["tests-3.13", "browser", "lint", "sanity-3.13", "release", "tests-3.11", "sanity-3.11", "tests-3.12"]
    assert found.not_run() == []


def test_a_python_behind_a_dead_name_is_found(tmp_path: Path) -> None:
    _shim(tmp_path / "shims", "3.13")
    program = _python(tmp_path / "bin", "3.13")
    path = f"{tmp_path / 'shims'}{os.pathsep}{tmp_path / 'bin'}"
    found = find(path)
    assert found.programs == {"3.13": program}
    assert shutil.which("python3.13", path=found.path(path)) == program
    assert found.path(str(tmp_path / "bin")) == str(tmp_path / "bin")


def test_the_python_that_runs_counts_without_a_name(tmp_path: Path) -> None:
    found = find(str(tmp_path), _python(tmp_path / "own", "3.12"))
    assert found.sessions() == ["tests-3.12", "browser", "lint", "sanity-3.12", "release"]


def test_a_python_that_is_another_or_lacks_a_part_is_none(tmp_path: Path) -> None:
    other = _python(tmp_path, "3.13", says="3.9")
    part = _program(tmp_path, "python3.12", "printf 'Traceback (most recent call last):\\nModuleNotFoundError: ensurepip\\n' >&2; exit 1")
    found = find(str(tmp_path))
    assert found.programs == {}
    assert found.missing["3.13"].endswith(f"({other} is Python 3.9)")
    assert found.missing["3.12"].endswith(f"({part} says: ModuleNotFoundError: ensurepip)")


def test_no_python_at_all_is_a_failure(tmp_path: Path) -> None:
    for version in CORES:
        _shim(tmp_path, version)
    program = "import sys; sys._base_executable = sys.executable = 'gone'; from tests.pythons import main; sys.exit(main())"
    done = _run([sys.executable, "-c", program], PATH=str(tmp_path))
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(
        "Python 3.11, 3.12 or 3.13 is needed, and this machine has none that starts:\n  no python3.11 on this machine"
    )


def test_the_last_lines_say_what_was_skipped_everywhere(tmp_path: Path) -> None:
    for elsewhere in ("pytest.skip('by the other')", "pass"):
        (tmp_path / "test_it.py").write_text(SKIPPING.format(elsewhere=elsewhere))
        (tmp_path / "test_whole.py").write_text("import pytest\npytest.importorskip('no_such_library', reason='needs no_such_library')\n")
        options = ["-q", "-p", "tests.conftest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
        assert (
            _run([sys.executable, "-m", "pytest", *options, "-n", "1", str(tmp_path)], **{VARIABLE: str(tmp_path / "kept")}).returncode == 0
        )
    done = _run([sys.executable, "-m", "tests.outcomes"], **{VARIABLE: str(tmp_path / "kept")})
    assert [line for line in done.stdout.splitlines() if "on Python" not in line] == [
        "not run: 1 test of test_it.py: nothing to hold it against",
        "not run: all tests of test_whole.py: needs no_such_library",
    ]


@pytest.mark.parametrize("name", ["tests.pythons", "tests.outcomes"])
def test_make_can_ask_before_anything_is_installed(name: str) -> None:
    done = _run([sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {name}"])
    assert done.returncode == 0, done.stderr


def _run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=60)
