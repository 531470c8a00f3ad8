# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What docs/upgrading.md says somebody has to do leads to what is there now, and away from what was there."""

from __future__ import annotations

import json
import re
from importlib import import_module
from typing import Any

import yaml

from docs.generate.marks import rows_of
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "upgrading.md").read_text()
RENAMED = {row[0]: row[1] for row in rows_of(re.sub(r"(?m)^ +(?=\|)", "", PAGE))}


def _names(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def _module(name: str) -> Any:
    return import_module(f"ansible_collections.msp.autotask.plugins.modules.{name}")


def test_a_vendors_variables_have_their_new_names() -> None:
    [(old, new)] = [(_names(old), _names(new)) for old, new in RENAMED.items() if "<vendor>" in old]
    specs = yaml.safe_load((ROOT / "roles" / "guardz" / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
    assert {name.replace("<vendor>", "guardz") for name in new} <= set(specs)
    assert not {name.replace("<vendor>", "guardz") for name in old} & set(specs)


def test_options_and_results_have_their_new_names() -> None:
    for old, new in RENAMED.items():
        if module := next((name for name in _names(old) if name.startswith("autotask_")), None):
            known = set(_module(module).SPEC) if "option" in old else set(re.findall(r"(?m)^ *(\w+):$", _module(module).RETURN))
            assert set(_names(new)) <= known and not (set(_names(old)) - {module}) & known, old


def test_the_reports_keys_have_their_new_names() -> None:
    [(old, new)] = [(_names(old), _names(new)) for old, new in RENAMED.items() if "report.json" in old]
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text())
    keys = set(schema["properties"]["tenants"]["items"]["properties"]["integrations"]["items"]["properties"])
    assert set(new) - {"schema"} <= keys and not set(old) & keys
    assert f"`schema` is {schema['properties']['schema']['const']}" in PAGE


def test_what_is_gone_is_gone_and_what_does_it_now_is_there() -> None:
    gone = {"autotask_console_integration", "autotask_vault_file"}
    modules = {path.stem for path in (ROOT / "plugins" / "modules").glob("*.py")}
    assert gone <= set(_names(PAGE)) and not gone & modules
    assert {"autotask_integrations", "autotask_credentials", "autotask_rotation"} <= set(_names(PAGE)) & modules
    assert (ROOT / "roles" / "integration" / "files" / "profile.schema.json").is_file()
