# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The variables that the roles and playbooks of the collection know, and what is wrong with others of such names. Private to the collection."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ..module_utils._errors import InputError
from ..module_utils._profile.library import vendors
from ..module_utils._text import suggestion

COLLECTION = Path(__file__).parents[2]
TENANT = "autotask"
# Whatever has a variable of ours has it in one of these.
FILES = (
    "roles/*/meta/argument_specs.yml",
    "roles/*/defaults/main.yml",
    "roles/*/vars/main.yml",
    "roles/*/tasks/*.yml",
    "playbooks/**/*.yml",
)
NAME = re.compile(r"\b[a-z0-9]+_\w+")
# How the names of version 0.1.0 went on, and how they do now.
RENAMED = {"optional": "included", "without": "excluded"}


@functools.cache
def known_names() -> frozenset[str]:
    """Every name that begins as a variable of ours and stands in a role or a playbook; read once, since forks have what was read before them."""
    texts = [path.read_text(encoding="utf-8") for pattern in FILES for path in COLLECTION.glob(pattern)]
    return frozenset(name for text in texts for name in NAME.findall(text) if name.partition("_")[0] in _beginnings())


def wrong_names(variables: Mapping[str, Any], of_vendor: Iterable[str], lists: Collection[str]) -> Iterator[InputError]:
    """For each of a host's variables that begins like one of ours, and is none.

    Of each vendor those are known that go on as `of_vendor` does, and of `lists` whatever begins with a list's name. What a task has registered sets nothing.
    """
    known = known_names() | {f"{vendor}_{option}" for vendor in vendors() for option in of_vendor}
    for name in sorted(name for name in variables if name.partition("_")[0] in _beginnings() and "_" in name):
        if name not in known and not name.startswith(tuple(f"{one}_" for one in lists)) and not _is_registered(variables[name]):
            yield _unknown(name, known)


def _unknown(name: str, known: Collection[str]) -> InputError:
    prefix, _between, option = name.partition("_")
    if option in RENAMED:
        return InputError((name,), f"this variable is called {prefix}_{RENAMED[option]} since version 0.2.0; rename it", "unknown_variable")
    near = suggestion(name, sorted(one for one in known if one.startswith(f"{prefix}_")))
    return InputError(
        (name,),
        f"there is no such variable.{near} Correct it, or take it out. Variables of your own have names that don't begin with {prefix}_.",
        "unknown_variable",
    )


def _is_registered(value: Any) -> bool:
    return isinstance(value, Mapping) and ("failed" in value or "changed" in value)


def _beginnings() -> frozenset[str]:
    return frozenset({TENANT, *vendors()})
