# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Answers that are sound and leave out what is there: nothing is asked for again, and no secret is taken for another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .running import House, Result, entries, entry_of, profile


def lacking(house: House, level: str) -> dict[str, Any]:
    """What REST says of the fields of resources, without a security level."""
    answer = house.tenant.rest.ask("GET", "Resources/entityInformation/fields")
    for field in answer["fields"]:
        field["picklistValues"] = [value for value in field["picklistValues"] or [] if level not in value["label"]]
    return dict(answer)


@pytest.mark.parametrize("missing", ["missing_row=1", "no_rows"])
@pytest.mark.parametrize("which", ["GET", "POST"], ids=["at first", "at the second look"])
def test_who_is_not_shown_itself_concludes_nothing(which: str, missing: str, house: House) -> None:
    house.set_up(profile("wicker"))
    asked = house.ensure(profile("tinsel"), profile("wicker"))
    before = house.state(), house.files()
    house.fault(f"{missing}@birch:{which} Resources/query#1")
    result = house.ensure()
    assert (result["code"], len(house.hits())) == ("unexpected_answer", 1) and (house.state(), house.files()) == before
    again = house.ensure()
    assert entries(again) == entries(asked) == {"tinsel": "pending", "wicker": "done"} and not again["changed"]


def test_a_user_that_the_second_look_does_not_show_is_not_made_again(house: House) -> None:
    house.set_up(profile("wicker"))
    before = house.state(), house.files()
    house.fault("missing_row@birch:POST Resources/query#1")
    result = house.ensure(profile("tinsel"), profile("wicker"))
    assert result["code"] == "contradictory_answers" and '"Wicker API"' in result["msg"] and (house.state(), house.files()) == before
    assert entries(house.finish()) == {"tinsel": "done", "wicker": "done"} and list(house.users()).count("Wicker API") == 1


def test_a_level_that_the_second_look_does_not_show_is_not_made_again(house: House) -> None:
    house.set_up(profile("wicker"))
    before = house.state(), house.files()
    house.fault("200@birch:GET Resources/entityInformation/fields#2-2", json=lacking(house, "Wicker"))
    result = house.ensure(profile("tinsel"), profile("wicker"))
    assert result["code"] == "contradictory_answers" and '"Wicker API"' in result["msg"] and (house.state(), house.files()) == before


def test_a_user_that_signs_in_is_not_made_again_though_it_is_never_shown(house: House) -> None:
    house.set_up(profile("wicker"))
    before = house.state(), house.files()
    [user] = [user for user in house.store.api_users(house.employee.tenant.id) if user.name == "Wicker API"]
    house.tenant.control("POST", "late", {"entity": "Resources", "id": user.id, "queries": 9})
    result = house.ensure()
    assert result["code"] == "contradictory_answers" and '"Wicker API"' in result["msg"] and (house.state(), house.files()) == before


@pytest.mark.parametrize("entity", ["Tickets", "TicketChecklistItems", "TicketNotes"])
@pytest.mark.parametrize("missing", ["missing_row", "no_rows"])
def test_a_secret_that_was_recorded_is_not_taken_for_the_one_that_it_replaces(missing: str, entity: str, house: House) -> None:
    house.set_up(profile("tinsel"))
    house.rotate()
    house.work()
    old, new = house.kept("tinsel.previous"), house.kept("tinsel")
    assert old and new and old["secret"] != new["secret"]
    house.fault(f"{missing}@birch:GET {entity}/query#1")
    result = house.rotate()
    assert house.hits() and house.kept("tinsel.previous") in (old, None), result
    done = house.rotate()
    assert entries(done) == {"tinsel": "done"} and house.kept("tinsel.previous") is None, entry_of(done, "tinsel")
    assert house.signs_in(house.kept("tinsel") or {}) and not house.signs_in(old) and len(house.tickets("tinsel")) == 2


def set_up(house: House, wanted: dict[str, Any]) -> Result:
    """A run that sets it up."""
    return house.ensure(wanted)


def retire(house: House, wanted: dict[str, Any]) -> Result:
    """A run that takes it off the tenant."""
    return house.ensure({"profile": wanted, "state": "absent"})


def rotate(house: House, wanted: dict[str, Any]) -> Result:
    """A run that asks for new secrets."""
    house.want(wanted)
    return house.rotate()


@pytest.mark.parametrize("run", [set_up, retire, rotate])
@pytest.mark.parametrize("entity", ["Tickets", "TicketNotes"])
@pytest.mark.parametrize("missing", ["missing_row", "missing_row=1", "no_rows"])
def test_what_an_answer_does_not_show_of_another_integration_is_not_taken(
    missing: str, entity: str, run: Callable[[House, dict[str, Any]], Result], house: House
) -> None:
    house.set_up(profile("tinsel"))
    # Only its ticket tells whose it is.
    house.path("tinsel").unlink()
    before = house.state(), house.files()
    house.fault(f"{missing}@birch:GET {entity}/query#1")
    result = run(house, profile("wicker", user={"first_name": "Tinsel"}))
    assert result.get("code") in ("another_integrations", "contradictory_answers") and len(house.hits()) == 1, result
    assert (house.state(), house.files()) == before
