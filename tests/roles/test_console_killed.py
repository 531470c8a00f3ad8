# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A browser or a controller that is killed on the way: the next run goes on, to one level, one user, and a secret that works and is stored."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
from typing import Any

import pytest
import yaml

from tests.sandboxes import Rest, Sandbox

from .running import Fleet

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("playwright") is None, reason="needs Playwright for Python: requirements/browser.txt"),
    pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium: make chromium"),
]

# A run sends, as far as they are still needed: the copy, the section, the level, and then Generate Key, Generate Secret, the user. The first run is
# killed after its first form, the second after its second, and so on, until one gets through.
FORM = re.compile(r"^POST /admin/")
LEVEL = {
    "name": "Killed API",
    "copy_of": "API User (system)",
    "baseline": "copy",
    "sections": {"Inventory": "No Permission"},
    "settings": {"Contracts": {"Contract Visibility": "Limited"}},
}
USER = {
    "first_name": "Killed",
    "last_name": "API",
    "security_level": "Killed API",
    "tracking_identifier": {"internal_integration_name": "Killed"},
}
WHERE = {"email": "integrations@example.com", "location": "Headquarters"}
RECORDED = "inventory_dir ~ '/credentials/' ~ inventory_hostname ~ '/killed.yml'"
CONSOLE = "{{ autotask_console | combine({'doctors_pass': doctors_pass, 'credentials_file': " + RECORDED + "}) }}"
TENANT = {"tenant": "{{ inventory_hostname }}", "console": CONSOLE}
BY_CONSOLE = {**TENANT, "integration": "killed", "apply_via": "console"}
PROFILE = {
    "profile": 2,
    "integration": "killed",
    "vendor": "Killed",
    "security_levels": [{**LEVEL, "key": "main"}],
    "api_users": [{**USER, "key": "main", "security_level": "main"}],
    "handover": {"to": "Killed", "fields": []},
}
WORK = {
    "one by one": [
        {"msp.autotask.autotask_security_level": {**BY_CONSOLE, **LEVEL, "full_audit": "{{ audit | default(false) }}"}},
        {"msp.autotask.autotask_api_user": {**BY_CONSOLE, **USER, **WHERE}},
    ],
    "together": [
        {
            "msp.autotask.autotask_integrations": {
                **TENANT,
                **WHERE,
                "integrations": [{"profile": PROFILE}],
                "apply_via": "console",
                "credentials_store": {"folder": "{{ inventory_dir }}/credentials"},
                "full_audit": "{{ audit | default(false) }}",
            }
        }
    ],
}


def _play(*tasks: dict[str, Any]) -> str:
    keys = ("user_name", "secret", "integration_code", "discovery_url")
    connection = {"group/msp.autotask.autotask": {key: f"{{{{ autotask_{key} }}}}" for key in keys}}
    return yaml.safe_dump([{"hosts": "all", "gather_facts": False, "module_defaults": connection, "tasks": list(tasks)}])


def _forms(sandbox: Sandbox) -> int:
    return sum(bool(FORM.match(line)) for line in sandbox.log.read_text().splitlines())


def _kill(process: subprocess.Popen[str], fleet: Fleet, whom: str) -> None:
    if whom == "controller":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        # Chromium has its profile below the run's TMPDIR.
        subprocess.run(["pkill", "-KILL", "-f", f"user-data-dir={fleet.scratch}"], check=False)


def _killed(fleet: Fleet, sandbox: Sandbox, whom: str, playbook: str, after: int) -> bool:
    """Runs the playbook and kills it after so many forms; False if it got through before that."""
    before = _forms(sandbox)
    process = fleet.start(playbook, group=True)
    while _forms(sandbox) < before + after and process.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.02)
    through = process.poll() is not None
    if not through:
        _kill(process, fleet, whom)
    output = process.communicate(timeout=120)[0]
    assert "Traceback" not in output
    assert not through or process.returncode == 0, output
    return not through


@pytest.mark.parametrize(("whom", "work"), [("controller", "together"), ("browser", "one by one")])
def test_what_was_killed_is_taken_up(fleet: Fleet, sandbox: Sandbox, whom: str, work: str) -> None:
    [tenant] = fleet.tenants = fleet.tenants[1:]
    path = fleet.folder / "killed.yml"
    path.write_text(
        _play(
            {"msp.autotask.autotask_console_info": {"console": "{{ autotask_console }}"}, "register": "doctor"},
            {
                "ansible.builtin.copy": {
                    "content": "{{ {'doctors_pass': doctor.doctors_pass} | to_json }}",
                    "dest": "{{ inventory_dir }}/pass.json",
                }
            },
        )
    )
    assert fleet.playbook(str(path)).status == 0
    fleet.variables |= json.loads((fleet.folder / "pass.json").read_text())
    path.write_text(_play(*WORK[work]))
    killed = 0
    while _killed(fleet, sandbox, whom, str(path), after=killed + 1):
        killed += 1
    assert killed >= 3

    levels = [level for level in tenant.control("GET", "levels") if "Killed" in level["name"] or level["name"].startswith("Copy")]
    assert [(level["name"], level["active"], level["cells"]["Contracts||Contract Visibility|"]) for level in levels] == [
        ("Killed API", True, "Limited")
    ]
    [user] = [one for one in tenant.control("GET", "api-users") if one["first_name"] == "Killed"]
    assert (user["level"], user["active"], user["locked"]) == ("Killed API", True, False)
    [path_of_stored] = (fleet.folder / "credentials").rglob("killed.yml")
    stored = fleet.unlocked(path_of_stored)
    headers = {"UserName": stored["user_name"], "Secret": stored["secret"], "ApiIntegrationCode": stored["integration_code"]}
    assert Rest(tenant.access["rest_url"], headers).call("GET", "Version").status_code == 200
    assert fleet.playbook(str(path)).changed == [0]

    # What the level copied and nobody named is looked at when that is asked for.
    tenant.set_cells({"CRM|Object Permissions|Opportunities & Quotes|Edit": "Mine"}, "Killed API")
    audited = fleet.playbook(str(path), "--check", "--diff", audit=True)
    assert audited.changed == [1] and "Opportunities & Quotes > Edit" in audited.output, audited.output
