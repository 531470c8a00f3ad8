# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One request on its way through REST: who asks, for what, and what the server has to answer it with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.faults import Faults
from sandbox.model import Record
from sandbox.rest.auth import Caller
from sandbox.rest.entities import ENTITIES, Entity
from sandbox.rest.errors import RestError
from sandbox.rest.limits import Limits
from sandbox.rest.pages import Pages
from sandbox.store import Store


@dataclass(frozen=True)
class Server:
    """What all requests share; all but the store is kept in memory only. Times are in seconds.

    `latency` is added to each request; an API user starts to work `new_user_delay` after it was saved.
    """

    store: Store
    limits: Limits
    faults: Faults
    pages: Pages = field(default_factory=Pages)
    latency: float = 0
    new_user_delay: float = 0


@dataclass(frozen=True)
class Call:
    """A request that has been let in. `address` is the server's own, as the caller reached it; `body` is empty unless it has one."""

    server: Server
    caller: Caller
    method: str
    address: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def store(self) -> Store:
        """The store."""
        return self.server.store

    @property
    def tenant_id(self) -> int:
        """The caller's tenant."""
        return self.caller.tenant.id

    def json(self) -> Any:
        """The body, or None if there is none. RestError if it isn't JSON."""
        try:
            return json.loads(self.body) if self.body else None
        except ValueError:
            raise RestError("The request body is not valid JSON.") from None


def answer(call: Call, entity: Entity, record: Record, fields: tuple[str, ...] = ()) -> Record:
    """A record as REST answers it: every property as the documents spell it, null where it has no value, hidden costs as 0."""
    hidden = call.caller.rights.hidden.get(entity.path, ())
    shown = {name: record.get(name) for name in fields or entity.fields}
    shown |= {name: 0.0 for name in hidden if name in shown}
    if "secretKey" in shown:
        shown["secretKey"] = None
    if fields:
        return shown
    if entity.below:
        shown["soapParentPropertyId"] = None
    if entity.udf is not None:
        values = record.get("userDefinedFields", {})
        shown["userDefinedFields"] = [{"name": name, "value": values.get(name)} for name in entity.udf]
    return shown


def parent_of(entity: Entity) -> Entity:
    """The entity below which another one is written. KeyError if it stands on its own."""
    if entity.below is None:
        raise KeyError(entity.path)
    return ENTITIES[entity.below.parent]
