# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plays tasks against a tenant of the sandbox, and gives back what each of them returned.

In the tests' own process, as the action plugins do it: options that are checked against the module's spec, then `run`. That costs a hundredth of a
run of ansible-playbook, which `by_ansible` starts where the test is about Ansible. That both give the same: test_both_ways.py, for every module.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values

from ansible_collections.msp.autotask.plugins.module_utils._edge.controller import Controller
from ansible_collections.msp.autotask.plugins.module_utils._edge.module import run_safely
from ansible_collections.msp.autotask.plugins.plugin_utils._vault import VaultFiles
from tests.conftest import COLLECTIONS
from tests.sandboxes import Tenant, control

MODULES = ("autotask_security_level", "autotask_webhook_limit", "autotask_api_user", "autotask_api_user_secret")
CHANGE_OPTIONS = {"ticket": {"queue": "Administration"}}

LEVEL = {
    "name": "Example API",
    "settings": {
        "Contracts": {"Contracts": {"View": "All"}, "Contract Visibility": "Full"},
        "Service Desk": {"Tickets": {"View": "All", "Add": True}},
    },
}
LIMIT = {"level": "Example API", "maximum": 20}
USER = {
    "first_name": "Example",
    "last_name": "API",
    "email": "integrations@example.com",
    "security_level": "Example API",
    "location": "Headquarters",
    "tracking_identifier": {"internal_integration_name": "Example"},
}


@dataclass
class Played:
    """What was said meanwhile, and the results of the tasks in their order. ansible-playbook prints more than that, and has a status."""

    output: str
    results: list[dict[str, Any]]
    status: int = 0

    def __getitem__(self, index: int) -> dict[str, Any]:
        return self.results[index]


@dataclass
class Player:
    """Plays tasks on one tenant. Each task is `(module, options)`; modules of the collection go without its name."""

    tenant: Tenant
    folder: Path
    integration: str = "example"
    environment: dict[str, str] = field(default_factory=dict)
    connected: bool = True

    def __call__(self, *tasks: tuple[str, Mapping[str, Any]], check: bool = False) -> Played:
        """Play the tasks in this process. A failing one doesn't stop those behind it."""
        said: list[str] = []
        results = [self._result(module, options, check, said) for module, options in tasks]
        return Played("\n".join([*said, *(json.dumps(result) for result in results)]), results)

    def _result(self, module: str, options: Mapping[str, Any], check: bool, said: list[str]) -> dict[str, Any]:
        """The result of one task, as Ansible's callbacks get it."""
        found = importlib.import_module(f"ansible_collections.msp.autotask.plugins.modules.{module}")
        usual = {name: value for name, value in self.connection().items() if name in found.SPEC} if self.connected else {}
        checked = ArgumentSpecValidator(dict(found.SPEC)).validate({**usual, **self._options(module, options)})
        assert not checked.error_messages, checked.errors.msg
        controller = Controller(said.append, VaultFiles([]), self.tenant.slug)
        outcome = run_safely(found.run, checked.validated_parameters, check, controller)
        harmless = {name: value for name, value in outcome.items() if value is None or isinstance(value, bool)}
        shown = {**remove_values(outcome, checked._no_log_values), **harmless}
        return {"failed": False, **json.loads(json.dumps(shown, default=str))}

    def by_ansible(self, *tasks: tuple[str, Mapping[str, Any]], arguments: Sequence[str] = (), **keywords: Any) -> Played:
        """The same by ansible-playbook, with these arguments; `keywords` are added to every task."""
        played = [
            {
                f"msp.autotask.{module}" if module.startswith("autotask_") else module: self._options(module, options),
                "ignore_errors": True,
                **keywords,
            }
            for module, options in tasks
        ]
        play = {
            "hosts": "all",
            "gather_facts": False,
            "vars_files": [str(self.write("connection.yml", {"connection": self.connection()}))],
            "module_defaults": {"group/msp.autotask.autotask": "{{ connection }}" if self.connected else {}},
            "tasks": played,
        }
        kept = self.folder / "results"
        kept.unlink(missing_ok=True)
        output, status = self.run(self.write("play.yml", [play]), *arguments)
        results = [json.loads(line)["result"] for line in kept.read_text().splitlines()] if kept.exists() else []
        assert len(results) == len(tasks), output
        return Played(output, results, status)

    def connection(self) -> dict[str, str]:
        """The options with which a task works as the tenant's provisioner."""
        access = self.tenant.access
        return {key: access[key] for key in ("user_name", "secret", "integration_code", "discovery_url")}

    def write(self, name: str, content: Any) -> Path:
        """Write a YAML file into the folder; returns its path."""
        path = self.folder / name
        path.write_text(yaml.safe_dump(content, sort_keys=False))
        return path

    def inventory(self) -> Path:
        """The tenant as the only host."""
        variables = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        return self.write("fleet.yml", {"all": {"hosts": {self.tenant.slug: {}}, "vars": variables}})

    def run(self, playbook: Path | str, *arguments: str) -> tuple[str, int]:
        """Run a playbook; returns what it printed, and its status."""
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(self.inventory()), str(playbook), *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=self.env(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False
        )
        return done.stdout, done.returncode

    def env(self) -> dict[str, str]:
        """The environment of ansible-playbook: nothing of the user's own Ansible."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "AUTOTASK_"))}
        (self.folder / "ansible.cfg").touch()
        return {
            **kept,
            "ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"),
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_NOCOLOR": "1",
            # By default ~/.ansible_async: the account's for the task that asks, and HOME's for the one that writes.
            "ANSIBLE_ASYNC_DIR": str(self.folder / "async"),
            "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).parent / "callbacks"),
            "ANSIBLE_CALLBACKS_ENABLED": "kept_results",
            "KEPT_RESULTS": str(self.folder / "results"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            **self.environment,
        }

    def _options(self, module: str, options: Mapping[str, Any]) -> dict[str, Any]:
        if module not in MODULES:
            return dict(options)
        return {"tenant": self.tenant.slug, "integration": self.integration, **CHANGE_OPTIONS, **options}


def level(**options: Any) -> tuple[str, dict[str, Any]]:
    """A task for the example's level, with other options where they are given."""
    return "autotask_security_level", {**LEVEL, **options}


def limit(**options: Any) -> tuple[str, dict[str, Any]]:
    """A task for the example's webhook limit."""
    return "autotask_webhook_limit", {**LIMIT, **options}


def user(**options: Any) -> tuple[str, dict[str, Any]]:
    """A task for the example's user."""
    return "autotask_api_user", {**USER, **options}


def without_code(credentials: Mapping[str, str]) -> dict[str, str]:
    """Credentials of a user whose tracking identifier is its integration vendor's."""
    return {key: value for key, value in credentials.items() if key != "integration_code"}


def tickets(tenant: Tenant, integration: str = "example") -> list[dict[str, Any]]:
    """The change tickets of an integration, as they lie in the sandbox's store."""
    records = tenant.control("GET", "records/Tickets")
    return [record for record in records if str(record.get("externalID") or "").startswith(f"msp.autotask/{integration}/")]


def lines(tenant: Tenant, ticket: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The checklist of a ticket, in its order."""
    found = [item for item in tenant.control("GET", "records/TicketChecklistItems") if item["ticketID"] == ticket["id"]]
    return sorted(found, key=lambda item: (item["position"], item["id"]))


def notes(tenant: Tenant, ticket: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The notes of a ticket, oldest first."""
    found = [note for note in tenant.control("GET", "records/TicketNotes") if note["ticketID"] == ticket["id"]]
    return sorted(found, key=lambda note: int(note["id"]))


def writes(tenant: Tenant) -> list[str]:
    """What has been written over REST so far (queries by POST don't count)."""
    sent = control(tenant.address, "GET", f"requests?tenant={tenant.slug}")
    return [
        f"{one['method']} {one['path'].rpartition('/v1.0/')[2]}" for one in sent if one["method"] != "GET" and "/query" not in one["path"]
    ]
