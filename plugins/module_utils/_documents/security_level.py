# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The document of a security level: parse what a person writes, normalise it by the catalogue, render it again. Private to the collection.

Also the document of a webhook limit, which is two cells of a level that another vendor rule owns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from .._catalogue import lookup
from .._catalogue.model import MIRRORS, Catalogue, Setting, Value
from .._catalogue.terms import DEFAULT_TERMS, Terms, worded
from .._entities import SYSTEM_SOURCE
from .._errors import InputError, raise_all
from .._text import folded, for_error, quoted
from .names import AS_COPIED, OTHER_SECTIONS, bare_name, check_level_name
from .webhook_limit import WEBHOOK_CELLS

FULL, NO = "Full Permission", "No Permission"
CAN_LOGIN = "wsapi.can_login"
Cells = Mapping[str, Value]
# A cell's id, its value, and the place where it is named.
NamedCell: TypeAlias = "tuple[str, Value, list[str]]"


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
    """The level with what follows from its settings, in the catalogue's order.

    Raises InputError when a setting lacks the one that it needs, and for a section that can't be set as a whole by itself.
    """
    _check_sections(level, catalogue)
    cells = dict(level.cells)
    if level.baseline == "none":
        # Cleared and saved, the box may be lost for good (Autotask help, Settings_WSAPI); a level without it serves no integration.
        cells = {CAN_LOGIN: True, **cells}
    if _is_known(level):
        _check_parents(wanted_cells(replace(level, cells=cells), catalogue), catalogue)
    return replace(level, cells=_ordered(cells, catalogue))


def _check_sections(level: Level, catalogue: Catalogue) -> None:
    """A section whose settings no source names goes with every other section: cleared where the baseline is `none`, and else left as it is."""
    known = {setting.section for setting, _cell in catalogue.by_cell.values()}
    for section, choice in level.sections.items():
        if section not in known and not (choice == NO and level.baseline == "none"):
            raise InputError(
                ["sections", section],
                "no source names its settings. With `baseline: none` the whole section is cleared, with every other one that nobody knows; "
                "to set anything in it, describe what this tenant's editor offers with `extra_settings`",
                "not_settable",
            )


def _is_known(level: Level) -> bool:
    """Whether the document decides every setting."""
    return level.baseline == "none" or (level.source is not None and _is_known(level.source))


def parse_sections(written: object, catalogue: Catalogue, place: Sequence[str] = ("sections",)) -> dict[str, str]:
    """The whole sections that a mapping names: `Full Permission` or `No Permission`. Raises InputError for all that is anything else."""
    sections: dict[str, str] = {}
    errors: list[InputError] = []
    for text, value in _mapping(written, place).items():
        try:
            section, chosen = _whole_section(str(text), value, catalogue, [*place, str(text)])
        except InputError as error:
            errors.append(error)
            continue
        if section in sections:
            errors.append(InputError([*place, str(text)], "the same section is named twice, perhaps in two spellings", "named_twice"))
        sections[section] = chosen
    raise_all(errors)
    return sections


def _whole_section(text: str, value: object, catalogue: Catalogue, place: Sequence[str]) -> tuple[str, str]:
    section = lookup.find_section(catalogue, text, place)
    chosen = next((choice for choice in (FULL, NO) if folded(str(value)) == folded(choice)), None)
    if chosen is None:
        below = " Single settings stand below `settings`." if isinstance(value, Mapping) else ""
        words = f"{for_error(value)} is not what a whole section can be set to; choose {quoted((FULL, NO), 'or')}"
        raise InputError(place, f"{words}.{below}" if below else words, "value")
    return section, chosen


def parse_settings(written: object, catalogue: Catalogue, place: Sequence[str] = ("settings",)) -> dict[str, Value]:
    """The cells that a nested mapping names: section, perhaps group, setting, and for a row its columns.

    Raises InputError for all that the catalogue doesn't have, or that is named twice.
    """
    cells: dict[str, Value] = {}
    errors: list[InputError] = []
    for found in _read_cells(written, catalogue, place):
        if isinstance(found, InputError):
            errors.append(found)
        elif found[0] in cells:
            errors.append(InputError(found[2], "the same setting is named twice, perhaps in two spellings", "named_twice"))
        elif found[0] in catalogue.by_cell:
            cells[found[0]] = found[1]
    raise_all(errors)
    return cells


def named_cells(written: object, catalogue: Catalogue, place: Sequence[str]) -> Iterator[NamedCell]:
    """Each cell that a nested mapping names, with its value and its place. Raises InputError for what the catalogue doesn't have.

    A cell that only shows what another one of its row implies, as Edit of Products does, may be named with what that one says; it can't be set by itself.
    """
    for found in _read_cells(written, catalogue, place):
        if isinstance(found, InputError):
            raise found
        yield found


def _read_cells(written: object, catalogue: Catalogue, place: Sequence[str]) -> Iterator[NamedCell | InputError]:
    """Each cell that a nested mapping names, and an error for each thing in it that can't be read."""
    for section_text, content in _mapping(written, place).items():
        inside = [*place, str(section_text)]
        try:
            section = lookup.find_section(catalogue, str(section_text), inside)
            labels = _settings_of(content, inside)
        except InputError as error:
            yield error
            continue
        for key, value in labels.items():
            here = [*inside, str(key)]
            groups = lookup.find_groups(catalogue, section, str(key))
            if groups and isinstance(value, Mapping) and not _is_row(catalogue, section, str(key)):
                group = groups[0] if len(groups) == 1 else None
                for label, inner in value.items():
                    yield from _read_setting(catalogue, section, group, str(label), inner, [*here, str(label)])
            else:
                yield from _read_setting(catalogue, section, None, str(key), value, here)


def _read_setting(
    catalogue: Catalogue, section: str, group: str | None, label: str, written: object, place: list[str]
) -> Iterator[NamedCell | InputError]:
    try:
        setting = lookup.find_setting(catalogue, section, group, label, place)
        parts = _columns(setting, written, place)
    except InputError as error:
        yield error
        return
    for column, value, inside in parts:
        if column is not None and (implied := _implied(setting, column, value, written)) is not None:
            yield implied, str(value), inside
            continue
        try:
            cell = setting.cells[0] if column is None else lookup.find_cell(setting, column, inside)
            yield cell.id, lookup.parse_value(cell, value, inside), inside
        except InputError as error:
            yield error


def _columns(setting: Setting, written: object, place: list[str]) -> list[tuple[str | None, object, list[str]]]:
    """The columns that are written of a setting, with their values and places; None where it has no columns. Raises InputError."""
    if not setting.settable:
        reason = "no source names its values" if setting.kind == "list" else "the editor shows it, but it can't be set"
        raise InputError(place, f"{reason}; if this tenant's editor offers it, describe it with `extra_settings`", "not_settable")
    if setting.only == "not API-only":
        raise InputError(place, "only levels that are not API-only have it", "not_api_only")
    if setting.kind in ("row", "grid"):
        return [(str(column), value, [*place, str(column)]) for column, value in _mapping(written, place).items()]
    return [(None, written, place)]


def _mapping(written: object, place: Sequence[str]) -> Mapping[Any, Any]:
    if not isinstance(written, Mapping):
        raise InputError(place, f"here a mapping is needed, not {for_error(written)}", "mapping")
    return written


def _settings_of(written: object, place: Sequence[str]) -> Mapping[Any, Any]:
    if folded(str(written)) in (folded(FULL), folded(NO)):
        raise InputError(place, f"here a mapping is needed, not {for_error(written)}. Whole sections stand below `sections`.", "mapping")
    return _mapping(written, place)


def _is_row(catalogue: Catalogue, section: str, text: str) -> bool:
    """A key that is both a group's and a row's name means the row."""
    found = catalogue.by_name.get((section, folded(text)), ())
    return len(found) == 1 and found[0].kind in ("row", "grid")


def _implied(setting: Setting, column: str, value: object, row: object) -> str | None:
    """The id of a cell that mirrors another one of its row, where the row says the same of both; None for any other."""
    shown = next((cell for cell in setting.cells if folded(cell.column) == folded(column) and str(cell.fixed).startswith(MIRRORS)), None)
    if shown is None or not isinstance(row, Mapping):
        return None
    other = str(shown.fixed).removeprefix(MIRRORS)
    said = [_GRANTS.get(folded(str(one))) for name, one in row.items() if folded(str(name)) == folded(other)]
    return shown.id if None not in said and said == [_GRANTS.get(folded(str(value)))] else None


# Whether a value of a row lets somebody do something.
_GRANTS = {"all": True, "yes": True, "true": True, "none": False, "no": False, "false": False}


def _check_parents(cells: Cells, catalogue: Catalogue) -> None:
    errors = []
    for cell_id, value in cells.items():
        setting, cell = catalogue.by_cell[cell_id]
        if setting.needs and value != cell.least and not cells.get(setting.needs):
            parent = catalogue.by_cell[setting.needs][0]
            words = f'it can only be set when "{worded(parent.label)}" in the section {parent.section} is ticked, too'
            errors.append(InputError(["settings", setting.section, worded(setting.label)], words, "parent_missing"))
    raise_all(errors)


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


def wanted_facts(level: Level, catalogue: Catalogue) -> dict[str, Any]:
    """Everything that the document decides: whether the level is active, and of one that is, its cells, and what all else is: cleared, or as copied."""
    if not level.active:
        return {"active": False}
    others = {OTHER_SECTIONS: NO} if level.baseline == "none" else {AS_COPIED: level.copy_of}
    return {"active": True, **wanted_cells(level, catalogue), **others}


def dropped(before: Level, now: Level, catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """What a copy was set to, and what should be as in its source again, since nobody names it any more: whole sections, and cells in others."""
    whole = whole_sections(now, catalogue)
    sections = [section for section in whole_sections(before, catalogue) if section not in whole]
    held = _held(before, catalogue) - _held(now, catalogue)
    return sections, [
        cell_id for cell_id, (setting, _cell) in catalogue.by_cell.items() if cell_id in held and setting.section not in sections
    ]


def _held(level: Level, catalogue: Catalogue) -> set[str]:
    """The cells that a level's document decides, those that are cleared with the box that they need among them; webhooks have a limit of their own."""
    cells = wanted_cells(level, catalogue)
    cleared = [cell_id for cell_id, (setting, _cell) in catalogue.by_cell.items() if cells.get(str(setting.needs)) is False]
    return {*cells, *cleared}.difference(WEBHOOK_CELLS)


def is_plain_copy(cells: Cells, source: Cells, catalogue: Catalogue) -> bool:
    """Whether a level holds what a fresh copy of the source does: the same, less what Autotask doesn't copy, and what whoever copied it may not grant."""
    return all(_is_as_copied(cell_id, value, source, catalogue) for cell_id, value in cells.items())


def _is_as_copied(cell_id: str, value: Value, source: Cells, catalogue: Catalogue) -> bool:
    if cell_id in source and value == source[cell_id]:
        return True
    if cell_id not in catalogue.by_cell:
        return False
    setting, cell = catalogue.by_cell[cell_id]
    return value == cell.least and bool(setting.not_copied or setting.operator)


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
