# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The ledgers of the guides, and the profiles that they are held against, as they are written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import ROOT

VENDORS = ("beecastle", "onestream", "work365", "salesbuildr", "guardz")
# What names the profile, or holds it together; nothing that a guide could ask for.
FRAME = ("profile", "integration", "vendor", "product", "guides", "sources")
GLUE = ("key", "when", "default")


def ledger(vendor: str) -> dict[str, Any]:
    """The ledger of a vendor's guide."""
    return dict(yaml.safe_load((Path(__file__).parent / "ledger" / f"{vendor}.yml").read_text()))


def rows(vendor: str) -> list[dict[str, Any]]:
    """The rows of a ledger, each with the part of the guide that it stands in."""
    return [{"part": part, **row} for part, listed in ledger(vendor)["steps"].items() for row in listed]


def profile_path(vendor: str) -> Path:
    """The file of a vendor's profile."""
    return ROOT / "roles" / vendor / "files" / "profile.yml"


def profile(vendor: str) -> dict[str, Any]:
    """A vendor's profile, as it is written."""
    return dict(yaml.safe_load(profile_path(vendor).read_text()))


def values(data: dict[str, Any]) -> set[str]:
    """The places of all that a profile asks for. Lists of texts, hand-over fields, issues and the like count as one value each."""
    return {" > ".join(place) for key, content in data.items() if key not in FRAME for place in _values(content, (key,))}


def _values(content: Any, place: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    entries = isinstance(content, list) and all(isinstance(entry, dict) for entry in content)
    if entries and "key" in (content[0] if content else {}):
        for entry in content:
            inside = {
                name: value for name, value in entry.items() if name not in GLUE and (place[0], name) != ("optional", "security_level")
            }
            yield from _values(inside, (*place, entry["key"]))
    elif entries:
        yield from ((*place, str(number)) for number in range(1, len(content) + 1))
    elif isinstance(content, dict) and place[-1] not in ("expect", "impersonated_levels"):
        for name, value in content.items():
            yield from _values(value, (*place, str(name)))
    else:
        yield place


def source(data: dict[str, Any], place: str) -> str:
    """How the sources of a profile say that a value is known."""
    covering = [entry for entry in data["sources"] if f"{place} > ".startswith(f"{entry['at']} > ")]
    return str(max(covering, key=lambda entry: len(entry["at"]))["source"]) if covering else "guide"


def named(row: dict[str, Any]) -> list[str]:
    """The values of the profile that a row names."""
    places = row.get("of", [])
    return places if isinstance(places, list) else [places]
