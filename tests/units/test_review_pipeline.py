# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The entry point for pipelines, as an installed collection has it: the exit code for what came of a run, with a playbook that leaves any document."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._review.document import document_of, failed_part, part_of, to_json
from tests.conftest import ROOT

from .review_documents import entry, item

# Says what it was given, leaves the document where it is wanted, and ends as told.
STUB = f"""#!{sys.executable}
import json, os, pathlib, signal, sys
print(json.dumps(sys.argv[1:]), flush=True)
outcome = json.loads(sys.argv[-1])["autotask_outcome"]
document = os.environ.get("STUB_DOCUMENT")
if document:
    pathlib.Path(outcome).write_text(document)
if os.environ.get("STUB_SIGNAL"):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    os.kill(os.getppid(), int(os.environ["STUB_SIGNAL"]))
    signal.pause()
sys.exit(int(os.environ.get("STUB_STATUS", "0")))
"""
OF_A_SECOND = failed_part("", "birch", "Its zone could not be reached.")


def _document(*states: str, **more: Any) -> str:
    return to_json(document_of([part_of("", "alder", integrations=[entry(*map(_item, states), **more)])]))


def _item(state: str) -> dict[str, Any]:
    return item(f"tinsel/level/Tinsel API/{state}", state)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program in a collection that is installed, by a link, as people put it onto their PATH."""
    home = tmp_path_factory.mktemp("a home")
    installed = home / ".ansible" / "collections" / "ansible_collections" / "msp" / "autotask"
    for folder in ("module_utils", "plugin_utils"):
        shutil.copytree(ROOT / "plugins" / folder, installed / "plugins" / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "bin", installed / "bin")
    (home / "autotask").symlink_to(installed / "bin" / "autotask")
    stub = home / "programs" / "ansible-playbook"
    stub.parent.mkdir()
    stub.write_text(STUB)
    stub.chmod(0o755)
    return home / "autotask"


def _run(program: Path, *arguments: str, path: str | None = None, **told: str) -> subprocess.CompletedProcess[str]:
    programs = f"{program.parent / 'programs'}:{Path(sys.executable).parent}:/usr/bin:/bin" if path is None else path
    environment = {"PATH": programs, "HOME": str(program.parent), "TMPDIR": str(program.parent)}
    command = [str(program), *arguments]
    return subprocess.run(command, env={**environment, **told}, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        (0, {"STUB_DOCUMENT": _document("in sync", "accepted")}),
        (2, {"STUB_DOCUMENT": _document("in sync", "drifted")}),
        (2, {"STUB_DOCUMENT": _document("waiting")}),
        (3, {"STUB_DOCUMENT": _document("in sync", "drifted", "unknown")}),
        (3, {"STUB_DOCUMENT": to_json(document_of([OF_A_SECOND, *json.loads(_document("in sync"))["tenants"]])), "STUB_STATUS": "2"}),
        (1, {"STUB_DOCUMENT": to_json(document_of([OF_A_SECOND])), "STUB_STATUS": "4"}),
        (3, {"STUB_DOCUMENT": _document("in sync"), "STUB_STATUS": "2"}),
        (3, {"STUB_DOCUMENT": _document("drifted"), "STUB_STATUS": "4"}),
        (1, {}),
        (1, {"STUB_STATUS": "4"}),
        (1, {"STUB_DOCUMENT": _document("in sync"), "STUB_STATUS": "5"}),
        (1, {"STUB_DOCUMENT": _document("in sync"), "STUB_STATUS": "250"}),
        (1, {"STUB_DOCUMENT": '{"kind": "another"}'}),
        (1, {"STUB_DOCUMENT": _document("in sync")[:-40]}),
        (1, {"STUB_DOCUMENT": _document("in sync"), "STUB_SIGNAL": str(int(signal.SIGTERM))}),
    ],
)
def test_the_exit_code_says_what_came_of_it_and_one_line_what_that_means(program: Path, expected: int, told: dict[str, str]) -> None:
    done = _run(program, "verify", "-i", "fleet.yml", **told)
    assert done.returncode == expected, done.stderr
    [line] = done.stderr.splitlines()
    assert line.startswith(f"autotask: exit code {expected}: ")
    assert not list(program.parent.glob("autotask-*")), "nothing is left behind"


def test_ctrl_c_is_bad_input(program: Path) -> None:
    """The keyboard sends it to both; the playbook has come to its end when the code is known."""
    environment = {"PATH": f"{program.parent / 'programs'}:/usr/bin:/bin", "STUB_DOCUMENT": _document("in sync"), "STUB_SIGNAL": "0"}
    started = subprocess.Popen(
        [program, "plan"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert started.stdout is not None and started.stdout.readline(), "it is under way"
    os.killpg(started.pid, signal.SIGINT)
    _said, error = started.communicate(timeout=60)
    assert started.returncode == 1 and "autotask: exit code 1: The run was broken off." in error


def test_options_are_passed_on_as_they_are(program: Path) -> None:
    options = ["-i", "my fleet.yml", "--limit", "alder:!birch", "-e", "autotask_outcome=/elsewhere", "--check"]
    done = _run(program, "provision", *options, STUB_DOCUMENT=_document("to do"))
    given = json.loads(done.stdout)
    assert given[:-2] == ["msp.autotask.provision", *options] and given[-2] == "-e" and done.returncode == 2


def test_what_it_cant_do_it_says(program: Path) -> None:
    for arguments in ([], ["retire"], ["--limit", "alder"]):
        done = _run(program, *arguments)
        assert done.returncode == 1 and done.stderr.startswith("usage: autotask plan|verify|provision ")
    shown = _run(program, "--help")
    assert shown.returncode == 0 and "  3  Some tenants failed" in shown.stdout
    without = _run(program, "plan", path="/usr/bin:/bin")
    assert without.returncode == 1 and without.stderr.startswith("autotask: there is no ansible-playbook on the PATH")
