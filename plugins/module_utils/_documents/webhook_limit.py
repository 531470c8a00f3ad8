# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The document of a webhook limit: two cells of a level that have a rule of their own. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._catalogue.model import Value

CAN_CREATE_WEBHOOKS = "other.webhooks.can_create"
MAXIMUM_WEBHOOKS = "other.webhooks.maximum_number"
WEBHOOK_CELLS = (CAN_CREATE_WEBHOOKS, MAXIMUM_WEBHOOKS)


@dataclass(frozen=True)
class WebhookLimit:
    """How many webhooks the users of a level may create. `bound`: `exact`, or `minimum` where more is fine, too."""

    level: str
    maximum: int
    bound: str = "exact"


def limit_cells(limit: WebhookLimit) -> dict[str, Value]:
    """The two cells of a webhook limit; a maximum of 0 clears the box."""
    return {CAN_CREATE_WEBHOOKS: limit.maximum > 0, MAXIMUM_WEBHOOKS: limit.maximum or None}


def limit_of(document: Mapping[str, Any]) -> WebhookLimit | None:
    """The webhook limit that a kept document describes, or None for a document that describes none."""
    level, maximum = document.get("level"), document.get("maximum")
    return WebhookLimit(str(level), maximum, str(document.get("bound", "exact"))) if isinstance(maximum, int) else None
