# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Faults on demand: what a caller meets, and what was done all the same."""

from __future__ import annotations

import base64
import json
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from sandbox import faults
from tests.sandboxes import Rest, Sandbox, Tenant

NOTE = {"title": "Once", "description": "only", "noteType": 1, "publish": 1}
TICKET = {"title": "New", "companyID": 0, "status": 1, "priority": 2}
Fault = Callable[..., int]


@pytest.fixture(autouse=True)
def _no_faults_left(sandbox: Sandbox) -> Iterator[None]:
    yield
    sandbox.control("DELETE", "faults")


@pytest.fixture
def fault(sandbox: Sandbox) -> Fault:
    """Lets something go wrong, and returns the id of it."""
    return lambda spec, **answer: int(sandbox.control("POST", "faults", {"spec": spec, **answer})["id"])


@pytest.fixture
def path(rest: Rest) -> str:
    """Where notes of a ticket are created."""
    return f"Tickets/{rest.find('Tickets')[0]['id']}/Notes"


def notes(rest: Rest) -> int:
    """How many notes the test's tickets have got."""
    return len(rest.find("TicketNotes", {"op": "eq", "field": "title", "value": "Once"}))


# Which requests


def test_a_status_is_answered_as_often_as_it_was_asked_for_and_nothing_is_done(fault: Fault, rest: Rest, path: str) -> None:
    fault("503@POST Tickets/*/notes#2")
    assert [rest.call("POST", path, json=NOTE).status_code for _time in range(3)] == [503, 503, 200]
    assert notes(rest) == 1


@pytest.mark.parametrize(
    ("which", "statuses"),
    [("#1", [500, 200, 200, 200]), ("#2-2", [200, 500, 200, 200]), ("#2-3", [200, 500, 500, 200]), ("#3-", [200, 200, 500, 500])],
)
def test_a_fault_is_for_some_requests_or_for_all_from_one_on(which: str, statuses: list[int], fault: Fault, rest: Rest) -> None:
    fault(f"500@GET Version{which}")
    assert [rest.call("GET", "Version").status_code for _status in statuses] == statuses


def test_only_the_named_method_and_path_are_met(fault: Fault, rest: Rest) -> None:
    fault("429@GET Tickets*")
    assert rest.call("GET", "Tickets/1").status_code == 429
    assert rest.call("GET", "Tickets/1").headers["Retry-After"] == "1"
    assert rest.call("GET", "Companies/0").status_code == 200
    assert rest.find("Tickets")


def test_only_the_named_tenant_is_met_and_its_requests_are_counted(fault: Fault, tenant: Tenant, sandbox: Sandbox) -> None:
    other = sandbox.tenants["cedar"].rest
    fault(f"500@{tenant.slug}:*#2-2")
    assert other.call("GET", "Version").status_code == 200
    user = {"user": tenant.access["user_name"]}
    assert tenant.rest.call("GET", "ZoneInformation", params=user, headers={"UserName": ""}).status_code == 200
    assert other.call("GET", "Version").status_code == 200
    assert [tenant.rest.call("GET", "Version").status_code for _time in range(2)] == [500, 200]


def test_a_request_that_an_older_fault_meets_does_not_count_for_a_younger_one(fault: Fault, rest: Rest) -> None:
    fault("500@GET Version#1")
    fault("503@GET Version#2")
    assert [rest.call("GET", "Version").status_code for _time in range(4)] == [500, 503, 503, 200]


# Before the work, and after it


@pytest.mark.parametrize(("spec", "done"), [("drop", 0), ("+drop", 1), ("cut", 1)])
def test_the_connection_is_closed_before_the_work_or_after_it(spec: str, done: int, fault: Fault, rest: Rest, path: str) -> None:
    fault(f"{spec}@POST Tickets*#1")
    with pytest.raises(requests.ConnectionError):
        rest.call("POST", path, json=NOTE)
    assert notes(rest) == done
    assert rest.call("POST", path, json=NOTE).status_code == 200


@pytest.mark.parametrize(("spec", "done"), [("hang", 0), ("+hang", 1)])
def test_nothing_is_said_for_as_long_as_the_caller_waits(spec: str, done: int, fault: Fault, rest: Rest, path: str) -> None:
    fault(f"{spec}@POST Tickets*#1")
    with pytest.raises(requests.ReadTimeout):
        rest.session.post(rest.url + path, json=NOTE, headers=rest.headers, timeout=0.3)
    assert notes(rest) == done


@pytest.mark.parametrize(("spec", "done"), [("502", 0), ("+502", 1), ("200=object", 0), ("+200=object", 1)])
def test_a_status_comes_in_place_of_the_work_or_after_it(spec: str, done: int, fault: Fault, rest: Rest, path: str) -> None:
    fault(f"{spec}@POST Tickets*#1")
    assert rest.call("POST", path, json=NOTE).status_code == int(spec[-3:] if spec.endswith("502") else 200)
    assert notes(rest) == done


def test_an_answer_breaks_off_once_the_work_is_done(fault: Fault, rest: Rest, path: str) -> None:
    fault("truncate@POST Tickets*#1")
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        rest.call("POST", path, json=NOTE)
    assert notes(rest) == 1


def test_an_answer_drips(fault: Fault, rest: Rest) -> None:
    fault("drip=10@GET Version#1")
    started = time.monotonic()
    answer = rest.ask("GET", "Version")
    assert time.monotonic() - started > 0.01 * len(json.dumps(answer, separators=(",", ":"))) and answer["majorVersion"] == "2026"


# What a status is answered with


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("empty", ""),
        ("object", "{}"),
        ("no_items", '{"items": []}'),
        ("no_item", '{"item": null}'),
        ("list", "[]"),
        ("text", "OK"),
        ("broken", '{"items": [{"id": 1, "ti'),
    ],
)
def test_a_status_is_answered_with_a_body_by_its_name(body: str, text: str, fault: Fault, rest: Rest) -> None:
    fault(f"200={body}@Tickets/query")
    assert rest.call("GET", "Tickets/query").text == text


def test_bodies_that_no_reader_likes(fault: Fault, rest: Rest) -> None:
    def answer(body: str) -> requests.Response:
        fault(f"200={body}@Tickets/query#1")
        return rest.call("GET", "Tickets/query")

    assert answer("infinity").json()["items"] == [{"id": float("inf")}]
    with pytest.raises(RecursionError):
        answer("deep").json()
    with pytest.raises(UnicodeDecodeError):
        answer("not_utf8").content.decode()
    assert answer("html").headers["Content-Type"].startswith("text/html")
    assert set(answer("other").json()) == set(answer("rows").json()) == {"items", "item", "itemId", "fields", "info", "queryCount"}


def test_a_huge_answer_is_small_on_the_wire(fault: Fault, rest: Rest) -> None:
    fault("200=huge@Tickets/query#1")
    response = rest.call("GET", "Tickets/query", stream=True)
    packed = response.raw.read(decode_content=False)
    assert response.headers["Content-Encoding"] == "gzip" and len(packed) < 200_000
    unpacker, size, rest_of_it = zlib.decompressobj(wbits=31), 0, packed
    while rest_of_it:
        size += len(unpacker.decompress(rest_of_it, 2**20))
        rest_of_it = unpacker.unconsumed_tail
    assert size > 100_000_000


@pytest.mark.parametrize(
    ("answer", "content"),
    [
        ({"json": {"items": [1]}}, b'{"items": [1]}'),
        ({"text": "Größe"}, "Größe".encode()),
        ({"base64": base64.b64encode(b"\xff\x00").decode()}, b"\xff\x00"),
    ],
)
def test_a_status_is_answered_with_a_body_that_the_control_was_given(
    answer: dict[str, Any], content: bytes, fault: Fault, rest: Rest
) -> None:
    fault("299@Version", **answer, headers={"X-Odd": "yes"})
    response = rest.call("GET", "Version")
    assert (response.status_code, response.content, response.headers["X-Odd"]) == (299, content, "yes")


def test_headers_alone_are_added_to_what_the_sandbox_says(fault: Fault, rest: Rest) -> None:
    fault("429@Version#1", headers={"Retry-After": "Thu, 01 Jan 2099 00:00:00 GMT"})
    fault("302@Version#1", headers={"Location": "https://elsewhere.example.com/"})
    refused, moved = (rest.call("GET", "Version", allow_redirects=False) for _time in range(2))
    assert refused.headers["Retry-After"].endswith("2099 00:00:00 GMT") and refused.json()["errors"]
    assert (moved.status_code, moved.headers["Location"], moved.content) == (302, "https://elsewhere.example.com/", b"")


EVERY = {"filter": [{"op": "gte", "field": "id", "value": 0}]}


@pytest.mark.parametrize(
    ("action", "left"),
    [("missing_row", slice(-1)), ("missing_row=1", slice(1, None)), ("missing_row=900", slice(None)), ("no_rows", slice(0))],
)
def test_a_real_answer_lacks_rows_and_its_counts_say_so(action: str, left: slice, fault: Fault, rest: Rest) -> None:
    whole = rest.find("Tickets")
    fault(f"{action}@*#3")
    answer = rest.ask("POST", "Tickets/query", json=EVERY)
    assert answer["items"] == whole[left] and answer["pageDetails"]["count"] == len(whole[left])
    assert rest.ask("GET", f"Tickets/{whole[0]['id']}") == {"item": None}
    assert rest.ask("POST", "Tickets/query/count", json=EVERY) == {"queryCount": 0 if action == "no_rows" else len(whole) - 1}
    assert rest.find("Tickets") == whole


def test_a_real_answer_goes_on_at_another_host(fault: Fault, rest: Rest) -> None:
    fault("foreign_page@Tickets/query#1")
    answer = rest.ask("POST", "Tickets/query", json=EVERY)
    assert answer["items"] and answer["pageDetails"]["nextPageUrl"].startswith("https://elsewhere.example.com/")


# Rows that appear late


def test_what_was_created_is_not_in_queries_for_a_while(fault: Fault, rest: Rest) -> None:
    queue = next(ticket["queueID"] for ticket in rest.find("Tickets"))
    fault("late=2@POST Tickets#1")
    made = rest.ask("POST", "Tickets", json={**TICKET, "queueID": queue})["itemId"]
    assert rest.ask("GET", f"Tickets/{made}")["item"]["title"] == "New"
    found = [made in [ticket["id"] for ticket in rest.find("Tickets")] for _time in range(3)]
    assert found == [False, False, True]


def test_a_list_below_a_parent_does_not_have_it_either(fault: Fault, rest: Rest, path: str) -> None:
    fault("late=1@POST Tickets/*/Notes#1")
    before = len(rest.ask("GET", path)["items"])
    rest.ask("POST", path, json=NOTE)
    assert [len(rest.ask("GET", path)["items"]) - before for _time in range(2)] == [0, 1]


def test_any_record_can_be_late(tenant: Tenant) -> None:
    user = next(one for one in tenant.rest.find("Resources") if one["licenseType"] == 7)
    tenant.control("POST", "late", {"entity": "Resources", "id": user["id"], "queries": 1})
    assert [user["id"] in [one["id"] for one in tenant.rest.find("Resources")] for _time in range(2)] == [False, True]


# Pause and release


def test_a_request_waits_until_it_is_released(fault: Fault, sandbox: Sandbox, rest: Rest, path: str) -> None:
    pause = fault("pause@POST Tickets/*/Notes#1")
    with ThreadPoolExecutor() as pool:
        sent = pool.submit(rest.call, "POST", path, json=NOTE)
        [waiting] = sandbox.control("GET", f"faults/{pause}/waiting")
        assert (waiting["method"], waiting["path"], waiting["number"]) == ("POST", path.lower(), 1)
        assert notes(rest) == 0 and not sent.done()
        assert sandbox.control("POST", f"faults/{pause}/release") == {"released": 1}
        assert sent.result(30).status_code == 200
    assert notes(rest) == 1 and sandbox.control("POST", f"faults/{pause}/release") == {"released": 0}


def test_a_request_waits_after_its_work(fault: Fault, sandbox: Sandbox, rest: Rest, path: str) -> None:
    pause = fault("+pause@POST Tickets/*/Notes#1")
    with ThreadPoolExecutor() as pool:
        sent = pool.submit(rest.call, "POST", path, json=NOTE)
        sandbox.control("GET", f"faults/{pause}/waiting")
        assert notes(rest) == 1 and not sent.done()
        sandbox.control("DELETE", "faults")  # that, too, lets it go on
        assert sent.result(30).status_code == 200


def test_a_refusal_waits_as_well(fault: Fault, sandbox: Sandbox, rest: Rest) -> None:
    pause = fault("+pause@GET Version#1")
    with ThreadPoolExecutor() as pool:
        sent = pool.submit(rest.call, "GET", "Version", headers={"Secret": "wrong"})
        sandbox.control("GET", f"faults/{pause}/waiting")
        sandbox.control("POST", f"faults/{pause}/release")
        assert sent.result(30).status_code == 401


def test_requests_go_one_step_at_a_time(fault: Fault, sandbox: Sandbox, rest: Rest) -> None:
    pause = fault("pause@GET Version")
    with ThreadPoolExecutor() as pool:
        sent = pool.submit(lambda: [rest.call("GET", "Version").status_code for _time in range(3)])
        numbers = []
        for _time in range(3):
            [waiting] = sandbox.control("GET", f"faults/{pause}/waiting")
            numbers.append(waiting["number"])
            sandbox.control("POST", f"faults/{pause}/release")
        assert (numbers, sent.result(30)) == ([1, 2, 3], [200, 200, 200])


def test_where_nobody_waits_the_control_says_so(fault: Fault, sandbox: Sandbox) -> None:
    pause = fault("pause@GET Version")
    response = requests.get(f"{sandbox.address}/_sandbox/faults/{pause}/waiting?seconds=0.01", timeout=30)
    assert (response.status_code, response.json()["error"]) == (422, "no request waits there, after 0.01 seconds")
    for method, what in (("GET", "waiting"), ("POST", "release")):
        assert requests.request(method, f"{sandbox.address}/_sandbox/faults/999999/{what}", timeout=30).status_code == 404


# What is to come, and what hit


def test_which_fault_hit_where_is_told(fault: Fault, sandbox: Sandbox, tenant: Tenant) -> None:
    first, second = fault(f"500@{tenant.slug}:Version#2-2"), fault("slow=1@Modules#5")
    for path in ("Version", "Version", "Modules", "Tickets/1"):
        tenant.rest.call("GET", path)
    told = {"tenant": tenant.slug, "method": "GET", "waits": False}
    assert sandbox.control("GET", f"hits?tenant={tenant.slug}") == [
        {"fault": first, "spec": f"500@{tenant.slug}:Version#2-2", "path": "version", "number": 2, **told},
        {"fault": second, "spec": "slow=1@Modules#5", "path": "modules", "number": 1, **told},
    ]
    assert sandbox.control("GET", "hits?tenant=cedar") == []
    assert sandbox.control("GET", "faults") == [{"id": second, "spec": "slow=1@Modules#5", "requests": 1}]
    sandbox.control("DELETE", "faults")
    assert sandbox.control("GET", "faults") == sandbox.control("GET", "hits") == []


# How a fault is written


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("", "write "),
        ("429", "write "),
        ("429@", "write "),
        ("429@Tickets#0", "write "),
        ("429@Tickets#3-0", "write "),
        ("429@GET POST Tickets", "write "),
        ("600@Tickets", "write|ACTION is"),
        ("burn@Tickets", "ACTION is"),
        ("429@Tickets#3-2", "ends before it begins"),
        ("slow@Tickets", "needs a number"),
        ("late=soon@Tickets", "needs a number"),
        ("drop=3@Tickets", "has no value"),
        ("+truncate@Tickets", "after the work anyway"),
        ("200=nonsense@Tickets", "there is no body nonsense; there are empty, object"),
    ],
)
def test_what_is_not_a_fault_is_refused_with_a_word_on_how_to_write_one(spec: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        faults.parse(spec)


@pytest.mark.parametrize(
    "answer",
    [{"html": "x"}, {"json": 1, "text": "x"}, {"text": 1}, {"base64": "?"}, {"headers": {"X": 1}}, {"headers": "X"}],
)
def test_an_answer_that_is_none_is_refused(answer: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"an answer has|must be|not valid"):
        faults.parse("200@*", answer)
    with pytest.raises(ValueError, match="only a status has an answer"):
        faults.parse("drop@*", answer)


def test_a_fault_is_read_in_all_its_parts() -> None:
    read = faults.parse("+slow=250@Alder:patch Tickets/*#3")
    assert (read.action, read.value, read.after, read.tenant, read.method, read.path) == ("slow", 250, True, "alder", "PATCH", "tickets/*")
    assert (read.first, read.last) == (1, 3)
    every = faults.parse("404@*")
    assert (every.action, every.value, every.after, every.tenant, every.method, every.path) == ("status", 404, False, "", "*", "*")
    assert (every.first, every.last, every.body, every.headers) == (1, None, None, {})
