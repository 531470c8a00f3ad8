# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What is expected of API users, against what their levels grant. Private to the collection.

An expectation that the level contradicts would show only once people have set everything up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .._catalogue.effects import decided_by
from .._catalogue.model import Catalogue, Value
from .._catalogue.terms import DEFAULT_TERMS, worded
from .._documents.names import bare_name, cell_label
from .._documents.security_level import Level, wanted_cells
from .._entities import SYSTEM_SOURCE
from .._errors import InputError
from .parts import Entry, lists_of_users
from .text import Place


@dataclass(frozen=True)
class Granted:
    """What is known of a level's cells, and where each of those stands that somebody named."""

    cells: Mapping[str, Value]
    places: Mapping[str, Place]


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
        is_full = bare_name(user.get("system_level", "")) == SYSTEM_SOURCE
        level = system_level if is_full else levels.get(user.get("security_level", ""), Granted({}, {}))
        decided = decided_by(level.cells, catalogue.least)
        for kind, granted in (("granted", True), ("denied", False)):
            for operation in (user.get("expect") or {}).get(kind) or []:
                seen, cell_id = decided.get(operation, (granted, ""))
                if seen is not granted:
                    named, stands = level.places.get(cell_id, ()), _place(data, parts, overrides, key, kind, operation)
                    verb = "grants it" if seen else "doesn't grant it"
                    words = f'{operation} is to be {kind}, and the level {verb}: "{label(cell_id)}" is {_shown(level.cells[cell_id])} there'
                    part = f', by the optional part "{named[1]}"' if named[:1] == ("optional",) else ""
                    # What a tenant has changed is the tenant's to put right.
                    yield InputError(named if named[:1] == ("overrides",) else stands, f"{words}{part}", "contradiction")


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "ticked" if value else "not ticked"
    return f'"{worded(str(value))}"'


def _place(data: Entry, parts: Sequence[Entry], overrides: Entry, user: str, kind: str, operation: str) -> Place:
    """Where an operation is said to be expected of a user: by the tenant, in the user's entry, or in a part."""
    of_tenant = (overrides.get("api_users") or {}).get(user) or {}
    written: list[tuple[Place, Entry]] = [(("overrides", "api_users", user), of_tenant)]
    written += [((*place, user), entry) for place, entries in lists_of_users(data) for entry in entries if entry["key"] == user]
    written += [(("optional", part["key"]), part) for part in parts]
    for place, entry in written:
        listed = list((entry.get("expect") or {}).get(kind) or [])
        if operation in listed:
            return (*place, "expect", kind, str(listed.index(operation) + 1))
    return ("api_users", user, "expect")
