# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The door of REST: from a request to an answer, with every refusal on the way."""

from __future__ import annotations

import asyncio
import json

from starlette.requests import Request
from starlette.responses import Response

from sandbox.faults import CUT, DROP, Fault, HangUp
from sandbox.model import Record
from sandbox.permissions import Access
from sandbox.rest import impersonation, service
from sandbox.rest.auth import authenticate, tenant_of
from sandbox.rest.call import Call, Server
from sandbox.rest.endpoints import find
from sandbox.rest.entities import QUERY
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
    fault = server.faults.take(request.method, "/".join(segments[1:]))
    if fault and fault.action == DROP:
        return HangUp()
    try:
        response = _json(200, await _answer(server, request, segments, fault))
    except RestError as error:
        response = _refusal(error, service.realm(tenant_of(server.store, request.headers)))
    return HangUp() if fault and fault.action == CUT else response


async def _answer(server: Server, request: Request, segments: list[str], fault: Fault | None) -> Record:
    query = {name.lower(): value for name, value in request.query_params.items()}
    address = str(request.base_url).rstrip("/")
    if fault and fault.status:
        raise RestError("This answer is a fault that the sandbox was asked for.", status=fault.status, retry_after=1)
    match request.method, *segments:
        case "GET", "versioninformation":
            return service.api_versions()
        case "GET", "v1.0", "zoneinformation":
            return service.zone_information(server.store, address, query.get("user", ""))
    endpoint = find(segments[1:]) if segments[:1] == ["v1.0"] else None
    if endpoint is None or len(request.url.query) > MAX_QUERY:
        raise NotFound
    handler = endpoint.handlers.get(request.method)
    if handler is None:
        raise WrongMethod(request.method)
    with server.limits.thread(request.headers.get("ApiIntegrationCode", ""), endpoint.name):
        await asyncio.sleep(server.latency + (fault.delay if fault else 0))
        caller = authenticate(server.store, request.headers, server.new_user_delay)
        await asyncio.sleep(server.limits.count(caller.tenant.id))
        if handler.verb and caller.rights.may(handler.entity, handler.verb) is Access.NONE:
            raise not_permitted(handler.verb)
        if handler.verb == QUERY and impersonation.HEADER in request.headers:
            raise not_permitted(QUERY)
        return handler.answer(Call(server, caller, request.method, address, query, request.headers, await request.body()))


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
    return Response(body, status_code=status, media_type="application/json; charset=utf-8")
