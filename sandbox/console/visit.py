# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One request of somebody who uses the console: their session, their form, and the ways to answer."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from sandbox.console.look import Look, look_of
from sandbox.model import Person, Tenant
from sandbox.store import Store

COOKIE = "sandbox_console"
IDLE_SECONDS = 8 * 3600
"""A session ends after eight idle hours (Autotask help, LogIntoAutotask)."""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""What every page is sent with: it may show a secret, so nobody keeps it; and it takes nothing from elsewhere."""

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.globals["new_id"] = lambda: f"z{secrets.token_hex(16)}"
_TEMPLATES.filters["slug"] = lambda text: re.sub(r"[^a-z0-9]+", "-", str(text).lower()).strip("-")
_TEMPLATES.filters["moment"] = lambda text: datetime.fromisoformat(text).strftime("%d %b %Y %H:%M")


@dataclass
class Session:
    """What the console remembers of one browser.

    `user_name` is what was entered on the sign-in page's first panel, `admitted` who entered the right password and still owes a code.
    `tenant_id` is the tenant whose sign-in page was asked for. `message` and `refusal` wait for the next page; `requests` counts pages.
    """

    id: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    user_name: str = ""
    person: Person | None = None
    admitted: Person | None = None
    tenant_id: int | None = None
    sso_code: str = field(default="", repr=False)
    requests: int = 0
    message: str = ""
    refusal: str = ""
    used: float = field(default_factory=time.monotonic)


class Sessions:
    """The sessions of all browsers, in memory: a restart signs everybody out.

    `opened` are the collapsible sections that each person has open, by the id of the person's tenant and resource.
    """

    def __init__(self) -> None:
        self._by_id: dict[str, Session] = {}
        self.opened: dict[tuple[int, int], set[str]] = {}

    def find(self, session_id: str) -> Session:
        """The session of a cookie, or a fresh one nobody is signed in to."""
        session = self._by_id.get(session_id)
        if session is None or session.used < time.monotonic() - IDLE_SECONDS:
            return Session()
        session.used = time.monotonic()
        return session

    def keep(self, session: Session) -> None:
        """Remembers a session; a new one is the occasion to forget those that have been idle too long."""
        if session.id not in self._by_id:
            oldest = time.monotonic() - IDLE_SECONDS
            self._by_id = {key: other for key, other in self._by_id.items() if other.used >= oldest}
        self._by_id[session.id] = session

    def end(self, session: Session) -> None:
        """Forgets a session: its cookie is worth nothing any more."""
        self._by_id.pop(session.id, None)


@dataclass
class Visit:
    """One request. `form` is empty for a page that is only looked at."""

    store: Store
    sessions: Sessions
    request: Request
    session: Session
    form: FormData

    @property
    def person(self) -> Person:
        """Who is signed in."""
        if self.session.person is None:
            raise LookupError("nobody is signed in")
        return self.session.person

    @property
    def tenant(self) -> Tenant:
        """The tenant of whoever is signed in."""
        return self.store.tenant(self.person.tenant_id)

    @property
    def posted(self) -> bool:
        """Whether a form was sent."""
        return self.request.method == "POST"

    def number(self, name: str) -> int:
        """A number of the page's address."""
        return int(self.request.path_params[name])

    def text(self, name: str) -> str:
        """A text field of the form, without the spaces around it; empty if it wasn't sent."""
        return str(self.form.get(name, "")).strip()

    @property
    def look(self) -> Look:
        """How the console of this tenant looks; before anybody is signed in, that of the tenant whose sign-in page it is."""
        tenant_id = self.session.person.tenant_id if self.session.person else self.session.tenant_id
        return look_of(None if tenant_id is None else self.store.tenant(tenant_id))

    @property
    def whole_window(self) -> bool:
        """Whether a browser asks for what fills its window, and not for what is in a frame."""
        return self.request.method == "GET" and self.request.headers.get("Sec-Fetch-Dest") == "document"

    @property
    def wants_data(self) -> bool:
        """Whether the page's script asks, and not a person who goes to another page."""
        return self.request.headers.get("Accept") == "application/json"

    @property
    def opened(self) -> set[str]:
        """The collapsible sections that this person left open."""
        return self.sessions.opened.setdefault((self.person.tenant_id, self.person.id), set())

    def page(self, template: str, status: int = 200, *, look: Look | None = None, **values: Any) -> Response:
        """Answers with a page in the tenant's look, or in another one; what waited for the next page is shown once."""
        page = self._drawn(template, status, look or self.look, {"message": self.session.message, "refusal": self.session.refusal} | values)
        self.session.message = self.session.refusal = ""
        return page

    def frame(self, template: str, **values: Any) -> Response:
        """Answers with a page around or beside others; what waits for the next page waits for one of those."""
        return self._drawn(template, 200, self.look, {"message": "", "refusal": ""} | values)

    def _drawn(self, template: str, status: int, look: Look, values: dict[str, Any]) -> Response:
        """A page. Its template is written once for all generations; `ui` are the pieces that its own one draws it with."""
        context = {"look": look, "t": look.word, "path": self.request.url.path, "posted": self.posted, "token": self.session.token}
        context |= {"person": self.session.person, "problems": {}, "overlays": []}
        if self.session.person:
            settings_name = f"{self.tenant.organization_term} {look.word('Settings & Users')}"
            context |= {"tenant": self.tenant, "opened": self.opened, "settings_name": settings_name}
        context |= values
        context["layout"] = _TEMPLATES.get_template(f"{look.parts}/base.html")
        context["ui"] = _TEMPLATES.get_template(f"{look.parts}/parts.html").make_module(context)
        return HTMLResponse(_TEMPLATES.get_template(template).render(context), status)

    def enter(self, person: Person, target: str) -> str:
        """Begins a session of this person. Returns the page that it begins with: the one that was asked for."""
        self.sessions.end(self.session)
        self.session = Session(person=person)
        return own_address(target)

    def go(self, address: str, message: str = "", refusal: str = "") -> Response:
        """Sends the browser to another page, which shows the message, or why something was refused."""
        self.session.message, self.session.refusal = message, refusal
        return RedirectResponse(address, 303)

    def close(self, address: str, message: str) -> Response:
        """Ends an editor: its window closes and the page that opened it shows the message. Without windows, goes to the list."""
        if not self.look.drawn:
            return self.go(address, message)
        response = self.frame("closed.html")
        self.session.message = message
        return response

    def problem(self, status: int, title: str, text: str) -> Response:
        """Answers with a page that only says what is wrong."""
        return self.page("problem.html", status, title=title, text=text)

    def missing(self) -> Response:
        """Answers that there is no such page."""
        return self.problem(404, "Not found", "There is nothing here. It may have been deleted.")


def own_address(target: str) -> str:
    """An address that a request names, if it is one of ours; the first page otherwise."""
    return target if target.startswith("/") and not target.startswith(("//", "/\\")) else "/"


Handler = Callable[[Visit], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def endpoint(store: Store, sessions: Sessions, handler: Handler, public: bool = False) -> Endpoint:
    """Makes a handler of visits a Starlette endpoint.

    Whoever is not signed in is sent to the sign-in page, unless the page is public. A form without this session's token is
    refused. Handlers run in a thread, since the store blocks.
    """

    async def answer(request: Request) -> Response:
        session = sessions.find(request.cookies.get(COOKIE, ""))
        form = await request.form() if request.method == "POST" else FormData()
        visit = Visit(store, sessions, request, session, form)
        _end_in_time(visit)
        response = await run_in_threadpool(_answer, visit, handler, public)
        response.headers.update(HEADERS)
        sessions.keep(visit.session)
        response.set_cookie(COOKIE, visit.session.id, httponly=True, samesite="lax")
        return response

    return answer


def _end_in_time(visit: Visit) -> None:
    """The trap `session_ends`."""
    after = visit.look.session_ends_after
    if visit.session.person is None or not after:
        return
    visit.session.requests += 1
    if visit.session.requests >= after:
        visit.sessions.end(visit.session)
        visit.session = Session(tenant_id=visit.person.tenant_id)


def _answer(visit: Visit, handler: Handler, public: bool) -> Response:
    if visit.session.person is None and (tenant := visit.store.tenant_by_slug(visit.request.query_params.get("tenant", ""))):
        visit.session.tenant_id = tenant.id
    if not public and visit.session.person is None:
        address = "/" if visit.posted else visit.request.url.path
        return visit.go(f"/sign-in?next={quote(address)}")
    if visit.posted and not secrets.compare_digest(visit.text("token").encode(), visit.session.token.encode()):
        return visit.problem(403, "Form expired", "This form is too old or didn't come from this page. Go back, reload and try again.")
    return handler(visit)
