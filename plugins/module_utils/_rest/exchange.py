# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""One request and its answer, within bounds: in time as a whole, and of a size that is read at most. Private to the collection."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._text import from_json

if TYPE_CHECKING:
    import requests

# Bytes of an answer, unpacked. The longest one that is asked for, a page of 500 records or the fields of tickets, has one or two million.
LARGEST_ANSWER = 32 * 1024 * 1024
# Bytes that are read, still packed, before the bounds are looked at again.
_PIECE = 8192


class TooLate(Exception):
    """There is no whole answer in the time that a request may take."""


class TooLarge(Exception):
    """The answer is larger than anything that is asked for."""


@dataclass(frozen=True)
class Answer:
    """What came back. `body` is its JSON; None where it has none that is sound."""

    status: int
    retry_after: str | None
    content: bytes
    body: Any


def exchange(send: Callable[[], requests.Response], seconds: float) -> Answer:
    """The answer to a request that `send` sends without reading its body (`stream`).

    The time-outs of a connection count from one byte to the next, and none holds while a name is looked up. So the request has a thread of its own, which
    is given up when its time is over: what it was to do may still be done.

    Raises TooLate, TooLarge, and what `send` raises.
    """
    until = time.monotonic() + seconds
    outcome: list[Answer] = []
    failure: list[BaseException] = []

    def work() -> None:
        try:
            with send() as response:
                content = _content(response, until)
                outcome.append(Answer(response.status_code, response.headers.get("Retry-After"), content, from_json(content)))
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    if failure:
        raise failure[0]
    if not outcome:
        raise TooLate
    return outcome[0]


def _content(response: requests.Response, until: float) -> bytes:
    """The whole body, unpacked piece by piece, so that a small answer can't become a large one."""
    content = bytearray()
    for piece in response.iter_content(_PIECE):
        content += piece
        if len(content) > LARGEST_ANSWER:
            raise TooLarge
        if time.monotonic() > until:
            raise TooLate
    return bytes(content)
