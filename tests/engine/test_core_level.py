# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The core module of a level, on its own."""

from __future__ import annotations

from ansible_collections.msp.autotask.plugins.modules import autotask_security_level

from .running import House


def test_what_the_editor_only_shows_is_remarked_on(house: House) -> None:
    inventory = {"Inventory": {"Products": {"View": "All", "Add": True, "Edit": "All"}}}
    planned = house.run(autotask_security_level, check=True, integration="tinsel", name="Tinsel API", settings=inventory)
    assert planned["remarks"] == [
        "Inventory > Object Permissions > Products > Edit is not set by itself: the editor shows what Add says, as it is wanted."
    ]
    assert house.run(autotask_security_level, check=True, integration="tinsel", name="Tinsel API")["remarks"] == []
