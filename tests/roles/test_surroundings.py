# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a fleet's repository says of other machines, and where credentials come from: it makes no difference to what the playbooks and roles do."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import yaml

from tests.sandboxes import Tenant

from .running import Fleet, Run
from .test_readme_examples import examples
from .test_secrets import planted, refusals, stored

# As of a repository that also manages servers. Nothing listens there, and there is no such program.
ELSEWHERE = {
    "ansible_connection": "ssh",
    "ansible_host": "127.0.0.1",
    "ansible_port": 9,
    "ansible_become": True,
    "ansible_become_exe": "/nonexistent/sudo",
}
FURTHER = {
    "name": "Take it further",
    "ansible.builtin.copy": {
        "content": "{{ lookup('msp.autotask.handover', autotask_handover.path).fields.Key }}",
        "dest": "{{ inventory_dir }}/further.txt",
        "mode": "0600",
    },
    "no_log": True,
}
NAMES = {"user_name": "autotask_noted_key", "secret": "autotask_noted_secret", "integration_code": "autotask_noted_code"}
# In a playbook of somebody's own, which doesn't say where it runs either.
BY_ROLE = {"hosts": "all", "gather_facts": False, "roles": ["msp.autotask.provisioner"]}


def _play(name: str, **variables: Any) -> dict[str, Any]:
    return {"ansible.builtin.import_playbook": f"msp.autotask.{name}", "vars": variables}


def _site(fleet: Fleet, *plays: dict[str, Any], arguments: tuple[str, ...] = (), **variables: str) -> Run:
    """Run plays, one after the other in one run, in which no secret is refused."""
    path = fleet.folder / "site.yml"
    path.write_text(yaml.safe_dump(list(plays)))
    run = fleet.playbook(str(path), *arguments, **variables)
    assert run.status == 0 and refusals(fleet.tenants[0]) == 0, run.output
    return run


def _from_lookups(fleet: Fleet, tenant: Tenant) -> None:
    """The provisioner's credentials as people have them read from a vault of their own."""
    for name in NAMES:
        fleet.settings[f"OF_ALDER_{name}"] = tenant.access[name]
        fleet.variables[f"autotask_{name}"] = f"{{{{ lookup('ansible.builtin.env', 'OF_ALDER_{name}') }}}}"


def _with_identities(fleet: Fleet) -> None:
    """Two vault identities, of which the second one encrypts; each opens only what has its label."""
    (fleet.folder / "of-prod").write_text("of production")
    fleet.vault = False
    fleet.settings |= {
        "ANSIBLE_VAULT_IDENTITY_LIST": f"prod@{fleet.folder / 'of-prod'},dev@{fleet.folder / 'password'}",
        "ANSIBLE_VAULT_ENCRYPT_IDENTITY": "dev",
        "ANSIBLE_VAULT_ID_MATCH": "true",
    }


def test_a_host_that_is_elsewhere_is_dealt_with_here_wherever_its_credentials_come_from(fleet: Fleet) -> None:
    [tenant] = fleet.tenants = fleet.tenants[1:]
    fleet.bare = True
    shown = planted(fleet, tenant)
    (fleet.folder / "ansible.cfg").write_text("[privilege_escalation]\nbecome = true\nbecome_exe = /nonexistent/sudo\n")
    (fleet.folder / "further.yml").write_text(yaml.safe_dump([FURTHER]))
    fleet.variables |= {**ELSEWHERE, "autotask_handover_tasks": str(fleet.folder / "further.yml")}
    tinsel = {"autotask_profile": str(fleet.folder / "tinsel.yml")}
    noted = dict(zip(NAMES.values(), (shown["UserName"], shown["Secret"], shown["ApiIntegrationCode"]), strict=True))

    _with_identities(fleet)
    in_environment = {f"AUTOTASK_{name.upper()}": tenant.access[name] for name in NAMES}
    fleet.settings |= in_environment
    _site(fleet, _play("record_credentials", autotask_integration="tinsel", **tinsel), _play("provision", **tinsel), **noted)
    assert fleet.work(), fleet.said
    for name in in_environment:
        del fleet.settings[name]
    _from_lookups(fleet, tenant)
    new_profile = _play("new_profile", autotask_profile=str(fleet.folder / "new.yml"))
    _site(fleet, _play("provision", **tinsel), _play("diagnose", **tinsel), new_profile, BY_ROLE)
    assert (fleet.folder / "further.txt").read_text() == shown["UserName"]
    assert (fleet.folder / "new.yml").exists() and list((fleet.folder / "runsheets").glob("*.provisioner.*.md"))
    wanted = dict(zip(NAMES, noted.values(), strict=True))
    assert stored(fleet, tenant) == wanted
    kept = [*fleet.folder.glob("credentials/*/tinsel.yml"), *fleet.folder.glob("handover/*/tinsel.yml")]
    assert [path.read_text().splitlines()[0] for path in kept] == ["$ANSIBLE_VAULT;1.2;AES256;dev"] * 2
    both = _play("rotate", autotask_rotation="2026-11", **tinsel), _play("retire", **tinsel)
    planned = _site(fleet, *both, arguments=("--check", "-b"))
    assert '"Tinsel API" owns no webhooks' in planned.output  # which only their owner can see


def test_groups_add_up_and_neither_another_folder_nor_a_second_inventory_changes_anything(fleet: Fleet) -> None:
    [tenant] = fleet.tenants = fleet.tenants[:1]
    _play, _handover, groups, _listed = examples("integration")
    (fleet.folder / "group_vars").mkdir()
    for part in groups.split("# ")[1:]:
        head, _line, content = part.partition("\n")
        (fleet.folder / head.split(" ")[0].rstrip(",")).write_text(content)
    there = fleet.started_in = fleet.folder / "there"
    there.mkdir()
    (there / "groups.ini").write_text(f"[backup]\n{tenant.slug}\n\n[quotes]\n{tenant.slug}\n")
    run = fleet.playbook("msp.autotask.provision", "-i", "groups.ini", "-i", f"{tenant.slug},", autotask_apply_via="runsheet")
    assert run.status == 0 and f"Credentials, hand-overs and run sheets: {fleet.folder}" in run.output, run.output
    [entry] = fleet.report()["tenants"]
    assert [one["integration"] for one in entry["integrations"]] == ["beecastle", "salesbuildr"]
    assert len(list((fleet.folder / "runsheets").iterdir())) == 2 and [path.name for path in there.iterdir()] == ["groups.ini"]


def test_a_list_of_hosts_is_no_place(tmp_path: Path, fleet: Fleet) -> None:
    """Ansible calls the folder of such an inventory by the word None."""
    environment = {name: value for name, value in fleet.environment().items() if name != "ANSIBLE_CONFIG"} | {"HOME": str(tmp_path)}
    (tmp_path / "ansible.cfg").unlink()
    show = ["-m", "ansible.builtin.debug", "-a", "msg={{ lookup('msp.autotask.folder', 'credentials') }}"]
    for arguments, status, words in (
        ([], 2, "autotask_folder: where credentials"),
        (["-e", "autotask_folder=/srv/kept"], 0, "/srv/kept/credentials"),
    ):
        command = [fleet.command("ansible"), "-i", "birch,", "all", "-c", "local", *show, *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == status and words in done.stdout + done.stderr, done.stdout + done.stderr
    assert not (tmp_path / "None").exists()
