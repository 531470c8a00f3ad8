# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""One reading of a tenant, for all its integrations. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .._entities import Observed
from .._rest.client import Client
from .._rest.tenant import levels_and_users, own_company


@dataclass(frozen=True)
class Reading:
    """What REST shows of a tenant. Without credentials nothing is known: `observed` and `company` are None."""

    zone: Mapping[str, str] = field(default_factory=dict)
    observed: Observed | None = None
    company: Mapping[str, Any] | None = None

    @property
    def zone_url(self) -> str:
        """Where the tenant's REST lives; empty where that isn't known."""
        return self.zone.get("url", "")


def read_all(client: Client | None, company: bool) -> Reading:
    """The tenant, each fact of it read once; `company` says whether a prerequisite speaks of its own company."""
    if client is None:
        return Reading()
    observed = levels_and_users(client)
    zone = client.zone
    return Reading({"name": zone.name, "url": zone.url, "web_url": zone.web_url}, observed, own_company(client) if company else None)
