# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Faults on demand: what a caller meets, and what was done all the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from sandbox import faults
from tests.sandboxes import Rest, Sandbox

NOTE = {"title": "Once", "description": "only", "noteType": 1, "publish": 1}


@pytest.fixture(autouse=True)
def _no_faults_left(sandbox: Sandbox) -> Iterator[None]:
    yield
    sandbox.control("DELETE", "faults")


def notes(rest: Rest) -> int:
    """How many notes the test's tickets have got."""
    return len(rest.find("TicketNotes", {"op": "eq", "field": "title", "value": "Once"}))


def test_a_status_is_answered_as_often_as_it_was_asked_for_and_nothing_is_done(sandbox: Sandbox, rest: Rest) -> None:
    path = f"Tickets/{rest.find('Tickets')[0]['id']}/Notes"
    sandbox.control("POST", "faults", {"spec": "503@POST Tickets/*/notes#2"})
    assert [rest.call("POST", path, json=NOTE).status_code for _time in range(3)] == [503, 503, 200]
    assert notes(rest) == 1


def test_only_the_named_method_and_path_are_met(sandbox: Sandbox, rest: Rest) -> None:
    sandbox.control("POST", "faults", {"spec": "429@GET Tickets*"})
    assert rest.call("GET", "Tickets/1").status_code == 429
    assert rest.call("GET", "Tickets/1").headers["Retry-After"] == "1"
    assert rest.call("GET", "Companies/0").status_code == 200
    assert rest.find("Tickets")


def test_drop_closes_the_connection_before_the_work(sandbox: Sandbox, rest: Rest) -> None:
    path = f"Tickets/{rest.find('Tickets')[0]['id']}/Notes"
    sandbox.control("POST", "faults", {"spec": "drop@POST Tickets*#1"})
    with pytest.raises(requests.ConnectionError):
        rest.call("POST", path, json=NOTE)
    assert notes(rest) == 0


def test_cut_closes_the_connection_after_the_work(sandbox: Sandbox, rest: Rest) -> None:
    path = f"Tickets/{rest.find('Tickets')[0]['id']}/Notes"
    sandbox.control("POST", "faults", {"spec": "cut@POST Tickets*#1"})
    with pytest.raises(requests.ConnectionError):
        rest.call("POST", path, json=NOTE)
    assert notes(rest) == 1
    assert rest.call("POST", path, json=NOTE).status_code == 200


@pytest.mark.parametrize(
    "spec", ["", "429", "429@", "600@Tickets", "slow@Tickets", "429@Tickets#0", "burn@Tickets", "429@GET POST Tickets"]
)
def test_what_is_not_a_fault_is_refused_with_a_word_on_how_to_write_one(spec: str) -> None:
    with pytest.raises(ValueError, match=r"ACTION@\[METHOD \]PATH\[#COUNT\]"):
        faults.parse(spec)


def test_a_fault_is_read_in_all_its_parts() -> None:
    assert faults.parse("slow=250@patch Tickets/*#3") == faults.Fault("slow=250", "PATCH", "tickets/*", 3, 0, 0.25)
    assert faults.parse("404@*") == faults.Fault("404", "*", "*", None, 404, 0)
