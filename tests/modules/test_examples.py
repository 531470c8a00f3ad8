# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The examples in the modules' documentation run, and what they return is what the documentation says."""

from __future__ import annotations

import json
import shutil
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from tests.sandboxes import Tenant

from .playing import Player

# What an example vendor asks for. Its user is the one that the sandbox's tenants have, so that its credentials can be proven.
PROFILE = {
    "profile": 2,
    "integration": "example",
    "vendor": "Example",
    "security_levels": [{"key": "main", "name": "Example API", "settings": {"CRM": {"Customer & Cancelation": "All"}}}],
    "api_users": [
        {
            "key": "main",
            "first_name": "Provisioner",
            "last_name": "API",
            "security_level": "main",
            "tracking_identifier": {"internal_integration_name": "Example"},
        }
    ],
    "handover": {"to": "Example", "fields": [{"name": "Key", "value": "user_name"}]},
}
# To set it up as well: the user that a run works as belongs to no integration but the provisioner.
OF_ANOTHER_USER = {**PROFILE, "api_users": [{**PROFILE["api_users"][0], "first_name": "Example"}]}
# What needs a browser.
BY_BROWSER = ("autotask_console_info", "autotask_security_level_info")
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("autotask_*.py"))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_run(play: Player, tenant: Tenant, name: str) -> None:
    if name in BY_BROWSER and (find_spec("playwright") is None or shutil.which("chromium") is None):
        pytest.skip("needs Playwright for Python and Chromium: requirements/browser.txt, make chromium")
    module = import_module(f"ansible_collections.msp.autotask.plugins.modules.{name}")
    examples, documented = yaml.safe_load(module.EXAMPLES), yaml.safe_load(module.RETURN)
    access = tenant.access
    variables = {
        "connection": play.connection(),
        "example_credentials": {key: access[key] for key in ("user_name", "secret", "integration_code")},
        "example_key": "k",
        "example_secret": "s",
        "credentials_folder": str(play.folder / "credentials"),
        "runsheet_folder": str(play.folder / "sheets"),
        "handover_folder": str(play.folder / "handover"),
        "evidence_folder": str(play.folder / "evidence"),
        "plan_folder": str(play.folder / "plan"),
        "example_profile": PROFILE if name != "autotask_integrations" else OF_ANOTHER_USER,
        "autotask_console": {"url": access["console_url"], "user_name": access["console_user"], "password": access["console_password"]},
    }
    (play.folder / "password").write_text("only-for-tests")
    play.environment["ANSIBLE_VAULT_PASSWORD_FILE"] = str(play.folder / "password")
    play.environment["AUTOTASK_BROWSER"] = shutil.which("chromium") or ""
    playbook = {
        "hosts": "all",
        "gather_facts": False,
        "vars_files": [str(play.write("variables.yml", variables))],
        "module_defaults": {"group/msp.autotask.autotask": "{{ connection }}"},
        "tasks": examples,
    }
    output, status = play.run(play.write("play.yml", [playbook]))
    assert status == 0, output
    kept = [json.loads(line) for line in (play.folder / "results").read_text().splitlines()]
    results = [
        entry["result"] for task, entry in zip(examples, kept, strict=True) if f"msp.autotask.{name}" in task and not task.get("no_log")
    ]
    assert results
    for result in results:
        _check_returned(result, documented)


def _check_returned(result: dict[str, Any], documented: dict[str, Any]) -> None:
    general = {"changed", "failed", "diff", "invocation", "warnings", "msg", "_ansible_no_log", "_ansible_verbose_override"}
    assert {key for key in result if not key.startswith("_")} - general <= set(documented)
    assert {key for key, entry in documented.items() if entry["returned"] in ("always", "success")} <= set(result)
    kinds = {"bool": bool, "int": int, "str": str, "list": list, "dict": dict}
    for key, entry in documented.items():
        if key in result:
            assert isinstance(result[key], kinds[entry["type"]]), key
