# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where a value that an integration wants comes from: who says so, and in which file and line. Private to the collection."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from .._change.model import Kind
from .._profile.levels import origin
from .._profile.library import ROLES
from .._profile.resolve import as_read
from .._profile.resolved import OVERRIDES, Origin
from .._profile.text import Place
from .wanted import Wanted

# How facts of an API user are called in a profile, where they are called otherwise.
IN_PROFILE = {"tracking": "tracking_identifier"}
# What a tenant sets for its API users, if the profile doesn't.
OF_TENANT = ("email", "location")


class Whence:
    """The sources of one integration's values. What came as data, and from no file, has no lines."""

    def __init__(self, wanted: Wanted) -> None:
        self._profile = wanted.resolved
        self._text = as_read(wanted.text) if wanted.text else None
        self._levels = {one.level.name: one for one in wanted.resolved.levels} if wanted.resolved else {}
        self._users = {user.name: user.key for user in wanted.users}
        self._file = shown_path(wanted.text.name) if wanted.text and wanted.text.name else ""

    def of(self, kind: Kind, name: str, fact: str) -> dict[str, Any]:
        """The source of a value of an object."""
        if kind is Kind.API_USER:
            return self._told(self._of_user(name, fact))
        level = self._levels.get(name)
        if level is None:
            return {}
        place = level.covered.get(fact, ("security_levels", level.key))
        return self._told(level.origins.get(fact) or self._origin(place))

    def of_access(self, user: str, expected: str, operation: str) -> dict[str, Any]:
        """The source of what a user is expected to be able to do."""
        listed = (self._profile.data["api_users"] if self._profile else None) or []
        entry: Mapping[str, Any] = next((one for one in listed if one["key"] == user), {})
        operations = (entry.get("expect") or {}).get(expected) or []
        number = [str(operations.index(operation) + 1)] if operation in operations else []
        return self._told(self._origin(("api_users", user, "expect", expected, *number)))

    def _of_user(self, name: str, fact: str) -> Origin:
        place = ("api_users", self._users.get(name, ""), IN_PROFILE.get(fact, fact))
        if fact in OF_TENANT and self._text and place not in self._text.lines:
            return Origin((), "tenant", "set for this tenant")
        return self._origin(place)

    def _origin(self, place: Place) -> Origin:
        return origin(self._profile.data, place) if self._profile else Origin(place, "")

    def _told(self, known: Origin) -> dict[str, Any]:
        place = known.place
        told: dict[str, Any] = {"source": known.source, "why": known.why, "at": " > ".join(place)}
        if self._text and self._file and place[:1] != (OVERRIDES,) and place:
            told |= {"file": self._file, "line": self._text.line(self._text.as_written(place))}
        return {name: value for name, value in told.items() if value}


def shown_path(path: str) -> str:
    """The path of a file as others find it, too: from the folder that the run was started in, or from that of the collection."""
    for folder, name in ((os.getcwd(), ""), (str(ROLES.parent), "msp.autotask")):
        relative = os.path.relpath(os.path.realpath(path), os.path.realpath(folder))
        if not relative.startswith(os.pardir):
            return os.path.join(name, relative).replace(os.sep, "/")
    return path
