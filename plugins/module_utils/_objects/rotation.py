# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Give the API users of an integration new secrets: asked for, recorded, handed over, and the old ones proven dead. Private to the collection."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from .._appliers.base import Applier, ApplierFor, Request, Settled, settle_now
from .._appliers.choose import appliers, by_people
from .._appliers.ticket import read_changes
from .._change.model import Change
from .._change.rotation import Next, SecretState, decide, is_new
from .._credentials.proof import UNKNOWN, Proof, prove
from .._credentials.store import Recorded
from .._documents.observed import find_user
from .._entities import UserFacts
from .._errors import AutotaskError, Unauthorized
from .._rest.tenant import version
from .integration import Entry, entry_of, failed, hand_over, state_of
from .reading import Reading, read_all
from .result import ObjectResult, result_of, with_proof
from .secret import Secret
from .tenant import Tenant
from .wait import wait_for, waiting_for
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
    """A rotation of one integration's secrets on a tenant."""

    name: str
    wanted: Wanted
    tenant: Tenant
    reading: Reading = field(default_factory=Reading)
    secrets: list[UserSecret] = field(default_factory=list)
    applier: Applier | None = None
    settled: Settled = field(default_factory=lambda: Settled([]))
    said: list[str] = field(default_factory=list)

    def ask(self, check_mode: bool) -> None:
        """Look at every secret, keep those that are to be replaced, and ask people for new ones. Raises AutotaskError."""
        self.reading = read_all(self.tenant.client, company=False)
        changes: Sequence[Change] | None = None
        via = by_people(self.wanted.apply_via)
        if self.tenant.client and via == "ticket":
            integration = self.wanted.integration
            changes = read_changes(self.tenant.client, self.tenant.params["ticket"]["closed_status"], [integration]).get(integration, [])
        with ExitStack() as stack:
            self._settle(stack.enter_context(appliers(via, self.tenant.how(self.reading))), changes, check_mode)

    def _settle(self, applier_for: ApplierFor, changes: Sequence[Change] | None, check_mode: bool) -> None:
        request = Request(
            self.wanted.integration, known=changes, fresh=changes is not None, purpose="new secrets for", runsheet=self.wanted.runsheet
        )
        self.applier = applier_for(request)
        known = self.applier.changes()
        self.secrets = [self._secret(user, known) for user in self.wanted.users]
        for one in self.secrets:
            if one.recorded and (one.next is Next.DONE or is_new(one.state)):
                one.proof = self._proof(one)
        asked = [one for one in self.secrets if one.next is not Next.DONE or one.state.asked]
        if not check_mode:
            for one in self.secrets:
                # Before anybody is asked, so that what is recorded afterwards can be told from it.
                if one.next is Next.ASK and one.recorded:
                    self.tenant.store.keep_previous(one.user.record_as, one.recorded)
        outcomes = settle_now(self.applier, [one.thing for one in asked], check_mode)
        self.settled = Settled(outcomes)
        self.secrets = [*asked, *(one for one in self.secrets if one not in asked)]

    @property
    def is_pending(self) -> bool:
        """Whether somebody has something to do."""
        return any(result["pending"] for result in self.results())

    @property
    def works_as_one(self) -> bool:
        """Whether the run works as a user whose secret is rotated: it dies while the run would be waiting."""
        key = self.tenant.client.credentials.user_name if self.tenant.client else ""
        return any(one.recorded and one.recorded.user_name == key for one in self.secrets)

    def results(self) -> list[ObjectResult]:
        """What came of each secret that was asked for, as `autotask_api_user_secret` tells it."""
        found = []
        for one, outcome in zip(self.secrets, self.settled.outcomes, strict=False):
            result = result_of(self.tenant.name, self.wanted.integration, one.thing, outcome)
            done = one.next in (Next.FINISH, Next.DONE) or (one.recorded is not None and is_new(one.state))
            found.append(with_proof(result, one.proof, known=done))
        return found

    def entry(self, check_mode: bool) -> Entry:
        """What came of it; once nobody has anything to do the new secrets are handed over and the old ones proven dead."""
        results = self.results()
        changes = [result["change"] for result in results if result["change"]]
        entry: Entry = {
            **entry_of(self.wanted),
            "state": state_of(results, check_mode),
            "changed": any(result["changed"] for result in results),
            "pending": self.is_pending,
            "change": changes[-1] if changes else {},
            "objects": results,
            "messages": self._messages(results),
        }
        if self.is_pending:
            return entry
        try:
            recorded = {one.user.key: one.recorded for one in self.secrets if one.recorded}
            hand_over(self.wanted, self.tenant, self.reading, recorded, entry, check_mode)
            entry["messages"] += self.finish(check_mode)
        except AutotaskError as error:
            return failed(entry, error)
        entry["changed"] = entry["changed"] or any(one.next is Next.FINISH for one in self.secrets)
        return entry

    def finish(self, check_mode: bool) -> list[str]:
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
            self.tenant.store.write(one.user.record_as, replace(one.recorded, rotation=self.name))
            provable = self._provable(one)
            if provable:
                # Without a tracking identifier nobody has seen that it is dead; then it stays until the next rotation.
                self.tenant.store.drop_previous(one.user.record_as)
            said.append(f"{one.user.name}: {_proven(provable, one.previous is not None)}")
        return said

    def _secret(self, user: WantedUser, changes: Sequence[Change]) -> UserSecret:
        observed = self.reading.observed
        seen = find_user(observed["api_users"], user.first_name, user.last_name) if observed else None
        if observed and not (seen and seen["active"]):
            raise AutotaskError(
                f'REST shows no active API user "{user.name}"; set it up before its secret is changed',
                "no_such_user",
            )
        thing = Secret(user.name, self.name, self.tenant.name, user.record_as, self.tenant.terms)
        recorded, previous = self.tenant.store.read(user.record_as), self.tenant.store.previous(user.record_as)
        subject = thing.kind.subject(thing.name)
        change = next((one for one in reversed(changes) if subject in one.records), None)
        asked = change is not None and change.records[subject].document.get("rotation") == self.name
        state = SecretState(
            recorded=recorded is not None,
            marked=recorded.rotation if recorded else "",
            differs=recorded is not None and (previous is None or previous.secret != recorded.secret),
            asked=asked,
            open_steps=bool(change and asked and change.open_steps(subject)),
        )
        return UserSecret(user, recorded, previous, seen, thing, state, decide(self.name, state))

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
        return bool(one.recorded and (one.recorded.integration_code or self.tenant.codes.get(one.user.record_as)))

    def _check_dead(self, one: UserSecret) -> None:
        if one.previous is None or not self._provable(one):
            return
        code = one.recorded.integration_code if one.recorded else ""
        old = replace(one.previous, integration_code=one.previous.integration_code or code)
        client = self.tenant.client_of(one.user.record_as, old, self.reading.zone_url)
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


def rotate(name: str, wanted: Wanted, tenant: Tenant, check_mode: bool) -> Entry:
    """One pass of a rotation, and, where that is asked for, another one once people have worked off its change."""
    rotation = Rotation(name, wanted, tenant)
    entry = entry_of(wanted)
    try:
        rotation.ask(check_mode)
        minutes, changes = tenant.params["wait_minutes"], [one.change for one in rotation.settled.outcomes if one.change]
        waiting = waiting_for(rotation.applier, changes) if rotation.applier else []
        if minutes and waiting and not check_mode and not rotation.works_as_one:
            wait_for(waiting[-1:], tenant.name, minutes * 60, tenant.params["wait_interval"], tenant.controller.say)
            before = any(outcome.changed for outcome in rotation.settled.outcomes)
            rotation = Rotation(name, wanted, tenant)
            rotation.ask(check_mode)
            entry = rotation.entry(check_mode)
            return {**entry, "changed": entry["changed"] or before}
        return rotation.entry(check_mode)
    except AutotaskError as error:
        return failed(entry, error)


def _proven(provable: bool, had_previous: bool) -> str:
    if not provable:
        return (
            "neither that the new secret signs in nor that the old one is dead could be proven, because the tracking identifier is the integration "
            "vendor's. That it was changed is attested, nothing more. Let the vendor test the connection; the old secret is kept until the next rotation."
        )
    if had_previous:
        return "the new secret signs in, the old one is refused."
    return "the new secret signs in. No old one was recorded, so none could be tried."
