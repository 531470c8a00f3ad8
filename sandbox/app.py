# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Puts REST, console and control together as one application."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import control
from sandbox.console.routes import routes as console_routes
from sandbox.faults import Fault, Faults
from sandbox.rest.call import Server
from sandbox.rest.late import Late
from sandbox.rest.limits import Limits
from sandbox.rest.server import respond
from sandbox.store import Store
from sandbox.traffic import Traffic

LOCAL = ("127.0.0.1", "localhost", "::1")
"""The names that the sandbox has. It answers to no other, so that a web page elsewhere can't reach it by a name of its own."""


class _RestRoot(StringConvertor):
    """The first segment of REST's path, in any case."""

    regex = "(?i:atservicesrest)"


@dataclass(frozen=True)
class Settings:
    """How REST behaves. Times are in seconds; `threshold` is requests an hour for each tenant."""

    latency: float = 0
    new_user_delay: float = 0
    threshold: int = 10_000
    threshold_latency: bool = False
    faults: list[Fault] = field(default_factory=list)


def create_app(store: Store, settings: Settings) -> Starlette:
    """The application. Its `state.connections` are the open connections of what carries it, which a fault may close."""
    faults, late, traffic = Faults(), Late(), Traffic()
    for fault in settings.faults:
        faults.add(fault)
    server = Server(
        store=store,
        limits=Limits(settings.threshold, settings.threshold_latency),
        faults=faults,
        late=late,
        latency=settings.latency,
        new_user_delay=settings.new_user_delay,
    )

    async def rest(request: Request) -> Response:
        return await respond(server, request)

    register_url_convertor("rest_root", _RestRoot())
    app = Starlette(
        routes=[
            Route("/{root:rest_root}/{path:path}", rest, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
            *console_routes(store),
            *control.routes(store, faults, late, traffic),
        ],
        middleware=[Middleware(traffic.around), Middleware(TrustedHostMiddleware, allowed_hosts=[*LOCAL, "[::1]"])],
    )
    app.state.connections = []
    return app
