# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which settings show in what an API user may do, and what that tells of them. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .._entities import WEBHOOK_ENTITIES
from .model import Value

Access = Mapping[str, Mapping[str, str]]
# Cells whose state shows in what the level's API user may do, and where. Only cells that alone can grant an operation are here: Products, for one,
# can also be read through an Admin box. Sources: the vendor's help on the sections, and access captured from a live tenant.
EFFECTS: Mapping[str, tuple[str, ...]] = {
    "contracts.contracts.view": ("Contracts:query",),
    "contracts.contracts.add": ("Contracts:create",),
    "crm.organizations.add": ("Companies:create",),
    "crm.organizations.edit": ("Companies:update",),
    "crm.opportunities_quotes.view": ("Opportunities:query",),
    "crm.opportunities_quotes.add": ("Opportunities:create",),
    "crm.opportunities_quotes.edit": ("Opportunities:update",),
    "service_desk.tickets.add": ("Tickets:create",),
    "service_desk.tickets.edit": ("Tickets:update",),
    "service_desk.charges.view": ("TicketCharges:query",),
    "service_desk.charges.add": ("TicketCharges:create",),
    "other.webhooks.can_create": tuple(f"{entity}:create" for entity in WEBHOOK_ENTITIES),
}
# What may have to be granted as well before a cell shows: without it, a missing access says nothing of the cell.
TOGETHER_WITH: Mapping[str, tuple[str, ...]] = {
    "contracts.contracts.view": ("contracts.contract_visibility",),
    "contracts.contracts.add": ("contracts.contract_visibility", "contracts.contracts.view"),
    "crm.organizations.add": ("crm.access.customer_cancelation",),
    "crm.organizations.edit": ("crm.access.customer_cancelation",),
    "crm.opportunities_quotes.view": ("crm.access.customer_cancelation",),
    "crm.opportunities_quotes.add": ("crm.access.customer_cancelation", "crm.opportunities_quotes.view"),
    "crm.opportunities_quotes.edit": ("crm.access.customer_cancelation", "crm.opportunities_quotes.view"),
    "service_desk.charges.add": ("service_desk.charges.view",),
}


def shown_by_access(cells: Mapping[str, Value], access: Access, least: Mapping[str, Value]) -> tuple[list[str], list[str]]:
    """Which of the cells the access shows to be as they should be, and which it contradicts (ids)."""
    proven, contradicted = [], []
    for cell_id, operations in EFFECTS.items():
        if cell_id not in cells:
            continue
        wanted = cells[cell_id] != least[cell_id]
        seen = {access[entity][verb] for entity, verb in (operation.split(":") for operation in operations) if entity in access}
        complete = all(cells.get(other, least[other]) != least[other] for other in TOGETHER_WITH.get(cell_id, ()))
        if seen == ({"All"} if wanted else {"None"}):
            proven.append(cell_id)
        elif (wanted and complete and "None" in seen) or (not wanted and "All" in seen):
            contradicted.append(cell_id)
    return proven, contradicted


def entities_with_effects(cells: Iterable[str]) -> list[str]:
    """The entities whose access tells something of the cells."""
    return list(dict.fromkeys(operation.split(":")[0] for cell_id in cells for operation in EFFECTS.get(cell_id, ())))
