# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The schema of profiles (JSON Schema, draft 2020-12), made from the catalogue. Private to the collection.

`frame()` holds a profile's form and leaves labels and values to the catalogue, which reads them with more tolerance than a schema can; profiles are
checked with it. `for_editors()` has every section, label and value in it, for completion and hover texts; see roles/integration/files.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._catalogue.model import COLUMN_ALIASES, HEADER, MIRRORS, YES_NO, Catalogue, Cell, Setting
from .._catalogue.terms import spellings, worded
from .._documents.checks import CHECKS
from .._documents.handed_over import HANDED_OVER
from .._documents.names import LONGEST_NAME
from .._documents.security_level import FULL, NO
from .._documents.webhook_limit import most_webhooks
from .._entities import ENTITIES, OPERATIONS, SYSTEM_API_LEVELS, SYSTEM_SOURCE
from .._text import folded
from . import guide_words
from .old_form import VERSION
from .parts import PERMISSIONS

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
KEY = "^[a-z0-9][a-z0-9._-]*$"
KEY_WORDS = "lower-case letters, digits, dots, dashes and underscores, the first a letter or a digit"
KNOWN_BY = ("guide", "other source", "assumed", "unknown")
# How the catalogue knows of a setting, as an editor says it.
SOURCES = {
    "documented": "Autotask's help has it",
    "vendor_guide": "a published guide of a vendor has it",
    "ui_copy_2017": "only a look-alike of the editor from 2017 has it",
    "inferred": "inferred",
}
LISTED_VENDOR = "An entry is a text, or a mapping with either `name` or `begins_with`, and perhaps `when`."


def _text(description: str, **more: Any) -> Schema:
    return {"type": "string", "minLength": 1, "description": description, **more}


def _object(properties: Mapping[str, Schema], required: Sequence[str] = (), **more: Any) -> Schema:
    return {"type": "object", "properties": dict(properties), "required": list(required), "additionalProperties": False, **more}


def _list(items: Schema, description: str = "", **more: Any) -> Schema:
    return {"type": "array", "items": items, **({"description": description} if description else {}), **more}


@functools.cache
def frame() -> Schema:
    """The form of a profile; sections, labels and values are any."""
    anything: Schema = {"type": "object"}
    return _profile(anything, anything, anything)


@functools.cache
def overrides() -> Schema:
    """The form of a tenant's overrides: levels and users as mappings by their key, and nothing required."""
    parts = frame()["properties"]
    return _object(
        {
            "security_levels": {"type": "object", "additionalProperties": _change_of(parts["security_levels"]["items"])},
            "api_users": {"type": "object", "additionalProperties": _change_of(parts["api_users"]["items"])},
            "handover": {**parts["handover"], "required": []},
            "ip_addresses": parts["ip_addresses"],
        }
    )


def _change_of(entry: Schema) -> Schema:
    """An entry of a list with other values: nothing is required, and it stays under its key."""
    properties = {name: part for name, part in entry["properties"].items() if name != "key"}
    return {**entry, "required": [], "properties": {**properties, "reason": {"type": "string", "minLength": 1}}}


def for_editors(catalogue: Catalogue) -> Schema:
    """The schema with every section, label and value of the catalogue, for editors. Completion offers one spelling of each, others are valid, too."""
    sections = [section for section in catalogue.sections if section != HEADER]
    others = {section: _any_of(names) for section in sections if (names := catalogue.sections[section])}
    whole = {section: {"enum": [FULL, NO], "description": f"Every setting of {section}."} for section in sections}
    modules = {section: _module(section) for section in sections}
    definitions: Schema = {
        "sections": {**_object(whole), "patternProperties": {names: whole[section] for section, names in others.items()}},
        "modules": {**_object(modules), "patternProperties": {names: modules[section] for section, names in others.items()}},
        "operation": _operation(),
        "settings": {
            **_object({section: _defined(folded(section)) for section in sections}),
            "patternProperties": {names: _defined(folded(section)) for section, names in others.items()},
        },
    }
    for section in sections:
        present = [
            setting for setting in catalogue.settings if setting.section == section and setting.settable and setting.only != "not API-only"
        ]
        definitions[folded(section)] = _section(section, present, catalogue.groups)
        definitions |= {setting.id: _setting(setting, catalogue) for setting in present}
    profile = _strict(_profile(_defined("sections"), _defined("modules"), _defined("settings")))
    return {"$schema": DRAFT, "title": "A vendor's profile for msp.autotask", **profile, "$defs": definitions}


def _strict(profile: Schema) -> Schema:
    """The form with what the checks of `references` find as well, as far as a schema can say it."""
    parts = profile["properties"]
    levels, users, part = (parts[name]["items"] for name in ("security_levels", "api_users", "optional"))
    levels["not"] = {"required": ["copy_of", "copy_of_key"]}
    for one in (users, part["properties"]["api_users"]["items"]):
        one["oneOf"] = [{"required": ["security_level"]}, {"required": ["system_level"]}]
    part["dependentRequired"] = {name: ["security_level"] for name in (*PERMISSIONS, "expect", "system_level")}
    parts["handover"]["properties"]["fields"]["items"]["oneOf"] = [{"required": [name]} for name in ("value", "format", "text")]
    for one in (users, part, part["properties"]["api_users"]["items"]):
        one["properties"]["system_level"]["enum"] = list(SYSTEM_API_LEVELS)
        for listed in one["properties"]["expect"]["properties"].values():
            listed["items"] = _defined("operation")
    return profile


def _operation() -> Schema:
    """What may be expected: of every entity, everything that can be done with one."""
    return {
        "enum": [f"{entity}:{operation}" for entity in ENTITIES for operation in OPERATIONS],
        "description": "An entity of REST, and what is done with it.",
    }


def _defined(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _any_of(names: Iterable[str]) -> str:
    """A pattern for the names. Editors read it by JavaScript's rules, which refuse the escapes of letters and spaces that `re.escape` makes."""
    return "^(" + "|".join(re.sub(r"([\\^$.*+?()[\]{}|/])", r"\\\1", name) for name in sorted(set(names))) + ")$"


def _module(section: str) -> Schema:
    read, write = guide_words.ROWS[section]
    known = f"read: {read}; read and write, in addition: {write}." if (read, write) != ("-", "-") else "The section can't express them."
    return {"enum": list(guide_words.SPELLINGS), "description": f"A guide's words for its rights in {section}. {known}"}


def _section(section: str, present: Sequence[Setting], groups: Mapping[str, Sequence[str]]) -> Schema:
    """A section's settings, with or without their groups. A name that several settings have needs its group."""
    names = [worded(setting.label) for setting in present]
    found = _labels([setting for setting in present if names.count(worded(setting.label)) == 1])
    for group in dict.fromkeys(setting.group for setting in present if setting.group):
        inside = {
            **_labels([setting for setting in present if setting.group == group]),
            "description": f"{section} > {worded(group)}. A group can be left out where its settings' names are clear.",
        }
        label = worded(group)
        found["properties"][label] = {"anyOf": [found["properties"][label], inside]} if label in found["properties"] else inside
        others = {name for one in (group, *groups[group]) for name in spellings(one)} - {label}
        if others:
            found["patternProperties"][_any_of(others)] = inside
    return {**found, "description": f"The section {section} of the editor."}


def _labels(settings: Sequence[Setting]) -> Schema:
    """The settings by their labels, older and tenants' own spellings included."""
    others = {setting: {name for label in (setting.label, *setting.aliases) for name in spellings(label)} for setting in settings}
    return {
        **_object({worded(setting.label): _defined(setting.id) for setting in settings}),
        "patternProperties": {
            _any_of(rest): _defined(setting.id) for setting, names in others.items() if (rest := names - {worded(setting.label)})
        },
    }


def _setting(setting: Setting, catalogue: Catalogue) -> Schema:
    place = " > ".join(part for part in (setting.section, worded(setting.group), worded(setting.label)) if part)
    notes = [f"{place}. Source: {SOURCES[setting.confidence]}."]
    notes += [f'It needs "{worded(catalogue.by_cell[setting.needs][0].label)}".'] if setting.needs else []
    notes += [f"Whoever edits the level {setting.operator}."] if setting.operator else []
    notes += [f"Can't be taken back: {setting.one_way}."] if setting.one_way else []
    description = " ".join(notes)
    if setting.kind not in ("row", "grid"):
        return {**_cell(setting.settable[0]), "description": description}
    fixed = [f'{cell.column}: the editor shows "{cell.fixed}" there.' for cell in setting.cells if cell.fixed is not None]
    columns = {cell.column: {**_cell(cell), "description": f"{place} > {cell.column}."} for cell in setting.settable}
    columns |= {
        cell.column: {"description": f"{place} > {cell.column}: {cell.fixed}."}
        for cell in setting.cells
        if str(cell.fixed).startswith(MIRRORS)
    }
    patterns = {_any_of(names): columns[column] for column, names in COLUMN_ALIASES.items() if column in columns}
    return {**_object(columns), "patternProperties": patterns, "description": " ".join([description, *fixed]), "minProperties": 1}


def _cell(cell: Cell) -> Schema:
    if cell.kind == "box":
        return {"type": "boolean"}
    if cell.kind == "number":
        return {"type": "integer", "minimum": cell.smallest, "maximum": cell.largest}
    if set(cell.values) == set(YES_NO):
        return {"enum": [*cell.values, True, False]}
    values = [worded(value) for value in cell.values]
    others = {name for value in cell.values for name in spellings(value)} - set(values)
    return {"anyOf": [{"enum": values}, {"type": "string", "pattern": _any_of(others)}]} if others else {"enum": values}


def _profile(whole: Schema, words: Schema, settings: Schema) -> Schema:
    most = {"maximum": most_webhooks()}
    permissions = {
        "sections": {**whole, "description": f"Whole sections: {FULL} or {NO}."},
        "modules": {**words, "description": "Loose words of a guide, translated by one table: see docs/profile.md."},
        "settings": {**settings, "description": "Single settings, the last word: section, perhaps group, setting."},
        "webhooks": _object(
            {
                "maximum": {"type": "integer", "minimum": 0, **most, "description": "Maximum number of Webhooks; 0 takes the right away."},
                "bound": {"enum": ["exact", "minimum"], "description": "minimum: more is fine, too. If omitted, exact."},
                "minimum": {
                    "type": "integer",
                    "minimum": 1,
                    **most,
                    "description": "As many have to be possible. Instead of maximum and bound.",
                },
                "advised": {
                    "type": "integer",
                    "minimum": 1,
                    **most,
                    "description": "With minimum: what a level gets that allows fewer than that.",
                },
            },
            minProperties=1,
            description="If omitted, the level may not create webhooks. A plain copy of a level of the tenant may what that may.",
        ),
    }
    key = _text(f"A short name within this profile: {KEY_WORDS}.", pattern=KEY)
    level = _object(
        {
            "key": key,
            "name": _text("The level's name in Autotask.", maxLength=LONGEST_NAME),
            "copy_of": {
                "description": f"The level that it is copied from, or a list, of which the first that a tenant has counts. If omitted, {SYSTEM_SOURCE}.",
                "anyOf": [_text("A level of the tenant."), _list(_text("A level of the tenant."), minItems=1)],
            },
            "copy_of_key": _text("Another level of this profile that it is copied from, by its key."),
            "shared": {
                "type": "boolean",
                "description": "Whether another integration of the tenant may have the same level, if it says so, too, and wants the same of it.",
            },
            "baseline": {"enum": ["none", "copy"], "description": "none clears every section first, copy keeps what the source has."},
            **permissions,
        },
        ["key", "name"],
    )
    prerequisite = _object(
        {
            "text": _text("What has to be so."),
            "check": {
                "enum": ["own_country"],
                "description": "How REST can check it: own_country is the country of the company with ID 0.",
            },
        },
        ["text"],
    )
    issue = _object(
        {
            "symptom": _text("What people see."),
            "checks": _list({"enum": list(CHECKS)}, "What to look at, in this order."),
            "fix": _text("What to do about it."),
        },
        ["symptom"],
    )
    sources = _object(
        {
            "at": _text("A path in this file, such as security_levels > main > name. It covers everything below it."),
            "source": {"enum": list(KNOWN_BY), "description": "Who says so. assumed: nobody; unknown: nobody could look."},
            "guide": _text("With source guide: the key of the one that states it."),
            "why": _text("In a few words."),
        },
        ["at", "source"],
    )
    guide = {
        "key": _text("What `sources` call it.", pattern=KEY),
        "title": _text("Its title."),
        "url": _text("Where it is."),
        "revised": _text("When it was revised."),
    }
    extra = {
        "section": _text("The section that it stands in."),
        "group": _text("Its group, where it has one."),
        "label": _text("Its label."),
        "kind": {"enum": ["row", "grid", "list", "box", "number"], "description": "If omitted, box."},
        "values": {"description": "From most to least; of a row a mapping of its columns to their values."},
    }
    impersonated = {"setting": _text("The setting's label."), "whose": _text("Whose levels they are.")}
    manual_steps = {"where": _text("Where it is done."), "text": _text("What is done.")}
    # What a profile has for every tenant, and an optional part of it for those that want it.
    more = {
        "impersonated_levels": _object(
            impersonated, ["setting", "whose"], description="The levels of the people that the integration acts as."
        ),
        "ip_addresses": _list(_text("An address or a network."), "Where the tenant has an allow list, these belong on it."),
        "prerequisites": _list(prerequisite, "What has to be so before anything is asked for."),
        "manual_steps": _list(_object(manual_steps, ["where", "text"]), "What only a person can do afterwards."),
    }
    part = _object(
        {
            "key": key,
            "when": _text("When somebody wants it, as a sentence."),
            "default": {"type": "boolean", "description": "Whether a tenant has it unless it leaves it out."},
            "security_level": _text("The key of the level that its permissions, or the system level, belong to."),
            "system_level": _text("The name of a system level that the users have in the place of that level, which isn't made then."),
            **permissions,
            "expect": _expect("What REST must show, in addition, when one signs in as a user of that level."),
            "api_users": _list(_user(key), "Further API users."),
            **more,
        },
        ["key"],
    )
    return _object(
        {
            "profile": {"const": VERSION, "description": "The version of this form."},
            "integration": _text(f"The key of the integration: {KEY_WORDS}; at most 30.", pattern=KEY, maxLength=30),
            "vendor": _text("The vendor's name."),
            "product": _text("Its product."),
            "guides": _list(
                _object(guide), "The pages of the vendor that the profile was made from, the one that most is from first.", minItems=1
            ),
            "security_levels": _list(level, "The levels that are made for this integration."),
            "optional": _list(part, "Parts that a tenant may want."),
            "api_users": _list(_user(key), "The API users that the vendor signs in as.", minItems=1),
            **more,
            "handover": _handover(),
            "common_issues": _list(issue, "The guide's list of what goes wrong."),
            "extra_settings": _list(
                _object(extra, ["section", "label"]),
                "Settings that the guide names and the catalogue doesn't have; the editor of a tenant shows them.",
            ),
            "incomplete": _list(
                _text("What is missing, as a sentence."),
                "What the guide asks for and the profile lacks, in a picture for instance. It is rolled out only where a tenant allows that.",
                minItems=1,
            ),
            "sources": _list(sources, "Why values are wanted that the guide doesn't state."),
        },
        ["profile", "integration", "vendor", "api_users"],
    )


def _expect(description: str) -> Schema:
    operations = _text("An operation, such as Tickets:query (or create, update, delete).", pattern="^[A-Za-z]+:[a-z]+$")
    expect = {"granted": _list(operations, "What it can do."), "denied": _list(operations, "What it can't.")}
    return _object(expect, description=description)


def _user(key: Schema) -> Schema:
    listed = {
        "name": _text("The entry. Either this or begins_with."),
        "begins_with": _text("How the entry begins, where the rest isn't known. Either this or name."),
        "when": _text("In which case, as a sentence: a tenant that is one names the entry by an override."),
    }
    tracking = {
        "integration_vendor": {
            "description": "An entry of the list Integration Vendor, or several in order of preference.",
            "anyOf": [
                _text("An entry of the list Integration Vendor."),
                _list(
                    {
                        "anyOf": [_text("An entry."), _object(listed, description="An entry.", minProperties=1)],
                        "description": LISTED_VENDOR,
                    },
                    minItems=1,
                ),
            ],
        },
        "internal_integration_name": _text("The name of a Custom (Internal Integration)."),
    }
    return _object(
        {
            "key": key,
            "first_name": _text("First Name.", maxLength=50),
            "last_name": _text("Last Name.", maxLength=50),
            "security_level": _text("The key of a level of this profile. Either this or system_level."),
            "system_level": _text("The name of a system level, as it is. Either this or security_level."),
            "tracking_identifier": _object(
                tracking,
                description="With both, the second is for tenants that don't list the first. Required, except of a user that is there; "
                "empty ({}) where `sources` says that it is unknown: then a tenant names it.",
            ),
            "existing": {
                "type": "boolean",
                "description": "Whether it is there already, and only gets its level: its key and its secret stay with the vendor.",
            },
            "email": _text("Email Address, where the guide names one.", maxLength=254),
            "location": _text("Primary Internal Location, where the guide names one."),
            "locked": {"type": "boolean", "description": "Locked. If omitted, nothing is said of it."},
            "lines_of_business": {
                "description": "Either all (nothing is associated), tenant_choice, or a list of their names.",
                "anyOf": [{"enum": ["all", "tenant_choice"]}, _list(_text("A line of business."))],
            },
            "unassigned_items": {"type": "boolean", "description": "Resource can view items with no assigned Line of Business."},
            "protected_data": {"enum": ["none", "view", "edit"], "description": "Its Protected Data Permission; a person sets it."},
            "expect": _expect("What REST must show when one signs in as this user."),
        },
        ["key", "first_name", "last_name"],
    )


def _handover() -> Schema:
    field = _object(
        {
            "name": _text("The vendor's name for it."),
            "value": {"enum": list(HANDED_OVER), "description": "What is handed over. Either this, format or text."},
            "format": _text("Several of these in one text, such as {user_name}@{zone_host}; a brace that stands for itself is doubled."),
            "text": _text("Something fixed, taken as it is."),
            "user": _text("The key of the user it is of; left out, the first."),
            "when": {"enum": ["custom"], "description": "custom: only with a Custom (Internal Integration)."},
        },
        ["name"],
    )
    parts = {"to": _text("Who gets it, and where."), "fields": _list(field, "What is handed over, under the vendor's own names.")}
    return _object(parts, ["to", "fields"], description="What goes back to the vendor.")
