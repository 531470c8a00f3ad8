# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Signing in and out: the panels for user name, password and code."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from starlette.responses import JSONResponse, Response

from sandbox import credentials
from sandbox.console import single_sign_on
from sandbox.console.visit import Session, Visit
from sandbox.model import Tenant

USER_NAME, PASSWORD, CODE = "user-name", "password", "code"
"""The panels, in their order. Between two of them a tenant with single sign-on leaves for its identity provider."""


@dataclass(frozen=True)
class Step:
    """Where signing in has got to: a panel, with why the last one was refused, or the address that it leads to."""

    panel: str = USER_NAME
    refusal: str = ""
    go: str = ""


def panel(visit: Visit) -> Response:
    """The first panel. Whose tenant's it looks like is in the address, or not known before the user name is."""
    return _page(visit, Step(), visit.request.query_params.get("next", "/"))


def sign_in(visit: Visit) -> Response:
    """What a panel sent. The page's script is answered with data, a form with a page."""
    target = visit.text("next")
    match visit.text("action"):
        case "sign-in":
            step = _password(visit, target)
        case "verify":
            step = _code(visit, target)
        case _:
            step = _user_name(visit, target)
    if visit.wants_data:
        return JSONResponse({"panel": step.panel, "refusal": step.refusal, "go": step.go})
    return visit.go(step.go) if step.go else _page(visit, step, target)


def sign_out(visit: Visit) -> Response:
    """Ends the session."""
    tenant_id = visit.person.tenant_id
    visit.sessions.end(visit.session)
    visit.session = Session(tenant_id=tenant_id)
    return visit.go("/sign-in", "You are signed out.")


def _user_name(visit: Visit, target: str) -> Step:
    visit.session.user_name = visit.text("user_name")
    visit.session.admitted = None
    if not visit.session.user_name:
        return Step(refusal="Enter your user name.")
    tenant = _tenant(visit)
    visit.session.tenant_id = tenant.id if tenant else None
    if _mode(tenant) == "single_sign_on":
        return Step(go=single_sign_on.leave(visit, target))
    return Step(PASSWORD)


def _password(visit: Visit, target: str) -> Step:
    user_name, mode = visit.session.user_name, _mode(_tenant(visit))
    if mode == "single_sign_on":
        return Step(refusal="Sign in with your identity provider.")
    person = visit.store.sign_in(user_name, str(visit.form.get("password", "")), code_follows=mode == "totp")
    if person is None:
        return Step(
            PASSWORD, _refusal(visit, "The user name or the password is wrong. The third wrong password in a row locks an account.")
        )
    if mode == "totp":
        visit.session.admitted = person
        return Step(CODE)
    return Step(go=visit.enter(person, target))


def _code(visit: Visit, target: str) -> Step:
    person, tenant = visit.session.admitted, _tenant(visit)
    if person is None or tenant is None:
        return Step()
    seed = credentials.derived_totp_seed(tenant.slug, person.user_name.partition("@")[0])
    if not visit.store.check_code(person, visit.text("code") in credentials.totp_codes(seed, time.time())):
        return Step(CODE, _refusal(visit, "The code is wrong. The third wrong code in a row locks an account."))
    return Step(go=visit.enter(person, target))


def _page(visit: Visit, step: Step, target: str) -> Response:
    """The panel as a page of its own in the plain generation; in the drawn ones a page that has all of them."""
    visit.session.refusal = step.refusal or visit.session.refusal
    status = 401 if step.refusal and step.panel != USER_NAME else 200
    user_name = visit.session.user_name if step.panel != USER_NAME else ""
    if visit.look.drawn:
        look = replace(visit.look, generation="mvc", traps=visit.look.traps - {"guidance"})
        return visit.page("panels.html", status, look=look, panel=step.panel, user_name=user_name, next=target)
    return visit.page("sign_in.html", status, panel=step.panel, user_name=user_name, next=target)


def _refusal(visit: Visit, otherwise: str) -> str:
    account = visit.store.person(visit.session.user_name)
    return "This account is locked. Ask an administrator to unlock it." if account and account.locked else otherwise


def _tenant(visit: Visit) -> Tenant | None:
    return visit.store.tenant_by_domain(visit.session.user_name.rpartition("@")[2])


def _mode(tenant: Tenant | None) -> str:
    return str(tenant.options.get("sign_in", "password")) if tenant else "password"
