# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who owns how many webhooks, against the limit of the owner's level."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.test_rest_webhooks import CREATE, KINDS, MAXIMUM, WEBHOOK
from tests.sandboxes import Tenant

from .playing import Played, Player, writes

LEVEL = "msp.autotask provisioner"


def _look(play: Player, **options: Any) -> Played:
    return play(("autotask_webhook_info", options))


@pytest.fixture
def owner(tenant: Tenant) -> dict[str, Any]:
    """The provisioner, which owns three webhooks of two kinds."""
    tenant.set_cells({CREATE: True, MAXIMUM: 5})
    for kind in ("TicketWebhooks", "TicketWebhooks", "CompanyWebhooks"):
        tenant.rest.ask("POST", kind, json=WEBHOOK)
    [user] = tenant.control("GET", "api-users")
    return {"id": user["id"], "name": "Provisioner API", "user_name": user["user_name"].partition("@")[0]}


def test_webhooks_are_counted_by_owner_and_kind(play: Player, tenant: Tenant, owner: dict[str, Any]) -> None:
    before = writes(tenant)
    result = _look(play)[0]
    assert result["webhooks"] == [
        {"owner": owner, "counts": {"CompanyWebhooks": 1, "TicketWebhooks": 2}, "total": 3, "maximum": None, "left": None}
    ]
    assert (result["unreadable"], result["changed"]) == ([], False)
    assert writes(tenant) == before


def test_they_are_held_against_the_limit_of_the_owners_level(play: Player, owner: dict[str, Any]) -> None:
    [entry] = _look(play, limits={LEVEL.upper() + " (API-only)": 5, "Another": 1})[0]["webhooks"]
    assert (entry["owner"], entry["maximum"], entry["left"]) == (owner, 5, 2)
    [entry] = _look(play, limits={LEVEL: 2})[0]["webhooks"]
    assert entry["left"] == -1


def test_who_owns_none_is_listed_where_a_limit_is_known(play: Player, tenant: Tenant) -> None:
    tenant.set_cells({CREATE: True, MAXIMUM: 5})
    assert _look(play)[0]["webhooks"] == []
    [entry] = _look(play, limits={LEVEL: 5})[0]["webhooks"]
    assert (entry["counts"], entry["total"], entry["left"]) == ({}, 0, 5)


def test_an_owner_that_is_not_among_the_api_users_is_looked_up(play: Player, owner: dict[str, Any]) -> None:
    seen = play(("autotask_tenant_info", {"gather": ["people"]}))[0]
    [entry] = _look(play, tenant_info={"levels": seen["levels"], "api_users": []}, limits={LEVEL: 5})[0]["webhooks"]
    assert (entry["owner"], entry["left"]) == (owner, 2)


def test_what_may_not_be_read_is_said_and_leaves_nothing_claimed(play: Player, tenant: Tenant, owner: dict[str, Any]) -> None:
    tenant.set_cells({CREATE: False})
    result = _look(play, limits={LEVEL: 5})[0]
    assert sorted(result["unreadable"]) == sorted(KINDS)
    assert [(entry["owner"]["name"], entry["total"], entry["left"]) for entry in result["webhooks"]] == [("Provisioner API", 0, None)]


def test_a_limit_is_a_number(play: Player) -> None:
    refused = _look(play, limits={LEVEL: "many"})[0]
    assert refused["code"] == "maximum" and f"limits > {LEVEL}" in refused["msg"]
