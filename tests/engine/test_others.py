# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A run is about some integrations of a tenant: what it finds of the others it leaves alone, whatever its profiles say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .running import House, Result, entries, entry_of, profile

TINSELS = {
    "a level": {"level": {"name": "tinsel api"}},
    "a user": {"user": {"first_name": "tinsel"}},
    "a user that is there": {"user": {"first_name": "Tinsel", "existing": True}, "handover": {"to": "Wicker", "fields": []}},
}


def second(key: str = "tinsel") -> dict[str, Any]:
    """A profile with two API users; the second one's credentials are recorded as <key>-second."""
    found = profile(key)
    found["api_users"].append(
        {**found["api_users"][0], "key": "second", "first_name": "Second", "tracking_identifier": {"internal_integration_name": "Second"}}
    )
    return found


def forgotten_tickets(house: House) -> None:
    """A browser did it: no change tells of it, only what is recorded."""
    record = house.path("tinsel").read_bytes()
    house.forget("tinsel")
    house.path("tinsel").write_bytes(record)


def forgotten_record(house: House) -> None:
    """It was recorded on another machine: the tenant's tickets tell of it."""
    house.path("tinsel").unlink()


def nothing_forgotten(_house: House) -> None:
    """Tickets and what is recorded tell of it."""


def refused(house: House, wanted: Any, **options: Any) -> Result:
    """The result of a run that refuses, in check mode and for real, and changes nothing anywhere."""
    before, files = house.state(), house.files()
    would = house.ensure(wanted, check=True, **options)
    result = house.ensure(wanted, **options)
    assert result["code"] == would["code"] and result["msg"] == would["msg"]
    assert (house.state(), house.files()) == (before, files)
    return result


@pytest.mark.parametrize("left", [nothing_forgotten, forgotten_tickets, forgotten_record])
@pytest.mark.parametrize("wish", TINSELS.values(), ids=TINSELS)
def test_what_another_integration_has_is_not_taken(house: House, wish: dict[str, Any], left: Callable[[House], None]) -> None:
    house.set_up(profile("tinsel"))
    left(house)
    result = refused(house, profile("wicker", **wish))
    assert result["code"] == "another_integrations" and "tinsel" in result["msg"]


@pytest.mark.parametrize("apply_via", ["ticket", "runsheet"])
def test_what_another_integration_has_asked_for_is_not_taken(house: House, apply_via: str) -> None:
    house.options["apply_via"] = apply_via
    house.ensure(profile("tinsel"))
    for wish in (TINSELS["a level"], TINSELS["a user"]):
        assert refused(house, profile("wicker", **wish))["code"] == "another_integrations"


def test_where_nothing_can_be_read_run_sheets_tell(house: House) -> None:
    house.options |= {"apply_via": "runsheet", **dict.fromkeys(("user_name", "secret", "integration_code"), "")}
    house.ensure(profile("tinsel"))
    assert refused(house, profile("wicker", **TINSELS["a level"]))["code"] == "another_integrations"


def test_recorded_credentials_are_not_replaced_by_another_integrations(house: House) -> None:
    house.set_up(second())
    assert refused(house, profile("tinsel-second"))["code"] == "another_integrations"
    house.forget("tinsel")
    assert refused(house, profile("tinsel-second"))["code"] == "another_users_record"


def test_all_that_is_anothers_is_told_at_once(house: House) -> None:
    house.set_up(profile("tinsel"))
    msg = refused(house, profile("wicker", level={"name": "Tinsel API"}, user={"first_name": "Tinsel"}))["msg"]
    assert 'level "Tinsel API"' in msg and 'user "Tinsel API"' in msg


def test_only_the_integration_that_takes_is_stopped(house: House) -> None:
    house.set_up(profile("tinsel"))
    result = house.ensure(profile("wicker", level={"name": "Tinsel API"}), profile("sorrel"))
    assert entries(result) == {"wicker": "failed", "sorrel": "pending"}


def test_the_user_that_a_run_works_as_is_not_taken_and_its_level_is_not(house: House) -> None:
    own = next(user for user in house.store.api_users(house.employee.tenant.id) if user.user_name == house.tenant.access["user_name"])
    first, _blank, last = own.name.partition(" ")
    level = house.store.level(own.level_id).name
    for wish in (
        {"level": {"name": level}},
        {"user": {"first_name": first, "last_name": last, "existing": True}, "handover": TINSELS["a user that is there"]["handover"]},
    ):
        result = refused(house, profile("wicker", **wish))
        assert result["code"] == "another_integrations" and "provisioner" in result["msg"]


def test_what_was_retired_can_be_used_again(house: House) -> None:
    house.set_up(profile("tinsel"))
    house.want({"profile": profile("tinsel"), "state": "absent"})
    house.ensure()
    house.finish()
    house.want(profile("wicker", level={"name": "Tinsel API"}))
    house.ensure()
    assert entries(house.finish()) == {"wicker": "done"}


def test_neither_a_retirement_nor_a_rotation_touches_what_is_anothers(house: House) -> None:
    house.set_up(profile("tinsel"))
    wicker = profile("wicker", user={"first_name": "Tinsel"})
    assert refused(house, {"profile": wicker, "state": "absent"})["code"] == "another_integrations"
    house.want(wicker)
    before = house.state()
    assert house.rotate()["code"] == "another_integrations" and house.state() == before


def test_a_retirement_leaves_a_level_that_another_one_has(house: House) -> None:
    house.set_up(profile("tinsel"))
    house.want({"profile": profile("wicker", level={"name": "Tinsel API"}), "state": "absent"})
    result = entry_of(house.ensure(), "wicker")
    assert result["state"] == "done" and any("It is left as it is" in text for text in result["messages"])
    level = house.level("Tinsel API")
    assert level and level.active


def sharing(key: str, **level: Any) -> dict[str, Any]:
    """A profile whose level may be another integration's, too."""
    return profile(key, level={"name": "Shared API", "shared": True, "webhooks": {"maximum": 3}, **level})


def test_a_level_that_is_shared_is_used_as_the_other_one_made_it(house: House) -> None:
    house.set_up(sharing("tinsel"))
    made = house.level("Shared API")
    house.set_up(sharing("wicker"))
    assert house.level("Shared API") == made
    assert not any('level "Shared API": copy' in text for text, _done in house.steps("wicker"))
    again = house.ensure(sharing("tinsel"))
    assert entries(again) == {"tinsel": "done"} and not again["changed"]


def test_a_shared_level_that_the_other_one_wants_otherwise_is_refused(house: House) -> None:
    house.set_up(sharing("tinsel"))
    assert refused(house, sharing("wicker", webhooks={"maximum": 4}))["code"] == "shared_differently"


@pytest.mark.parametrize("apply_via", ["ticket", "runsheet"])
def test_a_level_that_only_the_second_one_calls_shared_is_refused_from_the_first_run_on(house: House, apply_via: str) -> None:
    house.options["apply_via"] = apply_via
    alone = sharing("tinsel", shared=False)
    for made in (house.ensure, house.finish):
        house.want(alone)
        made()
        error = refused(house, sharing("wicker"))
        assert error["code"] == "another_integrations" and "let both profiles say `shared`, and name both in one run" in error["msg"]


@pytest.mark.parametrize("apply_via", ["ticket", "runsheet"])
def test_a_level_that_both_call_shared_later_is_shared_from_then_on(house: House, apply_via: str) -> None:
    house.options["apply_via"] = apply_via
    house.ensure(sharing("tinsel", shared=False))
    house.finish()
    made = house.level("Shared API")
    house.ensure(sharing("tinsel"), sharing("wicker"))
    assert entries(house.finish()) == {"tinsel": "done", "wicker": "done"}
    house.want(sharing("wicker"))
    again = house.ensure()
    assert entries(again) == {"wicker": "done"} and not again["changed"] and house.level("Shared API") == made


def test_the_one_that_made_a_shared_level_does_not_change_it_under_the_other(house: House) -> None:
    house.set_up(sharing("tinsel"), sharing("wicker"))
    for other in ({"settings": {"Service Desk": {"Tickets": {"Delete": "None", "Add": "No"}}}}, {"webhooks": {"maximum": 4}}):
        error = refused(house, sharing("tinsel", **other))
        assert error["code"] == "shared_differently" and "wicker" in error["msg"]
    assert refused(house, sharing("tinsel", shared=False))["code"] == "another_integrations"
    house.set_up(sharing("tinsel", webhooks={"maximum": 4}), sharing("wicker", webhooks={"maximum": 4}))


def test_calling_it_shared_takes_no_level_of_the_provisioner_or_of_one_whose_changes_are_gone(house: House) -> None:
    house.set_up(profile("tinsel"))
    forgotten_tickets(house)
    own = next(user for user in house.store.api_users(house.employee.tenant.id) if user.user_name == house.tenant.access["user_name"])
    for name in ("Tinsel API", house.store.level(own.level_id).name):
        error = refused(house, profile("wicker", level={"name": name, "shared": True}))
        assert error["code"] == "another_integrations" and "not known to share it" in error["msg"]


def test_what_is_recorded_of_an_unlisted_one_and_can_not_be_read_stops_nobody(house: House) -> None:
    house.set_up(profile("tinsel"), profile("rattan"))
    house.path("tinsel").write_bytes(b"$ANSIBLE_VAULT;1.1;AES256\n00")
    result = house.ensure(profile("wicker"), unlisted="report")
    assert entries(result) == {"wicker": "pending"} and [known["integration"] for known in result["unlisted"]] == ["rattan", "tinsel"]
