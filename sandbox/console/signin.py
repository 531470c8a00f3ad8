# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Signing in: one panel for the user name, one for the password, as Autotask's own page has it."""

from __future__ import annotations

from starlette.responses import Response

from sandbox.console.visit import Session, Visit


def panel(visit: Visit) -> Response:
    """The first panel."""
    return visit.page("sign_in.html", user_name="", next=visit.request.query_params.get("next", "/"))


def sign_in(visit: Visit) -> Response:
    """What a panel sent: the user name brings the second panel, the password brings the person in."""
    target = visit.text("next")
    if visit.text("action") != "sign-in":
        visit.session.user_name = visit.text("user_name")
        if not visit.session.user_name:
            visit.session.refusal = "Enter your user name."
        return visit.page("sign_in.html", user_name=visit.session.user_name, next=target)
    user_name = visit.session.user_name
    person = visit.store.sign_in(user_name, str(visit.form.get("password", "")))
    if person is None:
        account = visit.store.person(user_name)
        visit.session.refusal = (
            "This account is locked. Ask an administrator to unlock it."
            if account and account.locked
            else "The user name or the password is wrong. The third wrong password in a row locks an account."
        )
        return visit.page("sign_in.html", 401, user_name=user_name, next=target)
    visit.sessions.end(visit.session)
    visit.session = Session(person=person)
    return visit.go(_own_address(target))


def sign_out(visit: Visit) -> Response:
    """Ends the session."""
    visit.sessions.end(visit.session)
    visit.session = Session()
    return visit.go("/sign-in", "You are signed out.")


def _own_address(target: str) -> str:
    """The page that was asked for before signing in, if it is one of ours."""
    return target if target.startswith("/") and not target.startswith(("//", "/\\")) else "/"
