# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the security-level editor shows, and the rules of its cells. The settings themselves are in `editor.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sandbox.model import Cells, CellValue, Level, Tenant

_FILE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("editor.yml").read_text(encoding="utf-8"))

NAME_LENGTH = 50
"""The longest name of a level."""

MORE_SECTIONS: tuple[str, ...] = tuple(entry["section"] for entry in _FILE["sections"] if "where" in entry)
"""The sections that only some tenants have: those that name them in their option `more_sections`."""

BOX, CHOICE, NUMBER, FIXED = "box", "choice", "number", "fixed"
"""The kinds of a cell. A fixed one shows a text, can't be set, and isn't part of a level's cells."""


@dataclass(frozen=True)
class Cell:
    """One control. `values` of a drop-down are canonical, from least to most; `labels` are what the tenant sees in their place.

    `needs` is the key of the box that must be ticked first. A fixed cell has its `text`, or `mirrors` the cell whose value it shows.
    """

    key: str
    kind: str
    column: str = ""
    values: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    text: str = ""
    mirrors: str = ""
    low: int = 0
    high: int = 0
    start: int = 0
    needs: str = ""
    off: bool = False
    copied_off: bool = False
    one_way: bool = False
    guarded: bool = False

    @property
    def least(self) -> CellValue:
        """What No Permission sets: an empty box, the first value, no number (0)."""
        return {BOX: False, NUMBER: 0}.get(self.kind, self.values[0] if self.values else "")

    @property
    def most(self) -> CellValue:
        """What Full Permission sets: a tick, the last value, the number that is shown first."""
        return {BOX: True, NUMBER: self.start}.get(self.kind, self.values[-1] if self.values else "")

    def shown(self, cells: Cells) -> str:
        """The text of a fixed cell."""
        return str(cells.get(self.mirrors, "")) if self.mirrors else self.text

    def fault(self, value: object) -> str:
        """What is wrong with a value, as the end of a sentence; empty if nothing is."""
        if self.kind == BOX:
            return "" if isinstance(value, bool) else "must be ticked or cleared"
        if self.kind == CHOICE:
            return "" if value in self.values else f"does not offer {value!r}"
        whole = isinstance(value, int) and not isinstance(value, bool)
        return "" if whole and self.low <= int(str(value)) <= self.high else f"must be a number from {self.low} to {self.high}"


@dataclass(frozen=True)
class Setting:
    """One line of the editor: a label, and a cell for each of its group's columns (one, where there are none)."""

    label: str
    cells: tuple[Cell, ...]
    invented: bool


@dataclass(frozen=True)
class Group:
    """Settings under a heading; `name` is empty for those that stand without one. With `columns` it is a table."""

    name: str
    columns: tuple[str, ...]
    settings: tuple[Setting, ...]


@dataclass(frozen=True)
class Section:
    """One of the collapsible blocks."""

    name: str
    groups: tuple[Group, ...]

    def cells(self) -> Iterator[Cell]:
        """All controls of the section that can be set, in order."""
        for group in self.groups:
            for setting in group.settings:
                yield from (cell for cell in setting.cells if cell.kind != FIXED)


@dataclass(frozen=True)
class Problem:
    """Why a level can't be saved: the key of the control (`name` for the level's name), and a sentence that names it."""

    key: str
    message: str


def sections(tenant: Tenant, api_only: bool = True) -> tuple[Section, ...]:
    """The editor as this tenant sees it, in its own words. Cheap: built once for each pair of words."""
    return _sections(tenant.organization_term, tenant.device_term, api_only, more_sections(tenant))


def more_sections(tenant: Tenant) -> tuple[str, ...]:
    """The sections that this tenant has and others don't."""
    return tuple(tenant.options.get("more_sections", ()))


def cells_by_key(api_only: bool = True, more: tuple[str, ...] = ()) -> dict[str, Cell]:
    """Every control that can be set, by its key, with canonical labels; of the sections that only some tenants have, those in `more`."""
    return _cells(api_only, more)


def with_sections(cells: Cells, more: tuple[str, ...], api_only: bool = True) -> dict[str, CellValue]:
    """The cells of a level on a tenant that gets these sections: what it doesn't hold of them yet is at its most permissive."""
    return {key: cell.most for key, cell in _cells(api_only, more).items() if key.partition("|")[0] in more} | dict(cells)


def feature_access(level: Level) -> str:
    """The read-only line Feature/Section Access; a copy has its source's (Autotask help, Create_Edit_Custom_Security_Level)."""
    return str(_FILE["feature_access"]["full" if level.copyable else "limited"])


def default_cells(api_only: bool, full: bool = True) -> dict[str, CellValue]:
    """The cells of a system level: everything at its most permissive value but for what is `off`, or everything at its least."""
    return {key: cell.most if full and not cell.off else cell.least for key, cell in _cells(api_only).items()}


def no_permission(cells: Cells, section: str, api_only: bool = True) -> dict[str, CellValue]:
    """What the form holds after No Permission was pressed in a section."""
    return dict(cells) | {cell.key: cell.least for cell in _section(section, api_only).cells()}


def full_permission(cells: Cells, section: str, api_only: bool = True) -> dict[str, CellValue]:
    """What the form holds after Full Permission was pressed in a section."""
    return dict(cells) | {cell.key: cell.most for cell in _section(section, api_only).cells()}


def copied_cells(level: Level, grants_internal_cost: bool) -> dict[str, CellValue]:
    """The cells of a fresh copy: the source's, but for what a copy never has and what this person may not grant."""
    known = _cells(level.api_only, MORE_SECTIONS)
    dropped = {key for key, cell in known.items() if cell.copied_off or (cell.guarded and not grants_internal_cost)}
    return settled({key: known[key].least if key in dropped else value for key, value in level.cells.items()}, level.api_only)


def settled(cells: Cells, api_only: bool = True) -> dict[str, CellValue]:
    """The cells as they are stored: a control whose box is not ticked is at its least, one that just became available at its start."""
    result = dict(cells)
    for key, cell in _cells(api_only).items():
        if cell.needs and not result[cell.needs]:
            result[key] = cell.least
        elif cell.kind == NUMBER and result[key] == 0:
            result[key] = cell.start
    return result


def problems(level: Level, cells: Cells, tenant: Tenant, grants_internal_cost: bool) -> list[Problem]:
    """What keeps these cells from being saved over the level's present ones: values not offered, one-way and guarded boxes."""
    found = []
    for cell, label in _labelled(tenant, level.api_only):
        value = cells.get(cell.key)
        fault = cell.fault(value) if not cell.needs or cells.get(cell.needs) else ""
        if cell.kind == BOX and value is True and not level.cells.get(cell.key):
            if cell.one_way:
                fault = "can't be selected again once it was cleared and saved"
            elif cell.guarded and not grants_internal_cost:
                fault = "can only be selected by somebody who has this permission"
        if fault:
            found.append(Problem(cell.key, f"{label} {fault}."))
    return found + [Problem(key, f"{key} is not in the editor.") for key in cells if key not in _cells(level.api_only, MORE_SECTIONS)]


def _labelled(tenant: Tenant, api_only: bool) -> Iterator[tuple[Cell, str]]:
    for section in sections(tenant, api_only):
        for group in section.groups:
            for setting in group.settings:
                for cell in setting.cells:
                    if cell.kind != FIXED:
                        yield cell, " > ".join(filter(None, (section.name, group.name, setting.label, cell.column)))


def _section(name: str, api_only: bool) -> Section:
    return {section.name: section for section in _canonical_sections(api_only, MORE_SECTIONS)}[name]


# Reading editor.yml


@cache
def _cells(api_only: bool, more: tuple[str, ...] = ()) -> dict[str, Cell]:
    return {cell.key: cell for section in _canonical_sections(api_only, more) for cell in section.cells()}


def _canonical_sections(api_only: bool, more: tuple[str, ...]) -> tuple[Section, ...]:
    return _sections("", "", api_only, more)


@cache
def _sections(organization: str, device: str, api_only: bool, more: tuple[str, ...]) -> tuple[Section, ...]:
    """The editor with these words in the place of Organization and Device; empty ones keep the canonical labels."""
    words = {"organization": organization, "device": device}
    shown = [entry for entry in _FILE["sections"] if "where" not in entry or entry["section"] in more]
    return tuple(Section(entry["section"], tuple(_groups(entry, words, api_only))) for entry in shown)


def _groups(section: Mapping[str, Any], words: Mapping[str, str], api_only: bool) -> Iterator[Group]:
    for group in section["groups"]:
        columns = tuple(group.get("columns", ()))
        lines = {label: _Line(f"{line}; {group.get('every', '')}") for label, line in group.get("settings", {}).items()}
        settings = tuple(
            Setting(
                _in_words(label, words),
                tuple(_row((section["section"], group["group"], label), line, columns, words)),
                line.has("invented"),
            )
            for label, line in lines.items()
            if not line.has("not API-only" if api_only else "API-only")
        )
        if settings or not lines:
            yield Group(_in_words(group["group"], words), columns, settings)


class _Line:
    """One line of `editor.yml`, taken apart: what each column offers, and what is special about it."""

    def __init__(self, line: str) -> None:
        offer, *marks = (part.strip() for part in line.split(";"))
        self.offers = [part.strip() for part in offer.split("|")]
        self._marks = [mark for mark in marks if mark]

    def has(self, mark: str) -> bool:
        return mark in self._marks

    def after(self, word: str) -> str:
        return next((mark.removeprefix(word).strip() for mark in self._marks if mark.startswith(word)), "")


def _row(place: tuple[str, str, str], line: _Line, columns: tuple[str, ...], words: Mapping[str, str]) -> Iterator[Cell]:
    """The cells of a line; `place` is its section, group and label."""
    for column, offer in zip(columns or ("",), line.offers, strict=True):
        key = _key(*place, column)
        marks: dict[str, Any] = {"needs": _needed(place[0], line.after("needs")), "column": column}
        marks |= {name: line.has(mark) for name, mark in _FLAGS.items()}
        if offer == "box":
            yield Cell(key, BOX, **marks)
        elif number := re.fullmatch(r"(\d+)\.\.(\d+)", offer):
            low, high = map(int, number.groups())
            yield Cell(key, NUMBER, low=low, high=high, start=int(line.after("starts at")), **marks)
        elif offer.startswith("="):
            yield Cell(key, FIXED, column=column, mirrors=_key(*place, offer.removeprefix("=").strip()))
        elif offer == "-" or offer.startswith("("):
            yield Cell(key, FIXED, column=column, text=_in_words(offer.strip("-()"), words))
        else:
            values = [value.strip() for value in offer.split("<")]
            labels = tuple(_in_words(value, words) for value in values)
            yield Cell(key, CHOICE, values=tuple(map(_canonical, values)), labels=labels, **marks)


_FLAGS = {"off": "off", "copied_off": "copied off", "one_way": "one-way", "guarded": "guarded"}


@cache
def _needed(section: str, name: str) -> str:
    """The key of the box that a line's `needs` names: by its label, in the same section or in `Section: Label`."""
    if not name:
        return ""
    elsewhere, separator, label = name.partition(": ")
    section, label = (elsewhere, label) if separator else (section, name)
    groups = next(entry["groups"] for entry in _FILE["sections"] if entry["section"] == section)
    return next(_key(section, group["group"], label, "") for group in groups if label in group.get("settings", {}))


def _key(*parts: str) -> str:
    return "|".join(map(_canonical, parts))


def _canonical(text: str) -> str:
    return text.replace("{", "").replace("}", "")


def _in_words(text: str, words: Mapping[str, str]) -> str:
    """The text with each word in braces replaced: same number, same case. An empty word keeps the canonical one."""

    def own_word(match: re.Match[str]) -> str:
        word = match[1]
        for family, names in _FILE["words"].items():
            for name in names:
                for singular, wanted in ((name, words[family]), (_plural(name), _plural(words[family]))):
                    if word.lower() == singular.lower():
                        return (wanted.lower() if word.islower() else wanted) or word
        raise ValueError(f"editor.yml: {{{word}}} is not one of its words")

    return re.sub(r"\{(.+?)\}", own_word, text)


def _plural(word: str) -> str:
    if word.endswith("y"):
        return f"{word[:-1]}ies"
    return f"{word}s" if word else ""
