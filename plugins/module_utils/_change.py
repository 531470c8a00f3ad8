# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A change: the plan of one integration on one tenant while it is carried out. Private to the collection.

What is here decides, purely, what is to be done next with one object (a level, a webhook limit, a user, a user's secret) of a change; an applier does it.
All state lives where the applier keeps it, so that another controller, or a run after a crash, comes to the same decision.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError
from ansible_collections.msp.autotask.plugins.module_utils._plan import Item, Step, items

Document = Mapping[str, Any]

# Lines that one object takes in a checklist of forty, so that the usual level, a small second one, limit and user share one ticket.
USUAL_LINES = {"level": 18, "webhook limit": 3, "API user": 13, "secret": 4}
FIRST_POSITION = {"level": 1, "webhook limit": 1001, "API user": 2001, "secret": 3001}
POSITIONS_A_KIND = 1000


@dataclass(frozen=True)
class Line:
    """A line of a change's checklist as it stands there. `id` is the applier's own."""

    id: int
    text: str
    done: bool
    position: int = 0


@dataclass(frozen=True)
class Record:
    """What a change keeps of one object: the document as it was asked for, the sentences of its steps, and whether it is attested."""

    subject: str
    document: Document
    steps: tuple[str, ...]
    attested: bool

    @property
    def kind(self) -> str:
        """`level`, `webhook limit`, `API user` or `secret`."""
        return self.subject.partition(' "')[0]

    def to_json(self) -> str:
        """One line, to be read again by `record_from_json`."""
        return json.dumps(
            {"subject": self.subject, "attested": self.attested, "document": self.document, "steps": self.steps},
            separators=(",", ":"),
            sort_keys=True,
        )


def record_from_json(text: str) -> Record | None:
    """The record, or None for a text that is none."""
    try:
        found = json.loads(text)
        return Record(
            str(found["subject"]), dict(found["document"]), tuple(str(step) for step in found["steps"]), found["attested"] is True
        )
    except (ValueError, KeyError, TypeError):
        return None


@dataclass(frozen=True)
class Change:
    """One change of an integration.

    `number` counts from 1; `reference` is what a person looks for (a ticket number, a file); `duplicates` are tickets that another controller opened
    for the same change at the same moment; `notes` are words for whoever works it off.
    """

    integration: str
    number: int
    reference: str
    open: bool
    lines: tuple[Line, ...] = ()
    records: Mapping[str, Record] = field(default_factory=dict)
    id: int = 0
    opened: str = ""
    duplicates: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    @functools.cached_property
    def assigned(self) -> dict[str, tuple[Line | None, ...]]:
        """Which line stands for which step of each object; None for a step that isn't on the list.

        Objects can share a sentence ("press Save & Close"); then each has the lines in the part of the list that belongs to its kind,
        and only what is left over stands for a step that has none there: somebody may have moved it.
        """
        free = list(self.lines)
        found: dict[str, list[Line | None]] = {}
        ordered = sorted(self.records.items(), key=lambda entry: FIRST_POSITION[entry[1].kind])
        for anywhere in (False, True):
            for subject, record in ordered:
                first = FIRST_POSITION[record.kind]
                lines = found.setdefault(subject, [None] * len(record.steps))
                for index, text in enumerate(record.steps):
                    same = [line for line in free if line.text == text and (anywhere or first <= line.position < first + POSITIONS_A_KIND)]
                    if lines[index] is None and same:
                        line = min(same, key=lambda line: (line.position, line.id))
                        lines[index] = line
                        free.remove(line)
        return {subject: tuple(lines) for subject, lines in found.items()}

    def open_steps(self, subject: str) -> list[str]:
        """The sentences of an object's steps that are not ticked off, or not on the list."""
        if subject not in self.records:
            return []
        pairs = zip(self.records[subject].steps, self.assigned[subject], strict=True)
        return [text for text, line in pairs if line is None or not line.done]

    @property
    def left_open(self) -> list[str]:
        """The sentences of all steps that are not ticked off."""
        return [text for subject in self.assigned for text in self.open_steps(subject)]

    @property
    def finished(self) -> bool:
        """Whether every object is attested and every step done."""
        return bool(self.records) and all(record.attested for record in self.records.values()) and not self.left_open

    def shown(self) -> dict[str, Any]:
        """The change as a module returns it."""
        total = sum(len(record.steps) for record in self.records.values())
        return {
            "integration": self.integration,
            "number": self.number,
            "reference": self.reference,
            "id": self.id,
            "state": "open" if self.open else "closed",
            "opened": self.opened,
            "steps_total": total,
            "steps_done": total - len(self.left_open),
            "steps_open": self.left_open,
            "objects": {subject: "attested" if record.attested else "requested" for subject, record in self.records.items()},
        }


@dataclass(frozen=True)
class Knowledge:
    """What is known of an object, how, and the steps that are still needed.

    `known` are facts, `evidence` says how each is known (`read`, `effect`, `attested`); `contradictions` are words on what was found to be otherwise;
    `absent` means that the object is known not to be there.
    """

    steps: Sequence[Step]
    known: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    contradictions: Sequence[str] = ()
    absent: bool = False


# From a document that somebody attested, or None when nothing is known, to the steps that are needed now.
Planner = Callable[["Document | None"], Knowledge]


@dataclass(frozen=True)
class Decision:
    """What to do next with one object.

    `nothing`; `wait` (somebody has steps to do); `request` (steps are to be put before people, or, without lines, withdrawn); `resume` (a run stopped
    half-way, or the change was closed with steps left); `attest` (all done and nothing speaks against it).
    """

    do: str
    change: Change | None = None
    lines: Sequence[Item] = ()
    knowledge: Knowledge = Knowledge(())

    @property
    def steps(self) -> Sequence[Step]:
        """The steps to be put before people; none while they wait there already."""
        return self.knowledge.steps

    @property
    def writes(self) -> bool:
        """Whether carrying it out changes anything."""
        return self.do in ("request", "resume", "attest")

    @property
    def pending(self) -> bool:
        """Whether somebody has to do something in the console afterwards."""
        return self.do in ("wait", "resume") or (self.do == "request" and bool(self.lines))


def decide(changes: Sequence[Change], kind: str, name: str, document: Document, plan: Planner, room: int | None) -> Decision:
    """The next thing to do with an object, from its integration's changes (oldest first).

    `room` is how many lines a change can hold, or None for any number.
    """
    subject = subject_of(kind, name)
    change = next((candidate for candidate in reversed(changes) if subject in candidate.records), None)

    def request(base: Document | None, target: Change | None) -> Decision:
        known = plan(base)
        lines = items(known.steps, USUAL_LINES[kind], room)
        if lines:
            return Decision("request", _with_room(changes, subject, target, lines, room), lines, known)
        return Decision("nothing", change, knowledge=known)

    if change is None:
        return request(None, None)
    record = change.records[subject]
    left = change.open_steps(subject)
    if record.attested and not change.open and not left:
        return request(record.document, None)
    if not _same(record.document, document):
        # Half-done work leaves a state that nobody knows.
        untouched = len(left) == len(record.steps)
        before = record.document if record.attested else _attested_before(changes, change, subject)
        found = request(before if record.attested or untouched else None, change if change.open else None)
        withdrawn = found.do == "nothing" and change.open and (left or not record.attested)
        return replace(found, do="request") if withdrawn else found
    if left:
        return Decision("wait" if change.open and None not in change.assigned[subject] else "resume", change)
    again = request(document, change)
    return replace(again, do="attest") if again.do == "nothing" and not record.attested else again


def subject_of(kind: str, name: str) -> str:
    """The key of an object within its change."""
    return f'{kind} "{name}"'


def _same(one: Document, other: Document) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _attested_before(changes: Sequence[Change], change: Change, subject: str) -> Document | None:
    for earlier in reversed([candidate for candidate in changes if candidate.number < change.number]):
        record = earlier.records.get(subject)
        if record:
            return record.document if record.attested else None
    return None


def with_record(change: Change, record: Record) -> Change:
    """The change with another record of one of its objects, or of a new one."""
    return replace(change, records={**change.records, record.subject: record})


def positions(change: Change, record: Record) -> list[int]:
    """Where each step of an object stands in the checklist: levels first, then limits, then users, each object behind those of its kind before it."""
    first = FIRST_POSITION[record.kind]
    of_others = {line for subject, lines in change.assigned.items() if subject != record.subject for line in lines}
    taken = [line.position for line in of_others if line and first <= line.position < first + POSITIONS_A_KIND]
    base = max(taken, default=first - 1) + 1
    return [base + index for index in range(len(record.steps))]


def _with_room(changes: Sequence[Change], subject: str, target: Change | None, lines: Sequence[Item], room: int | None) -> Change | None:
    """The change that the lines go to: the one that is the object's already, else the newest open one with room; None for a new one.

    Raises AutotaskError when the object's own change has no room.
    """
    for change in [target] if target else reversed([change for change in changes if change.open]):
        others = len(change.lines) - len([line for line in change.assigned.get(subject, ()) if line])
        if room is None or others + len(lines) <= room:
            return change
    if target:
        raise AutotaskError(
            f"{target.reference} has no room for {len(lines)} more steps. Have it worked off, then run again.", "too_many_steps"
        )
    return None


class Applier(Protocol):
    """Who keeps a change and puts its steps before people. Knows no vendor."""

    room: int | None

    def changes(self, fresh: bool = False) -> list[Change]:
        """The integration's changes, oldest first. What an earlier task of the run read will do, unless it must be `fresh`."""

    def request(self, decision: Decision, record: Record) -> Change:
        """Put the record's steps before people: open a change or add to one, take the tick off steps that are needed again, drop those that no longer are."""

    def resume(self, change: Change, record: Record) -> Change:
        """Add the steps that are missing, and open a change again that was closed with steps left."""

    def attest(self, change: Change, record: Record) -> Change:
        """Note that the object is done, and proven as far as it can be."""

    def close(self, change: Change) -> Change:
        """Close a change that is finished."""


@dataclass(frozen=True)
class Outcome:
    """What came of it: the decision, the change as it stands now, and whether anything was written (or would have been, in check mode)."""

    subject: str
    decision: Decision
    change: Change | None
    changed: bool


def settle(applier: Applier, kind: str, name: str, document: Document, plan: Planner, check_mode: bool) -> Outcome:
    """Decide what is to be done with an object, and do it unless in check mode."""
    decision = decide(applier.changes(), kind, name, document, plan, applier.room)
    if decision.writes and not check_mode:
        decision = decide(applier.changes(fresh=True), kind, name, document, plan, applier.room)
    change = decision.change
    closes = change is not None and change.open and change.finished
    subject = subject_of(kind, name)
    if check_mode:
        return Outcome(subject, decision, change, decision.writes or closes)
    if decision.do == "request":
        record = Record(subject, document, tuple(line.text for line in decision.lines), attested=not decision.lines)
        change = applier.request(decision, record)
    elif decision.do == "resume" and change:
        change = applier.resume(change, change.records[subject])
    elif decision.do == "attest" and change:
        change = applier.attest(change, replace(change.records[subject], attested=True))
    closes = change is not None and change.open and change.finished
    if closes and change:
        change = applier.close(change)
    return Outcome(subject, decision, change, decision.writes or closes)


def withdraw(applier: Applier, kind: str, name: str, document: Document, check_mode: bool) -> Outcome:
    """Ask for nothing any more: steps of an object that still wait for people go, what was done stays as it is. `document` stands for that."""
    return settle(applier, kind, name, document, lambda base: Knowledge(()), check_mode)
