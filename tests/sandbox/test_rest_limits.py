# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The limits of REST: threads for an integration and entity, requests an hour for a tenant."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.sandboxes import Rest, Sandbox, Tenant, running

QUERY = {"filter": [{"op": "gte", "field": "id", "value": 0}]}


def at_once(rest: Rest, paths: list[str]) -> Counter[int]:
    """How many of several requests, started together, were answered with which status."""
    start = threading.Barrier(len(paths))

    def one(path: str) -> int:
        own = Rest(rest.url, rest.headers)
        start.wait()
        return own.call("POST", path, json=QUERY).status_code

    with ThreadPoolExecutor(len(paths)) as pool:
        return Counter(pool.map(one, paths))


@pytest.fixture
def slow(sandbox: Sandbox, tenant: Tenant) -> Rest:
    """REST of a tenant while requests for counts of tickets and companies take a while."""
    for path in ("Tickets/query/count", "Companies/query/count"):
        sandbox.control("POST", "faults", {"spec": f"slow=700@POST {path}#8"})
    return tenant.rest


def test_three_requests_at_a_time_for_each_integration_and_entity(slow: Rest, sandbox: Sandbox) -> None:
    assert at_once(slow, ["Tickets/query/count"] * 4 + ["Companies/query/count"] * 3) == {200: 6, 429: 1}
    sandbox.control("DELETE", "faults")


def test_too_many_threads_are_answered_with_the_documented_text(slow: Rest, sandbox: Sandbox) -> None:
    answers = []
    start = threading.Barrier(4)

    def one() -> None:
        own = Rest(slow.url, slow.headers)
        start.wait()
        answers.append(own.call("POST", "Tickets/query/count", json=QUERY))

    threads = [threading.Thread(target=one) for _time in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert "The Autotask API thread threshold of 3 threads has been exceeded" in refused.json()["errors"][0]
    assert refused.headers["Retry-After"] == "1"
    sandbox.control("DELETE", "faults")


def test_the_threshold_counts_all_requests_of_a_tenant_and_the_question_itself(rest: Rest) -> None:
    first = rest.ask("GET", "ThresholdInformation")
    rest.ask("GET", "Version")
    second = rest.ask("GET", "ThresholdInformation")
    assert first["externalRequestThreshold"] == 10000
    assert first["requestThresholdTimeframe"] == 60
    assert second["currentTimeframeRequestCount"] == first["currentTimeframeRequestCount"] + 2


def test_above_the_threshold_a_tenant_is_refused_and_the_others_are_not(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running(tmp_path_factory.mktemp("threshold"), "--threshold", "4") as started:
        alder, birch = started.tenants["alder"].rest, started.tenants["birch"].rest
        assert [alder.call("GET", "Version").status_code for _time in range(5)] == [200, 200, 200, 200, 429]
        assert birch.call("GET", "Version").status_code == 200
        assert Rest(alder.url, {}).call("GET", f"ZoneInformation?user={alder.headers['UserName']}").status_code == 200


def test_near_the_threshold_answers_are_slower(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running(tmp_path_factory.mktemp("latency"), "--threshold", "4", "--threshold-latency") as started:
        rest = started.tenants["alder"].rest
        took = []
        for _time in range(3):
            begun = time.monotonic()
            rest.ask("GET", "Version")
            took.append(time.monotonic() - begun)
        assert took[0] < 0.5 <= took[1] < 1 <= took[2]


def test_latency_is_added_to_every_request(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running(tmp_path_factory.mktemp("slow"), "--tenants", "1", "--latency-ms", "300") as started:
        begun = time.monotonic()
        started.tenants["alder"].rest.ask("GET", "Version")
        assert time.monotonic() - begun >= 0.3
