# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A folder to run the playbooks from: the sandbox's tenants as an inventory, Ansible's settings, a vault password. For the demo and for `make sandbox`."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = """\
# Ansible reads this file where it is started from. What the playbooks keep lies beside it.
[defaults]
inventory = fleet.yml
collections_path = {collections}
callbacks_enabled = msp.autotask.report
vault_password_file = vault-password
localhost_warning = false

[autotask_report]
folder = {report}
"""
HEAD = "# The sandbox's tenants, and how to sign in. On a real fleet the secrets come from a vault.\n"

Access = Mapping[str, Any]
"""What the sandbox's `--print-credentials` says of a tenant."""


def write_folder(
    folder: Path, tenants: Sequence[Access], report: str, variables: Mapping[str, Any], own: Mapping[str, Mapping[str, Any]]
) -> None:
    """Write `ansible.cfg`, `fleet.yml` and `vault-password`; what else is in the folder stays.

    `variables` are those of all tenants, `own` those of one by its name; `report` is the folder of the report, below this one.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    hosts = {tenant["tenant"]: {**_variables_of(tenant), **own.get(tenant["tenant"], {})} for tenant in tenants}
    common = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, "autotask_ticket": {"queue": "Administration"}}
    inventory = {"all": {"vars": {**common, **variables}, "hosts": hosts}}
    _write_private(folder / "ansible.cfg", SETTINGS.format(collections=ROOT / "build" / "collections", report=report))
    _write_private(folder / "fleet.yml", HEAD + yaml.safe_dump(inventory, sort_keys=False))
    _write_private(folder / "vault-password", "only-for-the-sandbox\n")


def _variables_of(tenant: Access) -> dict[str, Any]:
    """A bare tenant has no user that could be named."""
    browser = shutil.which("chromium")
    named = {f"autotask_{name}": tenant[name] for name in ("user_name", "secret", "integration_code") if name in tenant}
    return {
        **named,
        "autotask_discovery_url": tenant["discovery_url"],
        "autotask_email": f"integrations@{tenant['tenant']}.example.com",
        "autotask_local_terms": {"organization": tenant["organization_term"]},
        "autotask_console": {
            "url": tenant["console_url"],
            "user_name": tenant["console_user"],
            "password": tenant["console_password"],
            **({"browser": browser} if browser else {}),
        },
    }


def ways_there(folder: Path) -> list[str]:
    """What somebody enters, in a terminal at the top of the repository, before the commands that are run in the folder."""
    programs = Path(sys.executable).parent
    script = programs / "activate"
    entered = f". {shown(script)}" if script.exists() else f'export PATH="{programs}:$PATH"'
    return [entered, f"cd {shown(folder)}"]


def shown(path: Path) -> str:
    """The path as somebody at the top of the repository enters it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def environment(folder: Path) -> dict[str, str]:
    """That of a command in the folder: the programs are found, and no setting of Ansible's, or of ours, that somebody has for something else."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "AUTOTASK_"))}
    own = {"ANSIBLE_CONFIG": str(folder / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1", "XDG_CACHE_HOME": str(folder / "cache")}
    return {**kept, **own, "PATH": os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])}


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
