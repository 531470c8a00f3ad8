# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sandbox without a socket: what `requests` would send goes to the sandbox's application, in this very process."""

from __future__ import annotations

import asyncio
import email.message
import io
import itertools
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
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


@dataclass(eq=False)
class _Connection:
    """What a fault of the sandbox closes, as it does with a socket."""

    client: tuple[str, int]
    closed: bool = False

    @property
    def transport(self) -> _Connection:
        return self

    def close(self) -> None:
        """The server hangs up."""
        self.closed = True


class _Impatient(io.BytesIO):
    """The beginning of a body of which the rest doesn't come in time."""

    def read(self, size: int | None = -1) -> bytes:
        """See `BytesIO`. Raises what urllib3 does where nothing came in time."""
        read = super().read(size)
        if not read or size in (None, -1):
            raise urllib3.exceptions.ReadTimeoutError(urllib3.connectionpool.HTTPConnectionPool("127.0.0.1"), "", "Read timed out.")
        return read


class Wire(requests.adapters.HTTPAdapter):
    """Takes requests to `ADDRESS` to the application, those of a thread one after the other, and refuses all others.

    A caller here has no patience at all: an answer that doesn't come is over at once, as if the time-out had passed.
    `before_write` and `after_write` are called with the number of each request to REST that changes something, from 1; `before_each` with that of each
    request at all. `answer` gets that number and the body of an answer, and returns the one that arrives in its place.
    """

    def __init__(self, app: Starlette) -> None:
        super().__init__()
        self._app = app
        self._loops: dict[int, asyncio.AbstractEventLoop] = {}
        self._ports = itertools.count(1)
        self._writes = 0
        self._sent = 0
        self.before_each: Callable[[int], None] | None = None
        self.before_write: Callable[[int], None] | None = None
        self.after_write: Callable[[int], None] | None = None
        self.answer: Callable[[int, bytes], bytes] | None = None

    def forget(self) -> None:
        """Writes are counted from 1 again, and nobody is called."""
        self._writes, self.before_write, self.after_write = 0, None, None
        self._sent, self.before_each, self.answer = 0, None, None

    def hang_up(self) -> None:
        """The end of it."""
        for loop in self._loops.values():
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """See `HTTPAdapter`. Raises what `requests` does where the sandbox hangs up or says nothing, and `ConnectionError` for other addresses."""
        url = str(request.url)
        if not url.startswith(f"{ADDRESS}/"):
            raise requests.ConnectionError(f"{url}: there is no network here", request=request)
        self._sent += 1
        number_of_all = self._sent
        if self.before_each:
            self.before_each(number_of_all)
        number = self._writes + 1 if _writes(request, url) else 0
        self._writes = number or self._writes
        if number and self.before_write:
            self.before_write(number)
        with self._connected() as connection:
            answered = self._loop().run_until_complete(self._answered(request, url, connection))
        if number and self.after_write:
            self.after_write(number)
        status = next((int(message["status"]) for message in answered if message["type"] == "http.response.start"), 0)
        if not status and connection.closed:
            raise requests.ConnectionError("the sandbox hung up", request=request)
        if not status:
            raise requests.ReadTimeout("the sandbox says nothing", request=request)
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for message in answered for name, value in message.get("headers", ())]
        sent = b"".join(message.get("body", b"") for message in answered)
        if self.answer:
            sent = self.answer(number_of_all, sent)
            headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
        whole = not answered[-1].get("more_body", False)
        # A body that is shorter than it was said to be is for urllib3 to notice.
        body = io.BytesIO(sent) if whole or connection.closed else _Impatient(sent)
        head: Any = _Head(headers)
        raw = urllib3.HTTPResponse(
            body, headers=urllib3.HTTPHeaderDict(headers), status=status, preload_content=False, original_response=head
        )
        response = self.build_response(request, raw)
        if not stream:
            response.content.decode("latin-1")
        return response

    def _loop(self) -> asyncio.AbstractEventLoop:
        """The loop of this thread."""
        thread = threading.get_ident()
        if thread not in self._loops:
            self._loops[thread] = asyncio.new_event_loop()
        return self._loops[thread]

    @contextmanager
    def _connected(self) -> Iterator[_Connection]:
        """A connection that the sandbox knows of."""
        connection = _Connection(("127.0.0.1", next(self._ports)))
        self._app.state.connections.append(connection)
        try:
            yield connection
        finally:
            self._app.state.connections.remove(connection)

    async def _answered(self, request: requests.PreparedRequest, url: str, connection: _Connection) -> list[Any]:
        """The messages of the application's answer."""
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
            "client": connection.client,
            "server": ("127.0.0.1", _PORT),
            "state": {},
        }
        await self._app(scope, receive, send)
        return answered


def _writes(request: requests.PreparedRequest, url: str) -> bool:
    """Whether a request to REST changes something; queries by POST don't."""
    return request.method != "GET" and "/v1.0/" in url and "/query" not in url


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")
