# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which part of an evidence bundle speaks to which control: the table that each bundle has, too."""

from __future__ import annotations

from ansible_collections.msp.autotask.plugins.module_utils._evidence.controls import CONTROLS, PARTS

from .marks import table


def controls() -> str:
    """The table."""
    rows = [
        [f"{one.standard} {one.control}", one.about, ", ".join(PARTS[part] for part in one.parts), one.shows, one.lacks] for one in CONTROLS
    ]
    return table(["Control", "It is about", "Parts", "They show", "They don't show"], rows)
