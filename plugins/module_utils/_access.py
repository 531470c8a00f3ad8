# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Expected against effective access, and what an access tells of a setting. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils._catalogue import Value
from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError
from ansible_collections.msp.autotask.plugins.module_utils._labels import quoted, suggestion

WEBHOOK_ENTITIES = ("CompanyWebhooks", "ConfigurationItemWebhooks", "ContactWebhooks", "TicketNoteWebhooks", "TicketWebhooks")
# What can be done with an entity, and the end of the name under which entityInformation tells whether the caller may.
OPERATIONS = {"query": "Query", "create": "Create", "update": "Update", "delete": "Delete"}

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


def parse_expectations(written: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """(entity, operation, granted) for `granted` and `denied`, lists of `Entity:operation`. Raises InputError for anything else."""
    expected: list[tuple[str, str, bool]] = []
    for key, granted in (("granted", True), ("denied", False)):
        for index, text in enumerate(written.get(key) or []):
            entity, colon, operation = str(text).partition(":")
            place = ["expect", key, str(index + 1)]
            if not colon or not entity.isidentifier():
                raise InputError(place, f'"{text}" is not of the form Entity:operation, such as Tickets:query', "expectation")
            if operation not in OPERATIONS:
                raise InputError(
                    place, f'no operation "{operation}"; there are {quoted(OPERATIONS)}.{suggestion(operation, OPERATIONS)}', "expectation"
                )
            if (entity, operation, not granted) in expected:
                raise InputError(place, f"{text} is both granted and denied", "expectation")
            expected.append((entity, operation, granted))
    return expected


def entities_of(expected: Iterable[tuple[str, str, bool]]) -> list[str]:
    """The entities that have to be looked up."""
    return list(dict.fromkeys(entity for entity, _operation, _granted in expected))


def to_count(expected: Iterable[tuple[str, str, bool]], access: Access) -> list[str]:
    """The entities whose records have to be counted, because Restricted alone says neither yes nor no to a query."""
    return [entity for entity, verb, _granted in expected if verb == "query" and access.get(entity, {}).get(verb) == "Restricted"]


def compare(expected: Sequence[tuple[str, str, bool]], access: Access, rows: Mapping[str, int | None]) -> list[dict[str, Any]]:
    """One finding for each expectation.

    `verdict`: `as expected`, `missing` (wanted, not there), `excess` (there, not wanted), `unproven` (Restricted, and a query could not settle it;
    or the entity could not be looked up). `rows` has how many records the user sees of entities that are Restricted for queries (None: refused).
    """
    findings = []
    for entity, operation, granted in expected:
        effective = access.get(entity, {}).get(operation, "unknown")
        if effective == "Restricted" and operation == "query" and entity in rows:
            seen = "All" if rows[entity] else ("None" if not granted else "unknown")
        else:
            seen = effective
        if seen not in ("All", "None"):
            verdict = "unproven"
        elif (seen == "All") is granted:
            verdict = "as expected"
        else:
            verdict = "missing" if granted else "excess"
        finding: dict[str, Any] = {
            "entity": entity,
            "operation": operation,
            "expected": "granted" if granted else "denied",
            "effective": effective,
            "verdict": verdict,
        }
        if operation == "query" and entity in rows:
            finding["rows_seen"] = rows[entity]
        findings.append(finding)
    return findings


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
