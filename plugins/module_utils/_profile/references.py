# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Check a vendor's profile: its form, and that everything it refers to is there. Private to the collection. The form is in docs/profile.md.

Labels and values of settings are the catalogue's to check, see `_profile`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from .._documents import expected_access
from .._documents.api_user import parse_user
from .._documents.names import SYSTEM_API_LEVELS, bare_name, check_level_name
from .._errors import InputError
from .._text import for_error, quoted, suggestion
from . import schema
from .schema_errors import check_form
from .text import check_no_secrets, entry_name

Place = tuple[str, ...]
Entry = Mapping[str, Any]


def check(data: Entry) -> None:
    """Whether the form is right and everything that is referred to is there. Raises InputError with the place."""
    check_no_secrets(data)
    if data.get("profile") == 1:
        raise InputError(
            ("profile",),
            f"profile version 1 is not supported; use {schema.VERSION}. "
            "Rename these keys: `evidence` to `sources`, `known_by` to `source`, `mend` to `fix`, and `by_hand` to `manual_steps`",
            "old_profile",
        )
    check_form(data, schema.frame())
    levels = by_key(data, "security_levels")
    users = by_key(data, "api_users")
    parts = by_key(data, "optional")
    for key, entry in levels.items():
        check_level(entry, levels, ("security_levels", key))
    for key, entry in parts.items():
        check_known(entry["security_level"], levels, ("optional", key, "security_level"), "security level")
        _check_webhooks(entry, ("optional", key))
    for key, entry in users.items():
        check_user(entry, levels, ("api_users", key))
    check_names(levels, users)
    check_handover(data.get("handover") or {}, users, ("handover",))
    _check_sources(data)


@contextmanager
def placed(place: Sequence[str]) -> Iterator[None]:
    """Errors of what knows no profile get their place in it."""
    try:
        yield
    except InputError as error:
        raise InputError((*place, *error.place), error.message, error.code) from error


def by_key(data: Entry, name: str) -> dict[str, Entry]:
    """The entries of a list by their key. Raises InputError for one that stands twice."""
    found: dict[str, Entry] = {}
    for number, entry in enumerate(data.get(name) or [], 1):
        if entry["key"] in found:
            raise InputError((name, str(number), "key"), f'duplicate key "{entry["key"]}"', "duplicate_key")
        found[entry["key"]] = entry
    return found


def check_known(key: str, known: Mapping[str, object], place: Place, what: str) -> None:
    """Raises InputError for a key that isn't one of those that are known."""
    if key not in known:
        there = f" Its keys: {quoted(known)}." if known else ""
        raise InputError(place, f'this profile has no {what} with the key "{key}".{suggestion(key, known)}{there}', "unknown_key")


def check_level(entry: Entry, levels: Mapping[str, Entry], place: Place) -> None:
    """Raises InputError for a level's name, what it is copied from, or a limit that says nothing."""
    with placed(place):
        check_level_name(entry["name"])
    if "copy_of" in entry and "copy_of_key" in entry:
        raise InputError(
            (*place, "copy_of_key"), "either `copy_of`, a level of the tenant, or `copy_of_key`, one of this profile", "copied_twice"
        )
    _check_webhooks(entry, place)
    seen = [place[-1]]
    while "copy_of_key" in entry:
        source = entry["copy_of_key"]
        check_known(source, levels, (*place, "copy_of_key"), "security level")
        seen.append(source)
        if source in seen[:-1]:
            raise InputError((*place, "copy_of_key"), f"a level can't be a copy of itself: {' > '.join(seen)}", "copies_itself")
        entry = levels[source]


def _check_webhooks(entry: Entry, place: Place) -> None:
    webhooks = entry.get("webhooks") or {}
    if webhooks.get("bound") == "minimum" and not webhooks["maximum"]:
        raise InputError((*place, "webhooks"), "at least 0 says nothing; leave `webhooks` out, or name a number", "webhooks")


def check_user(entry: Entry, levels: Mapping[str, Entry], place: Place) -> None:
    """Raises InputError for a user's level, names, tracking identifier, or expected access."""
    if ("security_level" in entry) == ("system_level" in entry):
        raise InputError(
            place, "a user has either a `security_level` of this profile, by its key, or a `system_level`, by its name", "user_level"
        )
    if "security_level" in entry:
        check_known(entry["security_level"], levels, (*place, "security_level"), "security level")
    elif bare_name(entry["system_level"]) not in SYSTEM_API_LEVELS:
        message = f"{for_error(entry['system_level'])} is no system level that API users can have; choose {quoted(SYSTEM_API_LEVELS, 'or')}"
        raise InputError((*place, "system_level"), message, "user_level")
    with placed(place):
        level = entry.get("system_level") or levels[entry["security_level"]]["name"]
        parse_user({**entry, "email": "nobody@example.com", "security_level": level, "lines_of_business": None})
        expected_access.parse_expectations(entry.get("expect") or {})


def check_names(levels: Mapping[str, Entry], users: Mapping[str, Entry], above: Place = ()) -> None:
    """Raises InputError for two levels or two users of one name; REST could not tell the users apart."""
    names = [((*above, "security_levels", key, "name"), entry["name"]) for key, entry in levels.items()]
    _check_once(names, "another level has this name, too")
    people = [((*above, "api_users", key, "first_name"), f"{entry['first_name']} {entry['last_name']}") for key, entry in users.items()]
    _check_once(people, "another API user has this first and last name, too")


def check_handover(handover: Entry, users: Mapping[str, Entry], place: Place) -> None:
    """Raises InputError for a field that has no value or two, is of no user, or stands twice."""
    fields = handover.get("fields") or []
    for number, entry in enumerate(fields, 1):
        inside = (*place, "fields", str(number))
        if ("value" in entry) == ("text" in entry):
            raise InputError(inside, "a field has either a `value`, which names what is handed over, or a fixed `text`", "handover")
        if "user" in entry:
            check_known(entry["user"], users, (*inside, "user"), "API user")
    names = [((*place, "fields", str(number), "name"), f"{entry['name']} {entry.get('when')}") for number, entry in enumerate(fields, 1)]
    _check_once(names, "another field has this name, too, and would be lost")


def _check_once(names: Iterable[tuple[Place, str]], message: str) -> None:
    seen = set()
    for place, name in names:
        if name.casefold() in seen:
            raise InputError(place, message, "duplicate_name")
        seen.add(name.casefold())


def _check_sources(data: Entry) -> None:
    places = [place for place in _places(data) if place[0] != "sources"]
    known = {joined(place) for place in places}
    entries = [(("sources", str(number), "at"), entry["at"]) for number, entry in enumerate(data.get("sources") or [], 1)]
    for place, at in entries:
        if at.casefold() not in known:
            near = suggestion(at, [" > ".join(place) for place in places])
            raise InputError(place, f'"{at}" is no place in this profile.{near}', "sources")
    _check_once(entries, "this place stands here twice")


def _places(data: object, place: Place = ()) -> Iterator[Place]:
    """Every place in a profile."""
    if place:
        yield place
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _places(value, (*place, str(key)))
    elif isinstance(data, list):
        for number, item in enumerate(data, 1):
            yield from _places(item, (*place, entry_name(item, number)))


def joined(place: Sequence[str]) -> str:
    """A place as one text, to be compared."""
    return " > ".join(place).casefold()
