# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Sections of the level editor that the catalogue has no settings of: a level that is cleared loses them, a copy keeps them."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import editor, levels

from .running import House, entries, entry_of, plan_of, profile

OTHERS = "press No Permission in every other section that you see."
EVIDENCE = "Every other section"
SCOPED = {"baseline": "none", "settings": {"CRM": {"Notes": {"Add": "Yes"}}, "Reports": {"CRM": True}}}
WIDER = {"baseline": "none", "settings": {"CRM": {"Notes": {"Add": "Yes"}}, "Reports": {"CRM": True, "Projects": True}}}
EXPECT = {"expect": {"granted": [], "denied": []}}


@pytest.fixture
def house(house: House) -> House:
    """A tenant whose editor has a section of which only the name is known, and one that nobody knows."""
    house.show_sections(editor.MORE_SECTIONS)
    return house


def scoped(**level: Any) -> dict[str, Any]:
    """A vendor whose level is cleared first."""
    return profile("tinsel", level={**SCOPED, **level}, user=EXPECT)


def held(house: House, name: str = "Tinsel API") -> dict[str, Any]:
    """What a level holds of those sections."""
    level = house.level(name)
    assert level
    return {key: value for key, value in level.cells.items() if key.partition("|")[0] in editor.MORE_SECTIONS}


def least() -> dict[str, Any]:
    """What it holds of them after No Permission."""
    known = editor.cells_by_key(more=editor.MORE_SECTIONS)
    return {key: cell.least for key, cell in known.items() if key.partition("|")[0] in editor.MORE_SECTIONS}


def asked(house: House) -> list[str]:
    """The sentences about other sections, in all tickets of the vendor."""
    return [text for text, _done in house.steps("tinsel") if OTHERS in text]


def granted(house: House) -> set[str]:
    """Everything of a level that isn't at its least."""
    level = house.level("Tinsel API")
    assert level
    known = editor.cells_by_key(more=editor.MORE_SECTIONS)
    return {key for key, value in level.cells.items() if value != known[key].least}


def test_a_level_that_is_cleared_loses_sections_that_nobody_knows(house: House) -> None:
    done = house.set_up(scoped())
    assert held(house, "API User (system)") != least() and held(house) == least()
    assert len(asked(house)) == 1 and granted(house) == {
        "CRM|Object Permissions|Notes|Add",
        "Reports|Can view standard reports in the following categories:|CRM|",
        "Web Services API|Feature Access|Can login to Web Services API (Access to version 1.6 & later is limited to API User security levels)|",
    }
    [level] = [known for known in entry_of(done, "tinsel")["objects"] if known["kind"] == "level"]
    assert level["evidence"][EVIDENCE] == "unknown" and level["evidence"]["Active"] == "read"
    before = house.state()
    assert not house.ensure()["changed"] and house.state() == before


def test_a_copy_keeps_sections_that_nobody_knows(house: House) -> None:
    done = house.set_up(profile("tinsel"))
    assert held(house) == held(house, "API User (system)") != least() and asked(house) == []
    assert not any(EVIDENCE in known["evidence"] for known in entry_of(done, "tinsel")["objects"])


def test_a_later_change_of_the_level_asks_for_its_difference_only(house: House) -> None:
    house.set_up(scoped())
    house.ensure(scoped(**WIDER))
    assert len(asked(house)) == 1
    assert [text for text, done in house.steps("tinsel") if not done][1:-1] == [
        'Level "Tinsel API", "Reports" > "Can view standard reports in the following categories": tick "Projects".'
    ]


def test_a_level_that_somebody_made_by_hand_is_cleared_of_them_too(house: House) -> None:
    source = house.level("API User (system)")
    assert source
    copy = levels.copy(house.store, source.id, True)
    levels.change(house.store, copy.id, {"name": "Tinsel API", "active": True})
    house.set_up(scoped())
    assert held(house) == least() and len(granted(house)) == 3 + len(webhooks(house))


def webhooks(house: House) -> set[str]:
    """What a level grants of webhooks, which the level itself leaves alone."""
    return {key for key in granted(house) if key.startswith("Other|Webhooks|")}


def test_a_copy_that_becomes_a_cleared_level_loses_them(house: House) -> None:
    house.set_up(profile("tinsel", user=EXPECT))
    house.ensure(scoped())
    assert len(asked(house)) == 1
    house.work()
    assert entries(house.ensure()) == {"tinsel": "done"}
    assert held(house) == least() and len(granted(house)) == 3


@pytest.mark.parametrize("whole", ["Full Permission", "No Permission"])
def test_sections_that_are_wanted_as_a_whole_are_not_among_the_others(house: House, whole: str) -> None:
    house.set_up(scoped(sections={"Projects": whole}))
    full = {key for key, cell in editor.cells_by_key().items() if key.startswith("Projects|") and cell.least != cell.most}
    assert {key for key in granted(house) if key.startswith("Projects|")} == (full if whole == "Full Permission" else set())
    assert held(house) == least()


def test_a_section_of_which_only_the_name_is_known_is_cleared_or_left(house: House) -> None:
    house.set_up(scoped(sections={"Workforce Management": "No Permission"}))
    assert held(house) == least()
    for level in (
        {"sections": {"Workforce Management": "Full Permission"}},
        {"baseline": "copy", "sections": {"Workforce Management": "No Permission"}},
    ):
        refused = house.ensure(scoped(**level), check=True)
        assert (refused["failed"], refused["code"]) == (True, "not_settable") and "no source names its settings" in refused["msg"]


def test_what_a_retirement_left_is_not_known_to_be_cleared(house: House) -> None:
    """A level that comes back is worked on from its beginning: nobody knows what it held when it was given up."""
    house.set_up(scoped(**WIDER))
    house.ensure({"integration": "tinsel", "state": "absent"})
    house.work()
    assert entries(house.ensure()) == {"tinsel": "done"} and len(granted(house)) == 4
    house.ensure(scoped())
    house.work()
    assert len(granted(house)) == 3, house.employee.stuck


def test_the_sentence_says_what_is_done_whatever_else_the_visit_names(house: House) -> None:
    plan = plan_of(entry_of(house.ensure(scoped(), check=True), "tinsel"))
    place = next(number for number, text in enumerate(plan) if OTHERS in text)
    assert plan[place] == f'Level "Tinsel API": {OTHERS} Do not save yet.'
    assert all("press No Permission in the section" in text for text in plan[3:place]) and "tick Active" in plan[2]
