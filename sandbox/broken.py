# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Answers that break off, or never come. The application's `state.connections` are the open ones of whatever server carries it."""

from __future__ import annotations

import asyncio

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class Silence(Response):
    """No answer at all: the connection stays open until the caller gives up, or is closed at once."""

    def __init__(self, closed: bool) -> None:
        super().__init__()
        self._closed = closed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._closed:
            _close(scope)
        await _gone(receive)


class Truncated(Response):
    """An answer that ends in the middle of its body, with the connection. One without a body comes as it is."""

    def __init__(self, whole: Response) -> None:
        super().__init__()
        self._whole = whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytes(self._whole.body)
        if not body:
            await self._whole(scope, receive, send)
            return
        await _begin(self._whole, send)
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        _close(scope)
        await _gone(receive)


class Dripping(Response):
    """An answer that comes byte by byte, so many seconds apart, for as long as the caller waits for it."""

    def __init__(self, whole: Response, seconds: float) -> None:
        super().__init__()
        self._whole = whole
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytes(self._whole.body)
        await _begin(self._whole, send)
        for place in range(len(body)):
            await send({"type": "http.response.body", "body": body[place : place + 1], "more_body": True})
            try:
                await asyncio.wait_for(_gone(receive), self._seconds)
            except TimeoutError:
                continue
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _begin(whole: Response, send: Send) -> None:
    await send({"type": "http.response.start", "status": whole.status_code, "headers": whole.raw_headers})


async def _gone(receive: Receive) -> None:
    """Until the connection is closed, from whichever side."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _close(scope: Scope) -> None:
    for connection in scope["app"].state.connections:
        if connection.client == scope["client"]:
            connection.transport.close()
