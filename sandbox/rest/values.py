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
_ID_DIGITS = 18


def is_id(text: str) -> bool:
    """Whether a text can be the id of a record."""
    return text.isdecimal() and len(text) <= _ID_DIGITS


def read(field: Field, value: Any) -> Any:
    """A JSON value as the field stores it, None where there is none. ValueError if it can't be read as the field's type.

    As lenient as clients of the live service need it: numbers and times may come as text, switches as words or as 1 and 0, and an empty
    text is no value at all, but for texts.
    """
    if value is None or (value == "" and (field.type != "string" or field.pick_list)):
        return None
    if field.type == "boolean":
        return _switch(value)
    if field.type == "datetime":
        return stamp(moment(value))
    if field.switch and str(value).lower() in _WORDS:
        return int(_switch(value))
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        # Half of a surrogate pair is no text.
        return str(value).encode().decode() if field.type == "string" else _number(field, value)
    raise ValueError(f"not a {field.type}: {value}")


_WORDS = {"true": True, "false": False, "1": True, "0": False}


def _switch(value: Any) -> bool:
    """`true`, `"True"` and `1` are alike, as clients of the live service send them; a help page knows only the first."""
    word = str(value).lower() if isinstance(value, (bool, int, str)) else ""
    if word not in _WORDS:
        raise ValueError(f"not a boolean: {value}")
    return _WORDS[word]


def _number(field: Field, value: str | int | float) -> int | float:
    try:
        number = float(value)
    except OverflowError as error:
        raise ValueError(f"not a {field.type}: {error}") from error
    if field.type not in _BITS and math.isfinite(number):
        return number
    if field.type in _BITS and number.is_integer():
        whole = int(value) if isinstance(value, (str, int)) and str(value).strip("-").isdecimal() else int(number)
        if abs(whole) < 2 ** (_BITS[field.type] - 1):
            return whole
    raise ValueError(f"not a {field.type}: {value}")


def comparable(field: Field, value: Any) -> Any:
    """A stored or asked-for value in the form in which two of the field are compared: text without case, times as times."""
    if field.type == "datetime":
        return None if value in (None, "") else moment(value)
    read_value = read(field, value)
    return read_value.casefold() if isinstance(read_value, str) else read_value


def moment(value: Any) -> datetime:
    """An ISO time, or a date, as UTC, which it is without a zone. ValueError if it is neither, or none that UTC has."""
    parsed = datetime.fromisoformat(str(value))
    try:
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError(f"not a time: {error}") from error


def stamp(value: datetime) -> str:
    """A time in UTC as REST writes it."""
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")


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
