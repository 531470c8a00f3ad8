# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Clients of the sandbox's tenants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._rest.client import Client, Credentials, Settings
from tests.sandboxes import Sandbox, Tenant, control

Make = Callable[..., Client]


@pytest.fixture
def make(tenant: Tenant, tmp_path: Path) -> Make:
    """Makes clients that work as the tenant's provisioner, with other settings where they are given."""

    def client(**settings: Any) -> Client:
        access = tenant.access
        credentials = Credentials(access["user_name"], access["secret"], access["integration_code"])
        return Client(credentials, Settings(**{"discovery_url": access["discovery_url"], "cache_dir": str(tmp_path / "cache"), **settings}))

    return client


@pytest.fixture
def fault(sandbox: Sandbox) -> Iterator[Callable[[str], None]]:
    """Lets something go wrong in the sandbox; it is all over after the test."""
    yield lambda spec: sandbox.control("POST", "faults", {"spec": spec})
    sandbox.control("DELETE", "faults")


@pytest.fixture
def passed(tenant: Tenant) -> Callable[[], list[str]]:
    """The tenant's requests so far, such as `GET Version`."""

    def requests() -> list[str]:
        sent = control(tenant.address, "GET", f"requests?tenant={tenant.slug}")
        return [f"{one['method']} {one['path'].lower().partition('/v1.0/')[2]}" for one in sent]

    return requests
