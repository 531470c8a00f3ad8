# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""All that is wrong with a profile by itself, at once. Private to the collection. The form is in docs/profile.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .._catalogue.extend import extended
from .._catalogue.model import Catalogue
from .._documents.expected_access import parse_expectations
from .._documents.security_level import parse_sections, parse_settings
from .._errors import InputError, errors_of
from . import schema
from .guide_words import parse_modules
from .parts import Entry, lists_of_users
from .references import (
    all_users,
    by_key,
    handover_errors,
    key_errors,
    level_errors,
    name_errors,
    part_errors,
    record_errors,
    source_errors,
    unused_levels,
    user_errors,
)
from .schema_errors import form_errors
from .text import Place, entry_name, secrets_in

# What keeps it from being known which user has which level.
ABOUT_KEYS = ("form", "duplicate_key", "unknown_key", "copies_itself", "user_level")


def errors_in(data: Entry, catalogue: Catalogue) -> list[InputError]:
    """An error for each thing that is wrong: the form, labels and values, and what is referred to.

    What was refused is not looked at again, so that nothing is told twice.
    """
    found = list(secrets_in(data))
    found += _new(form_errors(data, schema.frame()), found)
    of_form = list(found)
    for place, entry in _with_permissions(data):
        found += _new(label_errors(entry, place, catalogue), of_form)
    refused = {error.place[:2] for error in of_form}
    found += [error for error in _setting_errors(data) if error.place[:2] not in refused]
    for place, entry in _with_expectations(data):
        found += _new([error.below(place) for error in errors_of(parse_expectations, entry["expect"])], of_form)
    found += _reference_errors(data, of_form)
    if not any(error.code in ABOUT_KEYS for error in found):
        found += unused_levels(data)
    return found


def _new(errors: Iterable[InputError], told: Iterable[InputError]) -> list[InputError]:
    """The errors at places that nothing was said of yet."""
    places = {error.place for error in told}
    return [error for error in errors if error.place not in places]


def _reference_errors(data: Entry, of_form: Sequence[InputError]) -> Iterator[InputError]:
    """For what the entries of the right form refer to, and what they have together."""
    right = sound(data, of_form)
    levels, users = by_key(right, "security_levels"), all_users(right)
    known = {**_known(data, "security_levels"), **levels}
    yield from key_errors(right)
    for key, entry in levels.items():
        yield from level_errors(entry, known, ("security_levels", key))
    for key, entry in by_key(right, "optional").items():
        yield from part_errors(entry, known, ("optional", key))
    for place, entries in lists_of_users(right):
        for entry in entries:
            yield from user_errors(entry, known, (*place, entry["key"]))
    yield from name_errors(known, {**_known(data, "api_users"), **by_key(right, "api_users")})
    yield from record_errors(right)
    yield from handover_errors(right.get("handover") or {}, {**_known(data, "api_users"), **users}, ("handover",))
    yield from source_errors(right.get("sources") or [], data, _known(data, "guides"), [error.place for error in of_form])


def label_errors(entry: Entry, place: Place, catalogue: Catalogue) -> Iterator[InputError]:
    """For the sections, words, labels and values of a level, a part or an override that the catalogue doesn't have."""
    for name, parse in (("sections", parse_sections), ("modules", parse_modules), ("settings", parse_settings)):
        if isinstance(entry.get(name), Mapping):
            yield from errors_of(parse, entry[name], catalogue, (*place, name))


def sound(data: Entry, errors: Iterable[InputError]) -> dict[str, Any]:
    """The profile without what the errors are about: the entries of a list, or all that stands below a key at the top."""
    wrong = [error.place for error in errors]
    found: dict[str, Any] = {}
    for name, content in data.items():
        if isinstance(content, list) and (name,) not in wrong:
            refused = {place[1] for place in wrong if place[:1] == (name,)}
            found[name] = [item for number, item in enumerate(content, 1) if entry_name(item, number) not in refused]
        elif not any(place[:1] == (name,) for place in wrong):
            found[name] = content
    return found


def right_settings(data: Entry) -> list[tuple[int, Entry]]:
    """The settings that a profile describes beyond the catalogue, with their numbers, without those that can't be."""
    entries = enumerate(_list(data, "extra_settings"), 1)
    return [(number, entry) for number, entry in entries if isinstance(entry, Mapping) and not errors_of(extended, [entry])]


def _setting_errors(data: Entry) -> Iterator[InputError]:
    """For settings beyond the catalogue that can't be."""
    for number, entry in enumerate(_list(data, "extra_settings"), 1):
        for error in errors_of(extended, [entry]) if isinstance(entry, Mapping) else ():
            # Its place begins with its number among those that were looked at.
            yield InputError(("extra_settings", str(number), *error.place[2:]), error.message, error.code)


def _with_permissions(data: Entry) -> Iterator[tuple[Place, Entry]]:
    """The levels and parts, with their places, whatever else is wrong with them."""
    for name in ("security_levels", "optional"):
        for number, entry in enumerate(_list(data, name), 1):
            if isinstance(entry, Mapping):
                yield (name, entry_name(entry, number)), entry


def _with_expectations(data: Entry) -> Iterator[tuple[Place, Entry]]:
    """The users and parts that say what is expected, whatever else is wrong with them."""
    for name in ("api_users", "optional"):
        for number, entry in enumerate(_list(data, name), 1):
            expect = entry.get("expect") if isinstance(entry, Mapping) else None
            if isinstance(expect, Mapping) and all(isinstance(listed, list) for listed in expect.values()):
                yield (name, entry_name(entry, number)), entry


def _known(data: Entry, name: str) -> dict[str, Entry]:
    """The entries of a list that have a key, right or wrong: only their names, as far as these are texts."""
    found: dict[str, Entry] = {}
    for entry in _list(data, name):
        if isinstance(entry, Mapping) and isinstance(entry.get("key"), str):
            found[entry["key"]] = {key: entry[key] for key in ("name", "first_name", "last_name") if isinstance(entry.get(key), str)}
    return found


def _list(data: Entry, name: str) -> list[Any]:
    found = data.get(name)
    return found if isinstance(found, list) else []
