# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the roles say of their variables, against the variables that they have."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

from .test_role_variables import facts, own, tasks

ROLES = sorted(path for path in (ROOT / "roles").iterdir() if path.is_dir())
ENGINE = ROOT / "roles" / "integration"
# One role tells another by it; nobody else sets it.
INTERNAL = {"autotask_of_role"}
# Lists that nobody has to have; the lookup reads them.
LISTS = {"autotask_vendors", "autotask_profiles"}
# Task files that are part of others.
PARTS = {"own_handover", "with_own_handover"}


def _entry_points(role: Path) -> dict[str, Any]:
    return dict(yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())["argument_specs"])


def _options(role: Path) -> dict[str, Any]:
    return {name: option for entry in _entry_points(role).values() for name, option in entry["options"].items()}


def _defaults(role: Path) -> dict[str, Any]:
    return dict(yaml.safe_load((role / "defaults" / "main.yml").read_text()))


@pytest.mark.parametrize("role", ROLES, ids=lambda path: path.name)
def test_every_default_is_described_and_the_same(role: Path) -> None:
    options, defaults = _options(role), _defaults(role)
    assert set(defaults) <= set(options)
    fixed = {name: value for name, value in defaults.items() if "{{" not in str(value)}
    assert {name: options[name].get("default") for name in fixed} == fixed
    described = {name for name, option in options.items() if "default" in option}
    assert described - LISTS <= set(defaults)


def test_every_entry_point_is_described() -> None:
    assert set(_entry_points(ENGINE)) == {path.stem for path in (ENGINE / "tasks").glob("*.yml")} - PARTS


def test_every_variable_that_is_read_is_described() -> None:
    """What the tasks, the variables and the lookup read is made there, or is an option."""
    files = [*(ENGINE / "tasks").glob("*.yml"), ENGINE / "vars" / "main.yml"]
    code = "".join(re.sub(r"(?m)^ *#.*", "", path.read_text()) for path in files)
    read = set(re.findall(r"(?<![\w.])autotask_\w+", code))
    read |= set(re.findall(r'"(autotask_\w+)"', (ROOT / "plugins" / "lookup" / "integrations.py").read_text()))
    made = set(yaml.safe_load((ENGINE / "vars" / "main.yml").read_text()))
    for path in (ENGINE / "tasks").glob("*.yml"):
        for task in tasks(yaml.safe_load(path.read_text())):
            made |= facts(task) | own(task)
    assert read - made - INTERNAL - set(_options(ENGINE)) == set()
