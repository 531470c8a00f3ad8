# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Match what people write with what the console prints. Private to the collection."""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeGuard

# What XML can't hold, what UTF-8 can't, what a terminal obeys, and what turns the order of the letters that follow. Tabs and line breaks stay.
UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

# What has no width, so that people don't see whether it is there: soft hyphens, joiners, marks of direction, fillers, variation selectors, the byte order
# mark. Most of what Unicode says may be ignored by default.
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)

# What is said of a text that isn't `quotable`.
UNQUOTABLE = "double quotes, line breaks and characters that nobody sees can't be part of it: it is quoted in the sentence of a step"

# Levels of lists and mappings in one another. What anybody means has ten at most, and what walks through it takes some hundred.
DEEPEST = 50


def as_seen(text: str) -> str:
    """The text as people see it: in one Unicode form, without what has no width, with one blank where there are several, and none at the ends."""
    return on_one_line(text if text.isascii() else UNSEEN.sub("", unicodedata.normalize("NFKC", text)))


def compared(text: str) -> str:
    """What names of all kinds are compared by: the text as people see it, capitals aside."""
    return as_seen(as_seen(text).casefold())


def fitting(wanted: Collection[str], texts: Iterable[str]) -> list[int]:
    """The positions of those texts that are one of the wanted ones, letter by letter, or, where none is, as names are `compared`."""
    found = list(texts)
    keys = {compared(text) for text in wanted}
    exact = [number for number, text in enumerate(found) if text in wanted]
    return exact or [number for number, text in enumerate(found) if compared(text) in keys]


def folded(text: str) -> str:
    """What labels are compared by: the text without what a person reads past, punctuation, spaces and the word "and" included."""
    return "".join(word for word in re.split(r"[\W_]+", compared(text)) if word != "and")


def nearest(text: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known labels that look most like the text, best first; none that looks much less like it than the best."""
    by_fold = {folded(label): label for label in known}
    close = difflib.get_close_matches(folded(text), by_fold, n=most, cutoff=0.55)
    likeness = {fold: difflib.SequenceMatcher(None, fold, folded(text)).ratio() for fold in close}
    return [by_fold[fold] for fold in close if likeness[fold] > max(likeness.values()) - 0.2]


def quoted(labels: Iterable[str], last: str = "and") -> str:
    """`"A", "B" and "C"`."""
    items = [f'"{label}"' for label in labels]
    return f" {last} ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def quotable(text: str) -> bool:
    """Whether the sentence of a step can quote the text."""
    return '"' not in text and text.isprintable()


def suggestion(text: str, known: Iterable[str]) -> str:
    """`Nearest: "A" or "B".`, or nothing when nothing is near."""
    near = nearest(text, known)
    return f" Nearest: {quoted(near, 'or')}." if near else ""


def for_error(value: object, longest: int = 60) -> str:
    """What somebody wrote, for an error: short, on one line, in the words of YAML."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = on_one_line(str(value))
    text = text if len(text) <= longest else f"{text[:longest]}..."
    return f'"{text}"' if isinstance(value, str) else text


def on_one_line(text: str) -> str:
    """The text with a blank in the place of each line break, and of several blanks."""
    return " ".join(text.split())


def cleaned(text: str) -> str:
    """The text, with a mark in the place of each character that XML, UTF-8 or a terminal would stumble over: control characters other than tabs and line
    breaks, and halves of surrogate pairs. For texts that a tenant made; in those that we make such a character is refused.
    """
    return UNSPEAKABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def from_json(text: str | bytes) -> Any:
    """What JSON says that anybody may have written; None for what is none, for numbers that JSON doesn't have, and for what is nested too deep to be meant."""
    try:
        found = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return found if _is_shallow(found) else None


def _is_shallow(value: Any) -> bool:
    layer = [value]
    for _level in range(DEEPEST):
        layer = [inner for one in layer for inner in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())]
        if not layer:
            return True
    return False


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def as_json(value: object) -> str:
    """The value as JSON; empty for what has none: other objects than texts, numbers, lists and mappings, and what is nested too deep."""
    try:
        return json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        return ""


def all_cleaned(value: Any) -> Any:
    """The value with all of its texts `cleaned`."""
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, Mapping):
        return {all_cleaned(key): all_cleaned(item) for key, item in value.items()}
    return [all_cleaned(item) for item in value] if isinstance(value, list | tuple) else value


def is_whole(value: object) -> TypeGuard[int]:
    """Whether something is a whole number, which true and false are not, though Python counts with them."""
    return isinstance(value, int) and not isinstance(value, bool)
