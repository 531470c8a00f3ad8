# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The schema of profiles (JSON Schema, draft 2020-12), made from the catalogue. Private to the collection.

`frame()` holds a profile's form and leaves labels and values to the catalogue, which reads them with more tolerance than a schema can; profiles are
checked with it. `for_editors()` has every section, label and value in it, for completion and hover texts; it is kept in docs/profile.schema.json.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils import _module_words
from ansible_collections.msp.autotask.plugins.module_utils._catalogue import COLUMN_ALIASES, HEADER, YES_NO, Catalogue, Cell, Setting
from ansible_collections.msp.autotask.plugins.module_utils._labels import spellings, worded
from ansible_collections.msp.autotask.plugins.module_utils._level import FULL, LONGEST_NAME, NO, SYSTEM_SOURCE

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
KEY = "^[a-z0-9][a-z0-9._-]*$"
CHECKS = (
    "credentials",
    "user_active",
    "security_level",
    "access",
    "webhooks",
    "own_country",
    "lines_of_business",
    "products_without_category",
    "modules",
)
KNOWN_BY = ("guide", "other source", "assumed")
HANDED_OVER = ("user_name", "secret", "integration_code", "zone_web_url", "zone_url", "tenant")


def _text(description: str, **more: Any) -> Schema:
    return {"type": "string", "minLength": 1, "description": description, **more}


def _object(properties: Mapping[str, Schema], required: Sequence[str] = (), **more: Any) -> Schema:
    return {"type": "object", "properties": dict(properties), "required": list(required), "additionalProperties": False, **more}


def _list(items: Schema, description: str = "", **more: Any) -> Schema:
    return {"type": "array", "items": items, **({"description": description} if description else {}), **more}


def frame() -> Schema:
    """The form of a profile; sections, labels and values are any."""
    anything: Schema = {"type": "object"}
    return _profile(anything, anything, anything)


def overrides() -> Schema:
    """The form of a tenant's overrides: levels and users as mappings by their key, and nothing required."""
    parts = frame()["properties"]
    level = {**parts["security_levels"]["items"], "required": []}
    user = {**parts["api_users"]["items"], "required": []}
    return _object(
        {
            "security_levels": {"type": "object", "additionalProperties": level},
            "api_users": {"type": "object", "additionalProperties": user},
            "handover": {**parts["handover"], "required": []},
            "ip_addresses": parts["ip_addresses"],
        }
    )


def for_editors(catalogue: Catalogue) -> Schema:
    """The schema with every section, label and value of the catalogue, for editors."""
    sections = [section for section in catalogue.sections if section != HEADER]
    whole = _object({section: {"enum": [FULL, NO], "description": f"Every setting of {section}."} for section in sections})
    words = _object(
        {
            section: {"enum": [_module_words.READ, _module_words.WRITE], "description": f"A guide's word for its rights in {section}."}
            for section in sections
        }
    )
    settings = {
        "type": "object",
        "description": "Single settings: section, perhaps group, setting.",
        "properties": {section: _section(catalogue, section) for section in sections},
        "patternProperties": _other_names({section: catalogue.sections[section] for section in sections}, catalogue),
        "additionalProperties": False,
    }
    definitions = {setting.id: _setting(setting) for section in sections for setting in _present(catalogue, section)}
    return {"$schema": DRAFT, "title": "A vendor's profile for msp.autotask", **_profile(whole, words, settings), "$defs": definitions}


def _present(catalogue: Catalogue, section: str) -> list[Setting]:
    return [setting for setting in catalogue.settings if setting.section == section and setting.settable and setting.only != "not API-only"]


def _defined(setting: Setting) -> Schema:
    return {"$ref": f"#/$defs/{setting.id}"}


def _other_names(aliases: Mapping[str, Sequence[str]], catalogue: Catalogue) -> dict[str, Schema]:
    return {_any_of(names): _section(catalogue, section) for section, names in aliases.items() if names}


def _any_of(names: Sequence[str]) -> str:
    return "^(" + "|".join(re.escape(name) for name in sorted(set(names))) + ")$"


def _section(catalogue: Catalogue, section: str) -> Schema:
    """A section's settings, with or without their groups. A name that several settings have needs its group."""
    present = _present(catalogue, section)
    names = [worded(setting.label) for setting in present]
    properties = {worded(setting.label): _defined(setting) for setting in present if names.count(worded(setting.label)) == 1}
    patterns = {
        pattern: _defined(setting) for setting in present if names.count(worded(setting.label)) == 1 for pattern in _patterns(setting)
    }
    for group in dict.fromkeys(setting.group for setting in present if setting.group):
        inside = [setting for setting in present if setting.group == group]
        group_schema = _object({worded(setting.label): _defined(setting) for setting in inside})
        group_schema["patternProperties"] = {pattern: _defined(setting) for setting in inside for pattern in _patterns(setting)}
        label = worded(group)
        if label in properties:
            properties[label] = {"anyOf": [properties[label], group_schema]}
        else:
            properties[label] = group_schema
        others = {name for one in (group, *catalogue.groups[group]) for name in spellings(one)} - {label}
        if others:
            patterns[_any_of(sorted(others))] = group_schema
    return {**_object(properties), "patternProperties": patterns}


def _patterns(setting: Setting) -> list[str]:
    others = {name for label in (setting.label, *setting.aliases) for name in spellings(label)} - {worded(setting.label)}
    return [_any_of(sorted(others))] if others else []


def _setting(setting: Setting) -> Schema:
    place = " > ".join(part for part in (setting.section, worded(setting.group), worded(setting.label)) if part)
    notes = [f"{place}. Known from: {setting.confidence.replace('_', ' ')}."]
    notes += [f"Whoever edits the level {setting.operator}."] if setting.operator else []
    notes += [f"Can't be taken back: {setting.one_way}."] if setting.one_way else []
    description = " ".join(notes)
    if setting.kind in ("row", "grid"):
        columns = {name: _cell(cell) for cell in setting.settable for name in (cell.column, *COLUMN_ALIASES.get(cell.column, ()))}
        return {**_object(columns), "description": description, "minProperties": 1}
    return {**_cell(setting.settable[0]), "description": description}


def _cell(cell: Cell) -> Schema:
    if cell.kind == "box":
        return {"type": "boolean"}
    if cell.kind == "number":
        return {"type": "integer", "minimum": cell.smallest}
    values: list[Any] = [name for value in cell.values for name in spellings(value)]
    return {"enum": [*values, True, False] if set(cell.values) == set(YES_NO) else values}


def _profile(whole: Schema, words: Schema, settings: Schema) -> Schema:
    permissions = {
        "sections": {**whole, "description": f"Whole sections: {FULL} or {NO}."},
        "modules": {**words, "description": "Loose words of a guide, translated by one table: see docs/profile.md."},
        "settings": settings,
        "webhooks": _object(
            {
                "maximum": {"type": "integer", "minimum": 0, "description": "Maximum number of Webhooks; 0 takes the right away."},
                "bound": {"enum": ["exact", "minimum"], "description": "Whether more is fine, too."},
            },
            ["maximum"],
        ),
    }
    key = _text("What this profile calls it.", pattern=KEY)
    texts = _list(_text("An operation that REST can show, such as Tickets:query.", pattern="^[A-Za-z]+:[a-z]+$"))
    level = _object(
        {
            "key": key,
            "name": _text("The level's name.", maxLength=LONGEST_NAME),
            "copy_of": _text(f"The level that it is copied from. Left out, {SYSTEM_SOURCE}."),
            "copy_of_key": _text("Another level of this profile that it is copied from, by its key."),
            "baseline": {"enum": ["none", "copy"], "description": "none clears every section first, copy keeps what the source has."},
            **permissions,
        },
        ["key", "name"],
    )
    part = _object(
        {
            "key": key,
            "security_level": _text("The key of the level that it belongs to."),
            "when": _text("When somebody wants it, as a sentence."),
            "default": {"type": "boolean", "description": "Whether it is part of the level unless a tenant leaves it out."},
            **permissions,
        },
        ["key", "security_level"],
    )
    user = _object(
        {
            "key": key,
            "first_name": _text("First Name.", maxLength=50),
            "last_name": _text("Last Name.", maxLength=50),
            "security_level": _text("The key of a level of this profile."),
            "system_level": _text("The name of a system level, as it is."),
            "tracking_identifier": _object(
                {
                    "integration_vendor": _text("An entry of the list Integration Vendor."),
                    "internal_integration_name": _text("The name of a Custom (Internal Integration)."),
                },
                minProperties=1,
            ),
            "locked": {"type": "boolean"},
            "lines_of_business": {
                "description": "all (nothing is associated), tenant_choice, or a list.",
                "anyOf": [{"enum": ["all", "tenant_choice"]}, _list(_text("A line of business."))],
            },
            "unassigned_items": {"type": "boolean", "description": "Resource can view items with no assigned Line of Business."},
            "protected_data": {"enum": ["none", "view", "edit"], "description": "Its Protected Data Permission; a person sets it."},
            "expect": _object({"granted": texts, "denied": texts}, description="What REST must show when one signs in as this user."),
        },
        ["key", "first_name", "last_name", "tracking_identifier"],
    )
    prerequisite = _object({"text": _text("What has to be so."), "check": {"enum": ["own_country"]}}, ["text"])
    field = _object(
        {
            "name": _text("The vendor's name for it."),
            "value": {"enum": list(HANDED_OVER)},
            "text": _text("Something fixed."),
            "user": _text("The key of the user it is of; left out, the first."),
            "when": {"enum": ["custom"], "description": "custom: only with a Custom (Internal Integration)."},
        },
        ["name"],
    )
    issue = _object(
        {
            "symptom": _text("What people see."),
            "checks": _list({"enum": list(CHECKS)}),
            "mend": _text("What to do where no check can tell."),
        },
        ["symptom"],
    )
    evidence = _object(
        {
            "at": _text("A path in this file, such as security_levels > main > name."),
            "known_by": {"enum": list(KNOWN_BY)},
            "why": _text("In a few words."),
        },
        ["at", "known_by"],
    )
    return _object(
        {
            "profile": {"const": 1, "description": "The version of this form."},
            "integration": _text("The key of the integration.", pattern=KEY, maxLength=30),
            "vendor": _text("The vendor's name."),
            "product": _text("Its product."),
            "source": _object(
                {"title": _text("The guide's title."), "url": _text("Where it is."), "revised": _text("When it was revised.")}
            ),
            "security_levels": _list(level),
            "optional": _list(part),
            "api_users": _list(user, minItems=1),
            "impersonated_levels": _object(
                {"setting": _text("The setting's label."), "whose": _text("Whose levels they are.")}, ["setting", "whose"]
            ),
            "ip_addresses": _list(_text("An address or a network.")),
            "prerequisites": _list(prerequisite),
            "by_hand": _list(_object({"where": _text("Where it is done."), "text": _text("What is done.")}, ["where", "text"])),
            "handover": _object({"to": _text("Who gets it, and where."), "fields": _list(field)}, ["to", "fields"]),
            "common_issues": _list(issue),
            "evidence": _list(evidence),
        },
        ["profile", "integration", "vendor", "api_users"],
    )
