# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Webhooks over REST: who may have them, how many, and what becomes of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandboxes import Rest, Tenant

KINDS = ("CompanyWebhooks", "ContactWebhooks", "ConfigurationItemWebhooks", "TicketWebhooks", "TicketNoteWebhooks")
CREATE = "Other|Webhooks|Can create Webhooks|"
MAXIMUM = "Other|Webhooks|Maximum number of Webhooks|"

WEBHOOK = {
    "name": "Listener",
    "webhookUrl": "https://hooks.example.com/in",
    "deactivationUrl": "https://hooks.example.com/off",
    "secretKey": "not-to-be-seen-again",
    "isActive": True,
    "sendThresholdExceededNotification": False,
    "isSubscribedToUpdateEvents": True,
}


@pytest.fixture
def hooked(tenant: Tenant) -> Rest:
    """REST as a user whose level allows two webhooks."""
    tenant.set_cells({CREATE: True, MAXIMUM: 2})
    return tenant.rest


def test_without_the_box_every_webhook_entity_is_none_on_all_verbs(rest: Rest) -> None:
    for kind in (*KINDS, "TicketWebhookFields", "WebhookEventErrorLogs"):
        info = rest.ask("GET", f"{kind}/entityInformation")["info"]
        assert {value for name, value in info.items() if name.startswith("userAccess")} == {"None"}
    assert rest.refused("POST", "TicketWebhooks", json=WEBHOOK) == [
        "The logged in Resource does not have the adequate permissions to create this entity type."
    ]


def test_a_webhook_belongs_to_who_made_it_and_its_secret_is_not_shown_again(hooked: Rest) -> None:
    webhook = hooked.ask("POST", "TicketWebhooks", json=WEBHOOK | {"ownerResourceID": 1, "isReady": True})["itemId"]
    record = hooked.ask("GET", f"TicketWebhooks/{webhook}")["item"]
    me = hooked.find("Resources", {"op": "eq", "field": "licenseType", "value": 7})[0]["id"]
    assert (record["ownerResourceID"], record["isReady"], record["secretKey"]) == (me, False, None)
    assert record["webhookGUID"]
    hooked.ask("PATCH", "TicketWebhooks", json={"id": webhook, "name": "Renamed"})
    assert hooked.ask("GET", f"TicketWebhooks/{webhook}")["item"]["name"] == "Renamed"


def test_the_maximum_counts_all_kinds_together(hooked: Rest, tenant: Tenant) -> None:
    hooked.ask("POST", "TicketWebhooks", json=WEBHOOK)
    second = hooked.ask("POST", "CompanyWebhooks", json=WEBHOOK)["itemId"]
    assert "maximum number of webhooks (2)" in hooked.refused("POST", "ContactWebhooks", json=WEBHOOK)[0]
    hooked.ask("DELETE", f"CompanyWebhooks/{second}")
    hooked.ask("POST", "ContactWebhooks", json=WEBHOOK)
    tenant.set_cells({MAXIMUM: 3})
    hooked.ask("POST", "TicketNoteWebhooks", json=WEBHOOK)
    assert hooked.refused("POST", "TicketNoteWebhooks", json=WEBHOOK)


def test_a_webhook_is_ready_once_it_is_subscribed_to_a_field(hooked: Rest) -> None:
    webhook = hooked.ask("POST", "TicketWebhooks", json=WEBHOOK)["itemId"]
    fields = {field["name"]: field for field in hooked.ask("GET", "TicketWebhookFields/entityInformation/fields")["fields"]}
    status = next(choice["value"] for choice in fields["fieldID"]["picklistValues"] if choice["label"] == "status")
    path = f"TicketWebhooks/{webhook}/Fields"
    part = {"fieldID": status, "isSubscribedField": True, "isDisplayAlwaysField": False}
    assert hooked.refused("POST", path, json=part | {"fieldID": 9999}) == ["Picklist value [9999] does not exist for fieldID."]
    made = hooked.ask("POST", path, json=part)["itemId"]
    assert hooked.ask("GET", f"TicketWebhooks/{webhook}")["item"]["isReady"] is True
    hooked.ask("PATCH", path, json={"id": made, "isSubscribedField": False})
    assert hooked.ask("GET", f"TicketWebhooks/{webhook}")["item"]["isReady"] is False
    assert hooked.find("TicketWebhookFields", {"op": "eq", "field": "webhookID", "value": webhook})[0]["id"] == made


def subscribable(rest: Rest, entity: str, field: str) -> dict[str, int]:
    """What a webhook's part can name, by label."""
    fields = {known["name"]: known for known in rest.ask("GET", f"{entity}/entityInformation/fields")["fields"]}
    return {choice["label"]: int(choice["value"]) for choice in fields[field]["picklistValues"]}


def test_devices_can_be_listened_to(hooked: Rest) -> None:
    """Their webhooks declare fewer fields as required, and isReady as writable."""
    short = {name: value for name, value in WEBHOOK.items() if name not in ("isActive", "sendThresholdExceededNotification")}
    webhook = hooked.ask("POST", "ConfigurationItemWebhooks", json=short | {"isReady": True})["itemId"]
    assert hooked.ask("GET", f"ConfigurationItemWebhooks/{webhook}")["item"]["isReady"] is False
    fields = subscribable(hooked, "ConfigurationItemWebhookFields", "fieldID")
    assert {"referenceTitle", "serialNumber", "companyID", "isActive"} <= set(fields)
    supported = hooked.ask("GET", "ConfigurationItems/entityInformation/fields")["fields"]
    assert {field["name"] for field in supported if field["isSupportedWebhookField"]} == set(fields)
    path = f"ConfigurationItemWebhooks/{webhook}/Fields"
    part = {"fieldID": str(fields["serialNumber"]), "isSubscribedField": "True", "isDisplayAlwaysField": "False"}
    made = hooked.ask("POST", path, json=part)["itemId"]
    assert hooked.ask("GET", f"ConfigurationItemWebhooks/{webhook}")["item"]["isReady"] is True
    hooked.ask("DELETE", f"{path}/{made}")
    assert hooked.ask("GET", f"ConfigurationItemWebhooks/{webhook}")["item"]["isReady"] is False


@pytest.mark.parametrize(("kind", "label"), [("ConfigurationItemWebhook", "Asset Tag"), ("TicketWebhook", "Site Code")])
def test_a_subscription_to_a_user_defined_field_makes_a_webhook_ready(hooked: Rest, kind: str, label: str) -> None:
    webhook = hooked.ask("POST", f"{kind}s", json=WEBHOOK)["itemId"]
    path = f"{kind}s/{webhook}/UdfFields"
    part = {"udfFieldID": subscribable(hooked, f"{kind}UdfFields", "udfFieldID")[label], "isDisplayAlwaysField": True}
    shown = hooked.ask("POST", path, json=part | {"isSubscribedField": False})["itemId"]
    assert hooked.ask("GET", f"{kind}s/{webhook}")["item"]["isReady"] is False
    hooked.ask("PATCH", path, json={"id": shown, "isSubscribedField": True})
    assert hooked.ask("GET", f"{kind}s/{webhook}")["item"]["isReady"] is True
    fields = subscribable(hooked, f"{kind}Fields", "fieldID")
    field = {"fieldID": next(iter(fields.values())), "isSubscribedField": True, "isDisplayAlwaysField": False}
    other = hooked.ask("POST", f"{kind}s/{webhook}/Fields", json=field)["itemId"]
    hooked.ask("DELETE", f"{kind}s/{webhook}/Fields/{other}")
    assert hooked.ask("GET", f"{kind}s/{webhook}")["item"]["isReady"] is True
    hooked.ask("DELETE", f"{path}/{shown}")
    assert hooked.ask("GET", f"{kind}s/{webhook}")["item"]["isReady"] is False


def test_parts_go_with_their_webhook(hooked: Rest) -> None:
    webhook = hooked.ask("POST", "CompanyWebhooks", json=WEBHOOK)["itemId"]
    resource = hooked.find("Resources")[0]["id"]
    udf = {"udfFieldID": 1, "isSubscribedField": True, "isDisplayAlwaysField": True}
    hooked.ask("POST", f"CompanyWebhooks/{webhook}/UdfFields", json=udf)
    hooked.ask("POST", f"CompanyWebhooks/{webhook}/ExcludedResources", json={"resourceID": resource})
    hooked.ask("DELETE", f"CompanyWebhooks/{webhook}")
    for entity in ("CompanyWebhookUdfFields", "CompanyWebhookExcludedResources"):
        assert hooked.find(entity) == []
    assert hooked.refused("POST", f"CompanyWebhooks/{webhook}/ExcludedResources", json={"resourceID": resource})


def test_webhooks_end_with_their_owner(hooked: Rest, tenant: Tenant) -> None:
    webhook = hooked.ask("POST", "TicketWebhooks", json=WEBHOOK)["itemId"]

    def active() -> Any:
        return next(record["isActive"] for record in tenant.control("GET", "records/TicketWebhooks") if record["id"] == webhook)

    assert active() is True
    me = hooked.find("Resources", {"op": "eq", "field": "licenseType", "value": 7})[0]["id"]
    hooked.ask("PATCH", "Resources", json={"id": me, "isActive": False})
    assert active() is False
    assert hooked.call("GET", "Version").status_code == 401
