# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What tests and the demonstration may see and do behind Autotask's back. Not part of Autotask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route

from sandbox import copies, faults, levels, options, tickets
from sandbox.faults import Faults
from sandbox.model import ApiUser, Level, Record, Tenant
from sandbox.rest.entities import ENTITIES
from sandbox.store import Store
from sandbox.traffic import Traffic

Answer = Callable[[Tenant, Request], Awaitable[Any]]


def routes(store: Store, coming: Faults, traffic: Traffic) -> list[BaseRoute]:
    """Everything below `/_sandbox/`. Bodies and answers are JSON; what doesn't exist is a 404, what can't be done a 422."""

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

    async def records(tenant: Tenant, request: Request) -> Any:
        return [_shown(record) for record in store.query(tenant.id, ENTITIES[request.path_params["entity"]].path)]

    async def delete_ticket(tenant: Tenant, request: Request) -> Any:
        if not tickets.delete(store, tenant.id, request.path_params["id"]):
            raise KeyError(request.path_params["id"])
        return {}

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

    async def add_fault(request: Request) -> Any:
        fault = faults.parse((await request.json())["spec"])
        coming.add(fault)
        return asdict(fault)

    async def forget_faults(request: Request) -> Any:
        coming.clear()
        return {}

    def of_tenant(answer: Answer) -> Callable[[Request], Awaitable[Any]]:
        async def endpoint(request: Request) -> Any:
            tenant = store.tenant_by_slug(request.path_params["slug"])
            if tenant is None:
                raise KeyError(request.path_params["slug"])
            return await answer(tenant, request)

        return endpoint

    table: list[tuple[str, str, Callable[[Request], Awaitable[Any]]]] = [
        ("GET", "/tenants", tenants),
        ("PATCH", "/tenants/{slug}", of_tenant(change_tenant)),
        ("POST", "/tenants/{slug}/copies", of_tenant(copy_tenant)),
        ("GET", "/tenants/{slug}/levels", of_tenant(security_levels)),
        ("PATCH", "/tenants/{slug}/levels/{id:int}", of_tenant(change_level)),
        ("GET", "/tenants/{slug}/api-users", of_tenant(api_users)),
        ("PATCH", "/tenants/{slug}/api-users/{id:int}", of_tenant(change_user)),
        ("GET", "/tenants/{slug}/records/{entity}", of_tenant(records)),
        ("DELETE", "/tenants/{slug}/tickets/{id:int}", of_tenant(delete_ticket)),
        ("GET", "/requests", passed),
        ("DELETE", "/requests", forget_passed),
        ("GET", "/counts", counts),
        ("DELETE", "/counts", forget_counts),
        ("POST", "/faults", add_fault),
        ("DELETE", "/faults", forget_faults),
    ]
    return [Mount("/_sandbox", routes=[Route(path, _endpoint(answer), methods=[method]) for method, path, answer in table])]


_CHANGEABLE = {field.name for field in fields(ApiUser)} - {"id", "tenant_id", "tracking_code"} | {"secret"}


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


def _shown(record: Record) -> Record:
    return {name: value for name, value in record.items() if name != "secretKey"}
