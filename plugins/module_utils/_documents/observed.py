# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Finds levels and users among those that were read. Private to the collection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .._entities import SYSTEM_API_LEVELS, LevelFacts, Observed, UserFacts, same_key
from .._errors import InputError
from .names import LONGEST_NAME, same_name


def find_level(levels: Sequence[LevelFacts], name: str) -> LevelFacts | None:
    """The level of this name, capitals and the suffix ` (API-only)` aside."""
    exact = [level for level in levels if level["name"] == name]
    return next(iter(exact or [level for level in levels if same_name(level["name"], name)]), None)


def find_user(users: Sequence[UserFacts], first_name: str, last_name: str) -> UserFacts | None:
    """The API user of this name, capitals aside; an active one rather than inactive ones. Raises InputError when several are active."""
    name = (first_name.casefold(), last_name.casefold())
    same = [user for user in users if (user["first_name"].casefold(), user["last_name"].casefold()) == name]
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
    return sorted(name for name, start in starts if start and name == f"{start[0]}{source}"[:LONGEST_NAME].strip())


def provisioners(observed: Observed | None, key: str) -> frozenset[int]:
    """The ids of those whose tickets and notes are the collection's own: the API user with this key, those that had its name, and those on its level, active
    or not, unless that is a system level, which anybody's API user may have.
    """
    users = observed["api_users"] if observed else []
    own = user_with_key(users, key)
    if own is None:
        return frozenset()
    name = (own["first_name"].casefold(), own["last_name"].casefold())
    level = "" if own["security_level"] in SYSTEM_API_LEVELS else own["security_level"]
    return frozenset(
        user["id"]
        for user in users
        if (user["first_name"].casefold(), user["last_name"].casefold()) == name or (level and user["security_level"] == level)
    )


def user_with_key(users: Iterable[UserFacts], user_name: str) -> UserFacts | None:
    """The API user that signs in with this Username (Key)."""
    return next((user for user in users if same_key(user["user_name"], user_name)), None)
