# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What REST says of its entities: the tables in `entities/*.yml`, read once.

An entity is written like this:

    Tickets:                                  # as in the address
      name: Ticket                            # as entityInformation calls it
      can: create query update                # what the API allows at all
      root: post put patch                    # verbs on /Tickets; query, count and get are always there
      below: {parent: ..., as: ..., by: ..., verbs: ...}   # also at /parent/{id}/as, tied by the field `by`
      left_out: [...]                         # children that Autotask has and the sandbox hasn't
      udf: {Region: string 50}                # has user-defined fields, these
      hooks: Companies                        # is the webhook of that entity
      webhooks: true                          # supports webhook callouts
      fields:
        title: string 255, required           # type and length (a number, or a constant), then what is special about it

Special: `required`, `read-only`, `not queryable`, `pick-list` (`pick-list of issueType`: depends on that field),
`-> Account` (a reference to the entity of that name), `webhook` (webhooks can subscribe to it), `switch` (an integer that is 0 or 1),
`else 1` (what answers have where nobody has set it, as published answers of the live service show; without it "" in a text, false in
a boolean, and null in all others), `first true` (what a new record has where nothing was sent), `as city` (where nobody has set it, it
follows that field).

Types are those of the vendor's REST description, lengths those of the newer help pages where they could be read; the rest is from captured
metadata of the older SOAP interface.

`others.yml` has those entities of which the sandbox knows the rights and nothing else, one line each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sandbox.tickets import MAX_ITEM_CHARACTERS

CREATE, QUERY, UPDATE, DELETE = "create", "query", "update", "delete"


@dataclass(frozen=True)
class Field:
    """One property of an entity. `length` is 0 where there is no limit, `reference` and `parent` are empty where there is none.

    `switch` is an integer that is 0 or 1, `first` what a new record has where nothing was sent, None for nothing, `unset` what an answer
    has where nobody has set the field, nor the one that it `follows`.
    """

    name: str
    type: str
    length: int = 0
    required: bool = False
    read_only: bool = False
    queryable: bool = True
    pick_list: bool = False
    parent: str = ""
    reference: str = ""
    webhook: bool = False
    switch: bool = False
    first: Any = None
    unset: Any = None
    follows: str = ""

    def of(self, values: Mapping[str, Any]) -> Any:
        """The field's value among those of a record, as answers and queries have it."""
        value = values.get(self.name)
        if value is None and self.follows:
            value = values.get(self.follows)
        return self.unset if value is None else value

    @property
    def set_on_create(self) -> bool:
        """Whether a POST may set it. A read-only field that is required is one that can't be changed later."""
        return not self.read_only or (self.required and self.name != "id")


@dataclass(frozen=True)
class Below:
    """Where an entity is written: below a parent, tied to it by a field, with these HTTP methods."""

    parent: str
    segment: str
    by: str
    verbs: frozenset[str]


@dataclass(frozen=True)
class Entity:
    """One entity.

    `can` are the verbs that the API allows at all, `root` the HTTP methods of its own address beyond queries. `fields` is keyed by
    the names as REST spells them, `by_lower_name` by the same in lower case. `udf` is None where there can't be any.
    """

    path: str
    name: str
    can: frozenset[str]
    root: frozenset[str] = frozenset()
    below: Below | None = None
    udf: Mapping[str, Field] | None = None
    hooks: str = ""
    webhooks: bool = False
    fields: Mapping[str, Field] = field(default_factory=dict)
    by_lower_name: Mapping[str, Field] = field(default_factory=dict)

    def field_named(self, name: str) -> Field | None:
        """A field by its name, in any case."""
        return self.by_lower_name.get(name.lower())

    def udf_named(self, name: str) -> Field | None:
        """A user-defined field by its name, in any case."""
        return next((field for known, field in (self.udf or {}).items() if known.lower() == name.lower()), None)


def _field(name: str, line: str) -> Field:
    kind, *marks = (part.strip() for part in line.split(","))
    kind, _space, length = kind.partition(" ")
    values: dict[str, Any] = {}
    if not any(mark.startswith("pick-list") for mark in marks):
        values["unset"] = _UNSET.get(kind)
    for mark in marks:
        if mark.startswith("else "):
            values["unset"] = yaml.safe_load(mark.removeprefix("else "))
        elif mark.startswith("first "):
            values["first"] = yaml.safe_load(mark.removeprefix("first "))
        elif mark.startswith("as "):
            values["follows"] = mark.removeprefix("as ")
        elif mark.startswith("->"):
            values["reference"] = mark.removeprefix("->").strip()
        elif mark.startswith("pick-list"):
            values |= {"pick_list": True, "parent": mark.removeprefix("pick-list").removeprefix(" of ")}
        else:
            values |= _MARKS[mark]
    return Field(name, kind, _LENGTHS.get(length) or int(length or 0), **values)


_MARKS: dict[str, dict[str, bool]] = {
    "required": {"required": True},
    "read-only": {"read_only": True},
    "not queryable": {"queryable": False},
    "webhook": {"webhook": True},
    "switch": {"switch": True},
}
_LENGTHS = {"MAX_ITEM_CHARACTERS": MAX_ITEM_CHARACTERS}
_UNSET: dict[str, Any] = {"string": "", "boolean": False}


def _entity(path: str, table: Mapping[str, Any]) -> Entity:
    fields = {name: _field(name, line) for name, line in table["fields"].items()}
    below = table.get("below")
    return Entity(
        path=path,
        name=table["name"],
        can=frozenset(table["can"].split()),
        root=frozenset(table.get("root", "").upper().split()),
        below=Below(below["parent"], below["as"], below["by"], frozenset(below["verbs"].upper().split())) if below else None,
        udf={name: _field(name, f"{line}, else null") for name, line in table["udf"].items()} if "udf" in table else None,
        hooks=table.get("hooks", ""),
        webhooks=table.get("webhooks", False),
        fields=fields,
        by_lower_name={name.lower(): value for name, value in fields.items()},
    )


def _read() -> dict[str, Entity]:
    tables: dict[str, Any] = {}
    for file in sorted((Path(__file__).parent / "entities").glob("*.yml")):
        tables |= yaml.safe_load(file.read_text(encoding="utf-8"))
    return {path: _entity(path, table) for path, table in sorted(tables.items())}


def _others() -> dict[str, Entity]:
    lines = yaml.safe_load((Path(__file__).parent / "others.yml").read_text(encoding="utf-8"))
    entities = {}
    for path, line in lines.items():
        name, can = line.split(", ")
        entities[path] = Entity(path, name, frozenset(can.split()))
    return entities


ENTITIES = _read()
"""The entities that hold records, by their address."""

OTHERS = _others()
"""The entities that are known by their rights only, by their address. They have no fields and no records."""

PATH_OF = {entity.name: entity.path for entity in ENTITIES.values()} | {"BusinessLocation": "InternalLocations"}
"""The address of an entity by the name that references use; a BusinessLocation is an internal location with its business hours."""
