# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Faults on demand: answers that go wrong, for trying out what a caller does then.

A fault is written `[+]ACTION[=VALUE]@[TENANT:][METHOD ]PATH[#WHICH]`:

    429@GET Tickets/query#2             the next two such requests are answered with 429, and nothing is done
    +502@birch:POST Tickets#3-3         the third such request of birch is done, and then answered with 502
    200=no_items@Resources/query#2-     from the second on, such a query finds nothing
    drop@*                              every connection is closed before anything is done

ACTION says what happens, README.md has them all. With `+` it happens after the work, else before it or in its place. PATH is what comes after
`/atservicesrest/v1.0/`, in any case, with `*` for any characters. TENANT and METHOD may be left out, METHOD may be `*`. `#2` are the next two
such requests, `#3-5` the third to the fifth, `#3-` all from the third on; without it a fault lasts. A request that an older fault meets doesn't
count for the younger ones.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from sandbox import answers
from sandbox.answers import Body

STATUS, DROP, HANG, PAUSE, SLOW = "status", "drop", "hang", "pause", "slow"
TRUNCATE, DRIP, MISSING_ROW, NO_ROWS, FOREIGN_PAGE, LATE = "truncate", "drip", "missing_row", "no_rows", "foreign_page", "late"

BEFORE_OR_AFTER = (STATUS, DROP, HANG, PAUSE, SLOW)
"""What may happen before the work or, with `+`, after it. All others are about what was done, and so come after it."""

NUMBERED = (SLOW, DRIP, LATE)
"""Their value is a number: of milliseconds, or of queries. That of `missing_row`, a row's, may be left out."""

_WORDS = (*BEFORE_OR_AFTER[1:], TRUNCATE, DRIP, MISSING_ROW, NO_ROWS, FOREIGN_PAGE, LATE)
_GRAMMAR = re.compile(
    r"(?P<after>\+)?(?P<action>[2-5]\d\d|[a-z_]+)(=(?P<value>\w+))?"
    r"@((?P<tenant>[\w-]+):)?((?P<method>[A-Za-z]+|\*) )?(?P<path>[^#\s]+)(#(?P<first>[1-9]\d*)((?P<range>-)(?P<last>[1-9]\d*)?)?)?"
)
_HITS_KEPT = 100_000


@dataclass(frozen=True)
class Fault:
    """One fault. `value` is a status, milliseconds, a number of queries or of a row; `tenant` is empty for all of them; `last` is None where there is no end.

    `body` is None where the sandbox answers a status in its own words.
    """

    spec: str
    action: str
    value: int
    after: bool
    tenant: str
    method: str
    path: str
    first: int
    last: int | None
    body: Body | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def afterwards(self) -> bool:
        """Whether it happens once the work is done."""
        return self.after or self.action not in BEFORE_OR_AFTER

    def fits(self, tenant: str, method: str, path: str) -> bool:
        """Whether it is about such a request."""
        return self.tenant in ("", tenant) and self.method in ("*", method) and fnmatchcase(path.lower(), self.path)


@dataclass(eq=False)
class Hit:
    """A fault that hit: its id, the request, and its number among such requests, from 1. `released` is there once it waits at a pause."""

    id: int
    fault: Fault
    tenant: str
    method: str
    path: str
    number: int
    released: Future[None] | None = None

    @property
    def waits(self) -> bool:
        """Whether the request waits to be released."""
        return self.released is not None and not self.released.done()

    def shown(self) -> dict[str, Any]:
        """What the control tells of it."""
        request = {"tenant": self.tenant or None, "method": self.method, "path": self.path, "number": self.number}
        return {"fault": self.id, "spec": self.fault.spec, **request, "waits": self.waits}


class Faults:
    """The faults that are still to come, and what they have hit. Safe to use from several threads."""

    def __init__(self) -> None:
        self._coming: dict[int, tuple[Fault, int]] = {}
        self._last_id = 0
        self._hits: deque[Hit] = deque(maxlen=_HITS_KEPT)
        self._changed = threading.Condition()

    def add(self, fault: Fault) -> int:
        """Adds a fault, and returns its id. Of several that fit a request, the oldest counts."""
        with self._changed:
            self._last_id += 1
            self._coming[self._last_id] = (fault, 0)
            return self._last_id

    def coming(self) -> list[dict[str, Any]]:
        """The faults that are still to come, each with its id and the number of such requests so far."""
        return [{"id": number, "spec": fault.spec, "requests": passed} for number, (fault, passed) in self._coming.items()]

    def clear(self) -> None:
        """Forgets all faults and hits. Who waits at a pause goes on."""
        with self._changed:
            self._coming.clear()
            for hit in self._hits:
                _release(hit)
            self._hits.clear()

    def meet(self, tenant: str, method: str, path: str) -> Hit | None:
        """What hits a request, if anything; `tenant` is empty where the request doesn't tell it."""
        with self._changed:
            for number, (fault, passed) in list(self._coming.items()):
                if not fault.fits(tenant, method, path):
                    continue
                self._coming[number] = (fault, passed + 1)
                if passed + 1 == fault.last:
                    del self._coming[number]
                if passed + 1 >= fault.first:
                    hit = Hit(number, fault, tenant, method, path, passed + 1)
                    self._hits.append(hit)
                    return hit
        return None

    def hits(self) -> list[dict[str, Any]]:
        """Which fault hit where, from the first; the latest 100,000."""
        return [hit.shown() for hit in list(self._hits)]

    async def hold(self, hit: Hit | None, after: bool) -> None:
        """Holds a request up before its work, or after it, where what has hit it does so then."""
        if hit is None or hit.fault.after is not after:
            return
        if hit.fault.action == SLOW:
            await asyncio.sleep(hit.fault.value / 1000)
        elif hit.fault.action == PAUSE:
            released: Future[None] = Future()
            with self._changed:
                hit.released = released
                self._changed.notify_all()
            await asyncio.wrap_future(released)

    def waiting(self, fault_id: int, seconds: float) -> list[dict[str, Any]]:
        """Blocks until a request waits at the pause; returns those that do, or none after so many seconds. KeyError if there was no such fault."""
        self._check(fault_id)
        with self._changed:
            self._changed.wait_for(lambda: self._waiting(fault_id), seconds)
            return [hit.shown() for hit in self._waiting(fault_id)]

    def release(self, fault_id: int) -> int:
        """Lets the requests that wait at a pause go on; returns how many. KeyError if there was no such fault."""
        self._check(fault_id)
        with self._changed:
            waiting = self._waiting(fault_id)
            for hit in waiting:
                _release(hit)
            return len(waiting)

    def _waiting(self, fault_id: int) -> list[Hit]:
        return [hit for hit in self._hits if hit.id == fault_id and hit.waits]

    def _check(self, fault_id: int) -> None:
        if not 1 <= fault_id <= self._last_id:
            raise KeyError(fault_id)


def _release(hit: Hit) -> None:
    if hit.released and not hit.released.done() and hit.released.set_running_or_notify_cancel():
        hit.released.set_result(None)


def parse(spec: str, answer: Mapping[str, Any] | None = None) -> Fault:
    """Reads a fault. ValueError if it isn't written as the module says.

    `answer` is what a status is to be answered with: `headers`, and one of `json`, `text` and `base64`.
    """
    match = _GRAMMAR.fullmatch(spec.strip())
    if match is None:
        raise ValueError(f"not a fault: {spec!r}; write [+]ACTION[=VALUE]@[TENANT:][METHOD ]PATH[#WHICH], WHICH as 2, 3-5 or 3-")
    action, after, value = match["action"], bool(match["after"]), match["value"] or ""
    if action == "cut":
        action, after = DROP, True
    status = int(action) if action.isdecimal() else 0
    action = STATUS if status else action
    if action not in (STATUS, *_WORDS):
        raise ValueError(f"not a fault: {spec!r}; ACTION is a status from 200 to 599, cut, {', '.join(_WORDS)}")
    if after and action not in BEFORE_OR_AFTER:
        raise ValueError(f"not a fault: {spec!r}; {action} comes after the work anyway")
    if action in NUMBERED and not value.isdecimal():
        raise ValueError(f"not a fault: {spec!r}; {action} needs a number, such as {action}=3")
    if action == MISSING_ROW and value and not value.isdecimal():
        raise ValueError(f"not a fault: {spec!r}; {action} has no value but a row's number, such as {action}=1")
    if value and action not in (STATUS, MISSING_ROW, *NUMBERED):
        raise ValueError(f"not a fault: {spec!r}; {action} has no value")
    if answer and action != STATUS:
        raise ValueError(f"not a fault: {spec!r}; only a status has an answer")
    first, last = int(match["first"] or 1), int(match["last"]) if match["last"] else None
    if match["first"] and not match["range"]:
        first, last = 1, first
    if last is not None and last < first:
        raise ValueError(f"not a fault: {spec!r}; it ends before it begins")
    body, headers = answers.given(answer or {})
    if action == STATUS and value:
        body = answers.named(value)
    return Fault(
        spec=spec.strip(),
        action=action,
        value=status or int(value or 0),
        after=after,
        tenant=(match["tenant"] or "").lower(),
        method=(match["method"] or "*").upper(),
        path=match["path"].lower().strip("/"),
        first=first,
        last=last,
        body=body,
        headers=headers,
    )
