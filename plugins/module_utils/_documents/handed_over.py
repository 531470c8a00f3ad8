# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What can be handed over to a vendor, and how several values become one text. Private to the collection."""

from __future__ import annotations

import string
from collections.abc import Mapping

from .._errors import InputError, raise_all
from .._text import for_error, quoted, suggestion

# What is known of a user only once its credentials are recorded.
CREDENTIALS = ("user_name", "secret", "integration_code")
OF_ZONE = ("zone_web_url", "zone_url", "zone_host")
HANDED_OVER = (*CREDENTIALS, "user_id", *OF_ZONE, "tenant")


def placeholders(text: str) -> list[str]:
    """The values that a format names, such as `{user_name}`; a brace that stands for itself is doubled.

    Raises InputError for a name that isn't one of them, and for braces that don't belong together.
    """
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        raise InputError(
            [], f"the braces of {for_error(text)} don't belong together; double one that stands for itself", "handover"
        ) from error
    names = [name for _text, name, _spec, _conversion in parts if name is not None]
    wrong = [name for _text, name, spec, conversion in parts if name is not None and (name not in HANDED_OVER or spec or conversion)]
    raise_all(
        InputError([], f'there is no value "{name}".{suggestion(name, HANDED_OVER)} There are {quoted(HANDED_OVER)}', "handover")
        for name in wrong
    )
    return names


def filled(text: str, values: Mapping[str, str]) -> str:
    """The format with its values. What stands in a value is text, braces included."""
    return "".join(part + (values[name] if name is not None else "") for part, name, _spec, _conversion in string.Formatter().parse(text))


def mentioned(text: str) -> list[str]:
    """The values that a fixed text names as a format would."""
    return [name for name in HANDED_OVER if f"{{{name}}}" in text]
