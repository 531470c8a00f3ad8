# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Faults of the sandbox in this process: a caller gets what `requests` raises, at once, and two runs are interleaved as they are by a socket."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from .running import House, entries, profile


@pytest.mark.parametrize(
    ("spec", "raised"),
    [
        ("drop", requests.ConnectionError),
        ("+drop", requests.ConnectionError),
        ("hang", requests.ReadTimeout),
        ("+hang", requests.ReadTimeout),
        ("truncate", requests.exceptions.ChunkedEncodingError),
        ("drip=60000", requests.ConnectionError),  # as requests calls a time-out in the middle of a body
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_caller_gets_what_requests_raises_without_waiting(spec: str, raised: type[Exception], stream: bool, house: House) -> None:
    house.fault(f"{spec}@GET Version#1")
    started = time.monotonic()
    with pytest.raises(raised) as caught:
        house.tenant.rest.call("GET", "Version", stream=stream).content.decode()
    assert caught.type is raised and time.monotonic() - started < 5
    assert house.tenant.rest.call("GET", "Version").status_code == 200
    assert [hit["spec"] for hit in house.hits()] == [f"{spec}@GET Version#1"]


def test_a_slow_answer_comes(house: House) -> None:
    house.fault("slow=1@GET Version#1")
    assert house.tenant.rest.ask("GET", "Version")["majorVersion"] == "2026"


def test_a_packed_answer_is_unpacked(house: House) -> None:
    house.fault("200=huge@GET Version#1")
    assert len(house.tenant.rest.call("GET", "Version").content) > 100_000_000


@pytest.mark.parametrize("pause", ["pause", "+pause"])
def test_a_run_is_held_at_a_request_while_another_goes_through(pause: str, house: House) -> None:
    held = house.fault(f"{pause}@birch:POST Tickets*#2-2")
    house.want(profile("tinsel"))
    with ThreadPoolExecutor() as pool:
        first = pool.submit(house.ensure)
        [waiting] = house.waiting(held)
        assert waiting["number"] == 2 and not first.done()
        second = house.ensure()
        assert entries(second) == {"tinsel": "pending"}
        assert house.release(held) == 1
        assert entries(first.result(30)) == {"tinsel": "pending"}
    assert len(house.tickets("tinsel")) == 1
