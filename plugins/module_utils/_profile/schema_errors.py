# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Hold data against a schema, and say in our own words what is wrong. Private to the collection.

The library's words are for those who know schemas, and they quote the whole value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._errors import AutotaskError, InputError
from .._text import for_error, quoted, suggestion
from .text import entry_name

try:
    import jsonschema
except ImportError as missing:
    JSONSCHEMA_MISSING: ImportError | None = missing
else:
    JSONSCHEMA_MISSING = None


KINDS = {
    "object": "a mapping (lines of `key: value`)",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
}


def check_form(data: object, schema: Mapping[str, Any], place: Sequence[str] = ()) -> None:
    """Raises InputError, with the place, for what is most clearly wrong in the data."""
    if JSONSCHEMA_MISSING:
        raise AutotaskError(f"The Python library jsonschema is missing ({JSONSCHEMA_MISSING}): pip install jsonschema", "library_missing")
    errors = list(jsonschema.Draft202012Validator(schema).iter_errors(data))
    # A key that is misspelt is wrong and missing at once; that it is misspelt says more.
    error = jsonschema.exceptions.best_match([one for one in errors if one.validator == "additionalProperties"] or errors)
    if error is None:
        return
    where = list(place)
    inside: Any = data
    for part in error.absolute_path:
        inside = inside[part]
        where.append(entry_name(inside, part + 1) if isinstance(part, int) else str(part))
    raise InputError([*where, *_unknown_keys(error)[:1]], _words(error), "form")


def _unknown_keys(error: Any) -> list[str]:
    if error.validator != "additionalProperties":
        return []
    return [str(key) for key in error.instance if key not in error.schema["properties"]]


def _words(error: Any) -> str:
    wanted, value = error.validator_value, error.instance
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        return f"there is no such key here.{suggestion(_unknown_keys(error)[0], known)} The keys are {quoted(known)}."
    if error.validator == "required":
        missing = [key for key in wanted if key not in value]
        return f"{quoted(missing)} {'is' if len(missing) == 1 else 'are'} missing"
    if error.validator == "type":
        if value is None:
            return f"{KINDS[wanted]} is needed here; it is empty"
        quotes = " Put it into quotes." if wanted == "string" and isinstance(value, bool | int | float) else ""
        return f"{KINDS[wanted]} is needed here, not {for_error(value)}.{quotes}"
    if error.validator == "enum":
        near = suggestion(str(value), [str(one) for one in wanted])
        return f"{for_error(value)} is not valid here.{near} Choose {quoted([str(one) for one in wanted], 'or')}."
    if error.validator == "const":
        return f"profile version {for_error(value)} is not supported; use {wanted}"
    if error.validator in ("anyOf", "pattern"):
        return f"{for_error(value)} is not valid here. {error.schema['description']}"
    if error.validator == "maxLength":
        return f"{for_error(value)} has {len(value)} characters; at most {wanted} are possible"
    if error.validator == "minimum":
        return f"{value} is too small; the least is {wanted}"
    return "something is needed here; it is empty"
