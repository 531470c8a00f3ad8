# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Copies of a tenant: all that it has by now, with other credentials."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.sandbox import people
from tests.sandboxes import Rest, Sandbox, Tenant


def listed(tenant: Tenant) -> str:
    """An integration vendor that the tenant lists; not every tenant lists each."""
    return str(next(iter(tenant.access["integration_vendors"])))


def copy(sandbox: Sandbox, tenant: Tenant, slug: str) -> dict[str, Any]:
    """A copy, as the control tells of it."""
    [made] = sandbox.control("POST", f"tenants/{tenant.slug}/copies", {"slugs": [slug]})
    return dict(made)


def rest_as(made: dict[str, Any], user: dict[str, str]) -> Rest:
    """REST of a copy as one of its users."""
    names = {"UserName": "user_name", "Secret": "secret", "ApiIntegrationCode": "integration_code"}
    return Rest(made["rest_url"], {header: user[name] for header, name in names.items()})


@pytest.fixture
def used(tenant: Tenant) -> Tenant:
    """A tenant with a level and two API users of its own, and a change ticket in which one step is ticked."""
    tab = people.sign_in(tenant)
    people.copy_level(tab, "Copied")
    tab.put((), "Active", "", True)
    tab.press("Save & Close")
    for name, vendor in (("Own", ""), ("Vendor", listed(tenant))):
        people.new_api_user(tab, name, vendor=vendor)
        tab.press("Save & Close")
    ticket = people.change_ticket(tenant, "One", f"Two at {tenant.access['console_user']}", external_id=f"msp.autotask/{tenant.slug}/bee/1")
    item = tenant.rest.find("TicketChecklistItems", {"op": "eq", "field": "ticketID", "value": ticket})[0]["id"]
    tenant.rest.ask("PATCH", f"Tickets/{ticket}/ChecklistItems", json={"id": item, "isCompleted": True})
    return tenant


def test_a_copy_has_what_the_tenant_has_in_its_own_words(sandbox: Sandbox, used: Tenant) -> None:
    made = copy(sandbox, used, f"{used.slug}-two")
    rest = rest_as(made, made)
    [ticket] = rest.find("Tickets", {"op": "beginsWith", "field": "externalID", "value": "msp.autotask/"})
    assert ticket["externalID"] == f"msp.autotask/{used.slug}-two/bee/1"
    items = rest.find("TicketChecklistItems", {"op": "eq", "field": "ticketID", "value": ticket["id"]})
    assert [(item["itemName"], item["isCompleted"]) for item in items] == [("One", True), (f"Two at {made['console_user']}", False)]
    assert rest.ask("GET", "Companies/0")["item"]["companyName"] == made["name"]
    levels = [{level["name"]: level for level in sandbox.control("GET", f"tenants/{slug}/levels")} for slug in (used.slug, made["tenant"])]
    assert [levels[1][name]["cells"] == level["cells"] for name, level in levels[0].items()] == [True] * len(levels[0])
    assert levels[1]["Copied"]["source_id"] == levels[1]["API User (system)"]["id"] != levels[0]["API User (system)"]["id"]
    assert {level["tenant_id"] for level in levels[1].values()}.isdisjoint({level["tenant_id"] for level in levels[0].values()})


def test_every_user_of_a_copy_has_its_own_credentials_and_they_work(sandbox: Sandbox, used: Tenant) -> None:
    made = copy(sandbox, used, f"{used.slug}-three")
    before, after = (sandbox.control("GET", f"tenants/{slug}/api-users") for slug in (used.slug, made["tenant"]))
    assert set(made["api_users"]) == {user["user_name"] for user in before}
    shown = [[(user["first_name"], user["last_name"], user["level"], user["tracking"]) for user in users] for users in (before, after)]
    assert shown[0] == shown[1]
    for user_name, user in made["api_users"].items():
        assert user["user_name"] != user_name
        assert rest_as(made, user).call("GET", "Version").status_code == 200
        assert rest_as(made, user | {"secret": used.access["secret"]}).call("GET", "Version").status_code == 401
    assert len({user["secret"] for user in made["api_users"].values()} | {used.access["secret"]}) == len(before) + 1
    vendors = {user["integration_code"] for user in made["api_users"].values()} & set(made["integration_vendors"].values())
    assert vendors == {made["integration_vendors"][listed(used)]}


def test_people_work_in_a_copy(sandbox: Sandbox, used: Tenant) -> None:
    made = copy(sandbox, used, f"{used.slug}-four")
    tab = people.sign_in(Tenant(sandbox.address, made))
    people.edit_level(tab, "Copied (API-only)")
    assert tab.read("Name") == "Copied"


def test_a_copy_stands_on_its_own(sandbox: Sandbox, used: Tenant) -> None:
    made = copy(sandbox, used, f"{used.slug}-five")
    rest = rest_as(made, made)
    ticket = rest.find("Tickets")[0]["id"]
    rest.ask("PATCH", "Tickets", json={"id": ticket, "title": "Changed"})
    assert used.rest.ask("GET", f"Tickets/{ticket}")["item"]["title"] != "Changed"


def test_names_that_are_taken_or_make_no_sense_are_refused_and_nothing_is_made(sandbox: Sandbox, tenant: Tenant) -> None:
    path = f"{sandbox.address}/_sandbox/tenants/{tenant.slug}/copies"
    for slugs in (["alder"], ["a b"], [""], [5], [f"{tenant.slug}-six"] * 2):
        assert requests.post(path, json={"slugs": slugs}, timeout=30).status_code == 422
    assert f"{tenant.slug}-six" not in {one["slug"] for one in sandbox.control("GET", "tenants")}
