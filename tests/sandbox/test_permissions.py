# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From a level's cells to what REST grants: entityInformation says it, and the entities act on it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandboxes import Rest, Tenant

TICKETS = "Service Desk|Object Permissions|Tickets"
ORGANIZATIONS = "CRM|Object Permissions|Organizations"
ACCESS = "CRM|Organization & Contact Access"
CUSTOMERS, VENDORS, PROSPECTS = f"{ACCESS}|Customer & Cancelation|", f"{ACCESS}|Vendor & Partners|", f"{ACCESS}|Prospects, Leads, & Dead|"
PRODUCTS = "Inventory|Object Permissions|Products"
ADMIN_PRODUCTS = "Admin|Feature Access|Products, Services, & Inventory|"
CONTRACTS = "Contracts|Object Permissions|Contracts"
VISIBILITY = "Contracts||Contract Visibility|"
INTERNAL_COSTS = "Contracts||Can modify contract Internal Costs|"
INVOICES = "Contracts||Can access Invoice History, (Invoice) Export Wizard and Payments|"
NO_ONE = {CUSTOMERS: "None", VENDORS: "None", PROSPECTS: "None"}


def access(rest: Rest, entity: str) -> dict[str, str]:
    """What the caller may do with an entity, by verb."""
    info = rest.ask("GET", f"{entity}/entityInformation")["info"]
    return {verb: info[f"userAccessFor{verb.capitalize()}"] for verb in ("query", "create", "update", "delete")}


@pytest.mark.parametrize(
    ("cells", "entity", "expected"),
    [
        ({f"{TICKETS}|View": "All"}, "Tickets", "All All All None"),
        ({f"{TICKETS}|View": "Mine + Organizations"}, "Tickets", "Restricted All All None"),
        ({f"{TICKETS}|View": "Mine"}, "TicketChecklistItems", "Restricted All All All"),
        ({f"{TICKETS}|Add": "No", f"{TICKETS}|Edit": "No"}, "Tickets", "All None None None"),
        ({f"{TICKETS}|Edit": "No"}, "TicketChecklistItems", "All None None None"),
        ({}, "TicketNotes", "All All None None"),
        ({"Service Desk|Object Permissions|Ticket Notes|Edit": "Mine"}, "TicketNotes", "All All Restricted None"),
        ({}, "Companies", "All None None None"),
        ({VENDORS: "None"}, "Companies", "Restricted None None None"),
        (NO_ONE, "Companies", "None None None None"),
        ({f"{ORGANIZATIONS}|Add": "Yes", f"{ORGANIZATIONS}|Edit": "Mine"}, "Companies", "All All Restricted None"),
        ({f"{ORGANIZATIONS}|Edit": "All", f"{ORGANIZATIONS}|Delete": "All"}, "Contacts", "All None All All"),
        ({"CRM|Object Permissions|Contacts|Add": "Yes"}, "Contacts", "All All None None"),
        ({f"{PRODUCTS}|View": "All"}, "Products", "All None None None"),
        ({ADMIN_PRODUCTS: True}, "Products", "All All All None"),
        ({f"{CONTRACTS}|View": "All"}, "Contracts", "None None None None"),
        ({f"{CONTRACTS}|View": "All", f"{CONTRACTS}|Add": "Yes", VISIBILITY: "Limited"}, "Contracts", "None None None None"),
        ({f"{CONTRACTS}|View": "All", f"{CONTRACTS}|Add": "Yes", VISIBILITY: "Limited"}, "ContractRates", "None None None None"),
        ({VISIBILITY: "Limited", f"{CONTRACTS}|View": "All", INTERNAL_COSTS: True}, "ContractRoleCosts", "None None None None"),
        ({VISIBILITY: "Full", f"{CONTRACTS}|View": "All", INTERNAL_COSTS: True}, "ContractRoleCosts", "All All All None"),
        (
            {f"{CONTRACTS}|View": "All", f"{CONTRACTS}|Add": "Yes", VISIBILITY: "Limited"},
            "ContractNotes",
            "Restricted Restricted Restricted None",
        ),
        ({f"{CONTRACTS}|View": "All", f"{CONTRACTS}|Add": "Yes", VISIBILITY: "Full"}, "Contracts", "All All All None"),
        ({INVOICES: True}, "Invoices", "None None None None"),
        ({INVOICES: True, f"{CONTRACTS}|View": "All"}, "Invoices", "All None All None"),
        ({"Service Desk|Object Permissions|Charges|View": "All"}, "TicketCharges", "All None None None"),
        ({"CRM|Object Permissions|Opportunities & Quotes|View": "Mine"}, "Opportunities", "Restricted None None None"),
        ({}, "Resources", "All None All None"),
        ({}, "Countries", "All None None None"),
        ({}, "InternalLocations", "All None None None"),
        ({}, "Tasks", "Restricted Restricted Restricted None"),
        ({"Other|Webhooks|Can create Webhooks|": True}, "TicketWebhooks", "All All All All"),
    ],
)
def test_cells_and_what_they_grant(tenant: Tenant, cells: dict[str, Any], entity: str, expected: str) -> None:
    tenant.set_cells(cells)
    assert " ".join(access(tenant.rest, entity).values()) == expected


def test_what_is_not_granted_is_refused_with_the_documented_text(tenant: Tenant) -> None:
    tenant.set_cells({f"{TICKETS}|Add": "No", f"{TICKETS}|Edit": "No"} | NO_ONE)
    ticket = tenant.rest.find("Tickets")[0]["id"]

    def text(verb: str) -> list[str]:
        return [f"The logged in Resource does not have the adequate permissions to {verb} this entity type."]

    assert tenant.rest.refused("POST", "Tickets", json={}) == text("create")
    assert tenant.rest.refused("PATCH", "Tickets", json={"id": ticket}) == text("update")
    assert tenant.rest.refused("POST", "Companies/query", json={}) == text("query")
    assert tenant.rest.refused("GET", "Companies/0") == text("query")
    assert tenant.rest.refused("DELETE", f"Tickets/{ticket}/ChecklistItems/1") == text("delete")


def test_a_change_of_the_level_counts_from_the_next_request(tenant: Tenant) -> None:
    rest = tenant.rest
    for add, expected in (("No", "None"), ("Yes", "All"), ("No", "None")):
        tenant.set_cells({f"{TICKETS}|Add": add})
        assert access(rest, "Tickets")["create"] == expected


def types(rest: Rest) -> set[int]:
    """The types of the companies that the caller sees."""
    return {company["companyType"] for company in rest.find("Companies")}


def test_organizations_that_may_not_be_seen_are_absent_with_all_that_is_theirs(tenant: Tenant, full: Rest) -> None:
    everybody = types(full)
    assert everybody == {1, 2, 3, 6, 7, 8}
    tenant.set_cells({VENDORS: "None", CUSTOMERS: "Mine"}, "API User (system)")
    assert types(full) == {2, 3}
    seen = {company["id"] for company in full.find("Companies")}
    assert {contact["companyID"] for contact in full.find("Contacts")} <= seen
    assert {opportunity["companyID"] for opportunity in full.find("Opportunities")} <= seen
    assert full.ask("GET", "Companies/0") == {"item": None}
    assert full.ask("POST", "Companies/query/count", json={"filter": [{"op": "exist", "field": "id"}]}) == {"queryCount": len(seen)}


def test_records_can_only_be_made_for_organizations_that_are_seen(tenant: Tenant, full: Rest) -> None:
    queue = full.find("Tickets")[0]["queueID"]
    body = {"title": "x", "companyID": 0, "status": 1, "priority": 2, "queueID": queue}
    shown = "CRM|Other Permissions|Display ALL companies in company pick lists and data selectors|"
    tenant.set_cells({CUSTOMERS: "None", shown: False}, "API User (system)")
    assert "companyID of type: Account" in full.refused("POST", "Tickets", json=body)[0]
    assert full.refused("POST", "Companies/0/Contacts", json={"firstName": "x", "lastName": "x", "isActive": 1})
    tenant.set_cells({shown: True}, "API User (system)")
    assert full.ask("POST", "Tickets", json=body)


def test_who_sees_only_their_own_tickets_sees_none_of_others_nor_what_is_below(tenant: Tenant, full: Rest) -> None:
    notes = full.find("TicketNotes")
    assert notes
    assert full.find("Tickets")
    tenant.set_cells({f"{TICKETS}|View": "Mine"}, "API User (system)")
    assert full.find("Tickets") == []
    assert full.find("TicketNotes") == []
    assert full.ask("GET", f"Tickets/{notes[0]['ticketID']}/Notes")["items"] == []
    tenant.set_cells({f"{TICKETS}|View": "Mine + Organizations", CUSTOMERS: "None"}, "API User (system)")
    assert full.find("Tickets") == []
    tenant.set_cells({CUSTOMERS: "All"}, "API User (system)")
    assert full.find("TicketNotes") == notes


def test_contracts_of_organizations_are_those_of_the_ones_that_are_seen(tenant: Tenant, full: Rest) -> None:
    every = full.find("Contracts")
    tenant.set_cells({f"{CONTRACTS}|View": "Organizations", PROSPECTS: "None"}, "API User (system)")
    some = full.find("Contracts")
    assert 0 < len(some) < len(every)
    assert {contract["companyID"] for contract in some} <= {company["id"] for company in full.find("Companies")}


def test_a_line_of_business_hides_what_is_of_others_and_perhaps_what_has_none(tenant: Tenant, full: Rest) -> None:
    every, charges = full.find("Tickets"), full.find("TicketCharges")
    of_projects = [ticket["id"] for ticket in every if ticket.get("organizationalLevelAssociationID")]
    assert 0 < len(of_projects) < len(every) and {charge["ticketID"] for charge in charges} == set(of_projects)
    tenant.set_user({"lines_of_business": ["Cloud"]})
    assert {ticket["id"] for ticket in full.find("Tickets")} == {ticket["id"] for ticket in every} - set(of_projects)
    assert full.find("TicketCharges") == [] and access(full, "Tickets")["query"] == "All"
    tenant.set_user({"lines_of_business": ["Projects", "Cloud"], "lob_unassigned": False})
    assert [ticket["id"] for ticket in full.find("Tickets")] == of_projects
    assert full.find("Contracts") == [] and full.find("Companies")
    tenant.set_user({"lines_of_business": []})
    assert full.find("Tickets") == every


def test_who_may_change_only_their_own_notes_can_not_change_others(tenant: Tenant, full: Rest) -> None:
    theirs = full.find("TicketNotes")[0]
    path = f"Tickets/{theirs['ticketID']}/Notes"
    mine = full.ask("POST", path, json={"title": "x", "description": "x", "noteType": 1, "publish": 1})["itemId"]
    tenant.set_cells({"Service Desk|Object Permissions|Ticket Notes|Edit": "Mine"}, "API User (system)")
    assert full.ask("PATCH", path, json={"id": mine, "title": "y"}) == {"itemId": mine}
    assert "permissions to update" in full.refused("PATCH", path, json={"id": theirs["id"], "title": "y"})[0]


def test_costs_read_zero_without_the_boxes(tenant: Tenant, full: Rest) -> None:
    def costs() -> tuple[float, float, float]:
        person = full.find("Resources", {"op": "eq", "field": "userName", "value": "admin"}, IncludeFields=["internalCost"])
        return person[0]["internalCost"], full.find("Products")[0]["unitCost"], full.find("Contracts")[0]["estimatedCost"]

    assert 0 not in costs()
    tenant.set_user({"level": "API User (system) Can't Read Costs"})
    assert costs() == (0, 0, 0)


def test_what_the_provisioner_has_by_default_is_what_it_needs_and_no_more(rest: Rest) -> None:
    every = rest.ask("GET", "EntityInformation")["entityDescriptions"]
    changed = {
        entry["info"]["name"]: [verb for verb in ("Create", "Update", "Delete") if entry["info"][f"userAccessFor{verb}"] == "All"]
        for entry in every
    }
    granted = {name: verbs for name, verbs in changed.items() if verbs}
    assert granted["Ticket"] == ["Create", "Update"]
    assert granted["TicketChecklistItem"] == ["Create", "Update", "Delete"]
    assert granted["TicketNote"] == ["Create"]
    assert granted["Resource"] == ["Update"]
    assert not {"Account", "Contact", "Contract", "Product", "Opportunity", "Country", "TicketWebhook"} & set(granted)
