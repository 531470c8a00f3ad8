# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Webhook limits: exactly so many, or at least so many."""

from __future__ import annotations

import pytest

from .running import House, profile

CAN_CREATE = "Other|Webhooks|Can create Webhooks|"
MAXIMUM = "Other|Webhooks|Maximum number of Webhooks|"


def limit(house: House) -> tuple[object, object]:
    """What the level holds of webhooks."""
    level = house.level("Tinsel API")
    assert level
    return level.cells[CAN_CREATE], level.cells[MAXIMUM]


@pytest.mark.parametrize("apply_via", ["ticket", "runsheet"])
@pytest.mark.parametrize(("there", "minimum", "exact"), [(50, 50, 10), (10, 10, 10), (3, 10, 10), (None, 10, 10)])
def test_a_larger_number_stays_where_more_is_fine(house: House, apply_via: str, there: int | None, minimum: int, exact: int) -> None:
    if there:
        house.by_hand("Tinsel API", {CAN_CREATE: True, MAXIMUM: there})
    for bound, number in (("minimum", minimum), ("exact", exact)):
        house.options = {"apply_via": apply_via}
        asked = house.ensure(profile("tinsel", level={"webhooks": {"maximum": 10, "bound": bound}}))
        assert not asked.get("failed"), asked
        house.finish()
        assert limit(house) == (True, number)
        assert not house.ensure()["pending"]
