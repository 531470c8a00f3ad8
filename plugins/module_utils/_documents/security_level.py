# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The document of a security level: parse what a person writes, normalise it by the catalogue, render it again. Private to the collection.

Also the document of a webhook limit, which is two cells of a level that another vendor rule owns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._catalogue import lookup
from .._catalogue.model import Catalogue, Setting, Value
from .._catalogue.terms import DEFAULT_TERMS, Terms, worded
from .._errors import InputError
from .._text import folded, for_error, quoted
from .names import SYSTEM_SOURCE, bare_name, check_level_name
from .webhook_limit import WEBHOOK_CELLS

FULL, NO = "Full Permission", "No Permission"
CAN_LOGIN = "wsapi.can_login"
Cells = Mapping[str, Value]


@dataclass(frozen=True)
class Level:
    """A security level as it is wanted.

    `cells` are those that were named, `sections` whole sections (`FULL` or `NO`) that come before them. With baseline `none` every other cell
    is at its least permissive value, with baseline `copy` every other cell keeps what the source has: `source` where that is known.
    """

    name: str
    copy_of: str = SYSTEM_SOURCE
    baseline: str = "none"
    active: bool = True
    cells: Cells = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    source: Level | None = None


def parse_level(written: Mapping[str, Any], catalogue: Catalogue) -> Level:
    """The document for a module's options `name`, `copy_of`, `source`, `baseline`, `active`, `sections` and `settings`.

    Raises InputError, which names the place in `settings` and the nearest valid choices.
    """
    source = written.get("source")
    copy_of = bare_name(str(written.get("copy_of") or SYSTEM_SOURCE))
    level = Level(
        name=check_level_name(written.get("name")),
        copy_of=copy_of,
        baseline=str(written.get("baseline") or "none"),
        active=written.get("active") is not False,
        cells=parse_settings(written.get("settings") or {}, catalogue),
        sections=parse_sections(written.get("sections") or {}, catalogue),
        source=_parse_source(source, copy_of, catalogue) if source else None,
    )
    return completed(level, catalogue)


def _parse_source(written: Mapping[str, Any], name: str, catalogue: Catalogue) -> Level:
    level = Level(
        name=name,
        baseline=str(written.get("baseline") or "none"),
        cells=parse_settings(written.get("settings") or {}, catalogue, ("source", "settings")),
        sections=parse_sections(written.get("sections") or {}, catalogue, ("source", "sections")),
    )
    return completed(level, catalogue)


def completed(level: Level, catalogue: Catalogue) -> Level:
    """The level with what follows from its settings, in the catalogue's order. Raises InputError when a setting lacks the one that it needs."""
    cells = dict(level.cells)
    if level.baseline == "none":
        # Cleared and saved, the box may be lost for good (Autotask help, Settings_WSAPI); a level without it serves no integration.
        cells = {CAN_LOGIN: True, **cells}
    if _is_known(level):
        _check_parents(wanted_cells(replace(level, cells=cells), catalogue), catalogue)
    return replace(level, cells=_ordered(cells, catalogue))


def _is_known(level: Level) -> bool:
    """Whether the document decides every setting."""
    return level.baseline == "none" or (level.source is not None and _is_known(level.source))


def parse_sections(written: object, catalogue: Catalogue, place: Sequence[str] = ("sections",)) -> dict[str, str]:
    """The whole sections that a mapping names: `Full Permission` or `No Permission`. Raises InputError for anything else."""
    sections: dict[str, str] = {}
    for text, value in _mapping(written, place).items():
        section = lookup.find_section(catalogue, str(text), [*place, str(text)])
        chosen = next((choice for choice in (FULL, NO) if folded(str(value)) == folded(choice)), None)
        if chosen is None:
            raise InputError(
                [*place, str(text)],
                f"{for_error(value)} is not what a whole section can be set to; choose {quoted((FULL, NO), 'or')}",
                "value",
            )
        if section in sections:
            raise InputError([*place, str(text)], "the same section is named twice, perhaps in two spellings", "named_twice")
        sections[section] = chosen
    return sections


def parse_settings(written: object, catalogue: Catalogue, place: Sequence[str] = ("settings",)) -> dict[str, Value]:
    """The cells that a nested mapping names: section, perhaps group, setting, and for a row its columns."""
    cells: dict[str, Value] = {}
    for cell_id, value, inside in named_cells(written, catalogue, place):
        if cell_id in cells:
            raise InputError(inside, "the same setting is named twice, perhaps in two spellings", "named_twice")
        cells[cell_id] = value
    return cells


def named_cells(written: object, catalogue: Catalogue, place: Sequence[str]) -> Iterator[tuple[str, Value, list[str]]]:
    """Each cell that a nested mapping names, with its value and its place. Raises InputError for what the catalogue doesn't have."""
    for section_text, content in _mapping(written, place).items():
        inside = [*place, str(section_text)]
        section = lookup.find_section(catalogue, str(section_text), inside)
        for key, value in _mapping(content, inside).items():
            groups = lookup.find_groups(catalogue, section, str(key))
            if groups and isinstance(value, Mapping) and not _is_row(catalogue, section, str(key)):
                for label, inner in value.items():
                    here = [*inside, str(key), str(label)]
                    yield from _cells_of(_find(catalogue, section, groups, str(label), here), inner, here)
            else:
                here = [*inside, str(key)]
                yield from _cells_of(lookup.find_setting(catalogue, section, None, str(key), here), value, here)


def _mapping(written: object, place: Sequence[str]) -> Mapping[Any, Any]:
    if not isinstance(written, Mapping):
        raise InputError(place, f"here a mapping is needed, not {for_error(written)}", "mapping")
    return written


def _is_row(catalogue: Catalogue, section: str, text: str) -> bool:
    """A key that is both a group's and a row's name means the row."""
    found = catalogue.by_name.get((section, folded(text)), ())
    return len(found) == 1 and found[0].kind in ("row", "grid")


def _find(catalogue: Catalogue, section: str, groups: Sequence[str], label: str, place: Sequence[str]) -> Setting:
    return lookup.find_setting(catalogue, section, groups[0] if len(groups) == 1 else None, label, place)


def _cells_of(setting: Setting, written: object, place: list[str]) -> Iterator[tuple[str, Value, list[str]]]:
    if not setting.settable:
        reason = "no source names its values" if setting.kind == "list" else "the editor shows it, but it can't be set"
        raise InputError(place, f"{reason}; if this tenant's editor offers it, describe it with `extra_settings`", "not_settable")
    if setting.only == "not API-only":
        raise InputError(place, "only levels that are not API-only have it", "not_api_only")
    if setting.kind in ("row", "grid"):
        for column, value in _mapping(written, place).items():
            inside = [*place, str(column)]
            cell = lookup.find_cell(setting, str(column), inside)
            yield cell.id, lookup.parse_value(cell, value, inside), inside
    else:
        yield setting.cells[0].id, lookup.parse_value(setting.cells[0], written, place), place


def _check_parents(cells: Cells, catalogue: Catalogue) -> None:
    for cell_id, value in cells.items():
        setting, cell = catalogue.by_cell[cell_id]
        if setting.needs and value != cell.least and not cells.get(setting.needs):
            parent = catalogue.by_cell[setting.needs][0]
            raise InputError(
                ["settings", setting.section, worded(setting.label)],
                f'it can only be set when "{worded(parent.label)}" in the section {parent.section} is ticked, too',
                "parent_missing",
            )


def _ordered(cells: Cells, catalogue: Catalogue) -> dict[str, Value]:
    return {cell_id: cells[cell_id] for cell_id in catalogue.by_cell if cell_id in cells}


def render_settings(cells: Cells, catalogue: Catalogue, terms: Terms = DEFAULT_TERMS) -> dict[str, Any]:
    """What a person would write for these cells: section, group where there is one, setting, and for a row its columns."""
    written: dict[str, Any] = {}
    for cell_id, value in cells.items():
        setting, cell = catalogue.by_cell[cell_id]
        branch = written.setdefault(setting.section, {})
        if setting.group:
            branch = branch.setdefault(worded(setting.group, terms), {})
        label = worded(setting.label, terms)
        shown = worded(value, terms) if isinstance(value, str) else value
        if cell.column:
            branch.setdefault(label, {})[cell.column] = shown
        else:
            branch[label] = shown
    return written


def wanted_cells(level: Level, catalogue: Catalogue) -> dict[str, Value]:
    """Every cell that the document decides. The two cells of the webhook limit belong to `WebhookLimit` unless they are named."""
    wanted: dict[str, Value] = {}
    if level.baseline == "none":
        wanted = dict(catalogue.least)
    elif level.source:
        wanted = wanted_cells(level.source, catalogue)
    for cell_id, (setting, cell) in catalogue.by_cell.items():
        choice = level.sections.get(setting.section)
        if choice == FULL and cell.kind == "number":
            wanted.pop(cell_id, None)
        elif choice:
            wanted[cell_id] = cell.most if choice == FULL else cell.least
    wanted |= level.cells
    return {cell_id: wanted[cell_id] for cell_id in wanted if cell_id in level.cells or cell_id not in WEBHOOK_CELLS}


def named(level: Level) -> Cells:
    """The cells that somebody named, in the level or in the source whose settings it keeps."""
    return {**(named(level.source) if level.source else {}), **level.cells}


def whole_sections(level: Level, catalogue: Catalogue, new: bool = False) -> dict[str, str]:
    """The sections that are wanted as a whole, each with its button; cells that are named on top of that are set afterwards.

    In a copy these are the sections that somebody named: what else stands in another one is nobody's to change. A `new` copy has those of its source
    already.
    """
    if level.baseline == "none":
        whole = dict.fromkeys((setting.section for setting, _cell in catalogue.by_cell.values()), NO)
    else:
        whole = whole_sections(level.source, catalogue) if level.source and not new else {}
    return {**whole, **level.sections}


def full_sections(level: Level) -> list[str]:
    """The sections that are named to be at Full Permission."""
    return [section for section, choice in level.sections.items() if choice == FULL]


def level_of(document: Mapping[str, Any], catalogue: Catalogue) -> Level:
    """The level that a kept document describes, as far as this version of the catalogue knows its settings."""
    cells, sections, source = document.get("cells"), document.get("sections"), document.get("source")
    known = {cell: value for cell, value in cells.items() if cell in catalogue.by_cell} if isinstance(cells, Mapping) else {}
    return Level(
        name=str(document.get("name", "")),
        copy_of=str(document.get("copy_of", SYSTEM_SOURCE)),
        baseline=str(document.get("baseline", "copy")),
        active=document.get("active") is True,
        cells=known,
        sections={str(key): str(value) for key, value in sections.items()} if isinstance(sections, Mapping) else {},
        source=level_of(source, catalogue) if isinstance(source, Mapping) else None,
    )
