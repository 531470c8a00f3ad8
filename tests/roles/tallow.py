# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An invented vendor with a level of every kind, and what the sandbox has to hold of each of its cells afterwards."""

from __future__ import annotations

from typing import Any

import yaml

from sandbox import editor
from tests.sandbox.people import copy_level, sign_in
from tests.sandboxes import Tenant

from .running import Fleet

Cells = dict[str, Any]

PROFILE: dict[str, Any] = {
    "profile": 2,
    "integration": "tallow",
    "vendor": "Tallow",
    "security_levels": [
        {
            "key": "main",
            "name": "Tallow Main",
            "baseline": "copy",
            "sections": {"Reports": "No Permission"},
            "settings": {
                "CRM": {"Contacts": {"Add": "No"}},
                "Service Desk": {"Tickets": {"Delete": "None"}},
                "Other": {"Can export Grid Data": False},
            },
        },
        {"key": "second", "name": "Tallow Second", "copy_of_key": "main", "settings": {"Contracts": {"Contract Visibility": "Limited"}}},
        {"key": "limited", "name": "Tallow Limited", "baseline": "copy", "webhooks": {"maximum": 0, "bound": "exact"}},
        {"key": "closed", "name": "Tallow Closed", "baseline": "copy", "sections": {"Other": "No Permission"}},
        {
            "key": "strict",
            "name": "Tallow Strict",
            "baseline": "none",
            "settings": {"CRM": {"Customer & Cancelation": "All"}},
            "webhooks": {"maximum": 5, "bound": "exact"},
        },
    ],
    "api_users": [
        {
            "key": key,
            "first_name": "Tallow",
            "last_name": last_name,
            "security_level": level,
            "tracking_identifier": {"internal_integration_name": "Tallow"},
        }
        for key, last_name, level in (
            ("main", "API", "strict"),
            ("second", "Second", "second"),
            ("limited", "Limited", "limited"),
            ("closed", "Closed", "closed"),
        )
    ],
    "handover": {"to": "Tallow", "fields": []},
}
# What a tenant wants besides, once its levels are live: in a copy, one more low value in each of two sections.
LATER = {"security_levels": {"main": {"settings": {"Inventory": {"Products": {"Add": "No"}}, "Other": {"Can access News Feed": False}}}}}

NO_WEBHOOKS = {"Other|Webhooks|Can create Webhooks|": False, "Other|Webhooks|Maximum number of Webhooks|": 0}
WEBHOOKS = {"Other|Webhooks|Can create Webhooks|": True, "Other|Webhooks|Maximum number of Webhooks|": 7}
MAIN = {
    "CRM|Object Permissions|Contacts|Add": "No",
    "Service Desk|Object Permissions|Tickets|Delete": "None",
    "Other|Miscellaneous|Can export Grid Data|": False,
    **{key: cell.least for key, cell in editor.cells_by_key().items() if key.startswith("Reports|")},
    "Timesheets|Feature Access|Can access Time Off and Payroll reports|": False,  # it needs a box of Reports
}
STRICT = {
    "CRM|Organization & Contact Access|Customer & Cancelation|": "All",
    "Web Services API|Feature Access|Can login to Web Services API (Access to version 1.6 & later is limited to API User security levels)|": True,
    "Other|Webhooks|Can create Webhooks|": True,
    "Other|Webhooks|Maximum number of Webhooks|": 5,
}
MAIN_LATER = {"Inventory|Object Permissions|Products|Add": "No", "Other|Miscellaneous|Can access News Feed|": False}


def by_hand(tenant: Tenant, name: str, changes: Cells | None = None) -> Cells:
    """A copy of the system level that somebody made and changed no more of than this; returns its cells."""
    tab = sign_in(tenant)
    copy_level(tab, name)
    tab.put((), "Active", "", True)
    tab.press("Save & Close")
    if changes:
        tenant.set_cells(changes, name)
    return dict(tenant.level(name)["cells"])


def written(fleet: Fleet) -> str:
    """The path of the profile, which is written there."""
    path = fleet.folder / "tallow.yml"
    path.write_text(yaml.safe_dump(PROFILE))
    return str(path)


def expected(copied: Cells, later: bool = False) -> dict[str, Cells]:
    """Every cell of every level, where a plain copy has these."""
    least = {key: cell.least for key, cell in editor.cells_by_key().items()}
    more = MAIN_LATER if later else {}
    return {
        "Tallow Main": {**copied, **MAIN, **more},
        "Tallow Second": {**copied, **MAIN, **more, "Contracts||Contract Visibility|": "Limited", **NO_WEBHOOKS},
        "Tallow Limited": {**copied, **NO_WEBHOOKS},
        "Tallow Closed": {**copied, **{key: value for key, value in least.items() if key.startswith("Other|")}},
        "Tallow Strict": {**least, **STRICT},
    }


def differences(tenant: Tenant, wanted: dict[str, Cells]) -> dict[str, tuple[Any, Any]]:
    """The cells that the sandbox stored otherwise: what is there, and what should be."""
    found = {}
    for name, cells in wanted.items():
        level = tenant.level(name)
        assert level["active"] is True
        for key in sorted({*cells, *level["cells"]}):
            if level["cells"].get(key) != cells.get(key):
                found[f"{name}: {key}"] = (level["cells"].get(key), cells.get(key))
    return found
