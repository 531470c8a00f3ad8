# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whatever is wrong with a file of secrets: users see which file, why, and what to do, and never what it holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from tests.disks import as_folder, as_pipe

from .planting import keep
from .running import PASSWORD, Fleet, Run

SECRET = "Zq7-in-the-file-9"
CONTENT = {"user_name": "key@example.com", "secret": SECRET, "integration_code": "code"}


def encrypted(password: str = PASSWORD, content: Any = None) -> bytes:
    """A file of secrets; of `CONTENT`, where nothing else is given."""
    return bytes(VaultLib().encrypt(yaml.safe_dump(CONTENT if content is None else content), secret=VaultSecret(password.encode())))


def beginning(path: Path) -> None:
    """Half of the file, as of a copy that broke off."""
    path.write_bytes(encrypted()[:400])


def of_another(path: Path) -> None:
    """A file of somebody with another vault password."""
    path.write_bytes(encrypted("another"))


WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "another password": (of_another, "the vault password of this run is another one, or the file is damaged"),
    "truncated": (beginning, "the vault password of this run is another one, or the file is damaged"),
    "empty": (lambda path: path.touch(), "is empty"),
    "plain text": (lambda path: path.write_text(yaml.safe_dump(CONTENT)), "isn't encrypted"),
    "a folder": (as_folder, "it is a folder, where a file belongs"),
    "a named pipe": (as_pipe, "it is a named pipe, where a file belongs"),
}


@pytest.fixture
def path(fleet: Fleet) -> Path:
    """Where the provisioner's credentials of a fleet of one tenant would lie."""
    fleet.tenants, fleet.bare = fleet.tenants[:1], True
    found = fleet.folder / "credentials" / fleet.tenants[0].slug / "provisioner.yml"
    found.parent.mkdir(parents=True)
    return found


def told(run: Run, path: Path, reason: str) -> None:
    """The run failed, and says why, and which file."""
    words = " ".join(run.output.split())
    assert run.status != 0 and str(path) in words and reason in words, run.output
    for never in (SECRET, "output has been hidden", "This is a bug", "Traceback", "Errno"):
        assert never not in words, run.output


@pytest.mark.parametrize("kind", WRONG)
def test_the_reason_is_shown(kind: str, path: Path, fleet: Fleet) -> None:
    make, reason = WRONG[kind]
    make(path)
    told(fleet.provision(), path, reason)


@pytest.mark.parametrize(
    ("playbook", "variables"),
    {
        "rotate": {"autotask_vendor": "beecastle", "autotask_rotation": "2026-11"},
        "retire": {"autotask_vendor": "beecastle"},
        "diagnose": {"autotask_vendor": "beecastle"},
        "record_credentials": {
            "autotask_integration": "beecastle",
            **dict.fromkeys(("autotask_noted_key", "autotask_noted_secret", "autotask_noted_code"), SECRET),
        },
    }.items(),
)
def test_it_is_shown_by_every_playbook(playbook: str, variables: dict[str, Any], path: Path, fleet: Fleet) -> None:
    of_another(path)
    told(fleet.playbook(f"msp.autotask.{playbook}", **variables), path, WRONG["another password"][1])


@pytest.mark.parametrize("playbook", ["console_doctor", "level_to_profile"])
def test_it_is_shown_of_a_session(playbook: str, path: Path, fleet: Fleet) -> None:
    session = path.with_name("console.session.yml")
    session.write_bytes(encrypted("another", {"session": SECRET}))
    variables = {"autotask_level": "API", "autotask_profile": str(fleet.folder / "level.yml")} if playbook == "level_to_profile" else {}
    told(fleet.playbook(f"msp.autotask.{playbook}", **variables), session, WRONG["another password"][1])


def test_it_is_shown_of_a_hand_over_that_a_task_hides(fleet: Fleet) -> None:
    """A task that takes hand-overs further has `no_log`, so the lookup says why it fails."""
    [tenant] = fleet.tenants = fleet.tenants[:1]
    keep(fleet, tenant, "handover", "tinsel", {"fields": {"Secret": SECRET}})
    path = fleet.folder / "handover" / tenant.slug / "tinsel.yml"
    play = fleet.folder / "hand-over.yml"
    task = {"ansible.builtin.debug": {"msg": "{{ lookup('msp.autotask.handover', path).fields }}"}, "no_log": True}
    play.write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": [task]}]))
    assert fleet.playbook(str(play), path=str(path)).status == 0
    of_another(path)
    for reason in (WRONG["another password"][1], "There is no hand-over"):
        run = fleet.playbook(str(play), path=str(path))
        words = "".join(run.output.split())  # older versions of Ansible break warnings also at dashes
        assert run.status != 0 and str(path) in words and reason.replace(" ", "") in words and SECRET not in words, run.output
        path.unlink(missing_ok=True)


OUTSIDE: dict[str, tuple[str, dict[str, Any]]] = {
    "recorded outside": ("record_credentials", {"autotask_integration": "../../escaped"}),
    "recorded for a tenant outside": ("record_credentials", {"autotask_integration": "provisioner", "autotask_tenant": "../../outside"}),
    "recorded for none": ("record_credentials", {"autotask_integration": "provisioner", "autotask_tenant": ""}),
    "a misspelt integration": ("record_credentials", {"autotask_integration": "beecastel", "autotask_vendors": ["beecastle"]}),
    "retired outside": ("retire", {"autotask_integration": "../../escaped"}),
    "a tenant outside": ("provision", {"autotask_vendor": "beecastle", "autotask_tenant": "../../outside"}),
    "rotated outside": ("rotate", {"autotask_vendor": "beecastle", "autotask_rotation": "2026-11", "autotask_tenant": "../../outside"}),
    "a doctor outside": ("console_doctor", {"autotask_tenant": "../../outside"}),
}


@pytest.mark.parametrize("kind", OUTSIDE)
def test_a_name_leads_nowhere_else(kind: str, fleet: Fleet, tmp_path: Path) -> None:
    playbook, variables = OUTSIDE[kind]
    fleet.tenants, fleet.folder = fleet.tenants[:1], tmp_path / "of" / "the" / "fleet"
    fleet.folder.mkdir(parents=True)
    noted = dict.fromkeys(("autotask_noted_key", "autotask_noted_secret", "autotask_noted_code"), SECRET)
    run = fleet.playbook(f"msp.autotask.{playbook}", **(noted if playbook == "record_credentials" else {}), **variables)
    words = " ".join(run.output.split())
    assert run.status != 0 and "This is a bug" not in words and SECRET not in words, run.output
    assert any(word in words for word in ("tenant: ", "is not a key", "no integration of")), run.output
    names = {path.name for path in tmp_path.rglob("*") if not {"cache", "autotask-report"} & set(path.parts)}
    assert names <= {"of", "the", "fleet", "fleet.yml", "extra.yml", "ansible.cfg", "password"}
