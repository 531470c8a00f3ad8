# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Canaries: every secret of a fleet goes through every playbook, well and badly, as loud as Ansible can be, and shows up nowhere.

Searched are what was printed, the log, what callbacks were told, the fact cache, the report, all files that were left behind, the commands of all
processes, and what the tenant's tickets say; plain, as JSON, Python, base64, hexadecimal and in URLs.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
import yaml

from tests.conftest import ROOT
from tests.sandboxes import Tenant

from .events import found_in, keep_events
from .planting import keep
from .running import PASSWORD, Fleet
from .test_secrets import PROFILE, planted, put_secret

CANARIES = {
    name: f"{name}+Zq7%/=& 9{number}x"
    for number, name in enumerate(["Provisioner", "Vendor", "Refused", "Typed", "Password", "Session", "Code", "VendorsCode", "OtherFile"])
}
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
# What the user of the collection wrote himself.
INPUTS = ("fleet.yml", "extra.yml", "started.yml", "password", "other.password", "tinsel.yml", "host_vars")
LOUD = ("-vvvv", "--diff")


@contextmanager
def commands_of_all() -> Iterator[set[str]]:
    """The command lines of all processes that there are while the block lasts, looked at all the time."""
    found: set[str] = set()
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.05):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                with suppress(OSError):
                    found.add(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        done.set()
        thread.join()


def left_behind(fleet: Fleet) -> Iterator[tuple[str, str]]:
    """Every file that there is now, and what is in it, but for what was given."""
    for folder in (fleet.folder, fleet.scratch):
        for path in folder.rglob("*"):
            if path.is_file() and not set(INPUTS) & set(path.relative_to(folder).parts):
                yield str(path), path.read_bytes().decode("utf-8", "replace")


def told_on_tenant(tenant: Tenant) -> str:
    """All that stands in its tickets."""
    everything = {"op": "gt", "field": "id", "value": 0}
    return json.dumps([tenant.rest.find(entity, everything) for entity in ("Tickets", "TicketNotes", "TicketChecklistItems")])


@pytest.fixture
def loud(fleet: Fleet) -> Fleet:
    """A fleet of one tenant whose runs keep all that can be kept."""
    fleet.tenants = fleet.tenants[1:]
    keep_events(fleet)
    fleet.settings |= {
        "ANSIBLE_LOG_PATH": str(fleet.folder / "ansible.log"),
        "ANSIBLE_CACHE_PLUGIN": "jsonfile",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(fleet.folder / "facts"),
        "ANSIBLE_GATHERING": "explicit",
        "ANSIBLE_DEBUG": "",
        "ANSIBLE_CONNECTION_PLUGINS": str(ROOT / "tests" / "modules" / "connections"),
    }
    return fleet


def nowhere(fleet: Fleet, outputs: list[str], commands: set[str], secrets: list[str]) -> None:
    """No secret in anything; and what would show one was there to be searched."""
    files = dict(left_behind(fleet))
    names = {Path(name).name for name in files}
    assert {"ansible.log", "events", "report.json"} <= names, names
    assert any("ansible-playbook" in command for command in commands) and sum(map(len, outputs)) > 10_000
    assert {name: found for name, text in files.items() if (found := found_in(text, secrets))} == {}
    assert found_in("\n".join([*outputs, *fleet.said]), secrets) == []
    assert found_in("\n".join(commands), secrets) == []
    [tenant] = fleet.tenants
    put_secret(tenant, "Provisioner", tenant.access["secret"])
    assert found_in(told_on_tenant(tenant), secrets) == []


def test_no_playbook_sings(loud: Fleet) -> None:
    [tenant] = loud.tenants
    loud.bare = True
    shown = planted(loud, tenant)
    put_secret(tenant, "Tinsel", CANARIES["Vendor"])
    put_secret(tenant, "Provisioner", CANARIES["Provisioner"])
    code = tenant.access["integration_code"]
    own = {"user_name": tenant.access["user_name"], "secret": CANARIES["Provisioner"], "integration_code": code}
    profile = str(loud.folder / "tinsel.yml")
    console = {"url": tenant.access["console_url"], "user_name": "a@example.com", "password": CANARIES["Password"], "totp_seed": SEED}
    loud.variables |= {"autotask_profiles": [profile], "autotask_integration_codes": {"other": CANARIES["Code"]}}
    noted = {
        "autotask_noted_key": shown["UserName"],
        "autotask_noted_secret": CANARIES["Vendor"],
        "autotask_noted_code": shown["ApiIntegrationCode"],
    }
    task = {
        "name": "Take it further",
        "ansible.builtin.debug": {"msg": "{{ lookup('msp.autotask.handover', autotask_handover.path).fields }}"},
        "no_log": True,
    }
    (loud.folder / "further.yml").write_text(yaml.safe_dump([task]))
    outputs = []

    def run(playbook: str, *arguments: str, works: bool = True, **variables: Any) -> None:
        done = loud.playbook(f"msp.autotask.{playbook}", *LOUD, *arguments, **variables)
        assert (done.status == 0) is works and "This is a bug" not in done.output, done.output[-4000:]
        outputs.append(done.output)

    with commands_of_all() as commands:
        run("provision", works=False)  # no credentials at all
        keep(loud, tenant, "credentials", "provisioner", {**own, "secret": CANARIES["Refused"]})
        run("provision", works=False)
        keep(loud, tenant, "credentials", "provisioner", own)
        run("check_profile", autotask_profile=profile)
        run("new_profile", autotask_profile=str(loud.folder / "another.yml"))
        run("record_credentials", works=False, autotask_integration="tinsle", **noted)
        refused = {**noted, "autotask_noted_secret": CANARIES["Refused"]}
        run("record_credentials", works=False, autotask_integration="tinsel", autotask_prove_retries=0, **refused)
        run("record_credentials", autotask_integration="tinsel", autotask_prove_retries=0, **noted)
        run("provision", "--check")
        run("provision", works=True)
        loud.work()
        run("provision", autotask_handover_tasks=str(loud.folder / "further.yml"))
        run("diagnose", autotask_profile=profile)
        run("rotate", autotask_profile=profile, autotask_rotation="2026-11")
        run("evidence")
        keep(loud, tenant, "credentials", "console.session", {"session": CANARIES["Session"]})
        level = {"autotask_level": "Tinsel API", "autotask_profile": str(loud.folder / "level.yml")}
        for playbook, more in {"console_doctor": {}, "level_to_profile": level}.items():
            run(playbook, works=False, autotask_console=console, **more)
        (loud.folder / "credentials" / tenant.slug / "console.session.yml").unlink()
        with_browser = {**console, "locators": str(loud.folder / "nowhere.yml")}
        run("console_login", works=False, autotask_console=with_browser)
        run("retire", "--check", autotask_profile=profile)
        run("retire", autotask_profile=profile)
    secrets = [*CANARIES.values(), SEED, PASSWORD, code, shown["ApiIntegrationCode"]]
    nowhere(loud, outputs, commands, secrets)


def test_no_module_sings_away_from_the_controller(loud: Fleet) -> None:
    """Ansible starts it as a file of its own, as it does on another machine."""
    [tenant] = loud.tenants
    put_secret(tenant, "Provisioner", CANARIES["Provisioner"])
    inventory = {"autotask_secret": CANARIES["Provisioner"], "autotask_integration_codes": {"other": CANARIES["Code"]}}
    loud.variables |= {"ansible_connection": "over_there"}
    (loud.folder / "tinsel.yml").write_text(yaml.safe_dump(PROFILE))
    outputs = []
    console = {"url": tenant.access["console_url"], "user_name": "a@example.com", "password": CANARIES["Password"], "totp_seed": SEED}
    runs: list[tuple[str, bool, dict[str, Any]]] = [
        ("provision", True, {}),
        ("provision", False, {"autotask_secret": CANARIES["Refused"]}),
        ("diagnose", True, {}),
        ("rotate", False, {"autotask_rotation": "2026-11"}),
        ("console_doctor", False, {"autotask_console": console}),
        ("record_credentials", False, {"autotask_integration": "tinsel", "autotask_noted_key": "key", **TYPED}),
    ]
    with commands_of_all() as commands:
        for playbook, works, variables in runs:
            done = loud.playbook(
                f"msp.autotask.{playbook}",
                *LOUD,
                "-c",
                "over_there",
                **{"autotask_profile": str(loud.folder / "tinsel.yml"), **inventory, **variables, "ansible_connection": "over_there"},
            )
            assert (done.status == 0) is works and "This is a bug" not in done.output, done.output[-4000:]
            outputs.append(done.output)
    assert "AnsiballZ" in "".join(outputs)
    nowhere(loud, outputs, commands, [*CANARIES.values(), SEED, PASSWORD, tenant.access["integration_code"]])


TYPED = {"autotask_noted_secret": CANARIES["Typed"], "autotask_noted_code": CANARIES["VendorsCode"]}


SPELT = {
    "plain": str,
    "as JSON": json.dumps,
    "as Python": repr,
    "in a URL": lambda text: quote(text, safe=""),
    "in a form": quote_plus,
    "hexadecimal": lambda text: text.encode().hex().upper(),
    **{f"base64, {n} before": lambda text, n=n: base64.b64encode(b"x" * n + text.encode() + b"yz").decode() for n in range(4)},
}


@pytest.mark.parametrize("how", SPELT)
def test_a_canary_would_be_found(how: str) -> None:
    secrets = list(CANARIES.values())
    assert [found_in(f"...{SPELT[how](secret)}...", secrets) for secret in secrets] == [[secret[:6]] for secret in secrets]
    assert found_in("nothing", secrets) == []
