# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sandbox without a socket: what `requests` would send goes to the sandbox's application, in this very process."""

from __future__ import annotations

import asyncio
import email.message
import io
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
import requests.adapters
import urllib3
from starlette.applications import Starlette

ADDRESS = "http://127.0.0.1:9"
"""Where the sandbox is. Nothing listens there: a request that took another way would fail."""

_PORT = 9


class _Head:
    """The head of an answer, in which `requests` looks for cookies."""

    def __init__(self, headers: list[tuple[str, str]]) -> None:
        self.msg = email.message.Message()
        for name, value in headers:
            self.msg[name] = value

    def isclosed(self) -> bool:
        return True

    def close(self) -> None:
        """Nothing is open."""


class Killed(BaseException):
    """The process ends here. Nothing of ours may catch it."""


class Wire(requests.adapters.HTTPAdapter):
    """Takes requests to `ADDRESS` to the application, one after the other, and refuses all others.

    `before_write` and `after_write` are called with the number of each request to REST that changes something, from 1.
    """

    def __init__(self, app: Starlette) -> None:
        super().__init__()
        self._app = app
        self._loop = asyncio.new_event_loop()
        self._writes = 0
        self.before_write: Callable[[int], None] | None = None
        self.after_write: Callable[[int], None] | None = None

    def forget(self) -> None:
        """Writes are counted from 1 again, and nobody is called."""
        self._writes, self.before_write, self.after_write = 0, None, None

    def hang_up(self) -> None:
        """The end of it."""
        self._loop.close()

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """See `HTTPAdapter`. Raises `requests.ConnectionError` where the sandbox hangs up, and for other addresses."""
        url = str(request.url)
        if not url.startswith(f"{ADDRESS}/"):
            raise requests.ConnectionError(f"{url}: there is no network here", request=request)
        number = self._writes + 1 if _writes(request, url) else 0
        self._writes = number or self._writes
        if number and self.before_write:
            self.before_write(number)
        status, headers, body = self._loop.run_until_complete(self._answer(request, url))
        if number and self.after_write:
            self.after_write(number)
        if not status:
            raise requests.ConnectionError("the sandbox hung up", request=request)
        head: Any = _Head(headers)
        raw = urllib3.HTTPResponse(
            io.BytesIO(body), headers=urllib3.HTTPHeaderDict(headers), status=status, preload_content=False, original_response=head
        )
        return self.build_response(request, raw)

    async def _answer(self, request: requests.PreparedRequest, url: str) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status (0 where nothing was answered), headers and body."""
        sent = request.body.encode() if isinstance(request.body, str) else request.body or b""
        coming = [{"type": "http.request", "body": sent, "more_body": False}]
        answered: list[Any] = []

        async def receive() -> dict[str, Any]:
            return coming.pop() if coming else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            answered.append(message)

        parts = urlsplit(url)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": parts.scheme,
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(),
            "root_path": "",
            "query_string": parts.query.encode(),
            "headers": [
                (b"host", parts.netloc.encode()),
                *((_bytes(name).lower(), _bytes(value)) for name, value in request.headers.items()),
            ],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", _PORT),
            "state": {},
        }
        await self._app(scope, receive, send)
        status = next((int(message["status"]) for message in answered if message["type"] == "http.response.start"), 0)
        headers = [pair for message in answered for pair in message.get("headers", ())]
        body = b"".join(message.get("body", b"") for message in answered)
        return status, [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers], body


def _writes(request: requests.PreparedRequest, url: str) -> bool:
    """Whether a request to REST changes something; queries by POST don't."""
    return request.method != "GET" and "/v1.0/" in url and "/query" not in url


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")
