# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How the operator recognises on a page what a sentence names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

Thing = TypeVar("Thing")
Reading = Callable[[str], str]

# Words that tenants use for the same thing: what a sentence calls an Organization may stand on the page as Company.
_SAME_WORDS = {
    "organization": ("organization", "account", "business unit", "client", "company", "customer", "site"),
    "device": ("device", "configuration item", "installed asset", "installed product", "asset"),
}


class Stuck(Exception):
    """A sentence can't be followed. The text says why, for the ticket note."""


class NotListed(Stuck):
    """A drop-down doesn't list what the sentence names."""


def exactly(text: str) -> str:
    """A label as it is read: without case, punctuation and spacing."""
    return "".join(letter for letter in text.casefold() if letter.isalnum()) or text.strip()


def in_other_words(text: str) -> str:
    """A label with the tenant's words for Organization and Device made alike, and their plurals, too."""
    for common, words in _SAME_WORDS.items():
        forms = "|".join(f"{word[:-1]}(?:y|ies)" if word.endswith("y") else f"{word}s?" for word in words)
        text = re.sub(rf"\b(?:{forms})\b", common, text, flags=re.IGNORECASE)
    return exactly(text)


def without_brackets(text: str) -> str:
    """A label without the remarks in brackets, which people leave out."""
    return in_other_words(re.sub(r"\([^()]*\)", "", text))


NAME = (exactly,)
"""How names are read: what somebody called a level or a user."""

WORDS = (exactly, in_other_words)
"""How the values of a setting are read."""

LABEL = (exactly, in_other_words, without_brackets)
"""How the console's own labels are read: a looser reading counts only where no stricter one finds anything."""


def find(wanted: str, candidates: Iterable[tuple[str, Thing]], readings: tuple[Reading, ...]) -> list[Thing]:
    """Return what is called as wanted, by the first of the readings that finds anything; `…` at its end stands for any."""
    known = list(candidates)
    for read in readings:
        found = [thing for text, thing in known if read(text) == read(wanted)]
        if found:
            return found
    if wanted.endswith("…"):
        return [thing for text, thing in known if exactly(text).startswith(exactly(wanted))]
    return []


def only(wanted: str, candidates: Iterable[tuple[str, Thing]], readings: tuple[Reading, ...], what: str) -> Thing:
    """Return the one thing that is called as wanted.

    Raises:
        Stuck: there is none, or more than one.
    """
    found = find(wanted, candidates, readings)
    if len(found) == 1:
        return found[0]
    raise Stuck(f'There is more than one {what} "{wanted}".' if found else f'There is no {what} "{wanted}".')
