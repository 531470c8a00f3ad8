# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Bad input: each gets one clear error, and nothing is written."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.operator.worker import Operator
from tests.sandbox.people import copy_level, new_api_user, sign_in
from tests.sandboxes import Tenant

from .playing import Player, level, limit, tickets, user, writes

# (task, code, what the error must say)
WRONG: dict[str, tuple[tuple[str, dict[str, Any]], str, str]] = {
    "unknown section": (
        level(settings={"Contrcts": {}}),
        "unknown_section",
        'settings > Contrcts: no such section "Contrcts". Nearest: "Contracts"',
    ),
    "unknown label": (
        level(settings={"CRM": {"Opportunitys & Quotes": {"View": "All"}}}),
        "unknown_setting",
        'settings > CRM > Opportunitys & Quotes: no such setting "Opportunitys & Quotes" in the section CRM. Nearest: "Opportunities & Quotes"',
    ),
    "label of another section": (
        level(settings={"CRM": {"Tickets": {"View": "All"}}}),
        "unknown_setting",
        "stands in Service Desk > Object Permissions",
    ),
    "label that has moved": (
        level(settings={"Other": {"Can access LiveReports Designer": True}}),
        "unknown_setting",
        "moved from Other to the section Reports",
    ),
    "ambiguous label": (
        level(settings={"Inventory": {"Inventory Locations and Items": {"Add": True}}}),
        "ambiguous_setting",
        "Inventory Locations",
    ),
    "unknown column": (
        level(settings={"CRM": {"Notes": {"Read": "All"}}}),
        "unknown_column",
        'no column "Read" here; the columns are "Add", "Edit" and "Delete"',
    ),
    "value not allowed in the column": (
        level(settings={"Service Desk": {"Tickets": {"Edit": "All"}}}),
        "value",
        'settings > Service Desk > Tickets > Edit: "All" is not allowed here; choose "Yes" or "No"',
    ),
    "cell of fixed text": (
        level(settings={"Inventory": {"Products": {"Edit": "All"}}}),
        "fixed_cell",
        'the editor shows "mirrors Add" there',
    ),
    "not a state of a box": (level(settings={"Admin": {"Tagging": "All"}}), "value", "write true or false"),
    "nothing as a value": (level(settings={"Contracts": {"Contract Visibility": None}}), "value", "nothing is not allowed here"),
    "child without its parent": (
        level(settings={"Documents": {"Can manage Documents": True}}),
        "parent_missing",
        'it can only be set when "Can access Documents" in the section Documents & Knowledge Base is ticked, too',
    ),
    "one setting in two spellings": (
        level(settings={"CRM": {"Organizations": {"Add": True}, "Accounts": {"Add": False}}}),
        "named_twice",
        "named twice",
    ),
    "a setting that only ordinary levels have": (
        level(settings={"Web Services API": {"Allow impersonation of resources with this security level": True}}),
        "not_api_only",
        "not API-only",
    ),
    "a drop-down whose values nobody knows": (
        level(settings={"CRM": {"Dashboard Display": "Big"}}),
        "not_settable",
        "no source names its values",
    ),
    "level name over 50 characters": (level(name="N" * 51), "name_too_long", "has 51 characters; Autotask takes at most 50"),
    "no level name": (level(name=" "), "name_missing", "needs a name"),
    "a system level as target": (level(name="API User (system) (API-only)"), "system_level", "can be copied, but not changed"),
    "an unknown source": (level(copy_of="API User (sytem)"), "unknown_source", 'Nearest: "API User (system)"'),
    "a source that is not API-only": (level(copy_of="System Administrator (system)"), "not_api_only", "is not an API-only level"),
    "a negative webhook limit": (limit(maximum=-1), "maximum", "0 takes the right away"),
    "a webhook limit of a system level": (limit(level="API User (system)"), "system_level", "can be copied, but not changed"),
    "no tracking identifier": (user(tracking_identifier={}), "tracking_missing", "Without a tracking identifier REST can't be used"),
    "not an e-mail address": (user(email="nobody"), "email", "is not an e-mail address"),
    "no e-mail address": (user(email=""), "missing", "email: is required"),
    "first name over 50 characters": (user(first_name="N" * 51), "too_long", "has 51 characters"),
    "a quote in a name": (user(last_name='A "B" C'), "characters", "double quotes"),
    "an integration that is no key": (level(integration="Bee Castle"), "integration", "lower-case letters"),
    "an integration that is too long": (level(integration="x" * 31), "integration", "at most 30 characters"),
    "a key of nobody": (
        level(zone_url="http://198.51.100.7/atservicesrest"),
        "address",
        "is not an https:// address (plain http:// is for 127.0.0.1 only)",
    ),
    "a budget that is no share": (level(request_budget=75), "budget_option", "is not a share"),
    "an extra setting that is there already": (
        level(extra_settings=[{"section": "Admin", "label": "Tagging"}]),
        "duplicate_setting",
        'already has a setting "Tagging"',
    ),
    "an extra row without values": (
        level(extra_settings=[{"section": "CRM", "label": "New", "kind": "row"}]),
        "input",
        "a row needs `values`",
    ),
    "an expectation that is none": (("autotask_access_info", {"expect": {"granted": ["Tickets"]}}), "expectation", "Entity:operation"),
    "an operation that is none": (
        ("autotask_access_info", {"expect": {"granted": ["Tickets:read"]}}),
        "expectation",
        'no operation "read"',
    ),
    "granted and denied at once": (
        ("autotask_access_info", {"expect": {"granted": ["Tickets:query"], "denied": ["Tickets:query"]}}),
        "expectation",
        "both granted and denied",
    ),
}


def test_each_wrong_input_has_one_clear_error_and_nothing_is_written(play: Player, tenant: Tenant) -> None:
    played = play(*(task for task, _code, _words in WRONG.values()))
    for (name, (_task, code, words)), result in zip(WRONG.items(), played.results, strict=True):
        assert result.get("failed"), name
        assert (name, result.get("code")) == (name, code), result["msg"]
        assert words in result["msg"], (name, result["msg"])
        assert "Traceback" not in str(result), name
    assert writes(tenant) == [] and tickets(tenant) == []


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("secret", "wrong-secret", "unauthorized"),
        ("integration_code", "WRONG" * 5, "unauthorized"),
        ("user_name", "nobody@nowhere.example.com", "unknown_user"),
    ],
)
def test_wrong_credentials(play: Player, tenant: Tenant, option: str, value: str, code: str) -> None:
    result = play(level(**{option: value}))[0]
    assert (result["failed"], result["code"]) == (True, code)
    assert value not in result["msg"] or option == "user_name"
    assert code != "unauthorized" or "Autotask does not say which" in result["msg"]
    assert writes(tenant) == []


def test_no_credentials(play: Player, tenant: Tenant) -> None:
    result = play(level(user_name="", secret="", integration_code=""))[0]
    assert result["code"] == "connection_missing" and "AUTOTASK_USER_NAME" in result["msg"]
    assert writes(tenant) == []


def test_a_wrong_zone(play: Player, tenant: Tenant) -> None:
    address = tenant.access["discovery_url"]
    nowhere, elsewhere = play(level(zone_url="http://127.0.0.1:9/atservicesrest"), level(zone_url=f"{address}/elsewhere")).results
    assert nowhere["code"] == "unreachable" and "no connection" in nowhere["msg"]
    assert elsewhere["code"] == "request" and "Is `zone_url` the address of a REST service" in elsewhere["msg"]
    assert writes(tenant) == []


def test_a_fifty_first_level(play: Player, tenant: Tenant) -> None:
    tab = sign_in(tenant)
    there = sum(1 for one in tenant.control("GET", "levels") if not one["system"])
    for number in range(50 - there):
        copy_level(tab, f"Level {number}")
        tab.press("Save & Close")
    refused, checked, existing = play(level(), level(level_limit_checked=True), level(name="Level 7")).results
    assert refused["code"] == "too_many_levels" and "Autotask allows 50" in refused["msg"]
    assert checked["pending"] is True and existing["pending"] is True


def test_unknown_options_and_wrong_types_are_told_as_ansible_does(play: Player, tenant: Tenant) -> None:
    unknown, wrong = play.by_ansible(level(colour="blue"), limit(maximum="many")).results
    assert "Unsupported parameters for (msp.autotask.autotask_security_level) module: colour" in unknown["msg"]
    assert "maximum" in wrong["msg"] and "int" in wrong["msg"]
    assert writes(tenant) == []


def test_another_tracking_identifier_means_another_user(play: Player, tenant: Tenant, operator: Operator) -> None:
    mine = user(security_level="msp.autotask provisioner")
    count = len(play(mine)[0]["plan"])
    operator.work()
    operator.tick(tickets(tenant)[0]["ticketNumber"], count)
    play(mine)
    before = writes(tenant)
    other = user(security_level="msp.autotask provisioner", tracking_identifier={"internal_integration_name": "Another"})
    result = play(other)[0]
    assert result["code"] == "tracking_fixed" and "can't be changed once it is set" in result["msg"]
    assert writes(tenant) == before


def test_two_active_users_of_one_name(play: Player, tenant: Tenant) -> None:
    tab = sign_in(tenant)
    for _twice in range(2):
        new_api_user(tab, "API")
        tab.press("Save & Close")
    result = play(user(first_name="Bee"))[0]
    assert result["code"] == "ambiguous_user" and 'there are 2 active API users "Bee API"' in result["msg"]
    assert writes(tenant) == []
