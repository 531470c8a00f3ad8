# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What an applier is, and what it is given. Private to the collection.

An applier gets things, such as a level as it should be, and sees to it that they come about: `ByPeople` through steps that somebody ticks off, the console
applier by itself. Neither knows a vendor, and a thing doesn't know which of them it is given to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol
from urllib.parse import quote

from .._catalogue.model import Catalogue
from .._catalogue.terms import Terms
from .._change.decide import Decision, Knowledge, decide
from .._change.model import Change, Document, Kind, Line, Record
from .._change.recall import recalled
from .._entities import Observed
from .._errors import AutotaskError
from .._rest.client import Client


class ConsoleView(Protocol):
    """A tenant's console as a browser shows it. What was read holds until something is changed."""

    def level(self, name: str) -> Any:
        """Every setting of a level (`LevelSeen`), or None where there is no such level."""

    def user(self, first_name: str, last_name: str) -> Any:
        """The facts of an API user (`UserSeen`), or None where nobody is called that."""


class Thing(Protocol):
    """An object of a tenant as it should be: a level, a webhook limit, an API user, a secret."""

    @property
    def kind(self) -> Kind:
        """What it is."""

    @property
    def name(self) -> str:
        """What the console lists it as."""

    @property
    def document(self) -> Document:
        """What is wanted, as a change keeps it."""

    @property
    def record_as(self) -> str:
        """The name under which its credentials are recorded; empty for what has none."""

    @property
    def shared(self) -> bool:
        """Whether other integrations may have it, too."""

    def plan(self, attested: Document | None, begun: Record | None = None) -> Knowledge:
        """What is known from REST and from what somebody attested, and the steps that are still needed.

        `begun` is what was asked for where somebody has begun to do it.
        """

    def plan_new(self) -> Knowledge:
        """The steps that are asked for where nothing of it is there yet."""

    def plan_seen(self, console: ConsoleView, check_mode: bool) -> Knowledge:
        """What is known from the console's pages, and the steps that are still needed."""

    def keep(self, generated: Mapping[str, str]) -> None:
        """Keep what the console has just generated, before it is saved. Raises AutotaskError for things that have no secret."""


@dataclass(frozen=True)
class Outcome:
    """What came of a thing: the decision, the change as it stands now, and whether anything was written (or would have been, in check mode)."""

    thing: Thing
    decision: Decision
    change: Change | None
    changed: bool


# Done before the first write, once nothing is known to stand in its way: what is going to come of the things, as far as that is known by then.
Before = Callable[[Sequence[Outcome]], None]


def nothing(outcomes: Sequence[Outcome] = ()) -> None:
    """What is done before a write where there is nothing to do."""


def no_words() -> Sequence[str]:
    """What is told where there is nothing to tell."""
    return ()


@dataclass(frozen=True)
class Settled:
    """What came of some things, in their order; `failure` is what kept those after them from being dealt with."""

    outcomes: Sequence[Outcome]
    failure: AutotaskError | None = None


def asked_of(outcomes: Sequence[Outcome]) -> list[Thing]:
    """The things whose steps are put before somebody, or would be."""
    return [outcome.thing for outcome in outcomes if outcome.decision.do == "request" and outcome.decision.lines]


class Applier(Protocol):
    """Sees to it that things come about."""

    def settle(self, things: Sequence[Thing], check_mode: bool, before: Before = nothing) -> Settled:
        """Decide what is to be done with each thing, and do it unless in check mode. Never raises AutotaskError once something was written.

        `before` is done before the first write. What check mode raises a real run raises, and the other way round.
        """

    def close(self, settled: Settled) -> Settled:
        """Close the changes that are finished, once everything that a run has to do with them is settled. None where something failed.

        Raises AutotaskError.
        """

    def finish(self, settled: Settled, changes: Sequence[Change] | None = None) -> Settled:
        """Read again what was written, and tidy up. `changes` are the integration's changes, where somebody has just read them."""

    def changes(self) -> list[Change]:
        """The integration's changes, oldest first; none where things are done at once."""

    def progress(self, change: Change) -> Change | None:
        """The change with its lines as they stand now; None where it isn't there any more."""


@dataclass(frozen=True)
class How:
    """What appliers of a tenant need: the options of that name, a client where there are credentials, and whom to tell what a browser does.

    `observed` gives the levels and users of the tenant where somebody has read them, or will.
    """

    tenant: str
    client: Client | None
    ticket: Mapping[str, Any]
    runsheet: Mapping[str, Any]
    console: Mapping[str, Any]
    terms: Terms
    catalogue: Catalogue
    say: Callable[[str], None]
    web_url: str = ""
    observed: Callable[[], Observed | None] | None = None


@dataclass(frozen=True)
class Request:
    """Whose change is settled, and what is known of it.

    `notes` give words for whoever works it off, and `blast_radius` what it touches besides: both are asked for once something is going to be put before
    people, and not before. `known` are the integration's changes where they have been read, and `expected` is the reference of a change
    that has to be there. `purpose` says what a change is for, as its title begins; `runsheet` are options of the integration's own, `vendor` is what
    people call it, and `guides` the vendor's pages that it follows (`title`, `url`, `revised`), as far as they are known. `hand_in` is where people find
    the page that seals credentials; empty where nothing is handed in so. `only_told` says that nothing is going to be written: what would be is told of.
    """

    integration: str
    notes: Callable[[], Sequence[str]] = no_words
    blast_radius: Callable[[], Sequence[str]] = no_words
    known: Sequence[Change] | None = None
    expected: str = ""
    purpose: str = "set up"
    runsheet: Mapping[str, Any] = field(default_factory=dict)
    vendor: str = ""
    guides: Sequence[Mapping[str, str]] = ()
    hand_in: str = ""
    only_told: bool = False

    def title(self, tenant: str, number: int) -> str:
        """What people see a change called."""
        return f"{tenant}: {self.purpose} {' '.join(self.vendor.split()) or self.integration} (change {number})"

    @property
    def guide_lines(self) -> list[str]:
        """Where the vendor says what is wanted, a line for each page."""
        told = [
            ", ".join(part for part in (guide.get("title", ""), _revised(guide), guide.get("url", "")) if part) for guide in self.guides
        ]
        return [" ".join(f"The guide that it follows: {words}".split()) for words in told if words]


def hand_in_line(request: Request, tenant: str, number: int, where: str) -> list[str]:
    """What people are told of the hand-in page in the change of this number; `where` says where what it shows is to be put."""
    if not request.hand_in:
        return []
    what_for = "/".join(quote(part, safe="") for part in (tenant, request.integration, str(number)))
    return [
        f"The hand-in page: {request.hand_in}#{what_for} (change {request.integration}/{number}). Put the sealed block that it shows {where}."
    ]


def _revised(guide: Mapping[str, str]) -> str:
    return f"revised {guide['revised']}" if guide.get("revised") else ""


# Makes the applier of one integration; all those of a tenant share what was opened for them.
ApplierFor = Callable[[Request], Applier]


class Keeper(Protocol):
    """Where the changes of one integration on one tenant are kept, and how they are put before people: tickets, or run sheets."""

    capacity: int | None

    def changes(self) -> list[Change]:
        """The integration's changes, oldest first, with what this keeper has written since they were read."""

    def refresh(self) -> None:
        """Read the changes a second time before the first write, another way where there is one: nobody is asked for what is asked for already."""

    def check(self, record: Record) -> None:
        """Raises AutotaskError for what would stop a request of the record half-way. Nothing is written, so check mode asks this, too."""

    def request(self, decision: Decision, record: Record) -> Change:
        """Put the record's steps before people: open a change or add to one, take the tick off steps that are needed again, drop those that no longer are."""

    def resume(self, change: Change, record: Record) -> Change:
        """Add the steps that are missing, and open a change again that was closed with steps left. What is done on a page after it was saved has to be
        saved again.
        """

    def surplus(self, change: Change) -> Sequence[Line]:
        """The lines of an open change that nothing needs: each step is asked for once."""

    def attest(self, change: Change, record: Record) -> Change:
        """Note that the object is done, and proven as far as it can be."""

    def remember(self, change: Change, record: Record) -> Change:
        """Keep a record again that was lost, or that says less than is known."""

    def close(self, change: Change) -> Change:
        """Close a change that is finished."""

    def progress(self, change: Change) -> Change | None:
        """The change with its lines as they stand now, at the price of one request; None where it isn't there any more."""

    def verify(self, changes: Sequence[Change] | None) -> list[Change]:
        """The integration's changes, read after the last write (`changes` where somebody has), tidied up. Raises AutotaskError for one that vanished."""


class ByPeople:
    """The appliers that put steps before people: what was asked for, and what was attested, is in changes that a keeper keeps."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._things: Sequence[Thing] = ()

    def settle(self, things: Sequence[Thing], check_mode: bool, before: Before = nothing) -> Settled:
        """See `Applier`. What can't be planned stops it before anything is written."""
        self._things = things
        planned: list[Outcome] = []
        for thing in things:
            planned.append(carried_along(thing, planned) or self._planned(thing))
        if check_mode or not any(outcome.changed for outcome in planned):
            return Settled(planned)
        self._keeper.refresh()
        before(planned)
        outcomes: list[Outcome] = []
        for thing in things:
            try:
                outcomes.append(carried_along(thing, outcomes) or self._carried_out(thing))
            except AutotaskError as error:
                if not outcomes:
                    raise
                return Settled(outcomes, error)
        return Settled(outcomes)

    def close(self, settled: Settled) -> Settled:
        """See `Applier`."""
        return settled if settled.failure else replace(settled, outcomes=[self._closed(outcome) for outcome in settled.outcomes])

    def finish(self, settled: Settled, changes: Sequence[Change] | None = None) -> Settled:
        """See `Applier`."""
        now = {change.number: change for change in self._keeper.verify(changes)}
        again = [
            replace(outcome, change=now.get(outcome.change.number, outcome.change)) if outcome.change else outcome
            for outcome in settled.outcomes
        ]
        return replace(settled, outcomes=again)

    def changes(self) -> list[Change]:
        """See `Applier`."""
        return self._keeper.changes()

    def progress(self, change: Change) -> Change | None:
        """See `Applier`."""
        return self._keeper.progress(change)

    def _planned(self, thing: Thing) -> Outcome:
        decision = decide(
            with_recalled(self._keeper.changes(), self._things), thing.kind, thing.name, thing.document, thing.plan, self._keeper.capacity
        )
        closes = decision.change is not None and decision.change.open and decision.change.finished
        if decision.do == "request":
            self._keeper.check(_requested(thing, decision))
        untidy = decision.change is not None and bool(self._keeper.surplus(decision.change))
        untidy = untidy or any(change.duplicates for change in self._keeper.changes())
        return Outcome(thing, decision, decision.change, decision.writes or closes or untidy or self._forgotten(thing, decision))

    def _forgotten(self, thing: Thing, decision: Decision) -> bool:
        """Whether the change has no record any more of a thing that somebody works at, or one that doesn't say yet that the thing is shared."""
        subject, change = thing.kind.subject(thing.name), decision.change
        if change is None or subject not in change.records:
            return False
        kept = next((known.records.get(subject) for known in self._keeper.changes() if known.number == change.number), None)
        return decision.do == "wait" if kept is None else thing.shared and not kept.shared

    def _carried_out(self, thing: Thing) -> Outcome:
        planned = self._planned(thing)
        change = self._without_recalled(planned.change, thing)
        decision = replace(planned.decision, change=change)
        if decision.do == "request":
            change = self._keeper.request(decision, _requested(thing, decision))
        elif decision.do == "resume" and change:
            change = self._keeper.resume(change, _record_of(thing, change))
        elif decision.do == "attest" and change:
            change = self._keeper.attest(change, replace(_record_of(thing, change), attested=True))
        elif change and self._forgotten(thing, decision):
            change = self._keeper.remember(change, _record_of(thing, change))
        return replace(planned, change=change)

    def _without_recalled(self, change: Change | None, thing: Thing) -> Change | None:
        """The change with no other record that was recalled than that of the thing: those of others are not kept yet."""
        kept = next((known.records for known in self._keeper.changes() if change and known.number == change.number), None)
        if change is None or kept is None:
            return change
        subject = thing.kind.subject(thing.name)
        return replace(change, records={name: record for name, record in change.records.items() if name in kept or name == subject})

    def _closed(self, outcome: Outcome) -> Outcome:
        """The outcome with its change as it stands by now; one that is finished is closed."""
        change = next((known for known in self._keeper.changes() if outcome.change and known.number == outcome.change.number), None)
        if change is None or not (change.open and change.finished):
            return replace(outcome, change=change or outcome.change)
        return replace(outcome, change=self._keeper.close(change), changed=True)


def with_recalled(changes: Sequence[Change], things: Sequence[Thing]) -> list[Change]:
    """The changes, with the records of things that were lost; see `recall`."""
    found = list(changes)
    for thing in things:
        subject = thing.kind.subject(thing.name)
        if found and not any(subject in change.records or change.carrier(subject) for change in found):
            again = recalled(found, thing.kind, thing.name, thing.document, [thing.plan_new(), thing.plan(None)])
            found = [again if again and again.number == change.number else change for change in found]
    return found


def _requested(thing: Thing, decision: Decision) -> Record:
    """What a change keeps of a thing whose steps are put before people."""
    lines = tuple(line.text for line in decision.lines)
    before = decision.change.records.get(thing.kind.subject(thing.name)) if decision.change else None
    carried = {**(before.carried if before and before.attested else {}), **decision.knowledge.carried}
    unnamed = tuple(decision.knowledge.unnamed)
    return Record(thing.kind, thing.name, thing.document, lines, not lines, thing.record_as, carried, unnamed, thing.shared)


def _record_of(thing: Thing, change: Change) -> Record:
    """The record of a thing; one that was lost, and recalled from what the change asks for, doesn't know where its credentials are recorded."""
    return replace(change.records[thing.kind.subject(thing.name)], record_as=thing.record_as, shared=thing.shared)


def carried_along(thing: Thing, outcomes: Sequence[Outcome]) -> Outcome | None:
    """What comes of a thing that the steps of an earlier one bring about as well: it waits for these. None for one that has its own."""
    subject = thing.kind.subject(thing.name)
    for outcome in outcomes:
        if outcome.decision.do == "request" and subject in outcome.decision.knowledge.carried:
            return Outcome(thing, Decision("wait", outcome.change), outcome.change, False)
    return None


def settle_now(applier: Applier, things: Sequence[Thing], check_mode: bool) -> list[Outcome]:
    """Settle things on their own, and read again what was written. Raises AutotaskError for what went wrong, once that was done."""
    settled = applier.settle(things, check_mode)
    if not check_mode and any(outcome.changed for outcome in settled.outcomes):
        settled = applier.finish(applier.close(settled))
    if settled.failure:
        raise settled.failure
    return list(settled.outcomes)


@dataclass(frozen=True)
class Withdrawn:
    """A thing that nothing is asked for any more: steps that still wait for people go, what was done stays as it is. `document` stands for that."""

    kind: Kind
    name: str
    document: Document
    record_as: str = ""
    shared: bool = False

    def plan_new(self) -> Knowledge:
        """Nothing is needed."""
        return Knowledge(())

    def plan(self, attested: Document | None, begun: Record | None = None) -> Knowledge:
        """Nothing is needed."""
        return Knowledge(())

    def plan_seen(self, console: ConsoleView, check_mode: bool) -> Knowledge:
        """Nothing is needed."""
        return Knowledge(())

    def keep(self, generated: Mapping[str, str]) -> None:
        """See `Thing`."""
        no_secret(generated)


def no_secret(generated: Mapping[str, str]) -> None:
    """For things whose plans generate no secret."""
    raise AutotaskError("A secret was generated that nobody asked for. Nothing was saved.", "bug")
