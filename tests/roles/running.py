# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the collection's playbooks on a fleet of the sandbox's tenants, as its users do."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from sandbox.operator.worker import Operator
from tests.conftest import COLLECTIONS
from tests.sandbox.people import change_ticket
from tests.sandboxes import Tenant, control

PASSWORD = "only-for-tests"


@dataclass
class Run:
    """What a run of ansible-playbook printed, and its status."""

    output: str
    status: int

    @property
    def changed(self) -> list[int]:
        """How many tasks changed something, by host."""
        return [int(count) for count in re.findall(r"changed=(\d+)", self.output)]


@dataclass
class Fleet:
    """Tenants, and a folder with everything that a user would have: inventory, vault password, what the runs leave behind.

    `variables` are those of all tenants, `own` those of one, by its short name.
    """

    tenants: Sequence[Tenant]
    folder: Path
    variables: dict[str, Any] = field(default_factory=dict)
    own: dict[str, dict[str, Any]] = field(default_factory=dict)
    bare: bool = False
    vault: bool = True
    said: list[str] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    # Where runs are started, if not in the folder.
    started_in: Path | None = None
    # Ansible makes a socket below TMPDIR, and the path of one is at most a hundred characters long.
    scratch: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="fleet-")))

    def playbook(self, name: str, *arguments: str, **variables: Any) -> Run:
        """Run a playbook of the collection, or one of a path, with extra variables."""
        extra = self.folder / "extra.yml"
        extra.write_text(yaml.safe_dump(variables))
        return self._run([self.command("ansible-playbook"), "-i", str(self.inventory()), name, "-e", f"@{extra}", *arguments])

    def autotask(self, *arguments: str) -> Run:
        """Run the program for pipelines. It finds the Ansible of the tests."""
        program = COLLECTIONS / "ansible_collections" / "msp" / "autotask" / "bin" / "autotask"
        self.settings["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        return self._run([str(program), *arguments, "-i", str(self.inventory())])

    def start(self, name: str, group: bool = False, **variables: Any) -> subprocess.Popen[str]:
        """Start a playbook and don't wait for its end; as a `group` of processes, it can be killed with all that it started."""
        extra = self.folder / "started.yml"
        extra.write_text(yaml.safe_dump(variables))
        command = [self.command("ansible-playbook"), "-i", str(self.inventory()), name, "-e", f"@{extra}"]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=group,
        )

    def provision(self, *arguments: str, vendor: str = "beecastle", **variables: Any) -> Run:
        """Run the playbook that sets a vendor up."""
        return self.playbook("msp.autotask.provision", *arguments, autotask_vendors=[vendor], **variables)

    def work(self, tenants: Sequence[Tenant] | None = None) -> int:
        """People work off the change tickets of the tenants; returns how many steps they ticked."""
        return sum(self.operator(tenant).work() for tenant in tenants or self.tenants)

    def operator(self, tenant: Tenant, records: bool = True) -> Operator:
        """Somebody who works in a tenant's console, and, unless he has no controller, records credentials with the collection's own playbook."""
        script = self.folder / "record"
        own = {
            key: value
            for key, value in self.environment().items()
            if key.startswith(("ANSIBLE_", "AUTOTASK_", "XDG_", "TMPDIR", "RAW_EVENTS"))
        }
        exports = "".join(f"export {key}={shlex.quote(value)}\n" for key, value in own.items())
        script.write_text(
            f"#!/bin/sh\n{exports}cd {self.folder}\nexec {self.command('ansible-playbook')} -i {self.inventory()} msp.autotask.record_credentials"
            ' -l "$1" -e "autotask_integration=$2" -e autotask_prove_delay=1\n'
        )
        script.chmod(0o700)
        access = tenant.access
        return Operator(
            access["console_url"],
            access["console_user"],
            access["console_password"],
            record_command=f"{script} {{tenant}} {{integration}}" if records else None,
            say=self.said.append,
        )

    def follow_sheets(self, tenant: Tenant, integration: str) -> None:
        """Somebody does what the run sheets of an integration say. The sandbox's operator reads tickets, so each visit to an editor is given to it as one."""
        for sheet in sorted((self.folder / "runsheets").glob(f"{tenant.slug}.{integration}.*.md")):
            steps = [line.removeprefix("- [ ] ") for line in sheet.read_text().splitlines() if line.startswith("- [ ] ")]
            visits = re.findall(r"^Open .*(?:\n(?!Open ).*)*", "\n".join(steps), re.MULTILINE)
            for number, visit in enumerate(visits, 1):
                change_ticket(tenant, *visit.splitlines(), external_id=f"msp.autotask/by-hand/{sheet.stem}/{number}"[:50])
            if steps:
                assert self.operator(tenant).work() == len(steps), self.said
                sheet.write_text(sheet.read_text().replace("- [ ] ", "- [x] "))

    def inventory(self) -> Path:
        """The fleet as an inventory; a `bare` one has no credentials yet."""
        hosts: dict[str, Any] = {}
        for tenant in self.tenants:
            access = tenant.access
            hosts[tenant.slug] = {"autotask_discovery_url": access["discovery_url"], "autotask_email": "integrations@example.com"}
            if not self.bare:
                hosts[tenant.slug] |= {f"autotask_{key}": access[key] for key in ("user_name", "secret", "integration_code")}
            hosts[tenant.slug]["autotask_local_terms"] = {"organization": self.term(tenant)}
            hosts[tenant.slug]["autotask_console"] = {
                "url": access["console_url"],
                "user_name": access["console_user"],
                "password": access["console_password"],
                "browser": shutil.which("chromium"),
            }
            hosts[tenant.slug] |= self.own.get(tenant.slug, {})
        common = {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "autotask_ticket": {"queue": "Administration"},
            **self.variables,
        }
        path = self.folder / "fleet.yml"
        path.write_text(yaml.safe_dump({"all": {"hosts": hosts, "vars": common}}))
        return path

    def term(self, tenant: Tenant) -> str:
        """The tenant's word for Organization."""
        listed = control(tenant.address, "GET", "tenants")
        return str(next(one["organization_term"] for one in listed if one["slug"] == tenant.slug))

    def report(self) -> dict[str, Any]:
        """The report of the last run."""
        return dict(json.loads((self.folder / "autotask-report" / "report.json").read_text()))

    def entry(self, tenant: Tenant) -> dict[str, Any]:
        """What the last report says of the only integration of a tenant."""
        [found] = next(one for one in self.report()["tenants"] if one["host"] == tenant.slug)["integrations"]
        return dict(found)

    def unlocked(self, path: Path) -> Any:
        """The content of a file that is encrypted with the fleet's vault password; its version and whose it is are checked here, and left out.

        Without starting ansible-vault, which is shown to open such files in tests/units/test_vault_files.py.
        """
        content = yaml.safe_load(VaultLib([("default", VaultSecret(PASSWORD.encode()))]).decrypt(path.read_bytes()))
        if isinstance(content, dict) and "version" in content:
            assert content.pop("version") == 2 and content["tenant"] == path.parent.name, path
            if path.parent.parent.name == "credentials":
                del content["tenant"]
                assert bool(content.pop("zone", "")) == bool(content.pop("database", "")), path
        return content

    def command(self, name: str) -> str:
        """A command of the same Ansible as the tests'."""
        return str(Path(sys.executable).with_name(name))

    def environment(self) -> dict[str, str]:
        """The environment of a user who enabled the report and has a vault password file."""
        foreign = ("ANSIBLE_", "AUTOTASK_", "DISPLAY", "WAYLAND_", "PYTHONUNBUFFERED")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
        (self.folder / "ansible.cfg").touch()
        (self.folder / "password").write_text(PASSWORD)
        vault = {"ANSIBLE_VAULT_PASSWORD_FILE": str(self.folder / "password")} if self.vault else {}
        return {
            **kept,
            **vault,
            "ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"),
            "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
            "ANSIBLE_CALLBACKS_ENABLED": "msp.autotask.report",
            "AUTOTASK_REPORT_FOLDER": str(self.folder / "autotask-report"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_LOCAL_TEMP": str(self.scratch / "controller"),
            "ANSIBLE_REMOTE_TEMP": str(self.scratch / "host"),
            "TMPDIR": str(self.scratch),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            **self.settings,
        }

    def _run(self, command: Sequence[str]) -> Run:
        done = subprocess.run(
            command,
            cwd=self.started_in or self.folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=300,
            check=False,
        )
        return Run(done.stdout, done.returncode)
