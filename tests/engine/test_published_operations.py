# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the collection sends to REST is in the vendor's list of all operations.

Needs the published list: set AUTOTASK_REFERENCE to the folder that has `vendor-api/`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from ansible_collections.msp.autotask.plugins.modules import (
    autotask_access_info,
    autotask_change_info,
    autotask_tenant_info,
    autotask_webhook_info,
)

from .running import House, entries, profile

REFERENCE = os.environ.get("AUTOTASK_REFERENCE")
VENDORS = ("beecastle", "onestream", "work365", "salesbuildr")
READERS = (
    (autotask_access_info, {}),
    (autotask_change_info, {"integration": VENDORS[0]}),
    (autotask_tenant_info, {"integrations": list(VENDORS)}),
    (autotask_webhook_info, {"limits": {"BeeCastle API": 20}}),
)
WRITES = {
    "PATCH Resources",
    "POST Tickets",
    "PATCH Tickets",
    "POST Tickets/{id}/ChecklistItems",
    "PATCH Tickets/{id}/ChecklistItems",
    "DELETE Tickets/{id}/ChecklistItems/{id}",
    "POST Tickets/{id}/Notes",
}
"""All that changes something."""


def operations() -> set[str]:
    """Every operation as the sandbox counts it: the method, and the address without its version, ids as `{id}`."""
    text = (Path(REFERENCE or "") / "vendor-api" / "operations-2026-08.txt").read_text(encoding="utf-8")
    return {re.sub(r"\{\w+\}", "{id}", line).replace("/V1.0/", "") for line in text.splitlines()}


@pytest.mark.skipif(REFERENCE is None, reason="AUTOTASK_REFERENCE is not set: no list to hold the requests against")
def test_only_published_operations_are_used(listing: House) -> None:
    listing.ensure(profile("tinsel"))
    listing.ensure(profile("tinsel", level={"settings": {}}))  # a step is not needed any more
    listing.ensure(*VENDORS)
    listing.employee.tick(VENDORS[0])
    listing.ensure()  # what was ticked off without being done is asked for again
    listing.set_up()
    for reader, options in READERS:
        found = listing.run(reader, **options)
        assert not found.get("failed"), found
    assert listing.diagnose()["diagnoses"]
    listing.rotate()
    listing.work()
    assert set(entries(listing.rotate()).values()) == {"done"}
    listing.ensure(*({"integration": vendor, "state": "absent"} for vendor in VENDORS))
    listing.work()
    assert set(entries(listing.ensure()).values()) == {"done"}
    used = set(listing.requests())
    print(f"{len(used)} operations: {', '.join(sorted(used))}")
    assert used - operations() == set()
    assert {one for one in used if not one.startswith("GET ") and "/query" not in one} == WRITES
