# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The oddities that a tenant may have, and which values they take; the README says what they do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.console.look import GENERATIONS, LANGUAGES, NAVIGATIONS, TRAPS
from sandbox.editor import MORE_SECTIONS
from sandbox.permissions import MODULES

_ONE_OF: dict[str, tuple[Any, ...]] = {
    "api_user_patch": ("ignored", "works"),
    "access_as_numbers": (False, True),
    "console": GENERATIONS,
    "console_language": LANGUAGES,
    "console_navigation": NAVIGATIONS,
    "sign_in": ("password", "totp", "single_sign_on"),
}
_SOME_OF = {"modules_off": tuple(MODULES), "console_traps": tuple(TRAPS), "more_sections": MORE_SECTIONS}
_NUMBERS = ("session_ends_after",)
OPTIONS = (*_ONE_OF, *_SOME_OF, *_NUMBERS)


def check(options: Mapping[str, Any]) -> None:
    """ValueError if there is no such option, or it doesn't take the value."""
    for name, value in options.items():
        if name not in OPTIONS:
            raise ValueError(f"there is no option {name}; there are {', '.join(OPTIONS)}")
        if name in _ONE_OF and value not in _ONE_OF[name]:
            raise ValueError(f"{name} must be one of {', '.join(map(str, _ONE_OF[name]))}")
        if name in _SOME_OF and not (isinstance(value, list | tuple) and all(item in _SOME_OF[name] for item in value)):
            raise ValueError(f"{name} must be a list of {', '.join(_SOME_OF[name])}")
        if name in _NUMBERS and not (isinstance(value, int) and not isinstance(value, bool) and value > 0):
            raise ValueError(f"{name} must be a number from 1")
