# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""One value that is wanted on a tenant, and how it stands: what reviews, reports and pipelines are made of. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

FAILED, DRIFTED, UNKNOWN, TO_DO, WAITING = "failed", "drifted", "unknown", "to do", "waiting"
UNLISTED, ACCEPTED, IN_SYNC = "unlisted", "accepted", "in sync"
# What each state means, the ones first that somebody has to look at.
STATES: Mapping[str, str] = {
    FAILED: "could not be dealt with",
    DRIFTED: "was done, and is otherwise now",
    UNKNOWN: "could not be read",
    TO_DO: "has never been asked for",
    WAITING: "waits for people",
    UNLISTED: "is there, and nothing that is listed for the tenant wants it",
    ACCEPTED: "is otherwise than wanted, and accepted so",
    IN_SYNC: "is as wanted",
}
# What a run would do about an item.
CREATE, SET, RECORD, RETIRE = "create", "set", "record", "retire"


@dataclass(frozen=True)
class Item:
    """A value, by an address that stays the same as long as the tenant's list, profiles and names do.

    `about` and `label` say what it is in the console's words. `wanted` and `seen` are its values; what isn't known is `unknown`. `evidence` says how it is
    known, `why` has words on what contradicts it. `action` is what a run would do, empty for nothing. `source` says who wants it, and where (`file`,
    `line`), as far as that is known; `waiting` for whom it waits, and since when; `accepted` who accepted it, why, and until when. `new` says that it
    didn't stand like this in the baseline.
    """

    address: str
    about: str
    label: str
    state: str
    wanted: Any = UNKNOWN
    seen: Any = UNKNOWN
    evidence: str = "unknown"
    why: str = ""
    action: str = ""
    source: Mapping[str, Any] = field(default_factory=dict)
    waiting: Mapping[str, Any] = field(default_factory=dict)
    accepted: Mapping[str, Any] = field(default_factory=dict)
    new: bool = False

    def to_data(self) -> dict[str, Any]:
        """Plain data; what is empty isn't told."""
        return {name: value for name, value in asdict(self).items() if name in ALWAYS or value not in ("", {}, False)}


ALWAYS = ("address", "about", "label", "state", "wanted", "seen", "evidence")


def address_of(*parts: str) -> str:
    """The address that these parts lead to: `my-vendor/level/My Vendor API/contracts.contracts.view`. A slash in a name is written `%2F`."""
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


def worst(states: Iterable[str]) -> str:
    """The state of a whole: that of the part that somebody has to look at first; `in sync` for no part."""
    found = set(states)
    return next((state for state in STATES if state in found), IN_SYNC)


def counted(items: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many items are in each state, all states told."""
    counts = dict.fromkeys(STATES, 0)
    for item in items:
        counts[item["state"]] += 1
    return counts
