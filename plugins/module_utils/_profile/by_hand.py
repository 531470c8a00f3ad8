# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What only a person can do: what a profile lists, and what follows from it. Private to the collection."""

from __future__ import annotations

from collections.abc import Sequence

from .._catalogue.terms import admin_path
from .parts import Entry, impersonated, listed
from .resolved import Choices


def by_hand(data: Entry, parts: Sequence[Entry], users: Sequence[Entry], choices: Choices) -> list[dict[str, str]]:
    """What only a person can do: what the profile lists, and what follows from its users, addresses and impersonated levels."""
    found: list[dict[str, str]] = []
    for people in impersonated(data, parts):
        tick = f'tick "{people["setting"]}" in the section "Web Services API"'
        for name in choices.impersonated_levels or [""]:
            which = f'In the security level "{name}"' if name else f"In the security levels of {people['whose']}"
            how = "A system level can't be changed: copy it, tick the box in the copy, and give the copy to its people."
            found.append({"where": f"Autotask, {admin_path()} > Security Levels", "text": f"{which}: {tick}. {how}"})
    for user in users:
        if user.get("protected_data") in ("view", "edit"):
            name, column = f"{user['first_name']} {user['last_name']}", f"{user['protected_data'].title()} Protected Data"
            where = f"Autotask, {admin_path()} > Security > Protected Data Permission"
            more = ', and clear "Edit Protected Data"' if user["protected_data"] == "view" else ""
            found.append(
                {"where": where, "text": f'In the row of the API user "{name}", tick "{column}"{more}. Lesser columns are ticked with it.'}
            )
    addresses = choices.overrides.get("ip_addresses") or listed(data, parts, "ip_addresses")
    if addresses:
        found.append({"where": "Autotask", "text": f"If the tenant restricts where API users sign in from, allow {', '.join(addresses)}."})
    return found + [dict(entry) for entry in listed(data, parts, "manual_steps")]
