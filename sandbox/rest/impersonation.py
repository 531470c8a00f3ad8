# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The header ImpersonationResourceId: creating, changing and deleting on behalf of a person (Autotask help, Settings_WSAPI)."""

from __future__ import annotations

from sandbox.rest.call import Call
from sandbox.rest.entities import CREATE, DELETE, UPDATE, Entity
from sandbox.rest.errors import not_permitted
from sandbox.rest.values import is_id

HEADER = "ImpersonationResourceId"

_GRID = "Web Services API|Resource Impersonation"
_ALLOWED = f"{_GRID}|Allow impersonation of resources with this security level|"
_ROWS = {
    "Tickets": "Tickets",
    "TicketNotes": "Ticket Notes",
    "Companies": "Account",
    "Contacts": "Contacts",
    "Opportunities": "Opportunities",
    "Products": "Products",
    "ConfigurationItems": "Devices",
}
"""The row of the level editor's grid that an entity belongs to. Others can't be written on behalf of anybody."""
_COLUMNS = {CREATE: "Add", UPDATE: "Edit (Update)", DELETE: "Delete"}


def actor(call: Call, entity: Entity, verb: str) -> int:
    """The resource that a record is written by, as far as Autotask says: the impersonated one, else the caller. RestError as for `resource`."""
    person = resource(call, entity, verb)
    return call.caller.user.id if person is None else person


def resource(call: Call, entity: Entity, verb: str) -> int | None:
    """The resource that a record is created, updated or deleted for, or None if the header isn't there.

    RestError unless the caller's level grants it in the entity's row, and the resource is a person whose level allows to be impersonated.
    """
    header = call.headers.get(HEADER)
    if not header:
        return None
    row = _ROWS.get(entity.path)
    cells = call.caller.rights.level.cells
    person = call.store.get(call.tenant_id, "Resources", int(header)) if is_id(header) else None
    if row is None or person is None or not cells[f"{_GRID}|{row}|{_COLUMNS[verb]}"]:
        raise not_permitted(verb)
    if not call.store.level(person["userType"]).cells.get(_ALLOWED):
        raise not_permitted(verb)
    return int(person["id"])
