# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The document of a webhook limit: two cells of a level that have a rule of their own. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._catalogue.model import Value, standard

CAN_CREATE_WEBHOOKS = "other.webhooks.can_create"
MAXIMUM_WEBHOOKS = "other.webhooks.maximum_number"
WEBHOOK_CELLS = (CAN_CREATE_WEBHOOKS, MAXIMUM_WEBHOOKS)


@dataclass(frozen=True)
class WebhookLimit:
    """How many webhooks the users of a level may create. `bound`: `exact`, or `minimum` where more is fine, too, and fewer down to a `minimum` above 0."""

    level: str
    maximum: int
    bound: str = "exact"
    minimum: int = 0

    @property
    def least(self) -> int:
        """As many as there have to be."""
        return self.minimum or self.maximum

    def is_met_by(self, number: int) -> bool:
        """Whether a level that allows this many is as it should be."""
        return number == self.maximum or (self.bound == "minimum" and number >= self.least)


def most_webhooks() -> int:
    """The largest number of webhooks that is taken. No document tells Autotask's own; guides ask for 50 at most."""
    return standard().by_cell[MAXIMUM_WEBHOOKS][1].largest


def limit_cells(limit: WebhookLimit) -> dict[str, Value]:
    """The two cells of a webhook limit; a maximum of 0 clears the box."""
    return {CAN_CREATE_WEBHOOKS: limit.maximum > 0, MAXIMUM_WEBHOOKS: limit.maximum or None}


def render_limit(limit: WebhookLimit) -> dict[str, Any]:
    """The limit as a change keeps it."""
    least = {"minimum": limit.minimum} if limit.minimum else {}
    return {"level": limit.level, "maximum": limit.maximum, "bound": limit.bound, **least}


def limit_of(document: Mapping[str, Any]) -> WebhookLimit | None:
    """The webhook limit that a kept document describes, or None for a document that describes none."""
    level, maximum, minimum = document.get("level"), document.get("maximum"), document.get("minimum")
    if not isinstance(maximum, int):
        return None
    return WebhookLimit(str(level), maximum, str(document.get("bound", "exact")), minimum if isinstance(minimum, int) else 0)
