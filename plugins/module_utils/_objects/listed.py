# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a tenant's list of integrations asks for, from profiles and the tenant's choices. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._catalogue.model import Catalogue
from .._documents.api_user import ExistingUser, User, parse_existing, parse_user
from .._documents.copied_levels import tenant_level
from .._documents.expected_access import parse_expectations
from .._documents.names import check_key
from .._documents.webhook_limit import WebhookLimit
from .._errors import InputError, errors_of, raise_all
from .._profile.explain import lacking
from .._profile.library import catalogue_of, profile_text
from .._profile.rendering import rendered
from .._profile.resolve import read_profile
from .._profile.resolved import Choices, Profile
from .claims import with_claims
from .wanted import APPLY, ASK, REPORT, Wanted, WantedUser
from .webhook_limit import parse_limit

CHOICES = ("included", "excluded", "overrides", "lines_of_business", "impersonated_levels")


def wanted_of(
    entries: Sequence[Mapping[str, Any]], shared: Mapping[str, Any], catalogue: Catalogue, documents: bool = True, check_mode: bool = False
) -> list[Wanted]:
    """The integrations of a tenant, for the option `integrations`; `shared` are the options of the tenant.

    Without `documents` only who is meant is asked for, not what is wanted of it: a tenant's address and choices aren't needed then.
    In check mode an incomplete profile is planned, and said to be refused otherwise, where the tenant doesn't allow it.

    Raises InputError for all that can't be meant, in any of them, before anything is read or written.
    """
    found: dict[str, Wanted] = {}
    errors: list[InputError] = []
    for number, entry in enumerate(entries, 1):
        place = ("integrations", str(number))
        try:
            mode, apply_via = _how(entry, shared, place)
            wanted = replace(
                _wanted(entry, shared, catalogue, place, documents), mode=mode, apply_via=apply_via, runsheet=_given(entry["runsheet"])
            )
            if wanted.refused and not check_mode:
                raise wanted.refused
        except InputError as error:
            errors += [_as_people_call_it(one, entry) for one in error.errors]
            continue
        if wanted.integration in found:
            errors.append(InputError(place, f'"{wanted.integration}" is named twice', "named_twice"))
        found[wanted.integration] = wanted
    raise_all([*errors, *(errors_of(with_claims, list(found.values())) if errors else ())])
    return with_claims(list(found.values()))


def _how(entry: Mapping[str, Any], shared: Mapping[str, Any], place: tuple[str, ...]) -> tuple[str, str]:
    """What a run may do about an integration (`mode`), and who carries its steps out. Raises InputError for two that don't go together."""
    apply_via = entry["apply_via"] or shared.get("apply_via", "ticket")
    own_way = APPLY if apply_via == "console" else ASK
    of_tenant = shared.get("mode")
    # Who carries out the steps of one integration says more than what is meant for all of the tenant's.
    mode = entry.get("mode") or (of_tenant if of_tenant and (of_tenant == REPORT or not entry["apply_via"]) else own_way)
    if mode == ASK and apply_via == "console":
        words = "puts steps before people, and a browser is to carry them out: name a ticket or run sheet with apply_via, or apply them"
        raise InputError((*place, "mode"), words, "mode")
    return mode, "console" if mode == APPLY else apply_via


def _as_people_call_it(error: InputError, entry: Mapping[str, Any]) -> InputError:
    """The error, with the name that people gave an option in its place: of what an entry has, and of what a tenant has still to choose."""
    place = error.place[2:] if error.place[:1] == ("integrations",) else error.place
    option = place[0] if place else ""
    called = (entry["variables"] or {}).get(option)
    return InputError((called, *place[1:]), error.message, error.code) if called and (entry[option] or option in CHOICES) else error


def catalogue_for(entries: Sequence[Mapping[str, Any]], extra: Sequence[Mapping[str, Any]]) -> Catalogue:
    """The catalogue for the integrations of a tenant, with what their profiles and the tenant's `extra` settings add to it. Raises InputError.

    A profile that can't be read adds nothing; `wanted_of` tells of it, with all else that is wrong.
    """
    named = [entry["profile"] for entry in entries if entry["profile"] is not None and not errors_of(profile_text, entry["profile"])]
    return catalogue_of([profile_text(profile) for profile in named], extra)


def _wanted(entry: Mapping[str, Any], shared: Mapping[str, Any], catalogue: Catalogue, place: tuple[str, ...], documents: bool) -> Wanted:
    if entry["profile"] is None:
        if entry["state"] != "absent" or not entry["integration"]:
            raise InputError((*place, "profile"), "is needed; the key alone is enough to retire an integration", "profile_missing")
        return Wanted(check_key(str(entry["integration"])), "absent")
    choices = Choices(**{name: entry[name] for name in CHOICES}, passwords_expire=bool(shared.get("passwords_expire")))
    text = profile_text(entry["profile"], (*place, "profile"))
    profile = read_profile(text, choices, catalogue)
    data = rendered(profile, catalogue)
    if entry["state"] == "absent":
        return Wanted(data["integration"], "absent", data)
    if not documents:
        return Wanted(check_key(data["integration"]), "present", data, users=[_user(user) for user in profile.users], resolved=profile)
    raise_all(_open_errors(profile, place))
    try:
        return Wanted(
            check_key(data["integration"]),
            "present",
            data,
            levels=[tenant_level(one.level, catalogue) for one in profile.levels],
            copied_from={one.level.name: one.copied_from for one in profile.levels},
            limits=_limits(profile),
            users=[replace(_user(user), document=_document(user, entry, shared)) for user in profile.users],
            resolved=profile,
            shared_levels=frozenset(one.level.name for one in profile.levels if one.shared),
            text=text,
            refused=None if entry["allow_incomplete"] else _incomplete(data, (*place, "profile")),
        )
    except InputError as error:
        raise error.below(("integrations", str(data["integration"]))) from error


def _open_errors(profile: Profile, place: tuple[str, ...]) -> Iterator[InputError]:
    """For what a tenant still has to choose."""
    for missing in profile.missing:
        where = (*place, missing.choice)
        yield InputError(where, missing.text, "lines_of_business" if where[-1] == "lines_of_business" else "tracking_missing")


def _incomplete(data: Mapping[str, Any], place: Sequence[str]) -> InputError | None:
    """Why a profile isn't rolled out unless a tenant allows it; None for one that lacks nothing."""
    words = "".join(lacking(data))
    advice = "Complete it, or set it up as it is with `allow_incomplete` (the variable autotask_allow_incomplete)."
    return InputError(place, f"{words[:1].lower()}{words[1:]} {advice}", "incomplete") if words else None


def _given(options: Mapping[str, Any] | None) -> dict[str, Any]:
    """What was given of some options."""
    return {name: value for name, value in (options or {}).items() if value is not None}


def _limits(profile: Profile) -> list[WebhookLimit]:
    return [
        parse_limit(one.level.name, one.webhooks["maximum"], one.webhooks.get("bound", "exact"), one.webhooks.get("minimum", 0))
        for one in profile.levels
        if one.webhooks
    ]


def _user(user: Mapping[str, Any]) -> WantedUser:
    return WantedUser(
        user["key"],
        user["record_as"],
        user["first_name"],
        user["last_name"],
        user["security_level"],
        parse_expectations(user["expect"]),
        existing=user["existing"],
    )


def _document(user: Mapping[str, Any], entry: Mapping[str, Any], shared: Mapping[str, Any]) -> User | ExistingUser:
    """What is wanted of a user. Its address and its location are what the tenant sets for it, else for the integration, else what the guide names."""
    if user["existing"]:
        return parse_existing(user)
    override = (entry["overrides"].get("api_users") or {}).get(user["key"]) or {}
    own = {name: override.get(name) or entry[name] or user[name] or shared[name] for name in ("email", "location")}
    return parse_user({**user, **own, "active": True})


def ways_of(wanted: Sequence[Wanted], shared: Mapping[str, Any]) -> list[str]:
    """The appliers of some integrations; the tenant's where there are none."""
    return [one.apply_via for one in wanted] or [str(shared["apply_via"])]
