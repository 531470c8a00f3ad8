# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tickets over REST, with their checklist, notes and charges: the rules that a change ticket lives by."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.sandbox.test_rest_query import choice
from tests.sandboxes import Rest

COMPLETE = 5


@pytest.fixture
def ticket(rest: Rest) -> int:
    """The id of a new ticket."""
    return int(rest.ask("POST", "Tickets", json=new(rest))["itemId"])


def new(rest: Rest) -> dict[str, Any]:
    """What a new ticket needs."""
    return {"title": "Change", "companyID": 0, "status": 1, "priority": 2, "queueID": choice(rest, "queueID", "Administration")}


def got(rest: Rest, ticket: int) -> dict[str, Any]:
    """A ticket as it is now."""
    return dict(rest.ask("GET", f"Tickets/{ticket}")["item"])


def test_a_new_ticket_gets_a_number_its_creator_and_its_time(rest: Rest, ticket: int) -> None:
    record = got(rest, ticket)
    me = rest.find("Resources", {"op": "eq", "field": "userName", "value": rest.headers["UserName"].split("@")[0]})[0]["id"]
    assert re.fullmatch(r"T\d{8}\.\d{4}", record["ticketNumber"])
    assert record["creatorResourceID"] == me
    assert datetime.fromisoformat(record["createDate"]) <= datetime.now(UTC)
    second = got(rest, rest.ask("POST", "Tickets", json=new(rest))["itemId"])
    assert second["ticketNumber"] != record["ticketNumber"]


@pytest.mark.parametrize("name", ["title", "companyID", "status", "priority"])
def test_a_ticket_without_a_required_field_is_refused(rest: Rest, name: str) -> None:
    body = {key: value for key, value in new(rest).items() if key != name}
    assert rest.refused("POST", "Tickets", json=body) == [f"Value does not exist for the required field {name}"]


def test_a_ticket_needs_a_queue_unless_somebody_is_assigned(rest: Rest) -> None:
    body = new(rest) | {"queueID": None}
    assert rest.refused("POST", "Tickets", json=body) == ["queueID is required"]
    person = rest.find("Resources", {"op": "noteq", "field": "licenseType", "value": 7})[0]["id"]
    role = rest.find("Roles")[0]["id"]
    assert rest.ask("POST", "Tickets", json=body | {"assignedResourceID": person, "assignedResourceRoleID": role})["itemId"]


def test_an_api_user_can_not_be_assigned(rest: Rest) -> None:
    api_user = rest.find("Resources", {"op": "eq", "field": "licenseType", "value": 7})[0]["id"]
    role = rest.find("Roles")[0]["id"]
    errors = rest.refused("POST", "Tickets", json=new(rest) | {"assignedResourceID": api_user, "assignedResourceRoleID": role})
    assert errors == ["Reference value on field: assignedResourceID of type: Resource does not exist or is invalid."]


def test_external_ids_are_found_in_any_case(rest: Rest) -> None:
    made = rest.ask("POST", "Tickets", json=new(rest) | {"externalID": "msp.autotask/Change-1"})["itemId"]
    assert [record["id"] for record in rest.find("Tickets", {"op": "eq", "field": "externalid", "value": "MSP.autotask/change-1"})] == [
        made
    ]


def test_completing_a_ticket_says_when_and_by_whom(rest: Rest, ticket: int) -> None:
    rest.ask("PATCH", "Tickets", json={"id": ticket, "status": COMPLETE})
    done = got(rest, ticket)
    assert datetime.fromisoformat(done["completedDate"])
    assert done["completedByResourceID"] == done["creatorResourceID"]


def test_the_status_of_a_complete_ticket_changes_only_with_the_right_to_it(full: Rest, tenant: Any) -> None:
    made = full.ask("POST", "Tickets", json=new(full))["itemId"]
    full.ask("PATCH", "Tickets", json={"id": made, "status": COMPLETE})
    tenant.set_user({"level": "msp.autotask provisioner"})
    assert full.ask("PATCH", "Tickets", json={"id": made, "status": 1, "title": "Again"}) == {"itemId": made}
    assert (got(full, made)["status"], got(full, made)["title"]) == (COMPLETE, "Again")
    tenant.set_user({"level": "API User (system)"})
    full.ask("PATCH", "Tickets", json={"id": made, "status": 1})
    assert (got(full, made)["status"], got(full, made)["completedDate"]) == (1, None)


def test_a_ticket_can_not_be_deleted_or_addressed_by_id_to_change_it(rest: Rest, ticket: int) -> None:
    for method in ("DELETE", "PATCH", "PUT", "POST"):
        response = rest.call(method, f"Tickets/{ticket}", json={"title": "x"})
        assert response.status_code == 405
        assert f"does not support http method '{method}'" in response.json()["message"]


def test_checklist_items_are_written_below_the_ticket_and_found_at_the_root(rest: Rest, ticket: int) -> None:
    items = [rest.ask("POST", f"Tickets/{ticket}/ChecklistItems", json={"itemName": name})["itemId"] for name in ("One", "Two")]
    found = rest.find("TicketChecklistItems", {"op": "eq", "field": "ticketID", "value": ticket})
    assert [(item["id"], item["itemName"], item["position"], item["isCompleted"]) for item in found] == [
        (items[0], "One", 1, False),
        (items[1], "Two", 2, False),
    ]
    assert rest.ask("GET", f"Tickets/{ticket}/ChecklistItems")["items"] == found
    assert rest.call("POST", "TicketChecklistItems", json={"itemName": "x", "ticketID": ticket}).status_code == 404


def test_ticking_an_item_says_when_and_by_whom_and_clearing_it_forgets(rest: Rest, ticket: int) -> None:
    path = f"Tickets/{ticket}/ChecklistItems"
    item = rest.ask("POST", path, json={"itemName": "One"})["itemId"]
    rest.ask("PATCH", path, json={"id": item, "isCompleted": True, "completedByResourceID": 1})
    done = rest.ask("GET", f"{path}/{item}")["item"]
    assert done["isCompleted"] is True
    assert done["completedByResourceID"] == got(rest, ticket)["creatorResourceID"]
    assert datetime.fromisoformat(done["completedDateTime"])
    rest.ask("PATCH", path, json={"id": item, "isCompleted": False})
    again = rest.ask("GET", f"TicketChecklistItems/{item}")["item"]
    assert (again["isCompleted"], again["completedByResourceID"], again["completedDateTime"]) == (False, None, None)


def test_a_ticket_has_forty_checklist_items_at_most(rest: Rest, ticket: int) -> None:
    path = f"Tickets/{ticket}/ChecklistItems"
    items = [rest.ask("POST", path, json={"itemName": f"Item {n}"})["itemId"] for n in range(40)]
    assert rest.refused("POST", path, json={"itemName": "One too many"})
    rest.ask("DELETE", f"{path}/{items[0]}")
    assert rest.ask("POST", path, json={"itemName": "Another"})["itemId"] not in items


def test_the_name_of_an_item_has_600_characters_at_most(rest: Rest, ticket: int) -> None:
    path = f"Tickets/{ticket}/ChecklistItems"
    assert rest.refused("POST", path, json={"itemName": "x" * 601}) == ["itemName must be less than or equal to 600 characters."]
    assert rest.ask("POST", path, json={"itemName": "x" * 600})["itemId"]


def test_an_item_belongs_to_its_ticket(rest: Rest, ticket: int) -> None:
    other = rest.ask("POST", "Tickets", json=new(rest))["itemId"]
    item = rest.ask("POST", f"Tickets/{ticket}/ChecklistItems", json={"itemName": "One", "ticketID": other})["itemId"]
    assert rest.ask("GET", f"Tickets/{other}/ChecklistItems/{item}") == {"item": None}
    assert (
        "No matching records found" in rest.refused("PATCH", f"Tickets/{other}/ChecklistItems", json={"id": item, "isCompleted": True})[0]
    )
    assert rest.refused("POST", "Tickets/1/ChecklistItems", json={"itemName": "One"}) == [
        "Reference value on field: ticketID of type: Ticket does not exist or is invalid."
    ]


def test_notes_are_written_below_the_ticket_and_can_not_be_deleted(rest: Rest, ticket: int) -> None:
    note = rest.ask("POST", f"Tickets/{ticket}/Notes", json={"title": "Seen", "description": "Text", "noteType": 1, "publish": 1})["itemId"]
    assert [record["id"] for record in rest.find("TicketNotes", {"op": "eq", "field": "ticketID", "value": ticket})] == [note]
    assert rest.call("DELETE", f"Tickets/{ticket}/Notes/{note}").status_code == 405
    assert rest.refused("POST", f"Tickets/{ticket}/Notes", json={"title": "Seen", "noteType": 1, "publish": 1}) == [
        "Value does not exist for the required field description"
    ]


def test_a_note_stays_with_its_ticket(full: Rest, ticket: int) -> None:
    note = {"title": "Seen", "description": "Text", "noteType": 1, "publish": 1}
    made = full.ask("POST", f"Tickets/{ticket}/Notes", json=note)["itemId"]
    other = full.ask("POST", "Tickets", json=new(full))["itemId"]
    for method in ("PATCH", "PUT"):
        full.ask(method, f"Tickets/{ticket}/Notes", json=note | {"id": made, "ticketID": other, "TICKETID": other})
        assert full.ask("GET", f"TicketNotes/{made}")["item"]["ticketID"] == ticket


def test_charges_have_their_sums(full: Rest) -> None:
    ticket = full.find("Tickets")[0]["id"]
    body = {"name": "Cable", "chargeType": 1, "datePurchased": "2026-11-20", "unitQuantity": 3, "unitCost": 2.5, "unitPrice": 4}
    charge = full.ask("POST", f"Tickets/{ticket}/Charges", json=body)["itemId"]
    record = full.ask("GET", f"TicketCharges/{charge}")["item"]
    assert (record["extendedCost"], record["billableAmount"], record["ticketID"]) == (7.5, 12.0, ticket)
    full.ask("PATCH", f"Tickets/{ticket}/Charges", json={"id": charge, "unitQuantity": 4})
    assert full.ask("GET", f"TicketCharges/{charge}")["item"]["billableAmount"] == 16.0
    full.ask("DELETE", f"Tickets/{ticket}/Charges/{charge}")
    assert full.ask("GET", f"TicketCharges/{charge}") == {"item": None}
