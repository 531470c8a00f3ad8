# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a tenant should have, from profiles and the tenant's choices. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._catalogue.model import Catalogue
from .._documents.api_user import User, parse_user
from .._documents.expected_access import parse_expectations
from .._documents.names import check_key
from .._documents.security_level import Level
from .._documents.webhook_limit import WebhookLimit
from .._errors import InputError
from .._profile.library import profile_text
from .._profile.resolve import Choices, Profile, read_profile, rendered, tenant_level
from .webhook_limit import parse_limit

CHOICES = ("included", "excluded", "overrides", "lines_of_business", "impersonated_levels")


@dataclass(frozen=True)
class WantedUser:
    """An API user of a profile. `key` is what the profile calls it, `record_as` the name under which its credentials are recorded.

    `document` is what is wanted of it; None where that isn't asked for.
    """

    key: str
    record_as: str
    first_name: str
    last_name: str
    security_level: str
    expected: Sequence[tuple[str, str, bool]]
    document: User | None = None

    @property
    def name(self) -> str:
        """First and last name, as the console lists the user."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class Wanted:
    """One integration as a tenant should have it, or, with the state `absent`, have it no longer.

    `profile` is `resolved` as `rendered` gives it; None where only the key of an integration to retire is known. `apply_via` says who carries it out,
    `runsheet` where its run sheets are, as far as that isn't the tenant's.
    """

    integration: str
    state: str = "present"
    profile: Mapping[str, Any] | None = None
    levels: Sequence[Level] = ()
    limits: Sequence[WebhookLimit] = ()
    users: Sequence[WantedUser] = ()
    resolved: Profile | None = None
    apply_via: str = "ticket"
    runsheet: Mapping[str, Any] = field(default_factory=dict)

    @property
    def vendor(self) -> str:
        """What reports call it."""
        return str(self.profile["vendor"]) if self.profile else self.integration

    @property
    def needs_company(self) -> bool:
        """Whether a prerequisite of what is to be set up speaks of the tenant's own company."""
        set_up = any(user.document for user in self.users)
        return set_up and any(entry["check"] == "own_country" for entry in (self.profile or {}).get("prerequisites", ()))


def wanted_of(
    entries: Sequence[Mapping[str, Any]], shared: Mapping[str, Any], catalogue: Catalogue, documents: bool = True
) -> list[Wanted]:
    """The integrations of a tenant, for the option `integrations`; `shared` are the options of the tenant.

    Without `documents` only who is meant is asked for, not what is wanted of it: a tenant's address and choices aren't needed then.

    Raises InputError for the first thing that can't be meant, in any of them, before anything is read or written.
    """
    found: dict[str, Wanted] = {}
    for number, entry in enumerate(entries, 1):
        place = ("integrations", str(number))
        how = {"apply_via": entry["apply_via"] or shared.get("apply_via", "ticket"), "runsheet": _given(entry["runsheet"])}
        wanted = replace(_wanted(entry, shared, catalogue, place, documents), **how)
        if wanted.integration in found:
            raise InputError(place, f'"{wanted.integration}" is named twice', "named_twice")
        found[wanted.integration] = wanted
    _check_record_names(found.values())
    _check_claims(found.values())
    return list(found.values())


def _check_claims(wanted: Iterable[Wanted]) -> None:
    """Raises InputError where two integrations of the tenant want one level, or one API user: each would undo what the other does."""
    taken: dict[tuple[str, str], str] = {}
    for one in wanted:
        names = [("security level", level.name) for level in one.levels] + [("API user", user.name) for user in one.users]
        for kind, name in names if one.state == "present" else ():
            other = taken.setdefault((kind, name.casefold()), one.integration)
            if other != one.integration:
                raise InputError(
                    ["integrations", one.integration],
                    f'the {kind} "{name}" is {other}\'s, too; give it another name for one of them, with overrides',
                    "claimed_twice",
                )


def _check_record_names(wanted: Iterable[Wanted]) -> None:
    """Raises InputError where two users would be recorded under one name, or a name can't be one."""
    taken: dict[str, str] = {}
    for one in wanted:
        for user in one.users:
            whose = f"{one.integration} > {user.key}"
            check_key(user.record_as, f"integrations > {whose}")
            if user.record_as in taken:
                raise InputError(
                    ["integrations", whose],
                    f'its credentials would be recorded as "{user.record_as}", like those of {taken[user.record_as]}; give one of them another key',
                    "record_name_taken",
                )
            taken[user.record_as] = whose


def _wanted(entry: Mapping[str, Any], shared: Mapping[str, Any], catalogue: Catalogue, place: tuple[str, ...], documents: bool) -> Wanted:
    if entry["profile"] is None:
        if entry["state"] != "absent" or not entry["integration"]:
            raise InputError((*place, "profile"), "is needed; the key alone is enough to retire an integration", "profile_missing")
        return Wanted(check_key(str(entry["integration"])), "absent")
    profile = read_profile(
        profile_text(entry["profile"], (*place, "profile")), Choices(**{name: entry[name] for name in CHOICES}), catalogue
    )
    data = rendered(profile, catalogue)
    if entry["state"] == "absent":
        return Wanted(data["integration"], "absent", data)
    if not documents:
        return Wanted(check_key(data["integration"]), "present", data, users=[_user(user) for user in profile.users], resolved=profile)
    if profile.missing:
        raise InputError((*place, "lines_of_business"), f"{' '.join(profile.missing)}", "lines_of_business")
    try:
        return Wanted(
            check_key(data["integration"]),
            "present",
            data,
            levels=[tenant_level(one.level, catalogue) for one in profile.levels],
            limits=_limits(profile),
            users=[replace(_user(user), document=_document(user, entry, shared)) for user in profile.users],
            resolved=profile,
        )
    except InputError as error:
        raise InputError(("integrations", str(data["integration"]), *error.place), error.message, error.code) from error


def _given(options: Mapping[str, Any] | None) -> dict[str, Any]:
    """What was given of some options."""
    return {name: value for name, value in (options or {}).items() if value is not None}


def _limits(profile: Profile) -> list[WebhookLimit]:
    return [
        parse_limit(one.level.name, one.webhooks["maximum"], one.webhooks.get("bound", "exact")) for one in profile.levels if one.webhooks
    ]


def _user(user: Mapping[str, Any]) -> WantedUser:
    return WantedUser(
        user["key"], user["record_as"], user["first_name"], user["last_name"], user["security_level"], parse_expectations(user["expect"])
    )


def _document(user: Mapping[str, Any], entry: Mapping[str, Any], shared: Mapping[str, Any]) -> User:
    own = {"email": entry["email"] or shared["email"], "location": entry["location"] or shared["location"], "active": True}
    return parse_user({**user, **own})


def ways_of(wanted: Sequence[Wanted], shared: Mapping[str, Any]) -> list[str]:
    """The appliers of some integrations; the tenant's where there are none."""
    return [one.apply_via for one in wanted] or [str(shared["apply_via"])]
