# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A profile as options of modules. Private to the collection."""

from __future__ import annotations

from typing import Any

from .._catalogue.model import Catalogue
from .._documents.copied_levels import flattened
from .._documents.security_level import Level, render_settings
from .resolved import Profile


def rendered(profile: Profile, catalogue: Catalogue) -> dict[str, Any]:
    """The profile as the role integration takes it: everything chosen, every label in its catalogue's spelling."""
    data = profile.data
    return {
        "integration": data["integration"],
        "vendor": data["vendor"],
        "product": data.get("product", ""),
        "guides": [dict(guide) for guide in data.get("guides") or []],
        "security_levels": [
            {
                "key": one.key,
                **_rendered_level(one.level, catalogue),
                "copied_from": list(one.copied_from),
                "webhooks": dict(one.webhooks) if one.webhooks else None,
            }
            for one in profile.levels
        ],
        "api_users": [dict(user) for user in profile.users],
        "prerequisites": [{"check": "", **entry} for entry in profile.prerequisites],
        "manual_steps": [dict(entry) for entry in profile.manual_steps],
        "handover": dict(profile.handover),
        "common_issues": [{"checks": [], "fix": "", **entry} for entry in data.get("common_issues") or []],
        "sources": [dict(entry) for entry in data.get("sources") or []],
        "incomplete": list(data.get("incomplete") or []),
        "missing": [missing.text for missing in profile.missing],
    }


def _rendered_level(level: Level, catalogue: Catalogue) -> dict[str, Any]:
    source = flattened(level.source, catalogue) if level.source else None
    return {
        "name": level.name,
        "copy_of": level.copy_of,
        "baseline": level.baseline,
        "sections": dict(level.sections),
        "settings": render_settings(level.cells, catalogue),
        "source": {key: _rendered_level(source, catalogue)[key] for key in ("baseline", "sections", "settings")} if source else None,
    }
