# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One tenant's provisioner, given to another by mistake: by the playbook that records it, and by a copied file."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.sandboxes import Tenant

from .running import Fleet, Run


def _record(fleet: Fleet, tenant: Tenant, access: Mapping[str, Any]) -> Run:
    noted = {"autotask_noted_key": "user_name", "autotask_noted_secret": "secret", "autotask_noted_code": "integration_code"}
    variables = {variable: access[name] for variable, name in noted.items()}
    return fleet.playbook("msp.autotask.record_credentials", "-l", tenant.slug, autotask_integration="provisioner", **variables)


def _folder(fleet: Fleet, tenant: Tenant) -> Path:
    return fleet.folder / "credentials" / tenant.slug


def test_the_provisioner_of_one_tenant_does_nothing_on_another(fleet: Fleet) -> None:
    mine, other = fleet.tenants[:2]
    fleet.tenants, fleet.bare = [mine, other], True
    assert _record(fleet, other, other.access).status == 0

    mistaken = _record(fleet, mine, other.access)
    assert mistaken.status != 0 and f'recorded for the tenant "{other.slug}"' in mistaken.output
    assert other.access["secret"] not in mistaken.output and not _folder(fleet, mine).exists()

    _folder(fleet, mine).mkdir()
    copied = _folder(fleet, mine) / "provisioner.yml"
    shutil.copy(_folder(fleet, other) / "provisioner.yml", copied)
    tickets = len(other.control("GET", "records/Tickets"))
    run = fleet.provision("-l", mine.slug)
    assert run.status != 0 and f'of the tenant "{other.slug}", not of "{mine.slug}"' in run.output
    assert f"set autotask_tenant: {other.slug}" in run.output and len(other.control("GET", "records/Tickets")) == tickets

    copied.unlink()
    assert _record(fleet, mine, mine.access).status == 0
    both = fleet.provision()
    assert both.status == 0, both.output
    assert [fleet.entry(tenant)["state"] for tenant in (mine, other)] == ["pending", "pending"]
