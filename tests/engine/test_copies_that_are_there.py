# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A level that is there and should be a copy: what nobody named of it is as in its source once somebody has attested that, and unknown before."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._catalogue.model import standard
from ansible_collections.msp.autotask.plugins.module_utils._catalogue.terms import ORGANIZATION
from ansible_collections.msp.autotask.plugins.module_utils._documents.names import AS_COPIED
from ansible_collections.msp.autotask.plugins.module_utils._plan.level_steps import level_steps
from ansible_collections.msp.autotask.plugins.module_utils._plan.step import LONGEST_SENTENCE

from .running import House, Result, entries, entry_of, plan_of, profile

SYSTEM, OTHER = "API User (system)", "API User (system) Can't Read Costs"
DELETE, EDIT = "Service Desk|Object Permissions|Tickets|Delete", "Service Desk|Object Permissions|Tickets|Edit"
COSTS = "Other|Miscellaneous|Can view internal cost data (excludes New/Edit Resource page)|"
PLAIN = {"settings": {}}
EXPECT = {"expect": {}}


def vendor(**level: Any) -> dict[str, Any]:
    """A vendor's profile with such a level."""
    return profile("tinsel", level=level, user=EXPECT)


def everything(source: str) -> str:
    """The step that makes a level what a copy is."""
    return f'Level "Tinsel API": set everything but the group "Webhooks" as in the level "{source}". Do not save yet.'


def evidence(result: Result) -> str:
    """How it is known what nobody named."""
    [level] = [known for known in entry_of(result, "tinsel")["objects"] if known["kind"] == "level"]
    return str(level["evidence"]["Everything else"])


def asked(house: House, *profiles: Any) -> list[str]:
    """What is asked for between the step that opens the level and the one that saves it; nothing is known of it until then."""
    result = house.ensure(*profiles)
    assert entries(result) == {"tinsel": "pending"} and evidence(result) == "unknown"
    return list(plan_of(entry_of(result, "tinsel"))[1:-1])


def settled(house: House) -> dict[str, Any]:
    """The cells of the level once it is worked off, which every later run leaves as they are."""
    assert entries(house.finish()) == {"tinsel": "done"}, house.employee.stuck
    again = house.ensure()
    assert (again["changed"], again["pending"], evidence(again)) == (False, False, "attested")
    level = house.level("Tinsel API")
    assert level
    return dict(level.cells)


@pytest.mark.parametrize("apply_via", ["ticket", "runsheet"])
def test_another_source_is_asked_for(house: House, apply_via: str) -> None:
    house.options["apply_via"] = apply_via
    house.by_hand("Of the house", {EDIT: "No", DELETE: "Mine"})
    house.ensure(vendor())
    assert settled(house)[EDIT] == "Yes"
    of_house = vendor(copy_of="Of the house")
    assert asked(house, of_house) == [
        everything("Of the house"),
        'Level "Tinsel API", "Service Desk" > "Object Permissions": set "Tickets" to Delete "None".',
    ]
    cells = settled(house)
    assert (cells[EDIT], cells[DELETE]) == ("No", "None")


def test_a_cleared_level_that_becomes_a_copy_is_made_as_its_source_is(house: House) -> None:
    house.ensure(vendor(baseline="none", settings={"Service Desk": {"Tickets": {"View": "All"}}}))
    assert house.finish() and house.level("Tinsel API")
    assert asked(house, vendor(settings={}))[0] == everything(SYSTEM)
    source = house.level(SYSTEM)
    assert source
    cells = settled(house)
    assert {key for key in cells if cells[key] != source.cells[key]} <= {key for key in cells if "Webhooks" in key}


def test_a_setting_that_nobody_names_any_more_is_asked_for_as_it_is_in_the_source(house: House) -> None:
    house.set_up(vendor(settings={"Service Desk": {"Tickets": {"Delete": "None", "Edit": "No"}}}))
    assert asked(house, vendor()) == [
        'Level "Tinsel API", "Service Desk" > "Object Permissions": set Edit of "Tickets" as in the level "API User (system)".'
    ]
    cells = settled(house)
    assert (cells[EDIT], cells[DELETE]) == ("Yes", "None")


def test_what_was_cleared_with_its_box_comes_back_behind_it(house: House) -> None:
    box = "Can access Knowledge Base"
    knowledge = {"Documents & Knowledge Base": {"Knowledge Base": {box: False}}}
    house.set_up(vendor(settings=knowledge))
    said = asked(house, vendor(settings={}))
    assert len(said) > 1 and box in said[0]
    source, cells = house.level(SYSTEM), settled(house)
    of_section = [key for key in cells if key.startswith("Documents & Knowledge Base|")]
    assert source and {key: cells[key] for key in of_section} == {key: source.cells[key] for key in of_section}


@pytest.mark.parametrize("settings", [{}, {"Service Desk": {"Tickets": {"Delete": "None"}}}])
@pytest.mark.parametrize("apply_via", ["ticket", "runsheet"])
def test_a_level_that_somebody_made_by_hand_is_no_copy_before_that_is_attested(house: House, apply_via: str, settings: Any) -> None:
    house.options["apply_via"] = apply_via
    house.by_hand("Tinsel API", {EDIT: "No"})
    assert asked(house, vendor(settings=settings))[0] == everything(SYSTEM)
    assert settled(house)[EDIT] == "Yes"


def test_a_fresh_copy_is_attested_without_being_asked_for_more(house: House) -> None:
    house.ensure(vendor(settings={}))
    assert not any("as in the level" in text for text, _done in house.steps("tinsel"))
    assert settled(house)[DELETE] == "All"


def test_either_of_two_sources_will_do_for_a_level_that_is_there(house: House) -> None:
    house.set_up(vendor(copy_of=["Of the house", OTHER]))
    house.by_hand("Of the house")
    result = house.ensure()
    assert (result["changed"], result["pending"], evidence(result)) == (False, False, "attested")
    # What is asked for is kept with one source: a level that is worked on becomes a copy of that.
    assert asked(house, vendor(copy_of=["Of the house", OTHER], settings={})) == [everything("Of the house")]
    settled(house)
    assert asked(house, vendor(copy_of=SYSTEM))[0] == everything(SYSTEM)


def test_nobody_is_sent_to_a_source_that_is_not_there(house: House) -> None:
    house.by_hand("Tinsel API")
    failed = house.ensure(vendor(copy_of="Of the garden"))
    assert failed["code"] == "unknown_source" and "Of the garden" in failed["msg"]
    assert house.requests(writes=True).total() == 0


def test_every_such_sentence_fits_into_a_line() -> None:
    catalogue, name = standard(), "N" * 50
    every = [cell_id for cell_id, (setting, _cell) in catalogue.by_cell.items() if not setting.only]
    words, wanted = {"organization": max(ORGANIZATION, key=len), "device": "Configuration Item"}, {AS_COPIED: "S" * 50}
    for known, dropped in (({}, ((), ())), (wanted, (catalogue.sections, ())), (wanted, ((), every))):
        steps = level_steps(name, known, wanted, catalogue, words, dropped=dropped)
        assert len(steps) > 2 and max(len(step.text) for step in steps) <= LONGEST_SENTENCE
