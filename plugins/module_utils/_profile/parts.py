# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The optional parts of a profile: which of them a tenant has, and what comes to its users with them. Private to the collection.

A part may hold permissions of a level, what is expected of that level's users, a system level in the level's place, and further users, prerequisites,
manual steps, addresses and impersonated levels.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from .._errors import InputError

Entry = Mapping[str, Any]
PERMISSIONS = ("sections", "modules", "settings", "webhooks")


def lists_of_users(data: Entry) -> Iterator[tuple[tuple[str, ...], Sequence[Entry]]]:
    """The API users of a profile, and those of each of its parts, with the place of the list."""
    yield ("api_users",), data.get("api_users") or []
    for part in data.get("optional") or []:
        yield ("optional", part["key"], "api_users"), part.get("api_users") or []


def chosen_parts(data: Entry, included: Collection[str], excluded: Collection[str], by_default: Collection[str] = ()) -> list[Entry]:
    """The parts that a tenant has; `by_default` are those that it has like those that are on by default.

    Where a part puts a system level in a level's place, parts of that level that are merely on by default have nothing to belong to.
    Raises InputError, at `included`, for two that can't be had together.
    """
    parts = data.get("optional") or []
    default = {part["key"] for part in parts if part.get("default") or part["key"] in by_default}
    found = [part for part in parts if part["key"] in included or (part["key"] in default and part["key"] not in excluded)]
    instead: dict[str, str] = {}
    for part in found:
        if "system_level" in part:
            level = part["security_level"]
            if level in instead:
                raise _conflict(part["key"], instead[level], level)
            instead[level] = part["key"]
    for part in found:
        level = part.get("security_level", "")
        if level in instead and part["key"] != instead[level] and part["key"] in included:
            raise _conflict(part["key"], instead[level], level)
    return [part for part in found if part.get("security_level", "") not in instead or "system_level" in part]


def _conflict(one: str, other: str, level: str) -> InputError:
    message = f'"{other}" puts a system level in the place of the security level "{level}", so "{one}" can\'t be had with it; leave one of them out'
    return InputError(("included",), message, "contradiction")


def replaced_levels(parts: Sequence[Entry]) -> dict[str, str]:
    """The system levels that parts put in the place of levels, by the keys of those."""
    return {part["security_level"]: part["system_level"] for part in parts if "system_level" in part}


def users_of(data: Entry, parts: Sequence[Entry]) -> dict[str, dict[str, Any]]:
    """The API users of a profile and of these parts of it, by key, with the levels that they have and what is expected of them then."""
    users = [*(data.get("api_users") or []), *(user for part in parts for user in part.get("api_users") or [])]
    return {user["key"]: _with_parts(user, parts) for user in users}


def _with_parts(user: Entry, parts: Sequence[Entry]) -> dict[str, Any]:
    found = dict(user)
    expect = {name: list((user.get("expect") or {}).get(name) or []) for name in ("granted", "denied")}
    instead = replaced_levels(parts).get(user.get("security_level", ""))
    if instead:
        del found["security_level"]
        found["system_level"] = instead
        # What the profile's own level denies says nothing of another one; what the integration needs, it still needs.
        expect["denied"] = []
    for part in parts:
        if "expect" in part and part["security_level"] == user.get("security_level"):
            for name, other in (("granted", "denied"), ("denied", "granted")):
                of_part = part["expect"].get(name) or []
                expect[other] = [operation for operation in expect[other] if operation not in of_part]
                expect[name] += [operation for operation in of_part if operation not in expect[name]]
    return {**found, "expect": expect}


def listed(data: Entry, parts: Sequence[Entry], name: str) -> list[Any]:
    """What a profile and these parts of it list under a key."""
    return [entry for one in (data, *parts) for entry in one.get(name) or []]


def impersonated(data: Entry, parts: Sequence[Entry]) -> list[Entry]:
    """The levels of people that the profile and these parts of it name."""
    return [one["impersonated_levels"] for one in (data, *parts) if one.get("impersonated_levels")]
