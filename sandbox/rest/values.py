# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The values of fields: how they are read from JSON, compared, and offered by pick-lists."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from sandbox.model import LICENSE_TYPES, Choice
from sandbox.rest.entities import ENTITIES, Entity, Field
from sandbox.store import Store

_BITS = {"integer": 32, "long": 64}


def read(field: Field, value: Any) -> Any:
    """A JSON value as the field stores it: numbers and times may come as text. ValueError if it can't be read as the field's type."""
    if value is None:
        return None
    if field.type == "string":
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            # Half of a surrogate pair is no text.
            return str(value).encode().decode()
    elif field.type == "boolean":
        if isinstance(value, bool):
            return value
        if str(value).lower() in ("true", "false"):
            return str(value).lower() == "true"
    elif field.type == "datetime":
        return stamp(moment(value))
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        if field.type not in _BITS and math.isfinite(float(value)):
            return float(value)
        if field.type in _BITS and float(value).is_integer():
            number = int(value) if isinstance(value, (str, int)) and str(value).strip("-").isdecimal() else int(float(value))
            if abs(number) < 2 ** (_BITS[field.type] - 1):
                return number
    raise ValueError(f"not a {field.type}: {value}")


def comparable(field: Field, value: Any) -> Any:
    """A stored or asked-for value in the form in which two of the field are compared: text without case, times as times."""
    if value is None:
        return None
    if field.type == "datetime":
        return moment(value)
    if field.type == "boolean" and not isinstance(value, bool):
        raise ValueError("booleans are true or false")
    read_value = read(field, value)
    return read_value.casefold() if isinstance(read_value, str) else read_value


def moment(value: Any) -> datetime:
    """An ISO time, or a date; without a zone it is UTC. ValueError if it is neither."""
    parsed = datetime.fromisoformat(str(value))
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def stamp(value: datetime) -> str:
    """A time as REST writes it."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def choices(store: Store, tenant_id: int, entity: Entity, field: Field) -> list[Choice]:
    """The pick-list of a field: made of what the tenant has where it lists such things, else the tenant's own."""
    if entity.below and (hooked := ENTITIES[entity.below.parent].hooks):
        return _webhook_choices(ENTITIES[hooked], field)
    if field.name == "apiVendorID":
        return [Choice(vendor.id, vendor.name, vendor.active) for vendor in store.vendors(tenant_id)]
    if entity.path == "Resources":
        if field.name == "userType":
            return [Choice(level.id, level.name, level.active, level.system) for level in store.levels(tenant_id)]
        if field.name == "licenseType":
            return [Choice(number, label, system=True) for number, label in LICENSE_TYPES.items()]
        if field.name == "locationID":
            return [Choice(location["id"], location["name"]) for location in store.query(tenant_id, "InternalLocations")]
    return store.choices(tenant_id, f"{entity.path}.{field.name}")


def _webhook_choices(hooked: Entity, field: Field) -> list[Choice]:
    """Which fields, or user-defined fields, of an entity a webhook can subscribe to, numbered in their order."""
    names = hooked.udf or {} if field.name == "udfFieldID" else [known.name for known in hooked.fields.values() if known.webhook]
    return [Choice(number, name, system=True) for number, name in enumerate(names, start=1)]
