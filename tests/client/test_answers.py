# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Answers that Autotask should never give: each is an error that says so, in bounded time and memory, and none is "nothing there"."""

from __future__ import annotations

import gzip
import json
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._errors import Forbidden, InputError, RequestError, Unauthorized, Unreachable
from ansible_collections.msp.autotask.plugins.module_utils._rest import tenant, tickets
from ansible_collections.msp.autotask.plugins.module_utils._rest.client import Client, Credentials, Settings
from ansible_collections.msp.autotask.plugins.module_utils._rest.exchange import LARGEST_ANSWER
from ansible_collections.msp.autotask.plugins.module_utils._rest.rows import Unexpected

EVERYTHING = {"op": "gte", "field": "id", "value": 0}
OF_ONE = {"count": 1, "nextPageUrl": None}


class Odd(ThreadingHTTPServer):
    """A server that answers what it is told to. `asked` are the requests, as method and path without the query."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), OddHandler)
        self.status, self.headers, self.body = 200, dict[str, str](), b"{}"
        self.drips = False
        self.over = threading.Event()
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def says(self, body: Any, status: int = 200, **headers: str) -> None:
        """What it answers from now on: bytes, or what becomes JSON."""
        self.status, self.headers = status, {name.replace("_", "-"): value for name, value in headers.items()}
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()

    def client(self, **settings: Any) -> Client:
        """A client of it that tries once."""
        credentials = Credentials("key@example.com", "secret", "CODE")
        return Client(credentials, Settings(**{"zone_url": self.address, "retries": 0, **settings}), budget_known=True)


class OddHandler(BaseHTTPRequestHandler):
    """See `Odd`."""

    server: Odd

    def answer(self) -> None:
        """The answer of the moment; drip by drip until the test is over, where that is asked for."""
        self.server.asked.append(f"{self.command} {self.path.partition('?')[0]}")
        self.send_response(self.server.status)
        for name, value in {"Content-Length": str(len(self.server.body)), **self.server.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if not self.server.drips:
            self.wfile.write(self.server.body)
        for number in range(len(self.server.body)) if self.server.drips else ():
            if self.server.over.wait(0.05):
                return
            self.wfile.write(self.server.body[number : number + 1])

    do_GET = do_POST = do_PATCH = do_DELETE = answer

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def odd() -> Iterator[Odd]:
    server = Odd()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()


READS: dict[str, Callable[[Client], object]] = {
    "a query": lambda client: list(client.query("Tickets", EVERYTHING)),
    "a query by POST": lambda client: list(client.query("Tickets", EVERYTHING, by_post=True)),
    "a record": lambda client: client.item("Tickets", 1),
    "a count": lambda client: client.count("Tickets", EVERYTHING),
    "the budget": lambda client: client.usage(),
    "the levels and users": tenant.levels_and_users,
    "the modules": tenant.modules,
    "the own company": tenant.own_company,
    "the version": tenant.version,
    "what a user may do": lambda client: tenant.effective_access(client, ["Tickets"]),
    "the webhooks": tenant.webhook_owners,
    "the lists of tickets": tickets.ticket_lists,
    "tickets": lambda client: tickets.tickets_by_external_id(client, "x"),
    "checklists": lambda client: tickets.checklists(client, [1]),
    "notes": lambda client: tickets.notes(client, [1], "x"),
}
NOTHINGS: dict[str, Any] = {
    "an empty object": {},
    "nothing at all": b"",
    "another object": {"hello": "world"},
    "a list": [],
    "null": None,
    "a text": "items",
    "null for records": {"items": None, "item": "x", "fields": None, "modules": None, "entityDescriptions": None},
    "no page details": {"items": [], "item": []},
    "a missing record": {"items": [], "pageDetails": OF_ONE, "item": 1},
    "a record too many": {"items": [{"id": 1}, {"id": 2}], "pageDetails": OF_ONE, "item": {"id": 2}},
    "records that are none": {
        "items": [None],
        "pageDetails": OF_ONE,
        "item": [],
        "fields": [1],
        "modules": ["x"],
        "entityDescriptions": [0],
    },
    "other types": {
        "items": [{"id": "one", "ticketID": "x", "ownerResourceID": "x"}],
        "pageDetails": OF_ONE,
        "item": {"id": "x"},
        "queryCount": "7",
        "currentTimeframeRequestCount": True,
        "fields": [{"isPickList": "maybe"}],
        "modules": [{"key": 1, "value": "on"}],
        "entityDescriptions": [{"info": 3}],
        "majorVersion": 2026,
    },
    "infinity": b'{"items": [], "pageDetails": {"count": Infinity}, "queryCount": Infinity}',
    "a number that is too large": b'{"items": [{"id": 1e999}], "pageDetails": {"count": 1}, "queryCount": 1e999}',
    "more digits than Python reads": b'{"queryCount": ' + b"9" * 5000 + b"}",
    "no JSON": b"<html>Sign in to the network</html>",
    "half of it": b'{"items": [{"id": 1}',
    "no text": b"\xff\xfe\x00\x01\x80",
    "deep nesting": b'{"items": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
}


@pytest.mark.parametrize("body", NOTHINGS.values(), ids=NOTHINGS)
@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_what_was_not_asked_for_is_never_nothing_there(read: Callable[[Client], object], body: Any, odd: Odd) -> None:
    odd.says(body)
    with pytest.raises(RequestError) as caught:
        read(odd.client())
    assert isinstance(caught.value, Unexpected | Unreachable), caught.value


def test_a_page_that_comes_again_is_not_read_for_ever(odd: Odd) -> None:
    odd.says({"items": [], "pageDetails": {"count": 0, "nextPageUrl": f"{odd.address}/v1.0/Tickets/query/next"}})
    with pytest.raises(Unexpected, match="was read already"):
        list(odd.client().query("Tickets", EVERYTHING))


def test_a_text_that_no_encoding_has_can_be_shown(odd: Odd) -> None:
    odd.says(b'{"items": [{"id": 1, "title": "Half \\ud83d a face"}], "pageDetails": {"count": 1}}')
    [row] = odd.client().query("Tickets", EVERYTHING)
    assert row.text("title").encode("utf-8") == b"Half ? a face"


WRITES: dict[str, Callable[[Client], object]] = {
    "making": lambda client: client.create("Tickets", {}),
    "changing": lambda client: client.update("Tickets", {"id": 1}),
    "deleting": lambda client: client.delete("Tickets/1/ChecklistItems/1"),
}


@pytest.mark.parametrize("status", [200, 500, 502, 504])
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_write_that_may_have_been_done_says_so(write: Callable[[Client], object], status: int, odd: Odd) -> None:
    odd.says(b"", status)
    with pytest.raises(Unreachable, match="Whether the request was carried out is not known"):
        write(odd.client())
    with pytest.raises(Unreachable) as caught:
        odd.client().get("Version")
    assert "carried out" not in str(caught.value)


@pytest.mark.parametrize(
    "body", [*NOTHINGS.values(), {"itemId": None}, {"itemId": True}, {"itemId": -1}], ids=[*NOTHINGS, "null", "true", "-1"]
)
@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_write_is_done_only_where_the_answer_names_a_record(write: Callable[[Client], object], body: Any, odd: Odd) -> None:
    odd.says(body)
    with pytest.raises((Unexpected, Unreachable), match=r"(?i)whether (it|the request) was"):
        write(odd.client())


@pytest.mark.parametrize("write", ["changing", "deleting"])
def test_a_write_is_done_only_where_the_answer_names_that_very_record(write: str, odd: Odd) -> None:
    odd.says({"itemId": 1})
    WRITES[write](odd.client())
    odd.says({"itemId": 2})
    with pytest.raises(Unexpected, match="whether it was is not known"):
        WRITES[write](odd.client())


def test_a_small_answer_that_becomes_a_large_one_is_given_up(odd: Odd) -> None:
    odd.says(gzip.compress(b"0" * (20 * LARGEST_ANSWER)), Content_Encoding="gzip")
    assert len(odd.body) < 1_000_000
    tracemalloc.start()
    with pytest.raises(Unreachable, match="more than 32 MB") as caught:
        odd.client().get("Version")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.code == "answer_too_large" and peak < 5 * LARGEST_ANSWER


def test_a_large_answer_that_is_meant_is_read(odd: Odd) -> None:
    rows = [{"id": number, "title": "x" * 10_000} for number in range(500)]
    odd.says(gzip.compress(json.dumps({"items": rows, "pageDetails": {"count": 500}}).encode()), Content_Encoding="gzip")
    assert len(list(odd.client().query("Tickets", EVERYTHING))) == 500


def test_a_drip_takes_no_longer_than_a_request_may(odd: Odd) -> None:
    odd.says({"majorVersion": "x" * 10_000})
    odd.drips = True
    started = time.monotonic()
    with pytest.raises(Unreachable, match="no whole answer in time"):
        odd.client(timeout=0.3).get("Version")
    assert time.monotonic() - started < 5


def test_what_hangs_twice_hangs(odd: Odd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    odd.says({"majorVersion": "x" * 10_000})
    odd.drips = True
    with pytest.raises(Unreachable, match="after 2 attempts"):
        odd.client(timeout=0.2, retries=4).get("Version")
    assert len(odd.asked) == 2


def test_a_task_has_its_time_and_no_more(odd: Odd, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    monkeypatch.setattr("time.sleep", lambda seconds: clock.__setitem__(0, clock[0] + seconds))
    odd.says(b"", 503)
    client = odd.client(retries=20, task_timeout=60)
    with pytest.raises(Unreachable, match="`task_timeout` is 60") as caught:
        client.get("Version")
    assert caught.value.code == "task_timeout" and 60 <= clock[0] < 120


@pytest.mark.parametrize("secret", ["s3c\nret", "s3c\rret", " s3cret", "s3cret ", "s3c\tret", "ключ", "s3cret\x00"])
def test_a_secret_that_can_not_be_sent_is_told_before_anything_is_sent(secret: str) -> None:
    with pytest.raises(InputError, match=r"secret: it has a (blank|line break|sign|character)") as caught:
        Client(Credentials("key@example.com", secret, "CODE"), Settings())
    assert secret.strip() not in str(caught.value)


def test_a_firewall_is_told_from_a_level(odd: Odd) -> None:
    odd.says(b"<html>blocked</html>", 403)
    with pytest.raises(Forbidden, match="A proxy or a firewall"):
        odd.client().get("Version")
    odd.says({"errors": ["You do not have permission"]}, 403)
    with pytest.raises(Forbidden, match="security level"):
        odd.client().get("Version")


def test_a_zone_is_asked_for_again_and_only_autotask_says_that_a_user_is_unknown(odd: Odd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    monkeypatch.setenv("XDG_CACHE_HOME", "/nonexistent/below/nothing")
    looks_up = {"zone_url": "", "discovery_url": odd.address, "retries": 2}
    odd.says(b"<html>Server Error</html>", 500)
    with pytest.raises(Unreachable, match="500 without a usable answer"):
        _zone = odd.client(**looks_up).zone
    odd.says({"errors": ["Zone information could not be determined"]}, 500)
    with pytest.raises(Unauthorized, match="knows no zone"):
        _zone = odd.client(**looks_up).zone
    odd.asked.clear()
    odd.says(b"", 503)
    with pytest.raises(Unreachable):
        _zone = odd.client(**looks_up).zone
    assert odd.asked == ["GET /v1.0/zoneInformation"] * 3
    odd.says({"url": 7})
    with pytest.raises(Unexpected):
        _zone = odd.client(**looks_up).zone
