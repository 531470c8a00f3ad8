# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What somebody should know of a profile before it is set up."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

from ansible_collections.msp.autotask.plugins.module_utils._catalogue.model import standard
from ansible_collections.msp.autotask.plugins.module_utils._profile.explain import explained
from ansible_collections.msp.autotask.plugins.module_utils._profile.library import profile_text
from ansible_collections.msp.autotask.plugins.module_utils._profile.resolve import Choices, read_profile
from ansible_collections.msp.autotask.plugins.module_utils._profile.schema import for_editors
from tests.engine.running import profile

INVENTORY = {"Inventory": {"Products": {"View": "All", "Add": True, "Edit": "All"}}}


def told(**level: Any) -> dict[str, Any]:
    """What is explained of a profile."""
    written = profile("tinsel", level={"baseline": "none", **level})
    return explained(read_profile(profile_text(written, ("profile",)), Choices(), standard()), standard())


def test_a_cell_that_only_mirrors_another_is_remarked_on_and_not_granted() -> None:
    found = told(settings=INVENTORY)
    assert found["remarks"] == [
        "Inventory > Object Permissions > Products > Edit is not set by itself: the editor shows what Add says, as the guide wants it."
    ]
    granted = [grant["setting"] for grant in found["grants"] if "Products" in grant["setting"]]
    assert granted == ["Inventory > Object Permissions > Products > View", "Inventory > Object Permissions > Products > Add"]
    assert told(settings={"Inventory": {"Products": {"Add": True}}})["remarks"] == []


def test_an_editor_takes_it_too() -> None:
    written = profile("tinsel", level={"settings": INVENTORY})
    assert not list(Draft202012Validator(for_editors(standard())).iter_errors(written))


def test_words_about_a_section_that_nobody_has_read_grant_nothing() -> None:
    found = told(modules={"Workforce Management": "read"}, settings={})
    assert [(entry["section"], entry["word"]) for entry in found["unexpressed"]] == [("Workforce Management", "read")]
    assert any("Nothing is granted in Workforce Management" in remark for remark in found["remarks"])


def test_what_a_copy_takes_away_is_told() -> None:
    level = {
        "baseline": "copy",
        "sections": {"Reports": "No Permission"},
        "settings": {"Service Desk": {"Tickets": {"Delete": "None"}}},
    }
    found = told(**level)
    away = ["Reports > everything", "Service Desk > Object Permissions > Tickets > Delete"]
    assert [entry["setting"] for entry in found["taken_away"]] == away
    start = found["words"].index("  Taken away:")
    assert found["words"][start + 1 : start + 3] == [f"  {text}" for text in away]
    assert found["remarks"] == [
        'The level "Tinsel API" is made as a copy of "API User (system)": its users may do everything that an API user can, but what the copy takes away.'
    ]
    assert told(**{**level, "baseline": "none"})["taken_away"] == []


def test_a_copy_that_has_it_all_is_not_said_to_have_nothing() -> None:
    nothing = "Nothing is granted in Reports: the guide asks to read there, and no setting there does only that."
    keeps = "In Reports a copy keeps all that its source has: the guide asks to read there, and no setting there does only that."
    assert nothing in told(modules={"Reports": "read"})["remarks"]
    copy = told(baseline="copy", modules={"Reports": "read"})["remarks"]
    assert keeps in copy and nothing not in copy


def test_a_copy_of_the_level_that_cant_read_costs_may_do_the_rest() -> None:
    [remark] = told(baseline="copy", copy_of="API User (system) Can't Read Costs", settings={})["remarks"]
    assert "may do everything that an API user can but read costs" in remark


def test_what_a_copy_has_less_of_is_taken_away_too() -> None:
    found = told(baseline="copy", settings={"Contracts": {"Contracts": {"View": "Organizations"}}})
    assert [entry["setting"] for entry in found["taken_away"]] == [
        "Contracts > Object Permissions > Contracts > View: no more than Organizations"
    ]
    assert "but what the copy takes away" in found["remarks"][0]


def test_what_is_needed_first_is_among_the_words() -> None:
    written = profile("tinsel", prerequisites=[{"text": "The company needs a country."}])
    words = explained(read_profile(profile_text(written, ("profile",)), Choices(), standard()), standard())["words"]
    assert "Needed first: The company needs a country." in words
