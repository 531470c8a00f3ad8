# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the editor of security levels offers: sections, groups, settings, cells, and their rules. Private to the collection.

A *setting* is what the editor shows in one line, a *cell* is what holds one value: a check box, a drop-down, a number, or one of
the up to four cells of a row. Cells have stable ids such as `crm.opportunities_quotes.view`; everything else refers to them.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .._text import folded
from .table import TABLE
from .terms import spellings

HEADER = "General Information"
Value: TypeAlias = "bool | int | str | None"
ROW_COLUMNS = ("View", "Add", "Edit", "Delete")
GRID_COLUMNS = ("View (Query)", "Add", "Edit (Update)", "Delete")
COLUMN_ALIASES = {"View (Query)": ("View", "Query"), "Add": ("Create", "Add (Create)"), "Edit (Update)": ("Edit", "Update")}
YES_NO = ("Yes", "No")
# How the fixed text of a cell begins that shows what another column of its row says.
MIRRORS = "mirrors "


@dataclass(frozen=True)
class Cell:
    """One value of a level. `values` run from most to least permissive; a cell with `fixed` text shows it and can't be set."""

    id: str
    kind: str  # list, box or number
    column: str = ""
    values: tuple[str, ...] = ()
    fixed: str | None = None
    smallest: int = 1
    largest: int = 2**31 - 1
    confidence: str = "documented"

    @functools.cached_property
    def by_spelling(self) -> dict[str, str]:
        """The values of a list by every spelling, folded; also by those that name one organization."""
        found: dict[str, str] = {}
        for value in self.values:
            for template in (value, value.replace("{Organizations}", "{Organization}")):
                for spelling in spellings(template):
                    found.setdefault(folded(spelling), value)
        return found

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
    not_copied: str | None = None
    unread: str | None = None

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        """The id, and every spelling of the label and of the aliases that some tenant may print."""
        return (self.id, *(spelling for label in (self.label, *self.aliases) for spelling in spellings(label)))

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
    def by_name(self) -> dict[tuple[str, str], tuple[Setting, ...]]:
        """The settings that a section has under a name, folded; `""` stands for any section."""
        found: dict[tuple[str, str], dict[str, Setting]] = {}
        for setting in self.settings:
            for name in {folded(name) for name in setting.names}:
                for section in (setting.section, ""):
                    found.setdefault((section, name), {}).setdefault(setting.id, setting)
        return {key: tuple(settings.values()) for key, settings in found.items()}

    @functools.cached_property
    def groups_by_name(self) -> dict[tuple[str, str], list[str]]:
        """The groups that a section has under a name, folded."""
        found: dict[tuple[str, str], dict[str, None]] = {}
        for section, group in dict.fromkeys((setting.section, setting.group) for setting in self.settings if setting.group):
            for label in (group, *self.groups[group]):
                for spelling in spellings(label):
                    found.setdefault((section, folded(spelling)), {})[group] = None
        return {key: list(groups) for key, groups in found.items()}

    @functools.cached_property
    def sections_by_name(self) -> dict[str, str]:
        """The sections that have settings of levels, by every name, folded."""
        found: dict[str, str] = {}
        for section, aliases in self.sections.items():
            if section != HEADER:
                for name in (section, *aliases):
                    found.setdefault(folded(name), section)
        return found

    @functools.cached_property
    def least(self) -> dict[str, Value]:
        """An API-only level after No Permission in every section."""
        return {cell_id: cell.least for cell_id, (_setting, cell) in self.by_cell.items()}


def read_table(table: str) -> Catalogue:
    """The catalogue that a table in the form of `table` describes. A line it can't read is a ValueError with its number."""
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
    of_values = notes.get("values", confidence)
    return Setting(
        id=setting_id,
        section=section,
        group=group,
        kind=kind,
        label=label,
        cells=tuple(cells_of(kind, setting_id, values, of_values)),
        confidence=confidence,
        aliases=_split(notes["aliases"]) if "aliases" in notes else (),
        needs=notes.get("needs"),
        default=notes.get("default"),
        only=notes.get("only"),
        one_way=notes.get("one-way"),
        operator=notes.get("operator"),
        not_copied=notes.get("not copied"),
        unread=notes.get("label unread") or (label if kind == "unread" else None),
    )


def cells_of(kind: str, setting_id: str, values: Sequence[str], confidence: str) -> Iterator[Cell]:
    """The cells of a setting of this kind, from the columns of its line in the table."""
    if kind == "row":
        for column, value in zip(ROW_COLUMNS, values, strict=True):
            if value.startswith('"'):
                yield Cell(f"{setting_id}.{column.lower()}", "list", column, fixed=value.strip('"'), confidence=confidence)
            elif value != "-":
                yield Cell(f"{setting_id}.{column.lower()}", "list", column, tuple(value.split("/")), confidence=confidence)
    elif kind == "grid":
        for column, value in zip(GRID_COLUMNS, values, strict=True):
            yield Cell(f"{setting_id}.{column.split()[0].lower()}", "box", column, confidence=value)
    elif kind == "list":
        yield Cell(setting_id, "list", values=tuple(part for part in values[0].split("/") if part), confidence=confidence)
    elif kind == "box":
        yield Cell(setting_id, "box", confidence=confidence)
    elif kind == "number":
        smallest, largest = values[0].split("..")
        yield Cell(setting_id, "number", smallest=int(smallest), largest=int(largest), confidence=confidence)


@functools.cache
def standard() -> Catalogue:
    """The catalogue that comes with the collection."""
    return read_table(TABLE)
