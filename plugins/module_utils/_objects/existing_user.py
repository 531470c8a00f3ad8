# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""An API user that is there already, and gets another level. Its key and its secret stay with its vendor. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from .._appliers.base import ConsoleView, no_secret
from .._catalogue.terms import Terms
from .._change.decide import Knowledge
from .._change.model import Document, Kind, Record
from .._documents.api_user import ExistingUser
from .._documents.names import same_name
from .._documents.observed import find_user
from .._entities import Observed
from .._errors import InputError
from .._plan.user_steps import user_steps
from .._text import quoted
from .api_user import label_of

LEVEL = "security_level"


@dataclass
class ApiUserWithLevel:
    """See `Thing`. `observed` is None where nothing can be read; `record_as` is the name under which its credentials can be recorded,
    `accepted` has a level that may stand in the place of what is wanted.
    """

    user: ExistingUser
    record_as: str
    terms: Terms
    observed: Observed | None
    accepted: Mapping[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    kind: ClassVar[Kind] = Kind.API_USER
    shared: ClassVar[bool] = False
    facts: ClassVar[tuple[str, ...]] = (LEVEL,)
    label = staticmethod(label_of)

    @property
    def name(self) -> str:
        """See `Thing`."""
        return self.user.name

    @property
    def document(self) -> Document:
        """See `Thing`."""
        return asdict(self.user)

    def check(self) -> None:
        """Raises InputError where REST shows no active user of this name."""
        if self.observed is None:
            return
        users = self.observed["api_users"]
        seen = find_user(users, self.user.first_name, self.user.last_name)
        if not (seen and seen["active"]):
            names = quoted([f"{user['first_name']} {user['last_name']}" for user in users if user["active"]])
            raise InputError(
                ["api_users", self.name],
                f"this API user should be there already, and REST shows no active one of this name; it shows {names}. "
                "Give its first and last name by an override.",
                "no_such_user",
            )

    def wanted_now(self, known: Mapping[str, Any]) -> Mapping[str, Any]:
        """See `Reviewed`."""
        return {LEVEL: self.user.security_level}

    def facts_of(self, document: Document) -> Mapping[str, Any]:
        """See `Reviewed`."""
        return {LEVEL: document.get(LEVEL)}

    def plan_new(self) -> Knowledge:
        """See `Thing`."""
        return self.plan(None)

    def plan(self, attested: Document | None, begun: Record | None = None) -> Knowledge:
        """See `Thing`."""
        seen = find_user(self.observed["api_users"], self.user.first_name, self.user.last_name) if self.observed else None
        before = str((attested or {}).get(LEVEL, ""))
        if seen is None:
            return self._knowledge(before, "attested")
        differs = attested is not None and not same_name(seen["security_level"], before)
        words = [f'REST shows Security Level "{seen["security_level"]}" for the API user "{self.name}".'] if differs else []
        return self._knowledge(seen["security_level"], "read", words)

    def plan_seen(self, console: ConsoleView, check_mode: bool) -> Knowledge:
        """See `Thing`. Raises InputError where the console doesn't list it."""
        seen = console.user(self.user.first_name, self.user.last_name)
        if seen is None:
            raise InputError(
                ["api_users", self.name], "this API user should be there already, and the console doesn't list it", "no_such_user"
            )
        return self._knowledge(str(seen.facts.get(LEVEL, "")), "read")

    def keep(self, generated: Mapping[str, str]) -> None:
        """See `Thing`."""
        no_secret(generated)

    def _knowledge(self, level: str, evidence: str, contradictions: list[str] | None = None) -> Knowledge:
        """What is known of its level, empty where nothing is, and the steps that are needed then."""
        desired = {LEVEL: self.user.security_level}
        is_accepted = bool(level) and LEVEL in self.accepted and same_name(level, str(self.accepted[LEVEL]))
        known = {} if not level else desired if is_accepted or same_name(level, self.user.security_level) else {LEVEL: level}
        steps = user_steps(self.name, known, desired, "", self.terms)
        words = [] if is_accepted else contradictions or []
        return Knowledge(steps, known, dict.fromkeys(known, evidence), words, accepted={LEVEL: level} if is_accepted else {})
