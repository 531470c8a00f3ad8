# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the editor of security levels offers: sections, groups, settings, cells, and their rules. Private to the collection.

A *setting* is what the editor shows in one line, a *cell* is what holds one value: a check box, a drop-down, a number, or one of
the up to four cells of a row. Cells have stable ids such as `crm.opportunities_quotes.view`; everything else refers to them.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ansible_collections.msp.autotask.plugins.module_utils._catalogue_table import MOVED, TABLE, UNPLACED
from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError
from ansible_collections.msp.autotask.plugins.module_utils._labels import folded, quoted, shown, spellings, suggestion, worded

Value: TypeAlias = "bool | int | str | None"

ROW_COLUMNS = ("View", "Add", "Edit", "Delete")
GRID_COLUMNS = ("View (Query)", "Add", "Edit (Update)", "Delete")
COLUMN_ALIASES = {"View (Query)": ("View", "Query"), "Add": ("Create", "Add (Create)"), "Edit (Update)": ("Edit", "Update")}
YES_NO = ("Yes", "No")


@dataclass(frozen=True)
class Cell:
    """One value of a level. `values` run from most to least permissive; a cell with `fixed` text shows it and can't be set."""

    id: str
    kind: str  # list, box or number
    column: str = ""
    values: tuple[str, ...] = ()
    fixed: str | None = None
    smallest: int = 1
    known_by: str = "documented"

    @property
    def least(self) -> Value:
        """The value that No Permission leaves: the last of a list, a cleared box, no number."""
        if self.kind == "list":
            return self.values[-1]
        return False if self.kind == "box" else None

    @property
    def most(self) -> Value:
        """The value that Full Permission leaves: the first of a list, a ticked box. What it does to a number, no source says."""
        if self.kind == "list":
            return self.values[0]
        return True if self.kind == "box" else None


@dataclass(frozen=True)
class Setting:
    """One line of the editor. `label` and `aliases` may hold `{Organization}` and the like."""

    id: str
    section: str
    group: str
    kind: str
    label: str
    cells: tuple[Cell, ...]
    confidence: str
    aliases: tuple[str, ...] = ()
    needs: str | None = None
    default: str | None = None
    only: str | None = None
    one_way: str | None = None
    operator: str | None = None
    unread: str | None = None

    @property
    def settable(self) -> tuple[Cell, ...]:
        """The cells that a person can change."""
        return tuple(cell for cell in self.cells if cell.fixed is None and (cell.kind != "list" or cell.values))


@dataclass(frozen=True)
class Catalogue:
    """Sections with their spellings, and settings in the order in which they are worked off (a parent before what needs it)."""

    sections: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, tuple[str, ...]]
    settings: tuple[Setting, ...]

    @functools.cached_property
    def by_cell(self) -> dict[str, tuple[Setting, Cell]]:
        """Every settable cell of an API-only level, by its id."""
        return {
            cell.id: (setting, cell)
            for setting in self.settings
            if setting.only != "not API-only" and setting.section != HEADER
            for cell in setting.settable
        }

    @functools.cached_property
    def least(self) -> dict[str, Value]:
        """An API-only level after No Permission in every section."""
        return {cell_id: cell.least for cell_id, (_setting, cell) in self.by_cell.items()}


HEADER = "General Information"


def read_table(table: str) -> Catalogue:
    """The catalogue that a table in the form of `_catalogue_table` describes. A line it can't read is a ValueError with its number."""
    sections: dict[str, tuple[str, ...]] = {}
    groups: dict[str, tuple[str, ...]] = {}
    lines: list[tuple[str, str, str, dict[str, str]]] = []
    section = group = ""
    for number, line in enumerate(table.splitlines(), 1):
        text = line.strip()
        if text.startswith("=="):
            section, group = text[2:].strip(), ""
            sections[section] = ()
        elif text.startswith("--"):
            group = text[2:].strip()
            groups.setdefault(group, ())
        elif line.startswith("    ") and text:
            name, separator, value = text.partition(":")
            if not separator:
                raise ValueError(f"line {number} of the catalogue: {text}")
            belongs_to_setting = bool(lines) and lines[-1][:2] == (section, group)
            if belongs_to_setting:
                lines[-1][3][name] = value.strip()
            elif group:
                groups[group] += _split(value)
            else:
                sections[section] += _split(value)
        elif text:
            lines.append((section, group, text, {}))
    return Catalogue(sections, groups, tuple(_setting(*line) for line in lines))


def _split(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(";"))


def _setting(section: str, group: str, text: str, notes: Mapping[str, str]) -> Setting:
    kind, _space, rest = text.partition(" ")
    setting_id, label, *values, confidence = [part.strip() for part in rest.split("|")]
    known_by = notes.get("values", confidence)
    return Setting(
        id=setting_id,
        section=section,
        group=group,
        kind=kind,
        label=label,
        cells=tuple(_cells(kind, setting_id, values, known_by)),
        confidence=confidence,
        aliases=_split(notes["aliases"]) if "aliases" in notes else (),
        needs=notes.get("needs"),
        default=notes.get("default"),
        only=notes.get("only"),
        one_way=notes.get("one-way"),
        operator=notes.get("operator"),
        unread=notes.get("label unread") or (label if kind == "unread" else None),
    )


def _cells(kind: str, setting_id: str, values: Sequence[str], known_by: str) -> Iterator[Cell]:
    if kind == "row":
        for column, value in zip(ROW_COLUMNS, values, strict=True):
            if value.startswith('"'):
                yield Cell(f"{setting_id}.{column.lower()}", "list", column, fixed=value.strip('"'), known_by=known_by)
            elif value != "-":
                yield Cell(f"{setting_id}.{column.lower()}", "list", column, tuple(value.split("/")), known_by=known_by)
    elif kind == "grid":
        for column, value in zip(GRID_COLUMNS, values, strict=True):
            yield Cell(f"{setting_id}.{column.split()[0].lower()}", "box", column, known_by=value)
    elif kind == "list":
        yield Cell(setting_id, "list", values=tuple(part for part in values[0].split("/") if part), known_by=known_by)
    elif kind == "box":
        yield Cell(setting_id, "box", known_by=known_by)
    elif kind == "number":
        yield Cell(setting_id, "number", smallest=int(values[0]), known_by=known_by)


@functools.cache
def standard() -> Catalogue:
    """The catalogue that comes with the collection."""
    return read_table(TABLE)


EXTRA_KINDS = ("row", "grid", "list", "box", "number")


def extended(extra: Sequence[Mapping[str, Any]]) -> Catalogue:
    """The standard catalogue and what a tenant's editor shows beyond it.

    Each extra setting has `section` and `label`, and may have `kind` (row, grid, list, number, or box, which it is when nothing is said), `group`, and
    `values` (from most to least; for a row a mapping of column to values). Raises InputError with its place for one that is incomplete or already there.
    """
    base = standard()
    if not extra:
        return base
    added: list[Setting] = []
    for index, entry in enumerate(extra):
        place = ["extra_settings", str(index + 1)]
        if lacking := [name for name in ("section", "label") if not entry.get(name)]:
            raise InputError([*place, lacking[0]], "is needed", "incomplete_setting")
        section = find_section(base, str(entry["section"]), place)
        group, label, kind = str(entry.get("group") or ""), str(entry["label"]), str(entry.get("kind") or "box")
        if any(folded(label) == folded(known) for setting in base.settings if setting.section == section for known in _names(setting)):
            raise InputError(place, f'the section {section} already has a setting "{label}"', "duplicate_setting")
        setting_id = "extra." + re.sub(r"\W+", "_", f"{section} {group} {label}".casefold()).strip("_")
        added.append(Setting(setting_id, section, group, kind, label, tuple(_extra_cells(kind, setting_id, entry, place)), "tenant"))
    groups = {**base.groups, **{setting.group: () for setting in added if setting.group not in base.groups}}
    return Catalogue(base.sections, groups, (*base.settings, *added))


def _extra_cells(kind: str, setting_id: str, entry: Mapping[str, Any], place: Sequence[str]) -> Iterator[Cell]:
    values: Any = entry.get("values")
    if kind == "row":
        if not isinstance(values, Mapping) or not values or not all(isinstance(choice, list) and choice for choice in values.values()):
            raise InputError(place, "a row needs `values`, a mapping of View, Add, Edit, Delete to their values from most to least")
        for column, choices in values.items():
            if column not in ROW_COLUMNS:
                raise InputError([*place, "values"], f'no such column "{column}"; the columns are {quoted(ROW_COLUMNS)}', "unknown_column")
            words = tuple(_as_word(choice) for choice in choices)
            yield Cell(f"{setting_id}.{column.lower()}", "list", column, words, known_by="tenant")
    elif kind == "list":
        if not isinstance(values, list) or not values:
            raise InputError(place, "a list needs `values`, from most to least")
        yield Cell(setting_id, "list", values=tuple(_as_word(choice) for choice in values), known_by="tenant")
    elif kind == "grid":
        yield from _cells("grid", setting_id, ["tenant"] * len(GRID_COLUMNS), "tenant")
    else:
        yield Cell(setting_id, kind, known_by="tenant")


def _as_word(value: object) -> str:
    """YAML reads Yes and No as true and false."""
    return {True: "Yes", False: "No"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _names(setting: Setting) -> list[str]:
    return [setting.id, *(spelling for label in (setting.label, *setting.aliases) for spelling in spellings(label))]


def find_section(catalogue: Catalogue, text: str, place: Sequence[str]) -> str:
    """The section that is meant. Raises InputError naming the nearest ones."""
    for section, aliases in catalogue.sections.items():
        if section != HEADER and folded(text) in {folded(name) for name in (section, *aliases)}:
            return section
    known = [section for section in catalogue.sections if section != HEADER]
    if folded(text) == folded(HEADER):
        raise InputError(place, "the name and Active are options of their own (`name`, `active`)", "unknown_section")
    raise InputError(place, f'no such section "{text}".{suggestion(text, known)} The sections are {quoted(known)}.', "unknown_section")


def find_groups(catalogue: Catalogue, section: str, text: str) -> list[str]:
    """The groups of the section that the text may name."""
    present = dict.fromkeys(setting.group for setting in catalogue.settings if setting.section == section and setting.group)
    return [
        group
        for group in present
        if folded(text) in {folded(name) for label in (group, *catalogue.groups[group]) for name in spellings(label)}
    ]


def find_setting(catalogue: Catalogue, section: str, group: str | None, text: str, place: Sequence[str]) -> Setting:
    """The one setting that is meant, by its label, an older or a tenant's spelling, or its id.

    Raises InputError for none (with the nearest labels, or where the setting has moved to) and for more than one.
    """
    present = [setting for setting in catalogue.settings if setting.section == section and group in (None, setting.group)]
    found = [setting for setting in present if folded(text) in {folded(name) for name in _names(setting)}]
    if len(found) == 1:
        return found[0]
    where = f"the section {section}" if group is None else f"{section} > {worded(group)}"
    if found:
        choices = [worded(f"{setting.group} > {setting.label}") for setting in found]
        raise InputError(place, f'"{text}" can mean {quoted(choices, "or")}. Write it below its group, or in full.', "ambiguous_setting")
    for (old_section, label), new_section in MOVED.items():
        if old_section == section and folded(label) == folded(text):
            raise InputError(place, f'"{text}" has moved from {section} to the section {new_section}.', "unknown_setting")
    for label, story in UNPLACED.items():
        if folded(label) == folded(text):
            raise InputError(place, f'"{text}" can\'t be set: {story}.', "unknown_setting")
    elsewhere = [setting for setting in catalogue.settings if folded(text) in {folded(name) for name in _names(setting)}]
    if elsewhere:
        where_else = " > ".join(part for part in (elsewhere[0].section, worded(elsewhere[0].group).rstrip(":")) if part)
        hint = f" {quoted([worded(elsewhere[0].label)])} stands in {where_else}."
    else:
        known = [label for setting in present for label in (setting.label, *setting.aliases, *([setting.group] if group is None else []))]
        hint = suggestion(text, [worded(label) for label in known if label])
    raise InputError(
        place,
        f'no such setting "{text}" in {where}.{hint} A setting that only this tenant has can be added with `extra_settings`.',
        "unknown_setting",
    )


def find_cell(setting: Setting, text: str, place: Sequence[str]) -> Cell:
    """The settable cell of a row or grid in the column that is meant. Raises InputError for one that isn't there or shows fixed text."""
    for cell in setting.cells:
        if folded(text) in {folded(name) for name in (cell.column, *COLUMN_ALIASES.get(cell.column, ()))}:
            if cell.fixed is not None:
                raise InputError(place, f'the cell can\'t be set, the editor shows "{cell.fixed}" there', "fixed_cell")
            return cell
    columns = [cell.column for cell in setting.settable]
    raise InputError(place, f'no column "{text}" here; the columns are {quoted(columns)}', "unknown_column")


def parse_value(cell: Cell, written: object, place: Sequence[str]) -> Value:
    """The value of the cell that is meant: `yes`, `true` and `checked` tick a box, `all` is `All`, `Mine + Companies` is `Mine + {Organizations}`.

    Raises InputError naming the allowed values.
    """
    if cell.kind == "box":
        return _parse_box(written, place)
    if cell.kind == "number":
        if isinstance(written, str) and written.strip().isdecimal():
            written = int(written)
        if isinstance(written, bool) or not isinstance(written, int) or written < cell.smallest:
            raise InputError(place, f"{shown(written)} is not a whole number from {cell.smallest} on", "value")
        return written
    if isinstance(written, bool):
        written = "Yes" if written else "No"
    if isinstance(written, str):
        for value in cell.values:
            if folded(written) in {folded(name) for name in spellings(value)} | {folded(name) for name in _singular_spellings(value)}:
                return value
    allowed = [value.replace("{Organizations}", "Organizations") for value in cell.values]
    raise InputError(place, f"{shown(written)} is not allowed here; choose {quoted(allowed, 'or')}", "value")


def _singular_spellings(value: str) -> Iterable[str]:
    return spellings(value.replace("{Organizations}", "{Organization}"))


def _parse_box(written: object, place: Sequence[str]) -> bool:
    words = {"checked": True, "ticked": True, "yes": True, "on": True, "true": True}
    words |= {"unchecked": False, "cleared": False, "no": False, "off": False, "false": False}
    if isinstance(written, bool):
        return written
    if isinstance(written, str) and written.strip().casefold() in words:
        return words[written.strip().casefold()]
    raise InputError(place, f"{shown(written)} is not a state of a check box; write true or false", "value")
