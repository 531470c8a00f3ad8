# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a tenant should have of one integration. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._documents.api_user import ExistingUser, User
from .._documents.security_level import Level
from .._documents.webhook_limit import WebhookLimit
from .._errors import InputError
from .._profile.resolved import Profile
from .._profile.text import Text

REPORT, ASK, APPLY = "report", "ask", "apply"


@dataclass(frozen=True)
class WantedUser:
    """An API user of a profile. `key` is what the profile calls it, `record_as` the name under which its credentials are recorded.

    `document` is what is wanted of it; None where that isn't asked for. One that is `existing` only gets a level: its credentials are its vendor's.
    """

    key: str
    record_as: str
    first_name: str
    last_name: str
    security_level: str
    expected: Sequence[tuple[str, str, bool]]
    document: User | ExistingUser | None = None
    existing: bool = False

    @property
    def name(self) -> str:
        """First and last name, as the console lists the user."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class Wanted:
    """One integration as a tenant should have it, or, with the state `absent`, have it no longer.

    `profile` is `resolved` as `rendered` gives it; None where only the key of an integration to retire is known. `apply_via` says who carries it out,
    `runsheet` where its run sheets are, as far as that isn't the tenant's; `copied_from` has the levels that each level, by name, can be copied from.
    `shared_levels` may be another integration's, too; `made_by` has the integrations that make those of them that aren't among `levels`.
    `refused` is why a run that isn't in check mode would set up nothing. `mode` says what a run may do: `report` what it sees, `ask` people, `apply` it by
    a browser; `text` is the profile as it was written.
    """

    integration: str
    state: str = "present"
    profile: Mapping[str, Any] | None = None
    levels: Sequence[Level] = ()
    copied_from: Mapping[str, Sequence[str]] = field(default_factory=dict)
    limits: Sequence[WebhookLimit] = ()
    users: Sequence[WantedUser] = ()
    resolved: Profile | None = None
    apply_via: str = "ticket"
    runsheet: Mapping[str, Any] = field(default_factory=dict)
    shared_levels: frozenset[str] = frozenset()
    made_by: Mapping[str, str] = field(default_factory=dict)
    refused: InputError | None = None
    mode: str = "ask"
    text: Text | None = None

    @property
    def only_reported(self) -> bool:
        """Whether nothing is to be written, whatever the run is."""
        return self.mode == REPORT

    @property
    def refusal(self) -> str:
        """What a run in check mode says of that; empty where nothing is refused."""
        return f"A real run would be refused, before anything is written. {self.refused}" if self.refused else ""

    @property
    def vendor(self) -> str:
        """What reports call it."""
        return str(self.profile["vendor"]) if self.profile else self.integration

    @property
    def needs_company(self) -> bool:
        """Whether a prerequisite of what is to be set up speaks of the tenant's own company."""
        set_up = any(user.document for user in self.users)
        return set_up and any(entry["check"] == "own_country" for entry in (self.profile or {}).get("prerequisites", ()))
