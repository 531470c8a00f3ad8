# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What anybody might write: texts and JSON of any kind, and sound documents in which something was changed."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

JINJA = ("{{ 6 * 7 }}", "{% for x in range(10 ** 9) %}{% endfor %}", "{{ lookup('pipe', 'id') }}", "#{{")
ODD = (
    "",
    " ",
    "\x00",
    "\x1b[31m",
    "\ud800",
    "\u202e",
    "a\nb",
    "None",
    "null",
    "0",
    "-1",
    "1e999",
    "²",
    "../..",
    "http://[",
    "x" * 3000,
    *JINJA,
)
NUMBERS = (0, -1, 1, 2**31, 2**63, 10**400, 0.5, -0.0, 1e308, float("inf"), float("-inf"), float("nan"))

texts = st.text(max_size=40) | st.sampled_from(ODD)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(NUMBERS) | texts
# What the sandbox can store and send, as UTF-8. Halves of surrogate pairs come as JSON has them, in answers.
storable = texts.map(lambda text: text.encode("utf-8", "replace").decode())
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=6)


def deep(levels: int) -> Any:
    """A list in a list in a list."""
    found: Any = []
    for _level in range(levels):
        found = [found]
    return found


GONE = "gone", None
"""What was there isn't any more."""

# What happens at a place: the place, as a number of all there are, and what stands there afterwards.
Changes = Sequence[tuple[int, tuple[str, Any]]]
new = st.tuples(st.just("instead"), values | st.builds(deep, st.sampled_from([20, 60])))
more = st.tuples(st.just("beside"), values)
changes = st.lists(st.tuples(st.integers(0, 10**6), st.just(GONE) | new | new | more), min_size=1, max_size=3)


def changed(document: Any, what: Changes) -> Any:
    """A copy of a document of mappings and lists, with these changes in it."""
    whole = [copy.deepcopy(document)]
    for number, (how, value) in what:
        places = list(_places(whole))
        holder, key = places[number % len(places)]
        if how == "instead":
            holder[key] = value
        elif how == "beside" and isinstance(holder, dict):
            holder[f"{key}?"] = value
        elif how == "beside":
            holder.append(value)
        elif holder is not whole:
            del holder[key]
    return whole[0]


def _places(holder: Any) -> Iterator[tuple[Any, Any]]:
    for key, value in list(holder.items() if isinstance(holder, dict) else enumerate(holder)):
        yield holder, key
        if isinstance(value, dict | list):
            yield from _places(value)
