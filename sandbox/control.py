# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What tests and the demonstration may see and do behind Autotask's back. Not part of Autotask."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, fields
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route

from sandbox import copies, faults, levels, options, snapshots, tickets
from sandbox.faults import Faults
from sandbox.model import ApiUser, Level, Record, Tenant
from sandbox.rest.entities import ENTITIES, Entity
from sandbox.rest.late import Late
from sandbox.snapshots import Snapshot
from sandbox.store import Store
from sandbox.traffic import Traffic

Answer = Callable[[Tenant, Request], Awaitable[Any]]
Table = list[tuple[str, str, Callable[[Request], Awaitable[Any]]]]


def routes(store: Store, coming: Faults, late: Late, traffic: Traffic) -> list[BaseRoute]:
    """Everything below `/_sandbox/`. Bodies and answers are JSON; what doesn't exist is a 404, what can't be done a 422."""
    table = [*_about_tenants(store), *_about_records(store, late), *_about_requests(store, traffic), *_about_faults(coming, late)]
    return [Mount("/_sandbox", routes=[Route(path, _endpoint(answer), methods=[method]) for method, path, answer in table])]


def _about_tenants(store: Store) -> Table:
    taken: list[Snapshot] = []

    async def tenants(request: Request) -> Any:
        return [asdict(tenant) for tenant in store.tenants()]

    async def change_tenant(tenant: Tenant, request: Request) -> Any:
        wanted = await request.json()
        options.check(wanted)
        return asdict(levels.show_sections(store, store.set_options(tenant.id, dict(tenant.options) | wanted)))

    async def copy_tenant(tenant: Tenant, request: Request) -> Any:
        return copies.copies(store, tenant, (await request.json())["slugs"], str(request.base_url.replace(path="")).rstrip("/"))

    async def security_levels(tenant: Tenant, request: Request) -> Any:
        return [_level(store, level) for level in store.levels(tenant.id)]

    async def change_level(tenant: Tenant, request: Request) -> Any:
        level = store.level(request.path_params["id"])
        if level.tenant_id != tenant.id:
            raise KeyError(level.id)
        return _level(store, levels.change(store, level.id, await request.json()))

    async def api_users(tenant: Tenant, request: Request) -> Any:
        return [_user(store, user) for user in store.api_users(tenant.id)]

    async def change_user(tenant: Tenant, request: Request) -> Any:
        user = store.api_user(tenant.id, request.path_params["id"])
        if user is None:
            raise KeyError(request.path_params["id"])
        changes = await request.json()
        if "level" in changes:
            changes["level_id"] = {level.name: level.id for level in store.levels(tenant.id)}[changes.pop("level")]
        if "vendor" in changes:
            changes["vendor_id"] = {vendor.name: vendor.id for vendor in store.vendors(tenant.id)}[changes.pop("vendor")]
        if wrong := set(changes) - _CHANGEABLE:
            raise ValueError(f"an API user has no {', '.join(sorted(wrong))} to change")
        return _user(store, store.update_api_user(tenant.id, user.id, **changes))

    async def take_snapshot(tenant: Tenant, request: Request) -> Any:
        taken.append(snapshots.take(store, tenant))
        return {"id": len(taken)}

    async def restore_snapshot(tenant: Tenant, request: Request) -> Any:
        found = dict(enumerate(taken, 1))[request.path_params["id"]]
        if found.tenant.id != tenant.id:
            raise KeyError(tenant.slug)
        snapshots.restore(store, found)
        return {}

    return [
        ("GET", "/tenants", tenants),
        ("PATCH", "/tenants/{slug}", _of_tenant(store, change_tenant)),
        ("POST", "/tenants/{slug}/copies", _of_tenant(store, copy_tenant)),
        ("GET", "/tenants/{slug}/levels", _of_tenant(store, security_levels)),
        ("PATCH", "/tenants/{slug}/levels/{id:int}", _of_tenant(store, change_level)),
        ("GET", "/tenants/{slug}/api-users", _of_tenant(store, api_users)),
        ("PATCH", "/tenants/{slug}/api-users/{id:int}", _of_tenant(store, change_user)),
        ("POST", "/tenants/{slug}/snapshots", _of_tenant(store, take_snapshot)),
        ("POST", "/tenants/{slug}/snapshots/{id:int}/restore", _of_tenant(store, restore_snapshot)),
    ]


def _about_records(store: Store, late: Late) -> Table:
    async def records(tenant: Tenant, request: Request) -> Any:
        return [_shown(record) for record in store.query(tenant.id, ENTITIES[request.path_params["entity"]].path)]

    async def forge_record(tenant: Tenant, request: Request) -> Any:
        entity, record = ENTITIES[request.path_params["entity"]], await request.json()
        _check_fields(entity, record)
        if "id" in record and store.get(tenant.id, entity.path, record["id"]):
            raise ValueError(f"there is a record {record['id']} of {entity.path} already")
        made = store.insert(tenant.id, entity.path, record)
        return _shown(_found(store.get(tenant.id, entity.path, made)))

    async def change_record(tenant: Tenant, request: Request) -> Any:
        entity, changes = ENTITIES[request.path_params["entity"]], await request.json()
        _check_fields(entity, changes)
        if "id" in changes:
            raise ValueError("an id can't be changed")
        return _shown(store.update(tenant.id, entity.path, request.path_params["id"], changes))

    async def delete_record(tenant: Tenant, request: Request) -> Any:
        entity, number = ENTITIES[request.path_params.get("entity", "Tickets")].path, request.path_params["id"]
        if not (tickets.delete(store, tenant.id, number) if entity == "Tickets" else store.delete(tenant.id, entity, number)):
            raise KeyError(number)
        return {}

    async def hide_record(tenant: Tenant, request: Request) -> Any:
        wanted = await request.json()
        entity = ENTITIES[wanted["entity"]].path
        _found(store.get(tenant.id, entity, wanted["id"]))
        if not isinstance(wanted["queries"], int) or wanted["queries"] < 1:
            raise ValueError("queries must be a number from 1")
        late.add(tenant.id, entity, wanted["id"], wanted["queries"])
        return {}

    return [
        ("GET", "/tenants/{slug}/records/{entity}", _of_tenant(store, records)),
        ("POST", "/tenants/{slug}/records/{entity}", _of_tenant(store, forge_record)),
        ("PATCH", "/tenants/{slug}/records/{entity}/{id:int}", _of_tenant(store, change_record)),
        ("DELETE", "/tenants/{slug}/records/{entity}/{id:int}", _of_tenant(store, delete_record)),
        ("DELETE", "/tenants/{slug}/tickets/{id:int}", _of_tenant(store, delete_record)),
        ("POST", "/tenants/{slug}/late", _of_tenant(store, hide_record)),
    ]


def _about_requests(store: Store, traffic: Traffic) -> Table:
    async def passed(request: Request) -> Any:
        slug = request.query_params.get("tenant")
        slugs = {tenant.domain: tenant.slug for tenant in store.tenants()}
        every = [
            {"tenant": slugs.get(line.domain), "method": line.method, "path": line.path, "status": line.status} for line in traffic.passed
        ]
        return [line for line in every if slug is None or line["tenant"] == slug]

    async def forget_passed(request: Request) -> Any:
        traffic.passed.clear()
        return {}

    async def counts(request: Request) -> Any:
        slug = request.query_params.get("tenant")
        slugs = {tenant.domain: tenant.slug for tenant in store.tenants()}
        every = [{"tenant": slugs.get(kind.domain), **asdict(kind), "count": count} for kind, count in traffic.counts.items()]
        return [line for line in every if slug is None or line["tenant"] == slug]

    async def forget_counts(request: Request) -> Any:
        traffic.counts.clear()
        return {}

    return [
        ("GET", "/requests", passed),
        ("DELETE", "/requests", forget_passed),
        ("GET", "/counts", counts),
        ("DELETE", "/counts", forget_counts),
    ]


def _about_faults(coming: Faults, late: Late) -> Table:
    async def add_fault(request: Request) -> Any:
        wanted = await request.json()
        fault = faults.parse(wanted.pop("spec"), wanted)
        return {"id": coming.add(fault), "spec": fault.spec}

    async def list_faults(request: Request) -> Any:
        return coming.coming()

    async def forget_faults(request: Request) -> Any:
        coming.clear()
        late.clear()
        return {}

    async def hits(request: Request) -> Any:
        slug = request.query_params.get("tenant")
        return [hit for hit in coming.hits() if slug is None or hit["tenant"] == slug]

    async def waiting(request: Request) -> Any:
        seconds = float(request.query_params.get("seconds", 10))
        found = await asyncio.to_thread(coming.waiting, request.path_params["id"], seconds)
        if not found:
            raise ValueError(f"no request waits there, after {seconds:g} seconds")
        return found

    async def release(request: Request) -> Any:
        return {"released": coming.release(request.path_params["id"])}

    return [
        ("GET", "/faults", list_faults),
        ("POST", "/faults", add_fault),
        ("DELETE", "/faults", forget_faults),
        ("GET", "/faults/{id:int}/waiting", waiting),
        ("POST", "/faults/{id:int}/release", release),
        ("GET", "/hits", hits),
    ]


_CHANGEABLE = {field.name for field in fields(ApiUser)} - {"id", "tenant_id", "tracking_code"} | {"secret"}


def _of_tenant(store: Store, answer: Answer) -> Callable[[Request], Awaitable[Any]]:
    async def endpoint(request: Request) -> Any:
        tenant = store.tenant_by_slug(request.path_params["slug"])
        if tenant is None:
            raise KeyError(request.path_params["slug"])
        return await answer(tenant, request)

    return endpoint


def _endpoint(answer: Callable[[Request], Awaitable[Any]]) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def endpoint(request: Request) -> JSONResponse:
        try:
            return JSONResponse(await answer(request))
        except KeyError:
            return JSONResponse({"error": "There is no such thing."}, status_code=404)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, status_code=422)

    return endpoint


def _level(store: Store, level: Level) -> Record:
    return asdict(level) | {"cells": dict(level.cells), "users": len(store.level_users(level))}


def _user(store: Store, user: ApiUser) -> Record:
    shown = {name: value for name, value in asdict(user).items() if name != "tracking_code"}
    return shown | {"user_name": user.user_name, "level": store.level(user.level_id).name}


def _check_fields(entity: Entity, record: Mapping[str, Any]) -> None:
    if wrong := set(record) - set(entity.fields) - {"userDefinedFields"}:
        raise ValueError(f"a record of {entity.path} has no {', '.join(sorted(wrong))}")


def _found(record: Record | None) -> Record:
    if record is None:
        raise KeyError("no such record")
    return record


def _shown(record: Record) -> Record:
    return {name: value for name, value in record.items() if name != "secretKey"}
