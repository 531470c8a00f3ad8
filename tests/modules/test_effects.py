# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What REST can prove: the credentials, the user's level, and settings that show in what the API user may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.operator.worker import Operator
from tests.sandbox.people import new_api_user, sign_in
from tests.sandboxes import Tenant

from .playing import Player, level, limit, tickets, user, without_code, writes

Credentials = dict[str, str]
TICKETS_ADD = "Service Desk > Object Permissions > Tickets > Add"


@pytest.fixture
def made(play: Player, tenant: Tenant, operator: Operator) -> Callable[[], Credentials]:
    """Makes the example's level with its webhook limit, and a user "Bee API" that has it; returns the user's credentials."""

    def make() -> Credentials:
        play(level(), limit())
        operator.work()
        play(level(), limit())
        tab = sign_in(tenant)
        headers = new_api_user(tab, "API", "Example API")
        tab.press("Save & Close")
        return {"user_name": headers["UserName"], "secret": headers["Secret"], "integration_code": headers["ApiIntegrationCode"]}

    return make


def bee(**options: Any) -> tuple[str, dict[str, Any]]:
    return user(first_name="Bee", email="bee@example.com", tracking_identifier={"internal_integration_name": "Bee"}, **options)


def test_credentials_are_proven(play: Player, made: Callable[[], Credentials]) -> None:
    credentials = made()
    proven, waiting = play(bee(credentials=credentials), bee()).results
    assert (proven["changed"], proven["pending"], proven["evidence"]["Credentials"]) == (False, False, "effect")
    assert (waiting["pending"], waiting["pending_for"], waiting["evidence"]["Credentials"]) == (True, "credentials", "unknown")


def test_credentials_that_do_not_sign_in_or_are_another_users(play: Player, tenant: Tenant, made: Callable[[], Credentials]) -> None:
    credentials = made()
    access = tenant.access
    wrong, another = play(
        bee(credentials={**credentials, "secret": "not-the-secret"}),
        bee(credentials={"user_name": access["user_name"], "secret": access["secret"], "integration_code": access["integration_code"]}),
    ).results
    assert wrong["code"] == "unauthorized" and "Autotask does not say which" in wrong["msg"]
    assert another["code"] == "other_users_key" and 'it is the key of the API user "Provisioner API"' in another["msg"]


def test_an_integration_vendors_identifier_leaves_the_credentials_unproven(play: Player, made: Callable[[], Credentials]) -> None:
    credentials = without_code(made())
    played = play(bee(credentials=credentials))
    assert (played[0]["pending"], played[0]["evidence"]["Credentials"]) == (False, "attested")
    assert "could not be proven" in " ".join(played.output.split())


def test_a_level_that_somebody_changed_by_hand_shows_in_what_its_user_may_do(
    play: Player, tenant: Tenant, operator: Operator, made: Callable[[], Credentials]
) -> None:
    credentials = made()
    fine = play(level(credentials=credentials), limit(credentials=credentials))
    assert fine[0]["changed"] is False
    assert (
        fine[0]["evidence"][TICKETS_ADD] == "effect"
        and fine[0]["evidence"]["Contracts > Object Permissions > Contracts > View"] == "effect"
    )
    assert fine[1]["evidence"]["Other > Webhooks > Can create Webhooks"] == "effect"
    assert fine[1]["evidence"]["Other > Webhooks > Maximum number of Webhooks"] == "attested"
    tenant.set_cells(
        {
            "Service Desk|Object Permissions|Tickets|Add": "No",
            "CRM|Object Permissions|Opportunities & Quotes|Add": "Yes",
            "Other|Webhooks|Can create Webhooks|": False,
        },
        "Example API",
    )
    unseen = play(level(), limit())
    assert [result["changed"] for result in unseen.results] == [False, False]  # without the user's credentials nobody can see it
    drifted = play(level(credentials=credentials), limit(credentials=credentials))
    assert [(result["changed"], result["pending"]) for result in drifted.results] == [(True, True), (True, True)]
    assert [step["text"] for step in drifted[0]["plan"]][1:-1] == [
        'Level "Example API", "CRM" > "Object Permissions": set "Opportunities & Quotes" to Add "No".',
        'Level "Example API", "Service Desk" > "Object Permissions": set "Tickets" to Add "Yes".',
    ]
    assert len(drifted[0]["contradictions"]) == 2 and len(tickets(tenant)) == 2
    operator.work()
    fixed = play(level(credentials=credentials), limit(credentials=credentials), level(credentials=credentials))
    assert [result["pending"] for result in fixed.results] == [False] * 3
    assert fixed[2]["changed"] is False
    assert tenant.level("Example API")["cells"]["Service Desk|Object Permissions|Tickets|Add"] == "Yes"


def test_a_setting_that_shows_only_together_with_another_is_not_blamed(play: Player, made: Callable[[], Credentials]) -> None:
    credentials = made()
    alone = level(
        settings={"Contracts": {"Contracts": {"View": "All"}}, "Service Desk": {"Tickets": {"View": "All", "Add": True}}},
        credentials=credentials,
    )
    assert [step["text"] for step in play(alone)[0]["plan"]][1:-1] == [
        'Level "Example API", "Contracts": set "Contract Visibility" to "None".'
    ]


def test_a_user_that_somebody_changed_by_hand(play: Player, tenant: Tenant, operator: Operator, made: Callable[[], Credentials]) -> None:
    credentials = made()
    [there] = [one for one in tenant.control("GET", "api-users") if one["first_name"] == "Bee"]
    tenant.control("PATCH", f"api-users/{there['id']}", {"active": False, "level": "API User (system)"})
    drifted = play(bee(credentials=credentials))[0]
    assert (drifted["changed"], drifted["pending"]) == (True, True)
    assert [step["text"] for step in drifted["plan"]][1:] == [
        'API user "Bee API": set Security Level to "Example API".',
        'API user "Bee API": tick Active.',
        'API user "Bee API": press Save & Close.',
    ]
    assert not any("Generate" in step["text"] for step in drifted["plan"])
    operator.work()
    fixed = play(bee(credentials=credentials))[0]
    assert (fixed["pending"], fixed["evidence"]["Credentials"]) == (False, "effect")


def test_a_user_is_inactivated_over_rest_and_its_webhooks_are_named(play: Player, tenant: Tenant, made: Callable[[], Credentials]) -> None:
    made()
    gone = {"first_name": "Bee", "last_name": "API", "state": "absent"}
    planned = play(("autotask_api_user", gone), check=True)[0]
    assert planned["changed"] is True and writes(tenant)[-1] != "PATCH Resources"
    done, again = play(("autotask_api_user", gone), ("autotask_api_user", gone)).results
    assert (done["changed"], done["pending"], again["changed"]) == (True, False, False)
    assert [one["active"] for one in tenant.control("GET", "api-users") if one["first_name"] == "Bee"] == [False]


def test_a_level_in_use_is_not_inactivated(play: Player, tenant: Tenant, operator: Operator, made: Callable[[], Credentials]) -> None:
    made()
    gone = {"name": "Example API", "state": "absent"}
    refused = play(("autotask_security_level", gone))[0]
    assert refused["code"] == "level_in_use" and '"Bee API"' in refused["msg"]
    play(("autotask_api_user", {"first_name": "Bee", "last_name": "API", "state": "absent"}))
    asked = play(("autotask_security_level", gone))[0]
    assert [step["text"] for step in asked["plan"]][1:] == [
        'Level "Example API": clear Active.',
        'Level "Example API": press Save & Close.',
    ]
    operator.work()
    assert play(("autotask_security_level", gone))[0]["pending"] is False
    assert tenant.level("Example API")["active"] is False


def test_access_against_expectations(play: Player, made: Callable[[], Credentials]) -> None:
    credentials = made()
    expect = {
        "granted": ["Tickets:create", "Contracts:query", "CompanyWebhooks:create", "Companies:query", "OpportunityCategories:query"],
        "denied": ["Tickets:update", "Contracts:create", "Resources:query"],
    }
    result = play(("autotask_access_info", {**credentials, "expect": expect}))[0]
    verdicts = {f"{finding['entity']}:{finding['operation']}": finding["verdict"] for finding in result["findings"]}
    assert verdicts == {
        "Tickets:create": "as expected",
        "Contracts:query": "as expected",
        "CompanyWebhooks:create": "as expected",
        "Companies:query": "missing",
        "OpportunityCategories:query": "unproven",
        "Tickets:update": "as expected",
        "Contracts:create": "as expected",
        "Resources:query": "excess",
    }
    assert result["as_expected"] is False and result["integration"] == ""
    assert "Companies:query should be granted, and is None" in result["mismatches"]


@pytest.mark.parametrize("slug", ["in-numbers", "no-inventory"])
def test_access_in_numbers_and_modules_that_are_off(play: Player, sandbox: Any, slug: str) -> None:
    play.tenant = sandbox.tenants[slug]
    result = play(("autotask_access_info", {"expect": {"granted": ["Tickets:query", "Products:query"], "denied": ["Contracts:query"]}}))[0]
    assert [finding["effective"] for finding in result["findings"]] == ["All", "None", "None"]
    assert bool(result["modules_off"]) is (slug == "no-inventory")


def test_a_user_that_rest_can_not_inactivate_gets_a_step(play: Player, sandbox: Any) -> None:
    play.tenant = sandbox.tenants["unpatched"]
    tab = sign_in(play.tenant)
    new_api_user(tab, "API")
    tab.press("Save & Close")
    result = play(("autotask_api_user", {"first_name": "Bee", "last_name": "API", "state": "absent"}))[0]
    assert (result["changed"], result["pending"]) == (True, True)
    assert [step["text"] for step in result["plan"]][1:] == [
        'API user "Bee API": clear Active.',
        'API user "Bee API": press Save & Close.',
    ]
