# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A tenant is brought to what its list of integrations asks for, as whoever runs `autotask_integrations` sees it, and as the sandbox stored it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.parsing.vault import is_encrypted

from sandbox.tickets import COMPLETE

from .running import House, Wrong, entries, entry_of, plan_of, profile

DELETE = "Service Desk|Object Permissions|Tickets|Delete"


def test_from_nothing_to_the_hand_over(house: House) -> None:
    asked = house.ensure(profile("tinsel"))
    assert (asked["changed"], asked["pending"], entries(asked)) == (True, True, {"tinsel": "pending"})
    assert house.level("Tinsel API") is None and "Tinsel API" not in house.users() and house.kept("tinsel") is None

    assert house.work() == len(house.steps("tinsel")) and all(done for _text, done in house.steps("tinsel"))
    done = house.ensure()
    assert (done["changed"], done["pending"], entries(done)) == (True, False, {"tinsel": "done"})

    level, recorded = house.level("Tinsel API"), house.kept("tinsel")
    assert level and level.active and level.cells[DELETE] == "None"
    assert recorded and house.signs_in(recorded) and house.users()["Tinsel API"]
    assert recorded["tenant"] == house.tenant.slug and recorded["version"] == 2
    assert house.kept("tinsel", "handover") == {
        "version": 2,
        "vendor": "Tinsel",
        "to": "Tinsel",
        "tenant": house.tenant.slug,
        "fields": {"Key": recorded["user_name"], "Secret": recorded["secret"], "Code": recorded["integration_code"]},
    }
    [ticket] = house.tickets("tinsel")
    assert ticket["status"] == COMPLETE and entry_of(done, "tinsel")["change"]["reference"] == ticket["ticketNumber"]
    assert {known["evidence"].get("Credentials") for known in entry_of(done, "tinsel")["objects"]} == {None, "effect"}


def test_secrets_are_in_encrypted_files_and_nowhere_else(house: House) -> None:
    result = house.set_up(profile("tinsel"))
    recorded = house.kept("tinsel")
    assert recorded
    home = house.files().pop("credentials/birch/home.json")
    shown = [str(result), str(house.state()), *house.said, home.decode()]
    assert [name for name in ("secret", "integration_code") for text in shown if recorded[name] in text] == []
    encrypted = {"credentials/birch/tinsel.yml", "handover/birch/tinsel.yml"}
    assert {name for name, content in house.files().items() if is_encrypted(content)} == encrypted
    assert set(house.files()) == {*encrypted, "credentials/birch/home.json"}


def test_a_run_that_finds_all_as_it_should_be_writes_nothing(house: House) -> None:
    house.set_up(profile("tinsel"), profile("wicker"))
    before = house.state(), house.files(), house.requests(writes=True)
    again = house.ensure()
    assert (again["changed"], again["pending"], again["diff"]) == (False, False, [])
    assert (house.state(), house.files(), house.requests(writes=True)) == before


def test_two_vendors_in_one_run_have_a_ticket_and_a_hand_over_each(house: House) -> None:
    done = house.set_up(profile("tinsel"), profile("wicker"))
    assert entries(done) == {"tinsel": "done", "wicker": "done"}
    assert [len(house.tickets(name)) for name in ("tinsel", "wicker")] == [1, 1]
    assert "Wicker" not in str(house.steps("tinsel")) and "Tinsel" not in str(house.steps("wicker"))
    keys = [handed["fields"]["Key"] for name in ("tinsel", "wicker") if (handed := house.kept(name, "handover"))]
    assert len(set(keys)) == 2


def test_check_mode_writes_nothing_and_shows_what_the_run_then_asks_for(house: House) -> None:
    before = house.state(), house.files()
    predicted = house.ensure(profile("tinsel"), profile("wicker"), check=True)
    assert (predicted["changed"], predicted["pending"], set(entries(predicted).values())) == (True, True, {"planned"})
    assert (house.state(), house.files(), house.requests(writes=True).total()) == (*before, 0)
    house.ensure()
    for name in ("tinsel", "wicker"):
        assert plan_of(entry_of(predicted, name)) == [text for text, _done in house.steps(name)]
    assert len(predicted["diff"]) == 4  # a level and a user each


def test_check_mode_shows_that_what_was_worked_off_would_be_attested(house: House) -> None:
    house.ensure(profile("tinsel"))
    house.work()
    before = house.state(), house.files(), house.requests(writes=True)
    predicted = house.ensure(check=True)
    assert (predicted["changed"], predicted["pending"]) == (True, False)
    assert entry_of(predicted, "tinsel")["handover"] == {"path": str(house.path("tinsel", "handover")), "changed": True}
    assert (house.state(), house.files(), house.requests(writes=True)) == before
    assert (house.ensure()["changed"], house.ensure(check=True)["changed"]) == (True, False)


def test_a_run_before_anybody_has_worked_waits_with_the_steps_that_are_left(house: House) -> None:
    house.ensure(profile("tinsel"))
    before = house.state(), house.requests(writes=True)
    waiting = house.ensure()
    assert (waiting["changed"], waiting["pending"]) == (False, True) and (house.state(), house.requests(writes=True)) == before
    house.employee.tick("tinsel", 1, 2)
    assert plan_of(entry_of(house.ensure(), "tinsel")) == [text for text, _done in house.steps("tinsel")][2:]


def test_it_can_wait_until_people_have_worked_it_off(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: house.work())
    done = house.ensure(profile("tinsel"), wait_minutes=1, wait_interval=0.01)
    assert (entries(done), done["changed"], done["pending"]) == ({"tinsel": "done"}, True, False)
    assert house.kept("tinsel", "handover")
    assert any("0 of" in line for line in house.said)


def test_steps_that_were_ticked_without_doing_anything_are_opened_again(house: House) -> None:
    house.ensure(profile("tinsel"))
    house.employee.tick("tinsel")
    again = house.ensure()
    assert (again["changed"], again["pending"]) == (True, True)
    assert [known["contradictions"] != [] for known in entry_of(again, "tinsel")["objects"]] == [True, True]
    assert not any(done for _text, done in house.steps("tinsel")) and len(house.tickets("tinsel")) == 1


def test_what_drifted_is_asked_for_in_a_new_change(house: House) -> None:
    house.set_up(profile("tinsel"))
    user = next(user for user in house.store.api_users(house.employee.tenant.id) if user.name == "Tinsel API")
    house.store.update_api_user(house.employee.tenant.id, user.id, email="somebody@example.com")
    drifted = house.ensure()
    assert entries(drifted) == {"tinsel": "pending"} and len(house.tickets("tinsel")) == 2
    assert any('set Email Address to "integrations@example.com"' in text for text in plan_of(entry_of(drifted, "tinsel")))
    house.work()
    assert entries(house.ensure()) == {"tinsel": "done"}, house.employee.stuck


def test_a_wrong_key_keeps_nobody_else_from_being_set_up(house: House) -> None:
    house.set_up(profile("tinsel"))
    access = house.tenant.access
    own = {name: access[name] for name in ("user_name", "secret", "integration_code")}
    house.keep("tinsel", own)
    result = house.ensure(profile("tinsel"), profile("wicker"))
    assert entries(result) == {"tinsel": "failed", "wicker": "pending"}
    assert result["failed"] and result["changed"] and result["code"] == "other_users_key"
    assert result["msg"].startswith("tinsel: ") and '"Provisioner API"' in result["msg"] and access["secret"] not in str(result)
    house.work("wicker")
    assert entries(house.ensure()) == {"tinsel": "failed", "wicker": "done"} and house.kept("wicker", "handover")
    assert house.kept("tinsel") == own


def test_a_prerequisite_that_is_not_met_keeps_nobody_else_from_being_set_up(house: House) -> None:
    company = house.store.query(house.employee.tenant.id, "Companies", id=0)[0]
    house.store.update(house.employee.tenant.id, "Companies", 0, {"countryID": None})
    needy = profile("tinsel", prerequisites=[{"text": "The own company has a country.", "check": "own_country"}])
    result = house.ensure(needy, profile("wicker"))
    assert entries(result) == {"tinsel": "failed", "wicker": "pending"} and result["code"] == "prerequisite"
    assert "has no country" in result["msg"] and house.tickets("tinsel") == [] and len(house.tickets("wicker")) == 1
    house.store.update(house.employee.tenant.id, "Companies", 0, {"countryID": company["countryID"]})
    assert entries(house.ensure()) == {"tinsel": "pending", "wicker": "pending"}


def test_two_that_fail_for_different_reasons_are_both_told(house: House) -> None:
    house.set_up(profile("tinsel"))
    house.keep("tinsel", {"user_name": house.tenant.access["user_name"], "secret": "x", "integration_code": "y"})
    house.store.update(house.employee.tenant.id, "Companies", 0, {"countryID": None})
    needy = profile("wicker", prerequisites=[{"text": "The own company has a country.", "check": "own_country"}])
    result = house.ensure(profile("tinsel"), needy)
    assert set(entries(result).values()) == {"failed"} and result["code"] == "several"
    assert "tinsel: " in result["msg"] and "wicker: " in result["msg"]


@pytest.mark.parametrize(
    ("second", "code"),
    [
        ({"profile": "beecastel"}, "unknown_vendor"),
        ({"profile": profile("wicker", level={"settings": {"Service Desk": {"Tikets": {"View": "All"}}}})}, "unknown_setting"),
        ({"profile": profile("wicker"), "included": ["nothing"]}, "unknown_part"),
        ({"profile": profile("wicker"), "email": "nobody"}, "email"),
        ({"profile": profile("tinsel")}, "named_twice"),
        ({"state": "absent"}, "profile_missing"),
    ],
    ids=["a vendor", "a setting", "an optional part", "an address", "the same one", "nothing at all"],
)
def test_bad_input_in_the_second_of_two_writes_nothing_and_asks_nothing(second: dict[str, Any], code: str, house: House) -> None:
    before = house.state(), house.files()
    result = house.ensure({"profile": profile("tinsel")}, second)
    assert (result["failed"], result["changed"], result["code"]) == (True, False, code), result
    assert (house.state(), house.files(), house.requests().total()) == (*before, 0)


def test_an_option_that_there_is_not_is_refused_before_anything_else(house: House) -> None:
    with pytest.raises(Wrong, match="untlisted"):
        house.ensure(profile("tinsel"), untlisted="report")
    assert house.requests().total() == 0


def test_what_is_set_up_and_listed_no_more_is_told_with_the_way_to_retire_it(house: House) -> None:
    house.set_up(profile("tinsel"), profile("wicker"))
    assert house.ensure(unlisted="report")["unlisted"] == []
    before = house.state(), house.files(), house.requests(writes=True)
    said = len(house.said)
    [told] = house.ensure(profile("wicker"), unlisted="report")["unlisted"]
    assert told["integration"] == "tinsel"
    assert told["command"].startswith("ansible-playbook msp.autotask.retire -l birch -e autotask_integration=tinsel")
    assert 'API user "Tinsel API": inactivate it over REST.' in told["means"]
    assert any('"Tinsel API"' in text and "Level" in text for text in told["means"]) and "Wicker" not in str(told)
    shown = "\n".join(house.said[said:])
    assert told["command"] in shown and "Nothing was changed" in shown and "Wicker" not in shown
    assert (house.state(), house.files(), house.requests(writes=True)) == before
    assert house.ensure()["unlisted"] == []


def test_an_empty_list_says_so_and_changes_nothing(house: House) -> None:
    house.set_up(profile("tinsel"))
    before = house.state()
    house.integrations = []
    result = house.ensure()
    assert (result["changed"], result["integrations"], house.state()) == (False, [], before)
    assert any("Nothing is to be set up on birch" in line for line in house.said)


def test_a_secret_that_is_refused_is_tried_once_a_run_and_the_neighbour_goes_on(house: House) -> None:
    house.set_up(profile("tinsel"))
    house.keep("tinsel", {**(house.kept("tinsel") or {}), "secret": "no-longer-right"})
    result = house.ensure(profile("tinsel"), profile("wicker"))
    assert entries(result) == {"tinsel": "failed", "wicker": "pending"} and result["code"] == "unauthorized"
    assert house.refusals() == 1 and "no-longer-right" not in str(result)


def test_an_access_that_is_not_as_expected_is_a_failure_unless_that_is_allowed(house: House) -> None:
    greedy = profile("tinsel", user={"expect": {"granted": ["Tickets:query", "Tickets:delete"]}})
    house.ensure(greedy, profile("wicker"))
    house.work()
    result = house.ensure()
    assert entries(result) == {"tinsel": "failed", "wicker": "done"} and result["code"] == "access"
    assert "Tickets:delete should be granted, and is None" in result["msg"] and house.kept("tinsel", "handover") is None
    allowed = house.ensure(access_must_match=False)
    assert entries(allowed)["tinsel"] == "done" and house.kept("tinsel", "handover")
    assert entry_of(allowed, "tinsel")["access"]["as_expected"] is False


def test_a_vendor_with_two_users_is_handed_over_once_both_are_recorded(house: House) -> None:
    both = profile("tinsel")
    both["api_users"].append({**both["api_users"][0], "key": "second", "first_name": "Second"})
    both["handover"]["fields"].append({"name": "Second Key", "value": "user_name", "user": "second"})
    done = house.set_up(both)
    first, second = house.kept("tinsel"), house.kept("tinsel-second")
    assert first and second and first["user_name"] != second["user_name"]
    handed = house.kept("tinsel", "handover")
    assert handed and (handed["fields"]["Key"], handed["fields"]["Second Key"]) == (first["user_name"], second["user_name"])
    assert len(entry_of(done, "tinsel")["objects"]) == 3
    house.path("tinsel-second").unlink()
    waiting = house.ensure()
    assert entries(waiting) == {"tinsel": "credentials"} and waiting["changed"] is False


ADDRESSES = {"Endpoint": "zone_web_url", "Host": "zone_host", "Address": "zone_url"}


@pytest.mark.parametrize("way", ["pinned", "without credentials"])
def test_addresses_are_handed_over_also_where_the_run_has_not_looked_them_up(way: str, house: House) -> None:
    wanted = profile("tinsel")
    wanted["handover"]["fields"] += [{"name": name, "value": value} for name, value in ADDRESSES.items()]
    house.set_up(wanted)
    handed = house.kept("tinsel", "handover")
    assert handed and all(handed["fields"][name] for name in ADDRESSES)
    house.path("tinsel", "handover").unlink()
    if way == "pinned":
        house.options["zone_url"] = house.tenant.access["rest_url"]
        assert entries(house.ensure()) == {"tinsel": "done"}
    else:
        house.options |= {**dict.fromkeys(("user_name", "secret", "integration_code"), ""), "apply_via": "runsheet"}
        house.finish()
    again = house.kept("tinsel", "handover")
    assert again and all(again["fields"][name].rstrip("/").casefold() == handed["fields"][name].casefold() for name in ADDRESSES)


def test_what_is_missing_stops_the_hand_over_and_is_handed_over_once_it_is_there(house: House) -> None:
    house.set_up(profile("tinsel"))
    recorded = house.kept("tinsel")
    assert recorded
    house.path("tinsel", "handover").unlink()
    house.keep("tinsel", {name: value for name, value in recorded.items() if name != "integration_code"})
    for check in (True, False):
        result = house.ensure(check=check)
        assert result["failed"] and result["code"] == "handover" and house.kept("tinsel", "handover") is None
        assert '"Code" needs the tracking identifier of its API user' in result["msg"] and "record_credentials" in result["msg"]
    assert house.record("tinsel", {name: recorded[name] for name in ("user_name", "secret", "integration_code")})["evidence"] == "effect"
    assert entries(house.ensure()) == {"tinsel": "done"} and house.kept("tinsel", "handover")


def test_a_level_that_somebody_deletes_is_made_again(house: House) -> None:
    house.set_up(profile("tinsel"))
    number = house.employee.tenant.id
    user = next(user for user in house.store.api_users(number) if user.name == "Tinsel API")
    system, level = house.level("API User (system)"), house.level("Tinsel API")
    assert system and level
    house.store.update_api_user(number, user.id, level_id=system.id)
    house.store.delete_level(level.id)
    assert entries(house.ensure()) == {"tinsel": "pending"}
    house.work()
    assert entries(house.ensure()) == {"tinsel": "done"} and house.level("Tinsel API")


def test_where_the_tickets_are_gone_only_what_nobody_can_read_is_asked_for_again(house: House) -> None:
    house.set_up(profile("tinsel"))
    for ticket in house.tickets("tinsel"):
        house.tenant.control("DELETE", f"tickets/{ticket['id']}")
    again = house.ensure()
    assert plan_of(entry_of(again, "tinsel"))[1:] == [
        'Level "Tinsel API": set everything but the group "Webhooks" as in the level "API User (system)". Do not save yet.',
        'Level "Tinsel API", "Service Desk" > "Object Permissions": set "Tickets" to Delete "None".',
        'Level "Tinsel API": press Save & Close.',
    ]
    house.work()
    assert entries(house.ensure()) == {"tinsel": "done"}


def test_of_a_profile_that_asks_for_more_only_that_is_asked_for(house: House) -> None:
    house.set_up(profile("tinsel"))
    more = profile("tinsel", level={"settings": {"Service Desk": {"Tickets": {"Delete": "None", "Edit": "No"}}}})
    asked = house.ensure(more)
    assert plan_of(entry_of(asked, "tinsel"))[1:] == [
        'Level "Tinsel API", "Service Desk" > "Object Permissions": set "Tickets" to Edit "No".',
        'Level "Tinsel API": press Save & Close.',
    ]
    assert len(house.tickets("tinsel")) == 2
    house.work()
    assert entries(house.ensure()) == {"tinsel": "done"}


NEVER_EXPIRES = "Other|Miscellaneous|Not required to change password (password does not expire)|"
PART = {
    "key": "password_does_not_expire",
    "security_level": "main",
    "settings": {"Other": {"Not required to change password (password does not expire)": True}},
}


@pytest.mark.parametrize("expire", [True, False])
def test_whether_passwords_expire_is_asked_once_for_all_integrations_of_a_tenant(expire: bool, house: House) -> None:
    wicker = profile("wicker", optional=[PART])
    entries_of_all = [
        {"profile": profile("tinsel", optional=[PART])},
        {"profile": wicker, "excluded": ["password_does_not_expire"]},
        {"profile": profile("bramble", optional=[PART]), "included": ["password_does_not_expire"]},
        {"profile": profile("thistle")},
    ]
    house.options["passwords_expire"] = expire
    house.set_up(*entries_of_all)
    found = {level.name for level in house.levels() if level.name.endswith(" API") and level.cells.get(NEVER_EXPIRES)}
    assert found == ({"Tinsel API", "Bramble API"} if expire else {"Bramble API"})


GUIDE = {"title": "How to connect", "url": "https://tinsel.example.com/help?a=1&b=2", "revised": "2026-05-04"}


def test_a_ticket_names_the_vendor_and_links_its_guide(house: House) -> None:
    house.ensure(profile("tinsel", vendor="Tinsel & Sons", guides=[GUIDE]), profile("wicker"))
    [ticket] = house.tickets("tinsel")
    assert ticket["title"] == "birch: set up Tinsel & Sons (change 1)"
    assert 'Tinsel & Sons, integration "tinsel", tenant "birch"' in ticket["description"]
    assert f"The guide that it follows: How to connect, revised 2026-05-04, {GUIDE['url']}\n" in ticket["description"]
    [other] = house.tickets("wicker")
    assert other["title"] == "birch: set up Wicker (change 1)" and "guide" not in other["description"]


def test_a_vendor_of_a_long_name_gets_its_ticket(house: House) -> None:
    house.ensure(profile("tinsel", vendor="Tinsel " * 60, source={"title": "x" * 9000}))
    [ticket] = house.tickets("tinsel")
    assert len(ticket["title"]) == 255 and len(ticket["description"]) == 8000


@pytest.mark.parametrize("check", [True, False], ids=["check mode", "real run"])
def test_all_that_is_wrong_with_all_integrations_is_told_before_anything_is_written(house: House, check: bool) -> None:
    before = house.state()
    typo = profile("tinsel", level={"settings": {"Service Desk": {"Tickts": {"Add": "Yes"}}}})
    expects = profile("lantern", user={"expect": {"granted": ["Ticket:query"], "denied": []}})
    failed = house.ensure(profile("candle"), typo, expects, check=check)
    assert failed["failed"] and [error["code"] for error in failed["errors"]] == ["unknown_setting", "expectation"]
    assert failed["msg"].splitlines() == [error["msg"] for error in failed["errors"]]
    assert house.state() == before


@pytest.mark.parametrize("check", [True, False], ids=["check mode", "real run"])
def test_a_level_to_copy_that_the_tenant_does_not_have_is_told_before_anything_is_asked_for(house: House, check: bool) -> None:
    before = house.state()
    made = profile("tinsel", level={"copy_of": "API Usr"})
    user = {**made["api_users"][0], "key": "more", "first_name": "More", "security_level": "more"}
    made["security_levels"].append({"key": "more", "name": "More API", "copy_of": "Api Usr of the garden"})
    person = profile("lantern", level={"copy_of": "Of the garden"})
    failed = house.ensure(profile("candle"), {**made, "api_users": [*made["api_users"], user]}, person, check=check)
    assert failed["code"] == "unknown_source" and "integrations" not in failed
    assert [error["msg"].partition(":")[0] for error in failed["errors"]] == [
        "integrations > tinsel > copy_of",
        "integrations > tinsel > copy_of",
        "integrations > lantern > copy_of",
    ]
    assert 'Nearest: "API User (system)"' in failed["msg"]
    assert house.state() == before


@pytest.mark.parametrize(
    "option", [{"timeout": 0.0}, {"timeout": float("inf")}, {"retries": -1}, {"retries": 10**6}, {"task_timeout": float("nan")}]
)
def test_times_that_nobody_can_mean_are_refused(house: House, option: dict[str, Any]) -> None:
    result = house.ensure(profile("tinsel"), check=True, **option)
    assert (result["code"], house.requests().total()) == ("bounds", 0)


def test_what_cannot_be_read_of_one_profile_hides_nothing_of_another(house: House) -> None:
    typo = profile("tinsel", level={"settings": {"Service Desk": {"Tickts": {"Add": "Yes"}}}})
    open_one = profile("lantern", incomplete=["What a picture shows."])
    same = profile("wicker", level={"name": "Candle API"})
    wrong = house.ensure({"profile": "beecastel"}, {"profile": "nowhere.yml"}, typo, open_one, profile("candle"), same)
    assert [error["code"] for error in wrong["errors"]] == [
        "unknown_vendor",
        "profile_missing",
        "unknown_setting",
        "incomplete",
        "claimed_twice",
    ]
