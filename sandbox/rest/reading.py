# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reading records: by id, by query, and as the children of a parent."""

from __future__ import annotations

import json
from typing import Any

from sandbox import permissions
from sandbox.model import Record
from sandbox.rest import filters
from sandbox.rest.call import Call, answer, parsed
from sandbox.rest.entities import Entity
from sandbox.rest.errors import RestError, WrongMethod
from sandbox.rest.pages import Page, written


def item(call: Call, entity: Entity, record_id: int, parent: Record | None = None) -> Record:
    """GET by id. A record that doesn't exist, isn't seen, or isn't below the parent that it was asked for at, is answered with null.

    `parent` is the field that ties it to its parent, with its value.
    """
    found = _seen(call, entity, call.store.query(call.tenant_id, entity.path, id=record_id, **(parent or {})))
    return {"item": answer(call, entity, found[0]) if found else None}


def query(call: Call, entity: Entity) -> Record:
    """The first page of a query."""
    return _page(call, entity, _model(call))


def next_page(call: Call, entity: Entity) -> Record:
    """A further page, by the token of its address. After a POST it must be POSTed, with the same body."""
    user = (call.tenant_id, call.caller.user.id)
    page = call.server.pages.find(user, call.query.get("paging", ""), entity.path)
    if call.method != page.method:
        raise WrongMethod(call.method)
    model = _model(call) if call.method == "POST" else json.loads(page.query)
    if model is not None and written(model) != page.query:
        raise RestError("The query is not the one that this page belongs to.")
    return _page(call, entity, model, page)


def count(call: Call, entity: Entity) -> Record:
    """How many records a query finds."""
    asked = filters.parse(_model(call), entity)
    return {"queryCount": len(_found(call, entity, asked))}


def children(call: Call, entity: Entity, parent: Record) -> Record:
    """GET of all records below a parent, which is given as for `item`."""
    records = _listed(call, entity, call.store.query(call.tenant_id, entity.path, **parent))
    items = [answer(call, entity, record) for record in records[: filters.MAX_RECORDS]]
    return {"items": items, "pageDetails": _details(len(items), filters.MAX_RECORDS)}


def _model(call: Call) -> Any:
    """The query's JSON: the body of a POST, or the parameter `search` of a GET."""
    if call.method == "POST":
        return call.json()
    return parsed(call.query.get("search", "null"), "The search parameter")


def _seen(call: Call, entity: Entity, records: list[Record]) -> list[Record]:
    return permissions.seen(call.caller.viewer, entity.path, records)


def _listed(call: Call, entity: Entity, records: list[Record]) -> list[Record]:
    return _seen(call, entity, call.server.late.found(call.tenant_id, entity.path, records))


def _found(call: Call, entity: Entity, asked: filters.Query) -> list[Record]:
    records = [record for record in call.store.query(call.tenant_id, entity.path, **asked.equal) if asked.test(record)]
    return _listed(call, entity, records)


def _page(call: Call, entity: Entity, model: Any, page: Page | None = None) -> Record:
    asked = filters.parse(model, entity)
    page = page or Page(entity.path, call.method, written(model))
    records = [record for record in _found(call, entity, asked) if record["id"] > page.start]
    items = [answer(call, entity, record, asked.chosen) for record in records[: asked.size]]
    more = len(records) > asked.size

    def address(word: str, after: tuple[int, ...]) -> str:
        kept = Page(entity.path, page.method, page.query, after)
        token = call.server.pages.keep((call.tenant_id, call.caller.user.id), kept)
        return f"{call.address}/ATServicesRest/v1.0/{entity.path}/query/{word}?paging={token}"

    return {
        "items": items,
        "pageDetails": _details(
            len(items),
            asked.size,
            address("previous", page.after[:-1]) if len(page.after) > 1 else None,
            address("next", (*page.after, items[-1]["id"])) if more else None,
        ),
    }


def _details(count: int, size: int, previous: str | None = None, following: str | None = None) -> Record:
    return {"count": count, "requestCount": size, "prevPageUrl": previous, "nextPageUrl": following}
