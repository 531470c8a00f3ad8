# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Give the API users of an integration new secrets: asked for, recorded, handed over, and the old ones proven dead. Private to the collection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from .._appliers.base import Applier, Outcome, Settled, asked_of, nothing
from .._appliers.choose import by_people
from .._change.model import Change, Kind, Record
from .._change.rotation import Next, SecretState, decide, is_new
from .._credentials.proof import UNKNOWN, Proof, prove
from .._credentials.store import Recorded
from .._documents.observed import find_user
from .._entities import UserFacts
from .._errors import AutotaskError, Unauthorized, raise_all
from .._rest.tenant import version
from .blast_radius import look, of_new_secrets
from .entry import Entry, entry_with, failed
from .hand_in import Taken
from .integration import hand_over
from .others import Theirs, people_of, taken_errors
from .reading import Reading
from .result import ObjectResult, result_of, with_proof
from .secret import Secret
from .tenant import Tenant
from .wanted import Wanted, WantedUser


@dataclass
class UserSecret:
    """The secret of one user while it is rotated."""

    user: WantedUser
    recorded: Recorded | None
    previous: Recorded | None
    seen: UserFacts | None
    thing: Secret
    state: SecretState
    next: Next
    proof: Proof = UNKNOWN


@dataclass
class Rotation:
    """An integration while its secrets are rotated; `rotation` names that. `others`, `confirm` and `error` are as in `Integration`."""

    rotation: str
    wanted: Wanted
    tenant: Tenant
    reading: Reading
    secrets: list[UserSecret] = field(default_factory=list)
    applier: Applier | None = None
    settled: Settled = field(default_factory=lambda: Settled([]))
    others: Sequence[Theirs] = ()
    taken: Taken = field(default_factory=Taken)
    confirm: Callable[[], None] = nothing
    error: AutotaskError | None = None
    passed_over: str = ""
    blast_radius: list[str] = field(default_factory=list)

    purpose: ClassVar[str] = "new secrets for"
    notes: ClassVar[Sequence[str]] = ()

    @property
    def apply_via(self) -> str:
        """Who generates new secrets: people."""
        return by_people(self.wanted.apply_via)

    @property
    def ends_the_run(self) -> bool:
        """Whether the run works as a user who is waited for: its secret dies while the run would be waiting."""
        key = self.tenant.client.credentials.user_name if self.tenant.client else ""
        return any(one.recorded and one.recorded.user_name == key for one in self.secrets if one.next is not Next.DONE)

    @property
    def awaited(self) -> list[WantedUser]:
        """The users whose new secrets somebody has still to record, or to hand in."""
        recorded = {user.record_as: self.tenant.store.read(user.record_as) for user in self.wanted.users}
        return [user for user in self.wanted.users if (known := recorded[user.record_as]) and known.rotation != self.rotation]

    def awaits(self, record: Record) -> bool:
        """Whether what people were asked for is the secret of this rotation."""
        return record.kind is Kind.SECRET and record.document.get("rotation") == self.rotation

    def _is_sealed(self, user: WantedUser) -> bool:
        """Whether its new secret is handed in sealed; that of the user that the run works as can't be: no run can read a note before it is recorded."""
        if not self.tenant.hand_in:
            return False
        known = self.tenant.store.read(user.record_as)
        return not (known and self.tenant.client and known.user_name == self.tenant.client.credentials.user_name)

    def prepare(self) -> None:
        """Nothing can be checked before its changes are known."""

    def settle(self, applier: Applier, check_mode: bool) -> None:
        """Look at every secret, keep those that are to be replaced, and ask people for new ones. Raises AutotaskError."""
        self.applier = applier
        raise_all(taken_errors(self.wanted.integration, people_of(self.wanted), self.others))
        # The secret of a user that was there before is its vendor's, unless it was recorded.
        users = [user for user in self.wanted.users if not user.existing or self.tenant.store.read(user.record_as)]
        if self._is_elsewhere(users):
            self.passed_over = (
                f"is not set up on {self.tenant.name}: REST shows none of its API users active, and none is recorded. It is passed over."
            )
            return
        secrets = self._look(users, applier.changes())
        asked = [one for one in secrets if one.next is not Next.DONE or one.state.asked]
        # Those that are settled come first, as their outcomes do.
        self.secrets = [*asked, *(one for one in secrets if one not in asked)]
        for one in asked:
            if one.next is Next.ASK:
                self.tenant.store.check_room(one.user.record_as)
                self.tenant.store.check_password()
        # Before anybody is asked, so that what is recorded afterwards can be told from it.
        self.settled = applier.settle([one.thing for one in asked], check_mode, before=self._keep_previous)
        if check_mode:
            self._look_around(self.settled.outcomes)

    def _look_around(self, outcomes: Sequence[Outcome]) -> None:
        """Where new secrets are going to be asked for: who works with the old ones."""
        things = asked_of(outcomes)
        users = [one.seen for one in self.secrets if one.thing in things and one.seen]
        if things:
            activity = look(self.tenant, self.reading, self.wanted, {user["id"] for user in users}, None)
            self.blast_radius = of_new_secrets(users, self.reading.observed, activity)

    def _is_elsewhere(self, users: Sequence[WantedUser]) -> bool:
        """Whether the tenant doesn't have the integration: a rotation of a whole fleet is about those that do. Away from the controller, where nothing is
        known of what is recorded, it isn't known.
        """
        observed = self.reading.observed
        if observed is None or not users or self.tenant.controller.vault is None:
            return False
        seen = [find_user(observed["api_users"], user.first_name, user.last_name) for user in users]
        return not any(one and one["active"] for one in seen) and not any(self.tenant.store.read(user.record_as) for user in users)

    def _keep_previous(self, outcomes: Sequence[Outcome]) -> None:
        """Keep the secrets that are to be replaced, as the changes are that were read right before: one that people have brought since isn't."""
        self.confirm()
        self._look_around(outcomes)
        self.secrets = self._look([one.user for one in self.secrets], self.applier.changes() if self.applier else [])
        for one in self.secrets:
            if one.next is Next.ASK and one.recorded:
                self.tenant.store.keep_previous(one.user.record_as, one.recorded)

    def entry(self, check_mode: bool) -> Entry:
        """What came of it; once nobody has anything to do the new secrets are handed over and the old ones proven dead."""
        results = self._results()
        entry = entry_with(self.wanted, results, check_mode)
        if self.passed_over and not self.error:
            told = f"{self.wanted.integration} {self.passed_over}"
            return {**entry, "messages": [told], "remarks": [told]}
        entry["messages"] = [*self.taken.messages, *self._messages(results), *self.blast_radius]
        entry["changed"] = entry["changed"] or self.taken.changed
        try:
            if error := self.error or self.settled.failure:
                raise error
            if not entry["pending"]:
                recorded = {one.user.key: one.recorded for one in self.secrets if one.recorded}
                hand_over(self.wanted, self.tenant, self.reading, recorded, entry, check_mode)
                entry["messages"] += self._finish(check_mode)
                entry["changed"] = entry["changed"] or any(one.next is Next.FINISH for one in self.secrets)
        except AutotaskError as error:
            return failed(entry, error)
        return entry

    def _results(self) -> list[ObjectResult]:
        """What came of each secret that was asked for, as `autotask_api_user_secret` tells it."""
        found = []
        for one, outcome in zip(self.secrets, self.settled.outcomes, strict=False):
            result = result_of(self.tenant.name, self.wanted.integration, one.thing, outcome)
            done = one.next in (Next.FINISH, Next.DONE) or (one.recorded is not None and is_new(one.state))
            found.append(with_proof(result, one.proof, known=done))
        return found

    def _finish(self, check_mode: bool) -> list[str]:
        """Prove each old secret dead, once, and mark what is recorded. A few wrong secrets in a row lock a user, so it is one request.

        Raises AutotaskError where an old one still works, or that can't be seen; then nothing is marked and nothing deleted.
        """
        ready = [one for one in self.secrets if one.next is Next.FINISH and one.recorded]
        if check_mode:
            return []
        for one in ready:
            self._check_dead(one)
        for one in self.secrets:
            # What was proven dead before is of no use any more; a run may have died before it tidied up.
            if one.next is Next.DONE and one.previous and self._provable(one):
                self.tenant.store.drop_previous(one.user.record_as)
        said = []
        for one in ready:
            if one.recorded is None:
                continue
            self.tenant.store.write(one.user.record_as, replace(one.recorded, rotation=self.rotation))
            provable = self._provable(one)
            if provable:
                # Without a tracking identifier nobody has seen that it is dead; then it stays until the next rotation.
                self.tenant.store.drop_previous(one.user.record_as)
            said.append(f"{one.user.name}: {_proven(provable, one.previous is not None)}")
        return said

    def _look(self, users: Sequence[WantedUser], changes: Sequence[Change]) -> list[UserSecret]:
        """What is known of the secrets of some users; what is recorded is tried once."""
        proven = {one.user.key: one.proof for one in self.secrets if one.proof is not UNKNOWN}
        secrets = [self._secret(user, changes) for user in users]
        for one in secrets:
            if one.recorded and (one.next is Next.DONE or is_new(one.state)):
                one.proof = proven.get(one.user.key) or self._proof(one)
        return secrets

    def _secret(self, user: WantedUser, changes: Sequence[Change]) -> UserSecret:
        observed = self.reading.observed
        seen = find_user(observed["api_users"], user.first_name, user.last_name) if observed else None
        if observed and not (seen and seen["active"]):
            raise AutotaskError(
                f'REST shows no active API user "{user.name}"; set it up before its secret is changed',
                "no_such_user",
            )
        thing = Secret(user.name, self.rotation, self.tenant.host, user.record_as, self.tenant.terms, self._is_sealed(user))
        recorded, previous = self.tenant.store.read(user.record_as), self.tenant.store.previous(user.record_as)
        subject = thing.kind.subject(thing.name)
        change = next((one for one in reversed(changes) if subject in one.records), None)
        asked = change is not None and change.records[subject].document.get("rotation") == self.rotation
        state = SecretState(
            recorded=recorded is not None,
            marked=recorded.rotation if recorded else "",
            differs=recorded is not None and (previous is None or previous.secret != recorded.secret),
            asked=asked,
            open_steps=bool(change and asked and change.open_steps(subject)),
        )
        return UserSecret(user, recorded, previous, seen, thing, state, decide(self.rotation, state))

    def _proof(self, one: UserSecret) -> Proof:
        recorded = one.recorded
        if recorded is None:
            return UNKNOWN
        return prove(
            one.user.name,
            recorded.user_name,
            self.reading.observed,
            one.seen,
            False,
            lambda: self.tenant.client_of(one.user.record_as, recorded, self.reading.zone_url),
        )

    def _provable(self, one: UserSecret) -> bool:
        return bool(one.recorded and self.tenant.code_of(one.user.record_as, one.recorded))

    def _check_dead(self, one: UserSecret) -> None:
        if one.previous is None or not self._provable(one):
            return
        code = one.recorded.integration_code if one.recorded else ""
        old = replace(one.previous, integration_code=one.previous.integration_code or code)
        client = self.tenant.client_of_dead(one.user.record_as, old, self.reading.zone_url)
        if client is None:
            return
        client.settings = replace(client.settings, retries=0)
        try:
            version(client)
        except Unauthorized:
            return
        except AutotaskError as error:
            raise AutotaskError(f"Whether the old secret is dead could not be seen. {error}", "old_secret_untried") from error
        raise AutotaskError(
            f'The old secret of "{one.user.name}" still signs in. Was Save & Close pressed on the user\'s page, and is what was recorded the '
            "secret of that very user? Both secrets are kept, nothing was deleted. Run again once it is fixed.",
            "old_secret_works",
        )

    def _messages(self, results: Sequence[ObjectResult]) -> list[str]:
        waiting = {result["subject"] for result in results if result["pending_for"] == "credentials"}
        return [
            f"{one.thing.kind.subject(one.thing.name)}: the steps are ticked off, but no new secret is recorded. Record it: "
            f"{self.tenant.command('record_credentials', 'autotask_integration', one.user.record_as)}."
            for one in self.secrets
            if one.thing.kind.subject(one.thing.name) in waiting
        ]


def _proven(provable: bool, had_previous: bool) -> str:
    if not provable:
        return (
            "neither that the new secret signs in nor that the old one is dead could be proven, because the tracking identifier is the integration "
            "vendor's. That it was changed is attested, nothing more. Let the vendor test the connection; the old secret is kept until the next rotation."
        )
    if had_previous:
        return "the new secret signs in, the old one is refused."
    return "the new secret signs in. No old one was recorded, so none could be tried."
