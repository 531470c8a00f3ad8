# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which address is answered by what. Paths are given in lower case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandbox.model import Record
from sandbox.rest import describing, reading, service, writing
from sandbox.rest.call import Call
from sandbox.rest.entities import CREATE, DELETE, ENTITIES, OTHERS, QUERY, UPDATE, Below, Entity
from sandbox.rest.values import is_id


@dataclass(frozen=True)
class Handler:
    """What answers a method: a function, and what the caller must be granted for it (an entity's address, and create, query, ...), if anything."""

    answer: Callable[[Call], Record]
    entity: str = ""
    verb: str = ""


@dataclass(frozen=True)
class Endpoint:
    """An address: its name, which the thread limit counts by, and a handler for each HTTP method that it has."""

    name: str
    handlers: dict[str, Handler]


_SERVICES = {
    "version": service.version,
    "thresholdinformation": service.threshold_information,
    "modules": service.modules,
    "entityinformation": describing.all_entities,
}
_ENTITIES = {path.lower(): entity for path, entity in ENTITIES.items()}
_OTHERS = {path.lower(): entity for path, entity in OTHERS.items()}
_BELOW = {
    (entity.below.parent.lower(), entity.below.segment.lower()): (entity, entity.below) for entity in ENTITIES.values() if entity.below
}
_FIRST = {
    path.lower(): path
    for path in (
        *ENTITIES,
        *OTHERS,
        *("EntityInformation", "Modules", "ThresholdInformation", "Version", "VersionInformation", "ZoneInformation"),
    )
}
"""The spelling of an address's first segment."""
_LATER = {
    segment.lower(): segment
    for segment in (
        *(entity.below.segment for entity in ENTITIES.values() if entity.below),
        *("query", "count", "next", "previous", "entityInformation", "fields", "userDefinedFields"),
    )
}
"""The spelling of the others."""
_VERBS = {"GET": QUERY, "POST": CREATE, "PUT": UPDATE, "PATCH": UPDATE, "DELETE": DELETE}


def find(segments: Sequence[str]) -> Endpoint | None:
    """The endpoint at a path after `/v1.0/`, or None if there is none."""
    match segments:
        case [name] if name in _SERVICES:
            return Endpoint(name, {"GET": Handler(_SERVICES[name])})
        case [name, *rest] if name in _ENTITIES:
            parts = _below(name, rest) if len(rest) > 1 else None
            return parts or _endpoint(_ENTITIES[name], _root(_ENTITIES[name], rest))
        case [name, *rest] if name in _OTHERS:
            return _endpoint(_OTHERS[name], _about(_OTHERS[name], [])) if list(rest) == ["entityinformation"] else None
    return None


def template(segments: Sequence[str]) -> str:
    """A path after `/atservicesrest/` as the documents write it: `Tickets/{id}/Notes`. Whatever doesn't exist is `?`, so there is an end of them."""
    given = [segment.lower() for segment in segments if segment]
    if given[:1] == ["v1.0"]:
        del given[0]
    first, *rest = given or [""]
    spelt = [_FIRST.get(first, "?"), *("{id}" if is_id(segment) else _LATER.get(segment, "?") for segment in rest)]
    return "?" if "?" in spelt else "/".join(spelt)


def _endpoint(entity: Entity, handlers: dict[str, Handler]) -> Endpoint | None:
    return Endpoint(entity.path, handlers) if handlers else None


def _root(entity: Entity, rest: Sequence[str]) -> dict[str, Handler]:
    """The addresses of an entity at the root."""
    match rest:
        case []:
            update = _bound(writing.update, entity)
            return _handlers(entity, entity.root, POST=_bound(writing.create, entity), PUT=update, PATCH=update)
        case [number] if is_id(number):
            get, delete = (_bound(function, entity, int(number)) for function in (reading.item, writing.delete))
            return _handlers(entity, entity.root | {"GET"}, GET=get, DELETE=delete)
        case ["entityinformation", *about]:
            return _about(entity, about)
    return _queries(entity, rest)


def _below(parent: str, rest: Sequence[str]) -> Endpoint | None:
    """The addresses of an entity below a parent: `Tickets/12/Notes`, `Tickets/12/Notes/34`."""
    if not is_id(rest[0]) or (parent, rest[1]) not in _BELOW:
        return None
    entity, below = _BELOW[parent, rest[1]]
    match rest[2:]:
        case []:
            return _endpoint(entity, _children(entity, below, int(rest[0])))
        case [number] if is_id(number):
            return _endpoint(entity, _child(entity, below, int(rest[0]), int(number)))
        case ["entityinformation", *about]:
            return _endpoint(entity, _about(entity, about))
    return None


def _children(entity: Entity, below: Below, parent_id: int) -> dict[str, Handler]:
    tie = {below.by: parent_id}
    get, create, update = (_bound(function, entity, tie) for function in (reading.children, writing.create, writing.update))
    return _handlers(entity, below.verbs, GET=get, POST=create, PUT=update, PATCH=update)


def _child(entity: Entity, below: Below, parent_id: int, record_id: int) -> dict[str, Handler]:
    get, delete = (_bound(function, entity, record_id, {below.by: parent_id}) for function in (reading.item, writing.delete))
    return _handlers(entity, below.verbs, GET=get, DELETE=delete)


def _about(entity: Entity, about: Sequence[str]) -> dict[str, Handler]:
    """entityInformation and what is below it. It answers whatever the caller is granted."""
    match about:
        case []:
            return {"GET": Handler(_bound(describing.entity_information, entity))}
        case ["fields"]:
            return {"GET": Handler(_bound(describing.fields, entity))}
        case ["userdefinedfields"]:
            return {"GET": Handler(_bound(describing.user_defined_fields, entity))}
    return {}


def _queries(entity: Entity, rest: Sequence[str]) -> dict[str, Handler]:
    match rest:
        case ["query"]:
            answer = reading.query
        case ["query", "count"]:
            answer = reading.count
        case ["query", "next" | "previous"]:
            answer = reading.next_page
        case _:
            return {}
    return dict.fromkeys(("GET", "POST"), Handler(_bound(answer, entity), entity.path, QUERY))


def _handlers(entity: Entity, allowed: frozenset[str], **answers: Callable[[Call], Record]) -> dict[str, Handler]:
    """A handler for each method that is allowed."""
    return {method: Handler(answer, entity.path, _VERBS[method]) for method, answer in answers.items() if method in allowed}


def _bound(function: Callable[..., Record], *values: object) -> Callable[[Call], Record]:
    return lambda call: function(call, *values)
