# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An invented identity provider: a page on which a person must press a button, and the way back from it."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

from starlette.responses import Response

from sandbox.console.look import Look
from sandbox.console.visit import Visit

PROVIDER = "/_sandbox/idp/authorize"
CALLBACK = "/Mvc/Framework/SingleSignOn.mvc/OAuth2Callback"


def leave(visit: Visit, target: str) -> str:
    """The provider's address, for whoever entered a user name and wants to go to `target` in the end."""
    return f"{PROVIDER}?{urlencode({'login_hint': visit.session.user_name, 'state': target})}"


def provider(visit: Visit) -> Response:
    """The provider's page."""
    return visit.page("provider.html", look=Look(), state=visit.request.query_params.get("state", "/"), user_name=visit.session.user_name)


def approve(visit: Visit) -> Response:
    """Somebody pressed the provider's button: back to the console, with a code that is good once."""
    visit.session.sso_code = secrets.token_urlsafe(16)
    return visit.go(f"{CALLBACK}?{urlencode({'code': visit.session.sso_code, 'state': visit.text('state')})}")


def callback(visit: Visit) -> Response:
    """The way back. Refused without the code, or if nobody unlocked has that user name."""
    query = visit.request.query_params
    code, visit.session.sso_code = visit.session.sso_code, ""
    person = visit.store.person(visit.session.user_name)
    if not code or query.get("code") != code or person is None or person.locked:
        return visit.go("/sign-in", refusal="You could not be signed in with your identity provider.")
    return visit.go(visit.enter(person, query.get("state", "/")))
