# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A vendor's profile: check it, and make of it what one tenant needs. Private to the collection. The form is in docs/profile.md.

A profile knows labels; what comes out of here is normalised by the catalogue, with the tenant's choices in it, and each value's origin.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._catalogue.model import Catalogue, Value, standard
from .._catalogue.terms import admin_path, worded
from .._documents.names import bare_name
from .._documents.security_level import Level, completed, named_cells, parse_sections, render_settings
from .._documents.webhook_limit import CAN_CREATE_WEBHOOKS, MAXIMUM_WEBHOOKS, WEBHOOK_CELLS
from .._entities import SYSTEM_SOURCE
from .._errors import InputError, errors_of, raise_all
from .._text import folded, nearest, quoted, suggestion
from . import guide_words, schema
from .characters import character_errors
from .check import errors_in, label_errors, new, without
from .expectations import Granted, cells_of, expectation_errors
from .old_form import in_todays_form, is_old
from .parts import PERMISSIONS, Entry, chosen_parts, entries_of, impersonated, listed, replaced_levels, users_of
from .references import Keys, all_users, by_key, handover_errors, level_errors, name_errors, source_of, unknown_key, user_errors
from .schema_errors import fitting, form_errors
from .spelling import spelled
from .text import Place, Text, as_text
from .tracking import conditions, documented

# What a tenant chooses, as errors name it.
INCLUDED, EXCLUDED, OVERRIDES = "included", "excluded", "overrides"
# The key of the part that every tenant wants whose site lets passwords expire, whoever's profile it stands in.
PASSWORDS_EXPIRE_PART = "password_does_not_expire"
# Of two that exclude each other, the one that a tenant sets counts.
EITHER = (("copy_of", "copy_of_key"), ("security_level", "system_level"))
# What decides of the cells of a level that nobody names, and all that decides of its cells.
OF_SOURCE = ("baseline", "copy_of", "copy_of_key")
OF_LEVEL = (*PERMISSIONS, *OF_SOURCE)


@dataclass(frozen=True)
class Choices:
    """What a tenant decides: optional parts that are included or excluded (by key), other values, lines of business, levels of its people.

    `passwords_expire` says that its site lets passwords expire.
    """

    included: Sequence[str] = ()
    excluded: Sequence[str] = ()
    overrides: Entry = field(default_factory=dict)
    lines_of_business: Sequence[str] = ()
    impersonated_levels: Sequence[str] = ()
    passwords_expire: bool = False

    @property
    def by_default(self) -> Collection[str]:
        """The parts that this tenant has unless it leaves them out, besides those that every tenant has."""
        return (PASSWORDS_EXPIRE_PART,) if self.passwords_expire else ()


@dataclass(frozen=True)
class Origin:
    """Where a value is from: its place in the profile, and how it is known (`guide`, `other source`, `assumed`, `unknown`, `tenant`)."""

    place: Place
    source: str
    why: str = ""


@dataclass(frozen=True)
class ProfileLevel:
    """One level of a profile as a tenant gets it. `unexpressed` are words of a guide that a section can't express.

    `copied_from` are the levels that it can be copied from; which of them a tenant has is not known here, and `level` has the first. `shared` says that
    another integration may have the same level. `covered` has where the whole section of a cell stands, `unread` the sections of which something can't be
    read, which only levels of a wrong profile have.
    """

    key: str
    level: Level
    copied_from: Sequence[str]
    webhooks: Entry | None
    origins: Mapping[str, Origin]
    unexpressed: Sequence[tuple[str, str]]
    shared: bool = False
    covered: Mapping[str, Place] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Missing:
    """What a tenant has to choose, and hasn't: the choice, and a sentence on it."""

    choice: str
    text: str


@dataclass(frozen=True)
class Profile:
    """A checked profile, and its levels, users and the rest as one tenant gets them. `parts` are the keys of the optional ones that it has;
    `doubts` has, by the keys of others, what would be contradictory with them; `is_old` says that it is written in an earlier form.
    """

    data: Entry
    levels: Sequence[ProfileLevel]
    users: Sequence[Entry]
    prerequisites: Sequence[Entry]
    manual_steps: Sequence[Entry]
    handover: Entry
    missing: Sequence[Missing]
    parts: Collection[str] = ()
    doubts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_old: bool = False


def read_profile(text: Text, choices: Choices, catalogue: Catalogue) -> Profile:
    """The profile as a tenant with these choices gets it. Raises InputError: in the file with its line, in the choices with the variable."""
    text = spelled(in_todays_form(text))
    data = text.data
    users, levels, doubts = _worked_out(text, choices, catalogue)
    people, parts = list(users.values()), chosen_parts(data, choices.included, choices.excluded, choices.by_default)
    return Profile(
        data,
        levels,
        users=[_user(data, number, entry, levels, choices) for number, entry in enumerate(people)],
        prerequisites=listed(data, parts, "prerequisites"),
        manual_steps=_by_hand(data, parts, people, choices),
        handover=_handover(data, choices, users),
        missing=list(_missing(data["vendor"], people, choices)),
        parts=[part["key"] for part in parts],
        doubts=doubts,
        is_old=is_old(text),
    )


def _missing(vendor: str, users: Sequence[Entry], choices: Choices) -> Iterator[Missing]:
    if any(user.get("lines_of_business") == "tenant_choice" for user in users) and not choices.lines_of_business:
        yield Missing("lines_of_business", f"{vendor} leaves the lines of business to the tenant: name them.")
    for user in users:
        if not user.get("existing") and not documented(user["tracking_identifier"]):
            cases = "; ".join(f'"{name}": {when}' for name, when in conditions(user["tracking_identifier"]))
            leaves = f'{vendor} leaves the integration vendor of the API user "{user["key"]}" to the tenant: name it. {cases}'
            unknown = f'The tracking identifier of the API user "{user["key"]}" is unknown: find out what {vendor} uses, and name it by an override.'
            yield Missing(OVERRIDES, leaves if cases else unknown)


WorkedOut = tuple[dict[str, Entry], list[ProfileLevel], dict[str, list[str]]]
# What was worked out of the files of this run; a fork has what was worked out before it.
_KNOWN: dict[tuple[str, str, str], WorkedOut] = {}


def _worked_out(text: Text, choices: Choices, catalogue: Catalogue) -> WorkedOut:
    """The users by their keys, with the tenant's values, the levels, and the doubts; of the same file with the same choices once."""
    chosen = json.dumps(
        [list(choices.included), list(choices.excluded), choices.overrides, choices.passwords_expire], sort_keys=True, default=str
    )
    key = (text.digest, text.name, chosen)
    if not text.digest or catalogue is not standard():
        return _work_out(text, choices, catalogue)
    if key not in _KNOWN:
        _KNOWN[key] = _work_out(text, choices, catalogue)
    return _KNOWN[key]


def _work_out(text: Text, choices: Choices, catalogue: Catalogue) -> WorkedOut:
    """Raises InputError for all that is wrong with the profile, and with the tenant's choices."""
    found_in = errors_in(text.data, catalogue, as_written=bool(text.name))
    wrong, unread = [*text.duplicates, *found_in], [*text.unread, *found_in]
    data = without(fitting(text.data, schema.frame()), _refused(unread))
    overrides, of_tenant = _overrides(choices, catalogue)
    parts, conflicts = _chosen(data, choices)
    users, entries = _with_overrides(data, overrides, parts)
    of_tenant += new([*_choice_errors(data, choices), *conflicts, *_override_errors(data, overrides, users, entries)], of_tenant)
    levels, found = _levels(data, entries, parts, overrides, catalogue, [*unread, *of_tenant])
    # A profile is right only if its optional parts are, too.
    found += _levels(data, by_key(data, "security_levels"), data.get("optional") or [], {}, catalogue, unread)[1]
    found += expectation_errors(data, users, _granted_by(levels, overrides, catalogue), parts, overrides, catalogue)
    found = new(found, [*wrong, *of_tenant])
    of_profile = [error for error in found if error.place[0] != OVERRIDES]
    raise_all([*text.placed([*wrong, *of_profile]), *of_tenant, *(error for error in found if error not in of_profile)])
    return users, levels, _doubts(data, choices, overrides, parts, catalogue)


def _doubts(data: Entry, choices: Choices, overrides: Entry, parts: Sequence[Entry], catalogue: Catalogue) -> dict[str, list[str]]:
    """What would be contradictory with each of the parts that this tenant doesn't have: whoever chooses one gets it as an error."""
    found: dict[str, list[str]] = {}
    chosen = [part["key"] for part in parts]
    for key in [part["key"] for part in data.get("optional") or [] if part["key"] not in chosen]:
        excluded = [one for one in choices.excluded if one != key]
        try:
            more = chosen_parts(data, [*choices.included, key], excluded, choices.by_default)
        except InputError:
            continue  # it can't be had together with another one
        users, entries = _with_overrides(data, overrides, more)
        levels, errors = _levels(data, entries, more, overrides, catalogue, ())
        errors = [*errors, *expectation_errors(data, users, _granted_by(levels, overrides, catalogue), more, overrides, catalogue)]
        found |= {key: [str(error) for error in errors]} if errors else {}
    return found


def _refused(errors: Iterable[InputError]) -> list[Place]:
    """The places of what can't be read of levels and parts, so that the rest of them can be looked at."""
    found = []
    for error in errors:
        above = 3 if error.place[:1] == (OVERRIDES,) else 2
        named = "".join(error.place[above : above + 1])
        if named in PERMISSIONS:
            # Half a webhook limit is none.
            found.append(error.place[: above + 1] if named == "webhooks" else error.place)
    return found


def _unread(errors: Iterable[InputError], catalogue: Catalogue) -> dict[Place, set[str]]:
    """The sections of which something couldn't be read, by the places of the levels, parts and overrides: nobody knows what it would be."""
    found: dict[Place, set[str]] = {}
    for error in errors:
        above = 3 if error.place[:1] == (OVERRIDES,) else 2
        entry, below = error.place[:above], error.place[above:]
        if below:
            found.setdefault(entry, set()).update(_sections_of(below, catalogue))
    return found


def _sections_of(below: Place, catalogue: Catalogue) -> Collection[str]:
    """The sections that a place below a level leads to, or may be meant to lead to."""
    meant = below[0] if below[0] in OF_LEVEL else next(iter(nearest(below[0], OF_LEVEL)), "")
    if meant == "webhooks":
        return [catalogue.by_cell[CAN_CREATE_WEBHOOKS][0].section]
    if meant not in PERMISSIONS or below[0] != meant or len(below) == 1:
        return catalogue.sections if meant else ()
    known = catalogue.sections_by_name.get(folded(below[1]))
    return [known] if known else nearest(below[1], catalogue.sections) or catalogue.sections


def _overrides(choices: Choices, catalogue: Catalogue) -> tuple[Entry, list[InputError]]:
    """What the tenant sets, as far as it can be read, and what is wrong with it by itself."""
    written = as_text(choices.overrides)
    errors = list(character_errors(written, (OVERRIDES,)))
    errors += new(form_errors(written, schema.overrides(), (OVERRIDES,), as_written=False), errors)
    found = fitting(written, schema.overrides())
    for key, entry in (found.get("security_levels") or {}).items():
        errors += label_errors(entry or {}, (OVERRIDES, "security_levels", key), catalogue)
    return without(found, _refused(errors), (OVERRIDES,)), errors


def _chosen(data: Entry, choices: Choices) -> tuple[list[Entry], Sequence[InputError]]:
    """The parts that the tenant has, and what keeps them from being had together."""
    errors = errors_of(chosen_parts, data, choices.included, choices.excluded, choices.by_default)
    return [] if errors else chosen_parts(data, choices.included, choices.excluded, choices.by_default), errors


def _granted_by(levels: Sequence[ProfileLevel], overrides: Entry, catalogue: Catalogue) -> dict[str, Granted]:
    """What is known of each level's cells, those of its webhook limit included, by its key."""
    found = {}
    for one in levels:
        limit = {CAN_CREATE_WEBHOOKS: one.webhooks["maximum"] > 0} if one.webhooks else {}
        places = {**one.covered, **{cell_id: known.place for cell_id, known in one.origins.items()}}
        of_tenant = (overrides.get("security_levels") or {}).get(one.key) or {}
        ground = next(((OVERRIDES, "security_levels", one.key, name) for name in OF_SOURCE if name in of_tenant), ())
        found[one.key] = Granted({**cells_of(one.level, catalogue), **limit}, places, one.unread, ground)
    return found


def _choice_errors(data: Entry, choices: Choices) -> Iterator[InputError]:
    """For parts that there aren't."""
    parts = by_key(data, "optional")
    for option, keys in ((INCLUDED, choices.included), (EXCLUDED, choices.excluded)):
        for key in keys:
            if key not in parts and parts.all_known:
                there = f" Its parts: {quoted(parts)}." if parts else ""
                words = f'{data.get("vendor") or "This profile"} has no optional part "{key}".{suggestion(key, parts)}{there}'
                yield InputError((option,), words, "unknown_part")


def _with_overrides(data: Entry, overrides: Entry, parts: Sequence[Entry]) -> tuple[dict[str, Entry], dict[str, Entry]]:
    """The users and the levels by their keys, with the tenant's values."""
    of_levels, of_users = (overrides.get(name) or {} for name in ("security_levels", "api_users"))
    replaced = replaced_levels(parts)
    known = by_key(data, "security_levels")
    levels = {key: _changed(entry, of_levels.get(key) or {}) for key, entry in known.items() if key not in replaced}
    users = {key: _changed(entry, of_users.get(key) or {}) for key, entry in users_of(data, parts).items()}
    return users, levels


def _override_errors(data: Entry, overrides: Entry, users: Mapping[str, Entry], levels: Mapping[str, Entry]) -> Iterator[InputError]:
    """For what a tenant's values make wrong."""
    known_levels, known_users = by_key(data, "security_levels"), all_users(data)
    of_levels, of_users = (overrides.get(name) or {} for name in ("security_levels", "api_users"))
    # Of a circle the first level is named: best one that the tenant has said something of.
    changed = Keys(((), entry) for entry in [*(levels[key] for key in of_levels if key in levels), *levels.values()])
    changed.all_known = known_levels.all_known
    for key, entry in of_levels.items():
        place = (OVERRIDES, "security_levels", key)
        yield from unknown_key(key, known_levels, place, "security level")
        if key in levels:
            yield from _of_tenant(level_errors(levels[key], changed, place), place, entry or {})
    for key, entry in of_users.items():
        place = (OVERRIDES, "api_users", key)
        yield from unknown_key(key, known_users, place, "API user")
        if key in users:
            yield from _of_tenant(user_errors(users[key], changed, place), place, entry or {})
    before = [error.place for error in name_errors(entries_of(data, "security_levels"), entries_of(data, "api_users"))]
    names = name_errors(*([((OVERRIDES, name, key), entry) for key, entry in found.items()] for name, found in _named(levels, users)))
    yield from (error for error in names if error.place[1:] not in before)
    yield from handover_errors(overrides.get("handover") or {}, known_users, (OVERRIDES, "handover"), own=False)


def _named(levels: Mapping[str, Entry], users: Mapping[str, Entry]) -> list[tuple[str, Mapping[str, Entry]]]:
    return [("security_levels", levels), ("api_users", users)]


def _of_tenant(errors: Iterable[InputError], place: Place, entry: Entry) -> Iterator[InputError]:
    """The errors about what the tenant's entry says; others are the profile's own, and told there."""
    for error in errors:
        named = error.place[len(place) : len(place) + 1]
        if named[0] in entry if named else any(name in entry for pair in EITHER for name in pair):
            yield error


def _changed(entry: Entry, override: Entry) -> Entry:
    dropped = {name for pair in EITHER for name in pair if any(other in override for other in pair)}
    return {**{name: value for name, value in entry.items() if name not in dropped}, **override}


def _parts(data: Entry, parts: Sequence[Entry], overrides: Entry, key: str) -> Iterator[tuple[Place, Entry]]:
    """What makes up a level on this tenant, with its places; what comes later counts more."""
    yield ("security_levels", key), by_key(data, "security_levels")[key]
    for part in parts:
        if part.get("security_level") == key and part.get("key"):
            yield ("optional", part["key"]), part
    override = (overrides.get("security_levels") or {}).get(key)
    if override:
        yield (OVERRIDES, "security_levels", key), override


def _levels(
    data: Entry, entries: Mapping[str, Entry], parts: Sequence[Entry], overrides: Entry, catalogue: Catalogue, wrong: Iterable[InputError]
) -> tuple[list[ProfileLevel], list[InputError]]:
    """The levels, each after the one that it is copied from, and the contradictions in them.

    `wrong` is what was found before: nothing that follows from it is told once more. A level whose source can't be known comes last, without one.
    """
    found: dict[str, ProfileLevel] = {}
    errors: list[InputError] = []
    unread = _unread(wrong, catalogue)
    left = dict(entries)
    while left:
        key = next((key for key, entry in left.items() if entry.get("copy_of_key", key) in (key, *found)), next(iter(left)))
        entry = left.pop(key)
        source = found.get(entry.get("copy_of_key") or "")
        made_of = list(_parts(data, parts, overrides, key))
        lost = catalogue.sections if "copy_of_key" in entry and source is None else source.unread if source else ()
        unknown = frozenset([*lost, *(section for place, _part in made_of for section in unread.get(place, ()))])
        found[key], contradictions = _level(data, made_of, key, entry, source, unknown, catalogue)
        errors += contradictions
    return list(found.values()), errors


@dataclass
class Collected:
    """What the parts of a level come to so far. `places` has where each cell stands, `covered` where its whole section does."""

    cells: dict[str, Value] = field(default_factory=dict)
    sections: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    covered: dict[str, Place] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    unexpressed: list[tuple[str, str]] = field(default_factory=list)
    webhooks: Entry | None = None


def _level(
    data: Entry,
    made_of: Sequence[tuple[Place, Entry]],
    key: str,
    entry: Entry,
    source: ProfileLevel | None,
    unread: frozenset[str],
    catalogue: Catalogue,
) -> tuple[ProfileLevel, list[InputError]]:
    """The level, and the contradictions in it that don't come from what couldn't be read."""
    found = Collected()
    for place, part in made_of:
        _take_sections(found, part.get("sections") or {}, (*place, "sections"), catalogue)
        _take_modules(found, part.get("modules") or {}, (*place, "modules"), catalogue)
        for cell_id, value, inside in named_cells(part.get("settings") or {}, catalogue, (*place, "settings")):
            if cell_id in catalogue.by_cell:
                found.cells[cell_id] = value
            found.places[cell_id] = tuple(inside)
            found.origins[cell_id] = origin(data, tuple(inside))
        if part.get("webhooks"):
            found.webhooks = _limit(part["webhooks"])
            named = next(name for name in ("maximum", "advised", "minimum") if name in part["webhooks"])
            found.origins |= dict.fromkeys(WEBHOOK_CELLS, origin(data, (*place, "webhooks", named)))
    baseline = entry.get("baseline") or ("copy" if "copy_of_key" in entry else "none")
    # Only a plain copy keeps the right that what it is copied from has.
    if found.webhooks is None and (baseline == "none" or source or catalogue.by_cell[CAN_CREATE_WEBHOOKS][0].section in found.sections):
        found.cells.setdefault(CAN_CREATE_WEBHOOKS, False)
    given = entry.get("copy_of") or SYSTEM_SOURCE
    names = [given] if isinstance(given, str) else [name for name in given if name] or [SYSTEM_SOURCE]
    copied_from = [source.level.name] if source else [bare_name(name) for name in names]
    level = Level(
        name=bare_name(entry.get("name") or ""),
        copy_of=copied_from[0],
        baseline=baseline,
        cells=found.cells,
        sections=found.sections,
        source=source.level if source and baseline == "copy" else None,
    )
    lacking = errors_of(completed, level, catalogue)
    of_source = [str(error) for error in errors_of(completed, level.source, catalogue)] if level.source and lacking else []
    errors = [
        InputError(stands or ("security_levels", key, *error.place), error.message, error.code)
        for error in lacking
        for stands in (_place_of(error.place, found.places, catalogue),)
        if (stands or str(error) not in of_source) and not _may_be_unread(error.place, found.places, unread, catalogue)
    ]
    return (
        ProfileLevel(
            key,
            level if lacking else completed(level, catalogue),
            copied_from,
            found.webhooks,
            found.origins,
            found.unexpressed,
            entry.get("shared") or False,
            found.covered,
            unread,
        ),
        [*_limit_errors(found), *errors],
    )


def _take_sections(found: Collected, sections: Entry, place: Place, catalogue: Catalogue) -> None:
    """The whole sections that are named."""
    for text in sections:
        [(section, choice)] = parse_sections({text: sections[text]}, catalogue, place).items()
        found.sections[section] = choice
        cells = [cell_id for cell_id, (setting, _cell) in catalogue.by_cell.items() if setting.section == section]
        found.covered |= dict.fromkeys(cells, (*place, text))


def _take_modules(found: Collected, modules: Entry, place: Place, catalogue: Catalogue) -> None:
    """The cells that the words of a guide's module list stand for."""
    for section, word, inside in guide_words.parse_modules(modules, catalogue, place):
        cells = guide_words.meaning_of(section, word, catalogue)
        for cell_id, value in cells.items():
            found.cells[cell_id] = value
            found.places[cell_id] = inside
            found.origins[cell_id] = Origin(inside, "assumed", f'what "{word}" means for {section} is our reading')
        if not cells:
            found.unexpressed.append((section, word))


def _limit(webhooks: Entry) -> dict[str, Any]:
    """A webhook limit by the number that a level gets, and, with the bound `minimum`, the least that will do where that is another one."""
    if "maximum" in webhooks:
        return dict(webhooks)
    least, most = webhooks["minimum"], webhooks.get("advised", webhooks["minimum"])
    return {"maximum": most, "bound": "minimum", **({"minimum": least} if least != most else {})}


def _limit_errors(found: Collected) -> Iterator[InputError]:
    """For settings that undo the webhook limit; its step and theirs would undo each other on every run."""
    if not found.webhooks:
        return
    maximum, number = found.webhooks["maximum"], found.cells.get(MAXIMUM_WEBHOOKS)
    words = f"`webhooks` sets a maximum of {maximum}, which contradicts this"
    if found.cells.get(CAN_CREATE_WEBHOOKS, maximum > 0) != (maximum > 0):
        yield InputError(found.places[CAN_CREATE_WEBHOOKS], words, "contradiction")
    if isinstance(number, int) and (number < maximum or (number > maximum and found.webhooks.get("bound") != "minimum")):
        yield InputError(found.places[MAXIMUM_WEBHOOKS], words, "contradiction")


def _may_be_unread(path: Sequence[str], places: Mapping[str, Place], unread: Collection[str], catalogue: Catalogue) -> bool:
    """Whether the box that a setting lacks may be among what couldn't be read."""
    parents = [setting.needs for setting in catalogue.settings if tuple(path[1:]) == (setting.section, worded(setting.label))]
    return any(parent and parent not in places and catalogue.by_cell[parent][0].section in unread for parent in parents)


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
    entry = source_of(data, place)
    return Origin(place, entry.get("source", ""), entry.get("why", "")) if entry else Origin(place, "guide")


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
        "tracking_identifier": documented(entry.get("tracking_identifier") or {}),
        "existing": bool(entry.get("existing")),
        "email": entry.get("email", ""),
        "location": entry.get("location", ""),
        "locked": entry.get("locked"),
        "lines_of_business": chosen,
        "unassigned_items": entry.get("unassigned_items"),
        "expect": {"granted": [], "denied": [], **(entry.get("expect") or {})},
    }


def _handover(data: Entry, choices: Choices, users: Mapping[str, Entry]) -> dict[str, Any]:
    """The hand-over with the tenant's values, without what is of users of parts that the tenant doesn't have."""
    found = {"to": "", "fields": [], **(data.get("handover") or {}), **(choices.overrides.get("handover") or {})}
    return {**found, "fields": [field for field in found["fields"] if field.get("user", next(iter(users))) in users]}


def _by_hand(data: Entry, parts: Sequence[Entry], users: Sequence[Entry], choices: Choices) -> list[dict[str, str]]:
    """What only a person can do: what the profile lists, and what follows from its users, addresses and impersonated levels."""
    found: list[dict[str, str]] = []
    for people in impersonated(data, parts):
        tick = f'tick "{people["setting"]}" in the section "Web Services API"'
        for name in choices.impersonated_levels or [""]:
            which = f'In the security level "{name}"' if name else f"In the security levels of {people['whose']}"
            how = "A system level can't be changed: copy it, tick the box in the copy, and give the copy to its people."
            found.append({"where": f"Autotask, {admin_path()} > Security Levels", "text": f"{which}: {tick}. {how}"})
    for user in users:
        if user.get("protected_data") in ("view", "edit"):
            name, column = f"{user['first_name']} {user['last_name']}", f"{user['protected_data'].title()} Protected Data"
            where = f"Autotask, {admin_path()} > Security > Protected Data Permission"
            more = ', and clear "Edit Protected Data"' if user["protected_data"] == "view" else ""
            found.append(
                {"where": where, "text": f'In the row of the API user "{name}", tick "{column}"{more}. Lesser columns are ticked with it.'}
            )
    addresses = choices.overrides.get("ip_addresses") or listed(data, parts, "ip_addresses")
    if addresses:
        found.append({"where": "Autotask", "text": f"If the tenant restricts where API users sign in from, allow {', '.join(addresses)}."})
    return found + [dict(entry) for entry in listed(data, parts, "manual_steps")]


def rendered(profile: Profile, catalogue: Catalogue) -> dict[str, Any]:
    """The profile as the role integration takes it: everything chosen, every label in its catalogue's spelling."""
    data = profile.data
    return {
        "integration": data["integration"],
        "vendor": data["vendor"],
        "product": data.get("product", ""),
        "guides": [dict(guide) for guide in data.get("guides") or []],
        "security_levels": [
            {
                "key": one.key,
                **_rendered_level(one.level, catalogue),
                "copied_from": list(one.copied_from),
                "webhooks": dict(one.webhooks) if one.webhooks else None,
            }
            for one in profile.levels
        ],
        "api_users": [dict(user) for user in profile.users],
        "prerequisites": [{"check": "", **entry} for entry in profile.prerequisites],
        "manual_steps": [dict(entry) for entry in profile.manual_steps],
        "handover": dict(profile.handover),
        "common_issues": [{"checks": [], "fix": "", **entry} for entry in data.get("common_issues") or []],
        "sources": [dict(entry) for entry in data.get("sources") or []],
        "incomplete": list(data.get("incomplete") or []),
        "missing": [missing.text for missing in profile.missing],
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
