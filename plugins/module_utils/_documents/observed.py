# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Finds levels and users among those that were read. Private to the collection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .._entities import SYSTEM_API_LEVELS, LevelFacts, Observed, UserFacts, same_key
from .._errors import InputError
from .._text import compared
from .names import LONGEST_NAME, person_key, same_name


def find_level(levels: Sequence[LevelFacts], name: str) -> LevelFacts | None:
    """The level of this name, capitals and the suffix ` (API-only)` aside."""
    exact = [level for level in levels if level["name"] == name]
    return next(iter(exact or [level for level in levels if same_name(level["name"], name)]), None)


def find_user(users: Sequence[UserFacts], first_name: str, last_name: str) -> UserFacts | None:
    """The API user of this name, capitals aside; an active one rather than inactive ones. Raises InputError when several are active."""
    name = person_key(first_name, last_name)
    same = [user for user in users if person_key(user["first_name"], user["last_name"]) == name]
    active = [user for user in same if user["active"]]
    if len(active) > 1:
        keys = ", ".join(user["user_name"] for user in active)
        raise InputError(
            ["first_name", "last_name"],
            f'there are {len(active)} active API users "{first_name} {last_name}" ({keys}); inactivate the others',
            "ambiguous_user",
        )
    return next(iter(active or same), None)


def unnamed_copies(levels: Iterable[LevelFacts], source: str) -> list[str]:
    """The copies of the source that nobody has renamed: Autotask stores each as `Copy (n) of ...` at once, cut off where that is too long for a name."""
    starts = ((level["name"], re.match(r"Copy \(\d+\) of ", level["name"])) for level in levels)
    return sorted(name for name, start in starts if start and compared(name) == compared(f"{start[0]}{source}"[:LONGEST_NAME]))


def provisioners(observed: Observed | None, key: str) -> frozenset[int]:
    """The ids of those whose tickets and notes are the collection's own: the API user with this key, those that had its name, and those on its level, active
    or not, unless that is a system level, which anybody's API user may have.
    """
    users = observed["api_users"] if observed else []
    own = user_with_key(users, key)
    if own is None:
        return frozenset()
    name = person_key(own["first_name"], own["last_name"])
    level = "" if own["security_level"] in SYSTEM_API_LEVELS else own["security_level"]
    return frozenset(
        user["id"]
        for user in users
        if person_key(user["first_name"], user["last_name"]) == name or (level and user["security_level"] == level)
    )


def switched_off(observed: Observed, user: UserFacts) -> str:
    """Why nobody can sign in as a user, whatever the secret is, as far as REST shows it: `the user is inactive`, or its level is; empty where it may."""
    level = find_level(observed["levels"], user["security_level"])
    if not user["active"]:
        return "the user is inactive"
    return "its security level is inactive" if level is not None and not level["active"] else ""


def user_with_key(users: Iterable[UserFacts], user_name: str) -> UserFacts | None:
    """The API user that signs in with this Username (Key)."""
    return next((user for user in users if same_key(user["user_name"], user_name)), None)
