# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Take an integration off a tenant: what is its own, and what becomes of it. Private to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from .._appliers.base import Applier, Settled, Withdrawn, asked_of, nothing
from .._appliers.choose import by_people
from .._change.model import Change, Kind, same_document
from .._documents.names import person_key
from .._documents.observed import user_with_key
from .._documents.security_level import Level
from .._entities import SYSTEM_API_LEVELS, Observed, UserFacts
from .._errors import AutotaskError, InputError, raise_all
from .api_user import InactiveUser
from .blast_radius import look, of_inactivation
from .entry import Entry, entry_with, failed
from .others import LEVEL, RECORD_NAME, USER, Theirs, taken, taken_errors
from .reading import Name, Reading, with_all
from .result import ObjectResult, result_of
from .retired_user import inactive_user, own_user, told_of, withdrawn_secret
from .security_level import SecurityLevel
from .tenant import Tenant
from .wanted import Wanted


@dataclass(frozen=True)
class Belongings:
    """What an integration has on a tenant: its users by first and last name, its levels, and the names under which credentials are recorded."""

    users: Sequence[Name]
    levels: Sequence[str]
    record_names: Sequence[str]


def belongings(integration: str, profile: Mapping[str, Any] | None, changes: Sequence[Change]) -> Belongings:
    """What is of an integration: what its changes asked for, and what its profile names."""
    records = [record for change in changes for record in change.records.values()]
    users = [
        (str(record.document.get("first_name")), str(record.document.get("last_name")))
        for record in records
        if record.kind is Kind.API_USER
    ]
    levels = [record.name for record in records if record.kind is Kind.LEVEL]
    # What a note says is not enough for anything to be forgotten: the name has to be one that the integration's users can have.
    names = [integration, *(record.record_as for record in records if record.record_as.startswith(f"{integration}-"))]
    if profile:
        users += [(user["first_name"], user["last_name"]) for user in profile["api_users"]]
        levels += [level["name"] for level in profile["security_levels"]]
        names += [user["record_as"] for user in profile["api_users"]]
    own = [level for level in dict.fromkeys(levels) if level not in SYSTEM_API_LEVELS]
    return Belongings(list(dict.fromkeys(users)), own, list(dict.fromkeys(names)))


def active_users(observed: Observed | None, users: Sequence[Name]) -> list[UserFacts]:
    """Those of the users that are active, capitals aside."""
    names = {person_key(first, last) for first, last in users}
    found = observed["api_users"] if observed else []
    return [user for user in found if user["active"] and person_key(user["first_name"], user["last_name"]) in names]


@dataclass
class Retirement:
    """An integration while it is taken off a tenant. `only_planned` says that somebody only wants to know what it takes.

    `others`, `confirm` and `error` are as in `Integration`; `said` are words for whoever watches.
    """

    wanted: Wanted
    tenant: Tenant
    reading: Reading
    only_planned: bool = False
    own: Belongings = field(default_factory=lambda: Belongings([], [], []))
    things: list[InactiveUser | SecurityLevel] = field(default_factory=list)
    found: dict[str, UserFacts | None] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    applier: Applier | None = None
    settled: Settled = field(default_factory=lambda: Settled([]))
    others: Sequence[Theirs] = ()
    confirm: Callable[[], None] = nothing
    error: AutotaskError | None = None
    blast_radius: list[str] = field(default_factory=list)

    purpose: ClassVar[str] = "retire"
    notes: ClassVar[Sequence[str]] = ()

    @property
    def apply_via(self) -> str:
        """Who carries out what REST can't: people."""
        return by_people(self.wanted.apply_via)

    def prepare(self) -> None:
        """Nothing can be checked before its changes are known."""

    def settle(self, applier: Applier, check_mode: bool) -> None:
        """Inactivate the users, and the levels once no user is left. Raises AutotaskError where nothing could be done."""
        self.applier = applier
        self.own = self._own(applier.changes())
        active = active_users(self.reading.observed, self.own.users)
        self._check(active)
        if not self.only_planned:
            # What a run would stop at is found before REST has written.
            planned = replace(self, things=[], found={}, said=[])
            planned._settle_own(applier, check_mode=True)
            if planned._writes and not check_mode:
                self.confirm()
            if planned._asks:
                self._look_around(active)
        self._settle_own(applier, check_mode)

    def _look_around(self, active: Sequence[UserFacts]) -> None:
        """What it touches besides; whoever watches is told before anybody is switched off."""
        ids = {user["id"] for user in active}
        activity = look(self.tenant, self.reading, self.wanted, ids, self.own.record_names)
        self.blast_radius = of_inactivation(active, self.own.levels, self.reading.observed, activity)
        self.said += self.blast_radius
        for line in self.said:
            self.tenant.say(line)

    def _settle_own(self, applier: Applier, check_mode: bool) -> None:
        users = []
        for first, last in self.own.users:
            users.append(self._inactive(first, last, check_mode))
            # At once, since REST may have written by now.
            self.things = list(users)
        of_users = applier.settle([thing for user in users for thing in (user, withdrawn_secret(user.name))], check_mode)
        self.settled = _in_pairs(of_users)
        if of_users.failure or self.users_left:
            return
        levels = [level for name in self.own.levels if (level := self._inactive_level(name))]
        self.things += levels
        of_levels = applier.settle([thing for level in levels for thing in (level, _withdrawn_limit(level.name))], check_mode)
        self.settled = Settled([*self.settled.outcomes, *_in_pairs(of_levels).outcomes], of_levels.failure)

    def _own(self, changes: Sequence[Change]) -> Belongings:
        """What is its own. A level that another integration has, too, is left as it is. Raises InputError for users and record names that are another
        one's: nothing of it is retired then.
        """
        own = belongings(self.wanted.integration, self.wanted.profile, changes)
        # Who only wants to know what it takes forgets nothing, and may not be able to read what is recorded.
        own = own if self.only_planned else self._with_recorded(own)
        people = [*((USER, f"{first} {last}") for first, last in own.users), *((RECORD_NAME, name) for name in own.record_names)]
        raise_all(taken_errors(self.wanted.integration, people, self.others))
        left = dict(taken([(LEVEL, name) for name in own.levels], self.others))
        self.said += [
            f'The security level "{name}" is {theirs.integration}\'s, too: {theirs.witness}. It is left as it is.'
            for name, theirs in left.items()
        ]
        return replace(own, levels=[name for name in own.levels if name not in left])

    def _with_recorded(self, own: Belongings) -> Belongings:
        """With the active users whose credentials are recorded for it: these are only forgotten once their user is switched off."""
        recorded = [known.user_name for name in own.record_names if self.reading.observed and (known := self.tenant.store.read(name))]
        self.reading = with_all(self.reading, self.tenant.client, users=own.users, keys=recorded)
        observed = self.reading.observed
        seen = [user_with_key(observed["api_users"] if observed else [], key) for key in recorded]
        more = [user for user in seen if user and user["active"] and user not in active_users(observed, own.users)]
        return replace(own, users=[*own.users, *((user["first_name"], user["last_name"]) for user in more)])

    def entry(self, check_mode: bool) -> Entry:
        """What came of it; what was recorded and handed over is gone once no user is left."""
        entry = entry_with(self.wanted, self.results(), check_mode)
        try:
            forgotten = [] if self.error else self._forget(check_mode)
        except AutotaskError as left:
            return failed(entry, left)
        verb = "would be removed" if check_mode else "was removed"
        entry["changed"] = entry["changed"] or bool(forgotten or self.switched_off)
        entry["messages"] = [*self.said, *self._told_of_rest(check_mode), *(f"{path} {verb}." for path in forgotten)]
        error = self.error or self.settled.failure
        return failed(entry, error) if error else entry

    @property
    def switched_off(self) -> bool:
        """Whether REST has inactivated a user, or would."""
        return any(isinstance(thing, InactiveUser) and thing.switched_off for thing in self.things)

    def _told_of_rest(self, check_mode: bool) -> list[str]:
        """Whom REST has inactivated, or would: no ticket tells of it."""
        words = "would be inactivated by this run" if check_mode else "was inactivated"
        return [
            f'The API user "{thing.name}" {words}, over REST.'
            for thing in self.things
            if isinstance(thing, InactiveUser) and thing.switched_off
        ]

    @property
    def users_left(self) -> bool:
        """Whether a user of the integration may still be active."""
        return any(outcome.decision.pending for outcome in self.settled.outcomes if outcome.thing.kind is Kind.API_USER)

    @property
    def _asks(self) -> bool:
        """Whether people are asked for something, or REST switches a user off, if it can: where it couldn't before, a change asks people for that, and for
        the levels only once they have done it.
        """
        changes = self.applier.changes() if self.applier else []
        off = [thing for thing in self.things if isinstance(thing, InactiveUser) and thing.switched_off]
        asked = [_is_asked(changes, thing) for thing in off]
        return not all(asked) or (not off and bool(asked_of(self.settled.outcomes)))

    @property
    def _writes(self) -> bool:
        """Whether anything of it is changed, on the tenant or here."""
        return self.switched_off or any(outcome.changed for outcome in self.settled.outcomes) or bool(self._forget(check_mode=True))

    def results(self) -> list[ObjectResult]:
        """What came of each thing, as the core modules tell it."""
        found = []
        for thing, outcome in zip(self.things, self.settled.outcomes, strict=False):
            result = result_of(self.tenant.name, self.wanted.integration, thing, outcome)
            found.append(told_of(thing, self.found.get(thing.name), result) if isinstance(thing, InactiveUser) else result)
        return found

    def _forget(self, check_mode: bool) -> list[str]:
        """What was recorded and handed over, which goes once no user is left: the paths."""
        if self.users_left or self.settled.failure:
            return []
        names, handovers = self.own.record_names, self.tenant.handovers.kept_of(self.wanted.integration)
        paths = [path for name in names for path in self.tenant.store.kept_of(name)]
        if not check_mode:
            for name in names:
                self.tenant.store.remove(name)
            self.tenant.handovers.remove(self.wanted.integration)
        return [*paths, *handovers]

    def _inactive(self, first: str, last: str, check_mode: bool) -> InactiveUser:
        client = None if self.apply_via == "runsheet" else self.tenant.client
        thing, user = inactive_user(client, self.reading.observed, first, last, self.tenant.terms, check_mode)
        self.found[thing.name] = user
        return thing

    def _inactive_level(self, name: str) -> SecurityLevel | None:
        """The level as it should no longer be; None, with a word on it, where somebody else has it. Its own users are inactive now, or would be."""
        observed = self.reading.observed
        others: Observed | None = None
        if observed:
            gone = [user["id"] for user in active_users(observed, self.own.users)]
            others = {"levels": observed["levels"], "api_users": [user for user in observed["api_users"] if user["id"] not in gone]}
        thing = SecurityLevel(Level(name, active=False), self.tenant.catalogue, self.tenant.terms, others)
        try:
            thing.check()
        except InputError as error:
            self.said.append(f"{error.message}. It is left as it is.")
            return None
        return thing

    def _check(self, active: Sequence[UserFacts]) -> None:
        """Raises AutotaskError where nothing is known of the integration, or the run works as its user."""
        ids = [user["id"] for user in active]
        if self.tenant.client:
            own_user(self.tenant.client.credentials.user_name, self.reading.observed, ids)
        if self.wanted.profile or self.own.users or self.own.levels or self.tenant.store.kept_of(self.wanted.integration):
            return
        of_tickets = (
            "its change tickets ask for no user and no level, or there are none"
            if self.tenant.client
            else "change tickets were not read, because there are no credentials for this tenant"
        )
        raise AutotaskError(
            f'Nothing is known of an integration "{self.wanted.integration}" on {self.tenant.name}: {of_tickets}, and no credentials were recorded.',
            "unknown_integration",
        )


def _is_asked(changes: Sequence[Change], thing: InactiveUser) -> bool:
    """Whether an open change asks for a user to be inactivated."""
    subject = thing.kind.subject(thing.name)
    records = [change.records[subject] for change in changes if change.open and subject in change.records]
    return any(same_document(record.document, thing.document) for record in records)


def _withdrawn_limit(level: str) -> Withdrawn:
    """A limit that still waits for people has no level to go to."""
    return Withdrawn(Kind.WEBHOOK_LIMIT, level, {"level": level, "maximum": None})


def _in_pairs(settled: Settled) -> Settled:
    """The outcomes of the first of each two things, changed also where only the second was."""
    firsts, seconds = settled.outcomes[::2], settled.outcomes[1::2]
    merged = [replace(first, changed=first.changed or second.changed) for first, second in zip(firsts, seconds, strict=False)]
    return replace(settled, outcomes=[*merged, *firsts[len(merged) :]])
