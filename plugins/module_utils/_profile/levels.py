# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The levels of a profile as one tenant gets them: all that is said of a level, in the order in which it counts. Private to the collection."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._catalogue.model import Catalogue, Value
from .._catalogue.terms import worded
from .._documents.names import bare_name
from .._documents.security_level import Level, completed, named_cells, parse_sections
from .._documents.webhook_limit import CAN_CREATE_WEBHOOKS, MAXIMUM_WEBHOOKS, WEBHOOK_CELLS
from .._entities import SYSTEM_SOURCE
from .._errors import InputError, errors_of
from . import guide_words
from .parts import Entry
from .references import by_key, source_of
from .resolved import OVERRIDES, Origin, ProfileLevel
from .text import Place
from .unread import unread_sections


def _parts(data: Entry, parts: Sequence[Entry], overrides: Entry, key: str) -> Iterator[tuple[Place, Entry]]:
    """What makes up a level on this tenant, with its places; what comes later counts more."""
    yield ("security_levels", key), by_key(data, "security_levels")[key]
    for part in parts:
        if part.get("security_level") == key and part.get("key"):
            yield ("optional", part["key"]), part
    override = (overrides.get("security_levels") or {}).get(key)
    if override:
        yield (OVERRIDES, "security_levels", key), override


def levels_of(
    data: Entry, entries: Mapping[str, Entry], parts: Sequence[Entry], overrides: Entry, catalogue: Catalogue, wrong: Iterable[InputError]
) -> tuple[list[ProfileLevel], list[InputError]]:
    """The levels, each after the one that it is copied from, and the contradictions in them.

    `wrong` is what was found before: nothing that follows from it is told once more. A level whose source can't be known comes last, without one.
    """
    found: dict[str, ProfileLevel] = {}
    errors: list[InputError] = []
    unread = unread_sections(wrong, catalogue)
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
