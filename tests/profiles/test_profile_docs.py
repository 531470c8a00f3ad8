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


USER = {
    "key": "main",
    "first_name": "A",
    "last_name": "B",
    "security_level": "main",
    "tracking_identifier": {"internal_integration_name": "A"},
}
FIELD = {"name": "User", "value": "user_name"}
WHOLE: dict[str, Any] = {
    "profile": 2,
    "integration": "lantern",
    "vendor": "Lantern",
    "security_levels": [{"key": "main", "name": "Lantern API", "sections": {"Knowledge Base & Documents": "No Permission"}, "modules": {}}],
    "optional": [{"key": "more", "security_level": "main", "settings": {"Admin": {"Tagging": True}}}],
    "api_users": [{**USER, "expect": {"granted": ["Tickets:query"]}}],
    "handover": {"to": "Lantern", "fields": [FIELD]},
}


def _whole(**changes: Any) -> dict[str, Any]:
    """The profile with an entry of a list changed."""
    found = {**WHOLE}
    for name, change in changes.items():
        entry = {key: value for key, value in {**WHOLE[name][0], **change}.items() if value is not None}
        found[name] = [entry]
    return found


def test_what_is_right_is_valid() -> None:
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(WHOLE)] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"api_users": {"system_level": "API User (system)"}},
        {"api_users": {"security_level": None}},
        {"api_users": {"security_level": None, "system_level": "API User(system)"}},
        {"api_users": {"expect": {"granted": ["Tickts:query"]}}},
        {"api_users": {"expect": {"denied": ["Tickets:read"]}}},
        {"security_levels": {"copy_of": "A", "copy_of_key": "more"}},
        {"security_levels": {"modules": {"CRM": "reads"}}},
        {"security_levels": {"sections": {"CRM": "Full"}}},
        {"security_levels": {"sections": {"Crmm": "No Permission"}}},
        {"optional": {"security_level": None}},
        {"optional": {"system_level": "API User"}},
    ],
    ids=str,
)
def test_an_editor_finds_what_the_checks_find(changes: dict[str, Any]) -> None:
    assert not Draft202012Validator(SCHEMA).is_valid(_whole(**changes))


@pytest.mark.parametrize(
    "field", [{"name": "User"}, {**FIELD, "text": "me"}, {"name": "User", "format": "{user_name}", "text": "me"}], ids=str
)
def test_an_editor_finds_a_field_of_no_value_or_of_two(field: dict[str, str]) -> None:
    assert not Draft202012Validator(SCHEMA).is_valid({**WHOLE, "handover": {"to": "Lantern", "fields": [field]}})


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
