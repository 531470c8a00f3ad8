# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the entries of a profile refer to, and what they must not have together: all that is wrong there. Private to the collection.

Each function yields an error, with its place, for each thing that is wrong. What they look at is `fitting` the form: a value that isn't of its type is
nothing, and nothing is said of it here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from .._documents.api_user import parse_existing, parse_user
from .._documents.expected_access import parse_expectations
from .._documents.handed_over import CREDENTIALS, mentioned, placeholders
from .._documents.names import bare_name, check_key, check_level_name, same_name
from .._entities import SYSTEM_API_LEVELS, SYSTEM_SOURCE, is_system
from .._errors import InputError, errors_of
from .._text import for_error, nearest, quoted, suggestion
from .parts import PERMISSIONS, Entry, entries_of, users_in
from .text import Place, places_of
from .tracking import documented, tracking_errors

# What doesn't say yet what a part is for.
OF_EVERY_PART = ("key", "security_level", "when", "default")
# What a user is called while something else of it is looked at.
SOMEBODY = {"first_name": "Some", "last_name": "Body", "email": "nobody@example.com"}


class Keys(dict[str, Entry]):
    """The entries of a list by their keys; the first, where a key stands twice.

    `all_known` says that no key is missing: where one is, it may be the one that something refers to. `every` says that each entry has to have one.
    """

    def __init__(self, entries: Iterable[tuple[Place, Entry]], every: bool = True) -> None:
        super().__init__()
        self.all_known = True
        for _place, entry in entries:
            if entry.get("key"):
                self.setdefault(entry["key"], entry)
            elif every:
                self.all_known = False


def by_key(data: Entry, name: str) -> Keys:
    """The entries of a list by their keys."""
    return Keys(entries_of(data, name))


def all_users(data: Entry) -> Keys:
    """The API users of a profile and of all its parts by their keys."""
    return Keys(users_in(data))


def key_errors(data: Entry) -> Iterator[InputError]:
    """For keys of levels, parts, guides and users that stand twice."""
    parts = [entries_of(part, "api_users", place) for place, part in entries_of(data, "optional")]
    lists = [[entries_of(data, name)] for name in ("security_levels", "optional", "guides")]
    for among in (*lists, [entries_of(data, "api_users"), *parts]):
        seen = set()
        for entries in among:
            for number, (place, entry) in enumerate(entries, 1):
                if entry.get("key") in seen:
                    yield InputError((*place[:-1], str(number), "key"), f'duplicate key "{entry["key"]}"', "duplicate_key")
                seen.update([entry["key"]] if entry.get("key") else [])


def unknown_key(key: str | None, known: Keys, place: Place, what: str) -> Iterator[InputError]:
    """For a key that isn't one of those that are known."""
    if key is not None and key not in known and known.all_known:
        there = f" Its keys: {quoted(known)}." if known else ""
        yield InputError(place, f'this profile has no {what} with the key "{key}".{suggestion(key, known)}{there}', "unknown_key")


def level_errors(entry: Entry, levels: Keys, place: Place) -> Iterator[InputError]:
    """For a level's name, what it is copied from, or a limit that says nothing."""
    if entry.get("name") is not None:
        yield from _below(place, errors_of(check_level_name, entry["name"]))
    if "copy_of" in entry and "copy_of_key" in entry:
        words = "either `copy_of`, a level of the tenant, or `copy_of_key`, one of this profile"
        yield InputError((*place, "copy_of_key"), words, "copied_twice")
    yield from _source_errors(entry, levels, place)
    yield from _circle_errors(entry, levels, place)
    yield from _webhook_errors(entry, place)


def _source_errors(entry: Entry, levels: Keys, place: Place) -> Iterator[InputError]:
    """For a level of the tenant that can't be the one that is meant, whatever the tenant has."""
    for name in _sources(entry):
        own = next((key for key, level in levels.items() if same_name(level.get("name") or "", name)), None)
        if own == place[-1]:
            yield InputError((*place, "copy_of"), "a level can't be a copy of itself", "copies_itself")
        elif own is not None:
            words = f'"{name}" is a level of this profile; write `copy_of_key: {own}`'
            yield InputError((*place, "copy_of"), words, "unknown_source")
        elif is_system(name) and name not in SYSTEM_API_LEVELS:
            words = f"{for_error(name)} is no API-only level.{suggestion(name, SYSTEM_API_LEVELS)} Choose {quoted(SYSTEM_API_LEVELS, 'or')}"
            yield InputError((*place, "copy_of"), f"{words}, or an API-only level of the tenant.", "not_api_only")


def _sources(entry: Entry) -> list[str]:
    """The levels of the tenant that a level may be copied from, as far as they are named."""
    given = entry.get("copy_of")
    return [bare_name(name) for name in (given if isinstance(given, list) else [given]) if name]


def _circle_errors(entry: Entry, levels: Keys, place: Place) -> Iterator[InputError]:
    """For a source that isn't there, and for a circle of sources, at the first of its levels."""
    yield from unknown_key(entry.get("copy_of_key"), levels, (*place, "copy_of_key"), "security level")
    if levels.get(place[-1]) is not entry:
        return
    circle = _circle(place[-1], levels)
    if circle and circle[0] == next((key for key in levels if key in circle), None):
        yield InputError((*place, "copy_of_key"), f"a level can't be a copy of itself: {' > '.join(circle)}", "copies_itself")


def _circle(key: str, levels: Keys) -> list[str]:
    """The levels from one to itself, by what each is copied from; empty where it isn't a copy of itself."""
    seen = [key]
    while (source := str(levels[seen[-1]].get("copy_of_key"))) in levels and source not in seen:
        seen.append(source)
    return [*seen, key] if source == key else []


def part_errors(entry: Entry, levels: Keys, place: Place) -> Iterator[InputError]:
    """For a part that holds nothing, what needs a level that isn't named, and a system level that can't stand in a level's place."""
    if not any(_holds(content) for name, content in entry.items() if name not in OF_EVERY_PART):
        yield InputError(
            place, "this part holds nothing, so it would change nothing; say what comes with it, or leave it out", "empty_part"
        )
    of_level = [name for name in (*PERMISSIONS, "expect", "system_level") if name in entry]
    if of_level and "security_level" not in entry:
        yield InputError((*place, of_level[0]), "name the `security_level` that this belongs to, by its key", "user_level")
    level = entry.get("security_level")
    yield from unknown_key(level, levels, (*place, "security_level"), "security level")
    if "system_level" in entry:
        yield from _system_level_errors(entry["system_level"], (*place, "system_level"))
        both = next((name for name in PERMISSIONS if name in entry), None)
        if both:
            yield InputError((*place, both), "a system level can't be changed: either this or the `system_level`", "user_level")
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


def _system_level_errors(name: str | None, place: Place) -> Iterator[InputError]:
    """For a name that is not that of a system level for API users."""
    if name is not None and bare_name(name) not in SYSTEM_API_LEVELS:
        message = f"{for_error(name)} is no system level that API users can have; choose {quoted(SYSTEM_API_LEVELS, 'or')}"
        yield InputError(place, message, "user_level")


def _webhook_errors(entry: Entry, place: Place) -> Iterator[InputError]:
    webhooks = entry.get("webhooks")
    if webhooks is None:
        return
    if ("maximum" in webhooks) == ("minimum" in webhooks) or ("bound" in webhooks and "minimum" in webhooks):
        message = "either a `maximum`, perhaps with a `bound`, or a `minimum`, perhaps with what is `advised`"
        yield InputError((*place, "webhooks"), message, "webhooks")
        return
    advised, minimum = webhooks.get("advised"), webhooks.get("minimum")
    if advised is not None and ("minimum" not in webhooks or (minimum is not None and advised < minimum)):
        yield InputError((*place, "webhooks", "advised"), "goes with a `minimum`, and is no less than that", "webhooks")
    if webhooks.get("bound") == "minimum" and webhooks["maximum"] == 0:
        yield InputError((*place, "webhooks"), "at least 0 says nothing; leave `webhooks` out, or name a number", "webhooks")


def user_errors(entry: Entry, levels: Keys, place: Place) -> Iterator[InputError]:
    """For a user's level, names, tracking identifier, or expected access."""
    if ("security_level" in entry) == ("system_level" in entry):
        words = "a user has either a `security_level` of this profile, by its key, or a `system_level`, by its name"
        yield InputError(place, words, "user_level")
    yield from unknown_key(entry.get("security_level"), levels, (*place, "security_level"), "security level")
    yield from _system_level_errors(entry.get("system_level"), (*place, "system_level"))
    yield from _below((*place, "tracking_identifier"), tracking_errors(entry.get("tracking_identifier") or {}))
    yield from _below(place, errors_of(parse_existing if entry.get("existing", False) is not False else parse_user, _as_document(entry)))
    yield from _below(place, errors_of(parse_expectations, entry.get("expect") or {}))


def unread_errors(data: Entry, wrong: Sequence[Place]) -> Iterator[InputError]:
    """For tracking identifiers that are left empty, and not said to be unknown; `wrong` are the places of what was refused already."""
    for place, entry in users_in(data):
        inside = (*place, "tracking_identifier")
        refused = any(one[: len(inside)] == inside for one in wrong)
        if not refused and entry.get("tracking_identifier") == {} and (source_of(data, inside) or {}).get("source") != "unknown":
            words = "names nothing; where the guide could not be read, say among `sources` that it is `unknown`: then a tenant names it"
            yield InputError(inside, words, "tracking_missing")


def _as_document(entry: Entry) -> dict[str, object]:
    """A user as its document is read from. What is looked at elsewhere, and what isn't there although it has to be, is right."""
    tracking = entry.get("tracking_identifier", {})
    # One that is left empty nobody could read: a tenant names it.
    is_known = "tracking_identifier" not in entry or (tracking and None not in tracking.values())
    identifier = documented(tracking, every=True) if is_known else {"internal_integration_name": "Some Body"}
    known = {"security_level": SYSTEM_SOURCE, "lines_of_business": None, "tracking_identifier": identifier}
    return {**SOMEBODY, **{name: value for name, value in entry.items() if value is not None}, **known}


def unused_levels(data: Entry) -> Iterator[InputError]:
    """For levels that no API user has, and none that an API user has is copied from.

    A level that may be the one that is meant where a name leads nowhere, or where none stands, isn't told of.
    """
    levels, users = by_key(data, "security_levels"), [user for _place, user in users_in(data)]
    of_users = [user.get("security_level") for user in users if user.get("system_level") is None or "security_level" in user]
    if not users:
        return
    used = {key for name in of_users for key in _meant(name, levels)}
    while sources := {found for key in used for found in _copied(key, levels)} - used:
        used |= sources
    for place, entry in entries_of(data, "security_levels"):
        if entry.get("key") and entry["key"] not in used:
            words = "no API user of this profile has this level; name it as the `security_level` of one, or leave it out"
            yield InputError(place, words, "unused_level")


def _copied(key: str, levels: Keys) -> Collection[str]:
    """The levels that a level may be meant to be copied from: any, where it is a copy of itself."""
    entry = levels[key]
    if "copy_of_key" not in entry:
        return [own for name in _sources(entry) for own, level in levels.items() if same_name(level.get("name") or "", name)]
    return list(levels) if _circle(key, levels) else _meant(entry["copy_of_key"], levels)


def _meant(name: str | None, levels: Keys) -> Collection[str]:
    """The levels that somebody may have meant by a key."""
    if name is None:
        return list(levels)
    return [name] if name in levels else nearest(name, levels)


def name_errors(levels: Iterable[tuple[Place, Entry]], users: Iterable[tuple[Place, Entry]]) -> Iterator[InputError]:
    """For two levels or two users of one name; REST could not tell the users apart."""
    names = [((*place, "name"), bare_name(entry["name"])) for place, entry in levels if entry.get("name")]
    yield from _told_twice(names, "another level has this name, too")
    people = [((*place, "first_name"), _full_name(entry)) for place, entry in users if entry.get("first_name") and entry.get("last_name")]
    yield from _told_twice(people, "another API user has this first and last name, too")


def _full_name(user: Entry) -> str:
    return " ".join(f"{user['first_name']} {user['last_name']}".split())


def record_errors(data: Entry) -> Iterator[InputError]:
    """For users whose credentials could not be recorded: their file is called like the integration, or, of a further user, like that and its key."""
    name = data.get("integration")
    wrong = errors_of(check_key, name) if name is not None else ()
    yield from wrong
    # What is wrong with the integration's key is told once.
    start = "x" if wrong or name is None else name
    for place, user in list(users_in(data))[1:]:
        for error in errors_of(check_key, f"{start}-{user['key']}") if user.get("key") else ():
            yield InputError(
                (*place, "key"), f"its credentials are recorded under the integration's key and this one: {error.message}", error.code
            )


def handover_errors(handover: Entry, users: Keys, place: Place, own: bool = True) -> Iterator[InputError]:
    """For a field that has no value or two, names one that there isn't, is of no user, or stands twice.

    In a profile's `own` hand-over also for what only its vendor knows. A tenant can have recorded that, so that it can say otherwise.
    """
    names = []
    for number, (_where, entry) in enumerate(entries_of(handover, "fields"), 1):
        inside = (*place, "fields", str(number))
        if sum(name in entry for name in ("value", "format", "text")) != 1:
            message = "a field has either a `value`, which names what is handed over, a `format` with several of these, or a fixed `text`"
            yield InputError(inside, message, "handover")
        yield from _below((*inside, "format"), errors_of(placeholders, entry.get("format") or ""))
        if meant := mentioned(entry.get("text") or ""):
            words = f"{quoted(meant)} would be handed over as it stands here; write `format` instead of `text`"
            yield InputError((*inside, "text"), words, "handover")
        yield from unknown_key(entry.get("user"), users, (*inside, "user"), "API user")
        if own:
            yield from _of_vendor_errors(entry, users, inside)
        names.append(((*inside, "name"), f"{entry['name']} {entry.get('when')}" if entry.get("name") else ""))
    yield from _told_twice(names, "another field has this name, too, and would be lost")


def _of_vendor_errors(field: Entry, users: Keys, place: Place) -> Iterator[InputError]:
    """For the credentials of a user that is there already: they are its vendor's, and nothing is recorded that could be handed over."""
    user = field.get("user", next(iter(users), None))
    if not users.get(user or "", {}).get("existing"):
        return
    fields = (("value", [field.get("value") or ""]), ("format", _named_in(field.get("format") or "")))
    for option, values in fields:
        if of_vendor := [value for value in values if value in CREDENTIALS]:
            words = f'the API user "{user}" is `existing`: {quoted(of_vendor)} of it {"stay" if len(of_vendor) > 1 else "stays"} with its vendor'
            yield InputError((*place, option), f"{words}, so that there is nothing to hand over; leave it out", "handover")


def _named_in(text: str) -> list[str]:
    return [] if errors_of(placeholders, text) else placeholders(text)


def source_errors(sources: Iterable[tuple[Place, Entry]], data: Entry, guides: Keys, wrong: Iterable[Place]) -> Iterator[InputError]:
    """For an entry of `sources` that leads nowhere in the profile, names a guide that there isn't, or stands twice.

    Nothing is said of places below those that are `wrong`.
    """
    told = tuple(f"{joined(place)} > " for place in wrong)
    places = [place for place in places_of(data) if place[0] != "sources"]
    known = {joined(place) for place in places}
    entries = []
    for place, entry in sources:
        at = entry.get("at")
        if at is not None and at.casefold() not in known and not f"{at.casefold()} > ".startswith(told):
            near = suggestion(at, [" > ".join(place) for place in places])
            yield InputError((*place, "at"), f'"{at}" is no place in this profile.{near}', "sources")
        yield from unknown_key(entry.get("guide"), guides, (*place, "guide"), "guide")
        if "guide" in entry and entry.get("source", "guide") not in ("guide", None):
            yield InputError((*place, "guide"), "goes with `source: guide` only", "sources")
        entries.append(((*place, "at"), at or ""))
    yield from _told_twice(entries, "this place stands here twice")


def _told_twice(names: Iterable[tuple[Place, str]], message: str) -> Iterator[InputError]:
    seen = set()
    for place, name in names:
        if name and name.casefold() in seen:
            yield InputError(place, message, "duplicate_name")
        seen.add(name.casefold())


def _below(place: Place, errors: Iterable[InputError]) -> Iterator[InputError]:
    """Errors of what knows no profile, with their place in it."""
    return (error.below(place) for error in errors)


def source_of(data: Entry, place: Sequence[str]) -> Entry | None:
    """The entry of `sources` that is nearest to a place."""
    path = joined(place)
    covering = [entry for entry in data.get("sources") or [] if f"{path} > ".startswith(f"{(entry.get('at') or '').casefold()} > ")]
    return max(covering, key=lambda one: len(one["at"]), default=None)


def joined(place: Sequence[str]) -> str:
    """A place as one text, to be compared."""
    return " > ".join(place).casefold()
