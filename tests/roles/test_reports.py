# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""No report is green where a run failed: every host that a run was about is in each of its three files, with every reason."""

from __future__ import annotations

import shutil
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from .running import Fleet, Run

PROVISION = {"ansible.builtin.include_role": {"name": "msp.autotask.beecastle"}, "vars": {"autotask_apply_via": "runsheet"}}


def play(fleet: Fleet, hosts: dict[str, dict[str, Any]], tasks: list[dict[str, Any]], *arguments: str, **more: Any) -> Run:
    """Run a play of a user's on hosts that are no tenants, so that none of them can be reached."""
    own = {"ansible_connection": "local", "autotask_email": "integrations@example.com", "autotask_runsheet": {"path": "sheets"}}
    inventory = {"all": {"hosts": {name: {**own, **variables} for name, variables in hosts.items()}}}
    (fleet.folder / "own.yml").write_text(yaml.safe_dump(inventory))
    (fleet.folder / "play.yml").write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": tasks, **more}]))
    return fleet.playbook(str(fleet.folder / "play.yml"), "-i", "own.yml", "-l", ",".join(hosts), *arguments)


def reasons(fleet: Fleet) -> dict[str, list[str]]:
    """Why each host failed, as JUnit has it; JSON and the page must have the same, of the same hosts."""
    folder = fleet.folder / "autotask-report"
    found: dict[str, list[str]] = {}
    for suite in ElementTree.parse(folder / "report.junit.xml").getroot():
        found.setdefault(str(suite.get("name")).partition(".")[0], []).extend(str(error.get("message")) for error in suite.iter("error"))
    page = (folder / "report.html").read_text().replace("&#34;", '"').replace("&#39;", "'")
    for tenant in fleet.report()["tenants"]:
        told = {text for texts in found.pop(tenant["host"]) for text in texts.split("\n")}
        assert all(text in tenant["error"] and text in page for text in told), tenant
        assert bool(told) == bool(tenant["error"]) and f"<h2>{tenant['host']}</h2>" in page
    assert found == {}
    return {tenant["host"]: tenant["error"].split("\n") if tenant["error"] else [] for tenant in fleet.report()["tenants"]}


def test_every_host_and_every_reason_is_in_every_report(fleet: Fleet) -> None:
    hosts: dict[str, dict[str, Any]] = {
        "right": {},
        "misspelt": {"vendor": "beecastel"},
        "misspelt-in-a-loop": {"vendors": ["beecastle", "guardsz"]},
        "bad-variable": {"autotask_email": "{{ nowhere }}"},
        "bad-option": {"autotask_runsheet": {"pat": "sheets"}},
        "gone": {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 9, "gone": True},
        "early": {"early": "The tenant is in a migration."},
        "late": {"late": "The mail server is down."},
        "in-a-loop": {"looped": [0, 1]},
        "own-handover": {"autotask_handover_tasks": "{{ nowhere_either }}"},
        "ignored": {"ignored": True},
        "left-out": {"vendor": ""},
    }
    failing = {"ansible.builtin.fail": {"msg": "{{ late }}"}, "when": "late is defined"}
    tasks = [
        {"name": "Look at it", "ansible.builtin.fail": {"msg": "{{ early }}"}, "when": "early is defined"},
        {"name": "Reach it", "ansible.builtin.command": "true", "when": "gone is defined"},
        {"name": "Not so bad", "ansible.builtin.fail": {"msg": "ignored"}, "when": "ignored is defined", "ignore_errors": True},
        {
            "ansible.builtin.include_role": {"name": "msp.autotask.{{ one }}"},
            "loop": "{{ vendors | default([]) }}",
            "loop_control": {"loop_var": "one"},
            "vars": {"autotask_apply_via": "runsheet"},
        },
        {
            "ansible.builtin.include_role": {"name": "msp.autotask.{{ vendor | default('beecastle') }}"},
            "vars": {"autotask_apply_via": "runsheet"},
            "when": "vendor | default('beecastle') != ''",
        },
        {"name": "Tell somebody", **failing},
        {
            "name": "Count",
            "ansible.builtin.assert": {"that": "item == 0", "fail_msg": "It is one."},
            "loop": "{{ looped }}",
            "when": "looped is defined",
        },
    ]
    run = play(fleet, hosts, tasks)
    assert run.status != 0
    told = reasons(fleet)
    assert set(told) == set(hosts), run.output
    assert told["right"] == told["ignored"] == told["left-out"] == []
    expected = {
        "misspelt": "beecastel",
        "misspelt-in-a-loop": "guardsz",
        "bad-variable": "nowhere",
        "bad-option": "pat",
        "gone": "ssh",
        "early": "The tenant is in a migration.",
        "late": "The mail server is down.",
        "in-a-loop": "It is one.",
        "own-handover": "nowhere_either",
    }
    assert {host: words for host, words in expected.items() if len(told[host]) != 1 or words not in told[host][0]} == {}, told
    states = {tenant["host"]: [entry["state"] for entry in tenant["integrations"]] for tenant in fleet.report()["tenants"]}
    assert states["late"] == states["in-a-loop"] == states["right"] == ["pending"]
    summary = fleet.report()["summary"]
    assert summary["tenants"] == len(hosts) and summary["tenants_failed"] == summary["failed"] == len(expected)
    assert f"{len(expected)} of {len(hosts)} hosts failed." in run.output


def test_what_ends_a_run_for_all_is_told_of_all(fleet: Fleet) -> None:
    """A check that is made once; batches that are never reached."""
    hosts: dict[str, dict[str, Any]] = {f"host-{number}": {} for number in range(6)}
    once = {"name": "Check", "ansible.builtin.fail": {"msg": "Not on Fridays."}, "run_once": True}
    assert play(fleet, hosts, [once, PROVISION]).status != 0
    assert reasons(fleet) == {host: ["Not on Fridays."] for host in hosts}

    assert play(fleet, hosts, [{**once, "run_once": False}, PROVISION], serial=2).status != 0
    ended = ["Nothing was done here: the run had ended before it was this host's turn."]
    assert reasons(fleet) == {host: ["Not on Fridays."] if host in ("host-0", "host-1") else ended for host in hosts}


def test_a_module_that_fails_is_told_at_its_integration(fleet: Fleet) -> None:
    """Where a playbook is composed by hand, of several vendors."""
    level = {"apply_via": "runsheet", "tenant": "by-hand", "copy_of": "API User (system)", "runsheet": {"path": "sheets"}}
    tasks = [
        {"msp.autotask.autotask_security_level": {**level, "integration": key, "name": name}, "ignore_errors": key == "two"}
        for key, name in {"one": "One API", "two": 'Two "API"', "three": "Three API"}.items()
    ]
    assert play(fleet, {"by-hand": {}}, tasks).status == 0
    [tenant] = fleet.report()["tenants"]
    assert {entry["integration"]: entry["state"] for entry in tenant["integrations"]} == {
        "one": "pending",
        "two": "failed",
        "three": "pending",
    }
    assert reasons(fleet)["by-hand"] == ["two: " + tenant["integrations"][1]["error"]]


@pytest.mark.parametrize("obstacle", ["folder", "page"])
def test_a_report_that_cant_be_written_is_an_error(fleet: Fleet, obstacle: str) -> None:
    folder = fleet.folder / "autotask-report"
    if obstacle == "folder":
        folder.touch()
    else:
        (folder / "report.html").mkdir(parents=True)
    run = play(fleet, {"right": {}}, [PROVISION])
    assert run.status == 1
    lines = [line for line in run.output.splitlines() if "can't be written" in line]
    assert any("autotask-report/report.html can't be written: " in line for line in lines), run.output
    assert "Traceback" not in run.output and "failed=0" in run.output
    assert (folder / "report.json").exists() is (obstacle == "page")


def test_the_report_of_an_earlier_run_is_not_taken_for_that_of_one_that_broke_off(fleet: Fleet) -> None:
    assert play(fleet, {"right": {}}, [PROVISION]).status == 0
    assert reasons(fleet) == {"right": []}
    broken = [{"ansible.builtin.include_tasks": "broken.yml"}, PROVISION]
    (fleet.folder / "broken.yml").write_text("- name: [")
    run = play(fleet, {"right": {}}, broken)
    assert run.status != 0 and "The run was broken off. 1 of 1 hosts were not reached, or not finished" in run.output, run.output
    [left] = fleet.report()["tenants"]
    assert (left["host"], left["reached"], left["error"]) == ("right", False, "") and fleet.report()["finished"] is False


def test_a_run_that_sets_nothing_up_leaves_no_report(fleet: Fleet) -> None:
    failing = {"ansible.builtin.fail": {"msg": "Something else."}}
    assert play(fleet, {"right": {}}, [failing]).status != 0
    assert not (fleet.folder / "autotask-report").exists()
    shutil.rmtree(fleet.scratch, ignore_errors=True)
