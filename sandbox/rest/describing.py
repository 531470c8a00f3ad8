# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What REST says about itself: the entities, their fields, and what the caller may do with them."""

from __future__ import annotations

from sandbox.model import Choice, Record
from sandbox.rest import values
from sandbox.rest.call import Call
from sandbox.rest.entities import CREATE, DELETE, ENTITIES, OTHERS, QUERY, UPDATE, Entity, Field
from sandbox.rest.errors import NotFound


def entity_information(call: Call, entity: Entity) -> Record:
    """What the API allows on an entity at all, and what of it the caller's level grants (Autotask help, REST_EntityInformationCall)."""
    as_numbers = call.caller.tenant.options.get("access_as_numbers", False)
    info: Record = {"name": entity.name}
    for verb in (CREATE, DELETE, QUERY, UPDATE):
        access = call.caller.rights.may(entity.path, verb)
        info[f"can{verb.capitalize()}"] = verb in entity.can
        info[f"userAccessFor{verb.capitalize()}"] = access.number if as_numbers else access.word
    info["hasUserDefinedFields"] = entity.udf is not None
    info["supportsWebhookCallouts"] = entity.webhooks
    return {"info": info}


def all_entities(call: Call) -> Record:
    """The same of all entities at once."""
    every = sorted((ENTITIES | OTHERS).values(), key=lambda entity: entity.path)
    return {"entityDescriptions": [entity_information(call, entity) for entity in every]}


def fields(call: Call, entity: Entity) -> Record:
    """The fields of an entity with their pick-lists."""
    return {"fields": [_described(call, entity, field) | {"dataType": field.type} for field in entity.fields.values()]}


def user_defined_fields(call: Call, entity: Entity) -> Record:
    """The user-defined fields of an entity. NotFound on those that can't have any."""
    if entity.udf is None:
        raise NotFound
    extra = {"label": "", "description": "", "defaultValue": ""}
    return {
        "fields": [_described(call, entity, field) | extra | {"label": field.name, "type": field.type} for field in entity.udf.values()]
    }


def _described(call: Call, entity: Entity, field: Field) -> Record:
    choices = values.choices(call.store, call.tenant_id, entity, field) if field.pick_list else []
    return {
        "name": field.name,
        "length": field.length,
        "isRequired": field.required,
        "isReadOnly": field.read_only,
        "isQueryable": field.queryable,
        "isReference": bool(field.reference),
        "referenceEntityType": field.reference,
        "isPickList": field.pick_list,
        "picklistValues": [_choice(place, choice) for place, choice in enumerate(choices, start=1)] if field.pick_list else None,
        "picklistParentValueField": field.parent,
        "isSupportedWebhookField": field.webhook,
    }


def _choice(place: int, choice: Choice) -> Record:
    return {
        "value": str(choice.value),
        "label": choice.label,
        "isDefaultValue": choice.default,
        "sortOrder": place,
        "parentValue": choice.parent,
        "isActive": choice.active,
        "isSystem": choice.system,
    }
