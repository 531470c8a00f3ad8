# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a browser's window holds in the generations that show pages in frames: the shell, or framesets.

A browser says whether it asks for a window's page or for one in a frame (the header `Sec-Fetch-Dest`). So a page has one address,
and its window is drawn around it when it is asked for by itself.
"""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from sandbox.console.visit import Visit, own_address

LANDING = "/AutotaskOnyx/LandingPage"
WORK = "/console/work"
BANNER = "/console/banner"
MENU = "/console/menu"

_EDITOR = re.compile(r"/admin/(security-levels/\d+|api-users/\w+)")
_WINDOWS = (LANDING, WORK, BANNER, MENU)

_MENU = (
    ("Home", "/"),
    ("CRM", ""),
    ("Contracts", ""),
    ("Projects", ""),
    ("Service Desk", "/service-desk/tickets"),
    ("Timesheets", ""),
    ("Inventory", ""),
    ("Reports", ""),
)
"""The root items of the menu, but for Admin; those without an address lead nowhere in the sandbox."""


def around(visit: Visit) -> Response | None:
    """What the window holds instead of the page that it asks for; None if that page fills it."""
    path = visit.request.url.path
    if not visit.whole_window or visit.session.person is None or path in _WINDOWS:
        return None
    address = f"{path}?{visit.request.url.query}".rstrip("?")
    editor = _EDITOR.fullmatch(path) is not None
    if visit.look.generation == "shell" and not editor:
        data = base64.b64encode(json.dumps({"url": address}).encode()).decode()
        view = path.strip("/").replace("/", "-") or "home"
        return RedirectResponse(f"{LANDING}?{urlencode({'view': view, 'view-data': data})}", 303)
    if visit.look.generation == "frames":
        inner = address if editor else f"{WORK}?{urlencode({'at': address})}"
        return visit.frame("frames/window.html", banner=BANNER, inner=inner)
    return None


def landing(visit: Visit) -> Response:
    """The shell. The older page that it holds is in `view-data`, as base64 of JSON."""
    try:
        data = json.loads(base64.b64decode(visit.request.query_params.get("view-data", "")))
        inner = own_address(str(data["url"]))
    except (ValueError, KeyError, TypeError):
        inner = "/"
    return visit.frame("shell.html", inner=inner, menu=(*_MENU, ("Admin", visit.look.admin)))


def work(visit: Visit) -> Response:
    """The inner frameset: the menu, and the page that the person works in."""
    inner = own_address(visit.request.query_params.get("at", "/"))
    return visit.frame("frames/work.html", menu=MENU, inner=inner)


def banner(visit: Visit) -> Response:
    """The frame above all others."""
    return visit.frame("frames/banner.html")


def menu(visit: Visit) -> Response:
    """The frame with the menu."""
    return visit.frame("frames/menu.html", menu=(*_MENU, ("Admin", visit.look.admin)))
