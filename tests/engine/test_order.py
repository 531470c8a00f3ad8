# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A profile that changes while people have its ticket: the steps stand in the order in which they have to be done, whatever was there before."""

from __future__ import annotations

from random import Random

import pytest

from sandbox import editor

from .running import House, entries, profile
from .wanted_levels import some_level


@pytest.mark.parametrize("ticked", [0, 1, 4])
@pytest.mark.parametrize("seed", range(8))
def test_steps_of_a_changed_profile_stand_in_their_order(house: House, seed: int, ticked: int) -> None:
    """Steps that were ticked off have not been done here: all there is is the ticket."""
    source = house.level("API User (system)")
    assert source
    chance = Random(seed)
    house.ensure(profile("tinsel", level=some_level(chance).written(), user={"expect": {}}))
    for number in range(1, ticked + 1):
        house.employee.tick("tinsel", number)
    wanted = some_level(chance)
    house.ensure(profile("tinsel", level=wanted.written(), user={"expect": {}}))
    [ticket] = house.tickets("tinsel")
    items = house.store.query(house.employee.tenant.id, "TicketChecklistItems", ticketID=ticket["id"])
    assert len({item["position"] for item in items}) == len(items)
    of_level = [
        text for text, _done in house.steps("tinsel") if text.startswith("Level ") or "Security Level" in text.partition("choose ")[2]
    ]
    assert of_level[0].startswith("Open ") and of_level[-1].endswith("press Save & Close.")
    assert entries(house.finish()) == {"tinsel": "done"}
    level = house.level("Tinsel API")
    assert level and dict(level.cells) == wanted.stored(editor.copied_cells(source, True))
