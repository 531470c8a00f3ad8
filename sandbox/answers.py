# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Answers that are not what was asked for: bodies by their names, bodies that a test brings along, and real answers with something wrong."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sandbox.model import Record

JSON = "application/json; charset=utf-8"
_ELSEWHERE = "https://elsewhere.example.com/ATServicesRest/v1.0/Tickets/query/next?paging=1"
_DEEP = 100_000
_HUGE = 100 * 2**20


@dataclass(frozen=True)
class Body:
    """The body of an answer, and what its header says of it."""

    content: bytes
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


_NAMED = {
    "empty": Body(b""),
    "object": Body(b"{}"),
    "no_items": Body(b'{"items": []}'),
    "no_item": Body(b'{"item": null}'),
    "list": Body(b"[]"),
    "other": Body(b'{"items": {"id": "x"}, "item": [1], "itemId": {}, "fields": "none", "info": 1, "queryCount": "many"}'),
    "rows": Body(b'{"items": [null, 1, "x", [], {}], "item": {}, "itemId": -1, "fields": [null, {}], "info": {}, "queryCount": -1}'),
    "infinity": Body(b'{"items": [{"id": Infinity}], "item": {"id": Infinity}, "itemId": Infinity, "queryCount": NaN}'),
    "deep": Body(b'{"items": ' + b"[" * _DEEP + b"]" * _DEEP + b"}"),
    "text": Body(b"OK", "text/plain"),
    "html": Body(b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>", "text/html"),
    "broken": Body(b'{"items": [{"id": 1, "ti'),
    "not_utf8": Body('{"items": [{"id": 1, "title": "Größe"}], "item": null}'.encode("latin-1")),
}
"""What a status may be answered with. `huge` is the last one, which is made when it is needed."""


def named(name: str) -> Body:
    """A body by its name. ValueError if there is none."""
    if name == "huge":
        return _huge()
    if name not in _NAMED:
        raise ValueError(f"there is no body {name}; there are {', '.join(_NAMED)}, huge")
    return _NAMED[name]


@cache
def _huge() -> Body:
    """100 megabytes of an answer without rows, in a tenth of a megabyte."""
    packer = zlib.compressobj(wbits=31)
    blanks = b" " * 2**20
    packed = [packer.compress(b'{"items": ['), *(packer.compress(blanks) for _part in range(_HUGE // len(blanks)))]
    return Body(b"".join([*packed, packer.compress(b"]}"), packer.flush()]), headers={"Content-Encoding": "gzip"})


def given(order: Mapping[str, Any]) -> tuple[Body | None, dict[str, str]]:
    """A body and headers as somebody asks for them: `json`, `text` or `base64`, and `headers`. ValueError if that is something else."""
    if wrong := set(order) - {"json", "text", "base64", "headers"}:
        raise ValueError(f"an answer has no {', '.join(sorted(wrong))}; it has json, text or base64, and headers")
    headers = order.get("headers", {})
    if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
        raise ValueError("headers must be texts by their names")
    bodies = [name for name in ("json", "text", "base64") if name in order]
    if len(bodies) > 1:
        raise ValueError(f"an answer has one body, not {' and '.join(bodies)}")
    return _given(order, *bodies) if bodies else None, headers


def _given(order: Mapping[str, Any], name: str) -> Body:
    value = order[name]
    if name == "json":
        return Body(json.dumps(value).encode())
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a text")
    if name == "text":
        return Body(value.encode("utf-8", "surrogatepass"), "text/plain; charset=utf-8")
    try:
        return Body(base64.b64decode(value, validate=True), JSON)
    except binascii.Error as error:
        raise ValueError(f"base64 is not valid: {error}") from None


def without_a_row(answer: Record, number: int) -> Record:
    """A real answer in which a row is missing, by its number from 1, 0 being the last; or the one record that was asked for. Its counts fit what is left."""
    if answer.get("items"):
        missing = (number or len(answer["items"])) - 1
        return _with_rows(answer, [row for index, row in enumerate(answer["items"]) if index != missing])
    if answer.get("item"):
        return answer | {"item": None}
    return answer | {"queryCount": answer["queryCount"] - 1} if answer.get("queryCount") else answer


def without_rows(answer: Record) -> Record:
    """A real answer that has found nothing."""
    if "items" in answer:
        return _with_rows(answer, [])
    return answer | {name: nothing for name, nothing in (("item", None), ("queryCount", 0)) if name in answer}


def _with_rows(answer: Record, rows: list[Any]) -> Record:
    return answer | {"items": rows, "pageDetails": answer["pageDetails"] | {"count": len(rows)}}


def with_a_foreign_page(answer: Record) -> Record:
    """A real answer to a query that goes on at another host."""
    return answer | {"pageDetails": answer["pageDetails"] | {"nextPageUrl": _ELSEWHERE}} if "pageDetails" in answer else answer
