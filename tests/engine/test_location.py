# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an API user's page offers to choose from: what the tenant doesn't have is refused before anybody is asked to choose it."""

from __future__ import annotations

import pytest

from .running import House, entry_of, profile


@pytest.mark.parametrize("check", [False, True], ids=["", "check"])
def test_a_location_that_the_tenant_does_not_have_stops_the_run_before_anything_is_written(check: bool, house: House) -> None:
    before = house.state(), house.files()
    result = house.ensure(profile("tinsel"), {"profile": profile("wicker"), "location": "Headquarter"}, check=check)
    assert result.get("code") == "unknown_location", result
    assert 'wicker > location: the tenant has no internal location "Headquarter". Nearest: "Headquarters".' in result["msg"]
    assert (house.state(), house.files()) == before


def test_a_location_is_compared_as_people_read_it(house: House) -> None:
    assert house.ensure(profile("tinsel"), location="  HEADQUARTERS ")["pending"]


def test_that_a_line_of_business_was_not_looked_up_is_said_until_the_user_is_there(house: House) -> None:
    entry = {"profile": profile("tinsel"), "lines_of_business": ["Managed Services"]}
    [warning] = house.ensure(entry)["warnings"]
    assert '"Managed Services" was not looked up' in warning and warning.startswith(house.tenant.slug)
    house.work()
    done = house.ensure()
    assert entry_of(done, "tinsel")["state"] != "pending" and not [one for one in done["warnings"] if "looked up" in one]
