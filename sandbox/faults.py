# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Faults on demand: answers that go wrong, for trying out what a caller does then.

A fault is written `ACTION@METHOD PATH#COUNT`:

    429@GET Tickets/query#2     the next two such requests are answered with 429, and nothing is done
    drop@POST Tickets#1         the connection is closed before anything is done
    cut@POST Tickets#1          it is done, and then the connection is closed without an answer
    slow=800@*                  every request takes 800 milliseconds longer

PATH is what comes after `/atservicesrest/v1.0/`, in any case, with `*` for any characters. METHOD may be left out or `*`.
Without `#COUNT` a fault lasts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

DROP, CUT = "drop", "cut"

_GRAMMAR = re.compile(
    r"(?P<action>drop|cut|slow=(?P<delay>\d+)|(?P<status>[45]\d\d))@((?P<method>[A-Za-z]+|\*) )?(?P<path>[^#\s]+)(#(?P<count>[1-9]\d*))?"
)


@dataclass(frozen=True)
class Fault:
    """One fault. `status` is 0 unless the action is one, `delay` is in seconds, `count` is None for a lasting one."""

    action: str
    method: str
    path: str
    count: int | None
    status: int = 0
    delay: float = 0


class Faults:
    """The faults that are still to come."""

    def __init__(self) -> None:
        self._left: list[tuple[Fault, int | None]] = []

    def add(self, fault: Fault) -> None:
        """Adds a fault. Of several that fit a request, the oldest counts."""
        self._left.append((fault, fault.count))

    def clear(self) -> None:
        """Forgets all faults."""
        self._left.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that a request meets, if any; one with a count is used up by it."""
        for place, (fault, count) in enumerate(self._left):
            if fault.method in ("*", method) and fnmatchcase(path.lower(), fault.path):
                if count is not None:
                    self._left[place : place + 1] = [(fault, count - 1)] if count > 1 else []
                return fault
        return None


def parse(spec: str) -> Fault:
    """Reads a fault. ValueError if it isn't written as the module says."""
    match = _GRAMMAR.fullmatch(spec.strip())
    if match is None:
        raise ValueError(
            f"not a fault: {spec!r}; write ACTION@[METHOD ]PATH[#COUNT] with ACTION drop, cut, slow=MS or a status from 400 to 599"
        )
    return Fault(
        action=match["action"],
        method=(match["method"] or "*").upper(),
        path=match["path"].lower().strip("/"),
        count=int(match["count"]) if match["count"] else None,
        status=int(match["status"] or 0),
        delay=int(match["delay"] or 0) / 1000,
    )


class HangUp(Response):
    """No answer at all: the connection is closed. `connections` of the application's state are those of the web server."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for connection in scope["app"].state.connections:
            if connection.client == scope["client"]:
                connection.transport.close()
        while (await receive())["type"] != "http.disconnect":
            pass
