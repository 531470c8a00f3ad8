# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A level as the console shows it, written as a profile: what somebody made by hand becomes code. Private to the collection."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .._catalogue.model import Catalogue, Value
from .._documents.security_level import render_settings
from .._documents.webhook_limit import CAN_CREATE_WEBHOOKS, MAXIMUM_WEBHOOKS, WEBHOOK_CELLS
from .old_form import VERSION

LONGEST_KEY = 30


def profile_of(name: str, cells: Mapping[str, Value], users: Sequence[Mapping[str, Any]], catalogue: Catalogue) -> dict[str, Any]:
    """A profile with this level and its API users (as REST shows them). A level without users gets one that is named after it.

    Cells at their least permissive value are left out, because that is what baseline `none` gives them.
    """
    granted = {
        cell_id: value
        for cell_id, value in cells.items()
        if cell_id in catalogue.by_cell and cell_id not in WEBHOOK_CELLS and value != catalogue.least[cell_id]
    }
    level: dict[str, Any] = {"key": "main", "name": name, "settings": render_settings(granted, catalogue)}
    if cells.get(CAN_CREATE_WEBHOOKS) is True:
        level["webhooks"] = {"maximum": int(cells.get(MAXIMUM_WEBHOOKS) or 0)}
    people = [{"first_name": str(user["first_name"]), "last_name": str(user["last_name"])} for user in users] or [
        {"first_name": name[:50], "last_name": "API"}
    ]
    return {
        "profile": VERSION,
        "integration": re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:LONGEST_KEY].strip("-") or "level",
        "vendor": name,
        "guides": [{"title": f"The security level {name}, as the console showed it"}],
        "security_levels": [level],
        "api_users": [
            {
                "key": "main" if number == 1 else f"user-{number}",
                **person,
                "security_level": "main",
                "tracking_identifier": {"internal_integration_name": name[:50]},
            }
            for number, person in enumerate(people, start=1)
        ],
    }
