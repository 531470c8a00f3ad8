# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Writing records: what is common to all entities. What is special to one is in `rules.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox import permissions
from sandbox.model import Record
from sandbox.rest import impersonation, rules, values
from sandbox.rest.call import Call
from sandbox.rest.entities import CREATE, DELETE, ENTITIES, PATH_OF, UPDATE, Below, Entity, Field
from sandbox.rest.errors import (
    RestError,
    bad_reference,
    bad_value,
    missing_value,
    no_match,
    not_permitted,
    too_long,
    unknown_choice,
    unknown_field,
)
from sandbox.store import now

_CREATED = ("createDate", "createDateTime")
_TOUCHED = ("lastActivityDate", "lastActivity", "lastModifiedDate", "lastTrackedModificationDateTime", "lastTrackedModifiedDateTime")
_CREATOR = ("creatorResourceID", "createdByResourceID")
_ACTIVITY = ("lastActivityResourceID",)
_FOR_PEOPLE = ("assignedResourceID", "ownerResourceID")


def create(call: Call, entity: Entity, parent: Record | None = None) -> Record:
    """POST: a new record, below its parent if it has one. `parent` is the field that ties it to its parent, with its value."""
    given = _body(call, parent)
    special = rules.of(entity)
    with call.store.transaction():
        if parent and entity.below:
            _check_parent(call, entity.below, parent[entity.below.by])
        record = _defaults(call, entity) | _read(call, entity, given, {})
        _require(entity, record)
        record |= _stamps(call, entity)
        record |= special.new(call, entity, record)
        record["id"] = call.store.insert(call.tenant_id, entity.path, record)
        special.after(call, entity, record)
    return {"itemId": record["id"]}


def update(call: Call, entity: Entity, parent: Record | None = None) -> Record:
    """PATCH or PUT: PATCH changes what is sent, PUT also clears what is left out (Autotask help, REST_Updating_Data_PUT).

    Read-only fields are accepted and ignored. `parent` is given as for `create`.
    """
    given = _body(call, parent)
    special = rules.of(entity)
    with call.store.transaction():
        record = _target(call, entity, given, parent)
        changes = _read(call, entity, given, record)
        if call.method == "PUT":
            changes = {field.name: None for field in entity.fields.values() if not field.read_only} | changes
        _require(entity, record | changes)
        changes |= _touches(call, entity)
        changes |= special.changed(call, entity, record, changes)
        special.save(call, entity, record, changes)
        special.after(call, entity, record)
    return {"itemId": record["id"]}


def delete(call: Call, entity: Entity, record_id: int, parent: Record | None = None) -> Record:
    """DELETE of one record."""
    special = rules.of(entity)
    with call.store.transaction():
        record = _found(call, entity, DELETE, record_id, parent)
        impersonation.resource(call, entity, DELETE)
        special.deleting(call, entity, record)
        call.store.delete(call.tenant_id, entity.path, record_id)
        special.after(call, entity, record)
    return {"itemId": record_id}


def _body(call: Call, parent: Record | None) -> Mapping[str, Any]:
    """What was sent. To which parent it belongs, the address says, whatever the body says."""
    body = call.json()
    if not isinstance(body, dict):
        raise RestError("Value cannot be null.\r\nParameter name: restModelInput")
    tie = parent or {}
    return {name: value for name, value in body.items() if name.lower() not in map(str.lower, tie)} | tie


def _target(call: Call, entity: Entity, given: Mapping[str, Any], parent: Record | None) -> Record:
    """The record that a PATCH or PUT means: its id is in the body."""
    given_id = next((value for name, value in given.items() if name.lower() == "id"), None)
    try:
        record_id = values.read(entity.fields["id"], given_id)
    except ValueError:
        raise RestError(bad_value(given_id, "id", "long")) from None
    if record_id is None:
        raise RestError(missing_value("id"))
    return _found(call, entity, UPDATE, record_id, parent)


def _check_parent(call: Call, below: Below, parent_id: int) -> None:
    """RestError unless there is a parent that the caller sees."""
    parents = call.store.query(call.tenant_id, below.parent, id=parent_id)
    if not permissions.seen(call.caller.viewer, below.parent, parents):
        raise RestError(bad_reference(below.by, ENTITIES[below.parent].name))


def _found(call: Call, entity: Entity, verb: str, record_id: int, parent: Record | None) -> Record:
    viewer = call.caller.viewer
    records = permissions.seen(viewer, entity.path, call.store.query(call.tenant_id, entity.path, id=record_id, **(parent or {})))
    if not records:
        raise no_match(verb)
    if not permissions.may_change(viewer, entity.path, verb, records[0]):
        raise not_permitted(verb)
    return records[0]


# Reading what was sent


def _read(call: Call, entity: Entity, given: Mapping[str, Any], before: Record) -> Record:
    """The known and writable properties of what was sent, as they are stored. RestError with all that is wrong with them.

    `before` is the record that is changed, empty for a new one.
    """
    record: Record = {}
    errors: list[str] = []
    for name, value in given.items():
        field = entity.field_named(name)
        if field is None or (field.read_only and (before or not field.set_on_create)):
            continue
        try:
            record[field.name] = values.read(field, value)
        except ValueError:
            errors.append(bad_value(value, field.name, field.type))
    for name, value in record.items():
        errors += _faults(call, entity, entity.fields[name], value, before | record) if value is not None else ()
    udfs = next((value for name, value in given.items() if name.lower() == "userdefinedfields"), None)
    if entity.udf is not None and (udfs or call.method == "PUT"):
        read_udfs, wrong = _read_udfs(call, entity, udfs or [])
        kept = {} if call.method == "PUT" else before.get("userDefinedFields", {})
        record["userDefinedFields"] = kept | read_udfs
        errors += wrong
    if errors:
        raise RestError(*errors)
    return record


def _faults(call: Call, entity: Entity, field: Field, value: Any, record: Record) -> Iterator[str]:
    if field.length and len(str(value)) > field.length:
        yield too_long(field.name, field.length)
    if field.switch and not field.pick_list and value not in (0, 1):
        yield bad_value(value, field.name, field.type)
    if field.pick_list:
        parent = str(record.get(field.parent)) if field.parent else ""
        choices = values.choices(call.store, call.tenant_id, entity, field)
        if not any(str(choice.value) == str(value) and choice.active and choice.parent in ("", parent) for choice in choices):
            yield unknown_choice(value, field.name)
    if field.reference and not _exists(call, field, value):
        yield bad_reference(field.name, field.reference)


def _exists(call: Call, field: Field, value: int) -> bool:
    """Whether a reference leads to a record. API users can't be assigned to anything, or own it (Autotask help, Define_API_User).

    An organization must be one that the caller sees, unless the level displays all of them in pick lists.
    """
    path = PATH_OF.get(field.reference)
    record = call.store.get(call.tenant_id, path, value) if path else None
    if path is None or record is None:
        return False
    if path == "Companies" and not call.caller.rights.value("all organizations"):
        return bool(permissions.seen(call.caller.viewer, path, [record]))
    return field.name not in _FOR_PEOPLE or call.store.api_user(call.tenant_id, value) is None


def _read_udfs(call: Call, entity: Entity, given: Any) -> tuple[Record, list[str]]:
    record: Record = {}
    errors: list[str] = []
    for entry in given if isinstance(given, list) else [given]:
        name, value = (str(entry.get("name")), entry.get("value")) if isinstance(entry, dict) else (str(entry), None)
        field = entity.udf_named(name)
        if field is None:
            errors.append(unknown_field(name, entity.name))
            continue
        try:
            record[field.name] = values.read(field, value)
        except ValueError:
            errors.append(bad_value(value, name, field.type))
            continue
        errors += _faults(call, entity, field, record[field.name], record) if record[field.name] is not None else ()
    return record, errors


# Filling in


def _require(entity: Entity, record: Record) -> None:
    """RestError if a required field has no value. The id is given by the store."""
    required = [field.name for field in entity.fields.values() if field.required and field.set_on_create]
    missing = [missing_value(name) for name in required if record.get(name) in (None, "")]
    if missing:
        raise RestError(*missing)


def _defaults(call: Call, entity: Entity) -> Record:
    """What a new record has where nothing was sent: also its pick-lists' default values, where they aren't required."""
    record: Record = {field.name: field.first for field in entity.fields.values() if field.first is not None}
    for field in entity.fields.values():
        if field.pick_list and not field.required and not field.read_only:
            choices = values.choices(call.store, call.tenant_id, entity, field)
            default = next((choice for choice in choices if choice.default), None)
            if default is not None:
                record[field.name] = default.value
    return record


def _stamps(call: Call, entity: Entity) -> Record:
    """Who made a record, and when: the caller, or the resource that it impersonates."""
    creator = impersonation.actor(call, entity, CREATE)
    stamps: dict[str, Any] = dict.fromkeys((*_CREATED, *_TOUCHED), now()) | dict.fromkeys((*_CREATOR, *_ACTIVITY), creator)
    return _known(entity, stamps | _impersonator(call, creator, "impersonatorCreatorResourceID"))


def _touches(call: Call, entity: Entity) -> Record:
    """Who changed a record last, and when: the caller, or the resource that it impersonates."""
    actor = impersonation.actor(call, entity, UPDATE)
    stamps: dict[str, Any] = dict.fromkeys(_TOUCHED, now()) | dict.fromkeys(_ACTIVITY, actor)
    return _known(entity, stamps | _impersonator(call, actor, "impersonatorUpdaterResourceID"))


def _impersonator(call: Call, actor: int, field: str) -> Record:
    """The caller in the field that says so, if it is not the one who acts."""
    return {field: call.caller.user.id if actor != call.caller.user.id else None}


def _known(entity: Entity, stamps: Record) -> Record:
    return {name: value for name, value in stamps.items() if name in entity.fields}
