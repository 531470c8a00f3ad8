# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What an answer of Autotask says, read value by value: a value that isn't what was asked for is an error, never "nothing there". Private to the collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .._errors import RequestError

_NEEDED: Any = object()


class Unexpected(RequestError):
    """Autotask answered, and it isn't what was asked for: `place` says to which request, `what` what is wrong with the answer."""

    code = "unexpected_answer"
    place = ""
    what = ""


def unexpected(place: str, what: str) -> Unexpected:
    """The error for an answer."""
    error = Unexpected(
        f"{place}: the answer isn't what was asked for: {what}. Nothing is concluded from it. Run again; if that repeats itself, something between "
        "here and Autotask changes its answers, or Autotask does."
    )
    error.place, error.what = place, what
    return error


class Contradictory(RequestError):
    """Autotask answered, and a moment later it said something else."""

    code = "contradictory_answers"


def contradictory(lost: str) -> Contradictory:
    """The error for what was there, and isn't any more when it is looked for another way; nothing was written by then."""
    return Contradictory(
        f"Autotask has just shown {lost}, and a moment later it doesn't. Nothing was written. Run again; somebody may be working on it."
    )


@dataclass(frozen=True)
class Row:
    """One record of an answer; `place` says of which, for people. All methods raise Unexpected.

    A value that is null or isn't there is the `default`, where one is given.
    """

    values: Mapping[str, Any]
    place: str

    def whole(self, name: str, default: int | None = _NEEDED) -> Any:
        """A whole number."""
        value = self.values.get(name)
        if value is None and default is not _NEEDED:
            return default
        if not isinstance(value, int) or isinstance(value, bool):
            raise unexpected(self.place, f'"{name}" is no whole number')
        return value

    def text(self, name: str, default: str = _NEEDED) -> str:
        """A text. What no encoding has becomes a question mark, so that it can be shown and kept."""
        value = self.values.get(name)
        if value is None and default is not _NEEDED:
            return default
        if not isinstance(value, str):
            raise unexpected(self.place, f'"{name}" is no text')
        return value.encode("utf-8", "replace").decode("utf-8")

    def flag(self, name: str, default: bool = _NEEDED) -> bool:
        """Yes or no; some entities have 1 and 0."""
        value = self.values.get(name)
        if value is None and default is not _NEEDED:
            return default
        if value not in (True, False):
            raise unexpected(self.place, f'"{name}" is neither true nor false')
        return bool(value)

    def row(self, name: str) -> Row:
        """What stands below a name."""
        found = self.row_or_none(name)
        if found is None:
            raise unexpected(self.place, f'"{name}" is no record')
        return found

    def row_or_none(self, name: str) -> Row | None:
        """What stands below a name; None for null, and where the name isn't there."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, dict):
            raise unexpected(self.place, f'"{name}" is no record')
        return None if value is None else Row(value, self.place)

    def rows(self, name: str) -> list[Row]:
        """The records of a list."""
        return list(self._each(name, self._list(name)))

    def wholes(self, name: str) -> list[int]:
        """The whole numbers of a list."""
        return [Row({name: value}, self.place).whole(name) for value in self._list(name)]

    def texts(self, name: str) -> list[str]:
        """The texts of a list."""
        return [Row({name: value}, self.place).text(name) for value in self._list(name)]

    def _list(self, name: str) -> list[Any]:
        value = self.values.get(name)
        if not isinstance(value, list):
            raise unexpected(self.place, f'"{name}" is no list')
        return value

    def _each(self, name: str, values: list[Any]) -> Iterator[Row]:
        for number, value in enumerate(values, 1):
            if not isinstance(value, dict):
                raise unexpected(self.place, f'number {number} of "{name}" is no record')
            yield Row(value, f"{self.place}, {name} {number}")
