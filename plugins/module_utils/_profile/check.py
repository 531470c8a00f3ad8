# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""All that is wrong with a profile by itself, at once. Private to the collection. The form is in docs/profile.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .._catalogue.extend import extended
from .._catalogue.model import Catalogue
from .._documents.security_level import parse_sections, parse_settings
from .._errors import InputError, errors_of
from . import schema
from .characters import character_errors
from .guide_words import parse_modules
from .parts import Entry, entries_of, users_in
from .references import (
    Keys,
    all_users,
    by_key,
    handover_errors,
    key_errors,
    level_errors,
    name_errors,
    part_errors,
    record_errors,
    source_errors,
    unread_errors,
    unused_levels,
    user_errors,
)
from .schema_errors import fitting, form_errors, right_place
from .text import Place, entry_names, secrets_in


def errors_in(data: Entry, catalogue: Catalogue, as_written: bool) -> list[InputError]:
    """An error for each thing that is wrong: the form, labels and values, and what is referred to. See `form_errors` for what is `as_written`.

    What was refused is not looked at again, so that nothing is told twice.
    """
    unfit = list(secrets_in(data))
    unfit += new(character_errors(data), unfit)
    form = new(form_errors(data, schema.frame(), as_written=as_written), unfit)
    told = [*unfit, *form]
    for place, entry in [*entries_of(_levels_and_parts(data), "security_levels"), *entries_of(_levels_and_parts(data), "optional")]:
        told += new(label_errors(entry, place, catalogue), unfit)
    found = [*_setting_errors(data), *_reference_errors(data, [error.place for error in told])]
    return [*told, *new(found, told)]


def new(errors: Iterable[InputError], told: Iterable[InputError]) -> list[InputError]:
    """The errors at places that nothing was said of yet."""
    places = {error.place for error in told}
    return [error for error in errors if error.place not in places]


def _levels_and_parts(data: Entry) -> dict[str, list[Entry]]:
    """The levels and parts, whatever else is wrong with them."""
    names = ("security_levels", "optional")
    return {name: [entry if isinstance(entry, Mapping) else {} for entry in _list(data, name)] for name in names}


def _reference_errors(data: Entry, wrong: Sequence[Place]) -> Iterator[InputError]:
    """For what the entries refer to, and what they have together; `wrong` are the places of what was refused."""
    right = fitting(data, schema.frame())
    levels, users = by_key(right, "security_levels"), all_users(right)
    yield from key_errors(right)
    for place, entry in entries_of(right, "security_levels"):
        yield from level_errors(entry, levels, place)
    for place, entry in entries_of(right, "optional"):
        yield from part_errors(entry, levels, place)
    for place, entry in users_in(right):
        yield from user_errors(entry, levels, place)
    yield from name_errors(entries_of(right, "security_levels"), entries_of(right, "api_users"))
    yield from unread_errors(right, wrong)
    yield from record_errors(right)
    yield from handover_errors(right.get("handover") or {}, users, ("handover",))
    yield from source_errors(entries_of(right, "sources"), data, Keys(entries_of(right, "guides"), every=False), wrong)
    yield from unused_levels(right)


def label_errors(entry: Entry, place: Place, catalogue: Catalogue) -> Iterator[InputError]:
    """For the sections, words, labels and values of a level, a part or an override that the catalogue doesn't have."""
    for name, parse in (("sections", parse_sections), ("modules", parse_modules), ("settings", parse_settings)):
        if isinstance(entry.get(name), Mapping):
            for error in errors_of(parse, entry[name], catalogue, (*place, name)):
                elsewhere = right_place(error.place[-1], schema.frame()) if error.code in ("unknown_section", "unknown_setting") else ""
                yield InputError(error.place, f"{error.message} {elsewhere}", error.code) if elsewhere else error


def without(data: Any, places: Iterable[Place], above: Place = ()) -> Any:
    """The data without what stands at these places."""
    refused = set(places)
    if isinstance(data, Mapping):
        return {key: without(value, refused, (*above, key)) for key, value in data.items() if (*above, key) not in refused}
    if isinstance(data, list):
        return [without(item, refused, (*above, called)) for called, item in zip(entry_names(data), data, strict=True)]
    return data


def right_settings(data: Entry) -> list[tuple[int, Entry]]:
    """The settings that a profile describes beyond the catalogue, with their numbers, without those that can't be."""
    entries = enumerate(_list(data, "extra_settings"), 1)
    return [(number, entry) for number, entry in entries if isinstance(entry, Mapping) and not errors_of(extended, [entry])]


def _setting_errors(data: Entry) -> Iterator[InputError]:
    """For settings beyond the catalogue that can't be, or that stand twice."""
    for number, entry in enumerate(_list(data, "extra_settings"), 1):
        # What lacks something is told of with the form.
        if isinstance(entry, Mapping) and all(isinstance(entry.get(name), str) for name in ("section", "label")):
            for error in errors_of(extended, [entry]):
                # Its place begins with its number among those that were looked at.
                yield InputError(("extra_settings", str(number), *error.place[2:]), error.message, error.code)


def _list(data: Entry, name: str) -> list[Any]:
    found = data.get(name)
    return found if isinstance(found, list) else []
