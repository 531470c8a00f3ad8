# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Whose a level, an API user or a record name of a tenant is, where several integrations name it. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from .._documents.names import check_key, name_key, same_name
from .._documents.security_level import Level
from .._errors import InputError, raise_all
from .wanted import Wanted

# Who has claimed a thing of a tenant: by what it is, and its name without capitals.
Owners = dict[tuple[str, str], Wanted]


def with_claims(wanted: Sequence[Wanted]) -> list[Wanted]:
    """The integrations, each with what is its own. A level that several share is the first one's: the others use it, and don't ask for it.

    Raises InputError for all that two of them want: each would undo what the other does. A level may be had by several where all say that they share
    it, and want the same of it.
    """
    raise_all(_record_errors(wanted))
    owners: Owners = {}
    errors: list[InputError] = []
    found = []
    for one in wanted:
        made_by: dict[str, str] = {}
        if one.state == "present":
            errors += [error for user in one.users for error in _claim(owners, one, "API user", user.name)]
            for level in one.levels:
                owner = owners.get(("security level", name_key(level.name)))
                if owner and name_key(level.name) in _shared(one) & _shared(owner):
                    made_by[level.name] = owner.integration
                    errors += _differences(owner, one, level)
                else:
                    errors += _claim(owners, one, "security level", level.name)
        levels = [level for level in one.levels if level.name not in made_by]
        found.append(replace(one, levels=levels, limits=[limit for limit in one.limits if limit.level not in made_by], made_by=made_by))
    raise_all(errors)
    return found


def _claim(owners: Owners, one: Wanted, kind: str, name: str) -> Iterator[InputError]:
    owner = owners.setdefault((kind, name_key(name)), one)
    if owner is not one:
        shared = ", or say in both profiles that it is `shared`" if kind == "security level" else ""
        yield InputError(
            ["integrations", one.integration],
            f'the {kind} "{name}" is {owner.integration}\'s, too; give it another name for one of them, with overrides{shared}',
            "claimed_twice",
        )


def _differences(owner: Wanted, one: Wanted, level: Level) -> Iterator[InputError]:
    if _wishes(owner, level.name) != _wishes(one, level.name):
        yield InputError(
            ["integrations", one.integration],
            f'the security level "{level.name}" is shared with {owner.integration}, which wants something else of it; let both profiles say the same',
            "shared_differently",
        )


def _shared(one: Wanted) -> set[str]:
    return {name_key(name) for name in one.shared_levels}


def _wishes(one: Wanted, level: str) -> tuple[object, ...]:
    """All that an integration wants of a level, its name as it writes it included."""
    [own] = [known for known in one.levels if same_name(known.name, level)]
    return own, [limit for limit in one.limits if limit.level == own.name], list(one.copied_from.get(own.name, ()))


def _record_errors(wanted: Sequence[Wanted]) -> Iterator[InputError]:
    """For two users that would be recorded under one name. Raises InputError for a name that can't be one."""
    taken: dict[str, str] = {}
    for one in wanted:
        for user in one.users:
            whose = f"{one.integration} > {user.key}"
            check_key(user.record_as, f"integrations > {whose}")
            if user.record_as in taken:
                yield InputError(
                    ["integrations", whose],
                    f'its credentials would be recorded as "{user.record_as}", like those of {taken[user.record_as]}; give one of them another key',
                    "record_name_taken",
                )
            taken[user.record_as] = whose
