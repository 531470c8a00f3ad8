# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The JSON schema of the report: the keys and their meaning from docs/report.md, and the types from here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils._profile.schema import DRAFT
from ansible_collections.msp.autotask.plugins.plugin_utils._report.model import SCHEMA, STATES

from .marks import rows_of
from .profile_docs import FILES

TEXT: Mapping[str, Any] = {"type": "string"}
FLAG: Mapping[str, Any] = {"type": "boolean"}
COUNTS: Mapping[str, Any] = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
OBJECT: Mapping[str, Any] = {"type": "object"}
OBJECTS: Mapping[str, Any] = {"type": "array", "items": OBJECT}
TYPES: Mapping[str, Mapping[str, Any]] = {
    "schema": {"const": SCHEMA},
    "generated": {"type": "string", "format": "date-time"},
    "state": {"enum": sorted(STATES)},
    "summary": COUNTS,
    "evidence": COUNTS,
    "counts": COUNTS,
    "remarks": {"type": "array", "items": TEXT},
    **dict.fromkeys(["finished", "check_mode", "changed", "reached"], FLAG),
    **dict.fromkeys(["change", "access"], OBJECT),
    **dict.fromkeys(["errors", "unlisted", "objects", "unproven", "sources"], OBJECTS),
    **dict.fromkeys(["host", "error", "standing", "integration", "vendor", "handover", "manual_steps"], TEXT),
}


def report_schema(page: str) -> str:
    """The schema, from the text of docs/report.md: a table for the whole, one for a tenant, one for an integration."""
    whole, tenant, integration = (_object(table) for table in _tables(page))
    tenant["properties"]["integrations"] |= {"type": "array", "items": integration}
    whole["properties"]["tenants"] |= {"type": "array", "items": tenant}
    head = {"$schema": DRAFT, "$id": f"{FILES}/docs/report.schema.json", "title": "The report of msp.autotask"}
    return json.dumps({**head, **whole}, indent=1, ensure_ascii=False) + "\n"


def _tables(page: str) -> list[str]:
    section = page.partition("\n## report.json\n")[2].partition("\n## ")[0]
    return [block for block in section.split("\n\n") if block.startswith("|")]


def _object(table: str) -> dict[str, Any]:
    """What a table says of an object. Keys may be added at any time, and none goes without another number of the schema."""
    described = {row[0].strip("`"): row[1] for row in rows_of(table)}
    properties = {key: {"description": text, **TYPES.get(key, {})} for key, text in described.items()}
    return {"type": "object", "required": list(properties), "properties": properties}
