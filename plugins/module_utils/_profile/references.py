# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the entries of a profile refer to, and what they must not have together: all that is wrong there. Private to the collection.

Each function yields an error, with its place, for each thing that is wrong. An entry that is known by its key alone is an empty mapping.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from .._documents.api_user import parse_existing, parse_user
from .._documents.expected_access import parse_expectations
from .._documents.handed_over import mentioned, placeholders
from .._documents.names import bare_name, check_key, check_level_name, same_name
from .._entities import SYSTEM_API_LEVELS, SYSTEM_SOURCE, is_system
from .._errors import InputError, errors_of
from .._text import for_error, quoted, suggestion
from .parts import PERMISSIONS, Entry, lists_of_users
from .text import Place, places_of
from .tracking import check_tracking, documented

# What doesn't say yet what a part is for.
OF_EVERY_PART = ("key", "security_level", "when", "default")


def by_key(data: Entry, name: str) -> dict[str, Entry]:
    """The entries of a list that have a key by it; the first, where a key stands twice."""
    return _first_of_each(entry for entry in data.get(name) or [] if "key" in entry)


def all_users(data: Entry) -> dict[str, Entry]:
    """The API users of a profile and of all its parts by their key; the first, where a key stands twice."""
    return _first_of_each(entry for _place, entries in lists_of_users(data) for entry in entries)


def _first_of_each(entries: Iterable[Entry]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for entry in entries:
        found.setdefault(entry["key"], entry)
    return found


def key_errors(data: Entry) -> Iterator[InputError]:
    """For keys of levels, parts and users that stand twice."""
    lists: list[list[tuple[Place, Sequence[Entry]]]] = [
        [((name,), data.get(name) or [])] for name in ("security_levels", "optional", "guides")
    ]
    for among in (*lists, list(lists_of_users(data))):
        seen = set()
        for place, entries in among:
            for number, entry in enumerate(entries, 1):
                if entry.get("key") in seen:
                    yield InputError((*place, str(number), "key"), f'duplicate key "{entry["key"]}"', "duplicate_key")
                seen.update([entry["key"]] if "key" in entry else [])


def unknown_key(key: str, known: Mapping[str, object], place: Place, what: str) -> Iterator[InputError]:
    """For a key that isn't one of those that are known."""
    if key not in known:
        there = f" Its keys: {quoted(known)}." if known else ""
        yield InputError(place, f'this profile has no {what} with the key "{key}".{suggestion(key, known)}{there}', "unknown_key")


def level_errors(entry: Entry, levels: Mapping[str, Entry], place: Place) -> Iterator[InputError]:
    """For a level's name, what it is copied from, or a limit that says nothing."""
    yield from _below(place, errors_of(check_level_name, entry["name"]))
    if "copy_of" in entry and "copy_of_key" in entry:
        words = "either `copy_of`, a level of the tenant, or `copy_of_key`, one of this profile"
        yield InputError((*place, "copy_of_key"), words, "copied_twice")
    elif "copy_of" in entry:
        yield from _source_errors(entry, levels, place)
    else:
        yield from _circle_errors(entry, levels, place)
    yield from _webhook_errors(entry, place)


def _source_errors(entry: Entry, levels: Mapping[str, Entry], place: Place) -> Iterator[InputError]:
    """For a level of the tenant that can't be the one that is meant, whatever the tenant has."""
    names = entry["copy_of"] if isinstance(entry["copy_of"], list) else [entry["copy_of"]]
    for name in map(bare_name, names):
        own = next((key for key, level in levels.items() if same_name(level.get("name", ""), name)), None)
        if own == place[-1]:
            yield InputError((*place, "copy_of"), "a level can't be a copy of itself", "copies_itself")
        elif own is not None:
            words = f'"{name}" is a level of this profile; write `copy_of_key: {own}`'
            yield InputError((*place, "copy_of"), words, "unknown_source")
        elif is_system(name) and name not in SYSTEM_API_LEVELS:
            words = f"{for_error(name)} is no API-only level.{suggestion(name, SYSTEM_API_LEVELS)} Choose {quoted(SYSTEM_API_LEVELS, 'or')}"
            yield InputError((*place, "copy_of"), f"{words}, or an API-only level of the tenant.", "not_api_only")


def _circle_errors(entry: Entry, levels: Mapping[str, Entry], place: Place) -> Iterator[InputError]:
    """For a source that isn't there, and for a circle of sources, at the first of its levels."""
    if "copy_of_key" in entry:
        yield from unknown_key(entry["copy_of_key"], levels, (*place, "copy_of_key"), "security level")
    seen = [place[-1]]
    while (source := str(entry.get("copy_of_key", ""))) in levels and source not in seen:
        seen.append(source)
        entry = levels[source]
    if source == seen[0] == next((key for key in levels if key in seen), None):
        yield InputError((*place, "copy_of_key"), f"a level can't be a copy of itself: {' > '.join([*seen, source])}", "copies_itself")


def part_errors(entry: Entry, levels: Mapping[str, Entry], place: Place) -> Iterator[InputError]:
    """For a part that holds nothing, what needs a level that isn't named, and a system level that can't stand in a level's place."""
    if not any(_holds(content) for name, content in entry.items() if name not in OF_EVERY_PART):
        yield InputError(
            place, "this part holds nothing, so it would change nothing; say what comes with it, or leave it out", "empty_part"
        )
    of_level = [name for name in (*PERMISSIONS, "expect", "system_level") if name in entry]
    if of_level and "security_level" not in entry:
        yield InputError((*place, of_level[0]), "name the `security_level` that this belongs to, by its key", "user_level")
    if "security_level" in entry:
        yield from unknown_key(entry["security_level"], levels, (*place, "security_level"), "security level")
    if "system_level" in entry:
        yield from _system_level_errors(entry["system_level"], (*place, "system_level"))
        both = next((name for name in PERMISSIONS if name in entry), None)
        if both:
            yield InputError((*place, both), "a system level can't be changed: either this or the `system_level`", "user_level")
        level = entry.get("security_level")
        copy = next((key for key, known in levels.items() if level and known.get("copy_of_key") == level), None)
        if copy:
            words = f'the level "{copy}" is a copy of "{level}", which has to be made for it'
            yield InputError((*place, "system_level"), words, "user_level")
    yield from _webhook_errors(entry, place)
    yield from _below(place, errors_of(parse_expectations, entry.get("expect") or {}))


def _holds(content: object) -> bool:
    """Whether anything at all is said in a content of any depth."""
    if isinstance(content, Mapping):
        return any(_holds(inner) for inner in content.values())
    return bool(content) if isinstance(content, list) else content is not None


def _system_level_errors(name: str, place: Place) -> Iterator[InputError]:
    """For a name that is not that of a system level for API users."""
    if bare_name(name) not in SYSTEM_API_LEVELS:
        message = f"{for_error(name)} is no system level that API users can have; choose {quoted(SYSTEM_API_LEVELS, 'or')}"
        yield InputError(place, message, "user_level")


def _webhook_errors(entry: Entry, place: Place) -> Iterator[InputError]:
    if "webhooks" not in entry:
        return
    webhooks = entry["webhooks"]
    if ("maximum" in webhooks) == ("minimum" in webhooks) or ("bound" in webhooks and "minimum" in webhooks):
        message = "either a `maximum`, perhaps with a `bound`, or a `minimum`, perhaps with what is `advised`"
        yield InputError((*place, "webhooks"), message, "webhooks")
    elif "advised" in webhooks and webhooks["advised"] < webhooks.get("minimum", webhooks["advised"] + 1):
        yield InputError((*place, "webhooks", "advised"), "goes with a `minimum`, and is no less than that", "webhooks")
    elif webhooks.get("bound") == "minimum" and not webhooks["maximum"]:
        yield InputError((*place, "webhooks"), "at least 0 says nothing; leave `webhooks` out, or name a number", "webhooks")


def user_errors(entry: Entry, levels: Mapping[str, Entry], place: Place) -> Iterator[InputError]:
    """For a user's level, names, tracking identifier, or expected access."""
    if ("security_level" in entry) == ("system_level" in entry):
        words = "a user has either a `security_level` of this profile, by its key, or a `system_level`, by its name"
        yield InputError(place, words, "user_level")
    elif "security_level" in entry:
        yield from unknown_key(entry["security_level"], levels, (*place, "security_level"), "security level")
    else:
        yield from _system_level_errors(entry["system_level"], (*place, "system_level"))
    tracking = entry.get("tracking_identifier") or {}
    found = errors_of(check_tracking, tracking, ("tracking_identifier",))
    yield from _below(place, found)
    if not found:
        # Its level is looked at above.
        known = {"security_level": SYSTEM_SOURCE, "lines_of_business": None, "tracking_identifier": documented(tracking, every=True)}
        parse = parse_existing if entry.get("existing") else parse_user
        yield from _below(place, errors_of(parse, {"email": "nobody@example.com", **entry, **known}))
    yield from _below(place, errors_of(parse_expectations, entry.get("expect") or {}))


def unused_levels(data: Entry) -> Iterator[InputError]:
    """For levels that no API user has, and none that an API user has is copied from."""
    levels = by_key(data, "security_levels")
    used = {entry["security_level"] for entry in all_users(data).values() if "security_level" in entry}
    while sources := {level["copy_of_key"] for key, level in levels.items() if key in used and "copy_of_key" in level} - used:
        used |= sources
    for key in levels:
        if key not in used:
            words = "no API user of this profile has this level; name it as the `security_level` of one, or leave it out"
            yield InputError(("security_levels", key), words, "unused_level")


def name_errors(levels: Mapping[str, Entry], users: Mapping[str, Entry], above: Place = ()) -> Iterator[InputError]:
    """For two levels or two users of one name; REST could not tell the users apart."""
    names = [((*above, "security_levels", key, "name"), bare_name(entry["name"])) for key, entry in levels.items() if "name" in entry]
    yield from _told_twice(names, "another level has this name, too")
    people = [
        ((*above, "api_users", key, "first_name"), _full_name(entry))
        for key, entry in users.items()
        if "first_name" in entry and "last_name" in entry
    ]
    yield from _told_twice(people, "another API user has this first and last name, too")


def _full_name(user: Entry) -> str:
    return " ".join(f"{user['first_name']} {user['last_name']}".split())


def record_errors(data: Entry) -> Iterator[InputError]:
    """For users whose credentials could not be recorded: their file is called like the integration, or, of a further user, like that and its key."""
    name = data.get("integration", "")
    if not name:
        return
    yield from errors_of(check_key, name)
    _first, *others = [(*place, entry["key"]) for place, entries in lists_of_users(data) for entry in entries] or [()]
    for place in others:
        for error in errors_of(check_key, f"{name}-{place[-1]}"):
            yield InputError(
                (*place, "key"), f"its credentials are recorded under the integration's key and this one: {error.message}", error.code
            )


def handover_errors(handover: Entry, users: Mapping[str, Entry], place: Place) -> Iterator[InputError]:
    """For a field that has no value or two, names one that there isn't, is of no user, or stands twice."""
    fields = handover.get("fields") or []
    for number, entry in enumerate(fields, 1):
        inside = (*place, "fields", str(number))
        if sum(name in entry for name in ("value", "format", "text")) != 1:
            message = "a field has either a `value`, which names what is handed over, a `format` with several of these, or a fixed `text`"
            yield InputError(inside, message, "handover")
        yield from _below((*inside, "format"), errors_of(placeholders, entry.get("format", "")))
        if meant := mentioned(entry.get("text", "")):
            words = f"{quoted(meant)} would be handed over as it stands here; write `format` instead of `text`"
            yield InputError((*inside, "text"), words, "handover")
        if "user" in entry:
            yield from unknown_key(entry["user"], users, (*inside, "user"), "API user")
    names = [((*place, "fields", str(number), "name"), f"{entry['name']} {entry.get('when')}") for number, entry in enumerate(fields, 1)]
    yield from _told_twice(names, "another field has this name, too, and would be lost")


def source_errors(sources: Sequence[Entry], data: Entry, guides: Mapping[str, Entry], wrong: Iterable[Place]) -> Iterator[InputError]:
    """For an entry of `sources` that leads nowhere in the profile, names a guide that there isn't, or stands twice.

    Nothing is said of places below those that are `wrong`.
    """
    told = tuple(joined(place) for place in wrong)
    places = [place for place in places_of(data) if place[0] != "sources"]
    known = {joined(place) for place in places}
    for number, entry in enumerate(sources, 1):
        at, place = entry["at"], ("sources", str(number))
        if at.casefold() not in known and not at.casefold().startswith(told):
            near = suggestion(at, [" > ".join(place) for place in places])
            yield InputError((*place, "at"), f'"{at}" is no place in this profile.{near}', "sources")
        if "guide" in entry:
            yield from unknown_key(entry["guide"], guides, (*place, "guide"), "guide")
            if entry["source"] != "guide":
                yield InputError((*place, "guide"), "goes with `source: guide` only", "sources")
    entries = [(("sources", str(number), "at"), entry["at"]) for number, entry in enumerate(sources, 1)]
    yield from _told_twice(entries, "this place stands here twice")


def _told_twice(names: Iterable[tuple[Place, str]], message: str) -> Iterator[InputError]:
    seen = set()
    for place, name in names:
        if name.casefold() in seen:
            yield InputError(place, message, "duplicate_name")
        seen.add(name.casefold())


def _below(place: Place, errors: Iterable[InputError]) -> Iterator[InputError]:
    """Errors of what knows no profile, with their place in it."""
    return (error.below(place) for error in errors)


def joined(place: Sequence[str]) -> str:
    """A place as one text, to be compared."""
    return " > ".join(place).casefold()
