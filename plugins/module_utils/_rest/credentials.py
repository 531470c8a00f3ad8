# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What an API user signs in with, and what copying may have made of it. Private to the collection.

Whether a text can be meant is decided here, wherever people enter one: the hand-in page goes by the same `FORM`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .._errors import InputError, raise_all
from .._text import UNSEEN

# What the head of a request can carry: printable ASCII, without a blank at an end. Autotask generates nothing else.
FORM = "[!-~]([ -~]*[!-~])?"


@dataclass(frozen=True)
class Credentials:
    """What an API user signs in with. Not printed."""

    user_name: str
    secret: str = field(repr=False)
    integration_code: str = field(repr=False)


def check_credentials(credentials: Credentials, above: tuple[str, ...] = ()) -> None:
    """Raises InputError for all texts that can't be what Autotask has generated, with what was seen in them, and without them."""
    raise_all(_errors(credentials, above))


def _errors(credentials: Credentials, above: tuple[str, ...]) -> Iterator[InputError]:
    for name in ("user_name", "secret", "integration_code"):
        text = getattr(credentials, name)
        if text and not re.fullmatch(FORM, text):
            words = f"it has {unseen_in(text) or 'a sign in it that is not ASCII, such as a dash or a quotation mark of a word processor'}"
            yield InputError(
                (*above, name),
                f"{words}; Autotask makes none with that. Copy it again: in full, and nothing else with it",
                "credentials_form",
            )


def unseen_in(text: str) -> str:
    """What is in a text that people don't see, in words that don't show the text; empty for nothing. A single blank inside is seen."""
    last = len(text) - 1
    for number in sorted(range(len(text)), key=lambda number: number not in (0, last)):
        where = "at its beginning" if number == 0 else "at its end" if number == last else "in it"
        if words := _unseen(text[number], inside=0 < number < last):
            return f"{words} {where}"
    return ""


def _unseen(character: str, inside: bool) -> str:
    if character.splitlines() != [character]:
        return "a line break"
    if character == " ":
        return "" if inside else "a blank"
    if character.isspace():
        return f"a blank of another kind (U+{ord(character):04X})"
    return "" if character.isprintable() and not UNSEEN.match(character) else f"a character that nobody sees (U+{ord(character):04X})"
