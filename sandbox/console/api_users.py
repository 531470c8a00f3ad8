# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The page of one API user, new or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from sandbox import credentials
from sandbox.console import resources, user_rules
from sandbox.console.forms import ApiUserForm, api_user_form, read_api_user_form
from sandbox.console.look import SAVE_REFUSED
from sandbox.console.visit import Visit
from sandbox.editor import Problem
from sandbox.model import ApiUser


def open_new(visit: Visit) -> Response:
    """Add API User. Its identifier is made with the page, for whoever chooses Custom."""
    return _page(visit, None, ApiUserForm(tracking_code=credentials.new_tracking_code()))


def open_editor(visit: Visit) -> Response:
    """Edit API User."""
    user = _user(visit)
    if user is None:
        return visit.missing()
    return _page(visit, user, replace(api_user_form(user), tracking_code=credentials.new_tracking_code()))


def send_new(visit: Visit) -> Response:
    """What Add API User sent."""
    return _send(visit, None)


def send_editor(visit: Visit) -> Response:
    """What Edit API User sent."""
    user = _user(visit)
    return _send(visit, user) if user else visit.missing()


def _send(visit: Visit, user: ApiUser | None) -> Response:
    """Only Save & Close stores anything; every other button shows the form again, changed."""
    form = read_api_user_form(visit.form)
    match visit.text("action"):
        case "generate-key":
            form = replace(form, key=credentials.new_key(visit.tenant.domain))
            if visit.wants_data:
                return JSONResponse({"key": form.key})
        case "generate-secret":
            form = replace(form, secret=credentials.new_secret())
            if visit.wants_data:
                return JSONResponse({"secret": form.secret})
        case "associate":
            form = replace(form, lines_of_business=(*form.lines_of_business, *map(str, visit.form.getlist("associate"))))
        case "remove":
            gone = visit.form.getlist("remove")
            form = replace(form, lines_of_business=tuple(line for line in form.lines_of_business if line not in gone))
        case _:
            return _save(visit, user, form)
    return _page(visit, user, form)


def _save(visit: Visit, user: ApiUser | None, form: ApiUserForm) -> Response:
    if visit.look.generation == "shell" and not visit.text("opener"):
        return visit.problem(500, "Error", "The window that opened this page can't be reached. Nothing was saved.")
    if visit.look.has("save_refused"):
        return _page(visit, user, form, [SAVE_REFUSED], 422)
    offered = user_rules.offer(visit.store, visit.tenant, user)
    with visit.store.transaction():
        problems = list(user_rules.problems(form, offered, visit.store, visit.tenant, user))
        if problems:
            return _page(visit, user, form, problems, 422)
        if user is None:
            new = ApiUser(id=0, tenant_id=visit.tenant.id, **_general(form), **_tracking(form))
            visit.store.create_api_user(new, form.secret)
        else:
            tracking = {} if user.tracking != "none" else _tracking(form)
            visit.store.update_api_user(user.tenant_id, user.id, secret=form.secret or None, **_general(form), **tracking)
    return visit.close(resources.LIST, f"{form.first_name} {form.last_name} was saved.")


def _general(form: ApiUserForm) -> dict[str, Any]:
    """What is stored of the form, but for the secret and the tracking identifier."""
    key, _at, domain = form.key.rpartition("@")
    names = ("first_name", "last_name", "email", "active", "locked", "date_format", "time_format", "number_format")
    return {name: getattr(form, name) for name in (*names, "lines_of_business", "lob_unassigned")} | {
        "level_id": int(form.level_id),
        "location_id": int(form.location_id),
        "key": key,
        "key_domain": domain,
    }


def _tracking(form: ApiUserForm) -> dict[str, Any]:
    """What is stored of the API Tracking Identifier."""
    match form.tracking:
        case "vendor":
            return {"tracking": "vendor", "vendor_id": int(form.vendor_id)}
        case "custom":
            return {"tracking": "custom", "internal_name": form.internal_name, "tracking_code": form.tracking_code}
    return {"tracking": "none"}


def _page(visit: Visit, user: ApiUser | None, form: ApiUserForm, problems: Sequence[Problem] = (), status: int = 200) -> Response:
    return visit.page(
        "api_user.html",
        status,
        user=user,
        form=form,
        offer=user_rules.offer(visit.store, visit.tenant, user),
        problems={problem.key: problem.message for problem in problems},
    )


def _user(visit: Visit) -> ApiUser | None:
    return visit.store.api_user(visit.tenant.id, visit.number("user_id"))
