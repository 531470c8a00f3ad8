# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An evidence bundle: what is in it, that it is the same twice, and that no secret is."""

from __future__ import annotations

import hashlib
import html
import json
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.msp.autotask.plugins.module_utils._change.model import Change, Kind, Line, Record
from ansible_collections.msp.autotask.plugins.module_utils._edge.controller import AWAY
from ansible_collections.msp.autotask.plugins.module_utils._edge.module import run_safely
from ansible_collections.msp.autotask.plugins.module_utils._evidence.bundle import Attested, Tick, attestation_part
from ansible_collections.msp.autotask.plugins.module_utils._evidence.controls import CONTROLS
from ansible_collections.msp.autotask.plugins.modules import autotask_evidence
from sandbox import levels

from .running import House, Result, profile

DAY, LATER = "2026-08-26", "2026-11-26"


def keep(house: House, day: str = DAY, check: bool = False, **options: Any) -> Result:
    result = house.run(autotask_evidence, check, evidence_folder=str(house.folder / "evidence"), date=day, **options)
    assert not result.get("failed"), result
    return result


def evidence(house: House, day: str = DAY) -> dict[str, Any]:
    return dict(json.loads(file(house, "evidence.json", day)))


def file(house: House, name: str, day: str = DAY) -> str:
    return house.files()[f"evidence/{house.tenant.slug}/{day}/{name}"].decode()


def ticked(house: House, *who: int | None) -> dict[str, dict[str, Any]]:
    """The items of the change tickets, by their texts, once Autotask says that these have ticked them off, one after the other."""
    tenant, items = house.employee.tenant.id, {}
    tickets = [ticket["id"] for ticket in house.tickets("tinsel")]
    found = [item for item in house.store.query(tenant, "TicketChecklistItems") if item["ticketID"] in tickets]
    for number, item in enumerate(found):
        when = {"completedByResourceID": who[number % len(who)], "completedDateTime": f"2026-08-01T10:{number:02}:00Z"}
        items[item["itemName"]] = house.store.update(tenant, "TicketChecklistItems", item["id"], when)
    return items


def person_of(house: House) -> dict[str, Any]:
    return next(one for one in house.store.query(house.employee.tenant.id, "Resources") if one.get("licenseType") != 7)


@pytest.fixture
def tinsel(house: House) -> House:
    """A tenant with one integration that works."""
    house.set_up(profile("tinsel"))
    return house


def test_it_has_what_is_wanted_what_was_done_by_whom_and_what_came_of_it(tinsel: House) -> None:
    items = ticked(tinsel, person_of(tinsel)["id"])
    result = keep(tinsel)
    assert result["changed"] and result["compared_with"] == "" and result["warnings"] == []
    found = evidence(tinsel)
    assert (found["tenant"], found["date"], found["earlier"]) == ("birch", DAY, {})
    assert all(found["versions"][part] not in ("", "unknown") for part in ("msp.autotask", "ansible-core", "python", "autotask"))
    [one] = found["integrations"]
    resolved = one["profile"]["resolved"]
    canonical = json.dumps(resolved, sort_keys=True, separators=(",", ":")).encode()
    assert one["profile"]["sha256"] == hashlib.sha256(canonical).hexdigest() and resolved["integration"] == "tinsel"
    assert one["plan"]["state"] == "done" and 'API user "Tinsel API"' in [known["subject"] for known in one["plan"]["objects"]]
    [change] = one["attestation"]
    [ticket] = tinsel.tickets("tinsel")
    assert (change["reference"], change["opened"], change["closed"]) == (
        ticket["ticketNumber"],
        ticket["createDate"],
        ticket["completedDate"],
    )
    assert change["state"] == "closed" and change["url"].endswith(ticket["ticketNumber"])
    assert all(known["attested"] and known["document"] for known in change["objects"])
    steps = [step for known in change["objects"] for step in known["steps"]]
    assert [step["at"] for step in steps] == [items[step["text"]]["completedDateTime"] for step in steps] and len(steps) == len(items)
    assert {"expected": "granted", "now": "All", "verdict": "as expected", "before": ""}.items() <= one["access"][0].items()
    assert [(user["name"], user["active"], user["integration"]) for user in found["api_users"]] == [
        ("Provisioner API", True, "provisioner"),
        ("Tinsel API", True, "tinsel"),
    ]
    assert len(found["controls"]) == len(CONTROLS)


def test_who_ticked_off_is_named_and_an_api_user_is_called_one(tinsel: House) -> None:
    person = person_of(tinsel)
    own = next(one for one in tinsel.store.api_users(tinsel.employee.tenant.id) if one.name == "Tinsel API")
    first, second, third, *_others = ticked(tinsel, person["id"], own.id, None)
    keep(tinsel)
    steps = [step for known in evidence(tinsel)["integrations"][0]["attestation"][0]["objects"] for step in known["steps"]]
    by = {step["text"]: step["by"] for step in steps}
    name = f"{person['firstName']} {person['lastName']}"
    assert by[first] == {"id": person["id"], "name": name, "api_user": False}
    assert by[second] == {"id": own.id, "name": "Tinsel API", "api_user": True}
    assert by[third] == {"id": 0, "name": "", "api_user": None}
    page = file(tinsel, "index.html")
    assert f"{html.escape(name)} ({person['id']})" in page and "(an API user)" in page and "unknown" in page


def test_a_tick_that_was_set_after_the_change_was_read_is_not_put_to_it() -> None:
    record = Record(Kind.LEVEL, "Tinsel API", {}, ("Do it.", "Do that."), False)
    change = Change("tinsel", 1, "T1", True, lines=(Line(7, "Do it.", False, 1),), records={record.subject: record}, id=5)
    [found] = attestation_part([change], Attested({7: Tick(3, "2026-08-01T10:00:00Z")}, {}, {}))
    assert [(step["done"], step["by"], step["at"]) for step in found["objects"][0]["steps"]] == [(False, {}, ""), (False, {}, "")]


def test_it_is_the_same_twice_and_nothing_is_written_on_the_tenant(tinsel: House) -> None:
    before = tinsel.state(), tinsel.requests(writes=True)
    keep(tinsel)
    first = tinsel.files()
    again = keep(tinsel)
    assert not again["changed"] and tinsel.files() == first and (tinsel.state(), tinsel.requests(writes=True)) == before
    hashes = json.loads(file(tinsel, "manifest.json"))["files"]
    assert hashes == again["files"]
    assert {name: hashlib.sha256(file(tinsel, name).encode()).hexdigest() for name in hashes} == hashes
    assert hashes["evidence.json"] in file(tinsel, "index.html")


def test_check_mode_writes_no_file(tinsel: House) -> None:
    before = tinsel.files()
    assert keep(tinsel, check=True)["changed"] and tinsel.files() == before


def test_access_is_shown_before_and_now(tinsel: House) -> None:
    keep(tinsel)
    level = tinsel.level("Tinsel API")
    assert level
    cells = {cell: "Mine" if cell == "Service Desk|Object Permissions|Tickets|View" else value for cell, value in level.cells.items()}
    assert cells != level.cells and levels.save(tinsel.store, level.id, level.name, True, cells, True) == []
    assert keep(tinsel, LATER)["compared_with"] == DAY
    found = evidence(tinsel, LATER)
    row = next(row for row in found["integrations"][0]["access"] if row["entity"] == "Tickets" and row["operation"] == "query")
    assert (row["before"], row["now"], row["verdict"]) == ("All", "Restricted", "unproven")
    sha256 = hashlib.sha256(file(tinsel, "evidence.json").encode()).hexdigest()
    assert found["earlier"] == {"date": DAY, "sha256": sha256, "as_written": True}
    assert evidence(tinsel)["earlier"] == {}


def test_an_earlier_bundle_that_was_changed_is_called_so_and_a_damaged_one_is_no_baseline(tinsel: House) -> None:
    keep(tinsel)
    path = tinsel.folder / "evidence" / "birch" / DAY / "evidence.json"
    path.write_text(path.read_text().replace('"before": ""', '"before": "None"'))
    keep(tinsel, LATER)
    assert evidence(tinsel, LATER)["earlier"]["as_written"] is False
    assert "changed after it was written" in file(tinsel, "index.html", LATER)
    for content in ("[]", "{", '{"evidence": 1, "integrations": [{"access": [1]}]}', '{"evidence": 2, "integrations": []}'):
        path.write_text(content)
        result = tinsel.run(autotask_evidence, evidence_folder=str(tinsel.folder / "evidence"), date="2026-09-01")
        assert result["failed"] and result["code"] == "evidence_damaged" and str(path) in result["msg"], content


def test_no_secret_is_in_it(tinsel: House) -> None:
    tinsel.rotate()
    tinsel.work()
    known = [tinsel.kept("tinsel"), tinsel.kept("tinsel.previous")]
    secrets = [one[name] for one in known if one for name in ("secret", "user_name", "integration_code")]
    assert len(set(secrets)) == 4
    keep(tinsel)
    written = "".join(content.decode() for path, content in tinsel.files().items() if path.startswith("evidence/"))
    assert [one for one in [*secrets, tinsel.tenant.access["secret"]] if one in written or html.escape(one) in written] == []


def test_one_that_somebody_wrote_into_a_profile_keeps_the_bundle_from_being_written(tinsel: House) -> None:
    recorded = tinsel.kept("tinsel")
    assert recorded
    tinsel.want(profile("tinsel", prerequisites=[{"text": f"The secret is {recorded['secret']}."}]))
    result = tinsel.run(autotask_evidence, evidence_folder=str(tinsel.folder / "evidence"), date=DAY)
    assert result["failed"] and result["code"] == "evidence_secret" and recorded["secret"] not in str(result)
    assert not any(path.startswith("evidence/") for path in tinsel.files())


def test_what_was_not_seen_is_unknown(house: House) -> None:
    house.ensure(profile("tinsel"))
    keep(house)
    [one] = evidence(house)["integrations"]
    assert {row["now"] for row in one["access"]} == {row["verdict"] for row in one["access"]} == {"unknown"}
    assert one["plan"]["state"] == "planned" and one["attestation"][0]["state"] == "open" and one["attestation"][0]["closed"] == ""
    assert not any(step["done"] or step["by"] for known in one["attestation"][0]["objects"] for step in known["steps"])
    assert "not ticked off" in file(house, "index.html")


def test_what_failed_is_told_and_kept(tinsel: House) -> None:
    first, last = profile("tinsel")["api_users"][0], {"first_name": "Nobody", "existing": True, "tracking_identifier": None}
    broken = {name: value for name, value in {**first, **last}.items() if value is not None}
    tinsel.want(profile("tinsel"), profile("wicker", api_users=[broken], handover={"to": "Wicker", "fields": []}))
    result = keep(tinsel)
    assert any("wicker: " in text for text in result["warnings"])
    failed = evidence(tinsel)["integrations"][1]["plan"]
    assert failed["state"] == "failed" and failed["code"] == "no_such_user" and failed["msg"]


def test_one_that_is_listed_no_more_is_shown(tinsel: House) -> None:
    tinsel.want(profile("wicker"))
    keep(tinsel)
    assert [one["integration"] for one in evidence(tinsel)["unlisted"]] == ["tinsel"]
    assert "of no listed integration" in file(tinsel, "index.html")


def test_a_run_sheet_attests_by_its_history(house: House) -> None:
    house.integrations = [{"profile": profile("tinsel"), "apply_via": "runsheet"}]
    house.ensure()
    house.finish()
    keep(house)
    [change] = evidence(house)["integrations"][0]["attestation"]
    assert change["kept_in"] == "runsheet" and change["state"] == "closed" and change["closed"] == "unknown"
    assert "Who ticked it off is in the history of the file" in file(house, "index.html")


@pytest.mark.parametrize(
    "wrong", [{"evidence_folder": "a-file"}, {"evidence_folder": "a\x00b"}, {"date": "soon"}, {"tenant": "a/b"}], ids=str
)
def test_check_mode_refuses_what_a_real_run_refuses(tinsel: House, wrong: dict[str, str]) -> None:
    (tinsel.folder / "a-file").touch()
    before = tinsel.files()
    said = [tinsel.run(autotask_evidence, check, **{"evidence_folder": "evidence", "date": DAY, **wrong}) for check in (True, False)]
    assert said[0]["failed"] and (said[0]["code"], tinsel.files()) == (said[1]["code"], before), said


@pytest.mark.parametrize("day", ["today", "2026-13-01", "20261126", "../x", ""])
def test_a_day_is_a_day(house: House, day: str) -> None:
    house.want(profile("tinsel"))
    result = house.run(autotask_evidence, evidence_folder=str(house.folder / "evidence"), date=day)
    assert (result.get("failed"), result.get("code")) == ((True, "day") if day else (None, None))


def test_away_from_the_controller_nothing_is_written(house: House) -> None:
    house.want(profile("tinsel"))
    access = {name: house.tenant.access[name] for name in ("user_name", "secret", "integration_code", "discovery_url")}
    arguments = {
        **access,
        "tenant": "birch",
        "integrations": house.integrations,
        "ticket": {"queue": "Administration"},
        "email": "a@example.com",
    }
    checked = ArgumentSpecValidator(dict(autotask_evidence.SPEC)).validate(arguments)
    result = run_safely(autotask_evidence.run, checked.validated_parameters, False, AWAY)
    assert result["failed"] and result["code"] == "not_on_controller"


def test_a_tenants_texts_are_text_on_the_page(tinsel: House) -> None:
    person = person_of(tinsel)
    tinsel.store.update(tinsel.employee.tenant.id, "Resources", person["id"], {"firstName": "<script>alert(1)</script>{{ 7 * 7 }}"})
    ticked(tinsel, person["id"])
    keep(tinsel)
    page = file(tinsel, "index.html")
    assert "<script" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 * 7 }}" in page
