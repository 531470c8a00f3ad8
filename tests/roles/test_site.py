# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Several playbooks in one run, on two vendors: what one of them knew must not become what another one writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from tests.sandboxes import Tenant

from .running import Fleet, Run

VENDORS = ("beecastle", "salesbuildr")
Content = dict[str, Any]

PROVISION = ("provision", {"autotask_vendors": list(VENDORS)})
PROVISION_BEECASTLE = ("provision", {"autotask_vendors": ["beecastle"]})
RECORD = ("record_credentials", {"autotask_integration": "beecastle", "autotask_prove_retries": 0})
ROTATE = ("rotate", {"autotask_vendor": "beecastle", "autotask_rotation": "2026-11"})
DIAGNOSE = ("diagnose", {"autotask_vendor": "beecastle"})
DIAGNOSE_OTHER = ("diagnose", {"autotask_vendor": "salesbuildr"})
RETIRE = ("retire", {"autotask_vendor": "salesbuildr"})
BEGIN = ("new_profile", {"autotask_profile": "site-vendor.yml"})
ORDERS = {
    "the one that leaves goes first": [RETIRE, PROVISION_BEECASTLE, ROTATE, RECORD],
    "it leaves between the others": [BEGIN, DIAGNOSE, PROVISION, ROTATE, DIAGNOSE_OTHER, RETIRE, RECORD, PROVISION_BEECASTLE],
}


def site(fleet: Fleet, entries: Sequence[tuple[str, dict[str, Any]]], *arguments: str, **variables: Any) -> Run:
    """Run playbooks of the collection one after the other in one run, as a user's `site.yml` does."""
    path = fleet.folder / "site.yml"
    path.write_text(yaml.safe_dump([{"ansible.builtin.import_playbook": f"msp.autotask.{name}", "vars": own} for name, own in entries]))
    return fleet.playbook(str(path), *arguments, **variables)


def kept(fleet: Fleet, tenant: Tenant) -> dict[str, Content]:
    """What lies in each file with secrets of a tenant."""
    folders = [fleet.folder / name / tenant.slug for name in ("credentials", "handover")]
    paths = [path for folder in folders for path in sorted(folder.glob("*.yml"))]
    return {f"{path.parent.parent.name}/{path.name}": fleet.unlocked(path) for path in paths}


def set_up(fleet: Fleet) -> None:
    """Both vendors, from nothing to the hand-over."""
    for worked_off in (False, True):
        run = fleet.playbook("msp.autotask.provision", autotask_vendors=list(VENDORS))
        assert run.status == 0, run.output
        if not worked_off:
            fleet.work()


def typed(credentials: Content) -> dict[str, str]:
    """The credentials as what somebody answers to the prompts of `record_credentials`."""
    names = {"autotask_noted_key": "user_name", "autotask_noted_secret": "secret", "autotask_noted_code": "integration_code"}
    return {variable: credentials.get(name, "") for variable, name in names.items()}


def test_in_several_orders_every_file_holds_what_is_its_own(fleet: Fleet) -> None:
    """On one tenant an order, one of them with a tracking identifier that only the vendor knows."""
    tenants = fleet.tenants
    [listing, _other] = tenants
    set_up(fleet)
    for tenant, (order, entries) in zip(tenants, ORDERS.items(), strict=True):
        fleet.tenants = [tenant]
        (fleet.folder / "site-vendor.yml").unlink(missing_ok=True)
        before = kept(fleet, tenant)
        assert sorted(before) == [f"{folder}/{vendor}.yml" for folder in ("credentials", "handover") for vendor in VENDORS]
        own = before["credentials/beecastle.yml"]
        assert ("integration_code" in own) is (tenant is not listing)
        assert (
            before["handover/beecastle.yml"]["fields"]["Secret"] == own["secret"] != before["handover/salesbuildr.yml"]["fields"]["Secret"]
        )
        run = site(fleet, entries, **typed(own))
        assert run.status == 0 and "That it was changed is attested" not in " ".join(run.output.split()), (order, run.output)
        # The rotation is asked for, so the secret that it will replace is kept; nobody has made a new one.
        left = {name: content for name, content in before.items() if "salesbuildr" not in name}
        assert kept(fleet, tenant) == {**left, "credentials/beecastle.previous.yml": own}, order
        assert {user["first_name"]: user["active"] for user in tenant.control("GET", "api-users")} == {
            "Provisioner": True,
            "BeeCastle": True,
            "Salesbuildr": False,
        }
        assert "Salesbuildr" not in str(
            [step for entry in _entries(fleet) for step in _steps(entry) if entry["integration"] == "beecastle"]
        )
    fleet.tenants = tenants
    _rotate(fleet, listing)


def _rotate(fleet: Fleet, listing: Tenant) -> None:
    """People make the new secrets, and the next run proves what it can."""
    old = {tenant.slug: kept(fleet, tenant)["credentials/beecastle.yml"] for tenant in fleet.tenants}
    assert fleet.work() >= 4 * len(fleet.tenants), fleet.said
    run = site(fleet, [PROVISION_BEECASTLE, ROTATE, PROVISION_BEECASTLE])
    assert run.status == 0, run.output
    for tenant in fleet.tenants:
        after = kept(fleet, tenant)
        new = after.pop("credentials/beecastle.yml")
        assert new == {**old[tenant.slug], "secret": new["secret"], "rotation": "2026-11"} and new["secret"] != old[tenant.slug]["secret"]
        assert after.pop("handover/beecastle.yml")["fields"]["Secret"] == new["secret"]
        # Without the identifier nobody has seen that the old one is dead, so it stays.
        assert after == ({"credentials/beecastle.previous.yml": old[tenant.slug]} if tenant is listing else {})


def _entries(fleet: Fleet) -> list[dict[str, Any]]:
    return [entry for tenant in fleet.report()["tenants"] for entry in tenant["integrations"]]


def _steps(entry: dict[str, Any]) -> list[str]:
    return [step["text"] for known in entry["objects"] for step in known["plan"]]
