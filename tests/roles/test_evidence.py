# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The playbook that keeps evidence: a folder for each tenant and day below the fleet's, and nothing written in Autotask."""

from __future__ import annotations

import hashlib
import json

from tests.sandboxes import control

from .running import Fleet


def test_a_bundle_for_each_tenant_of_what_is_listed_for_it(fleet: Fleet) -> None:
    fleet.variables["autotask_vendors"] = ["beecastle", "guardz"]
    fleet.variables["guardz_lines_of_business"] = ["Managed Services"]
    run = fleet.playbook("msp.autotask.evidence", autotask_evidence_date="2026-11-26")
    assert run.status == 0, run.output
    for tenant in fleet.tenants:
        bundle = fleet.folder / "evidence" / tenant.slug / "2026-11-26"
        assert f"The evidence bundle is in {bundle}." in run.output
        found = json.loads((bundle / "evidence.json").read_text())
        assert [one["integration"] for one in found["integrations"]] == ["beecastle", "guardz"] and found["tenant"] == tenant.slug
        hashes = json.loads((bundle / "manifest.json").read_text())["files"]
        assert {name: hashlib.sha256((bundle / name).read_bytes()).hexdigest() for name in ("evidence.json", "index.html")} == hashes
        assert tenant.access["secret"] not in "".join(path.read_text() for path in bundle.iterdir())
        requests = control(tenant.address, "GET", f"counts?tenant={tenant.slug}")
        assert all(kind["method"] == "GET" or kind["endpoint"].endswith(("query", "count")) for kind in requests), requests
