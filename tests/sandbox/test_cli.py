# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`python -m sandbox` as a command."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.sandboxes import ROOT, Sandbox, run, running

OPTIONS = [
    "--host",
    "--port",
    "--tenants",
    "--bare",
    "--seed-file",
    "--state",
    "--print-credentials",
    "--operator",
    "--record-command",
    "--latency-ms",
    "--new-user-delay-ms",
    "--threshold",
    "--threshold-latency",
    "--fault",
]


def test_help_names_every_option() -> None:
    text = run("--help").stdout
    assert [option for option in OPTIONS if option not in text] == []


def test_what_it_needs_is_told_before_it_is_installed() -> None:
    # Without the packages of this environment.
    done = subprocess.run(
        [sys.executable, "-S", "-m", "sandbox", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 1 and "pip install -r sandbox/requirements.txt" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--host", "0.0.0.0"], "this machine only"),
        (["--tenants", "0"], "at least 1"),
        (["--bare", "zinnia"], "there is no tenant zinnia; there are alder, birch"),
        (["--fault", "burn@it"], "not a fault"),
        (["--latency-ms", "-1"], "not a whole number"),
        (["--seed-file", "/nowhere.yml"], "No such file"),
        (["--state", "/nowhere/state.sqlite"], "can't use /nowhere/state.sqlite"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(arguments: list[str], word: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_told(sandbox: Sandbox) -> None:
    done = run("--port", sandbox.address.rpartition(":")[2])
    assert done.returncode == 2
    assert "in use" in done.stderr


def test_printed_credentials_are_the_same_each_time_and_name_what_a_caller_needs() -> None:
    first, again = (run("--print-credentials", "--tenants", "3").stdout for _time in range(2))
    assert first == again
    tenants = json.loads(first)["tenants"]
    assert [tenant["tenant"] for tenant in tenants] == ["alder", "birch", "cedar"]
    alder = tenants[0]
    assert alder["rest_url"] == "http://127.0.0.1:8765/atservicesrest/v1.0/"
    assert alder["discovery_url"] == "http://127.0.0.1:8765/atservicesrest"
    assert alder["console_user"] == "admin@alder.example.com"
    assert [len(alder[name]) for name in ("secret", "integration_code")] == [25, 27]
    assert len(alder["user_name"].removesuffix("@alder.example.com")) == 15
    assert "BeeCastle - CRM" in alder["integration_vendors"]
    assert "BeeCastle - CRM" not in tenants[1]["integration_vendors"]
    secrets = [tenant[name] for tenant in tenants for name in ("secret", "integration_code", "console_password")]
    assert len(set(secrets)) == len(secrets)


def test_tenants_beyond_the_words_are_numbered() -> None:
    slugs = [tenant["tenant"] for tenant in json.loads(run("--print-credentials", "--tenants", "43").stdout)["tenants"]]
    assert len(set(slugs)) == 43
    assert slugs[-2:] == ["tenant-0042", "tenant-0043"]


def test_a_seed_file_changes_and_adds_tenants(tmp_path: Path) -> None:
    file = tmp_path / "seeds.yml"
    file.write_text(
        "tenants:\n  - {slug: alder, organization_term: Client, options: {console: mvc}}\n  - {slug: zinnia, name: Zinnia, vendors: [One - Only]}\n"
    )
    with running(tmp_path, "--tenants", "1", "--seed-file", str(file)) as started:
        listed = {tenant["slug"]: tenant for tenant in started.control("GET", "tenants")}
        assert (listed["alder"]["organization_term"], listed["zinnia"]["name"]) == ("Client", "Zinnia")
        assert started.tenants["alder"].access["console_url"] == f"{started.address}/?tenant=alder"
        assert list(started.tenants["zinnia"].access["integration_vendors"]) == ["One - Only"]
        assert started.tenants["zinnia"].rest.ask("GET", "Companies/0")["item"]["companyName"] == "Zinnia"


def test_a_bare_tenant_has_people_and_no_provisioner(tmp_path: Path) -> None:
    with running(tmp_path, "--tenants", "2", "--bare", "birch") as started:
        alder, birch = started.tenants.values()
        own = {"user_name", "secret", "integration_code"}
        assert set(alder.access) - set(birch.access) == own
        assert birch.control("GET", "api-users") == []
        assert "msp.autotask provisioner" not in [level["name"] for level in birch.control("GET", "levels")]
        assert [user["first_name"] for user in alder.control("GET", "api-users")] == ["Provisioner"]
        assert birch.access["organization_term"] == "Company"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("tenants: 5", "must have a list"),
        ("- slug: alder", "must have a list"),
        ("tenants: [{name: x}]", "must have a list"),
        ("tenants: [{slug: alder, colour: red}]", "colour"),
        ("tenants: [{slug: alder, options: {weather: bad}}]", "no option weather"),
        ("tenants: [{slug: alder, options: {modules_off: [Lunch]}}]", "modules_off must be a list"),
        ("tenants: [{slug: alder, options: {console: paper}}]", "console must be one of native, mvc, frames, shell"),
        ("tenants: [{slug: alder, domain: birch.example.net}]", "another tenant has the domain"),
        ("tenants: [", "while parsing"),
    ],
)
def test_a_seed_file_that_makes_no_sense_is_refused(tmp_path: Path, content: str, word: str) -> None:
    (tmp_path / "seeds.yml").write_text(content)
    done = run("--seed-file", str(tmp_path / "seeds.yml"))
    assert done.returncode == 2
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_a_state_file_keeps_what_happened(tmp_path: Path) -> None:
    state = str(tmp_path / "state.sqlite")
    with running(tmp_path, "--state", state) as started:
        rest = started.tenants["alder"].rest
        ticket = rest.find("Tickets")[0]["id"]
        rest.ask("PATCH", "Tickets", json={"id": ticket, "title": "Remembered"})
    with running(tmp_path, "--state", state, "--tenants", "3") as again:
        assert again.tenants["alder"].rest.ask("GET", f"Tickets/{ticket}")["item"]["title"] == "Remembered"
        assert len(again.control("GET", "tenants")) == 3


def test_secrets_are_neither_in_the_state_file_nor_in_the_log(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    with running(tmp_path, "--state", str(state), "--tenants", "1") as started:
        access = started.tenants["alder"].access
        rest = started.tenants["alder"].rest
        rest.call("GET", f"Tickets/query?search={access['secret']}")
        rest.call("GET", "Version", headers={"Secret": "wrong"})
        started.control("PATCH", f"tenants/alder/api-users/{rest.find('Resources')[-1]['id']}", {"active": True})
    log = started.log.read_text()
    assert "GET /atservicesrest/v1.0/Version 401" in log
    for secret in (access["secret"], access["console_password"]):
        assert secret not in log
        assert secret.encode() not in state.read_bytes()
    assert "?" not in log


def test_it_says_when_it_is_ready_and_stops_cleanly_on_ctrl_c() -> None:
    command = [sys.executable, "-u", "-m", "sandbox", "--port", "0", "--tenants", "1"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    ready = process.stdout.readline()
    address = next(word for word in ready.split() if word.startswith("http"))
    with requests.Session() as session:
        assert session.get(f"{address}_sandbox/tenants", timeout=30).status_code == 200
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert output == ""


def test_it_listens_on_loopback_only(sandbox: Sandbox) -> None:
    with socket.socket() as probe:
        probe.connect(("127.0.0.1", int(sandbox.address.rpartition(":")[2])))
        assert probe.getpeername()[0] == "127.0.0.1"
