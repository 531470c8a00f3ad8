# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the sentences of a change ticket tell the operator to do.

The sentences are described in docs/steps.md. This module knows their grammar and nothing else: text goes in,
an instruction comes out. Whether the page has what the sentence names is found out by whoever follows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sandbox.operator.labels import Stuck

LEVEL = "Level"
API_USER = "API user"
SAVE = "Save & Close"


class NotUnderstood(Stuck):
    """The text is none of the sentences of docs/steps.md."""


@dataclass(frozen=True)
class Fill:
    """Give a text field, a drop-down, a number or (with a column) a cell of a table its value."""

    place: tuple[str, ...]
    label: str
    value: str
    column: str = ""


@dataclass(frozen=True)
class AtLeast:
    """Raise a number to this value unless it is larger already."""

    place: tuple[str, ...]
    label: str
    value: int


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
class PressElsewhere:
    """Press a button in every section that no step of the visit names."""

    button: str


@dataclass(frozen=True)
class Note:
    """Read a field of the page and keep what it shows."""

    label: str


@dataclass(frozen=True)
class PressBut:
    """Press the button of a section, and leave one of its groups as it is."""

    section: str
    exception: str
    button: str


@dataclass(frozen=True)
class AsIn:
    """Set something as it is in another level: a setting, one of its cells, everything in a section, or, without a place, in all of them.

    A group of the name `exception` stays as it is.
    """

    place: tuple[str, ...]
    source: str
    label: str = ""
    column: str = ""
    exception: str = ""


@dataclass(frozen=True)
class Move:
    """Pick entries in one list of a pair and press the button that moves them to the other."""

    place: tuple[str, ...]
    source: str
    entries: tuple[str, ...]
    button: str


@dataclass(frozen=True)
class Associate:
    """Leave exactly these entries in the list Associated of a pair."""

    place: tuple[str, ...]
    entries: tuple[str, ...]


@dataclass(frozen=True)
class Either:
    """Do the first; where the page doesn't list what it names, do the second instead."""

    first: tuple[Action, ...]
    otherwise: tuple[Action, ...]


Action = Fill | AtLeast | Tick | Choose | Press | PressElsewhere | Note | PressBut | AsIn | Move | Associate | Either


@dataclass(frozen=True)
class Open:
    """Walk to a list page; there choose an entry in the menu of a row, or (without a row) beside the button New.

    A label of the path that stands in brackets is on the way in some consoles only.
    """

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


def sections_named(instructions: Iterable[Instruction | None]) -> set[str]:
    """The sections of the level editor that some instructions name."""
    actions = [action for one in instructions if isinstance(one, Edit) and one.kind == LEVEL for action in one.actions]
    places = [action.place for action in actions if isinstance(action, Fill | Tick | Press)]
    return {place[0] for place in places if place} | {action.section for action in actions if isinstance(action, PressBut)}


@dataclass(frozen=True)
class Record:
    """Hand over what was noted of an API user."""

    user: str
    tenant: str
    integration: str


@dataclass(frozen=True)
class Seal:
    """Seal what was noted of an API user on a page, and put it into the change."""

    user: str
    integration: str


Instruction = Open | Edit | Record | Seal

Actions = tuple[Action, ...]
Found = re.Match[str]

# A kind of sentence (or a part of one) and how its words become an instruction (or actions).
Readings = tuple[tuple[str, Callable[[Found], Instruction]], ...]
Parts = tuple[tuple[str, Callable[[Found], Actions]], ...]

_QUOTED = r'"[^"]+"'
_QUOTED_LIST = rf"{_QUOTED}(?:, {_QUOTED})*(?: and {_QUOTED})?"
_COLUMN = r"[A-Z][A-Za-z ()]*"
_OUTSIDE_QUOTES = r'(?=(?:[^"]*"[^"]*")*[^"]*$)'
_NEXT_CLAUSE = re.compile(rf"; {_OUTSIDE_QUOTES}")
_NEXT_SETTING = re.compile(rf", (?=(?:set|tick|clear) ){_OUTSIDE_QUOTES}")
_REMARK = re.compile(r'(?<=["0-9]) \(.+\)$')
_ENDING = re.compile(r"\.?(?: Do not save yet\.)?$")
_BUTTONS = {"lowest": "No Permission", "highest": "Full Permission"}
_TRACKING = ("API Tracking Identifier",)
_BUSINESS = ("Line of Business",)


def parse(text: str) -> Instruction:
    """Return what a sentence tells to do.

    Raises:
        NotUnderstood: the text is none of the sentences.
    """
    sentence = _ENDING.sub("", " ".join(text.split()), count=1)
    for pattern, read in _SENTENCES:
        found = re.fullmatch(pattern, sentence)
        if found:
            return read(found)
    raise NotUnderstood("I don't know this kind of sentence.")


def _actions(text: str, parts: Parts) -> Actions:
    """Return what a part of a sentence tells to do."""
    for pattern, read in parts:
        found = re.fullmatch(pattern, text)
        if found:
            return read(found)
    raise NotUnderstood(f"I don't know what '{text}' tells me to do.")


def _edit(kind: str, parts: Parts) -> Callable[[Found], Edit]:
    """Return the reader of the sentences about one kind of page."""
    return lambda found: Edit(kind, found["name"], _actions(found["rest"], parts))


def _path(text: str) -> tuple[str, ...]:
    """Read 'Admin (> Admin Categories) > Security Levels'. What not every console has stays in its brackets."""
    return tuple(re.sub(r" \(> ([^()]+)\)", r" > (\1)", text).split(" > "))


def _quoted(text: str) -> tuple[str, ...]:
    """Return what stands in double quotes."""
    return tuple(re.findall(r'"([^"]+)"', text))


def _clauses(found: Found) -> Actions:
    """Read '"CRM" > "Notes": set "A" to "All"; "Other": tick "B"'."""
    return tuple(action for clause in _NEXT_CLAUSE.split(found[0]) for action in _clause(clause))


def _clause(text: str) -> Actions:
    """Read '"CRM" > "Object Permissions": set "Notes" to Add "Yes", clear "Something"'."""
    found = re.fullmatch(rf"(?P<place>{_QUOTED}(?: > {_QUOTED})?): (?P<settings>.+)", text)
    if not found:
        raise NotUnderstood(f"I miss the section in front of '{text}'.")
    place = _quoted(found["place"])
    settings = (_REMARK.sub("", setting) for setting in _NEXT_SETTING.split(found["settings"]))
    return tuple(_placed(action, place) for setting in settings for action in _actions(setting, _SETTING))


def _placed(action: Action, place: tuple[str, ...]) -> Action:
    """Return a setting's action with the place that stands in front of its clause."""
    return replace(action, place=place) if isinstance(action, Fill | AtLeast | Tick | AsIn) else action


def _value(found: Found) -> Actions:
    """Read 'set "Contract Visibility" to "Full"' and 'set "Maximum number of Webhooks" to 20'."""
    return (Fill((), found["label"], found["value"]),)


def _at_least(found: Found) -> Actions:
    """Read 'set "Maximum number of Webhooks" to at least 10'."""
    return (AtLeast((), found["label"], int(found["value"])),)


def _cells(found: Found) -> Actions:
    """Read 'set "Notes" to Add "Yes", Edit "All"'."""
    cells = re.findall(rf'({_COLUMN}) "([^"]+)"', found["cells"])
    return tuple(Fill((), found["row"], value, column) for column, value in cells)


def _boxes(found: Found) -> Actions:
    """Read 'tick View (Query), Add and Edit (Update) of "Tickets"'."""
    columns = re.split(", | and ", found["columns"])
    return tuple(Tick((), found["row"], found["verb"] == "tick", column) for column in columns)


def _box(found: Found) -> Actions:
    """Read 'tick "Can create Webhooks"'."""
    return (Tick((), found["label"], found["verb"] == "tick"),)


def _as_in(found: Found) -> Actions:
    """Read 'set View and Add of "Tickets" as in the level "Example API"'."""
    columns = re.split(", | and ", found["columns"] or "")
    return tuple(AsIn((), found["source"], found["label"], column) for column in columns)


def _all_as_in(found: Found) -> Actions:
    """Read 'set everything in the section "Other" but the group "Webhooks" as in the level "Example API"'."""
    place = (found["section"],) if found["section"] else ()
    return (AsIn(place, found["source"], exception=found["group"] or ""),)


def _plain_boxes(found: Found) -> Actions:
    """Read 'tick Active and clear Locked'."""
    return tuple(Tick((), label, verb == "tick") for verb, label in re.findall(r"(tick|clear) (Active|Locked)", found[0]))


def _fields(found: Found) -> Actions:
    """Read 'First Name to "x", Last Name to "y" and Email Address to "z"'."""
    fields = re.findall(r'(?:^|, | and )([A-Z][^"]*?) to "([^"]+)"', found["fields"])
    return tuple(Fill((), label, value) for label, value in fields)


def _sections(found: Found) -> Actions:
    """Read 'press No Permission in the sections "A" and "B"'."""
    return tuple(Press((section,), found["button"]) for section in _quoted(found["sections"]))


def _vendor(found: Found) -> Actions:
    """Read 'choose Integration Vendor "BeeCastle - CRM", or else "BeeCastle"'."""
    label = "Integration Vendor"
    *others, last = [(Choose(_TRACKING, label), Fill(_TRACKING, label, vendor)) for vendor in _quoted(found["vendors"])]
    actions: Actions = last
    for other in reversed(others):
        actions = (Either(other, actions),)
    return actions


def _custom(found: Found) -> Actions:
    """Read 'choose Custom (Internal Integration), set Internal Integration Name to "x" and note the Tracking Identifier'."""
    return (
        Choose(_TRACKING, "Custom (Internal Integration)"),
        Fill(_TRACKING, "Internal Integration Name", found["integration"]),
        Note("Tracking Identifier"),
    )


_SETTING: Parts = (
    (r'set "(?P<label>[^"]+)" to "(?P<value>[^"]+)"', _value),
    (r'set "(?P<label>[^"]+)" to (?P<value>\d+)', _value),
    (r'set "(?P<label>[^"]+)" to at least (?P<value>\d+)', _at_least),
    (rf'set "(?P<row>[^"]+)" to (?P<cells>{_COLUMN} {_QUOTED}(?:(?:, | and ){_COLUMN} {_QUOTED})*)', _cells),
    (r'(?P<verb>tick|clear) "(?P<label>[^"]+)"', _box),
    (rf'(?P<verb>tick|clear) (?P<columns>{_COLUMN}(?:, {_COLUMN})*) of "(?P<row>[^"]+)"', _boxes),
    (rf'set (?:(?P<columns>{_COLUMN}(?:, {_COLUMN})*) of )?"(?P<label>[^"]+)" as in the level "(?P<source>[^"]+)"', _as_in),
)

_SAVE: Parts = ((f"press {SAVE}", lambda found: (Press((), SAVE),)),)

_LEVEL: Parts = (
    *_SAVE,
    (r"(?:tick|clear) Active", _plain_boxes),
    (rf"press (?P<button>No Permission|Full Permission) in the sections? (?P<sections>{_QUOTED_LIST})", _sections),
    (
        r"press (?P<button>No Permission) in every other section that you see",
        lambda found: (PressElsewhere(found["button"]),),
    ),
    (
        r'in the section "(?P<section>[^"]+)", set everything to its (?P<value>lowest|highest) value except the group "(?P<group>[^"]+)"',
        lambda found: (PressBut(found["section"], found["group"], _BUTTONS[found["value"]]),),
    ),
    (
        r'set everything(?: in the section "(?P<section>[^"]+)")?(?: but the group "(?P<group>[^"]+)")? as in the level "(?P<source>[^"]+)"',
        _all_as_in,
    ),
)

_USER: Parts = (
    *_SAVE,
    (r"(?:tick|clear) (?:Active|Locked)(?: and (?:tick|clear) (?:Active|Locked))?", _plain_boxes),
    (r'set (?P<fields>[A-Z][^"]*? to "[^"]+"(?:(?:, | and )[A-Z][^"]*? to "[^"]+")*)', _fields),
    (
        r"press (?P<button>Generate (?:Key|Secret)) and note the (?P<label>[^.]+)(?:\. It is shown only now)?",
        lambda found: (Press((), found["button"]), Note(found["label"])),
    ),
)

_VENDOR = rf"choose Integration Vendor (?P<vendors>{_QUOTED}(?:, or else {_QUOTED})*)"
_CUSTOM = (
    r'choose Custom \(Internal Integration\), set Internal Integration Name to "(?P<integration>[^"]+)" and note the Tracking Identifier'
)

_CUSTOM_IN_SHORT = r'Custom \(Internal Integration\) "(?P<integration>[^"]+)" and note the Tracking Identifier'

_TRACKING_IDENTIFIER: Parts = (
    (rf"choose {_CUSTOM_IN_SHORT}", _custom),
    (
        rf"choose (?P<vendors>{_QUOTED}(?:, or else {_QUOTED})*), or else {_CUSTOM_IN_SHORT}",
        lambda found: (Either(_vendor(found), _custom(found)),),
    ),
    (_VENDOR, _vendor),
    (_CUSTOM, _custom),
    (rf"{_VENDOR}\. If (?:it is not|none is) listed, {_CUSTOM}", lambda found: (Either(_vendor(found), _custom(found)),)),
)

_LINE_OF_BUSINESS: Parts = (
    (
        rf"associate (?P<entries>{_QUOTED_LIST})",
        lambda found: (Move(_BUSINESS, "Not Associated", _quoted(found["entries"]), "Associate"),),
    ),
    (rf"associate (?P<entries>{_QUOTED_LIST}), and nothing else", lambda found: (Associate(_BUSINESS, _quoted(found["entries"])),)),
    (r"associate nothing", lambda found: (Associate(_BUSINESS, ()),)),
    (rf"remove (?P<entries>{_QUOTED_LIST})", lambda found: (Move(_BUSINESS, "Associated", _quoted(found["entries"]), "Remove"),)),
    (r'(?P<verb>tick|clear) "(?P<label>[^"]+)"', lambda found: tuple(_placed(action, _BUSINESS) for action in _box(found))),
)

_NAME = r'"(?P<name>[^"]+)"'
_PATH = r'Open (?P<path>[^"]+)\.'

_SENTENCES: Readings = (
    (
        rf'{_PATH} In the menu of "(?P<row>[^"]+)" choose (?P<choice>[^"]+)',
        lambda found: Open(_path(found["path"]), found["row"], found["choice"]),
    ),
    (
        rf'{_PATH} Press the arrow beside New and choose (?P<choice>[^"]+)',
        lambda found: Open(_path(found["path"]), None, found["choice"]),
    ),
    (rf"Level editor: set Name to {_NAME}", lambda found: Edit(LEVEL, None, (Fill((), "Name", found["name"]),))),
    (rf"Level {_NAME}: (?P<rest>.+)", _edit(LEVEL, _LEVEL)),
    (rf"Level {_NAME}, (?P<rest>.+)", _edit(LEVEL, ((r".+", _clauses),))),
    (rf"API user {_NAME}: (?P<rest>.+)", _edit(API_USER, _USER)),
    (rf"API user {_NAME}, API Tracking Identifier: (?P<rest>.+)", _edit(API_USER, _TRACKING_IDENTIFIER)),
    (rf"API user {_NAME}, Line of Business: (?P<rest>.+)", _edit(API_USER, _LINE_OF_BUSINESS)),
    (
        (
            r"Record the Username \(Key\), the Password \(Secret\) and, if one was generated, the Tracking Identifier of API user "
            rf'{_NAME} with the playbook [\w.]+, tenant "(?P<tenant>[^"]+)", integration "(?P<integration>[^"]+)"'
        ),
        lambda found: Record(found["name"], found["tenant"], found["integration"]),
    ),
    (
        (
            r"Seal the Username \(Key\), the Password \(Secret\) and, if one was generated, the Tracking Identifier of API user "
            rf'{_NAME} on the hand-in page, integration "(?P<integration>[^"]+)", and put the block where this change says'
        ),
        lambda found: Seal(found["name"], found["integration"]),
    ),
)
