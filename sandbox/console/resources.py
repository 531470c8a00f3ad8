# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The list Resources/Users: people and API users. Nobody is ever deleted there."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from sandbox.console.look import two_rows
from sandbox.console.visit import Visit

LIST = "/admin/resources"


@dataclass(frozen=True)
class Row:
    """A line of the list."""

    id: int
    name: str
    user_name: str
    level: str
    active: bool
    is_api_user: bool


def listing(visit: Visit) -> Response:
    """The list: active resources, or all of them with Show Inactive; with Find, those whose name or user name contains a text."""
    query = visit.request.query_params
    wanted = query.get("find", "").strip()
    api_users = {user.id: user for user in visit.store.api_users(visit.tenant.id)}
    people = {person.id: person for person in visit.store.people(visit.tenant.id)}
    levels = {level.id: level.listed_name for level in visit.store.levels(visit.tenant.id)}
    rows = [
        Row(
            id=resource["id"],
            name=f"{resource['firstName']} {resource['lastName']}".strip(),
            user_name=known.user_name if (known := api_users.get(resource["id"]) or people.get(resource["id"])) else "",
            level=levels.get(resource["userType"], ""),
            active=resource["isActive"],
            is_api_user=resource["id"] in api_users,
        )
        for resource in visit.store.query(visit.tenant.id, "Resources")
        if resource["isActive"] or "inactive" in query
    ]
    rows = [row for row in rows if wanted.lower() in f"{row.name} {row.user_name}".lower()]
    rows.sort(key=lambda row: row.name.lower())
    if visit.look.has("two_rows"):
        rows = list(two_rows(rows, lambda row: row.is_api_user, "name"))
    return visit.page("resources.html", rows=rows, find=wanted, show_inactive="inactive" in query)


def menu(visit: Visit) -> Response:
    """Activates or inactivates an API user."""
    user = visit.store.api_user(visit.tenant.id, visit.number("user_id"))
    wanted = {"activate": True, "inactivate": False}.get(visit.request.path_params["action"])
    if user is None or wanted is None:
        return visit.missing()
    visit.store.update_api_user(user.tenant_id, user.id, active=wanted)
    return visit.go(LIST, f"{user.name} is {'active' if wanted else 'inactive'}.")
