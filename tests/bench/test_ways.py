# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the benchmark runs: which cases, and whether the other ways do what they should be measured at."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench import bare, fleet, ways
from bench.figures import NEW, Case
from sandbox.rest.entities import ENTITIES, OTHERS
from tests.conftest import ROOT

EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((ways.PLAYBOOKS / "vars" / "expected.yml").read_text())["expected"]
FIRST = {"tenant": "alder", "integration_vendors": {"Bee": "CODE1"}}
COPY = {
    "tenant": "birch",
    "integration_vendors": {"Bee": "CODE2"},
    "api_users": {"one@alder": {"user_name": "two@birch", "secret": "Zz=9", "integration_code": "OWN2"}},
}
OLD = {"one@alder": {"user_name": "one@alder", "secret": "Aa#1", "integration_code": "OWN1"}}
ROW = {"id": 1, "isCompleted": True, "countryID": 6}
AS_WANTED: dict[str, Any] = {name: [ROW] for name in ("items", "fields", "entityDescriptions")} | {"item": ROW, "info": ROW}
AS_WANTED |= {"currentTimeframeRequestCount": 1, "externalRequestThreshold": 10_000}
RECORDED = "user_name: one@alder\nsecret: Aa#1\nintegration_code: OWN1\n"


def test_a_quick_run_is_small_and_the_whole_covers_every_size() -> None:
    whole, quick = ways.cases(), ways.cases(quick=True)
    assert {case.tenants for case in whole if case.way == ways.COLLECTION} == set(ways.SIZES)
    assert {case.way for case in quick} == {case.way for case in whole} == set(ways.WAYS)
    assert (max(case.tenants for case in quick), {case.repetitions for case in quick}) == (10, {1})
    assert {(case.fleet, case.latency) for case in whole} == {("settled", 0), ("settled", 150), (NEW, 0), (NEW, 150)}
    assert max(case.tenants for case in ways.cases(up_to=10)) == 10
    assert len(set(whole)) == len(whole)


def test_ways_take_turns() -> None:
    often, once = Case("a", 1, repetitions=3), Case("b", 1, repetitions=1)
    assert list(ways.in_turn([often, once])) == [often, once, often, often]
    assert list(ways.in_turn([])) == []


def test_the_playbook_expects_what_the_profiles_expect() -> None:
    names = {path: entity.name for path, entity in (ENTITIES | OTHERS).items()}
    for vendor in fleet.VENDORS:
        profile = yaml.safe_load((ROOT / "roles" / vendor / "files" / "profile.yml").read_text())
        [user] = profile["api_users"]
        expected = EXPECTED[vendor]
        assert expected["levels"] == [level["name"] for level in profile["security_levels"]]
        assert (expected["first_name"], expected["last_name"]) == (user["first_name"], user["last_name"])
        for which in ("granted", "denied"):
            parts = [entry.split(":") for entry in user["expect"][which]]
            assert expected[which] == [f"{verb} {names[entity]}" for entity, verb in parts]
    assert list(EXPECTED) == list(fleet.VENDORS)


def _tasks(name: str) -> list[dict[str, Any]]:
    content = yaml.safe_load((ways.PLAYBOOKS / name).read_text())
    tasks: list[dict[str, Any]] = content[0].get("tasks", content)
    return [task["ansible.builtin.uri"] | {"loop": task.get("loop")} for task in tasks if "ansible.builtin.uri" in task]


def test_the_playbook_and_the_loop_send_the_same_requests() -> None:
    sent: list[str] = []

    class Noted(bare.Tenant):
        def get(self, path: str, **search: Any) -> Any:
            sent.append(path)
            return AS_WANTED

        def count(self, entity: str) -> int:
            sent.append(f"{entity}/query/count")
            return 1

    bare.check_tenant(Noted("", {}))
    ours = [task["url"].partition("?")[0].removeprefix("{{ rest }}/") for task in _tasks("uri.yml")]
    assert sorted(sent) == sorted(ours)
    for vendor in fleet.VENDORS:
        bare.check_access(vendor, Noted("", {}))
    looped = [entity for expected in EXPECTED.values() for entity in (*expected.get("left_out", []), *expected.get("counted", []))]
    once = [task for task in _tasks("tasks/uri_vendor.yml") if not task["loop"]]
    assert len(sent) == len(ours) + len(once) * len(EXPECTED) + len(looped) == 18
    assert {vendor: expected["counted"] for vendor, expected in EXPECTED.items() if "counted" in expected} == bare.COUNTED
    assert {vendor: expected["left_out"] for vendor, expected in EXPECTED.items() if "left_out" in expected} == bare.LEFT_OUT


def test_a_run_is_measured_with_its_children(tmp_path: Path) -> None:
    burn = "import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', 'sum(range(3_000_000))']); print('done'); sys.exit(3)"
    command = [sys.executable, "-S", str(ROOT / "bench" / "run_one.py"), str(tmp_path / "taken.json"), str(tmp_path / "log")]
    subprocess.run([*command, sys.executable, "-S", "-c", burn], check=True)
    taken = json.loads((tmp_path / "taken.json").read_text())
    assert (taken["status"], (tmp_path / "log").read_text()) == (3, "done\n")
    assert taken["cpu"] > 0.02
    assert 3 < taken["memory"] < 1000


def test_a_document_in_which_not_all_is_in_sync_is_no_measurement(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    for counted, tenants, fine in (
        ({"in sync": 2, "to do": 0}, 2, True),
        ({"in sync": 1, "to do": 1}, 2, False),
        ({"in sync": 1}, 2, False),
    ):
        path.write_text(json.dumps({"summary": {"tenants": counted}}))
        if fine:
            ways._check_document(path, tenants)
        else:
            with pytest.raises(ways.Failed, match="not all of 2 tenants"):
                ways._check_document(path, tenants)


def test_a_copys_files_have_its_own_words() -> None:
    assert fleet.in_its_words(RECORDED, FIRST, OLD, COPY) == "user_name: two@birch\nsecret: Zz=9\nintegration_code: OWN2\n"
    assert fleet.in_its_words("tenant: alder\nIntegration: CODE1\n", FIRST, OLD, COPY) == "tenant: birch\nIntegration: CODE2\n"
    assert (
        fleet.in_its_words("tenant: alder\nzone: http://x/\ndatabase: '7'\nversion: 2\n", FIRST, OLD, COPY) == "tenant: birch\nversion: 2\n"
    )
    assert fleet.in_its_words("# Bee on alder: what is left", FIRST, OLD, COPY) == "# Bee on birch: what is left"


def test_copies_get_vault_files_that_can_be_read(tmp_path: Path) -> None:
    made = fleet.Fleet(tmp_path / "fleet")
    for name, text in (("credentials/alder/bee.yml", RECORDED), ("handover/alder/bee.yml", "tenant: alder\nfields: {Secret: Aa#1}\n")):
        path = made.folder / name
        path.parent.mkdir(parents=True)
        path.write_bytes(fleet._vault().encrypt(text, secret=fleet._secret()))
    (made.folder / "handover" / "alder" / "bee.steps.md").write_text("# Bee on alder: what is left\n")
    (made.folder / "credentials" / "alder" / "home.json").write_text("{}")
    made.settle_copies(FIRST, [COPY])
    assert [path.name for path in (made.folder / "credentials" / "birch").iterdir()] == ["bee.yml"]
    assert made.secrets("birch", "bee") == {"user_name": "two@birch", "secret": "Zz=9", "integration_code": "OWN2"}
    handover = (made.folder / "handover" / "birch" / "bee.yml").read_bytes()
    assert yaml.safe_load(fleet._vault().decrypt(handover)) == {"tenant": "birch", "fields": {"Secret": "Zz=9"}}
    assert (made.folder / "handover" / "birch" / "bee.steps.md").read_text() == "# Bee on birch: what is left\n"


def test_an_inventory_holds_what_the_tenants_need(tmp_path: Path) -> None:
    access = {name: name for name in ("tenant", "user_name", "secret", "integration_code", "discovery_url")}
    made = fleet.Fleet(tmp_path / "fleet")
    listed = yaml.safe_load(
        made.inventory([access | {"integration_vendors": {"BeeCastle - CRM": "B"}}], ansible_connection="other").read_text()
    )
    assert listed["all"]["vars"]["ansible_connection"] == "other"
    assert listed["all"]["hosts"]["tenant"]["autotask_integration_codes"] == {"beecastle": "B"}
    assert {path.name for path in made.folder.iterdir()} == {"ansible.cfg", "vault-password", "fleet-1-other.yml"}
