# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sandbox's control: what tests and the demonstration may see and do behind Autotask's back."""

from __future__ import annotations

import requests

from tests.sandboxes import Rest, Sandbox, Tenant


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
