# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a run costs of the hourly requests that all integrations of a tenant share."""

from __future__ import annotations

from collections import Counter

from ansible_collections.msp.autotask.plugins.module_utils._rest.activity import WRITTEN
from ansible_collections.msp.autotask.plugins.modules import autotask_evidence

from .running import House, entries

VENDORS = ("beecastle", "onestream", "work365", "salesbuildr")
ALL = (*VENDORS, {"profile": "guardz", "lines_of_business": ["Cloud"]})
# A tenth above what it was when this was written: what is read once must not come to be read for each vendor.
FIRST, SETTLED, CHECKED = 215, 11, 13


def spent(house: House, before: Counter[str]) -> Counter[str]:
    """The requests since then."""
    return house.requests() - before


def twice(found: Counter[str]) -> dict[str, int]:
    """What was asked for more than once, but for what each user is asked about its own rights."""
    return {kind: count for kind, count in found.items() if count > 1 and "EntityInformation" not in kind}


def test_requests_of_five_vendors_on_one_tenant(listing: House) -> None:
    before = listing.requests()
    assert set(entries(listing.ensure(*ALL, check=True)).values()) == {"planned"}
    checked, before = spent(listing, before), listing.requests()
    listing.ensure()
    first = spent(listing, before)
    listing.work()
    assert set(entries(listing.ensure()).values()) == {"done"}
    before = listing.requests()
    assert not listing.ensure()["changed"]
    settled = spent(listing, before)
    for name, found in (("check mode", checked), ("first run", first), ("settled run", settled)):
        print(f"{name}: {found.total()} requests, {dict(found.most_common())}")
    assert checked.total() <= CHECKED and first.total() <= FIRST and settled.total() <= SETTLED


def test_a_settled_run_asks_for_nothing_twice_but_whose_own_rights(listing: House) -> None:
    listing.set_up(*VENDORS)
    before = listing.requests()
    listing.ensure()
    assert twice(spent(listing, before)) == {}


def test_a_rotation_of_several_reads_the_tenant_once(listing: House) -> None:
    listing.set_up(*VENDORS)
    before = listing.requests()
    assert set(entries(listing.rotate(check=True)).values()) == {"planned"}
    of_touched = {f"GET {entity}/query": len(VENDORS) for entity in WRITTEN}
    found = twice(spent(listing, before))
    assert all(count <= of_touched.get(kind, 0) + 1 for kind, count in found.items()), found
    listing.rotate()
    before = listing.requests()
    assert set(entries(listing.rotate(check=True)).values()) == {"planned"}
    assert twice(spent(listing, before)) == {}


def test_evidence_of_several_costs_little_more_than_a_settled_run(listing: House) -> None:
    """Autotask's version, and of all tickets at once who ticked off what, when they were completed, and who these people are."""
    listing.set_up(*VENDORS)
    before = listing.requests()
    listing.ensure()
    settled, before = spent(listing, before), listing.requests()
    listing.run(autotask_evidence, evidence_folder=str(listing.folder / "evidence"))
    found = spent(listing, before)
    assert found.total() <= settled.total() + 4


def test_a_diagnosis_of_several_reads_the_tenant_once(listing: House) -> None:
    """How many records a user sees is counted for each of them."""
    listing.set_up(*VENDORS)
    before = listing.requests()
    assert len(listing.diagnose()["diagnoses"]) == len(VENDORS)
    assert {kind for kind in twice(spent(listing, before)) if not kind.endswith("/query/count")} == set()
