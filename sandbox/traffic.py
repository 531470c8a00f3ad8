# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The access log, and the record of REST requests: method, path and status, never a query string, a header or a body.

The latest requests are remembered one by one; all of them are counted.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, deque
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.rest import endpoints

REST = "/atservicesrest/"
_KEPT = 100_000


@dataclass(frozen=True)
class Passed:
    """A REST request that was answered; `domain` tells the tenant, `status` is 0 where the connection was closed instead."""

    domain: str
    method: str
    path: str
    status: int


@dataclass(frozen=True)
class Kind:
    """What REST requests are counted by: who calls (in lower case), the method, and the address without what differs (`Tickets/{id}/Notes`)."""

    user_name: str
    method: str
    endpoint: str

    @property
    def domain(self) -> str:
        """What tells the tenant."""
        return self.user_name.rpartition("@")[2]


class Traffic:
    """What has passed. Wraps the application, writes a line for each request to standard error, and keeps and counts those to REST."""

    def __init__(self) -> None:
        self.passed: deque[Passed] = deque(maxlen=_KEPT)
        self.counts: Counter[Kind] = Counter()

    def around(self, app: ASGIApp) -> ASGIApp:
        """The application with this record of its traffic around it."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            started = time.perf_counter()
            status = 0

            async def noted(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            try:
                await app(scope, receive, noted)
            finally:
                self._note(scope, status, time.perf_counter() - started)

        return watched

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method, path = scope["method"], scope["path"]
        print(f"{method} {_printable(path)} {status or '-'} {seconds * 1000:.0f} ms", file=sys.stderr)
        if path.lower().startswith(REST):
            name = Headers(scope=scope).get("UserName") or parse_qs(scope["query_string"].decode("latin-1")).get("user", [""])[0]
            kind = Kind(name.lower(), method, endpoints.template(path[len(REST) :].split("/")))
            self.passed.append(Passed(kind.domain, method, path, status))
            self.counts[kind] += 1


def _printable(path: str) -> str:
    return path.encode("ascii", "backslashreplace").decode().replace("\n", "\\n").replace("\r", "\\r")
