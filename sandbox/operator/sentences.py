# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the sentences of a change ticket tell the operator to do.

The sentences are described in docs/steps.md. This module knows their grammar and nothing else: text goes in,
an instruction comes out. Whether the page has what the sentence names is found out by whoever follows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

LEVEL = "Level"
API_USER = "API user"
SAVE = "Save & Close"


class NotUnderstood(ValueError):
    """The text is none of the sentences of docs/steps.md."""


@dataclass(frozen=True)
class Fill:
    """Give a text field, a drop-down, a number or (with a column) a cell of a table its value."""

    place: tuple[str, ...]
    label: str
    value: str
    column: str = ""


@dataclass(frozen=True)
class Tick:
    """Tick or clear a check box, or (with a column) a box of a table's row."""

    place: tuple[str, ...]
    label: str
    on: bool
    column: str = ""


@dataclass(frozen=True)
class Choose:
    """Choose one of several radio buttons."""

    place: tuple[str, ...]
    label: str


@dataclass(frozen=True)
class Press:
    """Press a button of the page, or of one section."""

    place: tuple[str, ...]
    button: str


@dataclass(frozen=True)
class Note:
    """Read a field of the page and keep what it shows."""

    label: str


@dataclass(frozen=True)
class Lowest:
    """Set everything in a section to its lowest value, except one group."""

    section: str
    exception: str


@dataclass(frozen=True)
class Move:
    """Pick entries in one list of a pair and press the button that moves them to the other."""

    place: tuple[str, ...]
    source: str
    entries: tuple[str, ...]
    button: str


@dataclass(frozen=True)
class Either:
    """Do the first; where the page doesn't list what it names, do the second instead."""

    first: tuple[Action, ...]
    otherwise: tuple[Action, ...]


Action = Fill | Tick | Choose | Press | Note | Lowest | Move | Either


@dataclass(frozen=True)
class Open:
    """Walk to a list page; there choose an entry in the menu of a row, or (without a row) beside the button New."""

    path: tuple[str, ...]
    row: str | None
    choice: str


@dataclass(frozen=True)
class Edit:
    """Do something on the page of a level or an API user. Without a name: the page that is open."""

    kind: str
    name: str | None
    actions: tuple[Action, ...]

    @property
    def saves(self) -> bool:
        """Whether this is the step that stores what was entered."""
        return Press((), SAVE) in self.actions


@dataclass(frozen=True)
class Record:
    """Hand over what was noted of an API user."""

    user: str
    tenant: str
    integration: str


Instruction = Open | Edit | Record

_QUOTED = r'"[^"]+"'
_QUOTED_LIST = rf"{_QUOTED}(?:, {_QUOTED})*(?: and {_QUOTED})?"
_OUTSIDE_QUOTES = r'(?=(?:[^"]*"[^"]*")*[^"]*$)'
_TRACKING = ("API Tracking Identifier",)
_BUSINESS = ("Line of Business",)
_NEXT_SETTING = re.compile(rf", (?=(?:set|tick|clear) ){_OUTSIDE_QUOTES}")
_NEXT_CLAUSE = re.compile(rf"; {_OUTSIDE_QUOTES}")


def parse(text: str) -> Instruction:
    """Return what a sentence tells to do.

    Raises:
        NotUnderstood: the text is none of the sentences.
    """
    sentence = " ".join(text.split())
    for pattern, read in _SENTENCES:
        match = re.fullmatch(pattern, sentence)
        if match:
            return read(match)
    raise NotUnderstood("I don't know this kind of sentence.")


def _quoted(text: str) -> tuple[str, ...]:
    """Return what stands in double quotes."""
    return tuple(re.findall(r'"([^"]+)"', text))


def _open_row(match: re.Match[str]) -> Open:
    return Open(tuple(match["path"].split(" > ")), match["row"], match["choice"])


def _open_new(match: re.Match[str]) -> Open:
    return Open(tuple(match["path"].split(" > ")), None, match["choice"])


def _name(match: re.Match[str]) -> Edit:
    return Edit(LEVEL, None, (Fill((), "Name", match["name"]),))


def _level(match: re.Match[str]) -> Edit:
    return Edit(LEVEL, match["name"], _first_reading(match["rest"], _LEVEL_ACTIONS))


def _level_settings(match: re.Match[str]) -> Edit:
    clauses = _NEXT_CLAUSE.split(match["rest"])
    return Edit(LEVEL, match["name"], tuple(action for clause in clauses for action in _clause(clause)))


def _user(match: re.Match[str]) -> Edit:
    return Edit(API_USER, match["name"], _first_reading(match["rest"], _USER_ACTIONS))


def _user_tracking(match: re.Match[str]) -> Edit:
    return Edit(API_USER, match["name"], _first_reading(match["rest"], _TRACKING_ACTIONS))


def _user_business(match: re.Match[str]) -> Edit:
    return Edit(API_USER, match["name"], _first_reading(match["rest"], _BUSINESS_ACTIONS))


def _record(match: re.Match[str]) -> Record:
    return Record(match["name"], match["tenant"], match["integration"])


def _first_reading(text: str, readings: Readings) -> tuple[Action, ...]:
    """Return the actions of the first pattern that fits the whole text."""
    for pattern, read in readings:
        match = re.fullmatch(pattern, text)
        if match:
            return read(match)
    raise NotUnderstood(f"I don't know what '{text}' tells me to do.")


def _sections(match: re.Match[str]) -> tuple[Action, ...]:
    return tuple(Press((section,), match["button"]) for section in _quoted(match["sections"]))


def _plain_fields(match: re.Match[str]) -> tuple[Action, ...]:
    """Read 'First Name to "x", Last Name to "y" and Email Address to "z"'."""
    pairs = re.findall(r'(?:^|, | and )([A-Z][^"]*?) to "([^"]+)"', match["fields"])
    return tuple(Fill((), label, value) for label, value in pairs)


def _plain_ticks(match: re.Match[str]) -> tuple[Action, ...]:
    """Read 'tick Active and clear Locked'."""
    return tuple(Tick((), label, verb == "tick") for verb, label in re.findall(r"(tick|clear) (Active|Locked)", match[0]))


def _custom(name: str) -> tuple[Action, ...]:
    return (
        Choose(_TRACKING, "Custom (Internal Integration)"),
        Fill(_TRACKING, "Internal Integration Name", name),
        Note("Tracking Identifier"),
    )


def _vendor(name: str) -> tuple[Action, ...]:
    label = "Integration Vendor"
    return (Choose(_TRACKING, label), Fill(_TRACKING, label, name))


def _clause(text: str) -> tuple[Action, ...]:
    """Read '"CRM" > "Object Permissions": set "Notes" to Add "Yes", clear "Something"'."""
    match = re.fullmatch(rf"(?P<place>{_QUOTED}(?: > {_QUOTED})?): (?P<settings>.+)", text)
    if not match:
        raise NotUnderstood(f"I miss the section in front of '{text}'.")
    place = _quoted(match["place"])
    return tuple(action for setting in _NEXT_SETTING.split(match["settings"]) for action in _setting(place, setting))


def _setting(place: tuple[str, ...], text: str) -> tuple[Action, ...]:
    """Read one setting of a clause."""
    column = r"[A-Z][A-Za-z ()]*"
    match = re.fullmatch(r'set "(?P<label>[^"]+)" to (?:"(?P<value>[^"]+)"|(?P<number>\d+))', text)
    if match:
        return (Fill(place, match["label"], match["value"] or match["number"]),)
    match = re.fullmatch(rf'set "(?P<row>[^"]+)" to (?P<cells>{column} {_QUOTED}(?:(?:, | and ){column} {_QUOTED})*)', text)
    if match:
        cells = re.findall(rf'(?:^|, | and )({column}) "([^"]+)"', match["cells"])
        return tuple(Fill(place, match["row"], value, name) for name, value in cells)
    match = re.fullmatch(r'(?P<verb>tick|clear) "(?P<label>[^"]+)"', text)
    if match:
        return (Tick(place, match["label"], match["verb"] == "tick"),)
    match = re.fullmatch(rf'(?P<verb>tick|clear) (?P<columns>{column}(?:, {column})*) of "(?P<row>[^"]+)"', text)
    if match:
        columns = re.split(", | and ", match["columns"])
        return tuple(Tick(place, match["row"], match["verb"] == "tick", name) for name in columns)
    raise NotUnderstood(f"I don't know what '{text}' tells me to do.")


Readings = tuple[tuple[str, Callable[[re.Match[str]], tuple[Action, ...]]], ...]

_LEVEL_ACTIONS: Readings = (
    (r"(?P<verb>tick|clear) Active", _plain_ticks),
    (rf"press (?P<button>No Permission|Full Permission) in the sections? (?P<sections>{_QUOTED_LIST})", _sections),
    (
        r'in the section "(?P<section>[^"]+)", set everything to its lowest value except the group "(?P<group>[^"]+)"',
        lambda match: (Lowest(match["section"], match["group"]),),
    ),
    (rf"press {SAVE}", lambda match: (Press((), SAVE),)),
)

_USER_ACTIONS: Readings = (
    (r'set (?P<fields>[A-Z][^"]* to "[^"]+"(?:(?:, | and )[A-Z][^"]* to "[^"]+")*)', _plain_fields),
    (r"(?:tick|clear) (?:Active|Locked)(?: and (?:tick|clear) (?:Active|Locked))?", _plain_ticks),
    (
        r"press (?P<button>Generate (?:Key|Secret)) and note the (?P<label>[^.]+)(?:\. It is shown only now)?",
        lambda match: (Press((), match["button"]), Note(match["label"])),
    ),
    (rf"press {SAVE}", lambda match: (Press((), SAVE),)),
)

_VENDOR = r'choose Integration Vendor "(?P<vendor>[^"]+)"'
_CUSTOM = (
    r"choose Custom \(Internal Integration\), set Internal Integration Name to "
    r'"(?P<integration>[^"]+)" and note the Tracking Identifier'
)

_TRACKING_ACTIONS: Readings = (
    (_VENDOR, lambda match: _vendor(match["vendor"])),
    (_CUSTOM, lambda match: _custom(match["integration"])),
    (
        rf"{_VENDOR}\. If it is not listed, {_CUSTOM}",
        lambda match: (Either(_vendor(match["vendor"]), _custom(match["integration"])),),
    ),
)

_BUSINESS_ACTIONS: Readings = (
    (
        rf"associate (?P<names>{_QUOTED_LIST})",
        lambda match: (Move(_BUSINESS, "Not Associated", _quoted(match["names"]), "Associate"),),
    ),
    (rf"remove (?P<names>{_QUOTED_LIST})", lambda match: (Move(_BUSINESS, "Associated", _quoted(match["names"]), "Remove"),)),
    (
        r'(?P<verb>tick|clear) "(?P<label>[^"]+)"',
        lambda match: (Tick(_BUSINESS, match["label"], match["verb"] == "tick"),),
    ),
)

_END = r"\.?(?: Do not save yet\.)?"
_WITH_NAME = r'"(?P<name>[^"]+)"'

_SENTENCES: tuple[tuple[str, Callable[[re.Match[str]], Instruction]], ...] = (
    (rf'Open (?P<path>[^"]+)\. In the menu of "(?P<row>[^"]+)" choose (?P<choice>[^"]+?){_END}', _open_row),
    (rf'Open (?P<path>[^"]+)\. Press the arrow beside New and choose (?P<choice>[^"]+?){_END}', _open_new),
    (rf"Level editor: set Name to {_WITH_NAME}{_END}", _name),
    (rf"Level {_WITH_NAME}: (?P<rest>.+?){_END}", _level),
    (rf"Level {_WITH_NAME}, (?P<rest>.+?){_END}", _level_settings),
    (rf"API user {_WITH_NAME}: (?P<rest>.+?){_END}", _user),
    (rf"API user {_WITH_NAME}, API Tracking Identifier: (?P<rest>.+?){_END}", _user_tracking),
    (rf"API user {_WITH_NAME}, Line of Business: (?P<rest>.+?){_END}", _user_business),
    (
        r"Record the Username \(Key\), the Password \(Secret\) and, if one was generated, the Tracking Identifier of API user "
        rf"{_WITH_NAME} with the playbook [\w.]+, tenant "
        r'"(?P<tenant>[^"]+)", integration "(?P<integration>[^"]+)"' + _END,
        _record,
    ),
)
