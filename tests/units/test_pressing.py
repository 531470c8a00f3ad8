# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which buttons of sections are pressed, and what is set again because of them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._catalogue.model import standard
from ansible_collections.msp.autotask.plugins.module_utils._catalogue.terms import DEFAULT_TERMS
from ansible_collections.msp.autotask.plugins.module_utils._documents.security_level import parse_level
from ansible_collections.msp.autotask.plugins.module_utils._objects.security_level import SecurityLevel

CATALOGUE = standard()
FULL, NO = "Full Permission", "No Permission"


def level(**written: Any) -> SecurityLevel:
    """A level as a profile may want it."""
    return SecurityLevel(parse_level({"name": "Tinsel API", **written}, CATALOGUE), CATALOGUE, DEFAULT_TERMS, None)


def texts(wanted: SecurityLevel, before: SecurityLevel) -> list[str]:
    """The steps from one that is attested to one that is wanted."""
    return [step.text for step in wanted.plan(json.loads(json.dumps(asdict(before.level)))).steps]


@pytest.mark.parametrize(
    ("before", "wanted", "button"),
    [
        ({"sections": {"CRM": FULL}}, {}, NO),
        ({}, {"sections": {"CRM": FULL}}, FULL),
        ({"baseline": "copy"}, {"baseline": "copy", "sections": {"CRM": NO}}, NO),
        ({"baseline": "copy", "sections": {"CRM": FULL}}, {"baseline": "copy", "sections": {"CRM": NO}}, NO),
    ],
)
def test_a_section_that_is_wanted_otherwise_is_pressed_although_all_that_can_be_named_is_known(
    before: Any, wanted: Any, button: str
) -> None:
    steps = texts(level(**wanted), level(**before))
    assert f'Level "Tinsel API": press {button} in the section "CRM". Do not save yet.' in steps
    assert texts(level(**wanted), level(**wanted)) == []


@pytest.mark.parametrize("sections", [{"CRM": FULL}, {"CRM": NO}])
def test_a_section_of_a_copy_that_nobody_names_any_more_is_asked_for_as_it_is_in_the_source(sections: dict[str, str]) -> None:
    [back] = texts(level(baseline="copy"), level(baseline="copy", sections=sections))[1:-1]
    assert back == 'Level "Tinsel API": set everything in the section "CRM" as in the level "API User (system)". Do not save yet.'


@pytest.mark.parametrize(("button", "value"), [(FULL, "highest"), (NO, "lowest")])
def test_the_section_of_the_webhooks_is_set_as_a_whole_but_for_them(button: str, value: str) -> None:
    """Also what no source prints in it, which single settings leave as it is."""
    steps = texts(level(baseline="copy", sections={"Other": button}), level(baseline="copy"))
    assert steps[1:-1] == [
        f'Level "Tinsel API": in the section "Other", set everything to its {value} value except the group "Webhooks". Do not save yet.'
    ]


def test_what_needs_a_box_of_a_cleared_section_is_set_again() -> None:
    payroll = {"Timesheets": {"Feature Access": {"Can access Time Off and Payroll reports": True}}}
    reports = {"Reports": {"Time & Expenses": True}}
    steps = level(sections={"Timesheets": FULL}, settings={**payroll, **reports}).plan(None).steps
    ticked = [step.text for step in steps if "Payroll reports" in step.text or '"Time & Expenses"' in step.text]
    assert ['"Time & Expenses"' in text for text in ticked] == [True, False]
