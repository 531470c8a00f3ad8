# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The JSON schemas of plan documents and of acceptances: the keys and their meaning from docs/review.md, and the types from the collection."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils._profile.schema import DRAFT
from ansible_collections.msp.autotask.plugins.module_utils._review import acceptances
from ansible_collections.msp.autotask.plugins.module_utils._review.document import KIND, SCHEMA
from ansible_collections.msp.autotask.plugins.module_utils._review.item import ALWAYS, CREATE, RECORD, RETIRE, SET, STATES

from .marks import rows_of
from .profile_docs import FILES

Schema = dict[str, Any]
TEXT: Mapping[str, Any] = {"type": "string"}
TEXTS: Mapping[str, Any] = {"type": "array", "items": TEXT}
OBJECT: Mapping[str, Any] = {"type": "object"}
NUMBER: Mapping[str, Any] = {"type": "integer", "minimum": 0}
STATE: Mapping[str, Any] = {"enum": list(STATES)}
COUNTS: Mapping[str, Any] = {"type": "object", "required": list(STATES), "additionalProperties": NUMBER}
CHANGE: Mapping[str, Any] = {"type": "object", "required": ["what", "before", "now"], "properties": {"what": TEXT}}


def _texts(*keys: str) -> Schema:
    return {"type": "object", "properties": dict.fromkeys(keys, TEXT)}


WHOLE: Mapping[str, Any] = {
    "kind": {"const": KIND},
    "schema": {"const": SCHEMA},
    "summary": {
        "type": "object",
        "required": ["tenants", "integrations", "items", "new", "steps"],
        "properties": {**dict.fromkeys(["tenants", "integrations", "items"], COUNTS), **dict.fromkeys(["new", "steps"], NUMBER)},
    },
}
TENANT: Mapping[str, Any] = {
    **dict.fromkeys(["tenant", "host", "error"], TEXT),
    **dict.fromkeys(["could", "could_not", "gone", "unused"], TEXTS),
    "state": STATE,
    "seen": OBJECT,
    "changes": {"type": "array", "items": CHANGE},
}
INTEGRATION: Mapping[str, Any] = {
    **dict.fromkeys(["integration", "vendor", "mode", "apply_via", "error"], TEXT),
    **dict.fromkeys(["steps", "remarks"], TEXTS),
    "state": STATE,
    "profile": _texts("name", "sha256"),
    "change": _texts("reference", "url", "assignee", "opened", "state"),
}
ITEM: Mapping[str, Any] = {
    **dict.fromkeys(["address", "about", "label", "evidence", "why"], TEXT),
    "state": STATE,
    "action": {"enum": [CREATE, SET, RECORD, RETIRE]},
    "source": {
        "type": "object",
        "properties": {**dict.fromkeys(["source", "why", "file", "at"], TEXT), "line": {"type": "integer", "minimum": 1}},
    },
    "waiting": _texts("for", "since", "reference", "url"),
    "accepted": {
        "type": "object",
        "required": ["value", "reason", "by", "until"],
        "properties": dict.fromkeys(["reason", "by", "until"], TEXT),
    },
    "new": {"const": True},
}


def plan_schema(page: str) -> str:
    """The schema of plan documents, from the text of docs/review.md: a table for the whole, one for a tenant, an integration, an item."""
    tables = _tables(page, "plan.json")
    whole, tenant, integration = (_object(table, types) for table, types in zip(tables, (WHOLE, TENANT, INTEGRATION), strict=False))
    item = _object(tables[3], ITEM, ALWAYS)
    items = {"type": "array", "items": {"$ref": "#/$defs/item"}}
    integration["properties"]["items"] |= items
    tenant["properties"]["unlisted"] |= items
    tenant["properties"]["integrations"] |= {"type": "array", "items": integration}
    whole["properties"]["tenants"] |= {"type": "array", "items": tenant}
    return _named("plan.schema.json", "A plan document of msp.autotask", {**whole, "$defs": {"item": item}})


def acceptances_schema(page: str) -> str:
    """The schema that files of acceptances are checked with, with what docs/review.md says of their keys, for editors."""
    [table] = _tables(page, "Acceptances")
    described = _described(table)
    form = json.loads(json.dumps(acceptances.SCHEMA))
    for key, known in form["properties"]["acceptances"]["items"]["properties"].items():
        known["description"] = described[key]
    return _named("acceptances.schema.json", "Deviations that are accepted, for msp.autotask", form)


def _named(name: str, title: str, schema: Mapping[str, Any]) -> str:
    head = {"$schema": DRAFT, "$id": f"{FILES}/docs/{name}", "title": title}
    return json.dumps({**head, **schema}, indent=1, ensure_ascii=False) + "\n"


def _tables(page: str, heading: str) -> list[str]:
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [block for block in section.split("\n\n") if block.startswith("|")]


def _described(table: str) -> dict[str, str]:
    return {row[0].strip("`"): row[1] for row in rows_of(table)}


def _object(table: str, types: Mapping[str, Any], always: Sequence[str] = ()) -> Schema:
    """What a table says of an object, all of whose keys are there, or those that `always` are. Keys may be added at any time."""
    properties = {key: {"description": text, **types.get(key, {})} for key, text in _described(table).items()}
    return {"type": "object", "required": list(always or properties), "properties": properties}
