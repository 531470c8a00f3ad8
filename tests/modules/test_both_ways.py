# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A module gives the same inside the controller as it does when Ansible starts it as a file of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.sandboxes import Tenant

from .playing import Played, Player, level, limit, user

CANARY = "Canary-Zq7-secret"
SECRET = "{{ canary }}"  # in the play itself, Ansible prints it together with the place of an error
# What changes from one moment to the next.
MOMENTARY = ("read_at", "waited", "usage")

PROFILE = {
    "profile": 2,
    "integration": "example",
    "vendor": "Example",
    "security_levels": [{"key": "main", "name": "Example API", "settings": {"Service Desk": {"Tickets": {"View": "All"}}}}],
    "api_users": [
        {
            "key": "main",
            "first_name": "Example",
            "last_name": "API",
            "security_level": "main",
            "tracking_identifier": {"internal_integration_name": "Example"},
        }
    ],
}


# Away from the controller nobody knows what the inventory calls the host: there the tenant's own name stands for it.
TENANT = "{{ inventory_hostname }}"
WHOSE = {"tenant": TENANT, "email": "integrations@example.com", "credentials_store": {"folder": "/nowhere"}, "handover_folder": "/nowhere"}

# Modules that need the controller: its vault, or its browser.
ONLY_HERE = {
    "autotask_credentials",
    "autotask_console_info",
    "autotask_security_level_info",
    "autotask_evidence",
    "autotask_plan",
    "autotask_plan_document",
}


def _tasks(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """Every module that runs in the controller, doing well and failing, with a secret in each place that takes one."""
    own = {key: f"{{{{ connection.{key} }}}}" for key in ("user_name", "secret", "integration_code")}
    info = {"tenant": TENANT, "integration": "example"}
    diagnosed = {
        "api_user": {"first_name": "Provisioner", "last_name": "API", "security_level": "Example API"},
        "checks": ["credentials", "security_level"],
    }
    return [
        level(),
        level(credentials=own),
        level(name="N" * 51),
        level(secret=SECRET),
        level(credentials={"user_name": "a@example.com", "secret": SECRET, "integration_code": SECRET}),
        level(settings={"CRM": {"Nothing": SECRET}}, secret=SECRET),
        level(colour="blue"),
        level(apply_via="runsheet", runsheet={"path": str(folder / "sheets")}),
        limit(),
        limit(maximum="many"),
        limit(integration_code=SECRET),
        user(),
        user(credentials={**own, "secret": SECRET}),
        user(email=SECRET, secret=SECRET),
        user(first_name="Provisioner", state="absent"),
        ("autotask_tenant_info", {"integrations": ["example"]}),
        ("autotask_tenant_info", {"secret": SECRET}),
        ("autotask_access_info", {"expect": {"granted": ["Tickets:query"], "denied": ["Contracts:query"]}}),
        ("autotask_access_info", {"expect": {"granted": ["Tickets"]}}),
        ("autotask_diagnosis_info", {**diagnosed, "credentials": {**own, "secret": SECRET}}),
        ("autotask_diagnosis_info", {**diagnosed, "credentials": own, "expect": {"granted": ["Tickets"]}}),
        ("autotask_profile_info", {"profile": PROFILE}),
        ("autotask_profile_info", {"profile": {**PROFILE, "vendor": 7}}),
        ("autotask_profile_info", {"path": "/nowhere/profile.yml"}),
        ("autotask_webhook_info", {"limits": {"Example API": 5}}),
        ("autotask_api_user_secret", {**info, "first_name": "Provisioner", "last_name": "API", "rotation": "2026-11"}),
        (
            "autotask_api_user_secret",
            {**info, "first_name": "Provisioner", "last_name": "API", "rotation": "2026-11", "credentials": {**own, "secret": SECRET}},
        ),
        ("autotask_integrations", {**WHOSE, "integrations": [{"profile": PROFILE}], "unlisted": "report"}),
        ("autotask_integrations", {**WHOSE, "integrations": [{"profile": PROFILE, "state": "absent"}], "apply_via": "runsheet"}),
        ("autotask_integrations", {**WHOSE, "integrations": [{"profile": PROFILE}], "secret": SECRET}),
        ("autotask_integrations", {**WHOSE, "integrations": [{"profile": {**PROFILE, "vendor": 7}}]}),
        ("autotask_rotation", {**WHOSE, "integrations": [{"profile": PROFILE}], "rotation": "2026-11"}),
        ("autotask_change_info", info),
        ("autotask_change_info", {**info, "wait": True, "wait_timeout": 0, "wait_interval": 0.1}),
    ]


def _lasting(result: Mapping[str, Any]) -> dict[str, Any]:
    """The result without what depends on the moment, and without what Ansible adds when it starts a process."""
    left = {
        key: value
        for key, value in result.items()
        if key not in (*MOMENTARY, "ansible_facts", "exception") and not key.startswith("_ansible")
    }
    return json.loads(re.sub(r'"(read_at|used)": \d+', '"x": 0', json.dumps(left, sort_keys=True)))


def _printed(played: Played, slug: str) -> list[str]:
    """What was printed, but for the lines of the connection, and for what depends on the moment."""
    lines = [
        line
        for line in played.output.splitlines()
        if not re.match(rf"<{slug}>|Using module file|redirecting|Pipelining|META:|task path", line.strip())
    ]
    same = [re.sub(r'("(read_at|used|waited)": )\d+', r"\1 0", line) for line in lines]
    return [line.replace("Action failed", "Module failed") for line in same]  # Ansible's own words for who failed


def test_every_module_gives_the_same_both_ways(play: Player, tenant: Tenant, tmp_path: Path) -> None:
    play(level(), limit(), user())  # so that there is a change to look at
    tasks = _tasks(tmp_path)
    assert {module for module, _options in tasks} == {path.stem for path in (ROOT / "plugins" / "modules").glob("*.py")} - ONLY_HERE
    arguments = ["--check", "--diff", "-vvv", "-e", f"@{play.write('canary.yml', {'canary': CANARY})}"]
    here = play.by_ansible(*tasks, arguments=arguments)
    play.environment["ANSIBLE_CONNECTION_PLUGINS"] = str(Path(__file__).parent / "connections")
    there = play.by_ansible(*tasks, arguments=[*arguments, "-e", "ansible_connection=over_there"])
    assert "AnsiballZ" in there.output and "AnsiballZ" not in here.output
    for (module, options), one, other in zip(tasks, here.results, there.results, strict=True):
        assert _lasting(one) == _lasting(other), (module, options)
    assert _printed(here, tenant.slug) == _printed(there, tenant.slug)
    assert all(words in here.output for words in ('example, level "Example API", would be asked for:', "  1. "))
    for played in (here, there):
        for secret in (CANARY, tenant.access["secret"], tenant.access["integration_code"]):
            assert secret not in played.output


def test_the_environment_of_a_task_counts_both_ways(play: Player, tenant: Tenant) -> None:
    access = tenant.access
    environment = {f"AUTOTASK_{key.upper()}": access[key] for key in ("user_name", "secret", "integration_code", "discovery_url")}
    play.connected = False
    here = play.by_ansible(("autotask_tenant_info", {"gather": ["version"]}), environment=environment)
    play.environment["ANSIBLE_CONNECTION_PLUGINS"] = str(Path(__file__).parent / "connections")
    there = play.by_ansible(
        ("autotask_tenant_info", {"gather": ["version"]}), environment=environment, arguments=["-e", "ansible_connection=over_there"]
    )
    assert here[0]["version"] == there[0]["version"] != ""


def test_a_browser_is_used_in_the_controller_only(play: Player) -> None:
    play.environment["ANSIBLE_CONNECTION_PLUGINS"] = str(Path(__file__).parent / "connections")
    console = {"url": "http://127.0.0.1:1/", "user_name": "admin@example.com", "password": SECRET}
    tasks = [
        ("autotask_console_info", {"console": console}),
        ("autotask_security_level_info", {"name": "Example API", "console": console}),
        level(apply_via="console", console=console),
        ("autotask_integrations", {**WHOSE, "integrations": [{"profile": PROFILE}], "apply_via": "console", "console": console}),
    ]
    canary = play.write("canary.yml", {"canary": CANARY})
    there = play.by_ansible(*tasks, arguments=["-vvv", "-e", "ansible_connection=over_there", "-e", f"@{canary}"])
    assert [result["code"] for result in there.results] == ["not_on_controller"] * 4
    assert CANARY not in there.output


def test_async_goes_the_usual_way(play: Player) -> None:
    result = play.by_ansible(("autotask_tenant_info", {"gather": ["version"]}), **{"async": 60, "poll": 1})[0]
    assert result["version"] and result["finished"]


def test_options_that_ansible_looks_into_before_it_checks_them_are_told_without_what_they_held(play: Player) -> None:
    played = play.by_ansible(level(ticket=[[CANARY]]), level(tenant_info={"levels": [CANARY]}))
    assert played[0]["failed"] and played[0]["msg"].startswith("ticket: a mapping")
    assert played[1]["code"] == "tenant_info"
    assert CANARY not in "".join(result["msg"] for result in played.results) and "Traceback" not in played.output
