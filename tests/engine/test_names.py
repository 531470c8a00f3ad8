# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Names that two things would share, and what would replace what is kept: refused before anything is written, or told apart."""

from __future__ import annotations

from typing import Any

import pytest

from .running import House, entries, entry_of, plan_of, profile


def two(key: str, second: str) -> dict[str, Any]:
    """A profile with a second API user."""
    found = profile(key)
    found["api_users"].append({**found["api_users"][0], "key": second, "first_name": "Second"})
    return found


def test_the_provisioner_gets_a_new_secret_although_its_profile_is_among_the_integrations(house: House) -> None:
    own = {name: str(house.tenant.access[name]) for name in ("user_name", "secret", "integration_code")}
    house.options = dict.fromkeys(own, "")
    house.keep("provisioner", own)
    house.want(profile("provisioner"))
    house.rotate()
    assert house.work() == 4, house.employee.stuck


def test_bad_input_names_the_integration_that_it_is_of(house: House) -> None:
    result = house.ensure({"profile": profile("tinsel")}, {"profile": profile("wicker"), "email": "nobody"})
    assert result["failed"] and result["msg"].startswith("integrations > wicker > email: ")


def test_a_run_sheet_is_told_from_one_of_a_longer_key(house: House) -> None:
    for key in ("tinsel.two", "tinsel"):
        house.ensure(profile(key), apply_via="runsheet")
    assert '## level "Tinsel API"' in (house.folder / "runsheets" / "birch.tinsel.1.md").read_text()


@pytest.mark.parametrize("key", ["tinsel.previous", "tinsel.escrow", "console.session"])
def test_a_key_that_names_what_is_kept_for_a_while_is_refused(house: House, key: str) -> None:
    assert house.ensure(profile(key))["code"] == "reserved_key"


def test_one_name_is_recorded_for_one_user(house: House) -> None:
    assert house.ensure(two("tinsel", "second"), profile("tinsel-second"))["code"] == "record_name_taken"
    assert house.ensure(two("longish-integration-key", "secondary"))["code"] == "integration"


def test_hand_overs_never_lie_where_credentials_are_recorded(house: House) -> None:
    house.options["handover_folder"] = str(house.folder / "credentials")
    assert house.ensure(profile("tinsel"))["code"] == "same_folder"


def test_two_integrations_that_want_one_level_or_user_are_refused(house: House) -> None:
    same_level = profile("wicker", level={"name": "tinsel api"})
    same_user = profile("wicker", user={"first_name": "Tinsel"})
    for other in (same_level, same_user):
        result = house.ensure(profile("tinsel"), other)
        assert result["code"] == "claimed_twice" and "wicker" in result["msg"] and "tinsel" in result["msg"]


def test_a_level_may_be_called_after_the_system_level_that_it_is_a_copy_of(house: House) -> None:
    """As guides have it; on a tenant where it is new, and on one that has it."""
    done = house.set_up(profile("tinsel", level={"name": "API User (system) with Webhooks"}))
    assert entries(done) == {"tinsel": "done"} and house.level("API User (system) with Webhooks")
    house.by_hand("Wicker (system) Level")
    assert entries(house.set_up(profile("wicker", level={"name": "Wicker (system) Level"}))) == {"wicker": "done"}


def test_people_are_told_what_the_inventory_calls_the_tenant(house: House) -> None:
    """`-l` takes the host's name, and `autotask_tenant` is what people call it. A host that is renamed has nothing asked for twice."""
    named = {"tenant": "Birch & Sons"}
    for house.host in ('t"0042', "t" * 101):
        assert (
            'tenant "Birch & Sons", integration "tinsel"'
            in plan_of(entry_of(house.ensure(profile("tinsel"), check=True, **named), "tinsel"))[-1]
        )
    for house.host, changed in (("t0042", True), ("t0043", False)):
        result = house.ensure(profile("tinsel"), **named)
        assert result["changed"] is changed and len(house.tickets("tinsel")) == 1
        assert house.steps("tinsel")[-1][0].endswith('msp.autotask.record_credentials, tenant "t0042", integration "tinsel".')
    house.options |= named
    house.employee.record, record = (lambda *_noted: None), house.employee.record
    house.work()
    house.employee.record = record
    assert "record_credentials -l t0043 -e autotask_integration=tinsel" in " ".join(entry_of(house.ensure(), "tinsel")["messages"])


@pytest.mark.parametrize("name", ["API User (system)", "api user (system) can't read costs", "Wicker (System)"])
def test_a_system_levels_name_is_no_name_for_a_level(house: House, name: str) -> None:
    result = house.ensure(profile("tinsel", level={"name": name}))
    assert result["failed"] and "is a system level" in result["msg"]


def sharing(key: str, name: str = "Shared API", **level: Any) -> dict[str, Any]:
    """A profile whose level may be another integration's, too."""
    return profile(key, level={"name": name, "shared": True, "webhooks": {"maximum": 3}, **level})


@pytest.mark.parametrize("apply_via", ["ticket", "runsheet"])
def test_a_level_that_both_share_is_made_once(house: House, apply_via: str) -> None:
    house.options["apply_via"] = apply_via
    asked = house.ensure(sharing("tinsel"), sharing("wicker"))
    about = {key: [known["subject"] for known in entry_of(asked, key)["objects"]] for key in ("tinsel", "wicker")}
    assert about == {
        "tinsel": ['level "Shared API"', 'webhook limit "Shared API"', 'API user "Tinsel API"'],
        "wicker": ['API user "Wicker API"'],
    }
    assert entries(house.finish()) == {"tinsel": "done", "wicker": "done"}
    assert [level.name for level in house.levels()].count("Shared API") == 1


def test_a_shared_level_stays_as_long_as_somebody_has_it(house: House) -> None:
    house.set_up(sharing("tinsel"), sharing("wicker"))
    house.want({"profile": sharing("tinsel"), "state": "absent"}, sharing("wicker"))
    left = house.ensure()
    assert any("in use by" in text for text in entry_of(left, "tinsel")["messages"])
    level = house.level("Shared API")
    assert level and level.active


def test_a_shared_level_goes_once_both_are_retired(house: House) -> None:
    house.set_up(sharing("tinsel"), sharing("wicker"))
    house.want(*({"profile": sharing(key), "state": "absent"} for key in ("tinsel", "wicker")))
    house.ensure()
    house.finish()
    house.ensure()
    house.finish()
    level = house.level("Shared API")
    assert level and not level.active


def test_a_shared_level_that_two_want_otherwise_is_refused(house: House) -> None:
    more = {"Service Desk": {"Tickets": {"Delete": "None", "Add": "No"}}}
    for other in ({"settings": more}, {"webhooks": {"maximum": 4}}, {"copy_of": "API User (system) Can't Read Costs"}):
        assert house.ensure(sharing("tinsel"), sharing("wicker", **other))["code"] == "shared_differently"
    assert house.ensure(sharing("tinsel"), sharing("wicker", "shared api"))["code"] == "shared_differently"
    for alone in (sharing("wicker", shared=False), profile("wicker", level={"name": "Shared API", "webhooks": {"maximum": 3}})):
        result = house.ensure(sharing("tinsel"), alone)
        assert result["code"] == "claimed_twice" and "`shared`" in result["msg"]
    assert not house.tickets("tinsel") and not house.tickets("wicker")


def test_all_that_two_integrations_both_claim_is_told_at_once(house: House) -> None:
    result = house.ensure(profile("tinsel"), profile("wicker", level={"name": "tinsel api"}, user={"first_name": "Tinsel"}))
    assert [error["code"] for error in result["errors"]] == ["claimed_twice", "claimed_twice"]
