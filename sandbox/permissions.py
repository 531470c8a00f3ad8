# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From a security level to what its API users may do. The rules are in `permissions.yml`; REST shows and obeys the same answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from sandbox import editor
from sandbox.model import Cells, CellValue, Level, Record
from sandbox.rest.entities import CREATE, DELETE, ENTITIES, OTHERS, QUERY, UPDATE

_FILE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("permissions.yml").read_text(encoding="utf-8"))
_CELLS: dict[str, str] = _FILE["cells"]
_ROWS: dict[str, dict[str, Any]] = _FILE["rows"]

VERBS = (QUERY, CREATE, UPDATE, DELETE)

MODULES: dict[str, int] = {entry["module"]: entry["key"] for entry in _FILE["modules"] if entry["module"]}
"""The modules of a tenant and their keys in `Modules`."""


class Access(IntEnum):
    """What somebody may do with an entity, ordered from less to more (Autotask help, REST_EntityInformationCall)."""

    NONE = 0
    RESTRICTED = 1
    ALL = 2

    @property
    def word(self) -> str:
        """As entityInformation writes it."""
        return self.name.capitalize()

    @property
    def number(self) -> int:
        """As the help page numbers it: 0 None, 1 All, 2 Restricted."""
        return {Access.NONE: 0, Access.ALL: 1, Access.RESTRICTED: 2}[self]


@dataclass(frozen=True)
class Rights:
    """What a level grants: access by entity and verb, and the fields of each entity whose costs are hidden."""

    level: Level
    access: Mapping[tuple[str, str], Access]
    hidden: Mapping[str, tuple[str, ...]]

    def may(self, entity: str, verb: str) -> Access:
        """The access to an entity, by its address."""
        return self.access.get((entity, verb), Access.NONE)

    def value(self, name: str) -> CellValue:
        """The value of a cell by its name in `permissions.yml`: `tickets.View`, `complete tickets`."""
        return self.level.cells[_key(name)]


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks at records: their rights, the id of their resource, and how to get all records of an entity.

    `lines_of_business` are the values of `organizationalLevelAssociationID` that they see: empty for all, with None for items without one.
    """

    rights: Rights
    resource_id: int
    records_of: Callable[[str], list[Record]]
    lines_of_business: frozenset[int | None] = frozenset()


@lru_cache(maxsize=2048)
def rights(level: Level, modules_off: frozenset[str] = frozenset()) -> Rights:
    """What an API-only level grants in a tenant with these modules switched off. Cheap after the first call for a level's version."""
    access = {(entity, verb): _access(level.cells, rule) for entity, verb, module, rule in _RULES if module not in modules_off}
    hidden = {
        entity: tuple(entry["fields"]) for entity, entry in _FILE["costs"].items() if _access(level.cells, entry["shown"]) is Access.NONE
    }
    return Rights(level, access, hidden)


def seen(viewer: Viewer, entity: str, records: Iterable[Record]) -> list[Record]:
    """Those of an entity's records that the viewer sees. What isn't seen is simply absent (Autotask help, REST_Security_Auth)."""
    if viewer.rights.may(entity, QUERY) is Access.NONE:
        return []
    tests = list(_tests(viewer, _ROWS.get(entity, {})))
    return [record for record in records if all(test(record) for test in tests)]


def may_change(viewer: Viewer, entity: str, verb: str, record: Record) -> bool:
    """Whether the viewer may update or delete this record: Restricted means one's own."""
    access = viewer.rights.may(entity, verb)
    owner = _ROWS.get(entity, {}).get("owner")
    return access is Access.ALL or (access is Access.RESTRICTED and owner is not None and record.get(owner) == viewer.resource_id)


# Rows


def _tests(viewer: Viewer, rule: Mapping[str, Any]) -> Iterator[Callable[[Record], bool]]:
    def own(record: Record) -> bool:
        return "owner" in rule and record.get(rule["owner"]) == viewer.resource_id

    if "types" in rule:
        values = {kind: viewer.rights.value(name) for name, kinds in rule["types"].items() for kind in kinds}
        everybodys = {kind for kind, value in values.items() if value == "All"}
        nobodys = {kind for kind, value in values.items() if value == "None"}
        yield lambda record: record["companyType"] in everybodys or (record["companyType"] not in nobodys and own(record))
    if "value" in rule and (value := viewer.rights.value(rule["value"])) != "All":
        of_organizations = _in(viewer, "Companies", rule["company"]) if "Organizations" in str(value) else None
        yield lambda record: own(record) or (of_organizations is not None and of_organizations(record))
    if "within" in rule and viewer.rights.may("Companies", QUERY) is not Access.ALL:
        yield _in(viewer, "Companies", rule["within"])
    if "business" in rule and viewer.lines_of_business:
        yield lambda record: record.get(rule["business"]) in viewer.lines_of_business
    if "below" in rule and (viewer.rights.may(rule["below"], QUERY) is not Access.ALL or viewer.lines_of_business):
        yield _in(viewer, rule["below"], rule["by"])


def _in(viewer: Viewer, entity: str, field: str) -> Callable[[Record], bool]:
    ids = {record["id"] for record in seen(viewer, entity, viewer.records_of(entity))}
    return lambda record: record.get(field) in ids


# Rules


def _access(cells: Cells, rule: str) -> Access:
    """The access that a column of a rule grants."""
    for word, combined in _COMBINATIONS.items():
        if f" {word} " in rule:
            return combined(_access(cells, part) for part in rule.split(f" {word} "))
    rule = rule.strip()
    if rule in _FIXED:
        return _FIXED[rule]
    if rule.startswith(_FULL):
        return Access.ALL if _access(cells, rule.removeprefix(_FULL)) is Access.ALL else Access.NONE
    key = _key(rule)
    value = cells[key]
    if value in (False, "None", "No", 0):
        return Access.NONE
    return Access.ALL if value == editor.cells_by_key()[key].most else Access.RESTRICTED


def _agreed(parts: Iterable[Access]) -> Access:
    different = set(parts)
    return different.pop() if len(different) == 1 else Access.RESTRICTED


_COMBINATIONS: dict[str, Callable[[Iterable[Access]], Access]] = {"or": max, "and": min, "with": _agreed}
_FULL = "full "
_FIXED = {"": Access.NONE, "always": Access.ALL, "restricted": Access.RESTRICTED}


def _key(name: str) -> str:
    cell, _dot, column = name.partition(".")
    return _CELLS[cell] + column


def _rules() -> Iterator[tuple[str, str, str, str]]:
    """Every rule as entity, verb, module and column, without what the API doesn't allow at all."""
    for entry in _FILE["modules"]:
        for names, rule in entry["rules"].items():
            for entity in names.split(", "):
                can = (ENTITIES.get(entity) or OTHERS[entity]).can
                yield from (
                    (entity, verb, entry["module"], column) for verb, column in zip(VERBS, rule.split("|"), strict=True) if verb in can
                )


_RULES = list(_rules())
