# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""One integration of a tenant: its things, what they are known by, and what is to be said of it. Private to the collection."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from .._appliers.base import Applier, Outcome, Settled, Thing, asked_of, nothing
from .._catalogue.effects import Access
from .._change.model import Document, Kind, Record, asked_for, same_document
from .._credentials.handover import handover_of, needed
from .._credentials.proof import UNKNOWN, Proof, prove
from .._credentials.store import Recorded
from .._documents.api_user import ExistingUser, User
from .._documents.handed_over import OF_ZONE
from .._documents.names import same_name
from .._documents.observed import find_user, switched_off, user_with_key
from .._edge.context import PROVISIONER
from .._entities import Observed
from .._errors import AutotaskError, InputError, RequestError, Unauthorized, errors_of, raise_all
from .._profile.explain import lacking, remarks
from .._profile.reach import losses, may_do_everything
from .._rest.rows import contradictory
from .._rest.tenant import look_up_zone
from .._review.item import address_of
from .access import UserAccess, access_of, mismatches
from .api_user import ApiUser
from .blast_radius import look, of_level_changes, others_with
from .entry import Entry, entry_with, failed
from .existing_user import ApiUserWithLevel
from .hand_in import Taken
from .others import LEVEL, Theirs, different, not_shared, of_the_run, people_of, replaced_errors, shared_errors, taken, taken_errors
from .reading import Reading
from .result import ObjectResult, result_of, with_proof
from .security_level import SecurityLevel, copied_as_possible
from .tenant import Tenant
from .wanted import Wanted, WantedUser
from .webhook_limit import LimitOfWebhooks


@dataclass
class Users:
    """The API users of an integration as far as they are known: what is recorded of each, its access, and why that couldn't be seen. By key.

    `refused` has what Autotask said to recorded credentials. They are not tried again: three wrong secrets in a row lock an API user.
    """

    recorded: dict[str, Recorded] = field(default_factory=dict)
    access: dict[str, UserAccess] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def working(self) -> dict[str, Recorded]:
        """Those that weren't refused."""
        return {key: recorded for key, recorded in self.recorded.items() if key not in self.refused}


def users_of(tenant: Tenant, wanted: Wanted, zone_url: str, observed: Observed | None) -> Users:
    """What is recorded of the integration's users, and what they may do: each signs in once, if it isn't switched off. Raises AutotaskError where that can't
    be asked.
    """
    users = Users()
    for user in wanted.users:
        recorded = tenant.store.read(user.record_as)
        if recorded is None:
            continue
        users.recorded[user.key] = recorded
        client = tenant.client_of(user.record_as, recorded, zone_url)
        seen = user_with_key(observed["api_users"], recorded.user_name) if observed else None
        if client is None or (observed and seen and switched_off(observed, seen)):
            continue
        try:
            users.access[user.key] = access_of(client, user.expected)
        except Unauthorized as error:
            users.refused[user.key] = str(error)
    return users


@dataclass
class Integration:
    """An integration while it is set up. `others` are things of integrations that the run isn't about, `confirm` looks at them again before the first
    write; `error` is what keeps this one from being dealt with, alone. `reviewed` says that somebody only looks: then what is wrong with the credentials of
    a user, by its key, is among the `problems` and stops nothing.
    """

    wanted: Wanted
    tenant: Tenant
    reading: Reading
    users: Users = field(default_factory=Users)
    things: list[SecurityLevel | LimitOfWebhooks | ApiUser | ApiUserWithLevel] = field(default_factory=list)
    proofs: dict[str, Proof] = field(default_factory=dict)
    applier: Applier | None = None
    settled: Settled = field(default_factory=lambda: Settled([]))
    others: Sequence[Theirs] = ()
    taken: Taken = field(default_factory=Taken)
    confirm: Callable[[], None] = nothing
    error: AutotaskError | None = None
    reviewed: bool = False
    problems: dict[str, InputError] = field(default_factory=dict)
    blast_radius: list[str] = field(default_factory=list)

    purpose: ClassVar[str] = "set up"

    @property
    def apply_via(self) -> str:
        """Who carries it out."""
        return self.wanted.apply_via

    @property
    def awaited(self) -> list[WantedUser]:
        """The users whose credentials somebody has still to record, or to hand in."""
        return [user for user in self.wanted.users if not user.existing and self.tenant.store.read(user.record_as) is None]

    def awaits(self, record: Record) -> bool:
        """Whether what people were asked for is what these users' credentials are awaited from."""
        return record.kind is Kind.API_USER

    def prepare(self) -> None:
        """Look at its users, make its things, and check what can be checked before anything is written. Raises AutotaskError."""
        self._check_prerequisites()
        self.users = users_of(self.tenant, self.wanted, self.reading.zone_url, self.reading.observed)
        self._check_shown()
        for user in self.wanted.users:
            self._prove(user)
            if user.key not in self.users.recorded and not user.existing and not (self.reviewed or self.wanted.only_reported):
                # A secret is shown only once: that it can be kept is known before somebody is asked to generate it.
                self.tenant.store.check_room(user.record_as)
                self.tenant.store.check_password()
        self.things = [*self._levels(), *self._limits(), *self._api_users()]

    def _prove(self, user: WantedUser) -> None:
        self.proofs[user.key] = UNKNOWN
        try:
            self.proofs[user.key] = self._proof(user)
        except InputError as error:
            if not self.reviewed:
                raise
            self.problems[user.key] = error

    def _accepted(self, kind: Kind, name: str) -> dict[str, Any]:
        """What of an object somebody has accepted otherwise than it is wanted, by fact."""
        start = address_of(self.wanted.integration, kind.name.lower(), name, "")
        return {
            address.removeprefix(start): one.value
            for address, one in self.tenant.acceptances.items()
            if address.startswith(start) and not one.over
        }

    def _check_shown(self) -> None:
        """Raises Contradictory for a user that has just signed in and isn't among those that REST shows: it would be made again."""
        observed = self.reading.observed
        if observed is None:
            return
        for user in self.wanted.users:
            if user.key in self.users.access and not user_with_key(observed["api_users"], self.users.recorded[user.key].user_name):
                raise contradictory(f'that the API user "{user.name}" is there, which has signed in')

    @property
    def notes(self) -> list[str]:
        """For whoever works its change off."""
        found = [*self._prerequisites, *lacking(self.wanted.profile or {})]
        if self.wanted.resolved:
            found += [*may_do_everything(self.wanted.resolved, self.tenant.catalogue), *losses(self.wanted.resolved, self.tenant.catalogue)]
        found += [
            f'The security level "{level}" is made by the change of {owner}: work that off first.'
            for level, owner in self.wanted.made_by.items()
        ]
        for thing in self.things:
            found += thing.notes if isinstance(thing, SecurityLevel) else []
        return list(dict.fromkeys(found))

    @property
    def _prerequisites(self) -> list[str]:
        return [f"Needed first: {entry['text']}" for entry in (self.wanted.profile or {}).get("prerequisites", ())]

    @property
    def _remarks(self) -> list[str]:
        """What somebody should know of it, whatever the state of it is."""
        found = [*self._prerequisites, *(remarks(self.wanted.resolved, self.tenant.catalogue) if self.wanted.resolved else [])]
        return [*found, *([self.wanted.refusal] if self.wanted.refused else [])]

    def settle(self, applier: Applier, check_mode: bool) -> None:
        """Let an applier see to the things. Raises AutotaskError where nothing could be done; otherwise `settled` has it."""
        self.applier = applier
        self._leave_to_others()
        things: Sequence[Thing] = self.things
        self.settled = applier.settle(things, check_mode, self._before_asking)
        if check_mode:
            self._look_around(self.settled.outcomes)

    def _before_asking(self, outcomes: Sequence[Outcome]) -> None:
        self.confirm()
        self._look_around(outcomes)

    def _look_around(self, outcomes: Sequence[Outcome]) -> None:
        """Where levels are going to be changed that others have, too: who these are, and what they do."""
        observed = self.reading.observed
        own = _ids_of(self.wanted, self.reading)
        levels = dict.fromkeys(_level_of(thing) for thing in self.things if thing in asked_of(outcomes))
        having = {level: others_with(level, observed, own.values()) for level in levels if level}
        shared = [(level, others) for level, others in having.items() if others]
        if shared:
            ids = {user["id"] for _level, others in shared for user in others}
            names = [user.record_as for user in self.wanted.users if user.key in self.users.working]
            self.blast_radius = of_level_changes(shared, look(self.tenant, self.reading, self.wanted, ids, names))

    def see_again(self, observed: Observed | None) -> None:
        """Look again at the users that a browser has just made: their credentials are tried once."""
        self.users = users_of(self.tenant, self.wanted, self.reading.zone_url, observed)
        for user in self.wanted.users:
            if any(isinstance(thing, ApiUser) and thing.claimed and thing.name == user.name for thing in self.things):
                self.proofs[user.key] = self._proof_of_new(user, observed)

    def entry(self, check_mode: bool) -> Entry:
        """What came of it, with the verdict on its access and, once nobody has anything to do, the hand-over."""
        results = self._results()
        entry = entry_with(self.wanted, results, check_mode)
        entry["pending"] = self._is_pending(results)
        entry["access"], entry["unproven"], entry["remarks"] = self._access_result(), self._unproven(), self._remarks
        entry["messages"] = [*self.taken.messages, *self._messages(results), *self.blast_radius]
        entry["changed"] = entry["changed"] or self.taken.changed
        try:
            if error := self.error or self.settled.failure:
                raise error
            if not entry["pending"] and not self.reviewed:
                self._check_verdict()
                hand_over(self.wanted, self.tenant, self.reading, self.users.recorded, entry, check_mode)
        except AutotaskError as error:
            return failed(entry, error)
        return entry

    def _results(self) -> list[ObjectResult]:
        """What came of each thing, as the core modules tell it."""
        return [self._result(thing, outcome) for thing, outcome in zip(self.things, self.settled.outcomes, strict=False)]

    def _is_pending(self, results: Sequence[ObjectResult]) -> bool:
        """Whether somebody has something to do first. Credentials that are refused don't wait for anybody: the verdict tells what Autotask said."""
        return any(result["pending"] and not (self.users.refused and result["pending_for"] == "credentials") for result in results)

    def _check_verdict(self) -> None:
        """Raises AutotaskError where a user can't sign in, or may not do what it should."""
        for user in self.wanted.users:
            if user.key in self.users.refused:
                record = self.tenant.command("record_credentials", "autotask_integration", user.record_as)
                raise Unauthorized(
                    f'The recorded credentials of the API user "{user.name}" are refused. {self.users.refused[user.key]} '
                    f"No run sends them again before they were recorded anew: a few wrong secrets in a row lock the user. {record}"
                )
        wrong = [text for user in self.wanted.users for text in self._mismatches(user)]
        if wrong and self.tenant.params["access_must_match"]:
            raise AutotaskError(f"{self.wanted.vendor} on {self.tenant.name}: {'; '.join(wrong)}", "access")

    def _mismatches(self, user: WantedUser) -> list[str]:
        """What the user may do otherwise than it should, and nobody has accepted."""
        access = self.users.access.get(user.key)
        accepted = {address: one.value for address, one in self.tenant.acceptances.items() if not one.over}
        found = []
        for finding in access.findings if access else ():
            address = address_of(self.wanted.integration, "access", user.name, f"{finding['entity']}:{finding['operation']}")
            if address not in accepted or accepted[address] != finding["effective"]:
                found += mismatches([finding])
        return found

    def _messages(self, results: Sequence[ObjectResult]) -> list[str]:
        """What somebody who watches the run should know: what the guide leaves open, and credentials that are still to be recorded."""
        found = []
        busy = any(result["changed"] or result["pending"] for result in results)
        if busy and self._remarks:
            found.append(f"{self.wanted.vendor}: {' '.join(self._remarks)}")
        if any(result["pending_for"] == "credentials" for result in results):
            found += [
                f"{user.name} exists; its credentials are not recorded yet. {'Seal them on the hand-in page, or record' if self.tenant.hand_in else 'Record'} "
                f"them: {self.tenant.command('record_credentials', 'autotask_integration', user.record_as)}. "
                "A secret that nobody has noted can't be shown again; a new one has to be generated on the user's page."
                for user in self.wanted.users
                if user.key not in self.users.recorded and not user.existing and user.record_as not in self.taken.waiting
            ]
        return found

    def _access_result(self) -> dict[str, Any]:
        """What the users may do, against what they should; empty where nobody could sign in."""
        if not self.users.access:
            return {}
        names = {user.key: user.name for user in self.wanted.users}
        findings = [{"api_user": names[key], **finding} for key, access in self.users.access.items() for finding in access.findings]
        return {
            "as_expected": all(access.as_expected for access in self.users.access.values()),
            "findings": findings,
            "modules_off": sorted({module for access in self.users.access.values() for module in access.modules_off}),
        }

    def _unproven(self) -> list[dict[str, Any]]:
        """The users whose expected access nobody could look at, and why. Nothing where the integration couldn't be dealt with: then that is told."""
        return [
            {
                "api_user": user.name,
                "expected": [f"{entity}:{operation} {'granted' if granted else 'denied'}" for entity, operation, granted in user.expected],
                "why": self._why_unseen(user),
            }
            for user in self.wanted.users
            if user.expected and user.key not in self.users.access and self.error is None
        ]

    def _why_unseen(self, user: WantedUser) -> str:
        recorded = self.users.recorded.get(user.key)
        if recorded is None:
            return "Its key and its secret stay with its vendor." if user.existing else "Its credentials are not recorded yet."
        if user.key in self.users.refused:
            return "Its recorded credentials are refused."
        if not self.tenant.code_of(user.record_as, recorded):
            return (
                "The tracking identifier of its integration vendor isn't known. Ask the vendor for it, and set it in autotask_integration_codes, or let "
                "the vendor test the connection."
            )
        return "It can't sign in, because it, or its security level, is inactive."

    def _check_prerequisites(self) -> None:
        company = self.reading.company
        for entry in (self.wanted.profile or {}).get("prerequisites", ()):
            if entry["check"] == "own_country" and company is not None and not company["country_id"]:
                raise AutotaskError(
                    f'{self.wanted.vendor} needs this first: {entry["text"]} The company with ID 0, "{company["name"]}", has no country. '
                    "Open it in CRM, set Country, save, and run again.",
                    "prerequisite",
                )

    def _leave_to_others(self) -> None:
        """A level that it shares with an integration whose change asks for it is that one's to make. Raises InputError for all else that is another one's."""
        integration = self.wanted.integration
        key = self.tenant.client.credentials.user_name if self.tenant.client else ""
        others = [
            *self.others,
            *(of_the_run(self.reading.observed, key, self.users.recorded.values()) if integration != PROVISIONER else ()),
        ]
        levels = [level.name for level in self.wanted.levels]
        shared = [(LEVEL, name) for name in levels if name in self.wanted.shared_levels]
        own = [(LEVEL, name) for name in levels if name not in self.wanted.shared_levels]
        owned = dict(taken(shared, [one for one in others if one.documents]))
        errors = [
            *taken_errors(integration, [*own, *people_of(self.wanted)], others),
            *(error for name, theirs in owned.items() for error in shared_errors(integration, theirs, self._documents_of(name))),
            *(error for name, theirs in taken(shared, others) if name not in owned for error in self._used_errors(name, theirs)),
        ]
        raise_all(errors or replaced_errors(self.wanted, self.users.recorded, self.reading.observed))
        self.wanted = replace(self.wanted, made_by={**self.wanted.made_by, **{name: theirs.integration for name, theirs in owned.items()}})
        self.things = [thing for thing in self.things if _level_of(thing) not in owned]

    def _used_errors(self, level: str, theirs: Theirs) -> Iterator[InputError]:
        """For a shared level that another one uses: unless its own changes have asked for it, it isn't known to be shared; and nobody changes it alone."""
        changes = self.applier.changes() if self.applier else []
        asked = [asked_for(changes, thing.kind.subject(thing.name)) for thing in self.things if _level_of(thing) == level]
        if not any(asked):
            yield not_shared(self.wanted.integration, theirs)
        elif not all(map(same_document, (one or {} for one in asked), self._documents_of(level))):
            yield different(self.wanted.integration, theirs)

    def _documents_of(self, level: str) -> list[Document]:
        """What is wanted of a level, and of its webhook limit."""
        return [thing.document for thing in self.things if _level_of(thing) == level]

    def _levels(self) -> list[SecurityLevel]:
        found = []
        for level in self.wanted.levels:
            thing = SecurityLevel(
                copied_as_possible(level, self.wanted.copied_from.get(level.name, ()), self.reading.observed),
                self.tenant.catalogue,
                self.tenant.terms,
                self.reading.observed,
                self._access_of_level(level.name),
                full_audit=self.tenant.params["full_audit"],
                limit=next((limit for limit in self.wanted.limits if limit.level == level.name), None),
                siblings=[other.name for other in self.wanted.levels],
                copied_from=self.wanted.copied_from.get(level.name, ()),
                shared=level.name in self.wanted.shared_levels,
                accepted=self._accepted(Kind.LEVEL, level.name),
            )
            found.append(thing)
        raise_all(error for thing in found for error in errors_of(thing.check))
        return found

    def _limits(self) -> list[LimitOfWebhooks]:
        return [
            LimitOfWebhooks(
                limit,
                self.tenant.catalogue,
                self.tenant.terms,
                self.reading.observed,
                self._access_of_level(limit.level),
                self._accepted(Kind.WEBHOOK_LIMIT, limit.level),
            )
            for limit in self.wanted.limits
        ]

    def _api_users(self) -> list[ApiUser | ApiUserWithLevel]:
        return [self._api_user(user, user.document) for user in self.wanted.users if user.document]

    def _api_user(self, user: WantedUser, document: User | ExistingUser) -> ApiUser | ApiUserWithLevel:
        terms, observed = self.tenant.terms, self.reading.observed
        accepted = self._accepted(Kind.API_USER, user.name)
        if isinstance(document, ExistingUser):
            existing = ApiUserWithLevel(document, user.record_as, terms, observed, accepted)
            existing.check()
            return existing
        escrow = self.tenant.store.escrow(user.record_as) if self.apply_via == "console" else None
        if escrow and user.key not in self.users.recorded:
            escrow.check()
        sealed = bool(self.tenant.hand_in) and escrow is None
        made = ApiUser(document, self.tenant.host, user.record_as, terms, observed, escrow, sealed=sealed, accepted=accepted)
        made.check()
        return made

    def _access_of_level(self, level: str) -> Access:
        """What the first user of the level may do, where it has the level; nothing where that isn't known."""
        user = next((user for user in self.wanted.users if same_name(user.security_level, level)), None)
        recorded = self.users.working.get(user.key) if user else None
        if user is None or recorded is None or self.reading.observed is None or user.key not in self.users.access:
            return {}
        seen = user_with_key(self.reading.observed["api_users"], recorded.user_name)
        return self.users.access[user.key].access if seen and same_name(seen["security_level"], level) else {}

    def _proof(self, user: WantedUser) -> Proof:
        recorded = self.users.working.get(user.key)
        if recorded is None:
            return UNKNOWN
        observed = self.reading.observed
        seen = find_user(observed["api_users"], user.first_name, user.last_name) if observed else None
        signed_in = user.key in self.users.access
        return prove(
            user.name,
            recorded.user_name,
            observed,
            seen,
            signed_in,
            lambda: self.tenant.client_of(user.record_as, recorded, self.reading.zone_url),
        )

    def _proof_of_new(self, user: WantedUser, observed: Observed | None) -> Proof:
        if user.key in self.users.refused:
            return Proof(
                "unknown", (f'The new credentials of "{user.name}" are kept, and don\'t sign in yet. {self.users.refused[user.key]}',)
            )
        recorded = self.users.recorded[user.key]
        seen = find_user(observed["api_users"], user.first_name, user.last_name) if observed else None
        return prove(user.name, recorded.user_name, observed, seen, user.key in self.users.access, lambda: None)

    def _result(self, thing: SecurityLevel | LimitOfWebhooks | ApiUser | ApiUserWithLevel, outcome: Outcome) -> ObjectResult:
        result = result_of(self.tenant.name, self.wanted.integration, thing, outcome)
        if isinstance(thing, ApiUserWithLevel):
            user = next(user for user in self.wanted.users if user.name == thing.name)
            return with_proof(result, self.proofs[user.key] if user.key in self.users.recorded else _of_vendor(user), known=True)
        if isinstance(thing, ApiUser):
            user = next(user for user in self.wanted.users if user.name == thing.name)
            result["changed"] = result["changed"] or thing.claimed
            proof = self.proofs[user.key]
            return with_proof(result, proof, known=user.key in self.users.recorded or proof.evidence != "unknown")
        return result


def _level_of(thing: SecurityLevel | LimitOfWebhooks | ApiUser | ApiUserWithLevel) -> str:
    """The level that a thing is about; empty for a user."""
    return thing.name if isinstance(thing, SecurityLevel | LimitOfWebhooks) else ""


def _of_vendor(user: WantedUser) -> Proof:
    """What is known of credentials that nobody recorded, because their user was there before."""
    expected = ", and what it may do was not compared with what is expected" if user.expected else ""
    words = f'The key and the secret of "{user.name}" stay with its vendor: that they sign in is not proven{expected}. Let the vendor test the connection.'
    return Proof("unknown", (words,))


def _ids_of(wanted: Wanted, reading: Reading) -> dict[str, int]:
    """The ids of the integration's users, by their keys, as far as REST shows them."""
    seen = reading.observed["api_users"] if reading.observed else []
    found = {user.key: find_user(seen, user.first_name, user.last_name) for user in wanted.users}
    return {key: user["id"] for key, user in found.items() if user}


def _zone_for(wanted: Wanted, tenant: Tenant, reading: Reading, recorded: Mapping[str, Recorded]) -> Mapping[str, str]:
    """Where the tenant lives, as far as the hand-over needs it. A run sheet without credentials has not read it, and a zone that is pinned has no console."""
    zone, needs = dict(reading.zone), needed(wanted.profile or {})
    if zone.get("web_url" if "zone_web_url" in needs else "url") or needs.isdisjoint(OF_ZONE):
        return zone
    user = next((user for user in wanted.users if user.key in recorded), None)
    client = tenant.client or (tenant.client_of(user.record_as, recorded[user.key]) if user else None)
    if client is None:
        return zone
    zone["url"] = client.zone.url
    with suppress(RequestError):
        zone["web_url"] = client.zone.web_url or look_up_zone(client).web_url
    return zone


def hand_over(wanted: Wanted, tenant: Tenant, reading: Reading, recorded: Mapping[str, Recorded], entry: Entry, check_mode: bool) -> None:
    """Write the hand-over and the sheet of manual steps, where the credentials of all users that were made are recorded (by key); the entry tells where
    they are.
    """
    profile, key, files = wanted.profile or {}, wanted.integration, tenant.handovers
    if any(user.key not in recorded and not user.existing for user in wanted.users):
        return
    content = handover_of(profile, recorded, _zone_for(wanted, tenant, reading, recorded), tenant.name, _ids_of(wanted, reading))
    if content["fields"]:
        entry["handover"] = {"path": files.path(key), "changed": files.write(key, content, check_mode)}
    if profile["manual_steps"]:
        changed = files.write_steps(key, wanted.vendor, tenant.name, profile["manual_steps"], check_mode)
        entry["manual_steps"] = {"path": files.steps_path(key), "changed": changed}
    entry["changed"] = entry["changed"] or any(part.get("changed") for part in (entry["handover"], entry["manual_steps"]))
