# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The landing page, the Admin page that leads to everything else, and the list of internal locations."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from sandbox.console.visit import Visit


def home(visit: Visit) -> Response:
    """The landing page."""
    return visit.page("home.html")


def settings(visit: Visit) -> Response:
    """Admin > Organization Settings & Users, in the tenant's word for Organization."""
    return visit.page("settings.html")


def categories(visit: Visit) -> Response:
    """What Admin leads to in newer consoles."""
    return visit.page("categories.html")


def internal_locations(visit: Visit) -> Response:
    """The list of internal locations; it is only looked at."""
    return visit.page("internal_locations.html", locations=visit.store.query(visit.tenant.id, "InternalLocations"))


def remember_section(visit: Visit) -> Response:
    """Remembers whether this person left a collapsible section open."""
    section = visit.text("section")
    if visit.text("open"):
        visit.opened.add(section)
    else:
        visit.opened.discard(section)
    return JSONResponse({})
