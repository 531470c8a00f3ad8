# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A change as it is kept: kinds of objects, lines of a checklist, records. Private to the collection."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from .._documents.names import API_ONLY
from .._errors import AutotaskError
from .._plan.step import OPENING, SAVING
from .._text import from_json

Document = Mapping[str, Any]
POSITIONS_PER_KIND = 1000
# The form of a record. 1 was that of version 0.1.0, which told neither it nor the kind nor the record name.
RECORD_VERSION = 2


def same_document(one: Document, other: Document) -> bool:
    """Whether two documents ask for the same; what was kept has lists where tuples were."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


class Kind(Enum):
    """A kind of object: its label, the lines that one takes in a checklist, and where those of its kind begin there.

    The lines add up so that the usual level, a small second one, limit and user share one ticket of forty.
    """

    LEVEL = ("level", 18, 1)
    WEBHOOK_LIMIT = ("webhook limit", 3, 1001)
    API_USER = ("API user", 13, 2001)
    SECRET = ("secret", 4, 3001)

    def __init__(self, label: str, usual_lines: int, first_position: int) -> None:
        self.label = label
        self.usual_lines = usual_lines
        self.first_position = first_position

    def subject(self, name: str) -> str:
        """The key of an object of this kind within its change, which people read, too."""
        return f'{self.label} "{name}"'

    def has_position(self, position: int) -> bool:
        """Whether a line at this position belongs to an object of this kind."""
        return self.first_position <= position < self.first_position + POSITIONS_PER_KIND


KINDS = {kind.label: kind for kind in Kind}


@dataclass(frozen=True)
class Line:
    """A line of a change's checklist as it stands there. `id` is the applier's own."""

    id: int
    text: str
    done: bool
    position: int = 0


@dataclass(frozen=True)
class Record:
    """What a change keeps of one object: the document as it was asked for, the sentences of its steps, and whether it is attested.

    `record_as` is the name under which the credentials of a user are recorded; empty for what has none. `carried` are the documents, by subject, of
    other objects that its steps bring about as well, `unnamed` the copies of a level's source that nobody had named when this one was asked for.
    `shared` says of a level that other integrations may have it, too.
    """

    kind: Kind
    name: str
    document: Document
    steps: tuple[str, ...]
    attested: bool
    record_as: str = ""
    carried: Mapping[str, Document] = field(default_factory=dict)
    unnamed: tuple[str, ...] = ()
    shared: bool = False

    @property
    def subject(self) -> str:
        """The key of the object within its change."""
        return self.kind.subject(self.name)

    @property
    def begins_at_its_own_page(self) -> bool:
        """Whether the steps begin with opening the page of the object itself: it was there when they were asked for."""
        own = [f'In the menu of "{name}"' for name in (self.name, f"{self.name}{API_ONLY}")]
        return bool(self.steps) and any(words in self.steps[0] for words in own)

    def to_data(self) -> dict[str, Any]:
        """Plain data, to be read again by `record_from_data`."""
        return {
            "version": RECORD_VERSION,
            "kind": self.kind.label,
            "name": self.name,
            "attested": self.attested,
            "document": self.document,
            "steps": list(self.steps),
            "record_as": self.record_as,
            "carried": self.carried,
            "unnamed": list(self.unnamed),
            "shared": self.shared,
        }

    def to_json(self) -> str:
        """One line, to be read again by `record_from_json`."""
        return json.dumps(self.to_data(), separators=(",", ":"), sort_keys=True)


def record_from_json(text: str) -> Record | None:
    """The record, or None for a text that is none. Raises AutotaskError (`newer_version`) for one that a newer collection wrote."""
    found = from_json(text)
    return record_from_data(found) if isinstance(found, dict) else None


def record_from_data(found: Mapping[str, Any]) -> Record | None:
    """The record that the data describes, or None where it is none. Raises AutotaskError (`newer_version`)."""
    version = found.get("version", 1)
    if isinstance(version, int) and version > RECORD_VERSION:
        raise AutotaskError(
            f"A newer version of msp.autotask has worked on this tenant: a record of version {version} was found, and this one reads up to "
            f"{RECORD_VERSION}. Update the collection.",
            "newer_version",
        )
    try:
        steps = tuple(str(step) for step in found["steps"])
        if version == 1:
            label, _quote, rest = str(found["subject"]).partition(' "')
            kind, name, record_as = KINDS[label], rest.removesuffix('"'), _record_name_of_first_version(steps)
        else:
            kind, name, record_as = KINDS[found["kind"]], str(found["name"]), str(found["record_as"])
        carried = {str(subject): dict(document) for subject, document in found.get("carried", {}).items()}
        unnamed = tuple(str(name) for name in found.get("unnamed", ()))
        attested, shared = found["attested"] is True, found.get("shared") is True
        return Record(kind, name, dict(found["document"]), steps, attested, record_as, carried, unnamed, shared)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _record_name_of_first_version(steps: tuple[str, ...]) -> str:
    """Version 0.1.0 told the record name in the sentence of a step only."""
    found = (re.search(r'msp\.autotask\.record_credentials, tenant ".*", integration "([a-z0-9._-]+)"\.$', step) for step in steps)
    return next((match[1] for match in found if match), "")


@dataclass(frozen=True)
class Change:
    """One change of an integration.

    `number` counts from 1; `reference` is what a person looks for (a ticket number, a file); `duplicates` are tickets that another controller opened
    for the same change at the same moment; `notes` are words for whoever works it off. `url` is where a browser shows it, and `assignee` who has it on
    the desk, both empty where that isn't known.
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
    url: str = ""
    assignee: str = ""

    @functools.cached_property
    def assigned(self) -> dict[str, tuple[Line | None, ...]]:
        """Which line stands for which step of each object; None for a step that isn't on the list.

        Objects can share a sentence ("press Save & Close"); then each has the lines in the part of the list that belongs to its kind,
        and only what is left over stands for a step that has none there: somebody may have moved it.
        """
        free = list(self.lines)
        found: dict[str, list[Line | None]] = {}
        ordered = sorted(self.records.items(), key=lambda entry: entry[1].kind.first_position)
        for anywhere in (False, True):
            for subject, record in ordered:
                lines = found.setdefault(subject, [None] * len(record.steps))
                for index, text in enumerate(record.steps):
                    same = [line for line in free if line.text == text and (anywhere or record.kind.has_position(line.position))]
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

    def saved_without(self, subject: str) -> list[Line]:
        """The lines, ticked off, that save a page on which a step of an object is still to be done: one that isn't on the list any more."""
        found, missing = [], False
        for text, line in zip(self.records[subject].steps, self.assigned[subject], strict=True):
            missing = (missing and not text.startswith(OPENING)) or line is None
            if missing and line and line.done and text.endswith(SAVING):
                found.append(line)
        return found

    def carrier(self, subject: str) -> Record | None:
        """The record of another object whose steps bring this one about as well."""
        return next((record for record in self.records.values() if subject in record.carried), None)

    def begun(self, subject: str) -> Record | None:
        """The record of an object whose first step is ticked off, and that isn't attested yet."""
        record, lines = self.records.get(subject), self.assigned.get(subject, ())
        return record if record and not record.attested and lines and lines[0] and lines[0].done else None

    @property
    def left_open(self) -> list[str]:
        """The sentences of all steps that are not ticked off."""
        return [text for subject in self.assigned for text in self.open_steps(subject)]

    @property
    def finished(self) -> bool:
        """Whether every object is attested and every step done."""
        return bool(self.records) and all(record.attested for record in self.records.values()) and not self.left_open

    def as_result(self) -> dict[str, Any]:
        """The change as a module returns it."""
        total = sum(len(record.steps) for record in self.records.values())
        return {
            "integration": self.integration,
            "number": self.number,
            "reference": self.reference,
            "id": self.id,
            "url": self.url,
            "assignee": self.assignee,
            "state": "open" if self.open else "closed",
            "opened": self.opened,
            "steps_total": total,
            "steps_done": total - len(self.left_open),
            "steps_open": self.left_open,
            "objects": {
                subject: "attested" if record.attested else "requested"
                for record in self.records.values()
                for subject in (record.subject, *(carried for carried in record.carried if carried not in self.records))
            },
        }


def with_record(change: Change, record: Record) -> Change:
    """The change with another record of one of its objects, or of a new one."""
    return replace(change, records={**change.records, record.subject: record})


def asked_for(changes: Sequence[Change], subject: str) -> Document | None:
    """What the newest of an integration's changes (oldest first) asks for of an object; None where none does."""
    for change in reversed(changes):
        if subject in change.records:
            return change.records[subject].document
        carrier = change.carrier(subject)
        if carrier:
            return carrier.carried[subject]
    return None


def attested_document(changes: Sequence[Change], subject: str) -> Document | None:
    """What was asked for of an object, and attested, last (changes: oldest first); None where that never was."""
    for change in reversed(changes):
        record = change.records.get(subject) or change.carrier(subject)
        if record and record.attested:
            return record.carried.get(subject, record.document)
    return None


def positions(change: Change, record: Record) -> list[int]:
    """Where each step of an object stands in the checklist: levels first, then limits, then users, each object behind those of its kind before it."""
    of_others = {line for subject, lines in change.assigned.items() if subject != record.subject for line in lines}
    taken = [line.position for line in of_others if line and record.kind.has_position(line.position)]
    base = max(taken, default=record.kind.first_position - 1) + 1
    return [base + index for index in range(len(record.steps))]
