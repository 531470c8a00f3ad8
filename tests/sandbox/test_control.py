# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sandbox's control: what tests and the demonstration may see and do behind Autotask's back."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Any

import requests

from sandbox.traffic import Traffic
from tests.sandboxes import Rest, Sandbox, Tenant, running, take


def status(sandbox: Sandbox, method: str, path: str, body: object = None) -> int:
    """The status of a request to the control."""
    return requests.request(method, f"{sandbox.address}/_sandbox/{path}", json=body, timeout=30).status_code


def test_tenants_are_listed_with_their_words(sandbox: Sandbox) -> None:
    listed = {tenant["slug"]: tenant for tenant in sandbox.control("GET", "tenants")}
    assert [listed[slug]["organization_term"] for slug in ("alder", "birch", "cedar")] == ["Organization", "Company", "Account"]
    assert listed["alder"]["domain"] == "alder.example.com"


def test_levels_show_their_cells_and_can_be_changed_by_hand(tenant: Tenant) -> None:
    key = "CRM|Organization & Contact Access|Customer & Cancelation|"
    level = tenant.level()
    assert level["cells"][key] == "All"
    changed = tenant.control("PATCH", f"levels/{level['id']}", {"cells": {key: "Mine"}, "name": "By hand", "active": False})
    assert (changed["cells"][key], changed["name"], changed["active"]) == ("Mine", "By hand", False)
    assert changed["version"] > level["version"]


def test_a_cell_that_is_not_there_or_does_not_offer_the_value_is_refused(sandbox: Sandbox, tenant: Tenant) -> None:
    path = f"tenants/{tenant.slug}/levels/{tenant.level()['id']}"
    assert status(sandbox, "PATCH", path, {"cells": {"Nowhere|||": True}}) == 422
    assert status(sandbox, "PATCH", path, {"cells": {"Contracts||Contract Visibility|": "Some"}}) == 422


def test_api_users_are_shown_without_their_secrets(tenant: Tenant) -> None:
    text = str(tenant.control("GET", "api-users"))
    assert tenant.access["user_name"] in text
    assert tenant.access["secret"] not in text
    assert tenant.access["integration_code"] not in text


def test_a_deleted_ticket_takes_its_items_along(tenant: Tenant) -> None:
    item = tenant.control("GET", "records/TicketChecklistItems")[0]
    tenant.control("DELETE", f"tickets/{item['ticketID']}")
    assert tenant.rest.ask("GET", f"Tickets/{item['ticketID']}") == {"item": None}
    assert tenant.control("GET", "records/TicketChecklistItems") == []


def test_requests_are_recorded_for_each_tenant_without_query_strings(sandbox: Sandbox, rest: Rest, tenant: Tenant) -> None:
    rest.ask("GET", "ZoneInformation", params={"user": rest.headers["UserName"]}, headers={"UserName": ""})
    rest.ask("GET", "Tickets/query", params={"search": '{"filter":[{"op":"exist","field":"id"}]}'})
    rest.call("GET", "Version", headers={"Secret": "wrong"})
    assert sandbox.control("GET", f"requests?tenant={tenant.slug}") == [
        {"tenant": tenant.slug, "method": "GET", "path": "/atservicesrest/v1.0/ZoneInformation", "status": 200},
        {"tenant": tenant.slug, "method": "GET", "path": "/atservicesrest/v1.0/Tickets/query", "status": 200},
        {"tenant": tenant.slug, "method": "GET", "path": "/atservicesrest/v1.0/Version", "status": 401},
    ]


def test_requests_are_counted_by_who_calls_and_what(sandbox: Sandbox, tenant: Tenant) -> None:
    rest, user_name = tenant.rest, tenant.access["user_name"]
    ticket = rest.find("Tickets")[0]["id"]
    for path in (f"Tickets/{ticket}", "tickets/4711", f"TICKETS/{ticket}/notes", "EntityInformation", "Tickets/EntityInformation/Fields"):
        rest.call("GET", path, headers={"UserName": user_name.upper()})
    rest.call("GET", "Nothing/4711")
    rest.call("GET", "Version", headers={"Secret": "wrong"})
    counts = sandbox.control("GET", f"counts?tenant={tenant.slug}")
    assert {(line["method"], line["endpoint"]): line["count"] for line in counts} == {
        ("POST", "Tickets/query"): 1,
        ("GET", "Tickets/{id}"): 2,
        ("GET", "Tickets/{id}/Notes"): 1,
        ("GET", "EntityInformation"): 1,
        ("GET", "Tickets/entityInformation/fields"): 1,
        ("GET", "?"): 1,
        ("GET", "Version"): 1,
    }
    assert {(line["tenant"], line["user_name"]) for line in counts} == {(tenant.slug, user_name)}


def test_counts_forget_nothing_until_they_are_told_to(tmp_path: Path) -> None:
    with running(tmp_path, "--tenants", "2") as started:
        for _time in range(3):
            started.tenants["alder"].rest.ask("GET", "Version")
            started.control("DELETE", "requests")
        started.tenants["birch"].rest.ask("GET", "Version")
        assert {line["tenant"]: line["count"] for line in started.control("GET", "counts")} == {"alder": 3, "birch": 1}
        started.control("DELETE", "counts")
        assert started.control("GET", "counts") == []


def test_counts_go_on_where_the_record_of_requests_ends() -> None:
    traffic = Traffic()
    traffic.passed = deque(maxlen=2)
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/atservicesrest/v1.0/Version",
        "query_string": b"",
        "headers": [(b"username", b"a@b.c")],
    }
    for _time in range(5):
        traffic._note(scope, 200, 0)
    assert (len(traffic.passed), list(traffic.counts.values())) == (2, [5])


def test_what_does_not_exist_is_a_404(sandbox: Sandbox) -> None:
    for path in ("tenants/nobody/levels", "nothing"):
        assert status(sandbox, "GET", path) == 404
    assert status(sandbox, "DELETE", "tenants/alder/tickets/1") == 404
    assert status(sandbox, "PATCH", "tenants/alder/levels/999999", {}) == 404
    assert status(sandbox, "POST", "faults", {"spec": "burn@it"}) == 422
    for option in ({"console": "paper"}, {"console_traps": ["rain"]}, {"session_ends_after": 0}, {"weather": "bad"}):
        assert status(sandbox, "PATCH", "tenants/alder", option) == 422


def test_an_api_user_is_changed_by_the_names_of_its_level_and_vendor(sandbox: Sandbox, tenant: Tenant) -> None:
    vendor = next(iter(tenant.access["integration_vendors"]))
    changed = tenant.set_user({"level": "API User (system)", "tracking": "vendor", "vendor": vendor})
    assert (changed["level"], changed["tracking"]) == ("API User (system)", "vendor")
    path = f"tenants/{tenant.slug}/api-users/{changed['id']}"
    assert status(sandbox, "PATCH", path, {"level": "Nothing"}) == 404
    assert status(sandbox, "PATCH", path, {"tracking_code": "x"}) == 422


def test_an_api_user_can_be_given_a_secret(tenant: Tenant) -> None:
    changed = tenant.set_user({"secret": "{{ any text }}"})
    assert "secret" not in changed
    assert tenant.rest.call("GET", "Version", headers={"Secret": "{{ any text }}"}).status_code == 200
    assert tenant.rest.call("GET", "Version").status_code == 401


def test_the_sandbox_answers_to_names_of_this_machine_only(sandbox: Sandbox) -> None:
    response = requests.get(f"{sandbox.address}/_sandbox/tenants", headers={"Host": "sandbox.example.com"}, timeout=30)
    assert response.status_code == 400


def test_a_record_is_forged_changed_and_deleted(sandbox: Sandbox, tenant: Tenant) -> None:
    ticket = tenant.rest.find("Tickets")[0]["id"]
    note = {"ticketID": ticket, "title": "msp.autotask: record", "description": "forged", "creatorResourceID": 4711, "publish": 1}
    made = tenant.control("POST", "records/TicketNotes", note)
    shown = tenant.rest.ask("GET", f"TicketNotes/{made['id']}")["item"]
    assert (shown["description"], shown["creatorResourceID"]) == ("forged", 4711)
    tenant.control("PATCH", f"records/TicketNotes/{made['id']}", {"description": "changed"})
    assert tenant.rest.ask("GET", f"TicketNotes/{made['id']}")["item"]["description"] == "changed"
    tenant.control("DELETE", f"records/TicketNotes/{made['id']}")
    assert tenant.rest.ask("GET", f"TicketNotes/{made['id']}") == {"item": None}
    path = f"tenants/{tenant.slug}/records/TicketNotes"
    assert status(sandbox, "POST", path, {"colour": "red"}) == 422
    assert status(sandbox, "PATCH", f"{path}/1", {"colour": "red"}) == 422
    assert status(sandbox, "PATCH", f"{path}/{made['id']}", {"title": "gone"}) == 404
    assert status(sandbox, "DELETE", f"{path}/{made['id']}") == 404
    assert status(sandbox, "POST", f"tenants/{tenant.slug}/records/Nothing", {}) == 404


def test_an_id_is_given_once_and_stays(sandbox: Sandbox, tenant: Tenant) -> None:
    item = tenant.control("GET", "records/TicketChecklistItems")[0]
    path = f"tenants/{tenant.slug}/records/TicketChecklistItems"
    assert status(sandbox, "POST", path, {"id": item["id"]}) == 422
    assert status(sandbox, "PATCH", f"{path}/{item['id']}", {"id": item["id"] + 1}) == 422
    assert (
        tenant.control("POST", "records/TicketChecklistItems", {"id": item["id"] + 7, "ticketID": item["ticketID"]})["id"] == item["id"] + 7
    )


def test_a_checklist_item_is_changed_and_ticked_by_whoever_it_is_said_to_be(tenant: Tenant) -> None:
    item = tenant.control("GET", "records/TicketChecklistItems")[0]
    changes = {"itemName": "Something else", "isCompleted": True, "completedByResourceID": 4711}
    tenant.control("PATCH", f"records/TicketChecklistItems/{item['id']}", changes)
    shown = tenant.rest.ask("GET", f"TicketChecklistItems/{item['id']}")["item"]
    assert {name: shown[name] for name in changes} == changes


def test_tickets_levels_and_api_users_are_renamed(tenant: Tenant) -> None:
    ticket = tenant.rest.find("Tickets")[0]["id"]
    tenant.control("PATCH", f"records/Tickets/{ticket}", {"title": "Renamed", "externalID": "elsewhere/1"})
    assert tenant.rest.find("Tickets", {"op": "eq", "field": "externalID", "value": "elsewhere/1"})[0]["title"] == "Renamed"
    tenant.control("PATCH", f"levels/{tenant.level()['id']}", {"name": "Renamed"})
    fields = tenant.rest.ask("GET", "Resources/entityInformation/fields")["fields"]
    choices = next(field["picklistValues"] for field in fields if field["name"] == "userType")
    assert "Renamed" in [choice["label"] for choice in choices]
    user = tenant.set_user({"first_name": "Renamed"})
    assert tenant.rest.ask("GET", f"Resources/{user['id']}")["item"]["firstName"] == "Renamed"


def test_what_is_changed_of_a_resource_counts_at_once(tenant: Tenant) -> None:
    tenant.rest.ask("GET", "Version")
    user = next(one for one in tenant.control("GET", "api-users") if one["user_name"] == tenant.access["user_name"])
    tenant.control("PATCH", f"records/Resources/{user['id']}", {"isActive": False})
    assert tenant.rest.call("GET", "Version").status_code == 401


def test_a_tenant_is_put_back_to_what_it_was(tenant: Tenant) -> None:
    def everything() -> Any:
        entities = ("Tickets", "TicketNotes", "TicketChecklistItems", "Resources")
        return [*(tenant.control("GET", f"records/{entity}") for entity in entities), *map(tenant_part, ("levels", "api-users"))]

    def tenant_part(name: str) -> Any:
        return tenant.control("GET", name)

    before = everything()
    snapshot = tenant.control("POST", "snapshots")["id"]
    item = tenant.control("GET", "records/TicketChecklistItems")[0]
    tenant.control("DELETE", f"tickets/{item['ticketID']}")
    tenant.control(
        "PATCH",
        f"levels/{tenant.level()['id']}",
        {"name": "Another", "cells": {"CRM|Organization & Contact Access|Customer & Cancelation|": "Mine"}},
    )
    tenant.set_user({"secret": "another", "first_name": "Somebody"})
    tenant.control("POST", "records/TicketNotes", {"title": "new"})
    assert everything() != before and tenant.rest.call("GET", "Version").status_code == 401
    for _time in range(2):
        tenant.control("POST", f"snapshots/{snapshot}/restore")
        assert everything() == before and tenant.rest.call("GET", "Version").status_code == 200
        tenant.control("DELETE", f"records/TicketChecklistItems/{item['id']}")


def test_a_snapshot_is_of_one_tenant(sandbox: Sandbox, tenant: Tenant, spare_tenants: list[Tenant]) -> None:
    other, snapshot = take(spare_tenants), tenant.control("POST", "snapshots")["id"]
    before = other.control("GET", "records/Tickets")
    tenant.control("DELETE", f"tickets/{tenant.control('GET', 'records/Tickets')[0]['id']}")
    tenant.control("POST", f"snapshots/{snapshot}/restore")
    assert other.control("GET", "records/Tickets") == before
    assert status(sandbox, "POST", f"tenants/{other.slug}/snapshots/{snapshot}/restore") == 404
    assert status(sandbox, "POST", f"tenants/{tenant.slug}/snapshots/999999/restore") == 404


def test_a_record_is_late_for_some_queries(sandbox: Sandbox, tenant: Tenant) -> None:
    path, ticket = f"tenants/{tenant.slug}/late", tenant.control("GET", "records/Tickets")[0]["id"]
    assert status(sandbox, "POST", path, {"entity": "Tickets", "id": ticket, "queries": 0}) == 422
    assert status(sandbox, "POST", path, {"entity": "Tickets", "id": 999999, "queries": 1}) == 404
    assert status(sandbox, "POST", path, {"entity": "Nothing", "id": ticket, "queries": 1}) == 404
