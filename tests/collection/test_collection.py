# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The collection as a whole: what it says of itself, and what its users get."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from release.artifact import build
from tests.conftest import COLLECTIONS, ROOT

MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("autotask_*.py"))
RUNTIME = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
# They work with a file on the controller, and not with Autotask: a connection would mean nothing to them.
OF_THE_CONTROLLER = {"autotask_profile_info", "autotask_plan_document"}


def _module(name: str) -> Any:
    return import_module(f"ansible_collections.msp.autotask.plugins.modules.{name}")


def _documentation(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load(_module(name).DOCUMENTATION))


def test_every_module_is_in_the_action_group_and_has_its_action() -> None:
    assert set(RUNTIME["action_groups"]["autotask"]) == set(MODULES) - OF_THE_CONTROLLER
    assert {path.stem for path in (ROOT / "plugins" / "action").glob("autotask_*.py")} == set(MODULES)


@pytest.mark.parametrize("name", [name for name in MODULES if name not in OF_THE_CONTROLLER])
def test_a_module_says_all_of_its_options_and_keeps_its_secrets(name: str) -> None:
    documentation, spec = _documentation(name), _module(name).SPEC
    fragments = {fragment.rpartition(".")[2] for fragment in documentation["extends_documentation_fragment"]}
    told = dict(documentation["options"])
    for fragment in fragments:
        source = import_module(f"ansible_collections.msp.autotask.plugins.doc_fragments.{fragment}").ModuleDocFragment.DOCUMENTATION
        told |= yaml.safe_load(source)["options"]
    assert set(told) == set(spec)
    secrets = {"secret", "integration_code"} & set(spec)
    assert {key for key, option in spec.items() if option.get("no_log") is True} >= secrets and (
        secrets or name == "autotask_plan_document"
    )
    assert {"check_mode", "diff_mode", "idempotent"} <= set(documentation["attributes"])


def test_a_person_finds_every_module_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [name for name in MODULES if name not in readme] == []
    assert [path.name for path in (ROOT / "roles").iterdir() if f"roles/{path.name}" not in readme] == []
    assert [path.stem for path in (ROOT / "playbooks").glob("*.yml") if path.stem not in readme] == []


def test_the_collection_can_be_built_and_holds_what_its_users_need(tmp_path: Path) -> None:
    with tarfile.open(build(tmp_path)) as content:
        names = content.getnames()
        programs = [entry.name for entry in content.getmembers() if entry.isfile() and entry.mode & 0o111]
    tops = {name.partition("/")[0] for name in names}
    assert tops == {
        "CHANGELOG.md",
        "FILES.json",
        "LICENSES",
        "MANIFEST.json",
        "README.md",
        "SECURITY.md",
        "bin",
        "bindep.txt",
        "changelogs",
        "docs",
        "meta",
        "playbooks",
        "plugins",
        "requirements.txt",
        "roles",
    }
    assert programs == ["bin/autotask"]
    assert not [name for name in names if "__pycache__" in name or name.startswith(("bench", "docs/generate", "docs/site", "sandbox"))]


def test_ansible_doc_shows_every_plugin() -> None:
    command = [Path(sys.executable).with_name("ansible-doc"), "--json"]
    environment = {"ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS), "PATH": "/usr/bin:/bin", "HOME": str(ROOT / "build")}
    names = [f"msp.autotask.{name}" for name in MODULES]
    shown = subprocess.run([*command, *names], env=environment, capture_output=True, text=True, check=True).stdout
    found = yaml.safe_load(shown)
    assert set(found) == set(names)
    assert all(entry["doc"]["options"] and entry["examples"] and entry["return"] for entry in found.values())
    for kind, name in (("callback", "msp.autotask.report"), ("lookup", "msp.autotask.verbatim")):
        other = subprocess.run([*command, "-t", kind, name], env=environment, capture_output=True, text=True, check=True)
        assert name in yaml.safe_load(other.stdout)
