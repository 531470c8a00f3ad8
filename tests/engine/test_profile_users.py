# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a profile says of its API users, as it reaches the tenant."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.model import ApiUser

from .running import EMAIL, House, entries, entry_of, plan_of, profile
from .wire import ADDRESS

CUSTOM = {"internal_integration_name": "Tinsel"}


def user_of(house: House, name: str = "Tinsel API") -> ApiUser:
    """The API user as the tenant has stored it."""
    return next(user for user in house.store.api_users(house.employee.tenant.id) if user.name == name)


def vendor_of(house: House) -> str:
    """The integration vendor of the profile's user."""
    known = {vendor.id: vendor.name for vendor in house.store.vendors(house.employee.tenant.id)}
    return known.get(user_of(house).vendor_id or 0, "")


def tracked(*vendors: Any, **more: Any) -> dict[str, Any]:
    """A profile whose user has one of these integration vendors."""
    return profile("tinsel", user={"tracking_identifier": {"integration_vendor": list(vendors), **more}})


@pytest.mark.parametrize(
    ("vendors", "chosen"),
    [
        (["Nobody - Nothing", "BeeCastle - CRM"], "BeeCastle - CRM"),
        (["BeeCastle - CRM", "Guardz - Guardz"], "BeeCastle - CRM"),
        ([{"begins_with": "beeca"}], "BeeCastle - CRM"),
        (["Nobody - Nothing", {"begins_with": "Bee"}], "BeeCastle - CRM"),
        (["Nobody - Nothing", {"begins_with": "Nobo"}], ""),
        ([{"name": "BeeCastle - CRM", "when": "BeeCastle hosts it."}], ""),
    ],
)
def test_the_first_integration_vendor_that_is_listed_is_chosen(listing: House, vendors: list[Any], chosen: str) -> None:
    listing.ensure(tracked(*vendors, **CUSTOM))
    listing.work()
    assert vendor_of(listing) == chosen, listing.employee.stuck
    assert user_of(listing).tracking == ("vendor" if chosen else "custom")


def test_a_vendor_for_some_tenants_is_chosen_by_a_tenant_that_is_one(listing: House) -> None:
    given = tracked({"name": "BeeCastle - CRM", "when": "BeeCastle hosts it."})
    undecided = listing.ensure(given)
    assert undecided["failed"] and undecided["code"] == "tracking_missing" and "BeeCastle hosts it." in undecided["msg"]
    assert listing.requests(writes=True).total() == 0
    override = {"api_users": {"main": {"tracking_identifier": {"integration_vendor": "BeeCastle - CRM"}}}}
    listing.ensure({"profile": given, "overrides": override})
    listing.work()
    assert vendor_of(listing) == "BeeCastle - CRM"


def test_the_hand_over_has_the_users_id_the_zones_host_and_several_values_in_one_text(house: House) -> None:
    fields = [
        {"name": "Member", "value": "user_id"},
        {"name": "Host", "value": "zone_host"},
        {"name": "Line", "format": "{user_name};{secret};{{{user_id}}}"},
        {"name": "Fixed", "text": "{anything}"},
    ]
    house.set_up(profile("tinsel", handover={"to": "Tinsel", "fields": fields}))
    handed, recorded, user = house.kept("tinsel", "handover"), house.kept("tinsel"), user_of(house)
    assert handed and recorded
    assert handed["fields"] == {
        "Member": str(user.id),
        "Host": ADDRESS.removeprefix("http://").partition(":")[0],
        "Line": f"{recorded['user_name']};{recorded['secret']};{{{user.id}}}",
        "Fixed": "{anything}",
    }


def test_another_vendor_may_join_the_list_of_a_user_that_is_there(listing: House) -> None:
    fields = [{"name": "Key", "value": "user_name"}, {"name": "Code", "value": "integration_code", "when": "custom"}]
    own = {"to": "Tinsel", "fields": fields}
    listing.ensure({**tracked("BeeCastle - CRM", **CUSTOM), "handover": own})
    listing.work()
    assert entries(listing.ensure({**tracked("BeeCastle - Other", "BeeCastle - CRM", **CUSTOM), "handover": own})) == {"tinsel": "done"}
    gone = listing.ensure({**tracked("BeeCastle - Other", **CUSTOM), "handover": own})
    assert entry_of(gone, "tinsel")["code"] == "tracking_fixed"


GIVEN = {"first_name": "Tinsel", "last_name": "API", "existing": True}


def switched(**user: Any) -> dict[str, Any]:
    """A vendor whose user is there already; its profile still says what a new one would have."""
    return profile("wicker", user={**GIVEN, **user}, handover={"to": "Wicker", "fields": []})


def test_a_user_that_is_there_only_gets_its_level(house: House) -> None:
    house.set_up(profile("tinsel"))
    recorded = house.kept("tinsel")
    house.forget("tinsel")
    assert recorded
    asked = house.ensure(switched())
    steps = plan_of(entry_of(asked, "wicker"))
    assert 'API user "Tinsel API": set Security Level to "Wicker API".' in steps
    assert not any("Generate" in text or "Record" in text or "Tracking" in text for text in steps)
    assert house.work() == len(house.steps("wicker"))
    done = house.ensure()
    assert entries(done) == {"wicker": "done"} and not done["pending"], done
    assert {level.name for level in house.levels() if level.id == user_of(house).level_id} == {"Wicker API"}
    assert house.signs_in(recorded) and house.kept("wicker") is None and house.kept("wicker", "handover") is None
    known = entry_of(done, "wicker")["objects"][-1]
    assert known["evidence"] == {"Security Level": "read", "Credentials": "unknown"}
    assert any("is not proven" in warning for warning in done["warnings"])
    again = house.ensure()
    assert (again["changed"], again["pending"], entries(again)) == (False, False, {"wicker": "done"})


def test_a_user_that_should_be_there_and_is_not_stops_its_integration(house: House) -> None:
    failed = house.ensure(switched(first_name="Nobody"), check=True)
    real = house.ensure()
    for result in (failed, real):
        assert entry_of(result, "wicker")["code"] == "no_such_user" and '"Provisioner API"' in result["msg"]
    assert house.requests(writes=True).total() == 0


def test_what_drifted_of_it_is_asked_for_again_and_a_rotation_leaves_it_alone(house: House) -> None:
    house.set_up(profile("tinsel"))
    house.forget("tinsel")
    house.set_up(switched())
    system = next(level for level in house.levels() if level.name == "API User (system)")
    house.store.update_api_user(house.employee.tenant.id, user_of(house).id, level_id=system.id)
    assert entries(house.ensure()) == {"wicker": "pending"}
    house.work()
    assert entries(house.ensure()) == {"wicker": "done"}
    assert house.rotate()["pending"] is False and not any("Generate" in text for text, _done in house.steps("wicker"))


def test_a_tenant_can_say_that_the_user_is_there_and_its_credentials_can_be_recorded(house: House) -> None:
    house.set_up(profile("tinsel"))
    recorded = house.kept("tinsel")
    house.forget("tinsel")
    override = {"api_users": {"main": GIVEN}}
    house.set_up({"profile": profile("wicker"), "overrides": override})
    assert recorded and not house.record("wicker", {name: recorded[name] for name in ("user_name", "secret", "integration_code")}).get(
        "failed"
    )
    done = entry_of(house.ensure(), "wicker")
    assert done["objects"][-1]["evidence"]["Credentials"] == "effect" and done["access"]["as_expected"]
    handed = house.kept("wicker", "handover")
    assert handed and handed["fields"]["Key"] == recorded["user_name"]


@pytest.mark.parametrize(
    ("entry", "email"),
    [
        ({}, "alerts@tinsel.example.com"),
        ({"email": "own@example.com"}, "own@example.com"),
        ({"email": "own@example.com", "overrides": {"api_users": {"main": {"email": "user@example.com"}}}}, "user@example.com"),
    ],
)
def test_the_address_is_the_tenants_for_the_user_or_the_vendor_before_the_guides(house: House, entry: dict[str, Any], email: str) -> None:
    given = profile("tinsel", user={"email": "alerts@tinsel.example.com", "location": "headquarters"})
    house.set_up({"profile": given, **entry})
    assert user_of(house).email == email and email != EMAIL
    house.set_up(profile("wicker"))
    assert user_of(house, "Wicker API").email == EMAIL


def test_where_nothing_is_read_a_run_sheet_has_the_steps_of_a_user_that_is_there(house: House) -> None:
    blind = {name: None for name in ("user_name", "secret", "integration_code")}
    asked = house.ensure(switched(), apply_via="runsheet", **blind)
    assert entries(asked) == {"wicker": "pending"} and house.requests().total() == 0
    texts = plan_of(entry_of(asked, "wicker"))
    assert texts[-2:] == ['API user "Tinsel API": set Security Level to "Wicker API".', 'API user "Tinsel API": press Save & Close.']


UNKNOWN = {"at": "api_users > main > tracking_identifier", "source": "unknown", "why": "a picture"}


def test_a_tracking_identifier_that_the_guide_hides_is_the_tenants_to_name(house: House) -> None:
    unread = profile("tinsel", user={"tracking_identifier": {}}, sources=[UNKNOWN])
    for check in (True, False):
        refused = house.ensure(unread, check=check)
        assert refused["code"] == "tracking_missing" and 'tracking identifier of the API user "main" is unknown' in refused["msg"]
    assert house.requests(writes=True).total() == 0
    house.set_up({"profile": unread, "overrides": {"api_users": {"main": {"tracking_identifier": CUSTOM}}}})
    assert user_of(house).internal_name == "Tinsel"


@pytest.mark.parametrize("sources", [[], [{**UNKNOWN, "source": "assumed"}]])
def test_an_empty_one_that_nobody_says_to_be_unknown_is_refused(house: House, sources: list[dict[str, str]]) -> None:
    refused = house.ensure(profile("tinsel", user={"tracking_identifier": {}}, sources=sources), check=True)
    assert refused["code"] == "tracking_missing" and "api_users > main > tracking_identifier: names nothing" in refused["msg"]
