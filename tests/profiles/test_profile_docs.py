# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The schema for editors: true of every profile that comes with the collection, and useful to an editor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ansible_collections.msp.autotask.plugins.module_utils._catalogue import model
from ansible_collections.msp.autotask.plugins.module_utils._catalogue.terms import DEVICE, ORGANIZATION
from ansible_collections.msp.autotask.plugins.module_utils._documents.security_level import render_settings
from ansible_collections.msp.autotask.plugins.module_utils._profile import schema
from ansible_collections.msp.autotask.plugins.module_utils._profile.text import read_text
from tests.conftest import ROOT

CATALOGUE = model.standard()
SCHEMA = schema.for_editors(CATALOGUE)
PROFILES = sorted(ROOT.glob("roles/*/files/profile.yml"))
SETTINGS = Draft202012Validator({**SCHEMA["$defs"]["settings"], "$defs": SCHEMA["$defs"]})
# Settings that an editor must underline.
DOUBTFUL = [
    {"Contrcts": {}},
    {"Contracts": {"Contrct Visibility": "Full"}},
    {"Contracts": {"Contract Visibility": "Most"}},
    {"Contracts": {"Contracts": {"Delete": "All"}}},
    {"CRM": {"Contacts": {"View": "All"}}},
    {"Admin": {"Tagging": "All"}},
    {"Other": {"Maximum number of Webhooks": 0}},
]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.parts[-3])
def test_shipped_profiles_are_as_editors_want_them(path: Path) -> None:
    profile = read_text(path.read_bytes(), path.name).data
    assert [f"{error.json_path}: {error.message}" for error in Draft202012Validator(SCHEMA).iter_errors(profile)] == []


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.parts[-3])
def test_shipped_profiles_name_the_schema(path: Path) -> None:
    start, first = path.read_text().splitlines()[:2]
    assert start == "---"
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / named).resolve() == ROOT / "roles" / "integration" / "files" / "profile.schema.json"


@pytest.mark.parametrize("index", [0, -1], ids=["most", "least"])
@pytest.mark.parametrize("organization", ORGANIZATION)
@pytest.mark.parametrize("device", DEVICE)
def test_every_setting_is_valid_in_the_words_of_every_tenant(index: int, organization: str, device: str) -> None:
    cells = {
        cell.id: [True, False][index] if cell.kind == "box" else cell.smallest if cell.kind == "number" else cell.values[index]
        for _setting, cell in CATALOGUE.by_cell.values()
    }
    written = render_settings(cells, CATALOGUE, {"organization": organization, "device": device})
    assert [f"{error.json_path}: {error.message}" for error in SETTINGS.iter_errors(written)] == []


@pytest.mark.parametrize("written", DOUBTFUL, ids=str)
def test_an_editor_finds_what_is_wrong(written: dict[str, Any]) -> None:
    assert not SETTINGS.is_valid(written)


def test_every_key_has_a_hover_text() -> None:
    without = [name for name, schema in _properties(SCHEMA) if not ("description" in schema or _described(schema))]
    assert without == []


def _described(schema: dict[str, Any]) -> bool:
    return "$ref" in schema and "description" in SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")]


def _properties(schema: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property anywhere in the schema."""
    if isinstance(schema, dict):
        for key, inner in schema.get("properties", {}).items():
            yield f"{name} > {key}", inner
        for key, inner in schema.items():
            yield from _properties(inner, f"{name} > {key}")
    elif isinstance(schema, list):
        for inner in schema:
            yield from _properties(inner, name)


def test_patterns_are_what_javascript_can_read_too() -> None:
    """Editors read patterns with the flag `u`, which refuses the escape of a character that has no meaning."""
    patterns = [pattern for schema in _schemas(SCHEMA) for pattern in [*schema.get("patternProperties", {}), schema.get("pattern", "")]]
    assert [pattern for pattern in patterns if isinstance(pattern, str) and re.search(r"\\[^\\^$.*+?()[\]{}|/]", pattern)] == []


def _schemas(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from _schemas(inner)
