# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What REST says about itself."""

from __future__ import annotations

from typing import Any

from tests.sandboxes import Rest, Sandbox


def info(rest: Rest, entity: str) -> dict[str, Any]:
    """entityInformation of one entity."""
    return dict(rest.ask("GET", f"{entity}/entityInformation")["info"])


def test_access_is_told_in_words_or_by_numbers(sandbox: Sandbox, rest: Rest) -> None:
    assert info(rest, "Tickets") == {
        "name": "Ticket",
        "canCreate": True,
        "canDelete": False,
        "canQuery": True,
        "canUpdate": True,
        "userAccessForCreate": "All",
        "userAccessForDelete": "None",
        "userAccessForQuery": "All",
        "userAccessForUpdate": "All",
        "hasUserDefinedFields": True,
        "supportsWebhookCallouts": True,
    }
    numbers = info(sandbox.tenants["in-numbers"].rest, "Tasks")
    assert (numbers["userAccessForQuery"], numbers["userAccessForDelete"]) == (2, 0)
    assert info(sandbox.tenants["in-numbers"].rest, "Companies")["userAccessForQuery"] == 1


def test_all_entities_at_once_say_the_same_as_each_alone(rest: Rest) -> None:
    every = {entry["info"]["name"]: entry["info"] for entry in rest.ask("GET", "EntityInformation")["entityDescriptions"]}
    for entity, name in {"Tickets": "Ticket", "Companies": "Account", "Contracts": "Contract", "Projects": "Project"}.items():
        assert every[name] == info(rest, entity)


def test_it_answers_where_access_is_none_and_below_a_parent(rest: Rest) -> None:
    assert info(rest, "Contracts")["userAccessForQuery"] == "None"
    assert rest.ask("GET", "Tickets/1/Notes/entityInformation") == rest.ask("GET", "TicketNotes/entityInformation")
    assert rest.ask("GET", "Tickets/1/Notes/entityInformation/fields") == rest.ask("GET", "TicketNotes/entityInformation/fields")


def test_entities_without_user_defined_fields_have_no_such_page(rest: Rest) -> None:
    assert info(rest, "Resources")["hasUserDefinedFields"] is False
    assert rest.call("GET", "Resources/entityInformation/userDefinedFields").status_code == 404
    assert [field["name"] for field in rest.ask("GET", "Tickets/entityInformation/userDefinedFields")["fields"]] == ["Site Code"]


def test_choices_have_their_parents_and_the_tenant_s_own_values(sandbox: Sandbox) -> None:
    values = []
    for slug in ("alder", "birch"):
        fields = {field["name"]: field for field in sandbox.tenants[slug].rest.ask("GET", "Tickets/entityInformation/fields")["fields"]}
        assert fields["subIssueType"]["picklistParentValueField"] == "issueType"
        parents = {choice["value"] for choice in fields["issueType"]["picklistValues"]}
        assert {choice["parentValue"] for choice in fields["subIssueType"]["picklistValues"]} <= parents
        assert fields["title"]["picklistValues"] is None
        values.append(next(choice["value"] for choice in fields["queueID"]["picklistValues"] if choice["label"] == "Administration"))
    assert values[0] != values[1]


def test_modules_say_what_is_switched_off_and_its_entities_are_none(sandbox: Sandbox) -> None:
    with_all, without = (sandbox.tenants[slug].rest.ask("GET", "Modules")["modules"] for slug in ("alder", "no-inventory"))
    off = [module["key"] for module in without if not module["value"]]
    assert len(off) == 1
    assert all(module["value"] for module in with_all)
    assert info(sandbox.tenants["no-inventory"].rest, "InventoryItems")["userAccessForQuery"] == "None"
