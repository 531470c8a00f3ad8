# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An integration with `state: absent`: its user is switched off, then its level, and nothing is left of what was kept of it."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from .running import House, entries, entry_of, profile

NOT_COPIED = "Other|Miscellaneous|Not required to change password (password does not expire)|"


def absent(key: str) -> dict[str, Any]:
    """The entry that takes an integration off the tenant, with all that is known of it from its profile."""
    return {"profile": profile(key), "state": "absent"}


@pytest.fixture
def both(house: House) -> House:
    """A tenant with two integrations."""
    house.set_up(profile("tinsel"), profile("wicker"))
    return house


@pytest.mark.parametrize("entry", [absent("tinsel"), {"integration": "tinsel", "state": "absent"}], ids=["by its profile", "by its key"])
def test_users_levels_and_what_was_kept_go_and_the_neighbour_stays(entry: dict[str, Any], both: House) -> None:
    recorded = both.kept("tinsel")
    assert recorded
    retired = both.ensure(entry, profile("wicker"))
    assert entries(retired) == {"tinsel": "pending", "wicker": "done"}, retired.get("msg")
    assert both.users() == {"Provisioner API": True, "Tinsel API": False, "Wicker API": True} and not both.signs_in(recorded)
    assert set(both.files()) == {"credentials/birch/home.json", "credentials/birch/wicker.yml", "handover/birch/wicker.yml"}
    both.work()
    level = both.level("Tinsel API")
    assert level and not level.active
    done = both.ensure()
    assert (done["changed"], done["pending"], entries(done)) == (True, False, {"tinsel": "done", "wicker": "done"})
    before = both.state(), both.requests(writes=True)
    again = both.ensure()
    assert not again["changed"] and (both.state(), both.requests(writes=True)) == before


def test_check_mode_tells_what_would_go_and_leaves_it_all(both: House) -> None:
    before = both.state(), both.files(), both.requests(writes=True)
    plan = both.ensure(absent("tinsel"), check=True)
    assert (plan["changed"], plan["pending"], entries(plan)) == (True, True, {"tinsel": "planned"})
    assert (both.state(), both.files(), both.requests(writes=True)) == before
    told = " ".join(entry_of(plan, "tinsel")["messages"])
    assert all(f"{both.path('tinsel', folder)} would be removed." in told for folder in ("credentials", "handover"))


def steps_of(result: dict[str, Any]) -> dict[str, list[str]]:
    """What is to be done with each object, by its subject."""
    return {known["subject"]: [step["text"] for step in known["plan"]] for known in entry_of(result, "tinsel")["objects"]}


def test_check_mode_asks_for_what_the_run_would_ask_for_where_rest_may_not_switch_users_off(both: House) -> None:
    both.allow({"Admin|Feature Access|Resources/Users (HR)|": False})
    for _round in range(2):
        plan = both.ensure(absent("tinsel"), check=True)
        real = both.ensure(absent("tinsel"))
        told = " ".join([*entry_of(plan, "tinsel")["messages"], *entry_of(real, "tinsel")["messages"]])
        assert steps_of(plan) == steps_of(real) and list(steps_of(plan)) == ['API user "Tinsel API"'] and "removed" not in told
        assert (entries(plan), entries(real)) == ({"tinsel": "planned"}, {"tinsel": "pending"}) and both.users()["Tinsel API"]


def test_what_rest_switches_off_is_told_and_no_ticket_is_named_for_it(both: House) -> None:
    for check, words in ((True, "would be inactivated by this run, over REST"), (False, "was inactivated, over REST")):
        result = both.ensure(absent("tinsel"), check=check)
        [user] = [known for known in entry_of(result, "tinsel")["objects"] if known["subject"].startswith("API user")]
        assert f'The API user "Tinsel API" {words}.' in entry_of(result, "tinsel")["messages"] and user["change"] == {}


def test_what_rest_has_written_before_the_line_was_cut_is_told(house: House) -> None:
    main = profile("tinsel")["api_users"][0]
    two = profile("tinsel", api_users=[main, {**main, "key": "second", "first_name": "Second"}])
    house.set_up(two)

    def hang_up(number: int) -> None:
        if number > 1:
            raise requests.ConnectionError("the line is cut")

    house.wire.forget()
    house.wire.before_write = hang_up
    result = house.ensure({"profile": two, "state": "absent"}, retries=0)
    house.wire.forget()
    assert (entries(result), house.users()) == (
        {"tinsel": "failed"},
        {"Provisioner API": True, "Tinsel API": False, "Second API": True},
    )
    assert result["changed"] and entry_of(result, "tinsel")["changed"] and house.kept("tinsel")
    assert entries(house.ensure()) == {"tinsel": "pending"} and not house.users()["Second API"]


def test_the_user_that_the_run_works_as_is_left_alone(house: House) -> None:
    own = profile("tinsel", user={"first_name": "Provisioner"})
    result = house.ensure({"profile": own, "state": "absent"})
    assert result["failed"] and result["code"] == "own_user" and house.users()["Provisioner API"]
    assert house.requests(writes=True).total() == 0


def test_one_that_nobody_knows_is_no_success(house: House) -> None:
    result = house.ensure({"integration": "tinsle", "state": "absent"}, profile("wicker"))
    assert result["failed"] and result["code"] == "unknown_integration" and 'an integration "tinsle"' in result["msg"]
    assert entries(result) == {"tinsle": "failed", "wicker": "pending"}


def test_steps_that_still_wait_for_people_are_withdrawn(house: House) -> None:
    house.ensure(profile("tinsel"))
    retired = house.ensure(absent("tinsel"))
    assert (entries(retired), house.steps("tinsel")) == ({"tinsel": "done"}, [])
    assert house.work() == 0 and "Tinsel API" not in house.users()


def test_one_that_is_wanted_again_is_switched_on_and_needs_a_new_secret(house: House) -> None:
    house.set_up(profile("tinsel"))
    level, recorded = house.level("Tinsel API"), house.kept("tinsel")
    assert level and recorded
    before = dict(level.cells)
    house.ensure(absent("tinsel"))
    house.work()
    assert entries(house.ensure()) == {"tinsel": "done"}
    assert entries(house.ensure(profile("tinsel"))) == {"tinsel": "pending"}
    house.work()
    waiting = house.ensure()
    level = house.level("Tinsel API")
    assert entries(waiting) == {"tinsel": "credentials"} and house.users()["Tinsel API"]
    # Nobody knows what it held when it was given up, so it was made as its source is; of that, a fresh copy lacks one box.
    assert level and level.active and {key for key in before if level.cells[key] != before[key]} == {NOT_COPIED}
    house.rotate()
    house.work()
    # The tracking identifier is shown only when it is made.
    lacking, again = house.rotate(), house.kept("tinsel")
    assert lacking["failed"] and "an earlier hand-over has it, or its vendor" in lacking["msg"] and again
    house.record("tinsel", {"integration_code": recorded["integration_code"], **{name: again[name] for name in ("user_name", "secret")}})
    assert entries(house.rotate()) == {"tinsel": "done"} and entries(house.ensure()) == {"tinsel": "done"}


def test_a_rotation_that_waits_for_people_is_withdrawn(both: House) -> None:
    both.rotate()
    both.ensure(absent("tinsel"))
    assert not any("Generate Secret" in text and not done for text, done in both.steps("tinsel"))
    assert both.kept("tinsel.previous") is None and both.kept("wicker.previous")


def test_what_rest_can_not_switch_off_and_its_level_are_one_change(house: House) -> None:
    house.set_up(profile("tinsel"))
    house.store.set_options(house.employee.tenant.id, {"api_user_patch": "ignored"})
    assert entries(house.ensure(absent("tinsel"))) == {"tinsel": "pending"}
    assert entries(house.finish()) == {"tinsel": "done"}
    assert [step for step in house.steps("tinsel") if "clear Active" in step[0]] == [
        ('Level "Tinsel API": clear Active.', True),
        ('API user "Tinsel API": clear Active.', True),
    ]
    assert [ticket["externalID"] for ticket in house.tickets("tinsel")] == ["msp.autotask/tinsel/1", "msp.autotask/tinsel/2"]


def test_what_rest_switches_off_after_all_is_withdrawn_and_its_level_is_the_same_change(house: House) -> None:
    house.set_up(profile("tinsel"))
    house.fault("403@birch:PATCH Resources#1")
    house.ensure(absent("tinsel"))
    assert ('API user "Tinsel API": clear Active.', False) in house.steps("tinsel") and house.users()["Tinsel API"]
    house.ensure()
    assert 'API user "Tinsel API": clear Active.' not in dict(house.steps("tinsel")) and not house.users()["Tinsel API"]
    assert entries(house.finish()) == {"tinsel": "done"} and len(house.tickets("tinsel")) == 2


@pytest.mark.parametrize(
    "answer", ["no_rows@birch:GET Resources/[0-9]*", "200=no_items@birch:PATCH Resources", "+200=rows@birch:PATCH Resources"]
)
def test_nobody_is_asked_to_switch_off_what_only_an_answer_does_not_show(answer: str, house: House) -> None:
    house.set_up(profile("tinsel"))
    house.fault(f"{answer}#1")
    result = house.ensure(absent("tinsel"))
    assert (entries(result), result["code"], len(house.tickets("tinsel"))) == ({"tinsel": "failed"}, "unexpected_answer", 1)
    assert house.kept("tinsel") and entries(house.ensure()) == {"tinsel": "pending"} and not house.users()["Tinsel API"]
    assert not any("API user" in text for text, done in house.steps("tinsel") if not done)
