# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The pages of docs/docsite/rst: whatever shows a collection's documentation with antsibull-docs takes them in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .readmes import described, in_order
from .vendor import PROVISIONER, Vendor

COLLECTION = "msp.autotask"
ENGINE = "integration"
MADE = ".. Made by `make docs`.\n"


def variables_page(roles: Path, vendors: Sequence[Vendor]) -> str:
    """Every variable of every role, each a link to where its role tells of it."""
    sections = [_section("For any integration", _variables(roles, ENGINE))]
    sections += [_section(f"For {_called(vendor)}", _variables(roles, vendor.role, f"{vendor.role}_")) for vendor in vendors]
    intro = "What can be set for a tenant, in an inventory, a play or with ``-e``. The first ones hold for every integration."
    return _page("variables", "All variables", intro, sections)


def vendors_page(vendors: Sequence[Vendor]) -> str:
    """The vendors whose guides come with the collection."""
    rows = [_vendor(vendor) for vendor in vendors if vendor.role != PROVISIONER]
    intro = "What comes with the collection. Each is a role, and a profile in it; a vendor of your own is a profile, and needs no role."
    return _page("vendors", "All vendors", intro, ["\n".join(rows)])


def _called(vendor: Vendor) -> str:
    return "the provisioner" if vendor.role == PROVISIONER else vendor.name


def _page(label: str, title: str, intro: str, sections: Sequence[str]) -> str:
    head = f"{MADE}\n.. _ansible_collections.{COLLECTION}.docsite.{label}:\n\n{title}\n{'=' * len(title)}\n\n{intro}\n"
    return "\n".join([head, *sections])


def _section(title: str, content: str) -> str:
    return f"{title}\n{'-' * len(title)}\n\n{content}"


def _variables(roles: Path, role: str, prefix: str = "") -> str:
    """The variables of a role's entry points, by the alphabet. What several have is told of the first."""
    specs = in_order((roles / role / "meta" / "argument_specs.yml").read_text())
    found: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for entry_point, entry in specs.items():
        for name, option in entry["options"].items():
            if name.startswith(prefix):
                found.setdefault(name, (entry_point, option))
    return "\n".join(_variable(role, place, name, option) for name, (place, option) in sorted(found.items()))


def _variable(role: str, entry_point: str, name: str, option: Mapping[str, Any]) -> str:
    where = "" if entry_point == "main" else f" Of the entry point ``{entry_point}``."
    return f":ansopt:`{COLLECTION}.{role}#role:{entry_point}:{name}`\n    {_text(described(option))}{where}\n"


def _vendor(vendor: Vendor) -> str:
    profile = vendor.profile
    guides: Sequence[Mapping[str, str]] = profile.get("guides", [])
    told = [f"{_text(profile.get('product', vendor.name))}, by the role :ansplugin:`{COLLECTION}.{vendor.role}#role`."]
    told += [f"`The guide <{guide['url']}>`__." for guide in guides[:1]]
    told += [f"Security levels: {', '.join(_text(level['name']) for level in profile.get('security_levels', []))}."]
    return f"{_text(vendor.name)}\n    {' '.join(told)}\n"


def _text(text: str) -> str:
    """Markdown of one line as reStructuredText."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(f"`{part}`" if part.startswith("`") else re.sub(r"([*|\\])", r"\\\1", part) for part in parts)
