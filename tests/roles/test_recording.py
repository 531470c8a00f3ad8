# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The playbook `record_credentials` at a terminal, and where there is none."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pexpect
import pytest
from pexpect.fdpexpect import fdspawn

from sandbox.operator.handover import in_terminal
from tests.terminals import AGAIN, wait_until_read

from .running import PASSWORD, Fleet

SECRET = "Zq7-typed-9"


@pytest.fixture
def recording(fleet: Fleet) -> Fleet:
    """A fleet of one tenant of which nothing is recorded yet."""
    fleet.tenants, fleet.bare = fleet.tenants[:1], True
    return fleet


@contextmanager
def at_a_terminal(fleet: Fleet, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], fdspawn[str], io.StringIO]]:
    """The playbook, started by somebody who types the vault password: the process, a hand on its terminal, and what that has shown."""
    fleet.vault = False
    command = [fleet.command("ansible-playbook"), "-i", str(fleet.inventory()), "msp.autotask.record_credentials", "--ask-vault-pass"]
    own = [f"{name}={value}" for name, value in fleet.environment().items() if name.startswith(("ANSIBLE_", "AUTOTASK_", "XDG_", "TMPDIR"))]
    words = ["env", "-C", str(fleet.folder), *own, *command, "-e", "autotask_integration=provisioner", *arguments]
    shown = io.StringIO()
    with in_terminal(words, shown, 120) as (process, terminal):
        yield process, terminal, shown


def answered(terminal: fdspawn[str], prompt: str, value: str) -> None:
    """Somebody answers a prompt."""
    terminal.expect_exact(prompt)
    if prompt == AGAIN:
        wait_until_read(terminal)
    terminal.sendline(value)


def test_at_a_terminal_a_new_password_is_typed_twice_and_prompts_are_text(recording: Fleet) -> None:
    [tenant] = recording.tenants
    access = tenant.access
    last = "Tracking Identifier (just Enter if an Integration Vendor was chosen, or if it has been recorded before): "
    answers = {
        "Vault password: ": PASSWORD,
        AGAIN: PASSWORD,
        "\r\nUsername (Key): ": access["user_name"],
        "\r\nPassword (Secret): ": access["secret"],
        f"\r\n{last}": access["integration_code"],
    }
    with at_a_terminal(recording, "-e", "autotask_prove_retries=0") as (process, terminal, shown):
        for prompt, value in answers.items():
            answered(terminal, prompt, value)
        terminal.expect(pexpect.EOF)
        assert process.wait(60) == 0, shown.getvalue()
    assert recording.unlocked(recording.folder / "credentials" / tenant.slug / "provisioner.yml")["secret"] == access["secret"]
    assert access["secret"] not in shown.getvalue() and PASSWORD not in shown.getvalue()


def test_a_new_password_that_is_typed_otherwise_stops_before_anybody_is_asked_for_a_secret(recording: Fleet) -> None:
    with at_a_terminal(recording) as (process, terminal, shown):
        for prompt, value in (("Vault password: ", PASSWORD), (AGAIN, f"{PASSWORD}!")):
            answered(terminal, prompt, value)
        terminal.expect(pexpect.EOF)
        assert process.wait(60) != 0 and "Username (Key)" not in shown.getvalue(), shown.getvalue()
    assert not (recording.folder / "credentials").exists()


def test_without_a_terminal_it_is_said_what_is_missing_and_how_to_give_it(recording: Fleet) -> None:
    run = recording.playbook("msp.autotask.record_credentials", autotask_integration="provisioner", autotask_noted_secret=SECRET)
    words = " ".join(run.output.split())
    assert run.status != 0 and "is missing" in words and "autotask_noted_key" in words and "-e @noted.yml" in words, run.output
    assert SECRET not in words and not (recording.folder / "credentials").exists()


def test_a_network_that_is_down_is_told_before_anybody_is_asked(recording: Fleet) -> None:
    recording.own[recording.tenants[0].slug] = {"autotask_discovery_url": "http://127.0.0.1:9/atservicesrest"}
    run = recording.playbook("msp.autotask.record_credentials", autotask_integration="provisioner")
    words = " ".join(run.output.split())
    assert run.status != 0 and "no connection" in words and "Check that something was entered" not in words, run.output


def test_what_copying_has_added_is_told(recording: Fleet) -> None:
    noted = {"autotask_noted_key": "key@example.com", "autotask_noted_secret": f"{SECRET}\u200b", "autotask_noted_code": "CODE"}
    run = recording.playbook("msp.autotask.record_credentials", autotask_integration="provisioner", **noted)
    words = " ".join(run.output.split())
    assert run.status != 0 and "secret: it has a character that nobody sees (U+200B) at its end" in words, run.output
    assert SECRET not in words and not (recording.folder / "credentials").exists()
