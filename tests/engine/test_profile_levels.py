# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a profile says of its security levels, as it reaches the tenant."""

from __future__ import annotations

from typing import Any

import pytest

from .running import House, entries, entry_of, plan_of, profile

NUMBER = "Other|Webhooks|Maximum number of Webhooks"


def limited(**webhooks: Any) -> dict[str, Any]:
    """A profile with a webhook limit."""
    return profile("tinsel", level={"webhooks": webhooks})


def number_of(house: House) -> Any:
    """How many webhooks the level allows."""
    level = house.level("Tinsel API")
    assert level
    return next(value for cell, value in level.cells.items() if cell.endswith("|Maximum number of Webhooks|") or cell == NUMBER)


@pytest.mark.parametrize(("webhooks", "given"), [({"minimum": 1, "advised": 10}, 10), ({"minimum": 3}, 3)])
def test_a_new_level_gets_what_is_advised(house: House, webhooks: dict[str, int], given: int) -> None:
    house.set_up(limited(**webhooks))
    assert number_of(house) == given
    again = house.ensure()
    assert (again["changed"], again["pending"]) == (False, False)


@pytest.mark.parametrize("before", [1, 7, 50])
def test_a_number_that_will_do_stays(house: House, before: int) -> None:
    house.set_up(limited(maximum=before))
    result = house.ensure(limited(minimum=1, advised=10))
    assert result["pending"] is False and plan_of(entry_of(result, "tinsel")) == []
    assert number_of(house) == before


def test_a_number_that_is_too_small_becomes_what_is_advised(house: House) -> None:
    house.set_up(limited(maximum=2))
    assert entries(house.ensure(limited(minimum=3, advised=10))) == {"tinsel": "pending"}
    house.work()
    assert entries(house.ensure()) == {"tinsel": "done"} and number_of(house) == 10


def test_an_incomplete_profile_is_rolled_out_only_where_that_is_allowed(house: House) -> None:
    given = profile("tinsel", incomplete=["The section CRM stands in a picture."])
    planned = house.ensure(given, profile("wicker"), check=True)
    assert entries(planned) == {"tinsel": "planned", "wicker": "planned"} and plan_of(entry_of(planned, "tinsel"))
    refusal = entry_of(planned, "tinsel")["refused"]
    assert refusal.startswith("A real run would be refused") and "The section CRM stands in a picture." in refusal
    assert refusal in entry_of(planned, "tinsel")["remarks"] and planned["warnings"] == [f"{house.tenant.slug}: tinsel: {refusal}"]
    assert entry_of(planned, "wicker")["refused"] == ""
    refused = house.ensure()
    assert refused["failed"] and refused["code"] == "incomplete" and "stands in a picture" in refused["msg"]
    assert house.requests(writes=True).total() == 0
    planned = house.ensure({"profile": given, "allow_incomplete": True}, check=True)
    assert entries(planned) == {"tinsel": "planned"} and entry_of(planned, "tinsel")["refused"] == "" and planned["warnings"] == []
    assert any("The section CRM stands in a picture." in text for text in entry_of(planned, "tinsel")["messages"])
    assert entries(house.set_up({"profile": given, "allow_incomplete": True})) == {"tinsel": "done"}
    # To take it off again needs no permission.
    assert entries(house.ensure({"profile": given, "state": "absent"}, check=True)) == {"tinsel": "planned"}


@pytest.mark.parametrize("apply_via", ["ticket", "runsheet"])
def test_whoever_works_an_incomplete_profile_off_is_told_what_it_lacks(house: House, apply_via: str) -> None:
    house.options["apply_via"] = apply_via
    given = profile("tinsel", incomplete=["The section CRM stands in a picture.", "So does Reports"])
    house.ensure({"profile": given, "allow_incomplete": True})
    [ticket] = house.tickets("tinsel") or [{}]
    sheets = [path.read_text() for path in (house.folder / "runsheets").glob("*.md")]
    line = "The profile is incomplete: The section CRM stands in a picture; So does Reports."
    assert line in ticket.get("description", "") + "".join(sheets)


def test_a_value_whose_source_is_unknown_is_told(house: House) -> None:
    at = "security_levels > main > settings > Service Desk > Tickets"
    settings = {"settings": {"Service Desk": {"Tickets": {"Add": True}}}}
    result = house.ensure(profile("tinsel", level=settings, sources=[{"at": at, "source": "unknown", "why": "a picture"}]), check=True)
    [entry] = result["integrations"]
    assert entry["sources"] == [{"at": at, "source": "unknown", "why": "a picture"}]
    assert any("1 of 1 granted settings is unknown" in text for text in entry["messages"])


CANT_READ_COSTS = "API User (system) Can't Read Costs"


@pytest.mark.parametrize(
    ("sources", "copied"),
    [
        (["Of the house", CANT_READ_COSTS], CANT_READ_COSTS),
        ([CANT_READ_COSTS, "API User (system)"], CANT_READ_COSTS),
        (["Wicker API", CANT_READ_COSTS], "Wicker API"),
    ],
)
def test_the_first_level_that_is_there_is_copied(house: House, sources: list[str], copied: str) -> None:
    house.set_up(profile("wicker"))
    asked = house.ensure(profile("tinsel", level={"copy_of": sources}))
    assert f'In the menu of "{copied} (API-only)" choose Copy' in plan_of(entry_of(asked, "tinsel"))[0]
    house.work()
    done = house.ensure()
    assert entries(done) == {"tinsel": "done"} and (house.ensure()["changed"], house.ensure()["pending"]) == (False, False)


def test_without_any_level_to_copy_nothing_is_asked_for(house: House) -> None:
    failed = house.ensure(profile("tinsel", level={"copy_of": ["Of the house", "Of the garden"]}))
    assert failed["code"] == "unknown_source" and '"Of the garden"' in failed["msg"]
    assert house.requests(writes=True).total() == 0


EXTRA = {"section": "Other", "group": "Webhooks", "label": "Can replay Webhooks"}
REPLAYED = {"settings": {"Other": {"Can replay Webhooks": True}}}


def test_a_setting_that_only_the_guide_knows_is_asked_for(house: House) -> None:
    asked = house.ensure(
        profile("tinsel", extra_settings=[EXTRA], level=REPLAYED), profile("wicker", extra_settings=[EXTRA], level=REPLAYED)
    )
    assert set(entries(asked).values()) == {"pending"}
    for name in ("tinsel", "wicker"):
        assert any('"Other" > "Webhooks": tick "Can replay Webhooks"' in text for text, _done in house.steps(name))
        assert house.ensure()["changed"] is False


@pytest.mark.parametrize(
    ("extra", "code", "says"),
    [
        ([{"section": "Other", "label": "Can replay Webhooks", "kind": "number"}], "duplicate_setting", "described otherwise"),
        ([{"section": "Othr", "label": "Can replay Webhooks"}], "unknown_section", 'Nearest: "Other"'),
        ([{"section": "Admin", "label": "Tagging"}], "duplicate_setting", "already has a setting"),
        ([{"section": "Admin"}], "form", "extra_settings > 1 > label: this key is missing"),
        ("Can replay Webhooks", "form", "a list is needed here"),
    ],
)
def test_a_setting_of_a_profile_that_can_not_be_meant_stops_the_run(house: House, extra: Any, code: str, says: str) -> None:
    failed = house.ensure(profile("tinsel", extra_settings=[EXTRA], level=REPLAYED), profile("wicker", extra_settings=extra))
    assert failed["code"] == code and says in failed["msg"], failed
    assert house.requests(writes=True).total() == 0


def test_a_tenants_own_description_of_a_setting_counts(house: House) -> None:
    level = {"settings": {"Other": {"Can replay Webhooks": "Some"}}}
    own = {**EXTRA, "kind": "list", "values": ["All", "Some", "None"]}
    asked = house.ensure(profile("tinsel", extra_settings=[EXTRA], level=level), extra_settings=[own])
    assert any('set "Can replay Webhooks" to "Some"' in text for text in plan_of(entry_of(asked, "tinsel")))


def granted(house: House, section: str, word: str) -> dict[str, str]:
    """What a level that is cleared first grants for a guide's word, as the tenant has stored it."""
    level = {"baseline": "none", "modules": {section: word}, "settings": {}}
    house.set_up(profile("tinsel", level=level, user={"expect": {}}))
    stored = house.level("Tinsel API")
    assert stored
    found = {cell.split("|", 2)[2]: str(value) for cell, value in stored.cells.items() if cell.startswith(f"{section}|")}
    # A dashboard has no value that shows nothing.
    return {cell: value for cell, value in found.items() if value not in ("None", "No", "False", "", "Basic")}


def test_view_all_for_every_object_is_the_view_of_each(house: House) -> None:
    assert granted(house, "CRM", "View All for every object") == {
        "Customer & Cancelation|": "All",
        "Vendor & Partners|": "All",
        "Prospects, Leads, & Dead|": "All",
        "Opportunities & Quotes|View": "All",
        "Sales Orders|View": "All",
        "Configuration Items & Subscriptions|View": "All",
        "Attachments|View": "All",
    }


def test_create_edit_delete_is_of_the_objects_that_the_table_names(house: House) -> None:
    found = granted(house, "Service Desk", "Create, Edit, Delete")
    of_tickets = {cell: value for cell, value in found.items() if cell.startswith("Tickets|")}
    assert of_tickets == {"Tickets|View": "All", "Tickets|Add": "Yes", "Tickets|Edit": "Yes", "Tickets|Delete": "All"}
    assert not [cell for cell in found if cell.endswith("Delete") and cell not in of_tickets]


@pytest.mark.parametrize("baseline", ["none", "copy"])
@pytest.mark.parametrize("of_source", ["none", "copy"])
def test_a_level_can_be_copied_from_another_of_its_profile_whatever_it_begins_with(house: House, baseline: str, of_source: str) -> None:
    made = profile("tinsel", level={"baseline": of_source})
    user = {**made["api_users"][0], "key": "more", "last_name": "More", "security_level": "more", "expect": {}}
    made["security_levels"].append({"key": "more", "name": "Tinsel More", "copy_of_key": "main", "baseline": baseline})
    house.ensure({**made, "api_users": [{**made["api_users"][0], "expect": {}}, user]})
    assert entries(house.finish()) == {"tinsel": "done"}
    one, other = house.level("Tinsel API"), house.level("Tinsel More")
    assert one and other and (dict(one.cells) == dict(other.cells)) == (baseline == "copy" or of_source == "none")


@pytest.mark.parametrize(("before", "after"), [(13, 13), (12, 12), (50, 50), (3, 12)])
def test_a_number_that_nobody_has_seen_and_that_will_do_stays(house: House, before: int, after: int) -> None:
    place = "Other|Webhooks|"
    house.by_hand("Tinsel API", {f"{place}Can create Webhooks|": True, f"{place}Maximum number of Webhooks|": before})
    house.ensure(limited(minimum=12, advised=15))
    assert entries(house.finish()) == {"tinsel": "done"} and number_of(house) == after


@pytest.mark.parametrize("visibility", ["Full", "Limited"])
def test_contracts_that_limited_visibility_hides_are_no_drift(visibility: str, house: House) -> None:
    contracts = {"Contracts": {"Contracts": {"View": "All"}, "Contract Visibility": visibility}}
    done = house.set_up(profile("tinsel", level={"settings": contracts}))
    assert entries(done) == {"tinsel": "done"}
    assert not house.ensure()["changed"]
