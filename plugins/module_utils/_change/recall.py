# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Records that were lost: the lines of a checklist witness for them, so that nobody is asked for anything a second time. Private to the collection."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from .._plan.step import OPENING, Step
from .decide import Knowledge
from .model import Change, Document, Kind, Record, with_record


def recalled(changes: Sequence[Change], kind: Kind, name: str, document: Document, asked: Sequence[Knowledge]) -> Change | None:
    """The newest change whose lines ask for all of an object that was once `asked` for, in one of several ways, with a record of it that isn't attested.

    None where none does. A webhook limit may be asked for by the steps of its level, whose record carries it then. `changes` have no record of the object.
    """
    return next((found for way in asked if (found := _recalled(changes, kind, name, document, way))), None)


def _recalled(changes: Sequence[Change], kind: Kind, name: str, document: Document, needed: Knowledge) -> Change | None:
    # The first step opens a page: that of a new object is another one than that of an object which is there by now.
    steps = needed.steps[1:]
    # The steps of one rotation read like those of another: a secret is asked for again.
    for change in reversed(changes) if steps and kind is not Kind.SECRET else ():
        for sentences in _unrecorded(change, kind):
            if all(_says(sentences, step) for step in steps):
                return with_record(change, Record(kind, name, document, sentences, False, carried=needed.carried))
        level = change.records.get(Kind.LEVEL.subject(name))
        for record in [level] if level and kind is Kind.WEBHOOK_LIMIT else []:
            if all(_says(record.steps, step) for step in steps):
                return with_record(change, replace(record, carried={**record.carried, kind.subject(name): document}))
    return None


def _unrecorded(change: Change, kind: Kind) -> Iterator[tuple[str, ...]]:
    """The sentences of the lines that stand where objects of a kind do, and that no record names, by object: each begins where a page is opened."""
    recorded = {line for lines in change.assigned.values() for line in lines}
    free = [line for line in change.lines if line not in recorded and kind.has_position(line.position)]
    sentences: list[str] = []
    for line in sorted(free, key=lambda line: (line.position, line.id)):
        if sentences and line.text.startswith(OPENING):
            yield tuple(sentences)
            sentences = []
        sentences.append(line.text)
    yield tuple(sentences)


def _says(sentences: Collection[str], step: Step) -> bool:
    """Whether one of the sentences asks for a step, alone or together with others."""
    return step.text in sentences or (
        bool(step.clause) and any(text.startswith(step.subject) and step.place in text and step.clause in text for text in sentences)
    )
