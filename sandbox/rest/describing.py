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
    access = {verb: call.caller.rights.may(entity.path, verb) for verb in (CREATE, DELETE, QUERY, UPDATE)}
    return {
        "info": {
            "name": entity.name,
            **{f"can{verb.capitalize()}": verb in entity.can for verb in access},
            **{f"userAccessFor{verb.capitalize()}": value.number if as_numbers else value.word for verb, value in access.items()},
            "hasUserDefinedFields": entity.udf is not None,
            "supportsWebhookCallouts": entity.webhooks,
        }
    }


def all_entities(call: Call) -> Record:
    """The same of all entities at once."""
    every = sorted((ENTITIES | OTHERS).values(), key=lambda entity: entity.path)
    return {"entityDescriptions": [entity_information(call, entity) for entity in every]}


def fields(call: Call, entity: Entity) -> Record:
    """The fields of an entity with their pick-lists."""
    return {"fields": [{"name": name, "dataType": field.type} | _details(call, entity, field) for name, field in entity.fields.items()]}


def user_defined_fields(call: Call, entity: Entity) -> Record:
    """The user-defined fields of an entity. NotFound on those that can't have any."""
    if entity.udf is None:
        raise NotFound
    return {
        "fields": [
            {"name": name, "label": name, "type": field.type, "description": "", "defaultValue": ""} | _details(call, entity, field)
            for name, field in entity.udf.items()
        ]
    }


def _details(call: Call, entity: Entity, field: Field) -> Record:
    choices = values.choices(call.store, call.tenant_id, entity, field) if field.pick_list else []
    return {
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
