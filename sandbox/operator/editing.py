# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Doing in the console what one sentence says."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from sandbox.operator.browser import Tab
from sandbox.operator.handover import KEY, SECRET
from sandbox.operator.labels import LABEL, NAME, WORDS, NotListed, Reading, Stuck, exactly, find
from sandbox.operator.sentences import (
    API_USER,
    LEVEL,
    Action,
    AsIn,
    Associate,
    AtLeast,
    Choose,
    Edit,
    Either,
    Fill,
    Instruction,
    Move,
    Note,
    Open,
    Press,
    PressBut,
    PressElsewhere,
    Tick,
)

_COPY = "Copy Security Level"
_SETTINGS = ("Admin", "(Admin Categories)", "Organization Settings & Users", "Resources/Users (HR)")
_LISTS = {LEVEL: ("Security Levels", "Edit Security Level"), API_USER: ("Resources/Users", "Edit")}
_SUFFIX = " (API-only)"
_NAME_LENGTH = 50


def open_page(tab: Tab, step: Open) -> bool:
    """Open the page of a level or a user as told. Returns whether that has already stored something: a copy is stored when it is made."""
    tab.walk(step.path)
    if step.row is None:
        return tab.choose_beside("New", step.choice)
    _show(tab, step.row)
    return tab.choose_from_menu(step.row, step.choice)


def reopen_page(tab: Tab, edit: Edit, before: Sequence[Instruction | None]) -> None:
    """Open the page that a sentence goes on with; `before` are those before it in its visit, done by somebody earlier."""
    page, choice = _LISTS[edit.kind]
    tab.walk((*_SETTINGS, page))
    tab.choose_from_menu(_row_of(tab, edit.name) if edit.name else _opened_before(tab, before), choice)


def _row_of(tab: Tab, name: str) -> str:
    """The row of a level or a user; the list prints a suffix behind the names of levels."""
    names = (name, name + _SUFFIX)
    _show(tab, *names)
    return next((one for one in names if find(one, tab.rows(), NAME)), name)


def _set_as_in(tab: Tab, action: AsIn) -> None:
    """Read another level in a tab of its own, and set the same here."""
    settings = tab.places_with("No Permission")
    left = _read_elsewhere(tab.another(), action, settings)
    while left:
        greyed_out = []
        for place, label, column, value in left:
            try:
                tab.put(place, label, column, value, WORDS)
            except Stuck:
                # It may need a box that stands further down.
                greyed_out.append((place, label, column, value))
        if greyed_out == left:
            place, label, column, value = left[0]
            tab.put(place, label, column, value, WORDS)
        left = greyed_out


def _read_elsewhere(tab: Tab, action: AsIn, sections: Sequence[str]) -> list[tuple[tuple[str, ...], str, str, str | bool]]:
    """What another level holds of what an action is about: place, label, column and value, from those sections."""
    page, choice = _LISTS[LEVEL]
    tab.walk((*_SETTINGS, page))
    tab.choose_from_menu(_row_of(tab, action.source), choice)
    found: list[tuple[tuple[str, ...], str, str, str | bool]] = []
    for section in sections:
        if action.place and not find(action.place[0], [(section, section)], LABEL):
            continue
        for group, label, column, value in tab.values_of_groups((section, *action.place[1:])):
            named = not action.label or bool(find(action.label, [(label, label)], LABEL))
            if named and not (action.exception and find(action.exception, [(group, group)], LABEL)) and action.column in ("", column):
                found.append(((section, group) if group else (section,), label, column, value))
    return found


def perform(tab: Tab, edit: Edit, noted: dict[str, str], sections: Collection[str] = ()) -> None:
    """Do what a sentence says on the page that is open. What it says to note is added to `noted`; `sections` are those that its visit names."""
    shown = tab.read("Name") if edit.kind == LEVEL else tab.record()
    if edit.name and shown and exactly(shown) != exactly(edit.name):
        raise Stuck(f'The page that is open is that of "{shown}".')
    for action in edit.actions:
        if isinstance(action, PressElsewhere):
            for section in tab.places_with(action.button):
                if not _among(section, sections, LABEL):
                    tab.press(action.button, (section,))
        else:
            _do(tab, action, edit.kind, noted)


def _do(tab: Tab, action: Action, kind: str, noted: dict[str, str]) -> None:
    match action:
        case Fill(place, label, value, column):
            tab.put(place, label, column, value, WORDS if kind == LEVEL else NAME)
        case AtLeast(place, label, value):
            numbers = find(label, ((name, number) for name, _column, number in tab.values(place)), LABEL)
            if not any(str(number).isdigit() and int(number) >= value for number in numbers):
                tab.put(place, label, "", str(value))
        case Tick(place, label, on, column):
            tab.put(place, label, column, on)
        case Choose(place, label):
            tab.choose(place, label)
        case Press(place, button):
            tab.press(button, place)
        case Move(place, source, entries, button):
            _move(tab, place, source, entries, button)
        case Associate(place, entries):
            associated = tab.choices(place, "Associated")
            _move(tab, place, "Associated", [entry for entry in associated if not _among(entry, entries)], "Remove")
            _move(tab, place, "Not Associated", [entry for entry in entries if not _among(entry, associated)], "Associate")
        case Note(label):
            noted[label] = tab.read(label)
            if label == SECRET:
                noted.setdefault(KEY, tab.read(KEY))
        case AsIn():
            _set_as_in(tab, action)
        case PressBut(section, exception, button):
            kept = tab.values((section, exception))
            tab.press(button, (section,))
            for label, column, present in kept:
                tab.put((section, exception), label, column, present)
        case Either(first, otherwise):
            try:
                for part in first:
                    _do(tab, part, kind, noted)
            except NotListed:
                for part in otherwise:
                    _do(tab, part, kind, noted)


def _move(tab: Tab, place: tuple[str, ...], source: str, entries: Sequence[str], button: str) -> None:
    if entries:
        tab.pick(place, source, entries)
        tab.press(button, place)


def _among(name: str, others: Collection[str], readings: tuple[Reading, ...] = NAME) -> bool:
    return bool(find(name, zip(others, others, strict=True), readings))


def _show(tab: Tab, *names: str) -> None:
    """Show inactive rows, too, if the list has none of these names."""
    if not any(find(name, tab.rows(), NAME) for name in names) and tab.shows("Show Inactive", "a"):
        tab.follow("Show Inactive")


def _opened_before(tab: Tab, before: Sequence[Instruction | None]) -> str:
    """The row of the level that an earlier step opened: the one it names, or the copy that was made of it."""
    opened = next((step for step in before if isinstance(step, Open)), None)
    if opened is None or opened.row is None:
        raise Stuck("I don't know which level this is about.")
    if opened.choice != _COPY:
        _show(tab, opened.row)
        return opened.row
    if tab.shows("Show Inactive", "a"):
        tab.follow("Show Inactive")
    source = opened.row.removesuffix(_SUFFIX)
    copies = [name for name, _row in tab.rows() if _is_copy(name.removesuffix(_SUFFIX), source)]
    if len(copies) != 1:
        raise Stuck(f'There are {len(copies)} copies of "{opened.row}" that have no name of their own yet.')
    return copies[0]


def _is_copy(name: str, source: str) -> bool:
    """Whether a level is a copy that still has the name the console gave it, cut off where that was too long."""
    copy = re.match(r"Copy \(\d+\) of ", name)
    return copy is not None and name == f"{copy[0]}{source}"[:_NAME_LENGTH].strip()
