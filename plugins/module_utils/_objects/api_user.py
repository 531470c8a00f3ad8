# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""An API user as it should be, or as it should no longer be. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from .._appliers.base import ConsoleView, no_secret
from .._catalogue.terms import Terms
from .._change.decide import Knowledge
from .._change.model import Document, Kind, Record
from .._credentials.escrow import Escrow
from .._documents.api_user import User, alternatives, render_user, user_facts
from .._documents.names import same_name
from .._documents.observed import find_user
from .._entities import Observed, UserFacts
from .._errors import AutotaskError, InputError
from .._plan.step import Step
from .._plan.user_steps import MENUS, TEXT_FIELDS, record_sentence, user_steps
from .._text import compared, folded, quoted, suggestion
from .accepted import as_accepted

LABELS = {
    **TEXT_FIELDS,
    **MENUS,
    "active": "Active",
    "locked": "Locked",
    "tracking": "API Tracking Identifier",
    "lines_of_business": "Line of Business",
    "unassigned_items": "Items with no assigned Line of Business",
    "credentials": "Credentials",
}
# What REST shows of an API user; the rest is attested.
READABLE = ("first_name", "last_name", "email", "active", "security_level", "location")


def label_of(fact: str) -> str:
    """Names a fact of an API user as the console does."""
    return LABELS.get(fact, fact)


@dataclass
class ApiUser:
    """See `Thing`. `host` is what the inventory calls the tenant, `record_as` the name under which the credentials are recorded; `observed` is None where
    nothing can be read.

    `escrow` is where a browser keeps what it generates; `claimed` says that this is now what is recorded of the user. `sealed` says that people hand
    the credentials in so, `accepted` has values that may stand in the place of what is wanted.
    """

    user: User
    host: str
    record_as: str
    terms: Terms
    observed: Observed | None
    escrow: Escrow | None = None
    claimed: bool = False
    sealed: bool = False
    accepted: Mapping[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    kind: ClassVar[Kind] = Kind.API_USER
    shared: ClassVar[bool] = False
    label = staticmethod(label_of)

    @property
    def name(self) -> str:
        """See `Thing`."""
        return self.user.name

    @property
    def document(self) -> Document:
        """See `Thing`."""
        return render_user(self.user)

    @property
    def facts(self) -> Mapping[str, Any]:
        """The facts that the document decides."""
        return user_facts(self.user)

    @property
    def seen(self) -> UserFacts | None:
        """The user as REST shows it. Raises InputError where several are active."""
        return find_user(self.observed["api_users"], self.user.first_name, self.user.last_name) if self.observed else None

    def check(self) -> None:
        """Warn of what nobody has looked up. Raises InputError for a location that the tenant doesn't have: nobody could choose it."""
        location, offered = self.facts.get("location"), self.observed.get("locations", []) if self.observed else []
        if location and offered and folded(location) not in map(folded, offered):
            raise InputError(
                ["location"],
                f'the tenant has no internal location "{location}".{suggestion(location, offered)} It has {quoted(offered)}. Set autotask_location, or '
                "the location of the integration or of its user",
                "unknown_location",
            )
        if (lines := self.facts.get("lines_of_business")) and self.seen is None:
            self.warnings.append(
                f"Whether the tenant has the lines of business {quoted(lines)} was not looked up: are they spelt as the console has them?"
            )

    def plan_new(self) -> Knowledge:
        """See `Thing`."""
        return Knowledge(self._steps(None))

    def plan(self, attested: Document | None, begun: Record | None = None) -> Knowledge:
        """See `Thing`. Raises InputError for another tracking identifier than the user was made with."""
        seen, desired = self.seen, self.facts
        self._check_tracking(attested, seen is not None or self.observed is None)
        if seen is None and (self.observed or attested is None):
            words = [f'REST shows no API user "{self.name}".'] if attested is not None else []
            return Knowledge(self._steps(None), contradictions=words, absent=self.observed is not None)
        known = _facts_of(attested) if attested is not None else {}
        evidence = dict.fromkeys(known, "attested")
        contradictions: list[str] = []
        accepted: dict[str, Any] = {}
        shown: Mapping[str, Any] = seen or {}
        for fact in READABLE if seen else ():
            if fact in desired:
                value = desired[fact] if _alike(fact, shown[fact], desired[fact]) else shown[fact]
                if value != desired[fact] and fact in self.accepted and _alike(fact, value, self.accepted[fact]):
                    known[fact], evidence[fact], accepted[fact] = desired[fact], "read", value
                    continue
                if attested is not None and value != known.get(fact):
                    contradictions.append(f'REST shows {LABELS[fact]} "{shown[fact]}" for the API user "{self.name}".')
                known[fact], evidence[fact] = value, "read"
        return Knowledge(self._steps(known), known, evidence, contradictions, accepted=accepted)

    def wanted_now(self, known: Mapping[str, Any]) -> Mapping[str, Any]:
        """See `Reviewed`."""
        return self.facts

    def facts_of(self, document: Document) -> Mapping[str, Any]:
        """See `Reviewed`."""
        return _facts_of(document)

    def plan_seen(self, console: ConsoleView, check_mode: bool) -> Knowledge:
        """See `Thing`. What lies in escrow for the user that the console shows becomes what is recorded."""
        seen = console.user(self.user.first_name, self.user.last_name)
        desired = self.facts
        if seen is None:
            return Knowledge(self._steps(None), absent=True)
        if self.escrow and not check_mode:
            self.claimed = self.escrow.settle(seen.user_name) or self.claimed
        known = {
            fact: desired[fact] if fact in desired and _alike(fact, value, desired[fact]) else value for fact, value in seen.facts.items()
        }
        accepted = as_accepted(known, desired, self.accepted)
        known |= accepted.wanted
        return Knowledge(self._steps(known), known, dict.fromkeys(known, "read"), accepted=accepted.seen)

    def keep(self, generated: Mapping[str, str]) -> None:
        """See `Thing`."""
        if self.escrow is None:
            raise AutotaskError(
                "There is no place where the secret of a new API user could be kept. Nothing was saved.", "credentials_file"
            )
        self.escrow.keep(generated)

    def _steps(self, known: Mapping[str, Any] | None) -> list[Step]:
        record = record_sentence(self.name, self.host, self.record_as, self.sealed)
        return user_steps(self.name, known, self.facts, record, self.terms)

    def _check_tracking(self, attested: Document | None, there: bool) -> None:
        """Once assigned, a tracking identifier can't be changed (Autotask, the page of an API user)."""
        before = (attested or {}).get("tracking_identifier")
        if there and before and not {*map(compared, alternatives(before))} <= {*map(compared, alternatives(self.user.tracking))}:
            raise InputError(
                ["tracking_identifier"],
                f'the API user "{self.name}" was made with {dict(before)}, and a tracking identifier can\'t be changed once it is set. '
                "Another vendor means another user: choose another name for it.",
                "tracking_fixed",
            )


@dataclass
class InactiveUser:
    """See `Thing`: an API user that is no longer wanted. Users are never deleted.

    `active` is None where nothing can be read; `switched_off` says that REST has done it, or would.
    """

    first_name: str
    last_name: str
    active: bool | None
    terms: Terms
    record_as: str = ""
    switched_off: bool = False
    warnings: list[str] = field(default_factory=list)

    kind: ClassVar[Kind] = Kind.API_USER
    shared: ClassVar[bool] = False
    facts: ClassVar[tuple[str, ...]] = ("active",)
    label = staticmethod(label_of)

    @property
    def name(self) -> str:
        """See `Thing`."""
        return f"{self.first_name} {self.last_name}"

    @property
    def document(self) -> Document:
        """See `Thing`."""
        return {"first_name": self.first_name, "last_name": self.last_name, "active": False}

    def plan_new(self) -> Knowledge:
        """See `Thing`: there is nothing to switch off."""
        return Knowledge(())

    def plan(self, attested: Document | None, begun: Record | None = None) -> Knowledge:
        """See `Thing`."""
        known = {"active": attested is None if self.active is None else self.active}
        evidence = {"active": "attested" if self.active is None else "read"}
        return Knowledge(user_steps(self.name, known, {"active": False}, "", self.terms), known, evidence, read=self.active is False)

    def plan_seen(self, console: ConsoleView, check_mode: bool) -> Knowledge:
        """See `Thing`."""
        seen = console.user(self.first_name, self.last_name)
        known = {"active": bool(seen and seen.facts.get("active"))}
        return Knowledge(user_steps(self.name, known, {"active": False}, "", self.terms), known, {"active": "read"})

    def keep(self, generated: Mapping[str, str]) -> None:
        """See `Thing`."""
        no_secret(generated)


def _alike(fact: str, observed: object, desired: object) -> bool:
    if fact == "security_level":
        return same_name(str(observed), str(desired))
    if isinstance(desired, str):
        return folded(str(observed)) == folded(desired) if fact == "location" else compared(str(observed)) == compared(desired)
    if fact == "lines_of_business" and isinstance(observed, list) and isinstance(desired, list):
        return sorted(map(compared, observed)) == sorted(map(compared, desired))
    return observed == desired


def _facts_of(document: Document) -> dict[str, Any]:
    facts = dict(document)
    facts["tracking"] = facts.pop("tracking_identifier", {})
    return facts
