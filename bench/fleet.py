# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The fleet's side: a folder with inventories and vault files, as somebody who uses the collection has it."""

from __future__ import annotations

import concurrent.futures
import json
import os
import re
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from bench.sandboxes import ROOT, Access

VENDORS = {"beecastle": "BeeCastle - CRM", "onestream": "BvoIP - Telephony", "work365": "Work 365 Sync", "salesbuildr": "", "guardz": ""}
"""What is set up on every tenant, and the entry of the list Integration Vendor that it asks for, if it asks for one."""
FORKS = 10
VAULT_PASSWORD = "only-for-the-benchmark"
KEPT = ("credentials", "handover")
"""The folders in which the collection keeps a tenant's files."""

AT_ONCE = 20
"""So many copies are worth a process of their own to write their files."""


class Fleet:
    """A folder in which Ansible runs. Nothing of the user's own settings for Ansible counts in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, mode=0o700)
        (folder / "ansible.cfg").touch()
        _write_private(folder / "vault-password", VAULT_PASSWORD)

    def inventory(self, accesses: Sequence[Access], **more: Any) -> Path:
        """An inventory of these tenants, `fleet-{number}.yml`; variables beyond the usual ones make it another one."""
        variables = {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "autotask_vendors": list(VENDORS),
            "autotask_ticket": {"queue": "Administration"},
            "autotask_email": "integrations@example.com",
            "guardz_lines_of_business": ["Managed Services"],
        }
        hosts = {access["tenant"]: _host(access) for access in accesses}
        content = {"all": {"vars": variables | more, "hosts": hosts}}
        path = self.folder / f"{'-'.join(['fleet', str(len(accesses)), *more.values()])}.yml"
        _write_private(path, yaml.dump(content, Dumper=yaml.CSafeDumper, sort_keys=False))
        return path

    def environment(self, **more: str) -> dict[str, str]:
        """The environment that every way runs in."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "AUTOTASK_"))}
        return {
            **clean,
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "build" / "collections"),
            "ANSIBLE_FORKS": str(FORKS),
            "ANSIBLE_HOME": str(self.folder / "home"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_VAULT_PASSWORD_FILE": str(self.folder / "vault-password"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            **more,
        }

    def secrets(self, tenant: str, vendor: str) -> dict[str, str]:
        """What was recorded of a vendor's API user on a tenant."""
        return dict(yaml.safe_load(_vault().decrypt((self.folder / "credentials" / tenant / f"{vendor}.yml").read_bytes())))

    def settle_copies(self, first: Access, copies: Sequence[Access]) -> None:
        """Writes for copies of a tenant the files that its own runs left, each with the copy's credentials and names."""
        texts = {}
        for kept in KEPT:
            # Where the first tenant lives (home.json) is nothing that a copy has.
            for path in (one for one in (self.folder / kept / first["tenant"]).iterdir() if one.suffix != ".json"):
                content = path.read_bytes()
                encrypted = content.startswith(b"$ANSIBLE_VAULT")
                texts[f"{kept}/{{}}/{path.name}"] = (encrypted, (_vault().decrypt(content) if encrypted else content).decode())
        old = {user_name: {"user_name": user_name, **self._recorded(first, user_name)} for user_name in _users(texts)}
        settle = partial(_settle, self.folder, texts, first, old)
        if len(copies) <= AT_ONCE:
            list(map(settle, copies))
            return
        with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as workers:
            list(workers.map(settle, copies, chunksize=AT_ONCE))

    def _recorded(self, first: Access, user_name: str) -> dict[str, str]:
        every = (self.secrets(first["tenant"], path.stem) for path in (self.folder / "credentials" / first["tenant"]).glob("*.yml"))
        return next(recorded for recorded in every if recorded["user_name"] == user_name)


Texts = dict[str, tuple[bool, str]]
"""The files of a tenant: by path (`{}` for the tenant) whether they are encrypted, and what they say."""


def _users(texts: Texts) -> list[str]:
    """The user names that were recorded."""
    return [yaml.safe_load(text)["user_name"] for path, (_encrypted, text) in texts.items() if path.startswith("credentials/")]


def _settle(folder: Path, texts: Texts, first: Access, old: dict[str, dict[str, str]], copy: Access) -> None:
    for path, (encrypted, text) in texts.items():
        target = folder / path.format(copy["tenant"])
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = in_its_words(text, first, old, copy)
        _write_private(target, _vault().encrypt(new, secret=_secret()).decode() if encrypted else new)


_HOME = re.compile(r"^(zone|database): .*\n", re.MULTILINE)
"""In a file with credentials, where they were proven: another place than a copy's."""


def in_its_words(text: str, first: Access, old: dict[str, dict[str, str]], copy: Access) -> str:
    """A file's text with the credentials and the name of a copy in place of the first tenant's; `old` are its users' by their names."""
    for user_name, values in old.items():
        new = copy["api_users"][user_name]
        for name in ("user_name", "secret", "integration_code"):
            if values.get(name):
                text = text.replace(values[name], new[name])
    for vendor, code in first["integration_vendors"].items():
        text = text.replace(code, copy["integration_vendors"][vendor])
    text = _HOME.sub("", text)
    return text.replace(f"tenant: {first['tenant']}\n", f"tenant: {copy['tenant']}\n").replace(
        f" on {first['tenant']}:", f" on {copy['tenant']}:"
    )


def _host(access: Access) -> dict[str, Any]:
    """A tenant's variables; on a real fleet its secrets come from a vault."""
    return {
        "autotask_user_name": access["user_name"],
        "autotask_secret": access["secret"],
        "autotask_integration_code": access["integration_code"],
        "autotask_discovery_url": access["discovery_url"],
        "autotask_integration_codes": {
            vendor: access["integration_vendors"][name] for vendor, name in VENDORS.items() if name in access["integration_vendors"]
        },
    }


def write_plan(fleet: Fleet, accesses: Sequence[Access]) -> Path:
    """What `bare.py` needs to know of these tenants: an address, and the headers of every user. Written once, because it takes a while."""
    path = fleet.folder / f"plan-{len(accesses)}.json"
    if path.exists():
        return path
    tenants = []
    for access in accesses:
        vendors = {}
        for vendor, name in VENDORS.items():
            recorded = fleet.secrets(access["tenant"], vendor)
            code = recorded.get("integration_code") or access["integration_vendors"][name]
            vendors[vendor] = _headers(recorded["user_name"], recorded["secret"], code)
        ours = _headers(access["user_name"], access["secret"], access["integration_code"])
        tenants.append({"address": access["rest_url"], "ours": ours, "vendors": vendors})
    _write_private(path, json.dumps(tenants))
    return path


def _headers(user_name: str, secret: str, code: str) -> dict[str, str]:
    return {"UserName": user_name, "Secret": secret, "ApiIntegrationCode": code}


def _secret() -> VaultSecret:
    return VaultSecret(VAULT_PASSWORD.encode())


def _vault() -> VaultLib:
    return VaultLib([("default", _secret())])


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
