# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every command of the README and of docs is entered as it is printed, in the order of its page, on the sandbox, with the collection as it is installed.

Those that aren't are named below with the reason, which is printed; a command that is neither run nor named fails.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from examples.demo import rehearse
from examples.demo.fleet import write_folder
from tests.collection.building import build
from tests.conftest import ROOT
from tests.sandboxes import Sandbox, running

from .reader import Reader
from .reading import Command, File, Shown, read

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BY_BROWSER = "needs a browser: tests/console/test_commands.py runs it"
NOT_RUN = {
    r"(KEEP=1 )?make (demo|test|trust|bench|site|release)( .*)?": "takes minutes; by hand, or by `make test`, which starts this, too",
    r"make sandbox.*": "what it starts is started by this test, and what it prints is what the test goes by",
    r"rm -r build/sandbox": "there is nothing to look at afterwards",
    r"pip install playwright|playwright install chromium.*": "downloads a browser; `make chromium` does the same in `make test`",
    r"ansible-playbook .*msp\.autotask\.(console_doctor|level_to_profile) .*": BY_BROWSER,
    r"ansible-playbook .*autotask_apply_via=console.*": BY_BROWSER,
    r"ansible-playbook msp\.autotask\.console_login .*": "needs a person in front of a browser: tests/console/test_signing_in.py plays one",
    r"make (lint|tests-3\.13 .*)": "is a session of `make test`, as the one that this is part of",
    r"python -m pytest .*": "this test is started so",
}


def not_run(command: Command) -> str:
    """Why a command isn't entered; empty where it is."""
    return next((reason for pattern, reason in NOT_RUN.items() if re.fullmatch(pattern, command.text)), "")


def test_no_reason_is_given_for_what_no_page_has() -> None:
    commands = [one.text for page in PAGES for one in read(page) if isinstance(one, Command)]
    assert [pattern for pattern in NOT_RUN if not any(re.fullmatch(pattern, text) for text in commands)] == []


def test_what_is_not_entered_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Every command outside the pages that are walked below is one with a reason."""
    told, unknown = [], []
    for page in PAGES:
        for one in read(page):
            if isinstance(one, Command):
                reason = not_run(one)
                if reason:
                    told.append(f"{page.relative_to(ROOT)}:{one.line}: {one.text}: not run, {reason}")
                elif page.name not in WALKS:
                    unknown.append((page.name, one))
            elif isinstance(one, Shown):
                told.append(f"{page.relative_to(ROOT)}:{one.line}: shown, and no command: {one.text.splitlines()[0][:60]}")
    with capsys.disabled():
        print("", *told, sep="\n")
    assert unknown == []


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Sandbox]:
    """What `make sandbox` starts: three tenants, of which alder has no API user."""
    with running(tmp_path, "--tenants", "3", "--bare", rehearse.BARE) as started:
        yield started


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """Somebody in an empty folder."""
    for name in ("home", "work"):
        (tmp_path / name).mkdir()
    return Reader(tmp_path / "home", tmp_path / "work")


class Walk:
    """A page and its reader. `before` and `after` are what people do around the commands that match, the first of which counts."""

    def __init__(self, page: str, reader: Reader, world: Sandbox) -> None:
        self.page, self.reader, self.world = ROOT / page, reader, world
        self.noted: list[str] = []
        self.printed: list[tuple[str, str]] = []
        self.ends: dict[str, int] = {}

    def go(self, before: dict[str, Callable[[], None]]) -> None:
        """Enter every command that has no reason not to be, and write every file that the page shows. What is entered again is told by #2 behind it."""
        left = dict(before)
        for one in read(self.page):
            if isinstance(one, File):
                (self.reader.folder / one.name).write_text(one.text)
            elif isinstance(one, Command) and not not_run(one):
                numbered = f"{one.text} #{1 + len([text for text, _printed in self.printed if text == one.text])}"
                for pattern in [pattern for pattern in left if re.search(pattern, numbered)]:
                    left.pop(pattern)()
                answers = self.noted if "record_credentials" in one.text else []
                self.printed.append((one.text, self.reader.enter(one.text, answers, self._end(one.text))))
        assert left == {}, "what should be done before a command that the page doesn't have"

    def _end(self, command: str) -> int:
        """What a command ends with: 0, if it isn't among the `ends`."""
        return next((status for pattern, status in self.ends.items() if pattern in command), 0)

    def follow_sheet(self) -> None:
        """alder's first day: somebody does what the run sheet says, and notes what the console shows."""
        [sheet] = (self.reader.folder / "runsheets").glob("alder.provisioner.*.md")
        self.noted = self.reader.follow(sheet, self.world.tenants["alder"])

    def work(self, slug: str, integration: str) -> None:
        """Somebody works a tenant's tickets, and records what was noted."""
        noted = self.reader.work(self.world.tenants[slug])
        command = f"ansible-playbook msp.autotask.record_credentials -i fleet.yml -l {slug} -e autotask_integration={integration} --ask-vault-pass"
        self.reader.enter(command, noted)

    def said(self, pattern: str) -> list[str]:
        """What the commands that match have printed."""
        return [printed for command, printed in self.printed if re.search(pattern, command)]


def test_the_readme(reader: Reader, world: Sandbox) -> None:
    """From the archive to the way back, on a tenant that has nothing yet."""
    build(reader.folder)
    reader.settings["AUTOTASK_DISCOVERY_URL"] = f"{world.address}/atservicesrest"
    birch = world.tenants["birch"].access
    (reader.folder / "host_vars").mkdir()
    own = {f"autotask_{name}": birch[name] for name in ("user_name", "secret", "integration_code")}
    (reader.folder / "host_vars" / "birch.yml").write_text(yaml.safe_dump(own))
    walk = Walk("README.md", reader, world)

    def work() -> None:
        walk.work("alder", "beecastle")
        asked = next(command for command, _printed in reversed(walk.printed) if "msp.autotask.provision" in command)
        assert "beecastle: done; handed over" in reader.enter(asked)

    walk.go(
        {
            r"record_credentials.*provisioner": walk.follow_sheet,
            r"new_profile": work,
        }
    )
    checked, asked = walk.said("provision.*autotask_vendor=beecastle")
    assert " 1. Open Admin" in checked and "steps wait for people in T" in asked
    [rotated] = walk.said("rotate")
    assert re.search(r"The evidence bundle is in \S*/evidence/alder/\d{4}-\d\d-\d\d\.", *walk.said("evidence"))
    assert "beecastle is not set up on birch" in rotated and re.search(r"beecastle: \d of \d steps wait for people in T", rotated)


def test_rehearsing(reader: Reader, world: Sandbox) -> None:
    """In the folder that `make sandbox` writes, from the checkout."""
    write_folder(reader.folder, [tenant.access for tenant in world.tenants.values()], "report", {}, {})
    walk = Walk("docs/rehearse.md", reader, world)
    again = r"provision -l birch -e autotask_vendor=beecastle #2"

    def change_by_hand() -> None:
        birch = world.tenants["birch"]
        user = next(one for one in birch.control("GET", "api-users") if one["first_name"] == "BeeCastle")
        birch.control("PATCH", f"api-users/{user['id']}", {"email": "noc@birch.example.net"})

    walk.go(
        {
            r"record_credentials": walk.follow_sheet,
            again: lambda: walk.work("birch", "beecastle"),
            r"verify.*autotask_baseline": change_by_hand,
        }
    )
    asked, proven, settled = walk.said("provision -l birch.*beecastle$")
    assert "steps wait for people in T" in asked and "beecastle: done; handed over" in proven
    assert re.search(r"birch .*changed=0 ", settled)
    [reviewed] = walk.said("autotask_plan=")
    assert re.search(r"onestream: \d+ of \d+ steps wait for people in T", reviewed)
    before, after = walk.said("verify")
    assert "birch: in sync" in before and re.search(r"drifted, new: .*Email Address: noc@birch.example.net", after)
    assert "beecastle is not set up on cedar" in walk.said("rotate")[0]


def test_make_sandbox_prints_what_a_person_needs(tmp_path: Path) -> None:
    """Each tenant's console and REST, and commands that lead to the folder; the page that it names begins with the command that it prints."""
    command = [sys.executable, "-u", "-m", "examples.demo.rehearse", "--port", "0", "--folder", str(tmp_path / "sandbox")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    printed = ""
    while "Ready: " not in printed:
        printed += (line := process.stdout.readline())
        assert line
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    alder, birch, cedar, rest = printed.split("\n\n", 3)
    assert "alder: Alder IT, says Organization, has no API user yet\n  console  http://" in alder and "Secret" not in alder
    for told in (birch, cedar):
        assert re.search(
            r"user name admin@\S+, password \S{25}\n  REST     http\S+/atservicesrest/v1.0/\n +UserName \S+, Secret \S{25},\n", told
        )
    [first, *_others] = [one.text for one in read(ROOT / "docs" / "rehearse.md") if isinstance(one, Command) and "playbook" in one.text]
    assert first in rest and f"cd {tmp_path / 'sandbox'}" in rest and "examples.demo.rehearse" in (ROOT / "Makefile").read_text()
    inventory = yaml.safe_load((tmp_path / "sandbox" / "fleet.yml").read_text())["all"]["hosts"]
    assert "autotask_secret" not in inventory["alder"] and len(inventory["birch"]["autotask_secret"]) == 25
    assert (tmp_path / "sandbox" / "state.sqlite").exists()


def test_reviewing(reader: Reader, world: Sandbox) -> None:
    """Plan, apply as reviewed, verify, with and without a baseline, on a tenant that has its provisioner."""
    build(reader.folder)
    for one in read(ROOT / "README.md"):
        if isinstance(one, Command) and " install " in one.text and not not_run(one):
            reader.enter(one.text)
    birch = world.tenants["birch"].access
    host = {f"autotask_{name}": birch[name] for name in ("user_name", "secret", "integration_code", "discovery_url")}
    # What the pages call alder is a tenant here that has a user.
    variables = {
        "ansible_connection": "local",
        "autotask_email": "integrations@example.com",
        "autotask_ticket": {"queue": "Administration"},
    }
    (reader.folder / "fleet.yml").write_text(yaml.safe_dump({"all": {"vars": variables, "hosts": {"alder": host}}}))
    walk = Walk("docs/review.md", reader, world)
    walk.ends = {"bin/autotask verify": 2}
    walk.go({})
    planned, applied, reported, *_others = walk.said("playbook")
    assert (
        "beecastle): to do" in planned
        and re.search(r"beecastle: \d+ of \d+ steps wait for people in T", applied)
        and "changed=0" in reported
    )
    first, second, ended = walk.said("verify")
    assert "waiting" in first and "waiting" in second and "Something is to do, waiting, drifted or unlisted." in ended


WALKS = {"README.md", "rehearse.md", "review.md"}
