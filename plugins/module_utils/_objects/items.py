# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How each value that an integration wants stands on a tenant: the items of a review. Private to the collection."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from .._appliers.base import Outcome
from .._change.decide import Knowledge
from .._change.model import Change, Document, Kind, attested_document
from .._documents.names import AS_COPIED, OTHER_SECTIONS
from .._errors import AutotaskError
from .._plan.step import differing
from .._review.acceptances import Acceptance
from .._review.item import ACCEPTED, CREATE, DRIFTED, IN_SYNC, RECORD, SET, TO_DO, UNKNOWN, UNLISTED, WAITING, Item, address_of, worst
from .integration import Integration
from .result import Reported
from .security_level import SOMETHING_ELSE
from .wanted import WantedUser
from .whence import Whence

ABSENT = "absent"
PENDING = (TO_DO, WAITING)
# Facts that stand for what nobody has named, so that nobody may be able to read them.
BEYOND = (OTHER_SECTIONS, AS_COPIED)
OF_CREDENTIALS, OF_ACCESS = "credentials", "access"


class Reviewed(Reported, Protocol):
    """A thing whose values can be told one by one."""

    def wanted_now(self, known: Mapping[str, Any]) -> Mapping[str, Any]:
        """The facts as they should be, where these are known: some of them will do with what is there."""

    def facts_of(self, document: Document) -> Mapping[str, Any]:
        """The facts that a document of its kind asks for."""


def items_of(work: Integration, written: bool) -> Iterator[Item]:
    """The items of an integration that was settled: its settings, its users' credentials, what they may do. `written` says that what is to be done was
    asked for, or carried out.
    """
    whence = Whence(work.wanted)
    objects: dict[str, list[Item]] = {}
    for thing, outcome in zip(work.things, work.settled.outcomes, strict=False):
        found = objects[thing.kind.subject(thing.name)] = list(_of_thing(work, thing, outcome, whence, written))
        yield from (judged(item, work.tenant.acceptances) for item in found)
    for user in work.wanted.users:
        more = [*_of_credentials(work, user, objects), *_of_access(work, user, objects, whence)]
        yield from (judged(item, work.tenant.acceptances) for item in more)


def unseen_of(work: Integration) -> Iterator[str]:
    """What of an integration could not be read, a sentence each."""
    for thing, outcome in zip(work.things, work.settled.outcomes, strict=False):
        beyond = [fact for fact in thing.facts if fact in BEYOND and outcome.decision.knowledge.evidence.get(fact, UNKNOWN) == UNKNOWN]
        if outcome.decision.do == "nothing":
            yield from (f"{work.wanted.integration}: {thing.kind.subject(thing.name)}, {thing.label(fact).lower()}." for fact in beyond)
    for user in work.wanted.users:
        if user.key in work.users.access:
            yield from (
                f"{work.wanted.integration}: whether {user.name} may {finding['operation']} {finding['entity']} is not proven either way: "
                f"REST shows {finding['effective']}."
                for finding in work.users.access[user.key].findings
                if finding["verdict"] == "unproven"
            )
        elif user.existing and user.key not in work.users.recorded:
            yield f"{work.wanted.integration}: what {user.name} may do. Its key and secret stay with its vendor."
        elif user.key in work.users.working:
            words = "It is switched off, or its tracking identifier is known to its vendor only: nobody can sign in as it from here."
            yield f"{work.wanted.integration}: what {user.name} may do. {words}"
        else:
            yield f"{work.wanted.integration}: what {user.name} may do. Its credentials are not recorded, or refused."


def address_in(integration: str, kind: Kind, name: str, fact: str) -> str:
    """The address of a value of an object."""
    return address_of(integration, kind.name.lower(), name, fact)


@dataclass(frozen=True)
class Looked:
    """An object as it was looked at: what is known of it, what is wanted, and which facts differ.

    `before` is what was attested of it last, `change` where it waits, or was attested. `asked` says that people have been asked for what differs, `written`
    that they have just been.
    """

    work: Integration
    thing: Reviewed
    knowledge: Knowledge
    wanted: Mapping[str, Any]
    differs: Collection[str]
    before: Document | None
    change: Change | None
    asked: bool
    written: bool

    @property
    def facts(self) -> list[str]:
        """The facts that are told: what was named, and what else is known to differ. A right that a webhook limit owns is none of its level's."""
        named = [fact for fact in self.thing.facts if fact in self.wanted]
        others = (fact for fact in self.wanted if fact in self.differs and fact in self.knowledge.known and fact not in named)
        return [*named, *others]

    @property
    def nobody_knows(self) -> bool:
        """Whether nothing was ever read or attested of it, so that nobody knows whether anything is to be done."""
        return self.work.reading.observed is None and self.before is None and self.work.apply_via != "console"

    def has_drifted(self, fact: str) -> bool:
        """Whether a fact that differs was as wanted before. A browser's runs are noted nowhere, but in what is recorded of the users."""
        if self.before is None:
            return self.work.apply_via == "console" and bool(self.work.users.recorded)
        return not differing(self.thing.facts_of(self.before), {fact: self.wanted[fact]})


def _of_thing(work: Integration, thing: Reviewed, outcome: Outcome, whence: Whence, written: bool) -> Iterator[Item]:
    looked = _looked_at(work, thing, outcome, written)
    for fact in looked.facts:
        item = _value(looked, fact, whence)
        if fact not in BEYOND or item.state != UNKNOWN or fact in looked.differs:
            yield _standing(looked, fact, item)


def _looked_at(work: Integration, thing: Reviewed, outcome: Outcome, written: bool) -> Looked:
    decision, change, subject = outcome.decision, outcome.change, thing.kind.subject(thing.name)
    before = attested_document(work.applier.changes() if work.applier else [], subject)
    waits = decision.do in ("wait", "resume")
    asked = waits and change is not None and (subject in change.records or bool(change.carrier(subject)))
    knowledge = decision.knowledge
    if asked:
        knowledge = _while_waiting(thing, before, change)
    elif waits:
        # What another object's steps bring about as well has no plan of its own.
        knowledge = replace(thing.plan_new(), absent=True)
    wanted = thing.wanted_now(knowledge.known)
    if written and decision.do == "carried_out":
        knowledge = Knowledge((), {**knowledge.known, **wanted}, {**knowledge.evidence, **dict.fromkeys(wanted, "read")})
    differs = set(differing(knowledge.known, wanted)) if asked or knowledge.steps else set()
    return Looked(work, thing, knowledge, wanted, differs, before, change, asked, written)


def _value(looked: Looked, fact: str, whence: Whence) -> Item:
    """A value as if it were as wanted, or unknown."""
    thing, knowledge = looked.thing, looked.knowledge
    evidence = knowledge.evidence.get(fact, UNKNOWN)
    return Item(
        address_in(looked.work.wanted.integration, thing.kind, thing.name, fact),
        thing.kind.subject(thing.name),
        thing.label(fact),
        IN_SYNC if evidence != UNKNOWN else UNKNOWN,
        looked.wanted[fact],
        knowledge.accepted.get(fact, knowledge.known.get(fact, ABSENT if knowledge.absent else UNKNOWN)),
        "read" if knowledge.absent else evidence,
        source=whence.of(thing.kind, thing.name, fact),
    )


def _standing(looked: Looked, fact: str, item: Item) -> Item:
    """The item with its state."""
    knowledge = looked.knowledge
    if fact in knowledge.accepted:
        return replace(item, state=ACCEPTED)
    if fact not in looked.differs:
        return item
    if looked.asked:
        return replace(item, state=WAITING, waiting=_waiting(looked.change))
    drifted = looked.has_drifted(fact)
    about_it = [text for text in knowledge.contradictions if looked.thing.label(fact) in text]
    why = " ".join(about_it or knowledge.contradictions) if drifted else ""
    if looked.written:
        return replace(item, state=WAITING, why=why, waiting=_waiting(looked.change))
    state = UNKNOWN if looked.nobody_knows else DRIFTED if drifted else TO_DO
    return replace(item, state=state, why=why, action=CREATE if knowledge.absent and not looked.nobody_knows else SET)


def _while_waiting(thing: Reviewed, before: Document | None, change: Change | None) -> Knowledge:
    """What is known of an object that people have been asked to change: as much as before. Nobody knows how far they are."""
    begun = change.begun(thing.kind.subject(thing.name)) if change else None
    try:
        return thing.plan(before, begun)
    except AutotaskError:
        return Knowledge(())


def _waiting(change: Change | None) -> dict[str, Any]:
    """For whom something waits, and since when."""
    if change is None:
        return {"for": "people"}
    told = {"for": change.assignee or "people", "since": change.opened, "reference": change.reference, "url": change.url}
    return {name: value for name, value in told.items() if value}


def _of_credentials(work: Integration, user: WantedUser, objects: Mapping[str, Sequence[Item]]) -> Iterator[Item]:
    """Whether what is recorded of a user signs in as it. Of one that is switched off, or whose secret is its vendor's, nobody can tell."""
    if user.existing and user.key not in work.users.recorded:
        return
    of_user = objects.get(Kind.API_USER.subject(user.name), [])
    proof, problem = work.proofs.get(user.key), work.problems.get(user.key)
    item = Item(
        address_in(work.wanted.integration, Kind.API_USER, user.name, OF_CREDENTIALS),
        Kind.API_USER.subject(user.name),
        "Credentials",
        IN_SYNC,
        "recorded, and signing in",
        "recorded, and signing in",
        proof.evidence if proof else UNKNOWN,
    )
    if user.key in work.users.refused:
        yield replace(item, state=DRIFTED, seen="refused", evidence="read", why=work.users.refused[user.key])
    elif problem is not None:
        yield replace(item, state=DRIFTED, seen="another user's", evidence="read", why=problem.message)
    elif user.key not in work.users.recorded:
        state = worst(known.state for known in of_user)
        if state in PENDING:
            waiting = next((known.waiting for known in of_user if known.waiting), {})
            yield replace(item, state=state, seen="not recorded", evidence="read", waiting=waiting, action=RECORD if state == TO_DO else "")
        elif state == UNKNOWN:
            yield replace(item, state=UNKNOWN, seen="not recorded", evidence="read", action=RECORD)
        else:
            yield replace(item, state=WAITING, seen="not recorded", evidence="read", waiting={"for": "whoever records them"})
    elif item.evidence != UNKNOWN:
        seen = item.seen if item.evidence == "effect" else "recorded; that they sign in is for its vendor to prove"
        yield replace(item, seen=seen, why=" ".join(proof.warnings) if proof else "")
    elif not any(known.label == "Active" and known.state != IN_SYNC for known in of_user):
        yield replace(item, state=UNKNOWN, seen=UNKNOWN, why=" ".join(proof.warnings) if proof else "")


def _of_access(work: Integration, user: WantedUser, objects: Mapping[str, Sequence[Item]], whence: Whence) -> Iterator[Item]:
    """What a user may do against what it should. Where its level or the user itself is still to be changed, that explains it."""
    access = work.users.access.get(user.key)
    if access is None:
        return
    about = [Kind.API_USER.subject(user.name), *(kind.subject(user.security_level) for kind in (Kind.LEVEL, Kind.WEBHOOK_LIMIT))]
    states = {item.state for subject in about for item in objects.get(subject, ())}
    pending = worst(state for state in states if state in PENDING)
    off = f" Modules that are switched off: {', '.join(map(str, access.modules_off))}." if access.modules_off else ""
    for finding in access.findings:
        if finding["verdict"] == "unproven":
            continue
        operation = f"{finding['entity']}:{finding['operation']}"
        item = Item(
            address_of(work.wanted.integration, OF_ACCESS, user.name, operation),
            Kind.API_USER.subject(user.name),
            f"Access to {operation}",
            IN_SYNC,
            finding["expected"],
            finding["effective"],
            "read",
            source=whence.of_access(user.key, finding["expected"], operation),
        )
        if finding["verdict"] == "as expected":
            yield item
        else:
            words = f"It should be {finding['expected']}, and REST shows {finding['effective']}.{off if finding['verdict'] == 'missing' else ''}"
            yield replace(item, state=DRIFTED if pending == IN_SYNC else pending, why=words)


def judged(item: Item, acceptances: Mapping[str, Acceptance]) -> Item:
    """The item, accepted where somebody has accepted what is seen. What is accepted otherwise, or was until a day that is over, is said.

    What stands for a value that nobody knows could be anything: the object itself says whether it may be the one that is accepted.
    """
    acceptance = acceptances.get(item.address)
    if acceptance is None or item.state == IN_SYNC:
        return item
    if acceptance.over:
        words = f"{acceptance.by} had accepted {acceptance.value} until {acceptance.until.isoformat()}: that is over."
        return replace(item, why=f"{item.why} {words}".strip())
    same = acceptance.value == item.seen and item.seen not in (UNKNOWN, SOMETHING_ELSE)
    if item.state == ACCEPTED or (item.state in (DRIFTED, UNKNOWN, UNLISTED) and same):
        return replace(item, state=ACCEPTED, action="", accepted=acceptance.to_data())
    return replace(item, why=f"{item.why} {acceptance.by} has accepted {acceptance.value}.".strip(), accepted=acceptance.to_data())
