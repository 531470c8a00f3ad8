# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a tenant chooses and sets: read it, put it in the place of what the profile says, and tell what is wrong with it. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from .._catalogue.model import Catalogue
from .._errors import InputError, errors_of
from .._text import quoted, suggestion
from . import schema
from .characters import character_errors
from .check import label_errors, new, without
from .parts import Entry, chosen_parts, entries_of, replaced_levels, users_of
from .references import Keys, all_users, by_key, handover_errors, level_errors, name_errors, unknown_key, user_errors
from .resolved import EXCLUDED, INCLUDED, OVERRIDES, Choices
from .schema_errors import fitting, form_errors
from .text import Place, as_text
from .unread import refused

# Of two that exclude each other, the one that a tenant sets counts.
EITHER = (("copy_of", "copy_of_key"), ("security_level", "system_level"))


def read_overrides(choices: Choices, catalogue: Catalogue) -> tuple[Entry, list[InputError]]:
    """What the tenant sets, as far as it can be read, and what is wrong with it by itself."""
    written = as_text(choices.overrides)
    errors = list(character_errors(written, (OVERRIDES,)))
    errors += new(form_errors(written, schema.overrides(), (OVERRIDES,), as_written=False), errors)
    found = fitting(written, schema.overrides())
    for key, entry in (found.get("security_levels") or {}).items():
        errors += label_errors(entry or {}, (OVERRIDES, "security_levels", key), catalogue)
    return without(found, refused(errors), (OVERRIDES,)), errors


def chosen_together(data: Entry, choices: Choices) -> tuple[list[Entry], Sequence[InputError]]:
    """The parts that the tenant has, and what keeps them from being had together."""
    errors = errors_of(chosen_parts, data, choices.included, choices.excluded, choices.by_default)
    return [] if errors else chosen_parts(data, choices.included, choices.excluded, choices.by_default), errors


def choice_errors(data: Entry, choices: Choices) -> Iterator[InputError]:
    """For parts that there aren't."""
    parts = by_key(data, "optional")
    for option, keys in ((INCLUDED, choices.included), (EXCLUDED, choices.excluded)):
        for key in keys:
            if key not in parts and parts.all_known:
                there = f" Its parts: {quoted(parts)}." if parts else ""
                words = f'{data.get("vendor") or "This profile"} has no optional part "{key}".{suggestion(key, parts)}{there}'
                yield InputError((option,), words, "unknown_part")


def with_overrides(data: Entry, overrides: Entry, parts: Sequence[Entry]) -> tuple[dict[str, Entry], dict[str, Entry]]:
    """The users and the levels by their keys, with the tenant's values."""
    of_levels, of_users = (overrides.get(name) or {} for name in ("security_levels", "api_users"))
    replaced = replaced_levels(parts)
    known = by_key(data, "security_levels")
    levels = {key: _changed(entry, of_levels.get(key) or {}) for key, entry in known.items() if key not in replaced}
    users = {key: _changed(entry, of_users.get(key) or {}) for key, entry in users_of(data, parts).items()}
    return users, levels


def override_errors(data: Entry, overrides: Entry, users: Mapping[str, Entry], levels: Mapping[str, Entry]) -> Iterator[InputError]:
    """For what a tenant's values make wrong."""
    known_levels, known_users = by_key(data, "security_levels"), all_users(data)
    of_levels, of_users = (overrides.get(name) or {} for name in ("security_levels", "api_users"))
    # Of a circle the first level is named: best one that the tenant has said something of.
    changed = Keys(((), entry) for entry in [*(levels[key] for key in of_levels if key in levels), *levels.values()])
    changed.all_known = known_levels.all_known
    for key, entry in of_levels.items():
        place = (OVERRIDES, "security_levels", key)
        yield from unknown_key(key, known_levels, place, "security level")
        if key in levels:
            yield from _of_tenant(level_errors(levels[key], changed, place), place, entry or {})
    for key, entry in of_users.items():
        place = (OVERRIDES, "api_users", key)
        yield from unknown_key(key, known_users, place, "API user")
        if key in users:
            yield from _of_tenant(user_errors(users[key], changed, place), place, entry or {})
    before = [error.place for error in name_errors(entries_of(data, "security_levels"), entries_of(data, "api_users"))]
    names = name_errors(*([((OVERRIDES, name, key), entry) for key, entry in found.items()] for name, found in _named(levels, users)))
    yield from (error for error in names if error.place[1:] not in before)
    yield from handover_errors(overrides.get("handover") or {}, known_users, (OVERRIDES, "handover"), own=False)


def _named(levels: Mapping[str, Entry], users: Mapping[str, Entry]) -> list[tuple[str, Mapping[str, Entry]]]:
    return [("security_levels", levels), ("api_users", users)]


def _of_tenant(errors: Iterable[InputError], place: Place, entry: Entry) -> Iterator[InputError]:
    """The errors about what the tenant's entry says; others are the profile's own, and told there."""
    for error in errors:
        named = error.place[len(place) : len(place) + 1]
        if named[0] in entry if named else any(name in entry for pair in EITHER for name in pair):
            yield error


def _changed(entry: Entry, override: Entry) -> Entry:
    dropped = {name for pair in EITHER for name in pair if any(other in override for other in pair)}
    return {**{name: value for name, value in entry.items() if name not in dropped}, **override}
