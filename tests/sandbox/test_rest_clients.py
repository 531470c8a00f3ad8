# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""REST as clients of the live service use it: what they may send, and what they get back where nobody set anything."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.rest.entities import ENTITIES, UPDATE
from tests.sandboxes import Rest, Tenant

GRID = "Web Services API|Resource Impersonation"
ALLOWED = f"{GRID}|Allow impersonation of resources with this security level|"
EVERYTHING = {"op": "gte", "field": "id", "value": 0}


def person(rest: Rest, user_name: str = "admin") -> int:
    """The id of somebody with a console account."""
    return int(rest.find("Resources", {"op": "eq", "field": "userName", "value": user_name})[0]["id"])


def me(rest: Rest) -> int:
    """The id of the API user that calls."""
    return int(rest.find("Resources", {"op": "eq", "field": "licenseType", "value": 7})[0]["id"])


def company(rest: Rest, **more: Any) -> int:
    """The id of a new company that has what it needs, and perhaps more."""
    record = {"companyName": "Quarry Tiles", "companyType": 1, "phone": "555-0170", "ownerResourceID": person(rest)}
    return int(rest.ask("POST", "Companies", json=record | more)["itemId"])


def contact(rest: Rest, company_id: int, **more: Any) -> int:
    """The id of a new contact of a company."""
    record = {"firstName": "Ines", "lastName": "Slate", "isActive": 1}
    return int(rest.ask("POST", f"Companies/{company_id}/Contacts", json=record | more)["itemId"])


def choice(rest: Rest, entity: str, field: str, label: str = "") -> int:
    """The value of a pick-list's choice with this label, or of its first active one."""
    fields = {field["name"]: field for field in rest.ask("GET", f"{entity}/entityInformation/fields")["fields"]}
    found = (choice for choice in fields[field]["picklistValues"] if choice["isActive"] and label in ("", choice["label"]))
    return int(next(found)["value"])


def ticket(rest: Rest, **more: Any) -> int:
    """The id of a new ticket."""
    record = {"title": "Kiln too hot", "companyID": 0, "status": 1, "priority": 2, "queueID": choice(rest, "Tickets", "queueID")}
    return int(rest.ask("POST", "Tickets", json=record | more)["itemId"])


def contract(rest: Rest, **more: Any) -> int:
    """The id of a new contract."""
    record = {"companyID": 0, "contractName": "Kilns", "contractType": 1, "status": 1, "startDate": "2026-01-01", "endDate": "2026-12-31"}
    return int(rest.ask("POST", "Contracts", json=record | {"timeReportingRequiresStartAndStopTimes": 0} | more)["itemId"])


def got(rest: Rest, path: str) -> dict[str, Any]:
    """A record as it is now."""
    return dict(rest.ask("GET", path)["item"])


# What is sent


@pytest.mark.parametrize(
    ("sent", "stored"),
    [(True, True), ("True", True), ("true", True), (1, True), (False, False), ("False", False), ("FALSE", False), (0, False)],
)
def test_a_switch_is_set_with_words_and_with_numbers(full: Rest, sent: object, stored: bool) -> None:
    made = company(full, isTaxExempt=sent)
    assert got(full, f"Companies/{made}")["isTaxExempt"] is stored
    full.ask("PATCH", "Companies", json={"id": str(made), "isTaxExempt": not stored})
    full.ask("PATCH", "Companies", json={"id": str(made), "isTaxExempt": sent})
    assert got(full, f"Companies/{made}")["isTaxExempt"] is stored


@pytest.mark.parametrize("value", [2, -1, 1.5, "yes", [True], {"value": True}])
def test_what_is_no_switch_is_refused(full: Rest, value: object) -> None:
    assert "of field isTaxExempt is not a valid boolean" in full.refused("PATCH", "Companies", json={"id": 0, "isTaxExempt": value})[0]


@pytest.mark.parametrize(("sent", "stored"), [(True, 1), ("True", 1), ("1", 1), (1, 1), (False, 0), ("false", 0), (0, 0)])
def test_a_switch_that_is_an_integer_field_takes_the_same(full: Rest, sent: object, stored: int) -> None:
    made = contact(full, 0, isActive=sent)
    assert got(full, f"Contacts/{made}")["isActive"] == stored
    agreed = contract(full, timeReportingRequiresStartAndStopTimes=sent)
    assert got(full, f"Contracts/{agreed}")["timeReportingRequiresStartAndStopTimes"] == stored


@pytest.mark.parametrize("value", [2, -1, "2", 10**6])
def test_it_takes_nothing_else(full: Rest, value: object) -> None:
    made = contact(full, 0)
    problem = [f"The value [{value}] of field isActive is not a valid integer."]
    assert full.refused("PATCH", "Companies/0/Contacts", json={"id": made, "isActive": value}) == problem
    assert full.refused("POST", "Companies/0/Contacts", json={"firstName": "Ines", "lastName": "Slate", "isActive": value}) == problem
    assert [row["id"] for row in full.find("Contacts", {"op": "eq", "field": "id", "value": made})] == [made]
    assert full.find("Contacts", {"op": "eq", "field": "isActive", "value": value}) == []


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize(("method", "sent"), [("PATCH", [""]), ("PATCH", [None]), ("PUT", [""]), ("PUT", [None]), ("PUT", [])])
def test_a_company_does_not_become_active_by_an_empty_value(full: Rest, active: bool, method: str, sent: list[Any]) -> None:
    made = company(full, isActive=active)
    record = got(full, f"Companies/{made}")
    assert record["isActive"] is active
    whole = {name: value for name, value in record.items() if name != "isActive"} if method == "PUT" else {"id": made}
    full.ask(method, "Companies", json={**whole, **dict(zip(["isActive"], sent, strict=False))})
    assert got(full, f"Companies/{made}")["isActive"] is False
    ours = {"op": "eq", "field": "id", "value": made}
    assert full.find("Companies", ours, {"op": "eq", "field": "isActive", "value": True}) == []
    assert full.find("Companies", ours, {"op": "eq", "field": "isActive", "value": False}) != []


@pytest.mark.parametrize("value", ["", None])
def test_an_empty_value_switches_nothing_on(full: Rest, value: object) -> None:
    """Every switch that can be written, of every entity that the tenant has records of: it is off afterwards, or refused and as before."""
    tried = refused = 0
    for path, entity in ENTITIES.items():
        switches = [field for field in entity.fields.values() if (field.type == "boolean" or field.switch) and not field.read_only]
        if UPDATE not in entity.can or not switches or "Webhook" in path or not (records := full.find(path)):
            continue  # no API user's system level lets anybody make webhooks
        before = records[-1]
        address = f"{entity.below.parent}/{before[entity.below.by]}/{entity.below.segment}" if entity.below else path
        for field in switches:
            answer = full.call("PATCH", address, json={"id": before["id"], field.name: value})
            after = got(full, f"{path}/{before['id']}")
            assert after[field.name] == (False if answer.ok else before[field.name]), (path, field.name, answer.text)
            assert not (answer.ok and field.required), (path, field.name)
            tried, refused = tried + 1, refused + (not answer.ok)
    assert tried > refused > 5, (tried, refused)


def test_other_integer_fields_take_no_words(full: Rest) -> None:
    assert full.refused("PATCH", "Companies", json={"id": 0, "companyType": True}) == [
        "The value [True] of field companyType is not a valid integer."
    ]


@pytest.mark.parametrize("value", [True, "True", "true", 1])
def test_switches_are_asked_for_in_the_same_words(full: Rest, value: object) -> None:
    active, inactive = contact(full, 0), contact(full, 0, isActive=0)
    ours = {"op": "in", "field": "id", "value": [active, inactive]}
    assert [row["id"] for row in full.find("Contacts", ours, {"op": "eq", "field": "isActive", "value": value})] == [active]
    assert [row["id"] for row in full.find("Contacts", ours, {"op": "in", "field": "isActive", "value": [value]})] == [active]
    inside, outside = company(full, isTaxExempt=True), company(full)
    ours = {"op": "in", "field": "id", "value": [inside, outside]}
    assert [row["id"] for row in full.find("Companies", ours, {"op": "eq", "field": "isTaxExempt", "value": value})] == [inside]
    assert [row["id"] for row in full.find("Companies", ours, {"op": "noteq", "field": "isTaxExempt", "value": value})] == [outside]


@pytest.mark.parametrize("model", [{"filter": []}, {"filter": {}}, {"filter": None}, {}])
def test_a_query_without_a_condition_means_all(rest: Rest, model: dict[str, Any]) -> None:
    every = rest.ask("POST", "Companies/query", json={"filter": [EVERYTHING]})["items"]
    assert len(every) > 1
    assert rest.ask("POST", "Companies/query", json=model)["items"] == every
    assert rest.ask("GET", "Companies/query", params={"search": '{"filter":[]}'})["items"] == every
    assert rest.ask("POST", "Companies/query/count", json=model) == {"queryCount": len(every)}
    assert [row["id"] for row in rest.ask("POST", "Companies/query", json=model | {"MaxRecords": 1})["items"]] == [every[0]["id"]]


@pytest.mark.parametrize("condition", ["id", "", 1, 0, False, {"op": "exist", "field": "id"}])
def test_conditions_come_as_a_list(rest: Rest, condition: object) -> None:
    assert rest.refused("POST", "Companies/query", json={"filter": condition}) == ["The filter must be a list of conditions."]


def test_an_empty_text_clears_numbers_dates_references_and_choices(full: Rest) -> None:
    asked = full.find("Contacts")[0]
    filled = {"estimatedHours": 1.5, "dueDateTime": "2026-12-01T08:00:00Z", "contactID": asked["id"], "source": 4, "monitorID": 2**40}
    made = ticket(full, companyID=asked["companyID"], externalID="Kiln-1", **filled)
    before = got(full, f"Tickets/{made}")
    assert {name for name in filled if before[name] is None} == set()
    full.ask("PATCH", "Tickets", json={"id": made, "externalID": ""} | dict.fromkeys(filled, ""))
    after = got(full, f"Tickets/{made}")
    assert {name: after[name] for name in filled} == dict.fromkeys(filled)
    assert after == before | dict.fromkeys(filled) | {"externalID": ""} | {name: after[name] for name in after if name.startswith("last")}


@pytest.mark.parametrize("name", ["companyType", "ownerResourceID", "companyName"])
def test_what_is_required_can_not_be_cleared_with_an_empty_text(full: Rest, name: str) -> None:
    made = company(full)
    assert full.refused("PATCH", "Companies", json={"id": made, name: ""}) == [f"Value does not exist for the required field {name}"]


def test_an_empty_text_on_creation_is_as_good_as_nothing(full: Rest) -> None:
    made = company(full, countryID="", assetValue="", territoryID="", isTaxExempt="")
    record = got(full, f"Companies/{made}")
    assert (record["countryID"], record["assetValue"], record["territoryID"], record["isTaxExempt"]) == (None, None, None, False)


@pytest.mark.parametrize("blank", [None, ""])
def test_a_blank_position_of_a_checklist_item_is_ignored(rest: Rest, blank: str | None) -> None:
    path = f"Tickets/{ticket(rest)}/ChecklistItems"
    first, second = (rest.ask("POST", path, json={"itemName": name, "position": blank})["itemId"] for name in ("Cool", "Sweep"))
    assert [got(rest, f"{path}/{item}")["position"] for item in (first, second)] == [1, 2]
    rest.ask("PATCH", path, json={"id": second, "position": blank, "isCompleted": "True"})
    assert (got(rest, f"{path}/{second}")["position"], got(rest, f"{path}/{second}")["isCompleted"]) == (2, True)
    rest.ask("PUT", path, json={"id": second, "itemName": "Sweep up", "position": blank})
    assert (got(rest, f"{path}/{second}")["position"], got(rest, f"{path}/{second}")["itemName"]) == (2, "Sweep up")
    rest.ask("PUT", path, json={"id": first, "itemName": "Cool down"})
    assert got(rest, f"{path}/{first}")["position"] == 1


@pytest.mark.parametrize(
    ("entity", "field", "value"),
    [("Companies", "assetValue", 10**400), ("Tickets", "dueDateTime", "0001-01-01T00:00:00+05:00"), ("Companies", "countryID", 10**400)],
)
def test_a_value_beyond_all_bounds_is_refused_and_no_crash(full: Rest, entity: str, field: str, value: object) -> None:
    made = ticket(full) if entity == "Tickets" else company(full)
    assert f"of field {field} is not a valid" in full.refused("PATCH", entity, json={"id": made, field: value})[0]
    condition = {"op": "eq", "field": "countryID" if field == "assetValue" else field, "value": value}
    assert full.call("POST", f"{entity}/query", json={"filter": [condition]}).status_code in (200, 500)


ODD: dict[str, object] = {
    "nothing": None,
    "empty": "",
    "blank": " ",
    "minus": "--1",
    "digit of another script": "٣",
    "superscript": "²",
    "half a character": "\ud800",
    "zero byte": "a\0b",
    "long": "x" * 100_000,
    "negative": -1,
    "beyond 32 bits": 2**31,
    "beyond 64 bits": 2**63,
    "beyond a double": 10**400,
    "fraction": 1.5,
    "no number": float("nan"),
    "endless": float("inf"),
    "endless in words": "-inf",
    "before all time": "0001-01-01T00:00:00+05:00",
    "after all time": "9999-12-31T23:59:59-05:00",
    "no date": "2026-13-01",
    "list": [],
    "nested": [[{}]],
    "object": {"value": 1},
}


@pytest.mark.parametrize("value", ODD.values(), ids=list(ODD))
def test_no_value_is_so_odd_that_nothing_is_said_of_it(full: Rest, value: object) -> None:
    made = company(full)
    fields = [field["name"] for field in full.ask("GET", "Companies/entityInformation/fields")["fields"] if not field["isReadOnly"]]
    bodies = [{"id": made, "userDefinedFields": [{"name": name, "value": value} for name in ("Region", "Renewal Date")]}]
    bodies += [{"id": made, name: value} for name in ("companyName", "assetValue", "countryID", "isTaxExempt", "userDefinedFields")]
    bodies += [dict.fromkeys(("id", *fields), value), {"id": made} | dict.fromkeys(fields, value)]
    said = [full.call("PATCH", "Companies", data=json.dumps(body)) for body in bodies]
    for field in ("id", "companyName", "countryID", "isTaxExempt", "createDate"):
        for op in ("eq", "in", "contains"):
            said.append(full.call("POST", "Companies/query", data=json.dumps({"filter": [{"op": op, "field": field, "value": value}]})))
    said += [full.call("POST", "Companies/query", data=json.dumps({name: value})) for name in ("filter", "MaxRecords", "IncludeFields")]
    assert [answer.status_code for answer in said if answer.status_code not in (200, 500)] == []
    assert all(answer.json() for answer in said)
    assert got(full, f"Companies/{made}")["id"] == made


# What comes back


def test_what_nobody_set_is_an_empty_text_a_switch_that_is_off_or_a_default(full: Rest) -> None:
    """As in published answers of the live service, which has null in some texts, too."""
    record = got(full, f"Companies/{company(full)}")
    empty = (
        "additionalAddressInformation",
        "alternatePhone1",
        "billToAttention",
        "city",
        "companyNumber",
        "fax",
        "postalCode",
        "state",
        "taxID",
    )
    assert {name: record[name] for name in empty} == dict.fromkeys(empty, "")
    off = ("isClientPortalActive", "isEnabledForComanaged", "isTaskFireActive", "isTaxExempt")
    assert {name: record[name] for name in off} == dict.fromkeys(off, False)
    nothing = ("address1", "address2", "webAddress", "assetValue", "classification", "countryID", "parentCompanyID", "territoryID")
    assert {name: record[name] for name in nothing} == dict.fromkeys(nothing)
    assert (record["billToAddressToUse"], record["isActive"]) == (1, True)


@pytest.mark.parametrize(
    ("make", "path", "expected"),
    [
        (
            ticket,
            "Tickets",
            {
                "description": None,
                "resolution": "",
                "externalID": "",
                "changeInfoField1": "",
                "purchaseOrderNumber": "",
                "rmmAlertID": None,
                "isAssignedToComanaged": False,
                "serviceLevelAgreementHasBeenMet": None,
                "hoursToBeScheduled": 0,
                "estimatedHours": None,
                "contactID": None,
            },
        ),
        (
            contract,
            "Contracts",
            {
                "contractNumber": None,
                "description": None,
                "purchaseOrderNumber": "",
                "estimatedHours": 0,
                "setupFee": 0,
                "overageBillingRate": None,
                "isDefaultContract": False,
                "contractPeriodType": None,
            },
        ),
        (
            lambda rest: contact(rest, 0),
            "Contacts",
            {
                "addressLine": "",
                "emailAddress2": None,
                "middleInitial": None,
                "note": "",
                "title": "",
                "isOptedOutFromBulkEmail": False,
                "surveyOptOut": False,
                "namePrefix": None,
            },
        ),
        (
            person,
            "Resources",
            {"homePhone": "", "middleName": "", "gender": None, "suffix": None, "emailTypeCode2": None, "isActive": True},
        ),
    ],
    ids=["ticket", "contract", "contact", "resource"],
)
def test_what_nobody_set_is_alike_in_other_entities(full: Rest, make: Any, path: str, expected: dict[str, Any]) -> None:
    record = got(full, f"{path}/{make(full)}")
    assert {name: record[name] for name in expected} == expected


def test_bills_go_to_the_address_of_the_company(full: Rest) -> None:
    made = company(full, address1="1 Kiln Road", city="Potterton", countryID=full.find("Countries")[0]["id"])

    def bill() -> tuple[Any, ...]:
        record = got(full, f"Companies/{made}")
        return tuple(record[name] for name in ("billingAddress1", "billingAddress2", "billToCity", "billToState", "billToCountryID"))

    country = got(full, f"Companies/{made}")["countryID"]
    assert bill() == ("1 Kiln Road", "", "Potterton", "", country)
    full.ask("PATCH", "Companies", json={"id": made, "city": "Glazeham", "billToCity": "Elsewhere"})
    assert bill() == ("1 Kiln Road", "", "Glazeham", "", country)
    assert [row["id"] for row in full.find("Companies", {"op": "eq", "field": "billToCity", "value": "glazeham"})] == [made]


def test_queries_see_what_answers_show(full: Rest) -> None:
    made, filled = company(full), company(full, fax="555-0171", isTaxExempt=True, address1="1 Kiln Road")
    ours = {"op": "in", "field": "id", "value": [made, filled]}

    def found(op: str, field: str, value: object) -> list[int]:
        return [row["id"] for row in full.find("Companies", ours, {"op": op, "field": field, "value": value})]

    assert found("eq", "fax", "") == [made]
    assert found("noteq", "fax", "555-0171") == [made]
    assert found("eq", "isTaxExempt", False) == [made]
    assert found("eq", "billToAddressToUse", 1) == [made, filled]
    assert found("notExist", "address1", None) == [made]
    first, second = ticket(full), ticket(full, externalID="Kiln-2")
    ours = {"op": "in", "field": "id", "value": [first, second]}
    assert [row["id"] for row in full.find("Tickets", ours, {"op": "eq", "field": "externalID", "value": ""})] == [first]


def test_chosen_fields_may_be_user_defined_and_answers_always_carry_a_place_for_them(full: Rest) -> None:
    made = company(full, userDefinedFields=[{"name": "Region", "value": "North"}])
    ours = {"op": "eq", "field": "id", "value": made}

    def answered(*names: str) -> dict[str, Any]:
        return dict(full.find("Companies", ours, IncludeFields=list(names))[0])

    assert answered("companyName", "city") == {"id": made, "companyName": "Quarry Tiles", "city": "", "userDefinedFields": []}
    assert answered("Region") == {"id": made, "userDefinedFields": [{"name": "Region", "value": "North"}]}
    assert answered("PHONE", "region", "Renewal Date") == {
        "id": made,
        "phone": "555-0170",
        "userDefinedFields": [{"name": "Region", "value": "North"}, {"name": "Renewal Date", "value": None}],
    }
    assert full.find("Companies", ours)[0]["userDefinedFields"] == [
        {"name": "Region", "value": "North"},
        {"name": "Renewal Date", "value": None},
    ]
    assert set(full.find("Roles", IncludeFields=["name"])[0]) == {"id", "name"}
    model = {"filter": [ours], "IncludeFields": ["Site Code"]}
    assert "Unable to find Site Code in the Account Entity" in full.refused("POST", "Companies/query", json=model)[0]


# Changing


def test_put_clears_user_defined_fields_that_are_left_out_and_patch_does_not(full: Rest) -> None:
    both = [{"name": "Region", "value": "North"}, {"name": "Renewal Date", "value": "2027-01-31"}]
    made = company(full, userDefinedFields=both)

    def values() -> dict[str, Any]:
        return {udf["name"]: udf["value"] for udf in got(full, f"Companies/{made}")["userDefinedFields"]}

    full.ask("PATCH", "Companies", json={"id": made, "userDefinedFields": [{"name": "Region", "value": "South"}]})
    assert values() == {"Region": "South", "Renewal Date": "2027-01-31T00:00:00.000Z"}
    whole = {name: value for name, value in got(full, f"Companies/{made}").items() if name != "userDefinedFields"}
    full.ask("PUT", "Companies", json=whole | {"userDefinedFields": [{"name": "Region", "value": "East"}]})
    assert values() == {"Region": "East", "Renewal Date": None}
    full.ask("PUT", "Companies", json=whole)
    assert values() == {"Region": None, "Renewal Date": None}


def test_what_was_read_can_be_put_back(full: Rest) -> None:
    made = company(full, userDefinedFields=[{"name": "Region", "value": "North"}])
    before = got(full, f"Companies/{made}")
    full.ask("PUT", "Companies", json=before)
    after = got(full, f"Companies/{made}")
    assert after == before | {name: after[name] for name in after if name.startswith("last")}


def test_a_user_defined_text_has_its_length(full: Rest) -> None:
    udfs = [{"name": "Region", "value": "x" * 51}]
    assert full.refused("PATCH", "Companies", json={"id": 0, "userDefinedFields": udfs}) == [
        "Region must be less than or equal to 50 characters."
    ]


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_somebody_can_be_impersonated_in_changing_with_the_right_to_it(tenant: Tenant, full: Rest, method: str) -> None:
    made = ticket(full)
    path = f"Tickets/{made}/Notes"
    note = {"title": "Seen", "description": "Warm", "noteType": 1, "publish": 1}
    note["id"] = full.ask("POST", path, json=note)["itemId"]
    header = {"ImpersonationResourceId": str(person(full))}
    forbidden = ["The logged in Resource does not have the adequate permissions to update this entity type."]
    assert full.refused(method, path, json=note, headers=header) == forbidden
    tenant.set_cells({ALLOWED: True}, "System Administrator (system)")
    tenant.set_cells({f"{GRID}|Ticket Notes|Add": True}, "API User (system)")
    assert full.refused(method, path, json=note, headers=header) == forbidden
    tenant.set_cells({f"{GRID}|Ticket Notes|Edit (Update)": True}, "API User (system)")
    full.ask(method, path, json=note | {"description": "Hot"}, headers=header)
    after = got(full, f"TicketNotes/{note['id']}")
    assert (after["description"], after["creatorResourceID"]) == ("Hot", me(full))
    assert (after["impersonatorCreatorResourceID"], after["impersonatorUpdaterResourceID"]) == (None, me(full))
    for nobody in (me(full), person(full, "clerk"), 987654321, "²", "9" * 30, "x"):
        assert full.refused(method, path, json=note, headers={"ImpersonationResourceId": str(nobody)}) == forbidden


def test_a_change_as_somebody_else_is_theirs(tenant: Tenant, full: Rest) -> None:
    made = ticket(full)
    tenant.set_cells({ALLOWED: True}, "System Administrator (system)")
    tenant.set_cells({f"{GRID}|Tickets|Edit (Update)": True}, "API User (system)")
    full.ask("PATCH", "Tickets", json={"id": made, "status": 5}, headers={"ImpersonationResourceId": str(person(full))})
    after = got(full, f"Tickets/{made}")
    assert (after["lastActivityResourceID"], after["completedByResourceID"], after["creatorResourceID"]) == (
        person(full),
        person(full),
        me(full),
    )
    forbidden = ["The logged in Resource does not have the adequate permissions to update this entity type."]
    item = full.ask("POST", f"Tickets/{made}/ChecklistItems", json={"itemName": "Cool"})["itemId"]
    ticked = {"id": item, "isCompleted": True}
    assert (
        full.refused("PATCH", f"Tickets/{made}/ChecklistItems", json=ticked, headers={"ImpersonationResourceId": str(person(full))})
        == forbidden
    )


def test_somebody_can_be_impersonated_in_deleting_with_the_right_to_it(tenant: Tenant, full: Rest) -> None:
    made = contact(full, 0)
    header = {"ImpersonationResourceId": str(person(full))}
    tenant.set_cells({ALLOWED: True}, "System Administrator (system)")
    assert full.refused("DELETE", f"Companies/0/Contacts/{made}", headers=header) == [
        "The logged in Resource does not have the adequate permissions to delete this entity type."
    ]
    tenant.set_cells({f"{GRID}|Contacts|Delete": True}, "API User (system)")
    full.ask("DELETE", f"Companies/0/Contacts/{made}", headers=header)
    assert full.ask("GET", f"Contacts/{made}") == {"item": None}


# Conditions and requirements of the help pages


def test_a_contact_of_a_ticket_can_not_be_deleted(full: Rest) -> None:
    made = contact(full, 0)
    asking = ticket(full, contactID=made)
    assert "can not be deleted" in full.refused("DELETE", f"Companies/0/Contacts/{made}")[0]
    full.ask("PATCH", "Tickets", json={"id": asking, "contactID": ""})
    full.ask("DELETE", f"Companies/0/Contacts/{made}")


def test_who_opened_a_ticket_or_is_the_primary_contact_can_not_be_deleted_either(full: Rest) -> None:
    opened, primary = contact(full, 0), contact(full, 0, primaryContact="True")
    ticket(full, createdByContactID=opened)
    for made in (opened, primary):
        assert "can not be deleted" in full.refused("DELETE", f"Companies/0/Contacts/{made}")[0]
    full.ask("PATCH", "Companies/0/Contacts", json={"id": primary, "primaryContact": 0})
    full.ask("DELETE", f"Companies/0/Contacts/{primary}")


def test_the_system_department_keeps_its_name(full: Rest) -> None:
    system = full.find("Departments", {"op": "eq", "field": "name", "value": "Administration"})[0]
    assert full.refused("PATCH", "Departments", json={"id": system["id"], "name": "Office"})
    full.ask("PATCH", "Departments", json={"id": system["id"], "name": "Administration", "description": "Runs the kiln"})
    full.ask("PUT", "Departments", json=system | {"number": "7"})
    other = full.ask("POST", "Departments", json={"name": "Kilns", "primaryLocationID": system["primaryLocationID"]})["itemId"]
    full.ask("PATCH", "Departments", json={"id": other, "name": "Ovens"})
    assert got(full, f"Departments/{other}")["name"] == "Ovens"


def billing_code(rest: Rest, label: str) -> int:
    """The id of a billing code of the kind with this label."""
    kind = choice(rest, "BillingCodes", "useType", label)
    return int(rest.find("BillingCodes", {"op": "eq", "field": "useType", "value": kind})[0]["id"])


def test_charges_take_material_codes_and_their_prices(full: Rest) -> None:
    path = f"Tickets/{ticket(full)}/Charges"
    charge = {"name": "Brick", "chargeType": 1, "datePurchased": "2026-11-20", "unitQuantity": 2}
    material, labour = billing_code(full, "Material Code"), billing_code(full, "General Allocation Code")
    assert full.refused("POST", path, json=charge | {"billingCodeID": labour}) == [
        "Reference value on field: billingCodeID of type: AllocationCode does not exist or is invalid."
    ]
    price = got(full, f"BillingCodes/{material}")["unitPrice"]
    assert price > 0
    made = full.ask("POST", path, json=charge | {"billingCodeID": material})["itemId"]
    assert (got(full, f"TicketCharges/{made}")["unitPrice"], got(full, f"TicketCharges/{made}")["billableAmount"]) == (price, 2 * price)
    own = full.ask("POST", path, json=charge | {"billingCodeID": material, "unitPrice": 9})["itemId"]
    assert got(full, f"TicketCharges/{own}")["unitPrice"] == 9
    full.ask("PATCH", path, json={"id": own, "billingCodeID": material, "unitQuantity": 3})
    assert got(full, f"TicketCharges/{own}")["unitPrice"] == 9, "the code has not changed"
    bare = full.ask("POST", path, json=charge)["itemId"]
    full.ask("PATCH", path, json={"id": bare, "billingCodeID": material})
    assert got(full, f"TicketCharges/{bare}")["unitPrice"] == price
    assert full.refused("PATCH", path, json={"id": bare, "billingCodeID": labour})


def test_what_was_billed_can_not_be_changed_or_deleted(full: Rest) -> None:
    billed = full.find("TicketCharges", {"op": "eq", "field": "isBilled", "value": True})[0]
    path = f"Tickets/{billed['ticketID']}/Charges"
    assert full.refused("PATCH", path, json={"id": billed["id"], "name": "Free"}) == ["A charge that was billed can not be updated."]
    assert full.refused("DELETE", f"{path}/{billed['id']}") == ["A charge that was billed can not be deleted."]
    assert got(full, f"TicketCharges/{billed['id']}") == billed


def test_there_is_always_one_active_default_country(full: Rest) -> None:
    default = full.find("Countries", {"op": "eq", "field": "isDefaultCountry", "value": True})
    other = full.find("Countries", {"op": "eq", "field": "isDefaultCountry", "value": False})[0]
    assert len(default) == 1
    for change in ({"isDefaultCountry": False}, {"isActive": False}, {"isDefaultCountry": ""}):
        assert full.refused("PATCH", "Countries", json={"id": default[0]["id"]} | change)
    full.ask("PATCH", "Countries", json={"id": other["id"], "isDefaultCountry": True})
    assert [row["id"] for row in full.find("Countries", {"op": "eq", "field": "isDefaultCountry", "value": True})] == [other["id"]]


# Types and lengths


@pytest.mark.parametrize(
    ("entity", "field", "kind", "length"),
    [
        ("Contracts", "contractPeriodType", "integer", 0),
        ("Products", "periodType", "integer", 0),
        ("Resources", "suffix", "integer", 0),
        ("Tickets", "monitorID", "long", 0),
        ("TicketChecklistItems", "itemName", "string", 600),
        ("Companies", "address1", "string", 150),
        ("Companies", "address2", "string", 150),
    ],
)
def test_types_and_lengths_are_those_of_rest(rest: Rest, entity: str, field: str, kind: str, length: int) -> None:
    fields = {field["name"]: field for field in rest.ask("GET", f"{entity}/entityInformation/fields")["fields"]}
    assert (fields[field]["dataType"], fields[field]["length"]) == (kind, length)
    for value in fields[field]["picklistValues"] or []:
        assert value["value"].lstrip("-").isdecimal()


def test_an_address_has_150_characters_at_most(full: Rest) -> None:
    made = company(full, address1="x" * 150)
    assert got(full, f"Companies/{made}")["address1"] == "x" * 150
    assert full.refused("PATCH", "Companies", json={"id": made, "address1": "x" * 151}) == [
        "address1 must be less than or equal to 150 characters."
    ]


# What can't be read


DEEP = 2000


@pytest.mark.parametrize(
    "body",
    [
        "[" * DEEP + "]" * DEEP,
        "[" * DEEP,
        '{"a":' * DEEP + "1" + "}" * DEEP,
        '{"filter":[' + '{"op":"and","items":[' * DEEP + '{"op":"exist","field":"id"}' + "]}" * DEEP + "]}",
        '{"title":' + "[" * 100_000 + "]" * 100_000 + "}",
    ],
    ids=["list", "open", "object", "filter", "very deep"],
)
def test_json_that_is_nested_too_deep_is_refused(rest: Rest, body: str) -> None:
    for method, path in (("POST", "Companies/query"), ("POST", "Tickets"), ("PATCH", "Tickets"), ("POST", "Companies/query/count")):
        response = rest.call(method, path, data=body)
        assert (response.status_code, response.json()) == (400, {"errors": ["The JSON of the request is nested deeper than 64 levels."]})
    assert rest.ask("GET", "Version")["build"]


def test_a_search_in_the_address_that_is_nested_too_deep_is_refused(rest: Rest) -> None:
    response = rest.call("GET", "Companies/query?search=" + "[" * 600)
    assert (response.status_code, response.json()) == (400, {"errors": ["The JSON of the request is nested deeper than 64 levels."]})


def test_brackets_in_a_text_are_no_depth(rest: Rest) -> None:
    title = '[{"' * 60 + '\\"[' * 20
    made = ticket(rest, title=title)
    assert got(rest, f"Tickets/{made}")["title"] == title
    nested: dict[str, Any] = {"op": "eq", "field": "id", "value": made}
    for _level in range(25):
        nested = {"op": "and", "items": [nested]}
    assert [row["id"] for row in rest.find("Tickets", nested)] == [made]


def test_the_version_says_what_kind_of_customer_the_tenant_is(rest: Rest) -> None:
    assert isinstance(rest.ask("GET", "Version")["customerType"], str)
