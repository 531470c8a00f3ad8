# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Characters that a profile's texts can't have, because tickets, run sheets, reports and terminals show them. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .._errors import InputError
from .._text import cleaned
from .text import Place, entry_names

# Texts that become part of a line, such as a title or the name of a field. Others may have several lines.
OF_ONE_LINE = (
    "vendor",
    "product",
    "title",
    "url",
    "revised",
    "to",
    "name",
    "where",
    "setting",
    "whose",
    "section",
    "group",
    "label",
    "key",
)


def character_errors(data: object, place: Place = ()) -> Iterator[InputError]:
    """An error for each text that has a control character or half of a surrogate pair in it, or a line break where there is room for one line."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if _unspeakable(str(key)):
                yield _error(place, "a key here")
            yield from character_errors(value, (*place, str(key)))
    elif isinstance(data, list):
        for name, item in zip(entry_names(data), data, strict=True):
            yield from character_errors(item, (*place, name))
    elif isinstance(data, str) and _unspeakable(data):
        yield _error(place, "the text")
    elif isinstance(data, str) and _is_line(place) and data.splitlines() not in ([], [data]):
        yield InputError(place, "this is shown as one line, so it can't have line breaks", "characters")


def _is_line(place: Place) -> bool:
    """The names of levels have a rule of their own."""
    return place[:1] != ("security_levels",) and place[-1:] != () and place[-1] in OF_ONE_LINE


def _unspeakable(text: str) -> bool:
    return cleaned(text) != text


def _error(place: Place, what: str) -> InputError:
    return InputError(
        place, f"{what} has a control character in it, or half a character, which nobody could read; take it out", "characters"
    )
