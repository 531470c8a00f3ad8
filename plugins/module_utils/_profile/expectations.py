# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What is expected of API users, against what their levels grant. Private to the collection.

An expectation that the level contradicts would show only once people have set everything up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .._catalogue.effects import decided_by
from .._catalogue.model import Catalogue, Value
from .._catalogue.terms import DEFAULT_TERMS, worded
from .._documents.names import bare_name, cell_label
from .._documents.security_level import Level, wanted_cells
from .._entities import SYSTEM_SOURCE
from .._errors import InputError
from .parts import Entry, users_in
from .text import Place


@dataclass(frozen=True)
class Granted:
    """What is known of a level's cells, and where each of those stands that somebody named.

    Of the sections that are `unread` something could not be read, so that nothing is said of cells there that nobody named. `ground` is where the tenant
    decided of all those.
    """

    cells: Mapping[str, Value]
    places: Mapping[str, Place]
    unread: Collection[str] = ()
    ground: Place = ()


def cells_of(level: Level, catalogue: Catalogue) -> dict[str, Value]:
    """The cells of a level that are known: those that its profile decides, and those of the system level, which may do everything."""
    first = level
    while first.source:
        first = first.source
    full = _full(catalogue) if first.baseline == "copy" and first.copy_of == SYSTEM_SOURCE else {}
    return {**full, **wanted_cells(level, catalogue)}


def _full(catalogue: Catalogue) -> dict[str, Value]:
    """The system level's cells, as far as a source tells them."""
    return {
        cell_id: cell.most for cell_id, (setting, cell) in catalogue.by_cell.items() if setting.default is None and cell.kind != "number"
    }


def expectation_errors(
    data: Entry, users: Mapping[str, Entry], levels: Mapping[str, Granted], parts: Sequence[Entry], overrides: Entry, catalogue: Catalogue
) -> Iterator[InputError]:
    """For each thing that is expected of a user, and that its level does not grant, or grants although it is to be denied."""
    label = cell_label(catalogue, DEFAULT_TERMS)
    system_level = Granted(_full(catalogue), {})
    for key, user in users.items():
        if "system_level" in user and "security_level" in user:
            continue
        is_full = bare_name(user.get("system_level") or "") == SYSTEM_SOURCE
        level = system_level if is_full else levels.get(user.get("security_level") or "", Granted({}, {}))
        decided = decided_by(level.cells, catalogue)
        for kind, granted in (("granted", True), ("denied", False)):
            for operation in (user.get("expect") or {}).get(kind) or []:
                seen, cell_id = decided.get(operation, (granted, ""))
                named = level.places.get(cell_id, ())
                if seen is granted or (not named and catalogue.by_cell[cell_id][0].section in level.unread):
                    continue
                verb = "grants it" if seen else "doesn't grant it"
                words = f'{operation} is to be {kind}, and the level {verb}: "{label(cell_id)}" is {_shown(level.cells[cell_id])} there'
                part = f', by the optional part "{named[1]}"' if named[:1] == ("optional",) else ""
                # What a tenant has changed is the tenant's to put right.
                of_tenant = named if named[:1] == ("overrides",) else _of_tenant(overrides, key, () if named else level.ground)
                place = of_tenant or _place(data, parts, overrides, key, kind, operation)
                yield InputError(place, f"{words}{part}", "contradiction")


def _of_tenant(overrides: Entry, user: str, ground: Place) -> Place:
    """Where the tenant gave the user another level, or the level another ground; empty where it did neither."""
    own = (overrides.get("api_users") or {}).get(user) or {}
    return next((("overrides", "api_users", user, name) for name in ("security_level", "system_level") if name in own), ground)


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "ticked" if value else "not ticked"
    return f'"{worded(str(value))}"'


def _place(data: Entry, parts: Sequence[Entry], overrides: Entry, user: str, kind: str, operation: str) -> Place:
    """Where an operation is said to be expected of a user: by the tenant, in the user's entry, or in a part."""
    of_tenant = (overrides.get("api_users") or {}).get(user) or {}
    written: list[tuple[Place, Entry]] = [(("overrides", "api_users", user), of_tenant)]
    written += [(place, entry) for place, entry in users_in(data) if entry.get("key") == user]
    written += [(("optional", part["key"]), part) for part in parts]
    for place, entry in written:
        listed = list((entry.get("expect") or {}).get(kind) or [])
        if operation in listed:
            return (*place, "expect", kind, str(listed.index(operation) + 1))
    return ("api_users", user, "expect")
