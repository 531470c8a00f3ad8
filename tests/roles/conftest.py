# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Fleets of the sandbox's tenants, and the collection's playbooks run on them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandboxes import Tenant

from .running import Fleet


@pytest.fixture
def fleet(spare_tenants: Iterator[Tenant], tmp_path: Path) -> Fleet:
    """Two tenants that no other test has: the first lists the integration vendor BeeCastle - CRM, the second doesn't."""
    listing = next(one for one in spare_tenants if "BeeCastle - CRM" in one.access["integration_vendors"])
    other = next(one for one in spare_tenants if "BeeCastle - CRM" not in one.access["integration_vendors"])
    return Fleet([listing, other], tmp_path)
