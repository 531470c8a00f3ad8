# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The README of each role that has a profile says what the profile grants, all of it and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.msp.autotask.plugins.modules import autotask_profile_info
from tests.conftest import ROOT

from . import ledgers
from .ledgers import VENDORS

GRANTS = "## What is granted, and why"
PARTS = "## Optional parts"
ROLES = (*VENDORS, "provisioner")


def _table(vendor: str, heading: str) -> list[list[str]]:
    """The rows of the table under a heading of a role's README."""
    text = (ROOT / "roles" / vendor / "README.md").read_text()
    part = text.partition(f"{heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def _granted(vendor: str, included: list[str], excluded: list[str]) -> dict[tuple[str, str], str]:
    """How each granted setting with its value is known. What a level has from the one that it copies is known as there."""
    found: dict[tuple[str, str], str] = {}
    options: dict[str, Any] = autotask_profile_info.SPEC
    params = {name: option.get("default") for name, option in options.items()}
    params |= {"path": str(ledgers.profile_path(vendor)), "included": included, "excluded": excluded}
    for grant in autotask_profile_info.run(params, False, lambda *_words: None)["grants"]:
        value = "ticked" if grant["value"] is True else str(grant["value"])
        found.setdefault((grant["setting"], value), grant["source"])
    return found


def _parts(vendor: str) -> list[dict[str, Any]]:
    return list(ledgers.profile(vendor).get("optional", []))


def _on(vendor: str) -> list[str]:
    return [part["key"] for part in _parts(vendor) if part.get("default")]


@pytest.mark.parametrize("vendor", ROLES)
def test_what_is_granted(vendor: str) -> None:
    rows = _table(vendor, GRANTS)
    granted = _granted(vendor, [], _on(vendor))
    assert [row[:3] for row in rows] == [[*setting, source] for setting, source in granted.items()]
    assert [row for row in rows if not row[3]] == []


@pytest.mark.parametrize("vendor", ROLES)
def test_optional_parts(vendor: str) -> None:
    always = _granted(vendor, [], _on(vendor))
    wanted = []
    for part in _parts(vendor):
        granted = _granted(vendor, [part["key"]], [key for key in _on(vendor) if key != part["key"]])
        called = f"`{part['key']}`" + (", on by default" if part.get("default") else "")
        wanted += [[called, *setting, source, part["when"]] for setting, source in granted.items() if setting not in always]
    assert _table(vendor, PARTS) == wanted


@pytest.mark.parametrize("vendor", ROLES)
def test_variables(vendor: str) -> None:
    defaults = yaml.safe_load((ROOT / "roles" / vendor / "defaults" / "main.yml").read_text())
    assert [row[0] for row in _table(vendor, "## Variables")] == [f"`{name}`" for name in defaults]
