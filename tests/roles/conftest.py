# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Fleets of the sandbox's tenants, and the collection's playbooks run on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sandboxes import Tenant, take

from .running import Fleet


@pytest.fixture
def fleet(spare_tenants: list[Tenant], tmp_path: Path) -> Fleet:
    """Two tenants that no other test has: the first lists the integration vendor BeeCastle - CRM, the second doesn't."""

    def lists(tenant: Tenant) -> bool:
        return "BeeCastle - CRM" in tenant.access["integration_vendors"]

    return Fleet([take(spare_tenants, lists), take(spare_tenants, lambda one: not lists(one))], tmp_path)
