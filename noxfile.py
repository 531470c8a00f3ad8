# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`make test`: everything that has to hold, on every supported Python and ansible-core that this machine can offer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nox
from nox.command import CommandFailed

ROOT = Path(__file__).parent
sys.path.insert(0, str(ROOT))

from tests.pythons import CORES, here  # noqa: E402

nox.options.error_on_missing_interpreters = True
nox.options.download_python = "never"
nox.options.stop_on_first_error = False
nox.options.reuse_venv = "yes"

COLLECTION = "ansible_collections/msp/autotask"
# Those that start: the newest does everything. What is missing is no session, and `nox -s` of it fails.
PYTHONS = here()
if not PYTHONS.programs:
    raise SystemExit("\n  ".join(["No supported Python starts on this machine:", *PYTHONS.missing.values()]))
os.environ["PATH"] = PYTHONS.path(os.environ.get("PATH", os.defpath))
# Hundreds of processes import the same files: none of them should compile what another one has compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
NEWEST, OLDEST = PYTHONS.newest, PYTHONS.oldest
RUNNING = list(PYTHONS.programs)
# nox reuses an environment whatever Python it was made with: those of another newest Python lie elsewhere.
nox.options.envdir = f".nox/{NEWEST}"
# On all but the newest Python: what could depend on the version of Ansible, or of Python. The oldest ansible-core templates and handles text otherwise.
OTHER_VERSIONS = [
    "tests/documents",
    "tests/collection/test_collection.py",
    "tests/collection/test_generated.py",
    "tests/units/test_listed.py",
    "tests/units/test_no_text.py",
    "tests/units/test_vault_files.py",
]
OLDEST_VERSION = [
    "tests/modules/test_both_ways.py",
    "tests/modules/test_examples.py",
    "tests/roles/test_beecastle.py::test_from_nothing_to_the_hand_over",
    "tests/roles/test_secrets.py",
    "tests/roles/test_surroundings.py",
]
BROWSER = [
    "tests/console",
    "tests/modules/test_examples.py::test_the_examples_run[autotask_console_info]",
    "tests/modules/test_examples.py::test_the_examples_run[autotask_security_level_info]",
    "tests/roles/test_console.py",
    "tests/roles/test_console_killed.py",
    "tests/sandbox/test_console_browser.py",
    "tests/sandbox/test_console_generations.py",
    "tests/sandbox/test_console_traps_browser.py",
    "tests/units/test_hand_in_page.py",
    "tests/units/test_review_page.py",
    "tests/units/test_run_sheet_page.py",
]
# Those that have a long version. They repeat a few paths through the code hundreds of times, and are measured for nothing.
TRUST = [
    "tests/engine/test_arbitrary.py",
    "tests/engine/test_fault_matrix.py",
    "tests/engine/test_histories.py",
    "tests/engine/test_interleavings.py",
]
# They run the collection in their own process, or what they play is small: their coverage of plugins/ has a floor, in pyproject.toml.
# Measured over all tests, it would cost half as much time again.
MEASURED = ["tests/documents", "tests/client", "tests/profiles", "tests/units", "tests/engine"]


def _install_ansible(session: nox.Session) -> None:
    """Each ansible-core has its own idea of its libraries, so they are not pinned by ours."""
    session.install(f"ansible-core=={CORES[str(session.python)]}")


def _link() -> None:
    link = ROOT / "build" / "collections" / COLLECTION
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.exists():
        link.symlink_to(ROOT)


def _run_all(session: nox.Session, *steps: list[str] | Callable[[nox.Session], None], **options: object) -> None:
    """Run each command, or step, whatever the others say; fail at the end if one of them did."""
    failed = []
    for step in steps:
        try:
            if callable(step):
                step(session)
            else:
                session.run(*step, **options)
        except CommandFailed:
            failed.append(step.__name__.strip("_").replace("_", " ") if callable(step) else " ".join(step))
    if failed:
        session.error("\n  ".join(["failed:", *failed]))


@nox.session(python=NEWEST)
def lint(session: nox.Session) -> None:
    """Formatting, types, Ansible's own taste, changelog fragments."""
    session.install("-r", "requirements/ansible.txt", "-r", "requirements/lint.txt")
    _link()
    collections = str(ROOT / "build" / "collections")
    _run_all(
        session,
        ["ruff", "format", "--check", "."],
        ["ruff", "check", "."],
        ["mypy", "sandbox", "bench", "release", "examples", "docs"],
        ["mypy", "-p", "ansible_collections.msp.autotask.plugins"],
        ["antsibull-changelog", "lint"],
        ["yamllint", "--strict", ".github", "docs/docsite", "execution-environment", "meta"],
        ["ansible-lint", "--offline"],
        _licences,
        env={"MYPYPATH": "build/collections", "ANSIBLE_COLLECTIONS_PATH": collections},
    )


@nox.session(python=NEWEST)
def release(session: nox.Session) -> None:
    """What is published, made and checked: the site, the artifact, definitions of execution environments, checksums. It is in build/release.

    With the argument `site`, only that.
    """
    session.install("-r", "requirements/ansible.txt", "-r", "requirements/release.txt")
    session.install("--no-deps", "-r", "requirements/importer.txt")
    _link()
    collections = ROOT / "build" / "collections"
    session.env.update(ANSIBLE_COLLECTIONS_PATH=str(collections), PYTHONPATH=f"{collections}{os.pathsep}{ROOT}")
    if session.posargs == ["site"]:
        session.run("python", "-m", "docs.site")
        return
    _run_all(
        session,
        ["antsibull-docs", "lint-collection-docs", "--plugin-docs", "--validate-collection-refs=self", "."],
        _publish,
        _licences,
    )


def _publish(session: nox.Session) -> None:
    """A release has the site in it."""
    session.run("python", "-m", "docs.site")
    session.run("python", "-m", "release")


def _licences(session: nox.Session) -> None:
    """Those of this environment, and of nox's own."""
    for python in ("python", sys.executable):
        session.run(python, "-m", "tests.licences", silent=True, external=True)


@nox.session(python=RUNNING)
def tests(session: nox.Session) -> None:
    """The tests: all of them on the newest Python there is. Those that need what the vendor published say so when AUTOTASK_REFERENCE isn't set."""
    _install_ansible(session)
    session.install("-r", "requirements/test.txt")
    if session.posargs:
        session.run(*_pytest("steady", "2"), *session.posargs)
    elif session.python == NEWEST:
        _all_tests(session)
    else:
        chosen = OTHER_VERSIONS + (OLDEST_VERSION if session.python == OLDEST else [])
        session.run(*_pytest("few", "2"), *chosen)


def _all_tests(session: nox.Session) -> None:
    """Every test once: those that coverage is measured of, then the others."""
    (ROOT / "build" / "coverage").mkdir(parents=True, exist_ok=True)
    session.run("coverage", "erase")
    command = _pytest("steady", "3")  # it is the longest session, and its tests wait for one another's processes
    _run_all(
        session,
        ["coverage", "run", "-m", *command, *MEASURED, *(f"--ignore={file}" for file in TRUST)],
        [*command, *(f"--ignore={folder}" for folder in MEASURED)],
        [*command, *TRUST],
        _report_coverage,
    )


def _report_coverage(session: nox.Session) -> None:
    """Hold the coverage against its floor. Ansible may end a fork before it has written all: what can't be read is left out."""
    session.run("coverage", "combine", silent=True)
    for unreadable in (ROOT / "build" / "coverage").glob("data.*"):
        unreadable.unlink()
    session.run("coverage", "report")


def _pytest(profile: str, workers: str) -> list[str]:
    return ["pytest", "-n", workers, "--dist", "worksteal", "-q", f"--hypothesis-profile={profile}"]


@nox.session(python=NEWEST)
def trust(session: nox.Session) -> None:
    """The long versions of the tests of which the session `tests` draws samples.

    They print what was tried how often and what came of it, and leave that in build/trust; with arguments, beside what is there.
    """
    _install_ansible(session)
    session.install("-r", "requirements/test.txt")
    if not session.posargs:
        shutil.rmtree(ROOT / "build" / "trust", ignore_errors=True)
    session.run(*_pytest("explore", "2"), *(session.posargs or TRUST), env={"TRUST": "whole"})


@nox.session(python=NEWEST)
def browser(session: nox.Session) -> None:
    """The tests that need Playwright and a Chromium (`make chromium`); the session `tests` has no Playwright, and shows that all the rest works."""
    _install_ansible(session)
    session.install("-r", "requirements/test.txt", "-r", "requirements/browser.txt")
    _run_all(session, [*_pytest("steady", "2"), *(session.posargs or BROWSER)], _licences)


@nox.session(python=list(dict.fromkeys([OLDEST, NEWEST])))
def sanity(session: nox.Session) -> None:
    """ansible-test sanity, on a copy of the tracked files where it wants them.

    The newest Python runs all of it, and what depends on the Python on every other one that starts. The oldest ansible-core is tried on its own
    Python only, and without the tests of style.
    """
    _install_ansible(session)
    session.install("-r", "requirements.txt")
    scratch = Path(session.create_tmp()).resolve()
    copy = scratch / "sanity" / COLLECTION
    shutil.rmtree(copy, ignore_errors=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    _prepare_pip(session, scratch)
    with session.chdir(copy):
        session.run("git", "init", "--quiet", external=True)
        session.run("git", "add", "--all", external=True)
        if session.python == NEWEST:
            chosen = [f"--controller=origin:python={session.python}", *(f"--target-python={python}" for python in RUNNING)]
        else:
            chosen = ["--python", str(session.python), *(f"--skip-test={test}" for test in ("pylint", "pep8", "yamllint"))]
        session.run("ansible-test", "sanity", "--requirements", "--color", "no", *chosen, env={"HOME": str(scratch)})


def _prepare_pip(session: nox.Session, home: Path) -> None:
    """ansible-test fetches a script to make its environments with; the pip that comes with Python does as well, and needs no network."""
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    versions = session.run("python", "-c", PIP_VERSIONS, silent=True)
    for version in str(versions).split():
        (cache / f"get_pip_{version.replace('.', '_')}.py").write_text("import ensurepip; ensurepip.bootstrap()\n")


PIP_VERSIONS = """
import pathlib, re, ansible_test
files = pathlib.Path(ansible_test.__file__).parent.rglob("*.py")
print(*{version for path in files for version in re.findall("pip='([0-9.]+)'", path.read_text())})
"""
