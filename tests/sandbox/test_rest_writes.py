# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Writing over REST: what is common to all entities."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandboxes import Rest, Tenant


def company(rest: Rest) -> dict[str, Any]:
    """What a new company needs."""
    owner = rest.find("Resources", {"op": "noteq", "field": "licenseType", "value": 7})[0]["id"]
    return {"companyName": "Hearth", "companyType": 1, "phone": "555-0199", "ownerResourceID": owner}


@pytest.fixture
def made(full: Rest) -> int:
    """The id of a new company."""
    return int(full.ask("POST", "Companies", json=company(full))["itemId"])


def got(rest: Rest, company_id: int) -> dict[str, Any]:
    """A company as it is now."""
    return dict(rest.ask("GET", f"Companies/{company_id}")["item"])


def test_property_names_are_read_in_any_case_and_unknown_ones_are_ignored(full: Rest) -> None:
    body = {name.upper(): value for name, value in company(full).items()} | {"bogus": 1}
    assert got(full, full.ask("POST", "Companies", json=body)["itemId"])["companyName"] == "Hearth"


def test_read_only_fields_are_answered_with_200_and_ignored(full: Rest, made: int) -> None:
    before = got(full, made)
    changes = {"createDate": "2001-01-01", "createdByResourceID": 1, "billToCity": "Elsewhere", "isClientPortalActive": True}
    assert full.ask("PATCH", "Companies", json={"id": made} | changes) == {"itemId": made}
    after = got(full, made)
    assert {name: after[name] for name in changes} == {name: before[name] for name in changes}


def test_patch_changes_what_is_sent_and_put_clears_the_rest(full: Rest, made: int) -> None:
    full.ask("PATCH", "Companies", json={"id": made, "city": "Riverton", "fax": "555-0198"})
    full.ask("PATCH", "Companies", json={"id": made, "fax": "555-0197"})
    assert (got(full, made)["city"], got(full, made)["fax"]) == ("Riverton", "555-0197")
    full.ask("PUT", "Companies", json=company(full) | {"id": made, "city": "Hillcrest"})
    assert (got(full, made)["city"], got(full, made)["fax"]) == ("Hillcrest", "")
    assert full.refused("PUT", "Companies", json={"id": made, "companyName": "Hearth"})


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"companyType": 99}, "Picklist value [99] does not exist for companyType."),
        ({"companyName": "x" * 101}, "companyName must be less than or equal to 100 characters."),
        ({"countryID": 4711}, "Reference value on field: countryID of type: Country does not exist or is invalid."),
        ({"taxRegionID": 1}, "Reference value on field: taxRegionID of type: TaxRegion does not exist or is invalid."),
        ({"isActive": "perhaps"}, "The value [perhaps] of field isActive is not a valid boolean."),
        ({"assetValue": "much"}, "The value [much] of field assetValue is not a valid double."),
        ({"countryID": 2**31}, "The value [2147483648] of field countryID is not a valid integer."),
        ({"companyName": None}, "Value does not exist for the required field companyName"),
        ({"companyName": ""}, "Value does not exist for the required field companyName"),
        ({"companyName": ["a"]}, "The value [['a']] of field companyName is not a valid string."),
        ({"userDefinedFields": [{"name": "Bogus", "value": 1}]}, "Unable to find Bogus in the Account Entity."),
        (
            {"userDefinedFields": [{"name": "Renewal Date", "value": "soon"}]},
            "The value [soon] of field Renewal Date is not a valid datetime.",
        ),
    ],
)
def test_values_are_checked_and_nothing_is_stored(full: Rest, made: int, changes: dict[str, Any], text: str) -> None:
    before = got(full, made)
    assert full.refused("PATCH", "Companies", json={"id": made, "city": "Nowhere"} | changes) == [text]
    assert got(full, made) == before


def test_all_that_is_wrong_is_told_at_once(full: Rest) -> None:
    errors = full.refused("POST", "Companies", json=company(full) | {"companyType": 99, "countryID": 4711, "phone": "5" * 26})
    assert len(errors) == 3


def test_an_inactive_choice_can_not_be_chosen(rest: Rest) -> None:
    fields = {field["name"]: field for field in rest.ask("GET", "Tickets/entityInformation/fields")["fields"]}
    inactive = next(choice["value"] for choice in fields["queueID"]["picklistValues"] if not choice["isActive"])
    body = {"title": "x", "companyID": 0, "status": 1, "priority": 2, "queueID": inactive}
    assert rest.refused("POST", "Tickets", json=body) == [f"Picklist value [{inactive}] does not exist for queueID."]


def test_a_choice_belongs_to_its_parent(rest: Rest) -> None:
    fields = {field["name"]: field for field in rest.ask("GET", "Tickets/entityInformation/fields")["fields"]}
    sub = fields["subIssueType"]["picklistValues"][0]
    other = next(c["value"] for c in fields["issueType"]["picklistValues"] if c["value"] != sub["parentValue"])
    ticket = rest.find("Tickets")[0]["id"]
    assert rest.refused("PATCH", "Tickets", json={"id": ticket, "issueType": other, "subIssueType": sub["value"]})
    rest.ask("PATCH", "Tickets", json={"id": ticket, "issueType": sub["parentValue"]})
    assert rest.ask("PATCH", "Tickets", json={"id": ticket, "subIssueType": sub["value"]})


def test_what_does_not_exist_can_not_be_changed(full: Rest) -> None:
    assert "No matching records found" in full.refused("PATCH", "Companies", json={"id": 999999, "city": "x"})[0]
    assert full.refused("PATCH", "Companies", json={"city": "x"}) == ["Value does not exist for the required field id"]
    assert "Parameter name: restModelInput" in full.refused("PATCH", "Companies")[0]
    assert full.refused("POST", "Companies", data="{") == ["The request body is not valid JSON."]


def test_contacts_are_written_below_their_company(full: Rest, made: int) -> None:
    contact = full.ask("POST", f"Companies/{made}/Contacts", json={"firstName": "Fay", "lastName": "Ember", "isActive": 1})["itemId"]
    assert full.ask("GET", f"Contacts/{contact}")["item"]["companyID"] == made
    assert full.call("PATCH", "Contacts", json={"id": contact}).status_code == 404
    full.ask("PATCH", f"Companies/{made}/Contacts", json={"id": contact, "title": "Owner", "companyID": 0})
    assert full.ask("GET", f"Companies/{made}/Contacts/{contact}")["item"]["title"] == "Owner"
    full.ask("DELETE", f"Companies/{made}/Contacts/{contact}")
    assert full.ask("GET", f"Contacts/{contact}") == {"item": None}
    assert full.refused("DELETE", f"Companies/{made}/Contacts/{contact}") == [
        "No message. No matching records found. The logged in Resource may not have the required permissions to delete the data."
    ]


def test_a_required_read_only_field_is_set_once(full: Rest, made: int) -> None:
    body = {
        "companyID": made,
        "contractName": "Care",
        "contractType": 1,
        "status": 1,
        "startDate": "2026-01-01",
        "endDate": "2026-12-31",
        "timeReportingRequiresStartAndStopTimes": 0,
    }
    contract = full.ask("POST", "Contracts", json=body)["itemId"]
    full.ask("PATCH", "Contracts", json={"id": contract, "companyID": 0, "contractName": "Care+"})
    record = full.ask("GET", f"Contracts/{contract}")["item"]
    assert (record["companyID"], record["contractName"], record["startDate"]) == (made, "Care+", "2026-01-01T00:00:00.000Z")


def test_impersonation_creates_for_a_person_who_allows_it(tenant: Tenant, full: Rest) -> None:
    person = full.find("Resources", {"op": "eq", "field": "userName", "value": "admin"})[0]["id"]
    header = {"ImpersonationResourceId": str(person)}
    ticket = full.find("Tickets")[0]["id"]
    note = {"title": "x", "description": "x", "noteType": 1, "publish": 1}
    path = f"Tickets/{ticket}/Notes"
    forbidden = ["The logged in Resource does not have the adequate permissions to create this entity type."]
    assert full.refused("POST", path, json=note, headers=header) == forbidden
    tenant.set_cells({"Web Services API|Resource Impersonation|Ticket Notes|Add": True}, "API User (system)")
    assert full.refused("POST", path, json=note, headers=header) == forbidden
    allowed = "Web Services API|Resource Impersonation|Allow impersonation of resources with this security level|"
    tenant.set_cells({allowed: True}, "System Administrator (system)")
    record = full.ask("GET", f"TicketNotes/{full.ask('POST', path, json=note, headers=header)['itemId']}")["item"]
    me = full.find("Resources", {"op": "eq", "field": "licenseType", "value": 7})[0]["id"]
    assert (record["creatorResourceID"], record["impersonatorCreatorResourceID"]) == (person, me)
    assert full.refused("POST", path, json=note, headers={"ImpersonationResourceId": str(me)}) == forbidden
    assert full.refused("POST", "Companies", json=company(full), headers=header) == forbidden
    query = {"filter": [{"op": "exist", "field": "id"}]}
    assert "permissions to query" in full.refused("POST", "TicketNotes/query", json=query, headers=header)[0]
