# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Names become paths in one place, which checks them: no name leads out of its folder, and what nothing reads isn't stored."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.modules import (
    autotask_api_user,
    autotask_change_info,
    autotask_console_info,
    autotask_security_level,
    autotask_tenant_info,
)
from tests.conftest import ROOT
from tests.disks import seen

from .running import House, Result, profile

GIVEN = {"user_name": "key@birch.example.com", "secret": "Se%cret-long", "integration_code": "CODE-long"}
OUTSIDE = {
    "above": "../../escaped",
    "above all": "..",
    "here": ".",
    "a folder of it": "alder/escaped",
    "of another system": "..\\escaped",
    "absolute": "/tmp/escaped",
    "empty": "",
    "blank": " ",
    "hidden": ".escaped",
    "a line break": "alder\nescaped",
    "a NUL": "alder\0escaped",
    "an escape": "alder\x1b[2Jescaped",
    "half a pair": "alder\ud800",
    "very long": "a" * 300,
    "long in bytes": "\N{EURO SIGN}" * 100,
    "a blank at its end": "alder ",
}
# A key of an integration is lower-case letters, digits, dots, dashes and underscores as well.
NO_KEYS = OUTSIDE | {"capitals": "Tinsel", "what a rotation keeps": "tinsel.previous", "what a browser keeps": "console.session"}
# What a module is asked where the tenant has a name of this kind.
OF_TENANT: dict[str, Callable[[House, str], Result]] = {
    "integrations": lambda house, tenant: house.ensure(profile("tinsel"), tenant=tenant),
    "in run sheets": lambda house, tenant: house.ensure(profile("tinsel"), tenant=tenant, apply_via="runsheet"),
    "in check mode": lambda house, tenant: house.ensure(profile("tinsel"), tenant=tenant, check=True),
    "retired": lambda house, tenant: house.ensure({"integration": "tinsel", "state": "absent"}, tenant=tenant),
    "rotated": lambda house, tenant: house.rotate(tenant=tenant),
    "recorded": lambda house, tenant: house.record("provisioner", GIVEN, tenant=tenant),
    "a level": lambda house, tenant: house.run(autotask_security_level, tenant=tenant, integration="tinsel", name="Tinsel API"),
    "a user": lambda house, tenant: house.run(
        autotask_api_user,
        tenant=tenant,
        integration="tinsel",
        first_name="Tinsel",
        last_name="API",
        tracking_identifier={"internal_integration_name": "Tinsel"},
        apply_via="runsheet",
    ),
    "a doctor": lambda house, tenant: house.run(
        autotask_console_info, tenant=tenant, findings=str(house.folder / "console" / f"{tenant}.yml".replace("\0", ""))
    ),
}
OF_KEY: dict[str, Callable[[House, str], Result]] = {
    "recorded": lambda house, key: house.record(key, GIVEN),
    "retired": lambda house, key: house.ensure({"integration": key, "state": "absent"}),
    "a profile": lambda house, key: house.ensure({**profile("tinsel"), "integration": key}, apply_via="runsheet"),
    "rotated": lambda house, key: house.rotate(integrations=[{"profile": {**profile("tinsel"), "integration": key}}]),
    "a change": lambda house, key: house.run(autotask_change_info, tenant="birch", integration=key),
    "of a tenant": lambda house, key: house.run(autotask_tenant_info, integrations=[key]),
    "a level": lambda house, key: house.run(autotask_security_level, tenant="birch", integration=key, name="T", apply_via="runsheet"),
    "a user": lambda house, key: house.run(
        autotask_api_user,
        tenant="birch",
        integration="tinsel",
        record_as=key or "..",
        first_name="Tinsel",
        last_name="API",
        tracking_identifier={"internal_integration_name": "Tinsel"},
    ),
}


def refused(house: House, outcome: Result) -> str:
    """What is said; nothing was asked for, and nothing was written anywhere near."""
    assert outcome.get("failed"), outcome
    assert outcome["code"] != "bug" and outcome["msg"].isprintable() and len(outcome["msg"]) < 1000, outcome["msg"]
    assert not {name for name in seen(house.folder.parent) if "escaped" in name} and not Path("/tmp/escaped").exists()
    assert not any(name.startswith(("credentials", "handover", "runsheets", "console")) for name in house.files())
    assert not house.requests(writes=True)
    return str(outcome["msg"])


@pytest.mark.parametrize("kind", OUTSIDE)
@pytest.mark.parametrize("module", OF_TENANT)
def test_a_tenant_is_called_as_a_folder_can_be(module: str, kind: str, house: House) -> None:
    outcome = OF_TENANT[module](house, OUTSIDE[kind])
    assert refused(house, outcome).startswith("tenant: ") and outcome["code"] == "tenant"
    assert "REST" not in outcome["msg"] and not house.requests()


@pytest.mark.parametrize("kind", NO_KEYS)
@pytest.mark.parametrize("module", OF_KEY)
def test_a_key_is_one(module: str, kind: str, house: House) -> None:
    refused(house, OF_KEY[module](house, NO_KEYS[kind]))


def test_what_nothing_reads_is_not_stored(house: House) -> None:
    house.want(profile("tinsel"))
    said = refused(house, house.record("tinsle", GIVEN))
    assert 'no integration of birch records credentials as "tinsle"' in said and 'Nearest: "tinsel"' in said


@pytest.mark.parametrize("name", ["Alder & Sons GmbH (Köln)", "alder.example.com", "a[b]*?", "{{ 7*7 }}", "-x", "~", "$HOME"])
def test_every_other_name_is_a_tenants(name: str, house: House) -> None:
    """Whatever a shell, a template or a pattern would make of it."""
    house.options |= {"tenant": name, "apply_via": "runsheet"}
    [first, again] = house.ensure(profile("tinsel")), house.ensure()
    assert (first["changed"], again["changed"], again["pending"]) == (True, False, True)
    assert [path.name for path in (house.folder / "runsheets").iterdir()] == [f"{name}.tinsel.1.md"]


def test_what_a_ticket_says_is_no_path(house: House) -> None:
    """A record name in a note leads nowhere, whoever wrote it, and nothing there is removed."""
    house.set_up(profile("tinsel"))
    outside = house.folder / "elsewhere.yml"
    outside.write_text("somebody's")
    [ticket] = house.tickets("tinsel")
    for note in house.store.query(house.employee.tenant.id, "TicketNotes"):
        if note["ticketID"] == ticket["id"]:
            text = note["description"].replace('"record_as":"tinsel"', '"record_as":"../../elsewhere"')
            house.store.update(house.employee.tenant.id, "TicketNotes", note["id"], {"description": text})
    for _run in range(2):
        outcome = house.ensure({"integration": "tinsel", "state": "absent"})
        house.work()
    assert outside.read_text() == "somebody's" and outcome.get("code") != "bug"


def test_only_two_modules_know_files_and_paths() -> None:
    """What opens, lists, moves or removes a file, or makes a path of names, does it through them."""
    own = {"_files.py", "_paths.py"}
    calls = {"open", "mkdir", "makedirs", "unlink", "rename", "listdir", "scandir", "glob", "rglob", "iterdir", "mkstemp", "rmtree"}
    calls |= {"read_text", "write_text", "read_bytes", "write_bytes", "NamedTemporaryFile", "TemporaryFile", "lstat", "touch", "rmdir"}
    found = set()
    for path in (ROOT / "plugins").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())) if path.name not in own else ():
            if isinstance(node, ast.Call) and (name := _called(node)) and name[0] in calls and name[1] not in ("_files", "os.path"):
                found.add((str(path.relative_to(ROOT / "plugins")), name[0]))
    assert found <= {
        ("module_utils/_console/locators.py", "read_text"),  # what is shipped with the code
        ("module_utils/_profile/library.py", "glob"),  # the same
        ("module_utils/_profile/library.py", "read_text"),  # a function of its own, for the bytes of a profile
        ("module_utils/_review/acceptances.py", "read_text"),  # the same function
        ("plugin_utils/_variables.py", "glob"),  # what is shipped with the code
        ("plugin_utils/_variables.py", "read_text"),  # the same
    }


def _called(node: ast.Call) -> tuple[str, str] | None:
    """The name of what is called, and what it is of."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr, ast.unparse(node.func.value)
    return (node.func.id, "") if isinstance(node.func, ast.Name) else None


def test_what_is_kept_lies_where_it_is_documented(house: House) -> None:
    given: dict[str, Any] = profile("tinsel", manual_steps=[{"where": "Portal", "text": "Press Connect."}])
    house.set_up(given)
    assert set(house.files()) == {
        "credentials/birch/home.json",
        "credentials/birch/tinsel.yml",
        "handover/birch/tinsel.yml",
        "handover/birch/tinsel.steps.md",
    }
