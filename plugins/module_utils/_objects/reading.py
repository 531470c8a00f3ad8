# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""One reading of a tenant, for all its integrations. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .._documents.names import name_key, person_key
from .._documents.observed import user_with_key
from .._entities import Observed
from .._rest.client import Client
from .._rest.rows import contradictory
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
    isn't there work is repeated, or undone. Raises Contradictory where it then lacks something that it had.
    """
    observed = reading.observed
    if client is None or observed is None:
        return reading
    known = {name_key(level["name"]) for level in observed["levels"]}
    active = {person_key(user["first_name"], user["last_name"]) for user in observed["api_users"] if user["active"]}
    there = all(name_key(name) in known for name in levels)
    there = there and all(person_key(first, last) in active for first, last in users)
    there = there and all(user_with_key(observed["api_users"], key) for key in keys)
    return reading if there else read_again(reading, client)


def read_again(reading: Reading, client: Client) -> Reading:
    """The reading, its levels and users read a second time, and another way. Raises Contradictory where it then lacks something that it had."""
    if reading.observed is None or reading.read_twice:
        return reading
    again = levels_and_users(client, again=True)
    if lost := _lost(reading.observed, again):
        raise contradictory(lost)
    return replace(reading, observed=again, read_twice=True)


def _lost(before: Observed, now: Observed) -> str:
    """What was there and isn't any more, for people; empty for nothing."""
    levels, users = ({one["id"] for one in known} for known in (now["levels"], now["api_users"]))
    gone = [f'the security level "{level["name"]}"' for level in before["levels"] if level["id"] not in levels]
    gone += [f'the API user "{user["first_name"]} {user["last_name"]}"' for user in before["api_users"] if user["id"] not in users]
    return ", ".join(gone)
