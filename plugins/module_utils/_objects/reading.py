# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""One reading of a tenant, for all its integrations. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .._documents.names import bare_name
from .._documents.observed import user_with_key
from .._entities import Observed
from .._rest.client import Client
from .._rest.tenant import levels_and_users, own_company

# First and last name of an API user.
Name = tuple[str, str]


@dataclass(frozen=True)
class Reading:
    """What REST shows of a tenant. Without credentials nothing is known: `observed` and `company` are None.

    `read_twice` says that what it lacks was looked for a second time.
    """

    zone: Mapping[str, str] = field(default_factory=dict)
    observed: Observed | None = None
    company: Mapping[str, Any] | None = None
    read_twice: bool = False

    @property
    def zone_url(self) -> str:
        """Where the tenant's REST lives; empty where that isn't known."""
        return self.zone.get("url", "")


def read_all(client: Client | None, company: bool, levels: Iterable[str] = (), users: Iterable[Name] = ()) -> Reading:
    """The tenant, each fact of it read once, but for what lacks one of these levels or active users; see `with_all`.

    `company` says whether a prerequisite speaks of its own company.
    """
    if client is None:
        return Reading()
    zone = client.zone
    reading = Reading({"name": zone.name, "url": zone.url, "web_url": zone.web_url}, levels_and_users(client))
    reading = with_all(reading, client, levels, users)
    return replace(reading, company=own_company(client) if company else None)


def with_all(
    reading: Reading, client: Client | None, levels: Iterable[str] = (), users: Iterable[Name] = (), keys: Iterable[str] = ()
) -> Reading:
    """The reading, made again, and another way, where it lacks one of these levels or active users, or a user with one of the keys, active or not: on what
    isn't there work is repeated, or undone.
    """
    observed = reading.observed
    if client is None or observed is None or reading.read_twice:
        return reading
    known = {bare_name(level["name"]).casefold() for level in observed["levels"]}
    active = {(user["first_name"].casefold(), user["last_name"].casefold()) for user in observed["api_users"] if user["active"]}
    there = all(bare_name(name).casefold() in known for name in levels)
    there = there and all((first.casefold(), last.casefold()) in active for first, last in users)
    there = there and all(user_with_key(observed["api_users"], key) for key in keys)
    return reading if there else replace(reading, observed=levels_and_users(client, again=True), read_twice=True)
