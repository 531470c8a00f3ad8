# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What somebody notes is proven before it is stored, under a name that something asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from .running import House, entry_of, profile

Noted = dict[str, str]


@dataclass
class Person:
    """Somebody who keeps what was noted instead of recording it."""

    house: House
    noted: Noted = field(default_factory=dict)

    def note(self, _tenant: str, _name: str, noted: Noted) -> None:
        """Keep it."""
        self.noted = dict(
            zip(("user_name", "secret", "integration_code"), [noted[label] for label in LABELS if label in noted], strict=False)
        )


LABELS = ("Username (Key)", "Password (Secret)", "Tracking Identifier")


@pytest.fixture
def tinsel(house: House) -> Person:
    """A tenant whose integration is made; nothing was recorded, somebody has it on a piece of paper."""
    person = Person(house)
    house.ensure(profile("tinsel"))
    record, house.employee.record = house.employee.record, person.note
    house.work()
    house.employee.record = record
    assert person.noted and house.kept("tinsel") is None
    return person


def test_what_signs_in_is_stored_and_the_run_goes_on(tinsel: Person) -> None:
    house = tinsel.house
    waiting = house.ensure()
    assert waiting["pending"] and [entry["state"] for entry in waiting["integrations"]] == ["credentials"]
    assert "record_credentials -l birch -e autotask_integration=tinsel" in " ".join(waiting["integrations"][0]["messages"])
    result = house.record("tinsel", tinsel.noted)
    assert (result["changed"], result["evidence"], result["key"]) == (True, "effect", tinsel.noted["user_name"])
    where = {"tenant": "birch", "zone": "http://127.0.0.1:9/ATServicesRest/v1.0/", "database": "900002"}
    assert house.kept("tinsel") == {**tinsel.noted, **where, "version": 2}
    assert house.record("tinsel", tinsel.noted)["changed"] is False
    assert house.ensure()["pending"] is False


def test_recording_tells_whether_they_are_proven_where_they_are_and_what_is_next(tinsel: Person, listing: House) -> None:
    house = tinsel.house
    house.record("tinsel", tinsel.noted, check=True)
    assert '"tinsel" are proven' in house.said[-1] and "In check mode nothing is stored" in house.said[-1]
    house.record("tinsel", tinsel.noted)
    assert '"tinsel" are proven' in house.said[-1] and str(house.path("tinsel")) in house.said[-1]
    assert "msp.autotask.provision -l birch" in house.said[-1]
    listing.set_up("beecastle")
    kept = listing.kept("beecastle") or {}
    listing.record("beecastle", {name: str(kept[name]) for name in ("user_name", "secret")})
    assert '"beecastle" are not proven' in listing.said[-1] and "The vendor has to test" in listing.said[-1]
    assert tinsel.noted["secret"] not in str(house.said) and kept["secret"] not in str(listing.said)


def test_check_mode_proves_and_stores_nothing(tinsel: Person) -> None:
    result = tinsel.house.record("tinsel", tinsel.noted, check=True)
    assert (result["changed"], result["evidence"], tinsel.house.kept("tinsel")) == (True, "effect", None)


@pytest.mark.parametrize("name", ["tinsle", "wicker", "guardz"])
def test_a_name_that_nothing_asked_for_is_refused(name: str, tinsel: Person) -> None:
    result = tinsel.house.record(name, tinsel.noted)
    assert result["failed"] and result["code"] == "unknown_name" and '"provisioner" and "tinsel"' in result["msg"]
    assert tinsel.house.files() == {} and tinsel.noted["secret"] not in str(result)


def test_the_key_of_another_integration_is_refused(tinsel: Person) -> None:
    house = tinsel.house
    house.set_up(profile("wicker"))
    before = house.files()
    house.want(profile("tinsel"), profile("wicker"))
    result = house.record("wicker", tinsel.noted)
    assert result["failed"] and result["code"] == "other_users_key"
    assert '"Tinsel API", not of "Wicker API"' in result["msg"] and house.files() == before


def test_the_key_of_another_tenant_is_refused_though_it_signs_in(tinsel: Person, listing: House) -> None:
    others = {name: str(listing.tenant.access[name]) for name in ("user_name", "secret", "integration_code")}
    assert listing.signs_in(others)
    result = tinsel.house.record("tinsel", others)
    assert result["failed"] and result["code"] == "other_users_key" and "no API user of birch" in result["msg"]
    assert (tinsel.house.files(), tinsel.house.refusals(), listing.refusals()) == ({}, 0, 0)


@pytest.mark.parametrize("code", ["", "its own"])
def test_the_key_of_the_run_itself_is_refused_for_a_user_that_nobody_can_sign_in_as(code: str, listing: House) -> None:
    """It was stored as attested, in the place of the right one, and failed every later run."""
    listing.set_up("beecastle")
    before = listing.files()
    own = {"user_name": str(listing.tenant.access["user_name"]), "secret": "copied-wrongly", "integration_code": code and "CODE"}
    result = listing.record("beecastle", own)
    assert result["failed"] and result["code"] == "other_users_key" and 'not of "BeeCastle API"' in result["msg"]
    assert listing.files() == before and not listing.refusals()


def test_a_key_that_autotask_does_not_know_is_not_known_because_a_zone_is_pinned(listing: House) -> None:
    """Nobody can sign in without the vendor's identifier, and a pinned zone is asked of nobody."""
    listing.set_up("beecastle")
    recorded = listing.kept("beecastle")
    assert recorded
    before = listing.files()
    own = dict.fromkeys(("user_name", "secret", "integration_code"), "")
    listing.options = {**own, "apply_via": "runsheet", "zone_url": listing.tenant.access["rest_url"]}
    typed = {name: recorded[name] for name in ("user_name", "secret")}
    assert listing.record("beecastle", typed)["evidence"] == "attested"
    result = listing.record("beecastle", {**typed, "user_name": "nobody@example.com"})
    assert result["failed"] and result["code"] == "unknown_user" and listing.files() == before


def test_a_wrong_secret_is_tried_twice_where_it_is_new_and_not_stored(tinsel: Person) -> None:
    house = tinsel.house
    result = house.record("tinsel", {**tinsel.noted, "secret": "copied-wrongly"})
    assert result["failed"] and "Nothing was stored" in result["msg"] and "copied-wrongly" not in str(result)
    assert (house.refusals(), house.files()) == (2, {})


def test_a_wrong_secret_of_a_known_key_is_tried_once_and_what_was_stored_stays(tinsel: Person) -> None:
    house = tinsel.house
    house.record("tinsel", tinsel.noted)
    before = house.files()
    result = house.record("tinsel", {**tinsel.noted, "secret": "copied-wrongly"})
    assert result["failed"] and "what was stored before is untouched" in result["msg"]
    assert (house.refusals(), house.files()) == (1, before)


def test_what_is_known_of_a_key_is_kept_when_only_its_secret_is_given(tinsel: Person) -> None:
    house = tinsel.house
    house.record("tinsel", tinsel.noted)
    house.rotate()
    record, house.employee.record = house.employee.record, tinsel.note
    house.work()
    house.employee.record = record
    old, new = house.kept("tinsel"), {name: tinsel.noted[name] for name in ("user_name", "secret")}
    assert old and house.record("tinsel", new)["evidence"] == "effect"
    assert house.kept("tinsel") == {**old, "secret": new["secret"]} and house.kept("tinsel.previous") == old


@pytest.mark.parametrize("missing", ["user_name", "secret"])
def test_a_value_that_is_missing_is_named(missing: str, tinsel: Person) -> None:
    result = tinsel.house.record("tinsel", {**tinsel.noted, missing: "  "})
    assert result["failed"] and result["code"] == "missing" and result["msg"].startswith(f"{missing}:")
    assert tinsel.house.refusals() == 0


def test_the_provisioner_that_was_recorded_is_the_one_that_runs_work_as(house: House) -> None:
    own = {name: str(house.tenant.access[name]) for name in ("user_name", "secret", "integration_code")}
    house.options = dict.fromkeys(own, "")
    house.want(profile("tinsel"))
    assert house.ensure()["code"] == "connection_missing"
    assert house.record("provisioner", own)["evidence"] == "effect"
    assert [entry["state"] for entry in house.ensure()["integrations"]] == ["pending"]


def test_how_to_begin_on_a_tenant_is_told_and_what_is_set_and_empty(house: House) -> None:
    house.want(profile("tinsel"))
    for given, empty in (
        (dict.fromkeys(("user_name", "secret", "integration_code")), ""),
        ({"user_name": "", "secret": None, "integration_code": None}, '"autotask_user_name"'),
        ({"user_name": "x@example.com", "secret": "", "integration_code": ""}, '"autotask_secret" and "autotask_integration_code"'),
    ):
        house.options = given
        result = house.ensure()
        assert result["code"] == "connection_missing"
        for words in (
            "-e autotask_vendor=provisioner",
            "-e autotask_integration=provisioner",
            '"autotask_secret"',
            "AUTOTASK_INTEGRATION_CODE",
        ):
            assert words in result["msg"]
        assert ("Set, and empty" in result["msg"]) == bool(empty) and (not empty or f"Set, and empty: {empty};" in result["msg"])
        assert ('"autotask_user_name"' in result["msg"]) == (given["user_name"] != "x@example.com")


def test_without_the_vendors_identifier_the_key_alone_is_known(listing: House) -> None:
    listing.ensure("beecastle")
    listing.work()
    recorded = listing.kept("beecastle")
    assert recorded and "integration_code" not in recorded
    again = listing.record("beecastle", {"user_name": recorded["user_name"], "secret": recorded["secret"]})
    assert (again["evidence"], again["changed"], listing.refusals()) == ("attested", False, 0)


def test_the_name_may_be_one_that_a_run_sheet_asked_for(house: House) -> None:
    own = {name: str(house.tenant.access[name]) for name in ("user_name", "secret", "integration_code")}
    house.options = {**dict.fromkeys(own, ""), "apply_via": "runsheet"}
    house.ensure(profile("tinsel", user={"first_name": "Provisioner"}))
    assert (house.folder / "runsheets" / "birch.tinsel.1.md").exists()
    house.integrations = []
    assert house.record("tinsel", own)["evidence"] == "effect" and house.record("tinsle", own)["code"] == "unknown_name"


def test_a_run_that_is_killed_between_two_files_loses_neither_secret(tinsel: Person) -> None:
    house = tinsel.house
    house.record("tinsel", tinsel.noted)
    house.rotate()
    record, house.employee.record = house.employee.record, tinsel.note
    house.work()
    house.employee.record = record
    old = house.kept("tinsel")
    house.path("tinsel.previous").unlink()
    new = {name: tinsel.noted[name] for name in ("user_name", "secret")}
    for at, before in ((1, True), (1, False), (2, True)):
        with house.killed_at_file(at, before):
            house.record("tinsel", new)
        assert house.kept("tinsel") == old
        house.path("tinsel.previous").unlink(missing_ok=True)
    with house.killed_at_file(2, False):
        house.record("tinsel", new)
    assert (house.kept("tinsel") or {})["secret"] == new["secret"] and house.kept("tinsel.previous") == old


def test_the_key_of_another_integration_is_refused_where_only_a_change_tells_whose_name_it_is(tinsel: Person) -> None:
    house = tinsel.house
    house.set_up(profile("wicker"))
    before = house.files()
    result = house.record("wicker", tinsel.noted, integrations=[])
    assert result["failed"] and result["code"] == "other_users_key" and house.files() == before


def test_the_key_that_the_run_works_with_is_refused_for_another_user(house: House) -> None:
    house.ensure(profile("tinsel"))
    house.work()
    own = {name: house.tenant.access[name] for name in ("user_name", "secret", "integration_code")}
    house.path("tinsel").unlink(missing_ok=True)
    result = house.record("tinsel", own)
    assert result["failed"] and result["code"] == "other_users_key" and not house.path("tinsel").exists()


@pytest.mark.parametrize("added", [" ", "\n", "\u200b"])
@pytest.mark.parametrize("option", ["user_name", "secret", "integration_code"])
def test_what_copying_has_added_is_told_before_anything_is_sent(option: str, added: str, house: House) -> None:
    house.ensure(profile("tinsel"))
    given = {"user_name": "key@example.com", "secret": "%ecret", "integration_code": "CODE"}
    before = house.requests()
    result = house.record("tinsel", {**given, option: f"{given[option]}{added}"})
    assert result["failed"] and result["code"] == "credentials_form" and result["msg"].startswith(f"{option}: it has "), result["msg"]
    assert "%ec" not in result["msg"] and house.requests() == before and house.kept("tinsel") is None


def test_whose_access_nobody_could_look_at_is_told_with_the_reason(listing: House) -> None:
    """An integration vendor's identifier is the vendor's, so that nobody else signs in as its user."""
    listing.ensure("beecastle")
    [one] = entry_of(listing.ensure(), "beecastle")["unproven"]
    assert (
        one["api_user"] == "BeeCastle API"
        and one["why"] == "Its credentials are not recorded yet."
        and "Companies:query granted" in one["expected"]
    )
    done = listing.set_up("beecastle")
    entry = entry_of(done, "beecastle")
    [one] = entry["unproven"]
    assert entry["state"] == "done" and entry["access"] == {} and "autotask_integration_codes" in one["why"]
    assert done["warnings"] and all(warning.startswith(f"{listing.tenant.slug}: ") for warning in done["warnings"])


def test_what_was_looked_at_is_not_unproven(house: House) -> None:
    done = house.set_up(profile("tinsel"))
    assert entry_of(done, "tinsel")["unproven"] == [] and entry_of(done, "tinsel")["access"]["as_expected"]


def test_a_template_is_told_as_one_and_is_not_sent(tinsel: Person) -> None:
    """Where the values are given in a file, nobody evaluates what it holds. A secret may look as if it were one."""
    result = tinsel.house.record("tinsel", {**tinsel.noted, "user_name": "{{ lookup('env', 'NK') }}"})
    assert result["code"] == "template" and "AUTOTASK_NOTED_KEY" in result["msg"] and tinsel.house.refusals() == 0
