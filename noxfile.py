# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`make test`: everything that has to hold, on every supported Python and ansible-core that this machine can offer."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import nox

nox.options.error_on_missing_interpreters = False
nox.options.stop_on_first_error = False
nox.options.reuse_venv = "yes"

ROOT = Path(__file__).parent
COLLECTION = "ansible_collections/msp/autotask"
PYTHONS = ("3.11", "3.12", "3.13")
# The oldest and the newest ansible-core that we support, each on the Pythons that it runs on. With one Python only, that one has to do.
CORES = {"3.11": "2.18.19", "3.12": "2.20.10", "3.13": "2.21.5"}
# On all but the newest Python: what could depend on the version of Ansible, or of Python. The oldest ansible-core templates and handles text otherwise.
OTHER_VERSIONS = ["tests/documents", "tests/collection"]
OLDEST_VERSION = [
    "tests/modules/test_both_ways.py",
    "tests/modules/test_examples.py",
    "tests/roles/test_beecastle.py::test_from_nothing_to_the_hand_over",
    "tests/roles/test_secrets.py",
]
BROWSER = [
    "tests/console",
    "tests/modules/test_examples.py::test_the_examples_run[autotask_console_info]",
    "tests/modules/test_examples.py::test_the_examples_run[autotask_console_integration]",
    "tests/modules/test_examples.py::test_the_examples_run[autotask_security_level_info]",
    "tests/roles/test_console.py",
    "tests/roles/test_console_killed.py",
    "tests/sandbox/test_console_browser.py",
    "tests/sandbox/test_console_generations.py",
    "tests/sandbox/test_console_traps_browser.py",
]
NEWEST = next((python for python in reversed(PYTHONS) if shutil.which(f"python{python}")), None)


def _install_ansible(session: nox.Session) -> None:
    """Each ansible-core has its own idea of its libraries, so they are not pinned by ours."""
    session.install(f"ansible-core=={CORES[str(session.python)]}")


def _link() -> None:
    link = ROOT / "build" / "collections" / COLLECTION
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.exists():
        link.symlink_to(ROOT)


@nox.session(python=NEWEST)
def lint(session: nox.Session) -> None:
    """Formatting, types, Ansible's own taste, changelog fragments."""
    _install_ansible(session)
    session.install("-r", "requirements/lint.txt")
    _link()
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")
    session.run("mypy", "sandbox", "examples/demo/demo.py", "docs/write_profile_docs.py")
    session.run("mypy", "-p", "ansible_collections.msp.autotask.plugins.module_utils", env={"MYPYPATH": "build/collections"})
    session.run("antsibull-changelog", "lint")
    session.run("ansible-lint", "--offline", env={"ANSIBLE_COLLECTIONS_PATH": str(ROOT / "build" / "collections")})


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The tests: all of them on the newest Python there is. Those that need what the vendor published say so when AUTOTASK_REFERENCE isn't set."""
    _install_ansible(session)
    session.install("-r", "requirements/test.txt")
    chosen = [] if session.python == NEWEST else OTHER_VERSIONS + (OLDEST_VERSION if session.python == PYTHONS[0] else [])
    profile = "steady" if session.python == NEWEST else "few"
    workers = "3" if session.python == NEWEST else "2"  # it is the longest, and its tests wait for one another's processes
    session.run("pytest", "-n", workers, "--dist", "worksteal", "-q", f"--hypothesis-profile={profile}", *(session.posargs or chosen))


@nox.session(python=NEWEST)
def browser(session: nox.Session) -> None:
    """The tests that need Playwright and a Chromium (`make chromium`); the session `tests` has no Playwright, and shows that all the rest works."""
    _install_ansible(session)
    session.install("-r", "requirements/test.txt", "-r", "requirements/browser.txt")
    session.run("pytest", "-n", "2", "--dist", "worksteal", "-q", *(session.posargs or BROWSER))


@nox.session(python=("3.11", "3.13"))
def sanity(session: nox.Session) -> None:
    """ansible-test sanity, on a copy of the tracked files where it wants them; it tests on every Python that it finds.

    On the oldest ansible-core on its own Python only, and without the tests of style: the newest has the others.
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
            chosen = ["--python", "default"]
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
