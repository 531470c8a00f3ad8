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
from .._text import for_error, is_whole, nearest, quoted, suggestion
from .old_form import RENAMED
from .text import entry_names

try:
    import jsonschema
except ImportError as missing:
    JSONSCHEMA_MISSING: ImportError | None = missing
else:
    JSONSCHEMA_MISSING = None
    # A whole number is one that is written as one: 5.0 is none.
    TYPES = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _checker, value: is_whole(value))
    VALIDATOR: Any = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
        jsonschema.Draft202012Validator, type_checker=TYPES
    )


KINDS = {
    "object": "a mapping (lines of `key: value`)",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
}
# What a tenant says of a profile, and no profile says itself.
OF_TENANTS = ("included", "excluded", "overrides", "apply_via", "runsheet")
# What people write, in any place or below a key, that is no key of the form or another one's: what they mean.
MEANT = {
    "users": "Each API user names its level: `security_level` stands in api_users.",
    "tracking_identifier > name": "`integration_vendor` is an entry of the list Integration Vendor, `internal_integration_name` is a name of your own.",
}


def form_errors(data: object, schema: Mapping[str, Any], place: Sequence[str] = (), as_written: bool = True) -> Iterator[InputError]:
    """An error, with its place, for each thing in the data that the schema doesn't allow.

    What isn't `as_written` has gone through YAML before, which takes more for numbers than people do.
    """
    if JSONSCHEMA_MISSING:
        raise AutotaskError(f"The Python library jsonschema is missing ({JSONSCHEMA_MISSING}): pip install jsonschema", "library_missing")
    by_path: dict[tuple[Any, ...], list[Any]] = {}
    for error in (one for found in VALIDATOR(schema).iter_errors(data) for one in _of_what_is_meant(found)):
        by_path.setdefault(tuple(error.absolute_path), []).append(error)
    for path, errors in by_path.items():
        where, above = _named(data, path, place), [part for part in path if isinstance(part, str)]
        unknown = {key: error.schema["properties"] for error in errors for key in _unknown_keys(error)}
        yield from (InputError([*where, key], words_of_unknown(key, above, list(known), schema), "form") for key, known in unknown.items())
        others = [error for error in errors if error.validator not in ("additionalProperties", "required")]
        missing = _missing([error for error in errors if error.validator == "required"], unknown)
        if others:
            yield InputError(where, _words(jsonschema.exceptions.best_match(others), as_written), "form")
        else:
            yield from (InputError([*where, key], "this key is missing", "form") for key in missing)


def _of_what_is_meant(error: Any) -> Iterator[Any]:
    """All that is wrong with the one of several forms that is meant, by its type; an error that isn't about a choice of forms, as it is."""
    forms: dict[Any, list[Any]] = {}
    for inner in error.context if error.validator == "anyOf" else ():
        forms.setdefault(inner.schema_path[0], []).append(inner)
    meant = [found for found in forms.values() if not any(one.validator in ("type", "enum") and not one.path for one in found)]
    if not meant:
        yield error
    for inner in meant[0] if meant else ():
        yield from _of_what_is_meant(inner)


def fitting(data: Any, schema: Mapping[str, Any]) -> Any:
    """The data as far as it has the types that the schema asks for. What hasn't is nothing, as in YAML, and keys that the schema doesn't know are left out.

    A key that is misspelt stands there as it should be spelled, with nothing.
    """
    form = next((one for one in schema.get("anyOf", [schema]) if _is_of_type(data, one)), None)
    if form is None:
        return None
    if "properties" in form:
        known = {str(name): value for name, value in data.items()}
        found = {name: fitting(known[name], part) for name, part in form["properties"].items() if name in known}
        if known.get("key") is not None and "key" in found:
            # Errors call the entry by it, whatever it is.
            found["key"] = str(known["key"])
        lacking = [name for name in form["properties"] if name not in known]
        misspelt = {near for name in known if name not in found for near in nearest(name, lacking)}
        return {**found, **dict.fromkeys(misspelt)}
    if "additionalProperties" in form:
        return {str(name): fitting(value, form["additionalProperties"]) for name, value in data.items()}
    if "items" in form:
        # An entry that is none says nothing.
        instead: Any = {} if "properties" in form["items"] else None
        return [instead if (item := fitting(one, form["items"])) is None else item for one in data]
    return data


def _is_of_type(value: Any, schema: Mapping[str, Any]) -> bool:
    kind = schema.get("type") or ("string" if "enum" in schema else None)
    return kind is None or VALIDATOR.TYPE_CHECKER.is_type(value, kind)


def _named(data: Any, path: Sequence[Any], place: Sequence[str]) -> list[str]:
    """A path of the library as a place: entries of lists are called by their keys."""
    where, inside = list(place), data
    for part in path:
        where.append(entry_names(inside)[part] if isinstance(part, int) else str(part))
        inside = inside[part]
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


def words_of_unknown(key: str, above: Sequence[str], known: Sequence[str], schema: Mapping[str, Any]) -> str:
    """What to say of a key that has no meaning where it stands: what looks like it there, and where it has its place."""
    meant = MEANT.get(f"{above[-1]} > {key}" if above else key) or MEANT.get(key) or right_place(key, schema)
    if not meant and (right := belongs(standard(), key)):
        meant = f"{right} Settings stand below `settings`."
    return f"there is no such key here.{suggestion(key, known)}{f' {meant}' if meant else ''} The keys are {quoted(known)}."


def right_place(key: str, schema: Mapping[str, Any]) -> str:
    """Where a key of the form stands, as a sentence; empty for what is none."""
    if key in OF_TENANTS:
        return f"`{key}` is for a tenant to choose, not for a profile: in the tenant's `autotask_integrations`."
    today = next((today for _where, before, today in RENAMED if key == before), None)
    # What is wrong with a profile of version 1 is told in its own words, quoted ones; this one is today's.
    so = f"is called {today} in `profile: 2`, and " if today else ""
    places = ["at the top" if not above else f"in {' > '.join(above)}" for above in _places_of(today or key, schema)]
    several = ", ".join(places[:-1])
    return f"`{key}` {so}stands {f'{several} or ' if several else ''}{places[-1]}." if places else ""


def _places_of(key: str, schema: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where the schema has a key, those nearest to the top first: the keys that lead to it."""
    return iter(sorted(dict.fromkeys(_every_place_of(key, schema, above)), key=len))


def _every_place_of(key: str, schema: Mapping[str, Any], above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, part in schema.get("properties", {}).items():
        if name == key:
            yield above
        yield from _every_place_of(key, part, (*above, name))
    for inner in (schema.get("items"), schema.get("additionalProperties"), *schema.get("anyOf", ())):
        if isinstance(inner, Mapping):
            yield from _every_place_of(key, inner, above)


def _words(error: Any, as_written: bool) -> str:
    wanted, value = error.validator_value, error.instance
    if error.validator == "type":
        return _words_of_type(error, wanted, value, as_written)
    if error.validator == "enum":
        near = suggestion(str(value), [str(one) for one in wanted])
        return f"{for_error(value)} is not valid here.{near} Choose {quoted([str(one) for one in wanted], 'or')}."
    if error.validator == "const":
        return f"profile version {for_error(value)} is not supported; use {wanted}"
    if error.validator in ("anyOf", "pattern"):
        entry = next(iter(value), "") if isinstance(value, Mapping) and any("items" in form for form in wanted) else ""
        listed = f" Each mapping is an entry of a list: `- {entry}: ...`." if entry else ""
        return f"{for_error(value)} is not valid here. {error.schema['description']}{listed}"
    if error.validator == "maxLength":
        return f"{for_error(value)} has {len(value)} characters; at most {wanted} are possible"
    if error.validator == "minimum":
        return f"{value} is too small; the least is {wanted}"
    if error.validator == "maximum":
        return f"{value} is too large; the most is {wanted}"
    return "something is needed here; it is empty"


def _words_of_type(error: Any, wanted: str, value: object, as_written: bool) -> str:
    kind = KINDS[wanted]
    if value is None:
        return f"{kind} is needed here; it is empty"
    if wanted == "string" and isinstance(value, bool):
        return f"{kind} is needed here, and YAML reads this as {for_error(value)}. Put it into quotes."
    if wanted == "string" and not isinstance(value, list | Mapping):
        other = f" (YAML reads {_another_spelling(value)} as that, too)" if isinstance(value, int | float) and not as_written else ""
        return f"{kind} is needed here, not {for_error(value)}{other}. Put it into quotes."
    keys = f" Its keys are {quoted(error.schema['properties'])}." if wanted == "object" and error.schema.get("properties") else ""
    return f"{kind} is needed here, not {for_error(value)}.{keys}"


def _another_spelling(number: int | float) -> str:
    """What YAML 1.1 takes for this number as well."""
    if isinstance(number, float):
        return f"{number}0"
    return f"{number // 60}:{number % 60:02}" if number >= 60 else f"0{number:o}"
