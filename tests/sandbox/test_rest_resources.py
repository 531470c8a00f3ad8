# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Resources over REST: people and API users, what shows of them, and what can be changed."""

from __future__ import annotations

from typing import Any

from tests.sandboxes import Rest, Sandbox, Tenant

HR = "Admin|Feature Access|Resources/Users (HR)|"


def me(rest: Rest) -> dict[str, Any]:
    """The provisioner's own record."""
    return rest.find("Resources", {"op": "eq", "field": "licenseType", "value": 7})[0]


def choices(rest: Rest, name: str) -> list[dict[str, Any]]:
    """The pick-list of a field of Resources."""
    fields = {field["name"]: field for field in rest.ask("GET", "Resources/entityInformation/fields")["fields"]}
    return list(fields[name]["picklistValues"])


def test_an_api_user_shows_its_key_without_the_domain_its_licence_and_its_level(rest: Rest) -> None:
    record = me(rest)
    level = next(choice for choice in choices(rest, "userType") if choice["value"] == str(record["userType"]))
    assert record["userName"] == rest.headers["UserName"].split("@")[0]
    assert level["label"] == "msp.autotask provisioner"
    assert next(choice["label"] for choice in choices(rest, "licenseType") if choice["value"] == "7") == "API User"


def test_levels_are_listed_whether_active_or_not_and_without_the_suffix_of_the_list_page(tenant: Tenant) -> None:
    level = tenant.level("Manager (system)")
    tenant.control("PATCH", f"levels/{level['id']}", {"active": False})
    listed = {choice["label"]: choice for choice in choices(tenant.rest, "userType")}
    assert "API User (system)" in listed
    assert not any("(API-only)" in label for label in listed)
    assert (listed["Manager (system)"]["isActive"], listed["Manager (system)"]["isSystem"]) == (False, True)
    assert listed["msp.autotask provisioner"]["isSystem"] is False


def test_resources_can_not_be_made_or_deleted(rest: Rest) -> None:
    assert rest.call("POST", "Resources", json={"firstName": "x"}).status_code == 405
    assert rest.call("DELETE", f"Resources/{me(rest)['id']}").status_code == 405


def test_changing_needs_the_right_to_resources(tenant: Tenant, rest: Rest) -> None:
    rest.ask("PATCH", "Resources", json={"id": me(rest)["id"], "title": "Robot"})
    assert me(rest)["title"] == "Robot"
    tenant.set_cells({HR: False})
    assert rest.ask("GET", "Resources/entityInformation")["info"]["userAccessForUpdate"] == "None"
    assert rest.refused("PATCH", "Resources", json={"id": me(rest)["id"], "title": "x"}) == [
        "The logged in Resource does not have the adequate permissions to update this entity type."
    ]


def test_the_level_can_not_be_changed(rest: Rest) -> None:
    before = me(rest)
    rest.ask("PATCH", "Resources", json={"id": before["id"], "userType": 1, "licenseType": 1, "locationID": 1})
    assert me(rest) == before


def test_a_new_user_name_is_the_one_to_log_in_with(rest: Rest) -> None:
    rest.ask("PATCH", "Resources", json={"id": me(rest)["id"], "userName": "renamed77", "email": "new@example.com"})
    assert rest.call("GET", "Version").status_code == 401
    domain = rest.headers["UserName"].partition("@")[2]
    renamed = Rest(rest.url, rest.headers | {"UserName": f"renamed77@{domain}"})
    assert (me(renamed)["userName"], me(renamed)["email"]) == ("renamed77", "new@example.com")
    assert "already in use" in renamed.refused("PATCH", "Resources", json={"id": me(renamed)["id"], "userName": "ADMIN"})[0]


def test_a_tenant_may_ignore_changes_of_api_users(sandbox: Sandbox) -> None:
    rest = sandbox.tenants["unpatched"].rest
    before = me(rest)
    assert rest.ask("PATCH", "Resources", json={"id": before["id"], "isActive": False, "title": "x"}) == {"itemId": before["id"]}
    assert me(rest) == before
    person = rest.find("Resources", {"op": "eq", "field": "userName", "value": "clerk"})[0]
    rest.ask("PATCH", "Resources", json={"id": person["id"], "title": "x"})
    assert rest.ask("GET", f"Resources/{person['id']}")["item"]["title"] == "x"
