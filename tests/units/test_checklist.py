# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Steps as lines of a checklist: one each as long as that fits, neighbouring settings together where it doesn't, and never a line that is too long."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError
from ansible_collections.msp.autotask.plugins.module_utils._plan.checklist import Item, items
from ansible_collections.msp.autotask.plugins.module_utils._plan.step import LONGEST_SENTENCE, Step

LEVEL = 'Level "Example API"'


def setting(label: str, place: str = '"CRM"', subject: str = LEVEL) -> Step:
    """A step that can share its sentence."""
    clause = f'tick "{label}"'
    return Step("level", "tick", label, f"{subject}, {place}: {clause}.", True, {label: True}, subject, place, clause)


def plain(text: str) -> Step:
    """A step that can't."""
    return Step("level", "press", text, text)


SAVE = plain(f"{LEVEL}: press Save & Close.")


def texts(lines: Sequence[Item]) -> list[str]:
    return [line.text for line in lines]


def test_one_step_a_line_as_long_as_that_fits() -> None:
    steps = [setting("A"), setting("B"), SAVE]
    assert texts(items(steps, usual=3, most=40)) == [step.text for step in steps]


def test_neighbouring_settings_share_a_line_where_there_are_too_many() -> None:
    lines = items([setting("A"), setting("B"), setting("C", '"Other"'), SAVE], usual=2, most=40)
    assert texts(lines) == [f'{LEVEL}, "CRM": tick "A", tick "B"; "Other": tick "C".', SAVE.text]
    assert [len(line.steps) for line in lines] == [3, 1]


def test_no_more_is_put_together_than_has_to_be() -> None:
    lines = items([setting(label) for label in "ABCD"], usual=3, most=40)
    assert texts(lines)[1:] == [setting("C").text, setting("D").text] and 'tick "A", tick "B"' in lines[0].text


def test_without_a_limit_nothing_is_put_together() -> None:
    steps = [setting(f"Setting {number}") for number in range(100)]
    assert texts(items(steps, usual=2, most=None)) == [step.text for step in steps]


@pytest.mark.parametrize(
    "steps",
    [
        [setting("A"), plain("Do something else."), setting("B")],
        [setting("A"), setting("B", subject='Level "Another API"')],
        [plain("Press this."), plain("Press that.")],
    ],
    ids=["something else between them", "another level", "nothing that can share"],
)
def test_what_does_not_belong_together_stays_apart(steps: Sequence[Step]) -> None:
    assert texts(items(steps, usual=1, most=40)) == [step.text for step in steps]


def test_the_order_stays_and_every_step_is_on_the_list() -> None:
    steps = [setting(f"A setting with a rather long name, number {number}", f'"Section {number % 3}"') for number in range(60)]
    lines = items([*steps, SAVE], usual=5, most=40)
    assert [step for line in lines for step in line.steps] == [*steps, SAVE]
    assert all(len(line.text) <= LONGEST_SENTENCE for line in lines) and len(lines) < 30


def test_a_line_takes_255_characters_and_no_more() -> None:
    assert LONGEST_SENTENCE == 255
    assert items([plain("x" * 255)], usual=1, most=40)
    with pytest.raises(AutotaskError, match="This step has 256 characters") as caught:
        items([plain("x" * 256)], usual=1, most=None)
    assert caught.value.code == "sentence_too_long" and "Shorten the names in it." in str(caught.value)


def test_two_that_do_not_fit_into_one_line_stay_apart() -> None:
    steps = [setting("x" * 120), setting("y" * 120)]
    assert all(len(step.text) <= 255 for step in steps)
    assert texts(items(steps, usual=1, most=40)) == [step.text for step in steps]


def test_more_lines_than_a_ticket_holds_are_an_error_with_the_way_out() -> None:
    steps = [plain(f"Step {number}.") for number in range(41)]
    assert len(items(steps[:40], usual=18, most=40)) == 40
    with pytest.raises(AutotaskError, match="needs 41 checklist items, and a ticket holds 40") as caught:
        items(steps, usual=18, most=40)
    assert caught.value.code == "too_many_steps" and "apply_via: runsheet" in str(caught.value)


def test_nothing_to_do_is_no_line() -> None:
    assert items([], usual=18, most=40) == []
