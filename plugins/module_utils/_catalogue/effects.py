# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which settings show in what an API user may do, and what that tells of them. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .._entities import WEBHOOK_ENTITIES
from .model import Catalogue, Value

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
# What has to be granted as well before a cell shows: without it, a missing access says nothing of the cell, neither that it is as low as it should be
# nor that it is too low. Limited contract visibility is as good
# as none: the help pages of contracts' parts refuse it (ContractRoleCosts, ContractExclusionRoles).
_WHOLLY = ("contracts.contract_visibility",)
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

# Operations that any of several cells grants: the editor has no cell for them, and says "see above" there.
BY_ANY_OF: Mapping[str, tuple[str, ...]] = {
    operation: ("crm.access.customer_cancelation", "crm.access.vendor_partners", "crm.access.prospects_leads_dead")
    for operation in ("Companies:query", "Contacts:query")
}


def _complete(cell_id: str, cells: Mapping[str, Value], catalogue: Catalogue) -> bool:
    """Whether what has to be granted together with a cell is."""
    for other in TOGETHER_WITH.get(cell_id, ()):
        value, cell = cells.get(other, catalogue.least[other]), catalogue.by_cell[other][1]
        if value == cell.least or (other in _WHOLLY and value != cell.most):
            return False
    return True


def decided_by(cells: Mapping[str, Value], catalogue: Catalogue) -> dict[str, tuple[bool, str]]:
    """What a user of a level with these cells may or may not do, as far as they decide it: by the operation, with the cell that decides."""
    found: dict[str, tuple[bool, str]] = {}
    for operation, any_of in {**BY_ANY_OF, **_by_operation()}.items():
        granting = [cell_id for cell_id in any_of if cell_id in cells and cells[cell_id] != catalogue.least[cell_id]]
        complete = all(_complete(one, cells, catalogue) for one in granting)
        if granting and complete:
            found[operation] = True, granting[0]
        elif not granting and all(cell_id in cells for cell_id in any_of):
            found[operation] = False, any_of[0]
    return found


def _by_operation() -> dict[str, tuple[str, ...]]:
    return {operation: (cell_id,) for cell_id, operations in EFFECTS.items() for operation in operations}


def shown_by_access(cells: Mapping[str, Value], access: Access, catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """Which of the cells the access shows to be as they should be, and which it contradicts (ids).

    A value between the least and the most shows as Restricted, which other things cause, too: it is never proven, and All contradicts it.
    """
    proven, contradicted = [], []
    for cell_id, operations in EFFECTS.items():
        if cell_id not in cells:
            continue
        cell = catalogue.by_cell[cell_id][1]
        wanted, most = cells[cell_id] != cell.least, cells[cell_id] == cell.most
        seen = {access[entity][verb] for entity, verb in (operation.split(":") for operation in operations) if entity in access}
        complete = _complete(cell_id, cells, catalogue)
        if (most and seen == {"All"}) or (not wanted and complete and seen == {"None"}):
            proven.append(cell_id)
        elif (wanted and complete and "None" in seen) or (not most and "All" in seen):
            contradicted.append(cell_id)
    return proven, contradicted


def entities_with_effects(cells: Iterable[str]) -> list[str]:
    """The entities whose access tells something of the cells."""
    return list(dict.fromkeys(operation.split(":")[0] for cell_id in cells for operation in EFFECTS.get(cell_id, ())))
