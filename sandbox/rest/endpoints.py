# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which address is answered by what. Segments of a path are matched in any case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandbox.model import Record
from sandbox.rest import describing, reading, service, writing
from sandbox.rest.call import Call
from sandbox.rest.entities import CREATE, DELETE, ENTITIES, OTHERS, QUERY, UPDATE, Below, Entity


@dataclass(frozen=True)
class Handler:
    """What answers a verb: a function, and what the caller must be granted for it (on an entity, to create, query, update or delete)."""

    answer: Callable[[Call], Record]
    entity: Entity | None = None
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
_ID_DIGITS = 18
_VERBS = {"post": CREATE, "put": UPDATE, "patch": UPDATE, "delete": DELETE, "get": QUERY}


def find(segments: Sequence[str]) -> Endpoint | None:
    """The endpoint at a path after `/v1.0/`, or None if there is none."""
    match [segment.lower() for segment in segments]:
        case [name] if name in _SERVICES:
            return Endpoint(name, {"GET": Handler(_SERVICES[name])})
        case [name, *rest] if name in _ENTITIES:
            parts = _below(name, rest) if len(rest) > 1 else None
            return parts or _endpoint(_ENTITIES[name], _root(_ENTITIES[name], rest))
        case [name, *rest] if name in _OTHERS:
            return _endpoint(_OTHERS[name], _unheld(_OTHERS[name], rest))
    return None


def _endpoint(entity: Entity, handlers: dict[str, Handler]) -> Endpoint | None:
    return Endpoint(entity.path, handlers) if handlers else None


def _root(entity: Entity, rest: Sequence[str]) -> dict[str, Handler]:
    """The addresses of an entity at the root."""
    match rest:
        case []:
            writers = {"post": writing.create, "put": writing.update, "patch": writing.update}
            return {
                method.upper(): Handler(_bound(writer, entity), entity, _VERBS[method])
                for method, writer in writers.items()
                if method in entity.root
            }
        case [number] if _is_id(number):
            handlers = {"GET": Handler(_bound(reading.item, entity, int(number)), entity, QUERY)}
            if "delete" in entity.root:
                handlers["DELETE"] = Handler(_bound(writing.delete, entity, int(number)), entity, DELETE)
            return handlers
        case ["entityinformation", *about]:
            return _about(entity, about)
    return _queries(entity, rest)


def _below(parent: str, rest: Sequence[str]) -> Endpoint | None:
    """The addresses of an entity below a parent: `Tickets/12/Notes`, `Tickets/12/Notes/34`."""
    if not _is_id(rest[0]) or (parent, rest[1]) not in _BELOW:
        return None
    entity, below = _BELOW[parent, rest[1]]
    match rest[2:]:
        case []:
            return _endpoint(entity, _children(entity, below, int(rest[0])))
        case [number] if _is_id(number):
            return _endpoint(entity, _child(entity, below, int(rest[0]), int(number)))
        case ["entityinformation", *about]:
            return _endpoint(entity, _about(entity, about))
    return None


def _children(entity: Entity, below: Below, parent_id: int) -> dict[str, Handler]:
    tie = {below.by: parent_id}
    handlers = {
        "get": _bound(reading.children, entity, below.by, parent_id),
        "post": _bound(writing.create, entity, tie),
        "put": _bound(writing.update, entity, tie),
        "patch": _bound(writing.update, entity, tie),
    }
    return {method.upper(): Handler(handler, entity, _VERBS[method]) for method, handler in handlers.items() if method in below.verbs}


def _child(entity: Entity, below: Below, parent_id: int, record_id: int) -> dict[str, Handler]:
    handlers = {
        "get": _bound(reading.child, entity, below.by, parent_id, record_id),
        "delete": _bound(writing.delete, entity, record_id, {below.by: parent_id}),
    }
    return {method.upper(): Handler(handler, entity, _VERBS[method]) for method, handler in handlers.items() if method in below.verbs}


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
    return dict.fromkeys(("GET", "POST"), Handler(_bound(answer, entity), entity, QUERY))


def _unheld(entity: Entity, rest: Sequence[str]) -> dict[str, Handler]:
    """The addresses of an entity of which the sandbox holds no records."""
    match rest:
        case ["entityinformation"]:
            return _about(entity, [])
    return {}


def _is_id(segment: str) -> bool:
    return segment.isdecimal() and len(segment) <= _ID_DIGITS


def _bound(function: Callable[..., Record], *values: object) -> Callable[[Call], Record]:
    return lambda call: function(call, *values)
