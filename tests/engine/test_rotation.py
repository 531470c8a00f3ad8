# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A new secret from asking for it to the proof that the old one is dead; there is always a recorded one that works."""

from __future__ import annotations

import pytest

from .running import House, entries, entry_of, profile


@pytest.fixture
def tinsel(house: House) -> House:
    """A tenant with one integration that works."""
    house.set_up(profile("tinsel"))
    return house


def test_from_asking_to_the_proof_that_the_old_one_is_dead(tinsel: House) -> None:
    old = tinsel.kept("tinsel")
    assert old
    asked = tinsel.rotate()
    assert (asked["changed"], entries(asked)) == (True, {"tinsel": "pending"})
    assert tinsel.kept("tinsel") == old == tinsel.kept("tinsel.previous") and tinsel.signs_in(old)
    assert not tinsel.rotate()["changed"] and tinsel.ensure()["changed"] is False

    assert tinsel.work() == 4, tinsel.employee.stuck
    new = tinsel.kept("tinsel")
    assert new and new["secret"] != old["secret"] and tinsel.signs_in(new) and tinsel.kept("tinsel.previous") == old

    before = tinsel.refusals()
    done = tinsel.rotate()
    assert (done["changed"], entries(done)) == (True, {"tinsel": "done"})
    assert "the new secret signs in, the old one is refused" in " ".join(entry_of(done, "tinsel")["messages"])
    assert tinsel.kept("tinsel") == {**new, "rotation": "2026-11"} and tinsel.kept("tinsel.previous") is None
    handed = tinsel.kept("tinsel", "handover")
    assert handed and handed["fields"]["Secret"] == new["secret"]
    assert (tinsel.refusals() - before, tinsel.signs_in(old), tinsel.signs_in(new)) == (1, False, True)


def test_once_it_is_done_running_it_again_changes_nothing_and_tries_no_dead_secret(tinsel: House) -> None:
    tinsel.rotate()
    tinsel.work()
    tinsel.rotate()
    before = tinsel.state(), tinsel.files(), tinsel.refusals(), tinsel.requests(writes=True)
    again = tinsel.rotate()
    assert (again["changed"], again["pending"], entries(again)) == (False, False, {"tinsel": "done"})
    assert (tinsel.state(), tinsel.files(), tinsel.refusals(), tinsel.requests(writes=True)) == before
    assert entries(tinsel.rotate("2027-02")) == {"tinsel": "pending"}


def test_check_mode_asks_nobody_and_keeps_nothing(tinsel: House) -> None:
    before = tinsel.state(), tinsel.files(), tinsel.requests(writes=True)
    plan = tinsel.rotate(check=True)
    assert (plan["changed"], entries(plan)) == (True, {"tinsel": "planned"})
    assert [len(known["plan"]) for known in entry_of(plan, "tinsel")["objects"]] == [4]
    assert (tinsel.state(), tinsel.files(), tinsel.requests(writes=True)) == before


def test_steps_that_are_ticked_without_a_new_secret_wait_for_it(tinsel: House) -> None:
    old = tinsel.kept("tinsel")
    tinsel.rotate()
    tinsel.employee.tick("tinsel")
    waiting = tinsel.rotate()
    assert entries(waiting) == {"tinsel": "credentials"} and waiting["pending"] and not waiting.get("failed")
    assert any("no new secret is recorded" in text for text in entry_of(waiting, "tinsel")["messages"])
    assert tinsel.kept("tinsel") == old and tinsel.refusals() == 0


def test_an_old_secret_that_still_signs_in_is_no_rotation(tinsel: House) -> None:
    tinsel.rotate()
    tinsel.work()
    new = tinsel.kept("tinsel")
    assert new
    alive = {name: tinsel.tenant.access[name] for name in ("user_name", "secret", "integration_code")}
    tinsel.keep("tinsel.previous", alive)
    result = tinsel.rotate()
    assert result["failed"] and result["code"] == "old_secret_works" and alive["secret"] not in str(result)
    assert tinsel.kept("tinsel") == new and tinsel.kept("tinsel.previous") == alive


def test_where_the_identifier_is_the_vendors_nothing_is_claimed(listing: House) -> None:
    listing.set_up("beecastle")
    old = listing.kept("beecastle")
    assert old and "integration_code" not in old
    listing.rotate()
    listing.work()
    before = listing.refusals()
    done = listing.rotate()
    assert entries(done) == {"beecastle": "done"} and listing.refusals() == before
    told = " ".join(entry_of(done, "beecastle")["messages"])
    assert "neither that the new secret signs in nor that the old one is dead could be proven" in told and "is refused" not in told
    assert listing.kept("beecastle.previous") == old
    code = listing.tenant.access["integration_vendors"]["BeeCastle - CRM"]
    new = listing.kept("beecastle")
    assert new and listing.signs_in(new, code) and not listing.signs_in(old, code)


def test_with_the_vendors_identifier_it_is_proven(listing: House) -> None:
    code = listing.tenant.access["integration_vendors"]["BeeCastle - CRM"]
    listing.options["credentials_store"] = {"folder": str(listing.folder / "credentials"), "integration_codes": {"beecastle": code}}
    listing.set_up("beecastle")
    listing.rotate()
    listing.work()
    assert "the old one is refused" in " ".join(entry_of(listing.rotate(), "beecastle")["messages"])
    assert listing.kept("beecastle.previous") is None and code not in str(listing.kept("beecastle"))


@pytest.mark.parametrize("before", [True, False], ids=["before it is written", "right after"])
@pytest.mark.parametrize("at", [1, 2], ids=["at the hand-over", "at what is recorded"])
def test_a_run_that_is_killed_while_it_finishes_is_taken_up_by_the_next(at: int, before: bool, tinsel: House) -> None:
    tinsel.rotate()
    tinsel.work()
    new, refused = tinsel.kept("tinsel"), tinsel.refusals()
    assert new
    with tinsel.killed_at_file(at, before):
        tinsel.rotate()
    assert tinsel.signs_in(tinsel.kept("tinsel") or {})
    assert entries(tinsel.rotate()) == {"tinsel": "done"}
    assert tinsel.kept("tinsel") == {**new, "rotation": "2026-11"} and tinsel.kept("tinsel.previous") is None
    assert (tinsel.kept("tinsel", "handover") or {})["fields"]["Secret"] == new["secret"]
    assert not tinsel.rotate()["changed"] and tinsel.refusals() - refused <= 2


@pytest.mark.parametrize("before", [True, False], ids=["before it is written", "right after"])
def test_a_run_that_is_killed_while_it_asks_asks_the_next_time(before: bool, tinsel: House) -> None:
    old = tinsel.kept("tinsel")
    with tinsel.killed_at_file(1, before):
        tinsel.rotate()
    assert tinsel.kept("tinsel") == old and len(tinsel.tickets("tinsel")) == 1
    assert entries(tinsel.rotate()) == {"tinsel": "pending"}
    assert tinsel.work() == 4 and entries(tinsel.rotate()) == {"tinsel": "done"}


def test_it_can_wait_until_people_have_worked_it_off(tinsel: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: tinsel.work())
    done = tinsel.rotate(wait_minutes=1, wait_interval=0.01)
    assert (done["changed"], entries(done)) == (True, {"tinsel": "done"})
    assert "the old one is refused" in " ".join(entry_of(done, "tinsel")["messages"])


def test_all_are_asked_before_anybody_is_waited_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.set_up(profile("tinsel"), profile("wicker"))
    worked: list[int] = []
    monkeypatch.setattr("time.sleep", lambda _seconds: worked.append(house.work()))
    done = house.rotate(wait_minutes=1, wait_interval=0.01)
    assert entries(done) == {"tinsel": "done", "wicker": "done"} and worked == [8], done


def test_nobody_is_waited_for_where_the_runs_own_secret_dies(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: pytest.fail("it waits"))
    own = {name: str(house.tenant.access[name]) for name in ("user_name", "secret", "integration_code")}
    house.set_up(profile("tinsel"))
    house.options = dict.fromkeys(own, "")
    house.keep("provisioner", own)
    house.want(profile("tinsel"), profile("provisioner"))
    assert set(entries(house.rotate(wait_minutes=1, wait_interval=0.01)).values()) == {"pending"}


def test_one_of_two_that_is_done_does_not_wait_for_the_other(house: House) -> None:
    house.set_up(profile("tinsel"), profile("wicker"))
    house.rotate()
    house.work("tinsel")
    half = house.rotate()
    assert entries(half) == {"tinsel": "done", "wicker": "pending"} and half["pending"]
    assert (house.kept("tinsel") or {})["rotation"] == "2026-11" and house.kept("wicker.previous") == house.kept("wicker")


def test_a_tenant_without_the_integration_is_passed_over(house: House) -> None:
    """A rotation of a fleet is about those that have it; so is one after it was retired."""
    house.want(profile("tinsel"))
    for retired in (False, True):
        result = house.rotate()
        assert (entries(result), result["changed"], result["pending"]) == ({"tinsel": "done"}, False, False)
        told = f"tinsel is not set up on {house.tenant.slug}: REST shows none of its API users active, and none is recorded. It is passed over."
        assert house.said[-1].endswith(told) and entry_of(result, "tinsel")["remarks"] == [told] and house.tickets("tinsel") == []
        if not retired:
            house.set_up(profile("tinsel"))
            house.ensure({"profile": profile("tinsel"), "state": "absent"})
            house.work()
            house.ensure()
            house.want(profile("tinsel"))
            house.forget("tinsel")
    assert house.users()["Tinsel API"] is False


def test_the_secret_of_a_recorded_user_that_is_not_there_can_not_be_changed(house: House) -> None:
    house.keep("tinsel", {"user_name": "k7@example.net", "secret": "q"})
    house.want(profile("tinsel"))
    result = house.rotate()
    assert (result["failed"], result["changed"], result["code"]) == (True, False, "no_such_user") and house.tickets("tinsel") == []


@pytest.mark.parametrize("name", ["", "   ", "two\nlines", "x" * 51])
def test_a_name_that_is_none_is_refused(name: str, tinsel: House) -> None:
    before = tinsel.requests()
    assert tinsel.rotate(name)["code"] == "rotation" and tinsel.requests() == before


def test_the_provisioners_own_secret_is_rotated_by_its_own_ticket(house: House) -> None:
    own = {name: str(house.tenant.access[name]) for name in ("user_name", "secret", "integration_code")}
    house.options = dict.fromkeys(own, "")
    house.keep("provisioner", own)
    house.want(profile("provisioner"))
    assert entries(house.rotate()) == {"provisioner": "pending"}
    listed, house.integrations = house.integrations, []  # nobody lists it for a tenant
    assert house.work() == 4, house.employee.stuck
    house.integrations = listed
    assert entries(house.rotate()) == {"provisioner": "done"}
    new = house.kept("provisioner")
    assert new and house.signs_in(new) and not house.signs_in(own) and not house.rotate()["changed"]
