# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The words of a diagnosis: what an integration should find, what was seen, and what came of a check. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._catalogue.model import Catalogue, standard
from .._catalogue.terms import DEFAULT_TERMS, Terms
from .._documents.names import person_key
from .._documents.security_level import Cells
from .._entities import WEBHOOK_ENTITIES, LevelFacts, UserFacts

FAULT, SUSPECT, FINE, UNKNOWN = "fault", "suspect", "fine", "unknown"
WORKS, REFUSED, UNTRIED = "works", "refused", "untried"
# The tracking identifier is refused, in so many words; what was answered is neither a yes nor a no.
WRONG_IDENTIFIER, UNCLEAR = "wrong identifier", "unclear"
# What a line of business can hide, of what REST can count (Autotask help, Configure_Resource_Security_LOB). Organizations have none.
OF_A_LINE_OF_BUSINESS = ("Tickets", "Contracts", "Opportunities", "Projects")
SLOWED = 0.75  # the share of the hourly requests from which each answer takes a second longer (Autotask help, REST_Thresholds_Limits)


@dataclass(frozen=True)
class Wanted:
    """What the integration should find: its user, and what that may do. `granted` are entities and operations.

    `webhooks` is the maximum that the vendor asks for; 0 where it asks for none. No `lines_of_business` means all. `cells` are those of the level
    that the profile names.
    """

    first_name: str
    last_name: str
    security_level: str
    webhooks: int = 0
    lines_of_business: tuple[str, ...] = ()
    unassigned_items: bool = True
    terms: Terms = field(default_factory=lambda: DEFAULT_TERMS)
    cells: Cells = field(default_factory=dict)
    catalogue: Catalogue = field(default_factory=standard)

    @property
    def name(self) -> str:
        """First and last name, as the console lists the user."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class Seen:
    """What was read of the tenant, and as the user; None for what was not read, with the reason in `unread` (keys: the names of the fields).

    `owner` is the API user that the recorded key belongs to, `key_known` whether Autotask finds a zone for the key. `sign_in` says what came of signing in,
    `sign_in_answer` has Autotask's words on it, or says that these credentials were refused in an earlier run and not sent again. `expected` are the
    findings of `_access.compare`, `rows` how many records of an entity the user sees, and how many this run sees.
    """

    levels: Sequence[LevelFacts] | None = None
    users: Sequence[UserFacts] | None = None
    licences: Sequence[str] = ()
    key: str = ""
    owner: UserFacts | None = None
    key_known: bool = True
    sign_in: str = UNTRIED
    sign_in_answer: str = ""
    access: Mapping[str, Mapping[str, str]] | None = None
    expected: Sequence[Mapping[str, Any]] = ()
    rows: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    webhooks: Sequence[Mapping[str, Any]] | None = None
    company: Mapping[str, Any] | None = None
    products: Mapping[str, Any] | None = None
    modules: Sequence[Mapping[str, Any]] | None = None
    usage: Mapping[str, int] | None = None
    refused_as_busy: str = ""
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """What came of one check. `follows_from` names the check whose fault explains this one, if any."""

    check: str
    verdict: str
    cause: str = ""
    proof: str = ""
    fix: str = ""
    follows_from: str = ""


Found = Mapping[str, Finding]


def user_of_that_name(wanted: Wanted, seen: Seen) -> UserFacts | None:
    """The API user that is meant: of several of this name the one whose key is recorded, then an active one."""
    same = namesakes(wanted, seen)
    own = [user for user in same if seen.owner and user["id"] == seen.owner["id"]]
    return next(iter(own or [user for user in same if user["active"]] or same), None)


def namesakes(wanted: Wanted, seen: Seen) -> list[UserFacts]:
    """All API users of this name, active or not."""
    name = person_key(wanted.first_name, wanted.last_name)
    return [user for user in seen.users or () if person_key(user["first_name"], user["last_name"]) == name]


def missing_access(seen: Seen) -> list[Mapping[str, Any]]:
    """The expectations that are not met, but for those of webhooks."""
    return [one for one in seen.expected if one["verdict"] == "missing" and one["entity"] not in WEBHOOK_ENTITIES]


def may_query(seen: Seen, entity: str) -> bool:
    """Whether the user may see all records of an entity, by its level."""
    return (seen.access or {}).get(entity, {}).get("query") == "All"


def hidden_rows(seen: Seen, entities: Iterable[str]) -> dict[str, str]:
    """In a few words, of which of the entities the user sees fewer records than this run."""
    compared = {entity: seen.rows[entity] for entity in entities if entity in seen.rows}
    return {entity: f"the user sees {own}, this run {ours}" for entity, (own, ours) in compared.items() if own < ours}


def access_told(findings: Iterable[Mapping[str, Any]]) -> str:
    """In a few words, what Autotask answered to expectations."""
    words = ", ".join(f"{one['entity']} {one['operation']} is {one['effective']}" for one in findings)
    return f"entityInformation as the user: {words} (effect)."


def access_words(may: Mapping[str, str]) -> str:
    """In a few words, an access by entity."""
    if len(set(may.values())) == 1:
        return f"{next(iter(may.values()))} for {', '.join(may)}"
    return ", ".join(f"{access} for {entity}" for entity, access in may.items()) or "not told"


def usage_words(usage: Mapping[str, int]) -> str:
    """In a few words, how much of the request budget is used."""
    return f"{usage['used']} of {usage['allowed']} requests in {usage['minutes']} minutes"
