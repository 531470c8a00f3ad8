# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Hold data against a schema, and say in our own words what is wrong. Private to the collection.

The library's words are for those who know schemas, and they quote the whole value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .._catalogue.lookup import belongs
from .._catalogue.model import standard
from .._errors import AutotaskError, InputError
from .._text import for_error, nearest, quoted, suggestion
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
# What a tenant says of a profile, and no profile says itself.
OF_TENANTS = ("included", "excluded", "overrides", "apply_via", "runsheet")


def form_errors(data: object, schema: Mapping[str, Any], place: Sequence[str] = ()) -> Iterator[InputError]:
    """An error, with its place, for each thing in the data that the schema doesn't allow."""
    if JSONSCHEMA_MISSING:
        raise AutotaskError(f"The Python library jsonschema is missing ({JSONSCHEMA_MISSING}): pip install jsonschema", "library_missing")
    by_path: dict[tuple[Any, ...], list[Any]] = {}
    for error in jsonschema.Draft202012Validator(schema).iter_errors(data):
        by_path.setdefault(tuple(error.absolute_path), []).append(error)
    for path, errors in by_path.items():
        where = _named(data, path, place)
        unknown = {key: error.schema["properties"] for error in errors for key in _unknown_keys(error)}
        yield from (InputError([*where, key], _words_of_unknown(key, list(known), schema), "form") for key, known in unknown.items())
        others = [error for error in errors if error.validator not in ("additionalProperties", "required")]
        missing = _missing([error for error in errors if error.validator == "required"], unknown)
        if others:
            error = jsonschema.exceptions.best_match(others)
            yield InputError(_named(data, error.absolute_path, place), _words(error), "form")
        elif missing:
            yield InputError(where, f"{quoted(missing)} {'is' if len(missing) == 1 else 'are'} missing", "form")


def _named(data: Any, path: Sequence[Any], place: Sequence[str]) -> list[str]:
    """A path of the library as a place: entries of lists are called by their keys."""
    where, inside = list(place), data
    for part in path:
        inside = inside[part]
        where.append(entry_name(inside, part + 1) if isinstance(part, int) else str(part))
    return where


def _unknown_keys(error: Any) -> list[str]:
    if error.validator != "additionalProperties":
        return []
    return [str(key) for key in error.instance if key not in error.schema["properties"]]


def _missing(errors: Sequence[Any], unknown: Iterable[str]) -> list[str]:
    """The keys that are missing. One that is only misspelt is wrong once: where it stands."""
    missing = [key for error in errors[:1] for key in error.validator_value if key not in error.instance]
    misspelt = {near for key in unknown for near in nearest(key, missing)}
    return [key for key in missing if key not in misspelt]


def _words_of_unknown(key: str, known: Sequence[str], schema: Mapping[str, Any]) -> str:
    """What to say of a key that has no meaning where it stands: what looks like it there, and where it has its place."""
    where = [" > ".join(above) or "at the top" for above in _places_of(key, schema)]
    if where:
        right = f" `{key}` stands {'' if where[0].startswith('at ') else 'in '}{' or in '.join(where)}."
    elif key in OF_TENANTS:
        right = f" `{key}` is for a tenant to choose, not for a profile: in the tenant's `autotask_integrations`."
    else:
        right = belongs(standard(), key)
        right = f" {right} Settings stand below `settings`." if right else ""
    return f"there is no such key here.{suggestion(key, known)}{right} The keys are {quoted(known)}."


def _places_of(key: str, schema: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where the schema has a key: the keys that lead to it."""
    for name, part in schema.get("properties", {}).items():
        if name == key:
            yield above
        yield from _places_of(key, part, (*above, name))
    for below in ("items", "additionalProperties"):
        if isinstance(schema.get(below), Mapping):
            yield from _places_of(key, schema[below], above)


def _words(error: Any) -> str:
    wanted, value = error.validator_value, error.instance
    if error.validator == "type":
        return _words_of_type(error, wanted, value)
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


def _words_of_type(error: Any, wanted: str, value: object) -> str:
    kind = KINDS[wanted]
    if value is None:
        return f"{kind} is needed here; it is empty"
    if wanted == "string" and isinstance(value, bool):
        return f"{kind} is needed here, and YAML reads this as {for_error(value)}. Put it into quotes."
    quotes = " Put it into quotes." if wanted == "string" and isinstance(value, int | float) else ""
    keys = f" Its keys are {quoted(error.schema['properties'])}." if wanted == "object" and error.schema.get("properties") else ""
    return f"{kind} is needed here, not {for_error(value)}.{quotes}{keys}"
