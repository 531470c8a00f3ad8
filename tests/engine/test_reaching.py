# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who may do everything, and what has to be so first, is told wherever somebody looks: while it runs, in tickets and run sheets, in the result."""

from __future__ import annotations

from typing import Any

import pytest

from .running import House, entry_of, profile

NEEDED = "The company needs a country."
FIRST = f"Needed first: {NEEDED}"
EVERYTHING = 'The level "Tinsel API" is made as a copy of "API User (system)": its users may do everything that an API user can, but what the copy takes away.'
WITH_SYSTEM_LEVEL = 'The API user "Tinsel API" may do everything that an API user can: its level is "API User (system)".'


def system_level() -> dict[str, Any]:
    """A profile without a level of its own."""
    found = profile("tinsel", prerequisites=[{"text": NEEDED}])
    del found["security_levels"]
    del found["api_users"][0]["security_level"]
    return {**found, "api_users": [{**found["api_users"][0], "system_level": "API User (system)", "expect": {}}]}


@pytest.mark.parametrize(
    ("vendor", "line"), [(profile("tinsel", prerequisites=[{"text": NEEDED}]), EVERYTHING), (system_level(), WITH_SYSTEM_LEVEL)]
)
@pytest.mark.parametrize("apply_via", ["ticket", "runsheet"])
def test_what_somebody_should_know_reaches_everybody(house: House, apply_via: str, vendor: dict[str, Any], line: str) -> None:
    house.options["apply_via"] = apply_via
    asked = house.ensure(vendor)
    [ticket] = house.tickets("tinsel") or [{}]
    sheets = [path.read_text() for path in (house.folder / "runsheets").glob("*.md")]
    of_people = ticket.get("description", "") + "".join(sheets)
    away = ['The level "Tinsel API" takes away: Service Desk > Object Permissions > Tickets > Delete.'] if line == EVERYTHING else []
    for text in (FIRST, line, *away):
        assert text in of_people and text in entry_of(asked, "tinsel")["remarks"] and any(text in said for said in house.said)
    house.finish()
    settled = entry_of(house.ensure(), "tinsel")
    assert settled["state"] == "done" and {FIRST, line} <= set(settled["remarks"])


@pytest.mark.parametrize("level", [{"baseline": "none"}, {"copy_of": "Level of ours"}])
def test_nobody_is_said_to_do_everything_who_may_not_or_of_whom_nobody_knows(house: House, level: dict[str, Any]) -> None:
    house.by_hand("Level of ours")
    remarks = entry_of(house.ensure(profile("tinsel", level=level)), "tinsel")["remarks"]
    assert not [text for text in remarks if "may do" in text]
