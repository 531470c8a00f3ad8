# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One request on its way through REST: who asks, for what, and what the server has to answer it with."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from sandbox.faults import Faults
from sandbox.model import Record
from sandbox.rest.auth import Caller
from sandbox.rest.entities import ENTITIES, Entity
from sandbox.rest.errors import RestError
from sandbox.rest.late import Late
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
    late: Late = field(default_factory=Late)
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
        return parsed(self.body, "The request body") if self.body else None


MAX_DEPTH = 64
"""JSON that is nested deeper is refused (ours: no document has a limit)."""
_TEXTS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)


def parsed(text: bytes | str, what: str) -> Any:
    """JSON that a caller has sent. RestError if it isn't any, or is nested so deep that reading it could take the server with it."""
    try:
        plain = text.decode(json.detect_encoding(text)) if isinstance(text, bytes) else text
        if _depth(plain) > MAX_DEPTH:
            raise RestError(f"The JSON of the request is nested deeper than {MAX_DEPTH} levels.", status=400)
        return json.loads(plain)
    except ValueError:
        raise RestError(f"{what} is not valid JSON.") from None


def _depth(text: str) -> int:
    """How deep the brackets of a text are nested, those in quotes aside."""
    steps = (1 if bracket in "[{" else -1 for bracket in re.findall(r"[][{}]", _TEXTS.sub("", text)))
    return max(accumulate(steps), default=0)


@dataclass(frozen=True)
class Chosen:
    """The fields that an answer is to have, and the user-defined ones, by their names."""

    fields: tuple[str, ...]
    udfs: tuple[str, ...] = ()


def answer(call: Call, entity: Entity, record: Record, chosen: Chosen | None = None) -> Record:
    """A record as REST answers it: every property, or the chosen ones, as the documents spell them, hidden costs as 0."""
    hidden = call.caller.rights.hidden.get(entity.path, ())
    shown = {name: entity.fields[name].of(record) for name in (chosen.fields if chosen else entity.fields)}
    shown |= {name: 0.0 for name in hidden if name in shown}
    if "secretKey" in shown:
        shown["secretKey"] = None
    if entity.below and chosen is None:
        shown["soapParentPropertyId"] = None
    if entity.udf is not None:
        values = record.get("userDefinedFields", {})
        names = chosen.udfs if chosen else entity.udf
        shown["userDefinedFields"] = [{"name": name, "value": entity.udf[name].of(values)} for name in names]
    return shown


def parent_of(entity: Entity) -> Entity:
    """The entity below which another one is written. KeyError if it stands on its own."""
    if entity.below is None:
        raise KeyError(entity.path)
    return ENTITIES[entity.below.parent]
