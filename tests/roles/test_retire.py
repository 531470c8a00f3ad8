# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Taking an integration off a tenant, and never silently: what is no longer wanted is shown with the way to retire it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.people import new_api_user, sign_in
from tests.sandbox.test_rest_webhooks import WEBHOOK
from tests.sandboxes import Rest, Tenant, control

from .planting import plant
from .running import Fleet, Run


def _retire(fleet: Fleet, *arguments: str, **variables: Any) -> Run:
    return fleet.playbook("msp.autotask.retire", *arguments, **(variables or {"autotask_vendor": "beecastle"}))


def _unlisted(fleet: Fleet) -> Run:
    """A run of a tenant whose list is empty."""
    fleet.variables["autotask_vendors"] = []
    return fleet.playbook("msp.autotask.provision")


def _said(run: Run) -> str:
    return " ".join(run.output.split())


def _active(tenant: Tenant, first_name: str = "BeeCastle") -> list[bool]:
    return [user["active"] for user in tenant.control("GET", "api-users") if user["first_name"] == first_name]


def _kept(fleet: Fleet, tenant: Tenant) -> list[str]:
    """The files that a run left behind for BeeCastle."""
    folders = [fleet.folder / name / tenant.slug for name in ("credentials", "handover")]
    return sorted(f"{path.parent.parent.name}/{path.name}" for folder in folders for path in folder.glob("beecastle*"))


def _tickets(tenant: Tenant) -> dict[str, Any]:
    return {
        entity: control(tenant.address, "GET", f"tenants/{tenant.slug}/records/{entity}")
        for entity in ("Tickets", "TicketNotes", "TicketChecklistItems")
    }


@pytest.fixture
def tenant(fleet: Fleet) -> Tenant:
    """A tenant on which BeeCastle was set up by hand, the only one of the fleet."""
    [found] = fleet.tenants = fleet.tenants[1:]
    plant(fleet, found)
    return found


@pytest.fixture
def provisioned(fleet: Fleet) -> Tenant:
    """A tenant on which BeeCastle was set up by its playbook, the only one of the fleet."""
    [found] = fleet.tenants = fleet.tenants[1:]
    fleet.provision()
    fleet.work()
    done = fleet.provision()
    assert done.status == 0, done.output
    return found


def test_users_levels_and_what_was_kept(fleet: Fleet, provisioned: Tenant) -> None:
    tenant = provisioned
    credentials = fleet.unlocked(fleet.folder / "credentials" / tenant.slug / "beecastle.yml")
    headers = {
        "UserName": credentials["user_name"],
        "Secret": credentials["secret"],
        "ApiIntegrationCode": credentials["integration_code"],
    }
    Rest(tenant.access["rest_url"], headers).ask("POST", "CompanyWebhooks", json=WEBHOOK)
    (fleet.folder / "credentials" / tenant.slug / "beecastle.previous.yml").write_bytes(
        (fleet.folder / "credentials" / tenant.slug / "beecastle.yml").read_bytes()
    )
    before = _tickets(tenant), _kept(fleet, tenant)

    plan = _retire(fleet, "--check", "--diff")
    assert plan.status == 0, plan.output
    assert 'Level "BeeCastle API": clear Active.' in str(fleet.report())
    assert (_tickets(tenant), _kept(fleet, tenant), _active(tenant)) == (*before, [True])
    assert 'API user "BeeCastle API": would be inactivated by this run, over REST' in plan.output and "attested in" not in plan.output

    first = _retire(fleet)
    assert first.status == 0, first.output
    assert '"BeeCastle API" owns webhooks that stop working: CompanyWebhooks "Listener"' in _said(first)
    assert 'API user "BeeCastle API": inactivated over REST' in first.output and "attested in" not in first.output
    assert first.output.index("CompanyWebhooks") < first.output.index('API user "BeeCastle API": ')
    assert (_active(tenant), tenant.level("BeeCastle API")["active"], _kept(fleet, tenant)) == ([False], True, [])
    assert _retire(fleet).changed == [0]

    assert fleet.work() == 3, fleet.said
    last = _retire(fleet)
    assert last.status == 0, last.output
    assert tenant.level("BeeCastle API")["active"] is False
    assert fleet.entry(tenant)["state"] == "done"
    again = _retire(fleet)
    assert (again.status, again.changed) == (0, [0]), again.output


def test_a_level_that_somebody_else_has_is_left(fleet: Fleet, tenant: Tenant) -> None:
    tab = sign_in(tenant)
    new_api_user(tab, "Other", "BeeCastle API")
    tab.press("Save & Close")
    run = _retire(fleet)
    assert run.status == 0, run.output
    assert 'is in use by "Bee Other"' in run.output.replace("\\", "") and "It is left as it is" in _said(run)
    assert (_active(tenant), tenant.level("BeeCastle API")["active"]) == ([False], True)
    assert _retire(fleet).changed == [0]


def test_what_was_asked_for_and_not_done_is_withdrawn(fleet: Fleet) -> None:
    [tenant] = fleet.tenants = fleet.tenants[1:]
    before = _tickets(tenant)["TicketChecklistItems"]
    fleet.provision()
    assert "withdraw the steps that wait for people" in _said(_unlisted(fleet))
    run = _retire(fleet, autotask_integration="beecastle")
    assert run.status == 0, run.output
    assert _tickets(tenant)["TicketChecklistItems"] == before
    assert _active(tenant) == [] and _retire(fleet, autotask_integration="beecastle").changed == [0]
    assert "is no longer listed for it" not in _unlisted(fleet).output


def test_where_rest_can_not_inactivate_nothing_is_removed_before_people_did(fleet: Fleet, sandbox: Any) -> None:
    tenant = sandbox.tenants["unpatched-too"]
    fleet.tenants = [tenant]
    plant(fleet, tenant)
    kept = _kept(fleet, tenant)
    first = _retire(fleet)
    assert first.status == 0, first.output
    assert (_active(tenant), _kept(fleet, tenant)) == ([True], kept)
    assert "credentials/beecastle.yml" in kept and "handover/beecastle.yml" in kept
    assert fleet.work() == 3, fleet.said
    second = _retire(fleet)
    assert second.status == 0, second.output
    assert (_active(tenant), _kept(fleet, tenant)) == ([False], [])


def test_it_can_wait_for_people(fleet: Fleet, tenant: Tenant) -> None:
    process = fleet.start("msp.autotask.retire", autotask_vendor="beecastle", autotask_wait_minutes=10, autotask_wait_interval=0.5)
    for line in process.stdout or ():
        if "0 of 3 steps done" in line:
            break
    fleet.work()
    rest = process.stdout.read() if process.stdout else ""
    assert process.wait(timeout=120) == 0, rest
    assert tenant.level("BeeCastle API")["active"] is False and "done and attested" in rest, rest


def test_the_user_that_the_run_works_as_is_not_retired(fleet: Fleet) -> None:
    [tenant] = fleet.tenants = fleet.tenants[1:]
    overrides = {"api_users": {"main": {"first_name": "Provisioner", "last_name": "API"}}}
    run = _retire(fleet, autotask_vendor="provisioner", provisioner_overrides=overrides)
    assert run.status != 0 and "works as the API user that is to be inactivated" in _said(run)
    assert _active(tenant, "Provisioner") == [True]


def test_an_integration_that_nothing_is_known_of(fleet: Fleet) -> None:
    run = _retire(fleet, autotask_integration="beecastel")
    assert run.status != 0 and 'Nothing is known of an integration "beecastel"' in _said(run).replace("\\", "")
    fleet.bare = True
    blind = _retire(fleet, autotask_integration="beecastle", autotask_apply_via="runsheet")
    assert blind.status != 0 and "its change tickets" not in _said(blind)
    assert "change tickets were not read, because there are no credentials for this tenant" in _said(blind)


def test_which_integration_has_to_be_said(fleet: Fleet) -> None:
    run = _retire(fleet, nothing_of_ours=True)
    assert run.status != 0 and "Name the integration with -e autotask_vendor" in _said(run)
