# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What somebody should know of a profile before it is set up."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ansible_collections.msp.autotask.plugins.module_utils._catalogue.model import standard
from ansible_collections.msp.autotask.plugins.module_utils._documents.handed_over import HANDED_OVER
from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError
from ansible_collections.msp.autotask.plugins.module_utils._profile.explain import explained
from ansible_collections.msp.autotask.plugins.module_utils._profile.in_words import HANDED_OVER_WORDS
from ansible_collections.msp.autotask.plugins.module_utils._profile.library import profile_text
from ansible_collections.msp.autotask.plugins.module_utils._profile.resolve import read_profile
from ansible_collections.msp.autotask.plugins.module_utils._profile.resolved import Choices
from ansible_collections.msp.autotask.plugins.module_utils._profile.schema import for_editors
from tests.engine.running import profile

INVENTORY = {"Inventory": {"Products": {"View": "All", "Add": True, "Edit": "All"}}}


def words_of(written: dict[str, Any], **choices: Any) -> list[str]:
    """What is explained of a profile in words."""
    return list(explained(read_profile(profile_text(written, ("profile",)), Choices(**choices), standard()), standard())["words"])


def told(**level: Any) -> dict[str, Any]:
    """What is explained of a profile."""
    written = profile("tinsel", level={"baseline": "none", **level})
    return explained(read_profile(profile_text(written, ("profile",)), Choices(), standard()), standard())


def test_a_cell_that_only_mirrors_another_is_remarked_on_and_not_granted() -> None:
    found = told(settings=INVENTORY)
    assert found["remarks"] == [
        "Inventory > Object Permissions > Products > Edit is not set by itself: the editor shows what Add says, as it is wanted."
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
        'The level "Tinsel API" is made as a copy of "API User (system)": its users may do everything that an API user can, but what the copy takes away.',
        f'The level "Tinsel API" takes away: {"; ".join(away)}.',
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
    assert "Needed first: The company needs a country." in words_of(
        profile("tinsel", prerequisites=[{"text": "The company needs a country."}])
    )


CANT_READ_COSTS = "API User (system) Can't Read Costs"


@pytest.mark.parametrize(
    ("sources", "sentence"),
    [
        (
            [CANT_READ_COSTS, "API User (system)"],
            f'"{CANT_READ_COSTS}" or "API User (system)": its users may do everything that an API user can.',
        ),
        (
            ["Of the house", CANT_READ_COSTS],
            f'"Of the house" or "{CANT_READ_COSTS}": its users may do everything that an API user can but read costs, where it is a copy of '
            f'"{CANT_READ_COSTS}".',
        ),
    ],
)
def test_all_levels_that_a_copy_may_be_made_of_are_named(sources: list[str], sentence: str) -> None:
    assert told(baseline="copy", copy_of=sources, settings={})["remarks"] == [f'The level "Tinsel API" is made as a copy of {sentence}']


def test_so_are_those_of_the_level_that_is_copied() -> None:
    made = profile("tinsel", level={"copy_of": ["Of the house", "API User (system)"], "settings": {}})
    made["security_levels"].append({"key": "more", "name": "Tinsel More", "copy_of_key": "main", "baseline": "copy"})
    made["api_users"].append({**made["api_users"][0], "key": "more", "last_name": "More", "security_level": "more", "expect": {}})
    [*_others, more] = [
        text for text in words_of({**made, "api_users": [{**user, "expect": {}} for user in made["api_users"]]}) if "may do" in text
    ]
    assert more.startswith(
        'The level "Tinsel More" is made as a copy of "Of the house" or "API User (system)": its users may do everything'
    )


def test_a_long_list_of_what_is_taken_away_leaves_room_in_a_ticket() -> None:
    impersonation = {"Web Services API": {"Resource Impersonation": {name: {"Add": False, "Delete": False} for name in IMPERSONATED}}}
    [_everything, sentence] = told(baseline="copy", settings=impersonation)["remarks"]
    assert len(sentence) < 4000 and sentence.endswith(f"; and {2 * len(IMPERSONATED) - 40} more.")


IMPERSONATED = [setting.label for setting in standard().settings if setting.group == "Resource Impersonation" and setting.kind == "grid"]


@pytest.mark.parametrize(
    ("tracking", "words"),
    [
        ({"integration_vendor": "Tinsel - RMM"}, 'the Integration Vendor "Tinsel - RMM".'),
        ({"internal_integration_name": "Tinsel"}, 'a Custom (Internal Integration) called "Tinsel".'),
        (
            {"integration_vendor": ["Tinsel - RMM", {"begins_with": "Tinsel"}], "internal_integration_name": "Tinsel"},
            'the Integration Vendor "Tinsel - RMM", or else the entry that begins with "Tinsel"; where none is listed, '
            'a Custom (Internal Integration) called "Tinsel".',
        ),
    ],
)
def test_the_tracking_identifier_is_told(tracking: Any, words: str) -> None:
    assert f"  Its tracking identifier: {words}" in words_of(profile("tinsel", user={"tracking_identifier": tracking}))


def test_the_hand_over_is_told() -> None:
    fields = [
        {"name": "Key", "value": "user_name"},
        {"name": "Where", "format": "{user_name} at {zone_host}"},
        {"name": "Code", "value": "integration_code", "when": "custom"},
        {"name": "Version", "text": "n/a"},
    ]
    words = words_of(profile("tinsel", handover={"to": "Tinsel's portal", "fields": fields}))
    start = words.index("Handed over, to Tinsel's portal:")
    assert words[start + 1 : start + 5] == [
        "  Key: the Username (Key)",
        '  Where: "{user_name} at {zone_host}", with the Username (Key) and the host of the tenant\'s REST API',
        "  Code: the Tracking Identifier, only with a Custom (Internal Integration)",
        '  Version: "n/a"',
    ]
    assert set(HANDED_OVER_WORDS) == set(HANDED_OVER)


PARTS: list[dict[str, Any]] = [
    {
        "key": "contracts",
        "when": "Contracts are synchronised, too.",
        "security_level": "main",
        "settings": {"Contracts": {"Contracts": {"Add": True}, "Contract Visibility": "Full"}},
        "sections": {"Reports": "No Permission"},
        "webhooks": {"maximum": 3},
        "expect": {"granted": ["Contracts:create"]},
        "prerequisites": [{"text": "Contracts are licensed."}],
        "manual_steps": [{"where": "the portal", "text": "Switch them on."}],
        "ip_addresses": ["192.0.2.7"],
    },
    {"key": "whole", "default": True, "security_level": "main", "system_level": "API User (system)"},
]


def test_optional_parts_are_told_whether_a_tenant_has_them_or_not() -> None:
    level = {"baseline": "none", "settings": {"Contracts": {"Contracts": {"View": "All"}, "Contract Visibility": "Full"}}}
    written = profile("tinsel", level=level, user={"expect": {}}, optional=PARTS)
    words = words_of(written, included=["contracts"], excluded=["whole"])
    start = words.index('The optional part "contracts" (chosen): Contracts are synchronised, too.')
    assert words[start + 1 : start + 11] == [
        '  In the level "Tinsel API": Reports: No Permission',
        '  In the level "Tinsel API": Contracts > Contracts > Add: yes',
        '  In the level "Tinsel API": Contracts > Contract Visibility: Full',
        '  In the level "Tinsel API": Webhooks > maximum: 3',
        '  REST must show as granted to the users of "Tinsel API": Contracts:create.',
        "  For the tenant's list of allowed addresses: 192.0.2.7.",
        "  Needed first: Contracts are licensed.",
        "  By hand, the portal: Switch them on.",
        'The optional part "whole", on unless a tenant leaves it out (left out).',
        '  The level "Tinsel API" isn\'t made; its users have "API User (system)" in its place.',
    ]
    assert any(text.startswith('The optional part "contracts" (not chosen)') for text in words_of(written, excluded=["whole"]))


def test_what_a_part_that_nobody_chose_would_contradict_is_told_and_refuses_nobody_else() -> None:
    part = {
        "key": "contracts",
        "security_level": "main",
        "settings": {"Contracts": {"Contracts": {"View": "All"}, "Contract Visibility": "Full"}},
    }
    denied: dict[str, Any] = {"expect": {"denied": ["Contracts:query"]}}
    written = profile("tinsel", optional=[part], level={"baseline": "none", "settings": {}}, user=denied)
    [told] = [text for text in words_of(written) if "is refused" in text]
    assert told.startswith("  Whoever chooses it is refused: ") and "Contracts:query is to be denied, and the level grants it" in told
    with pytest.raises(InputError, match="Contracts:query is to be denied"):
        words_of(written, included=["contracts"])
    granted = {**part, "expect": {"granted": ["Contracts:query"]}}
    right = profile("tinsel", optional=[granted], level={"baseline": "none", "settings": {}}, user=denied)
    assert not [text for text in words_of(right) if "refused" in text]
