# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The ledgers of the guides against the profiles: nothing that a profile asks for may be claimed of a guide without a row in its ledger."""

from __future__ import annotations

import pytest

from . import checks, ledgers
from .ledgers import VENDORS


@pytest.mark.parametrize("vendor", VENDORS)
def test_every_row_has_a_check(vendor: str) -> None:
    faults = {f"{row['part']}: {row['says']}": checks.fault(row) for row in ledgers.rows(vendor)}
    assert {row: fault for row, fault in faults.items() if fault} == {}
    assert {row["tenant"] for row in ledgers.rows(vendor) if "tenant" in row} <= set(ledgers.ledger(vendor)["tenants"])


@pytest.mark.parametrize("row", [{}, {"stepp": "a"}, {"step": "a", "manual_steps": "b"}, {"cell": "a"}, {"step": "a", "is": "b"}])
def test_a_row_with_another_check_is_noticed(row: checks.Row) -> None:
    assert checks.fault({"part": "", "says": "", **row})


@pytest.mark.parametrize("vendor", VENDORS)
def test_rows_name_values_of_the_profile(vendor: str) -> None:
    known = ledgers.values(ledgers.profile(vendor))
    assert [place for row in ledgers.rows(vendor) for place in ledgers.named(row) if place not in known] == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_no_row_names_is_not_the_guides(vendor: str) -> None:
    profile = ledgers.profile(vendor)
    named = {place for row in ledgers.rows(vendor) for place in ledgers.named(row)}
    assert [place for place in sorted(ledgers.values(profile) - named) if ledgers.source(profile, place) == "guide"] == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_a_row_names_is_the_guides(vendor: str) -> None:
    profile = ledgers.profile(vendor)
    rows = [(row, place) for row in ledgers.rows(vendor) for place in ledgers.named(row)]
    assert [place for row, place in rows if (ledgers.source(profile, place) == "assumed") != ("assumed" in row)] == []
