# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The query language of REST: operators, groups, chosen fields, pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandboxes import Rest


@pytest.fixture
def tickets(rest: Rest) -> list[int]:
    """The ids of five tickets, made for the test, whose external ids begin with `Q-`."""
    titles = ["Alpha", "beta", "Gamma ray", "alphabet", "Delta"]
    common = {"companyID": 0, "status": 1, "queueID": choice(rest, "queueID", "Service Desk")}
    return [
        rest.ask("POST", "Tickets", json=common | {"title": title, "priority": place % 2 + 1, "externalID": f"Q-{place}"})["itemId"]
        for place, title in enumerate(titles)
    ]


def choice(rest: Rest, field: str, label: str) -> int:
    """The value of a choice of a ticket's pick-list."""
    fields = {field["name"]: field for field in rest.ask("GET", "Tickets/entityInformation/fields")["fields"]}
    return int(next(choice["value"] for choice in fields[field]["picklistValues"] if choice["label"] == label))


def titles(rest: Rest, *conditions: dict[str, Any]) -> list[str]:
    """The titles of the test's tickets that fulfil all conditions."""
    own = {"op": "beginsWith", "field": "externalID", "value": "q-"}
    return [ticket["title"] for ticket in rest.find("Tickets", own, *conditions, IncludeFields=["title"])]


@pytest.mark.parametrize(
    ("op", "field", "value", "expected"),
    [
        ("eq", "title", "ALPHA", ["Alpha"]),
        ("noteq", "title", "alpha", ["beta", "Gamma ray", "alphabet", "Delta"]),
        ("beginsWith", "title", "alpha", ["Alpha", "alphabet"]),
        ("endsWith", "title", "TA", ["beta", "Delta"]),
        ("contains", "title", "mma R", ["Gamma ray"]),
        ("in", "title", ["Beta", "delta"], ["beta", "Delta"]),
        ("notIn", "title", ["Beta", "delta"], ["Alpha", "Gamma ray", "alphabet"]),
        ("gt", "priority", 1, ["beta", "alphabet"]),
        ("gte", "priority", 1, ["Alpha", "beta", "Gamma ray", "alphabet", "Delta"]),
        ("lt", "priority", 2, ["Alpha", "Gamma ray", "Delta"]),
        ("lte", "priority", 1, ["Alpha", "Gamma ray", "Delta"]),
        ("eq", "PRIORITY", "2", ["beta", "alphabet"]),
        ("gt", "createDate", "2026-01-01", ["Alpha", "beta", "Gamma ray", "alphabet", "Delta"]),
        ("lt", "createDate", "2020-01-01T00:00:00Z", []),
        ("exist", "completedDate", None, []),
        ("notExist", "completedDate", None, ["Alpha", "beta", "Gamma ray", "alphabet", "Delta"]),
        ("noteq", "contractID", 5, []),
        ("eq", "externalID", "Q-1", ["beta"]),
    ],
)
def test_operators(rest: Rest, tickets: list[int], op: str, field: str, value: object, expected: list[str]) -> None:
    assert titles(rest, {"op": op, "field": field, "value": value}) == expected


def test_groups_can_be_nested(rest: Rest, tickets: list[int]) -> None:
    either = {"op": "or", "items": [{"op": "eq", "field": "title", "value": "beta"}, {"op": "eq", "field": "title", "value": "delta"}]}
    assert titles(rest, either) == ["beta", "Delta"]
    assert titles(rest, {"op": "and", "items": [either, {"op": "eq", "field": "priority", "value": 2}]}) == ["beta"]


def test_user_defined_fields_can_be_asked_for_one_at_a_time(rest: Rest, tickets: list[int]) -> None:
    rest.ask("PATCH", "Tickets", json={"id": tickets[2], "userDefinedFields": [{"name": "Site Code", "value": "North-7"}]})
    assert titles(rest, {"op": "eq", "field": "Site Code", "value": "north-7", "udf": True}) == ["Gamma ray"]
    assert rest.ask("GET", f"Tickets/{tickets[2]}")["item"]["userDefinedFields"] == [{"name": "Site Code", "value": "North-7"}]
    assert (
        "Unable to find Nope in the Ticket Entity"
        in rest.refused("POST", "Tickets/query", json={"filter": [{"op": "exist", "field": "Nope", "udf": True}]})[0]
    )


def test_a_misspelt_operator_is_not_rejected_and_finds_everything(rest: Rest, tickets: list[int]) -> None:
    assert titles(rest, {"op": "noteExist", "field": "title"}) == ["Alpha", "beta", "Gamma ray", "alphabet", "Delta"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ({"filter": [{"op": "eq", "field": "bogus", "value": 1}]}, "Unable to find bogus in the Ticket Entity"),
        ({"filter": [{"op": "eq", "field": "creatorType", "value": 1}]}, "Unable to find creatorType in the Ticket Entity"),
        ({"filter": [{"op": "gte", "field": "id", "value": 0}], "IncludeFields": ["bogus"]}, "Unable to find bogus in the Ticket Entity"),
        (None, "Parameter name: queryModel"),
        ({"filter": [{"op": "eq", "field": "id", "value": "many"}]}, "[many] of field id"),
        ({"filter": [{"op": "eq", "field": "id", "value": 10**30}]}, "of field id"),
        ({"filter": [{"op": "in", "field": "id", "value": 4}]}, "of field id"),
        ({"filter": [{"op": "exist", "field": "id"}], "MaxRecords": 501}, "MaxRecords"),
        ({"filter": [{"op": "exist", "field": "id"}], "IncludeFields": "id"}, "IncludeFields"),
        (
            {"filter": [{"op": "or", "items": [{"op": "eq", "field": "id", "value": n} for n in range(501)]}]},
            "limited to 500 or fewer 'OR'",
        ),
    ],
)
def test_what_is_not_understood_is_a_500_with_a_text(rest: Rest, query: object, text: str) -> None:
    errors = rest.refused("POST", "Tickets/query", json=query) if query is not None else rest.refused("POST", "Tickets/query")
    assert text in errors[0]


def test_get_and_post_find_the_same(rest: Rest) -> None:
    search = '{"Filter":[{"op":"eq","field":"status","value":5}],"includefields":["title"]}'
    found = rest.ask("GET", "Tickets/query", params={"search": search})
    assert found["items"] == rest.find("Tickets", {"op": "eq", "field": "status", "value": 5}, IncludeFields=["Title"])
    assert set(found["items"][0]) == {"id", "title", "userDefinedFields"}
    assert rest.ask("GET", "Tickets/query/count", params={"search": search}) == {"queryCount": 1}


def test_a_get_query_can_only_be_so_long(rest: Rest) -> None:
    assert rest.call("GET", "Tickets/query", params={"search": "x" * 2048}).status_code == 404


def test_a_record_that_does_not_exist_is_null(rest: Rest) -> None:
    assert rest.ask("GET", "Tickets/1") == {"item": None}
    assert rest.ask("GET", "Tickets/1/Notes/1") == {"item": None}


def test_pages_after_a_post_are_posted_with_the_same_body(rest: Rest, tickets: list[int]) -> None:
    query = {"filter": [{"op": "in", "field": "id", "value": tickets}], "MaxRecords": 2, "IncludeFields": ["id"]}
    first = rest.ask("POST", "Tickets/query", json=query)
    url = first["pageDetails"]["nextPageUrl"]
    assert first["pageDetails"] | {"nextPageUrl": ""} == {"count": 2, "requestCount": 2, "prevPageUrl": None, "nextPageUrl": ""}
    response = rest.call("GET", url)
    assert response.status_code == 405
    assert "does not support http method 'GET'" in response.json()["message"]
    assert "Parameter name: queryModel" in rest.refused("POST", url)[0]
    assert rest.refused("POST", url, json=query | {"MaxRecords": 3})
    second = rest.ask("POST", url, json=query)
    third = rest.ask("POST", second["pageDetails"]["nextPageUrl"], json=query)
    assert third["pageDetails"]["nextPageUrl"] is None
    assert [item["id"] for page in (first, second, third) for item in page["items"]] == tickets
    assert rest.ask("POST", third["pageDetails"]["prevPageUrl"], json=query)["items"] == second["items"]


def test_pages_after_a_get_are_got(rest: Rest, tickets: list[int]) -> None:
    search = f'{{"filter":[{{"op":"in","field":"id","value":{tickets}}}],"MaxRecords":4}}'
    url = rest.ask("GET", "Tickets/query", params={"search": search})["pageDetails"]["nextPageUrl"]
    assert [item["id"] for item in rest.ask("GET", url)["items"]] == tickets[4:]
    assert rest.call("POST", url, json={}).status_code == 405


def test_only_the_latest_fifty_pages_are_kept(rest: Rest, tickets: list[int]) -> None:
    query = {"filter": [{"op": "in", "field": "id", "value": tickets}], "MaxRecords": 1, "IncludeFields": ["id"]}
    urls = [rest.ask("POST", "Tickets/query", json=query)["pageDetails"]["nextPageUrl"] for _time in range(51)]
    assert rest.refused("POST", urls[0], json=query)
    assert rest.ask("POST", urls[1], json=query)["items"]


def test_a_query_answers_with_five_hundred_records_at_most(rest: Rest) -> None:
    ticket = rest.find("Tickets")[0]["id"]
    note = {"title": "n", "description": "n", "noteType": 1, "publish": 1}
    ids = [rest.ask("POST", f"Tickets/{ticket}/Notes", json=note)["itemId"] for _time in range(501)]
    mine = {"op": "in", "field": "id", "value": ids}
    page = rest.ask("POST", "TicketNotes/query", json={"filter": [mine], "IncludeFields": ["id"]})
    assert [item["id"] for item in page["items"]] == ids[:500]
    assert page["pageDetails"]["nextPageUrl"]
