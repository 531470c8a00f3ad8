# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A vendor's profile: check it, and make of it what one tenant needs. Private to the collection. The form is in docs/profile.md.

A profile knows labels; what comes out of here is normalised by the catalogue, with the tenant's choices in it, and each value's origin.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._catalogue.lookup import find_section
from .._catalogue.model import Catalogue, Value, standard
from .._catalogue.terms import worded
from .._documents.names import SYSTEM_SOURCE, bare_name
from .._documents.security_level import Level, completed, named_cells, parse_sections, parse_settings, render_settings
from .._documents.webhook_limit import CAN_CREATE_WEBHOOKS, MAXIMUM_WEBHOOKS, WEBHOOK_CELLS
from .._errors import InputError
from .._text import for_error, quoted, suggestion
from . import guide_words, schema
from .references import Entry, Place, by_key, check, check_handover, check_known, check_level, check_names, check_user, joined
from .schema_errors import check_form
from .text import Text

# What a tenant chooses, as errors name it.
INCLUDED, EXCLUDED, OVERRIDES = "included", "excluded", "overrides"
# Of two that exclude each other, the one that a tenant sets counts.
EITHER = (("copy_of", "copy_of_key"), ("security_level", "system_level"))


@dataclass(frozen=True)
class Choices:
    """What a tenant decides: optional parts that are included or excluded (by key), other values, lines of business, levels of its people."""

    included: Sequence[str] = ()
    excluded: Sequence[str] = ()
    overrides: Entry = field(default_factory=dict)
    lines_of_business: Sequence[str] = ()
    impersonated_levels: Sequence[str] = ()


@dataclass(frozen=True)
class Origin:
    """Where a value is from: its place in the profile, and how it is known (`guide`, `other source`, `assumed`, `tenant`)."""

    place: Place
    source: str
    why: str = ""


@dataclass(frozen=True)
class ProfileLevel:
    """One level of a profile as a tenant gets it. `unexpressed` are words of a guide that a section can't express."""

    key: str
    level: Level
    webhooks: Entry | None
    origins: Mapping[str, Origin]
    unexpressed: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Profile:
    """A checked profile, and its levels and users as one tenant gets them."""

    data: Entry
    levels: Sequence[ProfileLevel]
    users: Sequence[Entry]
    manual_steps: Sequence[Entry]
    handover: Entry
    missing: Sequence[str]


def read_profile(text: Text, choices: Choices, catalogue: Catalogue) -> Profile:
    """The profile as a tenant with these choices gets it. Raises InputError: in the file with its line, in the choices with the variable."""
    data = text.data
    entries, levels = _worked_out(text, choices, catalogue)
    people = list(entries["api_users"].values())
    left = any(user.get("lines_of_business") == "tenant_choice" for user in people) and not choices.lines_of_business
    return Profile(
        data,
        levels,
        users=[_user(data, number, entry, levels, choices) for number, entry in enumerate(people)],
        manual_steps=_by_hand(data, people, choices),
        handover={"to": "", "fields": [], **(data.get("handover") or {}), **(choices.overrides.get("handover") or {})},
        missing=[f"{data['vendor']} leaves the lines of business to the tenant: name them."] if left else [],
    )


# What was worked out of the files of this run; a fork has what was worked out before it.
_KNOWN: dict[tuple[str, str, str], tuple[dict[str, dict[str, Entry]], list[ProfileLevel]]] = {}


def _worked_out(text: Text, choices: Choices, catalogue: Catalogue) -> tuple[dict[str, dict[str, Entry]], list[ProfileLevel]]:
    """The entries of levels and users with the tenant's values, and the levels; of the same file with the same choices once."""
    chosen = json.dumps([list(choices.included), list(choices.excluded), choices.overrides], sort_keys=True, default=str)
    key = (text.digest, text.name, chosen)
    if not text.digest or catalogue is not standard():
        return _work_out(text, choices, catalogue)
    if key not in _KNOWN:
        _KNOWN[key] = _work_out(text, choices, catalogue)
    return _KNOWN[key]


def _work_out(text: Text, choices: Choices, catalogue: Catalogue) -> tuple[dict[str, dict[str, Entry]], list[ProfileLevel]]:
    data = text.data
    try:
        check(data)
    except InputError as error:
        raise text.error(error) from error
    try:
        # A profile is right only if its optional parts are, too.
        _levels(data, by_key(data, "security_levels"), Choices(included=list(by_key(data, "optional"))), catalogue)
        entries = _check_choices(data, choices)
        return entries, _levels(data, entries["security_levels"], choices, catalogue)
    except InputError as error:
        raise error if error.place[0] in (INCLUDED, EXCLUDED, OVERRIDES) else text.error(error) from error


def _check_choices(data: Entry, choices: Choices) -> dict[str, dict[str, Entry]]:
    """The levels and users by their keys, with the tenant's values. Raises InputError for a choice that can't be."""
    parts = by_key(data, "optional")
    for option, keys in ((INCLUDED, choices.included), (EXCLUDED, choices.excluded)):
        for key in keys:
            if key not in parts:
                there = f" Its parts: {quoted(parts)}." if parts else ""
                raise InputError(
                    (option,), f'{data["vendor"]} has no optional part "{key}".{suggestion(key, parts)}{there}', "unknown_part"
                )
    check_form(choices.overrides, schema.overrides(), (OVERRIDES,))
    entries: dict[str, dict[str, Entry]] = {}
    for name, what in (("security_levels", "security level"), ("api_users", "API user")):
        changes = choices.overrides.get(name) or {}
        known = by_key(data, name)
        for key in changes:
            check_known(key, known, (OVERRIDES, name, key), what)
        entries[name] = {key: _changed(entry, changes.get(key) or {}) for key, entry in known.items()}
    levels, users = entries["security_levels"], entries["api_users"]
    for key in choices.overrides.get("security_levels") or {}:
        check_level(levels[key], levels, (OVERRIDES, "security_levels", key))
    for key in choices.overrides.get("api_users") or {}:
        check_user(users[key], levels, (OVERRIDES, "api_users", key))
    check_names(levels, users, (OVERRIDES,))
    check_handover(choices.overrides.get("handover") or {}, users, (OVERRIDES, "handover"))
    return entries


def _changed(entry: Entry, override: Entry) -> Entry:
    dropped = {name for pair in EITHER for name in pair if any(other in override for other in pair)}
    return {**{name: value for name, value in entry.items() if name not in dropped}, **override}


def _parts(data: Entry, choices: Choices, key: str) -> Iterator[tuple[Place, Entry]]:
    """The parts of the profile that make up a level on this tenant, with their places; what comes later counts more."""
    yield ("security_levels", key), by_key(data, "security_levels")[key]
    for part in data.get("optional") or []:
        chosen = part["key"] in choices.included or (part.get("default") and part["key"] not in choices.excluded)
        if part["security_level"] == key and chosen:
            yield ("optional", part["key"]), part
    override = (choices.overrides.get("security_levels") or {}).get(key)
    if override:
        yield (OVERRIDES, "security_levels", key), override


def _levels(data: Entry, entries: Mapping[str, Entry], choices: Choices, catalogue: Catalogue) -> list[ProfileLevel]:
    """The levels, each after the one that it is copied from."""
    found: dict[str, ProfileLevel] = {}
    while len(found) < len(entries):
        key = next(key for key in entries if key not in found and entries[key].get("copy_of_key", key) in (key, *found))
        source = found.get(entries[key].get("copy_of_key", ""))
        found[key] = _level(data, choices, key, entries[key], source.level if source else None, catalogue)
    return list(found.values())


@dataclass
class Collected:
    """What the parts of a level come to so far. `places` has where each cell stands."""

    cells: dict[str, Value] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    unexpressed: list[tuple[str, str]] = field(default_factory=list)
    webhooks: Entry | None = None


def _level(data: Entry, choices: Choices, key: str, entry: Entry, source: Level | None, catalogue: Catalogue) -> ProfileLevel:
    found = Collected()
    for place, part in _parts(data, choices, key):
        found.sections |= parse_sections(part.get("sections") or {}, catalogue, (*place, "sections"))
        _take_modules(found, part.get("modules") or {}, (*place, "modules"), catalogue)
        settings = part.get("settings") or {}
        found.cells |= parse_settings(settings, catalogue, (*place, "settings"))
        for cell_id, _value, inside in named_cells(settings, catalogue, (*place, "settings")):
            found.places[cell_id] = tuple(inside)
            found.origins[cell_id] = origin(data, tuple(inside))
        if "webhooks" in part:
            found.webhooks = part["webhooks"]
            found.origins |= dict.fromkeys(WEBHOOK_CELLS, origin(data, (*place, "webhooks", "maximum")))
    if found.webhooks:
        _check_limit(found.webhooks, found)
    baseline = entry.get("baseline", "copy" if source else "none")
    # Only a plain copy keeps the right that what it is copied from has.
    if found.webhooks is None and (baseline == "none" or source or catalogue.by_cell[CAN_CREATE_WEBHOOKS][0].section in found.sections):
        found.cells.setdefault(CAN_CREATE_WEBHOOKS, False)
    level = Level(
        name=bare_name(entry["name"]),
        copy_of=source.name if source else bare_name(entry.get("copy_of") or SYSTEM_SOURCE),
        baseline=baseline,
        cells=found.cells,
        sections=found.sections,
        source=source if baseline == "copy" else None,
    )
    try:
        level = completed(level, catalogue)
    except InputError as error:
        place = _place_of(error.place, found.places, catalogue) or ("security_levels", key, *error.place)
        raise InputError(place, error.message, error.code) from error
    return ProfileLevel(key, level, found.webhooks, found.origins, found.unexpressed)


def _take_modules(found: Collected, modules: Entry, place: Place, catalogue: Catalogue) -> None:
    """The cells that the words of a guide's module list stand for."""
    seen = set()
    for text, written in modules.items():
        inside = (*place, str(text))
        section, word = find_section(catalogue, str(text), inside), guide_words.word_of(written)
        if word is None:
            words = quoted(guide_words.SPELLINGS, "or")
            raise InputError(
                inside, f"{for_error(written)} is no word of the table of module words; choose {words}, or name the settings", "word"
            )
        if section in seen:
            raise InputError(inside, "the same section is named twice, perhaps in two spellings", "named_twice")
        seen.add(section)
        settings = guide_words.meaning_of(section, word)
        for cell_id, value, _inside in named_cells({section: settings}, catalogue, inside):
            found.cells[cell_id] = value
            found.places[cell_id] = inside
            found.origins[cell_id] = Origin(inside, "assumed", f'what "{word}" means for {section} is our reading')
        if not settings:
            found.unexpressed.append((section, word))


def _check_limit(webhooks: Entry, found: Collected) -> None:
    """Raises InputError for settings that undo the webhook limit; its step and theirs would undo each other on every run."""
    maximum, number = webhooks["maximum"], found.cells.get(MAXIMUM_WEBHOOKS)
    if found.cells.get(CAN_CREATE_WEBHOOKS, maximum > 0) != (maximum > 0):
        raise InputError(
            found.places[CAN_CREATE_WEBHOOKS], f"`webhooks` sets a maximum of {maximum}, which contradicts this", "contradiction"
        )
    if isinstance(number, int) and (number < maximum or (number > maximum and webhooks.get("bound") != "minimum")):
        raise InputError(found.places[MAXIMUM_WEBHOOKS], f"`webhooks` sets a maximum of {maximum}, which contradicts this", "contradiction")


def _place_of(path: Sequence[str], places: Mapping[str, Place], catalogue: Catalogue) -> Place | None:
    """Where somebody wrote the setting that a path in the catalogue's words (`settings`, section, label) leads to, or the box that it needs."""
    for setting in catalogue.settings:
        if tuple(path[1:]) == (setting.section, worded(setting.label)):
            return next((places[cell] for cell in (*(cell.id for cell in setting.cells), str(setting.needs)) if cell in places), None)
    return None


def origin(data: Entry, place: Place) -> Origin:
    """How the value at a place is known: by the entry of `sources` that is nearest to it, else by the guide."""
    if place[0] == OVERRIDES:
        return Origin(place, "tenant", "set for this tenant")
    path = joined(place)
    covering = [entry for entry in data.get("sources") or [] if f"{path} > ".startswith(f"{entry['at'].casefold()} > ")]
    if not covering:
        return Origin(place, "guide")
    entry = max(covering, key=lambda one: len(one["at"]))
    return Origin(place, entry["source"], entry.get("why", ""))


def _user(data: Entry, number: int, entry: Entry, levels: Sequence[ProfileLevel], choices: Choices) -> dict[str, Any]:
    """An API user in the options of autotask_api_user, with what else the role needs of it."""
    key = entry["key"]
    names = {level.key: level.level.name for level in levels}
    lines = entry.get("lines_of_business")
    chosen = list(choices.lines_of_business) or ([] if lines == "all" else lines if isinstance(lines, list) else None)
    return {
        "key": key,
        "record_as": data["integration"] if number == 0 else f"{data['integration']}-{key}",
        "first_name": entry["first_name"],
        "last_name": entry["last_name"],
        "security_level": entry.get("system_level") or names[entry["security_level"]],
        "security_level_key": entry.get("security_level", ""),
        "tracking_identifier": dict(entry["tracking_identifier"]),
        "locked": entry.get("locked"),
        "lines_of_business": chosen,
        "unassigned_items": entry.get("unassigned_items"),
        "expect": {"granted": [], "denied": [], **(entry.get("expect") or {})},
    }


def _by_hand(data: Entry, users: Sequence[Entry], choices: Choices) -> list[dict[str, str]]:
    """What only a person can do: what the profile lists, and what follows from its users, addresses and impersonated levels."""
    found: list[dict[str, str]] = []
    impersonated = data.get("impersonated_levels")
    if impersonated:
        tick = f'tick "{impersonated["setting"]}" in the section "Web Services API"'
        for name in choices.impersonated_levels or [""]:
            which = f'In the security level "{name}"' if name else f"In the security levels of {impersonated['whose']}"
            how = "A system level can't be changed: copy it, tick the box in the copy, and give the copy to its people."
            found.append({"where": "Autotask", "text": f"{which}: {tick}. {how}"})
    for user in users:
        if user.get("protected_data") in ("view", "edit"):
            name = f"{user['first_name']} {user['last_name']}"
            found.append(
                {"where": "Autotask", "text": f'Give the API user "{name}" the Protected Data Permission {user["protected_data"].title()}.'}
            )
    addresses = choices.overrides.get("ip_addresses") or data.get("ip_addresses") or []
    if addresses:
        found.append({"where": "Autotask", "text": f"If the tenant restricts where API users sign in from, allow {', '.join(addresses)}."})
    return found + [dict(entry) for entry in data.get("manual_steps") or []]


def rendered(profile: Profile, catalogue: Catalogue) -> dict[str, Any]:
    """The profile as the role integration takes it: everything chosen, every label in its catalogue's spelling."""
    data = profile.data
    return {
        "integration": data["integration"],
        "vendor": data["vendor"],
        "product": data.get("product", ""),
        "source": dict(data.get("source") or {}),
        "security_levels": [
            {"key": one.key, **_rendered_level(one.level, catalogue), "webhooks": dict(one.webhooks) if one.webhooks else None}
            for one in profile.levels
        ],
        "api_users": [dict(user) for user in profile.users],
        "prerequisites": [{"check": "", **entry} for entry in data.get("prerequisites") or []],
        "manual_steps": [dict(entry) for entry in profile.manual_steps],
        "handover": dict(profile.handover),
        "common_issues": [{"checks": [], "fix": "", **entry} for entry in data.get("common_issues") or []],
        "sources": [dict(entry) for entry in data.get("sources") or []],
        "missing": list(profile.missing),
    }


def _rendered_level(level: Level, catalogue: Catalogue) -> dict[str, Any]:
    source = flattened(level.source, catalogue) if level.source else None
    return {
        "name": level.name,
        "copy_of": level.copy_of,
        "baseline": level.baseline,
        "sections": dict(level.sections),
        "settings": render_settings(level.cells, catalogue),
        "source": {key: _rendered_level(source, catalogue)[key] for key in ("baseline", "sections", "settings")} if source else None,
    }


def flattened(level: Level, catalogue: Catalogue) -> Level:
    """The same settings without a source: as if a copy of a copy had been made in one go. Webhooks are every level's own."""
    if level.source is None:
        return level
    source = flattened(level.source, catalogue)
    kept = {
        cell: value
        for cell, value in source.cells.items()
        if cell not in WEBHOOK_CELLS and catalogue.by_cell[cell][0].section not in level.sections
    }
    return replace(
        level, baseline=source.baseline, sections={**source.sections, **level.sections}, cells={**kept, **level.cells}, source=None
    )


def tenant_level(level: Level, catalogue: Catalogue) -> Level:
    """The level as a tenant gets it and its change keeps it: the settings of the level that it is a copy of in one, as if that had no source."""
    if level.source is None:
        return level
    source = flattened(level.source, catalogue)
    own = Level(name=level.copy_of, baseline=source.baseline, cells=source.cells, sections=source.sections)
    return replace(level, source=completed(own, catalogue))
