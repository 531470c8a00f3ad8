# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The console's addresses. They are the sandbox's own: those of Autotask's pages are not public."""

from __future__ import annotations

import asyncio
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.console import api_users, levels, resources, settings, signin, single_sign_on, tickets, windows
from sandbox.console.look import TRAPS
from sandbox.console.visit import Handler, Sessions, Visit, endpoint
from sandbox.store import Store

_STATIC = StaticFiles(directory=Path(__file__).parent / "static")
_DOORS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/sign-in", signin.panel),
    ("POST", "/sign-in", signin.sign_in),
    ("GET", single_sign_on.PROVIDER, single_sign_on.provider),
    ("POST", single_sign_on.PROVIDER, single_sign_on.approve),
    ("GET", single_sign_on.CALLBACK, single_sign_on.callback),
)
_PAGES: dict[str, Handler] = {
    "/": settings.home,
    "/admin/settings": settings.settings,
    "/admin/categories": settings.categories,
    "/admin/internal-locations": settings.internal_locations,
    "/admin/security-levels": levels.listing,
    levels.DENIED: levels.denied,
    windows.LANDING: windows.landing,
    windows.WORK: windows.work,
    windows.BANNER: windows.banner,
    windows.MENU: windows.menu,
    "/admin/security-levels/{level_id:int}": levels.open_editor,
    "/admin/resources": resources.listing,
    "/admin/api-users/new": api_users.open_new,
    "/admin/api-users/{user_id:int}": api_users.open_editor,
    "/service-desk/tickets": tickets.listing,
    "/service-desk/tickets/{ticket_id:int}": tickets.ticket,
    tickets.COMMAND: tickets.command,
}
_FORMS: dict[str, Handler] = {
    "/sign-out": signin.sign_out,
    "/console/sections": settings.remember_section,
    "/admin/security-levels/{level_id:int}": levels.send_editor,
    "/admin/security-levels/{level_id:int}/{action}": levels.menu,
    "/admin/resources/{user_id:int}/{action}": resources.menu,
    "/admin/api-users/new": api_users.send_new,
    "/admin/api-users/{user_id:int}": api_users.send_editor,
    "/service-desk/tickets/{ticket_id:int}/status": tickets.set_status,
    "/service-desk/tickets/{ticket_id:int}/notes": tickets.add_note,
    "/service-desk/tickets/{ticket_id:int}/checklist/{item_id:int}": tickets.tick,
}


def _in_its_window(handler: Handler) -> Handler:
    """A page, or what a window holds around it."""

    def answer(visit: Visit) -> Response:
        return windows.around(visit) or handler(visit)

    return answer


async def _late_script(request: Request) -> Response:
    """The same file as in the folder of static files, a while later."""
    await asyncio.sleep(TRAPS["slow_scripts"]["milliseconds"] / 1000)
    return await _STATIC.get_response(request.path_params["name"], request.scope)


def routes(store: Store) -> list[BaseRoute]:
    """Everything that the application mounts for the console: its pages, its forms and its static files."""
    sessions = Sessions()
    return [
        *(Route(path, endpoint(store, sessions, handler, public=True), methods=[method]) for method, path, handler in _DOORS),
        *(Route(path, endpoint(store, sessions, _in_its_window(handler)), methods=["GET"]) for path, handler in _PAGES.items()),
        *(Route(path, endpoint(store, sessions, handler), methods=["POST"]) for path, handler in _FORMS.items()),
        Mount("/static", _STATIC),
        Route("/late/{name}", _late_script),
    ]
