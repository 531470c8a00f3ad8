# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Names as people see them: what a tenant has is found, so nothing is asked for a second time, and what is wrong is told under the name that they gave it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from .running import House, entries, plan_of, profile

ODD = {"two blanks": "Tinsel  API", "a blank that doesn't break": "Tinsel\u00a0API", "what nobody sees": "Tinsel\u200b API\u2060"}


@pytest.mark.parametrize("kind", ODD)
def test_a_level_and_a_user_are_found(kind: str, house: House) -> None:
    house.set_up(profile("tinsel"))
    level, tenant = house.level("Tinsel API"), house.employee.tenant.id
    assert level
    house.store.save_level(replace(level, name=ODD[kind]))
    [user] = [one for one in house.store.api_users(tenant) if one.name == "Tinsel API"]
    first, last = ODD[kind].replace("\u00a0", " ").split(" ", 1)
    house.store.update(tenant, "Resources", user.id, {"firstName": f"{first}\u00a0", "lastName": last})
    before = house.state()
    result = house.ensure()
    assert entries(result) == {"tinsel": "done"} and not result["changed"] and plan_of(result["integrations"][0]) == []
    found = house.diagnose()
    assert house.state() == before and not found.get("failed"), found
    verdicts = {one["check"]: one["verdict"] for of_user in found["diagnoses"] for one in of_user["findings"]}
    assert verdicts["user_active"] == verdicts["security_level"] == "fine", verdicts
    assert not house.rotate(check=True).get("failed") and entries(house.ensure({"profile": profile("tinsel"), "state": "absent"}))


def test_what_two_integrations_want_is_told_however_it_is_written(house: House) -> None:
    other = profile("wicker", level={"name": "Tinsel  API"}, user={"first_name": "Tinsel "})
    result = house.ensure(profile("tinsel"), other)
    assert [error["code"] for error in result["errors"]] == ["claimed_twice"] * 2


def test_places_and_queues_are_found(house: House) -> None:
    """Where the tenant's word has the same letters in another Unicode form, or a blank more."""
    tenant = house.employee.tenant.id
    house.set_up(profile("tinsel"))
    [place] = [one for one in house.store.query(tenant, "InternalLocations") if one["name"] == "Headquarters"]
    house.store.update(tenant, "InternalLocations", place["id"], {"name": "Head\u200bquarters "})
    house.options |= {"ticket": {"queue": " Admini\u00adstration"}}
    result = house.ensure()
    assert not result.get("failed"), result["msg"]
    assert entries(result) == {"tinsel": "done"} and not result["changed"]


@pytest.mark.parametrize("lines", [[], [""], ['Clo"ud'], ["Cloud\u200b"]], ids=["none", "without a name", "quotes", "what nobody sees"])
def test_what_is_wrong_is_told_where_people_have_written_it(lines: list[str], listing: House) -> None:
    called = {"lines_of_business": "guardz_lines_of_business", "email": "guardz_email", "overrides": "guardz_overrides"}
    entry = {"profile": "guardz", "lines_of_business": lines, "variables": called}
    result = listing.ensure(entry)
    assert result["failed"] and result["msg"].startswith("guardz_lines_of_business: ") and "\n" not in result["msg"]
    wrong = listing.ensure({**entry, "email": "nobody", "overrides": {"colour": "blue"}})
    assert wrong["msg"].startswith("guardz_overrides > colour: ")
    assert listing.requests() == {}
