# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How everything that a tenant should have stands: what `plan` and `verify` say of it, what a mode keeps a run from, and plans applied as reviewed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._review.compare import moved, with_baseline
from ansible_collections.msp.autotask.plugins.module_utils._review.document import document_of, to_json
from ansible_collections.msp.autotask.plugins.module_utils._review.exit_codes import exit_code

from .running import House, entries, profile
from .tampering import LEVEL, TAMPERED, WICKER, a_stranger, change_level, change_user, items, otherwise, switch_off

SETTING = "wicker/level/Wicker API/service_desk.tickets.delete"
SHOWN = "wicker/level/Wicker API/service_desk.tickets.edit"
TICKETS = {"Service Desk": {"Tickets": {"View": "All", "Edit": "Yes"}}}
EDITING = {"granted": ["Tickets:update"], "denied": ["Tickets:delete"]}


def kept(folder: Path, *parts: Mapping[str, Any], name: str = "plan.json") -> str:
    """The path of a document of these parts."""
    path = folder / name
    path.write_text(to_json(document_of(parts)))
    return str(path)


def accepted(house: House, *entries_of: Mapping[str, Any]) -> str:
    """The path of a file of acceptances."""
    path = house.folder / "acceptances.yml"
    common = {"tenants": [house.tenant.slug], "reason": "agreed", "by": "jo@example.com", "until": "2099-12-31"}
    path.write_text(json.dumps({"acceptances": [{**common, **entry} for entry in entries_of]}))
    return str(path)


@pytest.fixture
def wicker(house: House) -> House:
    """A tenant with one integration, set up."""
    house.set_up(WICKER)
    return house


def test_of_a_new_tenant_everything_is_to_do_and_nothing_is_written(house: House) -> None:
    before = house.state()
    part = house.plan(WICKER)
    assert part["state"] == "to do" and set(otherwise(part).values()) == {"to do"} and otherwise(part).keys() == items(part).keys()
    assert {item["seen"] for item in items(part).values()} <= {"absent", "not recorded"}
    assert part["integrations"][0]["steps"] and house.state() == before and not house.requests(writes=True)
    assert not house.files()


def test_what_is_set_up_is_in_sync_with_its_evidence_and_the_same_bytes_twice(wicker: House) -> None:
    first, second = wicker.plan(), wicker.plan()
    assert not otherwise(first) and first["state"] == "in sync" and first["integrations"][0]["steps"] == []
    assert {item["evidence"] for item in items(first).values()} == {"read", "effect", "attested"}
    assert to_json(document_of([first])) == to_json(document_of([second])) and exit_code(document_of([first])) == 0


def test_a_value_says_who_wants_it_and_where(house: House, tmp_path: Path) -> None:
    path = tmp_path / "wicker.yml"
    text = json.dumps(WICKER, indent=1)
    path.write_text(text)
    found = items(house.plan({"profile": str(path)}))[SETTING]["source"]
    line = text.splitlines()[found["line"] - 1]
    assert found["file"].endswith("wicker.yml") and found["source"] == "guide" and '"Delete": "None"' in line


@pytest.mark.parametrize("kind", TAMPERED)
def test_what_was_tampered_with_is_named_with_its_cause(wicker: House, kind: str) -> None:
    tamper, address = TAMPERED[kind]
    baseline = wicker.plan()
    tamper(wicker)
    part = with_baseline(wicker.plan(), baseline)
    item = items(part)[address]
    assert item["state"] == "drifted" and item["why"] and item["new"], item
    assert set(otherwise(part).values()) <= {"drifted", "unknown"} and part["state"] == "drifted", otherwise(part)
    assert "unknown" not in otherwise(part).values(), otherwise(part)
    assert exit_code(document_of([part])) == 2


def test_an_api_user_that_is_nobodys_is_unlisted(wicker: House) -> None:
    baseline = wicker.plan()
    a_stranger(wicker)
    part = with_baseline(wicker.plan(unlisted="report"), baseline)
    assert otherwise(part) == {"tenant/api_user/Some Body": "unlisted"} and items(part)["tenant/api_user/Some Body"]["new"]
    assert [change["what"] for change in part["changes"]] == ['the API user "Some Body"'] and exit_code(document_of([part])) == 2
    path = accepted(wicker, {"address": "tenant/api_user/Some Body", "value": items(part)["tenant/api_user/Some Body"]["seen"]})
    assert set(otherwise(wicker.plan(acceptances=path)).values()) == {"accepted"}


def test_what_changed_on_the_tenant_by_itself_is_told(wicker: House) -> None:
    baseline = wicker.plan()
    switch_off(wicker, "Inventory")
    company = next(row for row in wicker.store.query(wicker.employee.tenant.id, "Companies") if row["id"] == 0)
    wicker.store.update(wicker.employee.tenant.id, "Companies", 0, {"companyName": "Other Networks"})
    part = with_baseline(wicker.plan(), baseline)
    told = {change["what"]: (change["before"], change["now"]) for change in part["changes"]}
    assert told["the name of the tenant's own company"] == (company["companyName"], "Other Networks")
    assert ("on", "off") in told.values() and not otherwise(part)


def test_what_was_asked_for_waits_for_whom_and_since_when(wicker: House) -> None:
    change_level(wicker, Can_create_Webhooks=False)
    wicker.ensure()
    part = wicker.plan()
    waiting = {address: item for address, item in items(part).items() if item["state"] == "waiting"}
    limit = waiting["wicker/webhook_limit/Wicker API/other.webhooks.can_create"]["waiting"]
    assert (
        limit["for"] == "people" and limit["reference"] == wicker.tickets("wicker")[-1]["ticketNumber"] and limit["since"].startswith("20")
    )
    assert {item["state"] for item in items(part).values()} == {"waiting", "in sync"} and SETTING not in waiting


def test_what_can_t_be_read_is_unknown_and_never_in_sync(wicker: House) -> None:
    nothing = {"user_name": None, "secret": None, "integration_code": None}
    part = wicker.plan(**nothing, credentials_store={"folder": str(wicker.folder / "elsewhere")})
    assert part["state"] == "unknown" and {item["state"] for item in items(part).values()} == {"unknown"} and part["could_not"]
    wicker.fault(f"drop@{wicker.tenant.slug}:*")
    failed = wicker.plan()
    wicker.no_faults()
    assert failed["failed"] and failed["code"] == "unreachable"


def test_an_incomplete_answer_fails_the_plan(wicker: House) -> None:
    wicker.fault("200@GET Resources/query", json={"items": []})
    failed = wicker.plan()
    wicker.no_faults()
    assert failed.get("failed"), otherwise(failed)


def test_a_profile_that_asks_for_more_is_to_do_not_drifted(wicker: House) -> None:
    more = profile(
        "wicker",
        level={"webhooks": {"maximum": 5, "bound": "exact"}, "settings": {"Service Desk": {"Tickets": {"Delete": "None", "Edit": "No"}}}},
    )
    assert otherwise(wicker.plan(more)) == {SHOWN: "to do"}


# Acceptances


def test_an_accepted_deviation_is_still_compared(wicker: House) -> None:
    swapped = next(one for one in wicker.levels() if one.name == "API User (system)")
    change_user(wicker, level_id=swapped.id)
    address = "wicker/api_user/Wicker API/security_level"
    others = [one for one in otherwise(wicker.plan()) if one != address]
    more = [{"address": one, "value": items(wicker.plan())[one]["seen"]} for one in others]
    path = accepted(wicker, {"address": address, "value": "API User (system)"}, *more)
    part = wicker.plan(acceptances=path)
    assert set(otherwise(part).values()) == {"accepted"} and exit_code(document_of([part])) == 0
    assert items(part)[address]["accepted"]["by"] == "jo@example.com"
    result = wicker.ensure(acceptances=path)
    assert not result.get("failed") and not result["changed"] and result["integrations"][0]["standing"] == "accepted"
    change_user(wicker, level_id=next(one.id for one in wicker.levels() if one.name == "API User (system) Can't Read Costs"))
    assert otherwise(wicker.plan(acceptances=path))[address] == "drifted"


@pytest.mark.parametrize(
    ("cell", "address", "value"),
    [
        ("Other|Webhooks|Can create Webhooks|", "wicker/webhook_limit/Wicker API/other.webhooks.can_create", False),
        ("Service Desk|Object Permissions|Tickets|Edit", SHOWN, "No"),
    ],
)
def test_a_value_is_accepted_and_not_that_nobody_knows_it(house: House, cell: str, address: str, value: Any) -> None:
    """What REST shows not to be as wanted is accepted by the value that it has in the console; what the document shows for it could be anything."""
    house.set_up(profile("wicker", level={"webhooks": {"maximum": 5, "bound": "exact"}, "settings": TICKETS}, user={"expect": EDITING}))
    level = house.level(LEVEL)
    assert level and cell in level.cells
    house.store.save_level(replace(level, cells={**level.cells, cell: value}))
    before = house.plan()
    assert otherwise(before)[address] == "drifted"
    shown = accepted(house, {"address": address, "value": items(before)[address]["seen"]})
    assert otherwise(house.plan(acceptances=shown))[address] == "drifted"
    part = house.plan(acceptances=accepted(house, {"address": address, "value": value}))
    assert otherwise(part)[address] == "accepted" and part["integrations"][0]["steps"] == []


def test_an_acceptance_ends_on_its_day(wicker: House) -> None:
    change_user(wicker, active=False)
    address = "wicker/api_user/Wicker API/active"
    assert otherwise(wicker.plan(acceptances=accepted(wicker, {"address": address, "value": False})))[address] == "accepted"
    over = wicker.plan(acceptances=accepted(wicker, {"address": address, "value": False, "until": "2020-01-31"}))
    assert otherwise(over)[address] == "drifted" and "until 2020-01-31" in items(over)[address]["why"]


def test_an_acceptance_is_not_dropped_because_a_read_failed(wicker: House) -> None:
    address = "wicker/api_user/Wicker API/active"
    path = accepted(wicker, {"address": address, "value": False})
    nothing = {
        "user_name": None,
        "secret": None,
        "integration_code": None,
        "credentials_store": {"folder": str(wicker.folder / "elsewhere")},
    }
    item = items(wicker.plan(acceptances=path, **nothing))[address]
    assert item["state"] == "unknown" and item["accepted"]["value"] is False


def test_acceptances_for_nothing_are_told(wicker: House) -> None:
    path = accepted(wicker, {"address": "wicker/level/Other/active", "value": False}, {"address": SETTING, "value": "All"})
    first, second = wicker.plan(acceptances=path)["unused"]
    assert "no such item" in first and "can go" in second


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"until": "tomorrow"}, "no day"),
        ({"reason": ""}, "acceptances > 1 > reason"),
        ({"valu": 1}, "valu"),
        ({"tenants": "birch"}, "tenants"),
    ],
)
def test_a_wrong_acceptance_is_refused_with_its_line(wicker: House, entry: dict[str, Any], words: str) -> None:
    path = accepted(wicker, {"address": SETTING, "value": "All", **entry})
    failed = wicker.plan(acceptances=path)
    assert failed["failed"] and words in failed["msg"] and f"{path}, line 1" in failed["msg"]


# Modes


def test_an_integration_that_is_only_reported_is_left_alone(house: House) -> None:
    house.want({"profile": WICKER, "mode": "report"}, profile("tinsel"))
    result = house.ensure()
    reported, asked = result["integrations"]
    assert (reported["state"], reported["changed"], reported["standing"]) == ("planned", False, "to do") and reported["objects"][0]["plan"]
    assert (asked["state"], asked["changed"], asked["standing"]) == ("pending", True, "waiting")
    assert not house.tickets("wicker") and house.tickets("tinsel")


def test_a_run_that_only_reports_needs_no_credentials_and_writes_nothing(house: House) -> None:
    before = house.state()
    nothing = {"user_name": None, "secret": None, "integration_code": None}
    result = house.ensure(WICKER, mode="report", **nothing)
    assert entries(result) == {"wicker": "planned"} and not result["changed"] and house.state() == before and not house.files()
    assert house.ensure(WICKER, **nothing)["failed"]


def test_reported_steps_stay_open_once_they_are_done(wicker: House) -> None:
    change_level(wicker, Can_create_Webhooks=False)
    wicker.ensure()
    wicker.work()
    before = wicker.state()
    result = wicker.ensure(mode="report")
    assert not result["changed"] and wicker.state() == before


@pytest.mark.parametrize("options", [{"mode": "ask", "apply_via": "console"}])
def test_people_are_not_asked_by_a_browser(house: House, options: dict[str, str]) -> None:
    failed = house.ensure(WICKER, **options)
    assert failed["code"] == "mode" and "ticket or run sheet" in failed["msg"]


# Reviewed plans


def test_what_was_reviewed_is_applied(house: House, tmp_path: Path) -> None:
    plan = kept(tmp_path, house.plan(WICKER, profile("tinsel")))
    result = house.ensure(plan=plan)
    assert entries(result) == {"wicker": "pending", "tinsel": "pending"}
    assert house.ensure(plan=plan)["code"] == "moved_on"


def test_what_was_reviewed_is_applied_where_credentials_are_handed_in(house: House, tmp_path: Path) -> None:
    """The last step is another one there. Nothing is handed in, and no page is written, before somebody is asked."""
    page = house.folder / "share" / "hand-in.html"
    house.options["hand_in"] = {"page": str(page)}
    house.allow({"Service Desk|Object Permissions|Ticket Notes|Edit": "All"})
    plan = kept(tmp_path, house.plan(WICKER))
    assert not page.exists()
    assert entries(house.ensure(plan=plan)) == {"wicker": "pending"} and page.exists()


def behind_its_back(house: House) -> Iterator[tuple[str, Callable[[], Any]]]:
    yield "a level", lambda: house.by_hand(LEVEL)
    yield "the profile", lambda: house.want(profile("wicker"), profile("tinsel"))
    yield "what is listed", lambda: house.want(WICKER)


def test_what_has_moved_on_is_refused_with_what_moved(house: House, tmp_path: Path) -> None:
    for kind, happen in behind_its_back(house):
        house.want(WICKER, profile("tinsel"))
        plan = kept(tmp_path, house.plan())
        happen()
        before = house.state()
        failed = house.ensure(plan=plan)
        assert failed["code"] == "moved_on" and ("wicker" in failed["msg"] or "tinsel" in failed["msg"]), kind
        assert house.state() == before, kind


def test_people_may_have_done_meanwhile_what_they_were_asked_for(house: House, tmp_path: Path) -> None:
    house.ensure(WICKER, profile("tinsel"))
    plan = kept(tmp_path, house.plan())
    house.work("wicker")
    result = house.ensure(plan=plan)
    assert entries(result) == {"wicker": "done", "tinsel": "pending"}, result


def test_a_plan_says_nothing_of_other_tenants_and_is_none_if_damaged(house: House, tmp_path: Path) -> None:
    part = house.plan(WICKER)
    other = kept(tmp_path, {**part, "host": "elsewhere"})
    assert house.ensure(plan=other)["code"] == "not_in_plan"
    for text in ("", "{}", "[]", "\0", json.dumps({"kind": "msp.autotask plan", "schema": 1, "tenants": [{}]})):
        path = tmp_path / "broken.json"
        path.write_text(text)
        assert house.ensure(plan=str(path))["code"] in ("plan_document", "not_in_plan"), text
    newer = tmp_path / "newer.json"
    newer.write_text(json.dumps({"kind": "msp.autotask plan", "schema": 99, "tenants": []}))
    assert house.ensure(plan=str(newer))["code"] == "newer_version"
    indented = tmp_path / "indented.json"
    indented.write_text(json.dumps(json.loads(Path(kept(tmp_path, part)).read_text()), indent=2))
    assert not house.ensure(plan=str(indented)).get("failed")


def test_no_more_is_changed_than_somebody_meant(house: House) -> None:
    before = house.state()
    count = sum("action" in item for item in items(house.plan(WICKER)).values())
    refused = house.ensure(WICKER, max_changes=count - 1)
    assert refused["code"] == "too_many_changes" and str(count) in refused["msg"] and house.state() == before
    assert entries(house.ensure(WICKER, max_changes=count)) == {"wicker": "pending"}


def test_nothing_moved_where_nothing_did(wicker: House) -> None:
    assert moved(wicker.plan(), wicker.plan()) == []
