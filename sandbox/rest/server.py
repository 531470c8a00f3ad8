# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The door of REST: from a request to an answer, with every refusal and every fault on the way."""

from __future__ import annotations

import asyncio
import json

from starlette.requests import Request
from starlette.responses import Response

from sandbox import answers, faults
from sandbox.broken import Dripping, Silence, Truncated
from sandbox.faults import Fault, Hit
from sandbox.model import Record
from sandbox.permissions import Access
from sandbox.rest import impersonation, service
from sandbox.rest.auth import authenticate, tenant_of
from sandbox.rest.call import Call, Server
from sandbox.rest.endpoints import Handler, find
from sandbox.rest.entities import CREATE, QUERY
from sandbox.rest.errors import NotFound, RestError, WrongMethod, not_permitted

MAX_QUERY = 2048
"""A longer query string is refused by Autotask's web server before the API sees it."""

_MISSING = (
    "<!DOCTYPE html><html><head><title>404 - File or directory not found.</title></head><body><h2>404 - Not found.</h2></body></html>"
)


async def respond(server: Server, request: Request) -> Response:
    """Answers a request whose path is `/atservicesrest/` and `path`."""
    # The body is read even for a refusal, or the web server would have to close the connection.
    await request.body()
    segments = [segment.lower() for segment in request.path_params["path"].split("/") if segment]
    tenant = tenant_of(server.store, request.headers, request.query_params)
    realm = service.realm(tenant)
    hit = server.faults.meet(tenant.slug if tenant else "", request.method, "/".join(segments[1:]))
    if hit and not hit.fault.afterwards and (instead := _in_place(hit.fault, realm)):
        return instead
    try:
        response = _json(200, await _answer(server, request, segments, hit))
    except RestError as error:
        response = _refusal(error, realm)
    await server.faults.hold(hit, after=True)
    return _on_its_way(hit.fault, response, realm) if hit and hit.fault.afterwards else response


async def _answer(server: Server, request: Request, segments: list[str], hit: Hit | None) -> Record:
    query = {name.lower(): value for name, value in request.query_params.items()}
    address = str(request.base_url).rstrip("/")
    match request.method, *segments:
        case "GET", "versioninformation":
            await server.faults.hold(hit, after=False)
            return service.api_versions()
        case "GET", "v1.0", "zoneinformation":
            await server.faults.hold(hit, after=False)
            return service.zone_information(server.store, address, query.get("user", ""))
    endpoint = find(segments[1:]) if segments[:1] == ["v1.0"] else None
    if endpoint is None or len(request.url.query) > MAX_QUERY:
        raise NotFound
    handler = endpoint.handlers.get(request.method)
    if handler is None:
        raise WrongMethod(request.method)
    with server.limits.thread(request.headers.get("ApiIntegrationCode", ""), endpoint.name):
        await asyncio.sleep(server.latency)
        await server.faults.hold(hit, after=False)
        caller = authenticate(server.store, request.headers, server.new_user_delay)
        await asyncio.sleep(server.limits.count(caller.tenant.id))
        if handler.verb and caller.rights.may(handler.entity, handler.verb) is Access.NONE:
            raise not_permitted(handler.verb)
        if handler.verb == QUERY and impersonation.HEADER in request.headers:
            raise not_permitted(QUERY)
        answer = handler.answer(Call(server, caller, request.method, address, query, request.headers, await request.body()))
        return _tampered(server, caller.tenant.id, handler, hit.fault, answer) if hit else answer


def _tampered(server: Server, tenant_id: int, handler: Handler, fault: Fault, answer: Record) -> Record:
    """What a fault makes of a good answer, or of what was created."""
    match fault.action:
        case faults.MISSING_ROW:
            return answers.without_a_row(answer, fault.value)
        case faults.NO_ROWS:
            return answers.without_rows(answer)
        case faults.FOREIGN_PAGE:
            return answers.with_a_foreign_page(answer)
        case faults.LATE if handler.verb == CREATE:
            server.late.add(tenant_id, handler.entity, answer["itemId"], fault.value)
    return answer


def _on_its_way(fault: Fault, response: Response, realm: str) -> Response:
    """What a fault makes of an answer once the work is done."""
    match fault.action:
        case faults.TRUNCATE:
            return Truncated(response)
        case faults.DRIP:
            return Dripping(response, fault.value / 1000)
    return _in_place(fault, realm) or response


def _in_place(fault: Fault, realm: str) -> Response | None:
    """What a fault answers in place of REST, if it does so."""
    match fault.action:
        case faults.DROP:
            return Silence(closed=True)
        case faults.HANG:
            return Silence(closed=False)
        case faults.STATUS if fault.body is None and fault.value >= 400:
            response = _refusal(
                RestError("This answer is a fault that the sandbox was asked for.", status=fault.value, retry_after=1), realm
            )
            response.headers.update(fault.headers)
            return response
        case faults.STATUS:
            body = fault.body or answers.named("empty")
            return Response(body.content, fault.value, {**body.headers, "Content-Type": body.media_type, **fault.headers})
    return None


def _refusal(error: RestError, realm: str) -> Response:
    if isinstance(error, NotFound):
        return Response(_MISSING, status_code=404, media_type="text/html")
    if error.status == 401:
        return Response(status_code=401, headers={"WWW-Authenticate": f'Basic Realm="{realm}"'})
    if isinstance(error, WrongMethod):
        return _json(error.status, {"message": error.errors[0]})
    response = _json(error.status, {"errors": list(error.errors)})
    if error.status == 429 and error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _json(status: int, content: Record) -> Response:
    body = json.dumps(content, separators=(",", ":"))
    return Response(body, status_code=status, media_type=answers.JSON)
