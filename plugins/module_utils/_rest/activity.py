# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What API users have done lately, and which webhooks are theirs, for a handful of requests. Private to the collection.

Autotask keeps no record of what was only read: who reads and never writes isn't seen here.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from .._entities import WEBHOOK_ENTITIES
from .._errors import RequestError, Unauthorized, Unreachable
from .client import ROWS_PER_PAGE, Client
from .rows import Row, Unexpected, unexpected
from .tenant import query_access

# Requests that one look may take, and how many of them are kept for what was written.
MOST_REQUESTS, KEPT_FOR_WRITTEN = 8, 2
DAYS = 30
# Entities that say who made a record, and when: both fields can be queried (metadata of February 2021, Autotask's description of July 2022).
WRITTEN: Mapping[str, tuple[str, str]] = {
    "Tickets": ("creatorResourceID", "createDate"),
    "TicketNotes": ("creatorResourceID", "createDateTime"),
    "TimeEntries": ("creatorUserID", "createDateTime"),
    "Companies": ("createdByResourceID", "createDate"),
    "Opportunities": ("creatorResourceID", "createDate"),
    "ConfigurationItems": ("createdByPersonID", "createDate"),
    "Quotes": ("creatorResourceID", "createDate"),
}


@dataclass(frozen=True)
class Webhook:
    """A webhook, and the id of the resource that owns it."""

    entity: str
    name: str
    active: bool
    owner: int


@dataclass(frozen=True)
class Made:
    """How many records of an entity a user has made in the last `DAYS` days, and when the last of them, in UTC as `2026-11-26 21:47`.

    There are more, and later ones, where `whole` is false.
    """

    user: int
    entity: str
    count: int
    last: str
    whole: bool


@dataclass(frozen=True)
class Activity:
    """What was seen of some users. `unread` are kinds of webhooks, and `unknown` entities, that couldn't be read, or for which no request was left."""

    made: Sequence[Made] = ()
    unknown: Sequence[str] = ()
    webhooks: Sequence[Webhook] = ()
    unread: Sequence[str] = ()


@dataclass(frozen=True)
class Webhooks:
    """The webhooks that were found, the kinds of them that couldn't be read, and how many requests that took."""

    found: Sequence[Webhook] = ()
    unread: Sequence[str] = ()
    requests: int = 0


def read_activity(
    client: Client, ids: Sequence[int], expected: Iterable[str] = (), owners: Iterable[Callable[[], Client | None]] | None = None
) -> Activity:
    """What the users with these ids have made lately, and what webhooks they own; at most `MOST_REQUESTS` requests.

    `expected` are entities that they should write: these are looked at first. `owners` give clients of others who may see webhooks that the first client
    may not; None where nobody asks for webhooks. Raises Unauthorized, Unreachable and Unexpected; what may not be read is told.
    """
    access = query_access(client, [*WRITTEN, *WEBHOOK_ENTITIES])
    left = MOST_REQUESTS - 1
    seen = Webhooks()
    if owners is not None:
        seen = _webhooks(client, access, ids, owners, left - KEPT_FOR_WRITTEN)
    made, unknown = _written(client, access, ids, set(expected), left - seen.requests)
    return Activity(made, unknown, seen.found, seen.unread)


def _webhooks(
    client: Client, access: Mapping[str, str], ids: Sequence[int], owners: Iterable[Callable[[], Client | None]], most: int
) -> Webhooks:
    """The webhooks of some users: as the client sees them, and what it may not see as their owners do. Those are asked no more once one is refused."""
    found: dict[tuple[str, int], Webhook] = {}
    unread = list(WEBHOOK_ENTITIES)
    spent = 0
    for make in [lambda: client, *owners]:
        viewer = make() if unread and spent < most else None
        for entity in list(unread) if viewer else ():
            if viewer is None or spent == most or (viewer is client and access.get(entity) == "None"):
                continue
            spent += 1
            try:
                rows = _read(viewer, entity, _of("ownerResourceID", ids), ("name", "isActive", "ownerResourceID"))
            except RequestError:
                if viewer is client:
                    raise
                break
            for row in rows or ():
                key, owner = (entity, row.whole("id")), row.whole("ownerResourceID")
                found[key] = Webhook(entity, row.text("name", ""), row.flag("isActive", True), owner)
            # Who sees some of them only doesn't see whether there are others.
            partly = rows is None or len(rows) == ROWS_PER_PAGE or (viewer is client and access.get(entity) == "Restricted")
            if not partly:
                unread.remove(entity)
    return Webhooks(list(found.values()), unread, spent)


def _written(
    client: Client, access: Mapping[str, str], ids: Sequence[int], expected: Collection[str], most: int
) -> tuple[list[Made], list[str]]:
    """What some users have made lately, and the entities of which that isn't known."""
    made: list[Made] = []
    unknown = []
    since = (datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")
    for entity in sorted(WRITTEN, key=lambda name: name not in expected):
        creator, created = WRITTEN[entity]
        rows = None
        if most and access.get(entity) != "None":
            most -= 1
            rows = _read(client, entity, [_of(creator, ids), {"op": "gte", "field": created, "value": since}], (creator, created))
        of_entity = _made(entity, rows or (), ids)
        # Of a page that is full nobody knows whose the next ones are.
        hidden = rows is not None and len(rows) == ROWS_PER_PAGE and len(of_entity) < len(ids)
        if rows is None or hidden or access.get(entity) == "Restricted":
            unknown.append(entity)
        made += of_entity
    return made, unknown


def _of(field: str, ids: Sequence[int]) -> dict[str, Any]:
    return {"op": "in", "field": field, "value": list(ids)}


def _read(client: Client, entity: str, where: Any, fields: Sequence[str]) -> list[Row] | None:
    """The first page of what matches; None where that may not be read."""
    try:
        return list(islice(client.query(entity, where, fields), ROWS_PER_PAGE))
    except (Unauthorized, Unreachable, Unexpected):
        raise
    except RequestError:
        return None


def _made(entity: str, rows: Sequence[Row], ids: Sequence[int]) -> list[Made]:
    creator, created = WRITTEN[entity]
    found = []
    for user in ids:
        own = [_minute(row, created) for row in rows if row.whole(creator) == user]
        if own:
            found.append(Made(user, entity, len(own), max(own), len(rows) < ROWS_PER_PAGE))
    return found


def _minute(row: Row, field: str) -> str:
    """When something was, to the minute. Raises Unexpected."""
    text = row.text(field)
    if not re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", text):
        raise unexpected(row.place, f'"{field}" is no time')
    return text[:16].replace("T", " ")
