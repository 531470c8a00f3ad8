# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plan documents of any kind, for the tests of what they are rendered as."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from ansible_collections.msp.autotask.plugins.module_utils._review.document import document_of, part_of
from ansible_collections.msp.autotask.plugins.module_utils._review.item import ACCEPTED, STATES, WAITING, Item, address_of, worst

# What markup, Markdown, XML, SARIF and a terminal read as more than a letter, and what none of them can hold.
NASTY = [
    "<b>",
    "&amp;",
    "]]>",
    "`",
    "|",
    "*x*",
    "@somebody",
    "a@b.example",
    "[a](https://x.example)",
    "www.x.example",
    "\n# h",
    "/close",
    "{0}",
    "\\",
]
NASTY += [
    "\x1b[2J",
    "\x00",
    "\ud800",
    "\uffff",
    "\u202eslian",
    "</code>",
    "<!--",
    "-->",
    "%s",
    "ж🙂",
    '"',
    "'",
    "\t",
    "$x$",
    "#12",
    "x" * 600,
]
TEXTS = st.lists(st.sampled_from(["name", "value", " ", *NASTY]), min_size=1, max_size=4).map("".join)
VALUES = st.one_of(TEXTS, st.none(), st.booleans(), st.integers(), st.lists(TEXTS, max_size=2), st.dictionaries(TEXTS, TEXTS, max_size=2))
SENTENCES = st.lists(TEXTS, max_size=2)


def item(address: str = "tinsel/level/Tinsel API/x", state: str = "drifted", **more: Any) -> dict[str, Any]:
    """An item as a document has it."""
    known = {"about": 'level "Tinsel API"', "label": "Contracts: View", "wanted": "Full", "seen": "None", "evidence": "effect"}
    if state == ACCEPTED:
        known["accepted"] = {"value": "None", "reason": "agreed with them", "by": "Robin Sample", "until": "2027-03-31"}  # type: ignore[assignment]
    if state == WAITING:
        known["waiting"] = {"for": "Robin Sample", "since": "2026-11-20T10:00:00Z", "reference": "T20261120.0001", "url": ""}  # type: ignore[assignment]
    return Item(address, **{"state": state, **known, **more}).to_data()


def entry(*items: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """An integration's entry as a document has it."""
    known: dict[str, Any] = {
        "integration": "tinsel",
        "vendor": "Tinsel",
        "mode": "ask",
        "apply_via": "ticket",
        "profile": {"name": "tinsel", "revision": "3", "sha256": "0" * 64},
        "state": worst(one["state"] for one in items),
        "error": "",
        "items": list(items),
        "steps": [],
        "change": {},
        "remarks": [],
    }
    return {**known, **more}


@st.composite
def _items(draw: st.DrawFn, integration: str) -> list[dict[str, Any]]:
    found = []
    for number in range(draw(st.integers(0, 4))):
        state = draw(st.sampled_from(list(STATES)))
        given_source = st.fixed_dictionaries({"source": TEXTS, "at": TEXTS, "file": TEXTS, "line": st.integers(1, 9)})
        more = {
            "about": draw(TEXTS),
            "label": draw(TEXTS),
            "wanted": draw(VALUES),
            "seen": draw(VALUES),
            "why": draw(st.one_of(st.just(""), TEXTS)),
            "source": draw(st.one_of(st.just({}), given_source)),
            "new": draw(st.booleans()),
        }
        found.append(item(address_of(integration, str(number), draw(TEXTS)), state, **more))
    return found


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Documents of a few tenants, with any texts in them."""
    parts = []
    for number in range(draw(st.integers(0, 4))):
        entries = []
        for key in ("one", "two")[: draw(st.integers(0, 2))]:
            error = draw(st.one_of(st.just(""), TEXTS))
            change = {"reference": draw(TEXTS), "url": draw(TEXTS), "assignee": draw(TEXTS), "opened": "2026-11-20", "state": "open"}
            more = {"vendor": draw(TEXTS), "error": error, "steps": draw(SENTENCES), "change": change, "remarks": draw(SENTENCES)}
            items = draw(_items(key))
            entries.append(entry(*items, integration=key, **more, **({"state": "failed"} if error else {})))
        told = {
            "error": draw(st.one_of(st.just(""), TEXTS)),
            "could_not": draw(SENTENCES),
            "integrations": entries,
            "unlisted": draw(_items("unlisted")),
            "changes": draw(st.lists(st.fixed_dictionaries({"what": TEXTS, "before": VALUES, "now": VALUES}), max_size=2)),
            "gone": draw(SENTENCES),
            "unused": draw(SENTENCES),
        }
        parts.append(part_of(draw(TEXTS), f"t{number}", **told))
    return document_of(parts)


def fleet(tenants: int, integrations: int, items: int, state: str = "in sync") -> dict[str, Any]:
    """A document of many tenants, each of whose items is in this state, but for one that has drifted on every tenth tenant."""
    parts, usual, other = [], item(state=state), item()
    for number in range(tenants):
        entries = []
        for key in (f"vendor{one}" for one in range(integrations)):
            found = []
            for one in range(items):
                drifted = number % 10 == 0 and key == "vendor0" and one == 0
                file = {"source": "guide", "file": "profiles/vendor.yml", "line": one + 1, "at": "security_levels > main > settings"}
                about = f'level "{key} API"' if one < items - 10 else f'API user "{key}"'
                more = {"about": about, "label": f"Contracts: Setting {one}", "source": file}
                address = address_of(key, "level", f"{key} API", f"contracts.setting{one}")
                found.append({**(other if drifted else usual), "address": address, **more})
            entries.append(entry(*found, integration=key, vendor=key.capitalize()))
        parts.append(part_of(f"Tenant {number} Ltd", f"tenant{number:03}", integrations=entries))
    return document_of(parts)
