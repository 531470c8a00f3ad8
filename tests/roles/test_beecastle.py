# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""BeeCastle, from nothing to the hand-over, with everything compared with its guide."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from tests.conftest import ROOT
from tests.sandboxes import Tenant, control

from .planting import keep
from .running import PASSWORD, Fleet

# The guide's list, cell by cell, as the sandbox's editor calls them (`Contact Visibility` is its misspelling of Contract Visibility).
GUIDE = {
    "Contracts|Object Permissions|Contracts|View": "All",
    "Contracts||Can access Invoice History, (Invoice) Export Wizard and Payments|": True,
    "Contracts||Contract Visibility|": "Full",
    "CRM|Organization & Contact Access|Customer & Cancelation|": "All",
    "CRM|Object Permissions|Opportunities & Quotes|View": "All",
    "CRM|Object Permissions|Opportunities & Quotes|Add": "Yes",
    "Inventory|Object Permissions|Products|View": "All",
    "Service Desk|Object Permissions|Tickets|View": "All",
    "Service Desk|Object Permissions|Charges|View": "All",
    "Admin|Feature Access|Products, Services, & Inventory|": True,
    "Admin|Feature Access|Resources/Users (HR)|": True,
    "Other|Resources/Users (HR)|Can view Internal Cost section on New/Edit Resource page|": True,
    "Other|Webhooks|Can create Webhooks|": True,
    "Other|Webhooks|Maximum number of Webhooks|": 20,
    "Other|Miscellaneous|Can view internal cost data (excludes New/Edit Resource page)|": True,
}
# Not in the guide: the copied level has it, and clearing the section takes it away.
NEEDED = {
    "Web Services API|Feature Access|Can login to Web Services API (Access to version 1.6 & later is limited to API User security levels)|": True
}
# Where the editor has nothing less, the least is not "None".
LEAST = {
    "CRM||Dashboard Display|": "Basic",
    "Service Desk|Object Permissions|Service Calls|View": "Mine",
    "Projects||Can enter time on|": "My Tasks",
}


def _is_least(key: str, value: object) -> bool:
    return value in (False, None, "None", "No", 0) or LEAST.get(key) == value


def _level(tenant: Tenant) -> dict[str, Any]:
    return tenant.level("BeeCastle API")


@pytest.fixture
def known(fleet: Fleet) -> Fleet:
    """The fleet of somebody to whom BeeCastle gave its tracking identifier."""
    fleet.variables["autotask_integration_codes"] = {"beecastle": fleet.tenants[0].access["integration_vendors"]["BeeCastle - CRM"]}
    return fleet


def test_from_nothing_to_the_hand_over(known: Fleet) -> None:
    first = known.provision("-vvv", "--diff")
    assert first.status == 0, first.output
    assert [known.entry(tenant)["state"] for tenant in known.tenants] == ["pending", "pending"]
    assert known.work() == 56, known.said
    second = known.provision("-vvv", "--diff")
    assert second.status == 0, second.output
    assert min(second.changed) > 0
    for tenant in known.tenants:
        cells = _level(tenant)["cells"]
        wanted = {**GUIDE, **NEEDED}
        assert {key: cells.get(key) for key in wanted} == wanted
        assert {key: value for key, value in cells.items() if key not in wanted and not _is_least(key, value)} == {}
        assert _level(tenant)["active"] is True
        [user] = [one for one in tenant.control("GET", "api-users") if one["first_name"] == "BeeCastle"]
        assert (user["last_name"], user["level"], user["active"], user["locked"]) == ("API", "BeeCastle API", True, False)
        assert known.entry(tenant)["state"] == "done" and known.entry(tenant)["access"]["as_expected"] is True
    listing, other = known.tenants
    kinds = [
        [one["tracking"] for one in tenant.control("GET", "api-users") if one["first_name"] == "BeeCastle"] for tenant in known.tenants
    ]
    assert kinds == [["vendor"], ["custom"]]
    handovers = [known.unlocked(known.folder / "handover" / tenant.slug / "beecastle.yml") for tenant in known.tenants]
    assert [list(handover["fields"]) for handover in handovers] == [["Key", "Secret"], ["Key", "Secret", "Tracking Identifier"]]
    for tenant, handover in zip(known.tenants, handovers, strict=True):
        assert handover["to"] == "BeeCastle account manager"
        assert handover["fields"]["Key"].endswith("@" + tenant.access["user_name"].partition("@")[2])
    again = known.provision("-vvv", "--diff")
    assert (again.status, again.changed) == (0, [0, 0]), again.output
    assert {listing.slug, other.slug} == {one["host"] for one in known.report()["tenants"]}
    _check_files_with_secrets(known)
    _check_secrets_are_nowhere(known, first.output + second.output + again.output)


def _check_files_with_secrets(known: Fleet) -> None:
    files = [path for folder in ("credentials", "handover") for path in (known.folder / folder).rglob("*.yml")]
    assert len(files) == 4
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_text().startswith("$ANSIBLE_VAULT;")


def _check_secrets_are_nowhere(known: Fleet, output: str) -> None:
    """Secrets are in the vault files, and in the inventory that the user wrote; everywhere else they must not be."""
    secrets = [tenant.access[key] for tenant in known.tenants for key in ("secret", "integration_code")]
    secrets.append(known.variables["autotask_integration_codes"]["beecastle"])
    for tenant in known.tenants:
        recorded = known.unlocked(known.folder / "credentials" / tenant.slug / "beecastle.yml")
        secrets += [recorded[key] for key in ("secret", "integration_code") if key in recorded]
    assert len(secrets) == 8
    places: dict[str, str] = {"output": output, "operator": "\n".join(known.said)}
    for path in [*known.folder.rglob("*"), *known.scratch.rglob("*")]:
        if path.is_file() and path.name not in ("fleet.yml", "extra.yml", "password"):
            places[str(path.relative_to(known.folder) if path.is_relative_to(known.folder) else path)] = path.read_bytes().decode(
                "utf-8", "replace"
            )
    for tenant in known.tenants:
        for entity in ("Tickets", "TicketChecklistItems", "TicketNotes"):
            places[f"{tenant.slug} {entity}"] = json.dumps(tenant.control("GET", f"records/{entity}"))
        places[f"{tenant.slug} requests"] = json.dumps(control(tenant.address, "GET", f"requests?tenant={tenant.slug}"))
    found = [(place, secret[:4]) for place, text in places.items() for secret in [*secrets, PASSWORD] if secret in text]
    assert found == []
    assert {"output", "operator", "autotask-report/report.json"} <= set(places)


def test_the_run_can_wait_for_people(known: Fleet) -> None:
    [tenant] = known.tenants = known.tenants[1:]
    process = known.start("msp.autotask.provision", autotask_vendors=["beecastle"], autotask_wait_minutes=10, autotask_wait_interval=0.5)
    for line in process.stdout or ():
        if "0 of 28 steps done" in line:
            break
    known.work()
    rest = process.stdout.read() if process.stdout else ""
    assert process.wait(timeout=120) == 0, rest
    assert "28 of 28 steps done" in rest and "done and attested" in rest
    assert (known.folder / "handover" / tenant.slug / "beecastle.yml").exists()


def test_without_the_vendors_identifier_nothing_is_claimed(fleet: Fleet) -> None:
    fleet.tenants = fleet.tenants[:1]
    fleet.provision()
    fleet.work()
    run = fleet.provision()
    assert run.status == 0, run.output
    entry = fleet.entry(fleet.tenants[0])
    assert entry["state"] == "done" and entry["access"] == {} and entry["unproven"][0]["api_user"] == "BeeCastle API"
    assert "1 done. 1 of them not proven." in run.output
    user = next(one for one in entry["objects"] if one["subject"].startswith("API user"))
    assert user["evidence"]["Credentials"] == "attested"
    assert "could not be proven" in " ".join(run.output.split())
    assert fleet.provision().changed == [0]


def test_optional_parts_are_off_until_they_are_asked_for(fleet: Fleet) -> None:
    fleet.tenants = fleet.tenants[:1]
    run = fleet.provision("--check", beecastle_included=["vendors_and_partners", "password_does_not_expire"])
    texts = [step["text"] for known in fleet.entry(fleet.tenants[0])["objects"] for step in known["plan"]]
    assert [text for text in texts if "Vendor & Partners" in text or "password does not expire" in text] == [
        f'Level "BeeCastle API", "CRM" > "{fleet.term(fleet.tenants[0])} & Contact Access": set "Vendor & Partners" to "All".',
        'Level "BeeCastle API", "Other" > "Miscellaneous": tick "Not required to change password (password does not expire)".',
    ], run.output
    refused = fleet.provision("--check", beecastle_included=["nothing"])
    assert refused.status != 0 and "nothing" in refused.output


def test_a_level_that_grants_too_much_fails_the_host(known: Fleet) -> None:
    [tenant] = known.tenants = known.tenants[1:]
    known.provision()
    known.work()
    known.provision()
    tenant.set_cells(
        {"CRM|Object Permissions|Opportunities & Quotes|Edit": "All", "Inventory|Object Permissions|Products|Add": "Yes"}, "BeeCastle API"
    )
    tenant.set_cells({"Service Desk|Object Permissions|Tickets|Add": "Yes"}, "BeeCastle API")
    run = known.provision()
    assert known.entry(tenant)["state"] == "pending"  # what REST shows of it is asked for again
    excess = [one for one in known.entry(tenant)["access"]["findings"] if one["verdict"] == "excess"]
    assert [f"{one['entity']}:{one['operation']}" for one in excess] == ["Tickets:create"]
    assert any("Tickets > Add" in text for one in known.entry(tenant)["objects"] for text in one["contradictions"]), run.output


def test_the_hand_over_can_go_another_way(known: Fleet) -> None:
    known.tenants = known.tenants[1:]
    content = "{{ lookup('msp.autotask.handover', autotask_handover.path).fields | list | join(',') }} for {{ autotask_handover.vendor }}"
    task = {"ansible.builtin.copy": {"dest": "{{ inventory_dir }}/sent", "content": content, "mode": "0600"}, "no_log": True}
    (known.folder / "elsewhere.yml").write_text(yaml.safe_dump([{"name": "Send it", **task}]))
    known.provision()
    known.work()
    run = known.provision(autotask_handover_tasks=str(known.folder / "elsewhere.yml"))
    assert run.status == 0, run.output
    assert (known.folder / "sent").read_text() == "Key,Secret,Tracking Identifier for BeeCastle"


def test_a_secret_that_is_refused_is_tried_once(known: Fleet) -> None:
    """Three wrong secrets in a row lock an API user; a stored one that is stale must not do that by itself."""
    [tenant] = known.tenants = known.tenants[1:]
    known.provision()
    known.work()
    stored = known.unlocked(known.folder / "credentials" / tenant.slug / "beecastle.yml")
    keep(known, tenant, "credentials", "beecastle", {**stored, "secret": "stale"})
    control(tenant.address, "DELETE", "requests")
    run = known.provision()
    assert run.status != 0 and "user is locked" in " ".join(run.output.split()), run.output
    refused = [one for one in control(tenant.address, "GET", f"requests?tenant={tenant.slug}") if one["status"] == 401]
    assert len(refused) == 1
    [user] = [one for one in tenant.control("GET", "api-users") if one["first_name"] == "BeeCastle"]
    assert user["locked"] is False


def test_without_a_vault_password_nothing_is_recorded(known: Fleet) -> None:
    known.tenants = known.tenants[1:]
    known.provision()
    known.vault = False
    known.work()
    assert any("left open" in line for line in known.said)
    assert not (known.folder / "credentials").exists()


def test_the_report_has_its_documented_form(known: Fleet) -> None:
    known.provision()
    folder = known.folder / "autotask-report"
    report = known.report()
    documented = (ROOT / "docs" / "report.md").read_text()
    keys = {*report, *report["tenants"][0], *report["tenants"][0]["integrations"][0]}
    assert [key for key in sorted(keys) if f"`{key}`" not in documented] == []
    page = (folder / "report.html").read_text()
    assert all(tenant.slug in page for tenant in known.tenants) and "BeeCastle" in page
    suites = ElementTree.parse(folder / "report.junit.xml").getroot()
    assert {suite.get("name") for suite in suites} == {f"{tenant.slug}.beecastle" for tenant in known.tenants}
    assert all(case.find("skipped") is not None for suite in suites for case in suite)


def test_a_failing_tenant_is_in_the_report(known: Fleet, tmp_path: Path) -> None:
    known.variables["autotask_ticket"] = {"queue": "Nowhere"}
    run = known.provision()
    assert run.status != 0
    assert known.report()["summary"]["failed"] == 2
    assert 'this tenant has no "Nowhere"' in (tmp_path / "autotask-report" / "report.html").read_text().replace("&#34;", '"')
