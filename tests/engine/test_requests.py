# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a run costs of the hourly requests that all integrations of a tenant share."""

from __future__ import annotations

from collections import Counter

from .running import House, entries

VENDORS = ("beecastle", "onestream", "work365", "salesbuildr")
ALL = (*VENDORS, {"profile": "guardz", "lines_of_business": ["Cloud"]})
# A tenth above what it was when this was written: what is read once must not come to be read for each vendor.
FIRST, SETTLED, CHECKED = 200, 11, 7


def spent(house: House, before: Counter[str]) -> Counter[str]:
    """The requests since then."""
    return house.requests() - before


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
    assert {kind: count for kind, count in spent(listing, before).items() if count > 1 and "EntityInformation" not in kind} == {}
