# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Profiles in an earlier form, translated into today's. Private to the collection.

Version 1 of the form, that of version 0.1.0 of the collection, has other names for some keys. And in either version a profile of one guide may say
`source`, a mapping, for what is `guides`, a list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._errors import InputError
from .text import Place, Text, places_of

VERSION = 2
# Where a key stands (`*`: any entry of a list), how version 1 calls it, and how it is called today.
RENAMED: tuple[tuple[Place, str, str], ...] = (
    ((), "evidence", "sources"),
    (("evidence", "*"), "known_by", "source"),
    ((), "by_hand", "manual_steps"),
    (("common_issues", "*"), "mend", "fix"),
)
GUIDE: Place = ("source",)
GUIDES: Place = ("guides", "1")
REMARK = (
    "The profile has the form of version 1, which is still read. Of today's form, `profile: 2`, it has these names: "
    + ", ".join(f"`{new}` for `{old}`" for _where, old, new in RENAMED)
    + ", and `guides`, a list, for `source`."
)


@dataclass(frozen=True)
class Translated(Text):
    """A profile in today's form that was written in another one, or with keys that are misspelt: `duplicates` has these, too.

    `written` has the place in the file of each place; what has none stands there by itself.
    """

    written: Mapping[Place, Place] | None = None
    version: int = VERSION

    def error(self, error: InputError) -> InputError:
        """The error with the keys as the author wrote them."""
        return super().error(error if error in self.duplicates else InputError(error.place, self._in_old_words(error), error.code))

    @property
    def unread(self) -> list[InputError]:
        """See `Text`."""
        meant = {place: today for today, place in (self.written or {}).items()}
        found = []
        for error in self.duplicates:
            above = max((length for length in range(len(error.place)) if error.place[:length] in meant), default=0)
            if error.place not in meant:
                found.append(InputError((*meant.get(error.place[:above], ()), *error.place[above:]), error.message, error.code))
        return found

    def as_written(self, place: Place) -> Place:
        """See `Text`."""
        known = self.written or {}
        for length in range(len(place), 0, -1):
            if place[:length] in known:
                return _before((*known[place[:length]], *place[length:]), self.version == 1)
        return _before(place, self.version == 1)

    def _in_old_words(self, error: InputError) -> str:
        old = {GUIDES[0]: GUIDE[0]} if GUIDES in (self.written or {}) else {}
        for where, before, today in RENAMED if self.version == 1 else ():
            # `source` is today's word for two things of version 1, by where it stands.
            if today != GUIDE[0] or (where and tuple(error.place[:1]) == ("sources",)):
                old[today] = before
        return re.sub(r'(?<=["`])(\w+)(?=["`]| > )', lambda found: old.get(found[1], found[1]), error.message)


def in_todays_form(text: Text) -> Text:
    """The profile as today's form has it; errors of it name the keys and the lines of the file. A key that stands there in both ways is a duplicate."""
    old = text.data.get("profile") == 1 and not isinstance(text.data.get("profile"), bool)
    if not old and "source" not in text.data:
        return text
    places = [*text.lines, *places_of(text.data)]
    written = {today: place for place in places if (today := _today(place, old)) != place}
    duplicates = list(text.duplicates)
    data = _translated(text.data, (), old, duplicates)
    version = VERSION if old else data.get("profile")
    return Translated({**data, "profile": version}, text.name, text.lines, text.digest, duplicates, written, 1 if old else VERSION)


def is_old(text: Text) -> bool:
    """Whether the profile was written in version 1 of the form."""
    return isinstance(text, Translated) and text.version == 1


def _renamed(above: Place, key: str, old: bool) -> str:
    """Today's name of a key, by the place in the file that it stands at."""
    for where, before, today in RENAMED if old else ():
        if key == before and len(where) == len(above) and all(part in ("*", name) for part, name in zip(where, above, strict=True)):
            return today
    return key


def _before(place: Place, old: bool) -> Place:
    """The place with the names of version 1, also of what isn't there."""
    found = list(place)
    for where, before, today in RENAMED if old else ():
        above = place[: len(where)]
        if place[len(where) : len(where) + 1] == (today,) and all(part in ("*", name) for part, name in zip(where, found, strict=False)):
            found[len(above)] = before
    return tuple(found)


def _today(place: Place, old: bool) -> Place:
    if place[:1] == GUIDE:
        return (*GUIDES, *place[1:])
    return tuple(_renamed(place[:number], name, old) for number, name in enumerate(place))


def _translated(data: Any, place: Place, old: bool, duplicates: list[InputError]) -> Any:
    if isinstance(data, list):
        return [_translated(item, (*place, str(number)), old, duplicates) for number, item in enumerate(data, 1)]
    if not isinstance(data, Mapping):
        is_path = old and len(place) == 3 and (place[0], place[2]) == ("evidence", "at") and isinstance(data, str)
        return " > ".join(_today(tuple(data.split(" > ")), old)) if is_path else data
    found: dict[str, Any] = {}
    for name, value in data.items():
        key = _renamed(place, str(name), old)
        inner = _translated(value, (*place, str(name)), old, duplicates)
        if not place and name == GUIDE[0]:
            key, inner = GUIDES[0], [inner]
        if key != name and key in data:
            duplicates.append(InputError([*place, str(name)], f"`{key}` says the same; leave one of them out", "form"))
        if key != name or key not in found:
            found[key] = inner
    return found
