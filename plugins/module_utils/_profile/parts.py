# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The optional parts of a profile: which of them a tenant has, and what comes to its users with them. Private to the collection.

A part may hold permissions of a level, what is expected of that level's users, a system level in the level's place, and further users, prerequisites,
manual steps, addresses and impersonated levels.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from .._errors import InputError, raise_all
from .text import Place, entry_names

Entry = Mapping[str, Any]
PERMISSIONS = ("sections", "modules", "settings", "webhooks")


def entries_of(data: Entry, name: str, above: Place = ()) -> list[tuple[Place, Entry]]:
    """The entries of a list, with their places."""
    entries = data.get(name) or []
    return [((*above, name, called), entry) for called, entry in zip(entry_names(entries), entries, strict=True)]


def users_in(data: Entry) -> Iterator[tuple[Place, Entry]]:
    """The API users of a profile, and those of each of its parts, with their places."""
    yield from entries_of(data, "api_users")
    for place, part in entries_of(data, "optional"):
        yield from entries_of(part, "api_users", place)


def chosen_parts(data: Entry, included: Collection[str], excluded: Collection[str], by_default: Collection[str] = ()) -> list[Entry]:
    """The parts that a tenant has; `by_default` are those that it has like those that are on by default.

    Where a part puts a system level in a level's place, parts of that level that are merely on by default have nothing to belong to.
    Raises InputError, at `included`, for two that can't be had together.
    """
    parts = [part for part in data.get("optional") or [] if part.get("key")]
    default = {part["key"] for part in parts if part.get("default") or part["key"] in by_default}
    found = [part for part in parts if part["key"] in included or (part["key"] in default and part["key"] not in excluded)]
    instead: dict[str, str] = {}
    errors = []
    for part in found:
        if (level := part.get("security_level")) and "system_level" in part:
            if level in instead:
                errors.append(_conflict(part["key"], instead[level], level))
            instead.setdefault(level, part["key"])
    for part in found:
        level = part.get("security_level")
        if level in instead and "system_level" not in part and part["key"] in included:
            errors.append(_conflict(part["key"], instead[level], level))
    raise_all(errors)
    return [part for part in found if part.get("security_level") not in instead or "system_level" in part]


def _conflict(one: str, other: str, level: str) -> InputError:
    message = f'"{other}" puts a system level in the place of the security level "{level}", so "{one}" can\'t be had with it; leave one of them out'
    return InputError(("included",), message, "contradiction")


def replaced_levels(parts: Sequence[Entry]) -> dict[str, str]:
    """The system levels that parts put in the place of levels, by the keys of those."""
    named = [(part.get("security_level"), part.get("system_level")) for part in parts]
    return {level: instead for level, instead in named if level and instead}


def users_of(data: Entry, parts: Sequence[Entry]) -> dict[str, dict[str, Any]]:
    """The API users of a profile and of these parts of it, by key, with the levels that they have and what is expected of them then."""
    users = [*(data.get("api_users") or []), *(user for part in parts for user in part.get("api_users") or [])]
    found: dict[str, dict[str, Any]] = {}
    for user in users:
        if user.get("key"):
            found.setdefault(user["key"], _with_parts(user, parts))
    return found


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
        of_this = part.get("security_level") == user.get("security_level")
        for name, other in (("granted", "denied"), ("denied", "granted")) if part.get("expect") and of_this else ():
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
