# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The header ImpersonationResourceId: creating on behalf of a person (Autotask help, Settings_WSAPI)."""

from __future__ import annotations

from sandbox.rest.call import Call
from sandbox.rest.entities import CREATE, Entity
from sandbox.rest.errors import not_permitted

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
"""The row of the level editor's grid that an entity belongs to. Others can't be created on behalf of anybody."""


def resource(call: Call, entity: Entity) -> int | None:
    """The resource that a new record is created for, or None if the header isn't there.

    RestError unless the caller's level has Add in the entity's row, and the resource is a person whose level allows to be impersonated.
    """
    header = call.headers.get(HEADER)
    if not header:
        return None
    row = _ROWS.get(entity.path)
    cells = call.caller.rights.level.cells
    person = call.store.get(call.tenant_id, "Resources", int(header)) if header.isdigit() else None
    if row is None or person is None or not cells[f"{_GRID}|{row}|Add"]:
        raise not_permitted(CREATE)
    if not call.store.level(person["userType"]).cells.get(_ALLOWED):
        raise not_permitted(CREATE)
    return int(person["id"])
