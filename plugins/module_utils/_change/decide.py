# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A change: the plan of one integration on one tenant while it is carried out. Private to the collection.

What is here decides, purely, what is to be done next with one object (a level, a webhook limit, a user, a user's secret) of a change; an applier does it.
All state lives where the applier keeps it, so that another controller, or a run after a crash, comes to the same decision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from .._errors import AutotaskError
from .._plan.checklist import Item, items
from .._plan.step import Step
from .model import Change, Document, Kind, Record, same_document


@dataclass(frozen=True)
class Knowledge:
    """What is known of an object, how, and the steps that are still needed.

    `known` are facts, `evidence` says how each is known (`read`, `effect`, `attested`); `contradictions` are words on what was found to be otherwise;
    `absent` means that the object is known not to be there, `read` that all that is wanted of it was read, so that nobody has to attest it. `carried` are
    the documents, by subject, of other objects that the steps bring about as well; `unnamed` are copies that were there before anybody was asked to make
    one. `accepted` has the values of facts that are otherwise than wanted, and that somebody has accepted so: they are known as wanted.
    """

    steps: Sequence[Step]
    known: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    contradictions: Sequence[str] = ()
    absent: bool = False
    carried: Mapping[str, Document] = field(default_factory=dict)
    unnamed: Sequence[str] = ()
    read: bool = False
    accepted: Mapping[str, Any] = field(default_factory=dict)


class Planner(Protocol):
    """From a document that somebody attested, or None when nothing is known, and what somebody has begun to do, to the steps that are needed now."""

    def __call__(self, attested: Document | None, begun: Record | None = None, /) -> Knowledge:
        """What is known, and the steps."""


@dataclass(frozen=True)
class Decision:
    """What to do next with one object.

    `nothing`; `wait` (somebody has steps to do); `request` (steps are to be put before people, or, without lines, withdrawn); `resume` (a run stopped
    half-way, or the change was closed with steps left); `attest` (all done and nothing speaks against it); `carried_out` (a browser has done it).
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


def decide(changes: Sequence[Change], kind: Kind, name: str, document: Document, plan: Planner, capacity: int | None) -> Decision:
    """The next thing to do with an object, from its integration's changes (oldest first).

    `capacity` is how many lines a change can hold, or None for any number.
    """
    subject = kind.subject(name)
    change = next((one for one in reversed(changes) if subject in one.records or one.carrier(subject)), None)

    def request(base: Document | None, target: Change | None) -> Decision:
        known = plan(base, change.begun(subject) if change else None)
        lines = items(known.steps, kind.usual_lines, capacity)
        if lines:
            # What is asked for last counts: it never goes to an older change than the one that has a record of the object already.
            later = [one for one in changes if change is None or one.number >= change.number]
            return Decision("request", _with_room(later, subject, target, lines, capacity), lines, known)
        return Decision("nothing", change, knowledge=known)

    if change is None:
        return request(None, None)
    if subject not in change.records:
        return _carried(changes, change, subject, request)
    record = change.records[subject]
    left = change.open_steps(subject)
    if record.attested and not change.open:
        # Whatever was unticked or taken off the list since: it was done.
        return request(record.document, None)
    if not same_document(record.document, document):
        # Half-done work leaves a state that nobody knows.
        untouched = len(left) == len(record.steps)
        before = record.document if record.attested else _attested_before(changes, change, subject)
        found = request(before if record.attested or untouched else None, change if change.open else None)
        withdrawn = found.do == "nothing" and change.open and (left or not record.attested)
        return replace(found, do="request") if withdrawn else found
    if left:
        return _waiting(change, subject, plan, request)
    again = request(document, change)
    if again.knowledge.contradictions and not record.attested and record.begins_at_its_own_page:
        # Where one value shows otherwise the page may not have been saved at all: nothing that was set on it is known.
        anew = request(_attested_before(changes, change, subject), change)
        again = replace(anew, knowledge=replace(anew.knowledge, contradictions=again.knowledge.contradictions))
    return replace(again, do="attest") if again.do == "nothing" and not record.attested else again


def _waiting(change: Change, subject: str, plan: Planner, request: Callable[[Document | None, Change | None], Decision]) -> Decision:
    """The next thing to do with an object that has steps left: where all that is wanted of it was read, nobody has to do them any more."""
    record = change.records[subject]
    known = plan(None, change.begun(subject))
    if known.read and not known.steps:
        return Decision("request" if change.open else "attest", change, knowledge=known)
    if known.absent and change.open and record.begins_at_its_own_page:
        anew = request(None, change)
        if anew.do == "request" and tuple(line.text for line in anew.lines) != record.steps:
            # It has gone meanwhile, and nobody can open its page any more.
            return anew
    return Decision("wait" if change.open and None not in change.assigned[subject] else "resume", change)


def _carried(
    changes: Sequence[Change], change: Change, subject: str, request: Callable[[Document | None, Change | None], Decision]
) -> Decision:
    """The next thing to do with an object that another one's steps bring about: wait for these; then it is as attested as if it had had its own.

    Steps that a later change of that other one has taken the place of bring nothing about any more.
    """
    carrier = change.carrier(subject)
    if carrier is None:
        return Decision("wait", change)
    if (carrier.attested and not change.open) or not change.open_steps(carrier.subject):
        return request(carrier.carried[subject], None)
    replaced = any(one.number > change.number and carrier.subject in one.records for one in changes)
    return request(None, None) if replaced else Decision("wait", change)


def _attested_before(changes: Sequence[Change], change: Change, subject: str) -> Document | None:
    for earlier in reversed([candidate for candidate in changes if candidate.number < change.number]):
        record = earlier.records.get(subject) or earlier.carrier(subject)
        if record:
            return record.carried.get(subject, record.document) if record.attested else None
    return None


def _with_room(
    changes: Sequence[Change], subject: str, target: Change | None, lines: Sequence[Item], capacity: int | None
) -> Change | None:
    """The change that the lines go to: the one that is the object's already, else the newest open one with room; None for a new one.

    Raises AutotaskError when the object's own change has no room.
    """
    for change in [target] if target else reversed([change for change in changes if change.open]):
        others = len(change.lines) - len([line for line in change.assigned.get(subject, ()) if line])
        if capacity is None or others + len(lines) <= capacity:
            return change
    if target:
        raise AutotaskError(f"{target.reference} cannot take {len(lines)} more steps. Complete it, then run again.", "too_many_steps")
    return None
