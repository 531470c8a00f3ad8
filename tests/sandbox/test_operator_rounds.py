# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The operator round after round: many tenants, nothing to do, and the command line."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from sandbox.operator.worker import Operator, run_forever
from tests.sandboxes import ROOT, Sandbox, Tenant, running, take

from .people import API_USER, account, change_ticket, ticked

LEVELS = "Open Admin > Organization Settings & Users > Resources/Users (HR) > Security Levels."
STEPS = (
    f'{LEVELS} In the menu of "{API_USER}" choose Copy Security Level.',
    'Level editor: set Name to "Bee".',
    'Level "Bee": press Save & Close.',
)


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Waits for a condition."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        threading.Event().wait(0.05)


def test_several_tenants_until_it_is_told_to_stop(tenant: Tenant, spare_tenants: list[Tenant]) -> None:
    tenants = [tenant, take(spare_tenants)]
    tickets = [change_ticket(one, *STEPS) for one in tenants]
    said: list[str] = []
    stop = threading.Event()

    def say(line: str) -> None:
        said.append(line)
        if len(said) == 2 * len(STEPS):
            stop.set()

    accounts = [(one.slug, *account(one)) for one in tenants]
    run_forever(tenant.access["console_url"], accounts, None, pause=0.01, stop=stop, say=say)
    assert all(all(ticked(one, ticket)) for one, ticket in zip(tenants, tickets, strict=True))
    assert [line.partition(":")[0] for line in said] == [tenants[0].slug] * 3 + [tenants[1].slug] * 3


def test_a_wrong_password_is_tried_once_and_does_not_keep_others_from_working(tenant: Tenant) -> None:
    change_ticket(tenant, *STEPS)
    name, _password = account(tenant, "clerk")
    stop, said = threading.Event(), list[str]()

    def say(line: str) -> None:
        said.append(line)
        if "item 3 of 3" in line:
            stop.set()

    accounts = [(tenant.slug, name, "guess"), (tenant.slug, *account(tenant))]
    run_forever(tenant.access["console_url"], accounts, None, pause=0.01, stop=stop, say=say)
    assert "I can't sign in and stop trying" in said[0]
    assert sum("can't sign in" in line for line in said) == 1
    assert Operator(tenant.access["console_url"], *account(tenant, "clerk")).work() == 0


def test_a_console_that_is_not_there_is_waited_for(free_port: int) -> None:
    stop, said = threading.Event(), list[str]()

    def say(line: str) -> None:
        said.append(line)
        stop.set()

    run_forever(f"http://127.0.0.1:{free_port}/", [("alder", "admin@alder.example.com", "x")], None, pause=0.01, stop=stop, say=say)
    assert "the console can't be reached" in said[0]


def test_a_round_without_tickets_is_one_page(tenant: Tenant, sandbox: Sandbox) -> None:
    operator = Operator(tenant.access["console_url"], *account(tenant))
    assert operator.work() == 0
    _mark(sandbox, "rounds-begin")
    for _round in range(3):
        assert operator.work() == 0
    log = _mark(sandbox, "rounds-end")
    lines = log[log.index("GET /rounds-begin 404") + 1 : log.index("GET /rounds-end 404")]
    assert lines == ["GET /service-desk/tickets 200"] * 3


def _mark(sandbox: Sandbox, word: str) -> list[str]:
    """Puts a line of its own into the access log, and returns the log up to there, since a line is written a moment after its answer."""
    requests.get(f"{sandbox.address}/{word}", timeout=30)
    until(lambda: f"GET /{word} 404" in _log(sandbox))
    return _log(sandbox)


def _log(sandbox: Sandbox) -> list[str]:
    return [" ".join(line.split()[:3]) for line in sandbox.log.read_text().splitlines()]


def test_a_sandbox_that_was_restarted_is_signed_in_to_again(free_port: int, tmp_path: Path) -> None:
    arguments = ("--tenants", "1", "--state", str(tmp_path / "state.sqlite"), "--port", str(free_port))
    with running(tmp_path, *arguments) as sandbox:
        tenant = sandbox.tenants["alder"]
        operator = Operator(tenant.access["console_url"], *account(tenant))
        assert operator.work() == 0
        change_ticket(tenant, *STEPS)
    with pytest.raises(requests.ConnectionError):
        operator.work()
    with running(tmp_path, *arguments):
        assert operator.work() == 3


def test_the_command_line(tenant: Tenant) -> None:
    ticket = change_ticket(tenant, *STEPS)
    name, password = account(tenant)
    command = [sys.executable, "-m", "sandbox.operator", "--url", tenant.access["console_url"], "--user", name, "--once"]
    environment = os.environ | {"SANDBOX_OPERATOR_PASSWORD": password}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count(" done: ") == 3
    assert all(ticked(tenant, ticket))
    done = subprocess.run([*command, "--password", "guess"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "password is wrong" in done.stderr and "Traceback" not in done.stderr


def test_the_sandbox_brings_its_own_operator(tmp_path: Path) -> None:
    with running(tmp_path, "--tenants", "2", "--operator", "auto") as sandbox:
        tickets = {slug: change_ticket(tenant, *STEPS) for slug, tenant in sandbox.tenants.items()}
        until(lambda: all(all(ticked(tenant, tickets[slug])) for slug, tenant in sandbox.tenants.items()))
