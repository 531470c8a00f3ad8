# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Values that are otherwise than wanted, and accepted so: nobody is asked to change them. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._plan.step import differing


@dataclass(frozen=True)
class Accepted:
    """`seen` has what is there, by fact, `wanted` what stands for it in a plan."""

    seen: Mapping[str, Any] = field(default_factory=dict)
    wanted: Mapping[str, Any] = field(default_factory=dict)


def as_accepted(known: Mapping[str, Any], desired: Mapping[str, Any], accepted: Mapping[str, Any]) -> Accepted:
    """Those of the known facts that aren't as they should be, and are as somebody has accepted them."""
    others = [
        fact for fact in differing(known, desired) if fact in known and fact in accepted and not differing(known, {fact: accepted[fact]})
    ]
    return Accepted({fact: known[fact] for fact in others}, {fact: desired[fact] for fact in others})
