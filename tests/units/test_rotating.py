# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is done next with a secret in a rotation: every state there is, and that an old secret is never taken for the new one."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._change.rotation import Next, SecretState, decide, is_new

NAME, EARLIER = "2026-11", "2026-05"
EVERY = [
    SecretState(recorded, marked, differs, asked, open_steps)
    for recorded, marked, differs, asked, open_steps in product(
        (False, True), ("", EARLIER, NAME), (False, True), (False, True), (False, True)
    )
    if recorded or not (marked or differs)
]
# Recorded, marked with, another one than was kept, asked for, steps open.
CASES = {
    "nothing was ever recorded, nobody was asked": ((False, "", False, False, False), Next.ASK),
    "something is recorded, nobody was asked": ((True, "", False, False, False), Next.ASK),
    "an earlier rotation is finished": ((True, EARLIER, True, False, False), Next.ASK),
    "a run died after it had kept the old one and before it had asked": ((True, EARLIER, False, False, False), Next.ASK),
    "people were asked, the old one is recorded": ((True, EARLIER, False, True, True), Next.WAIT),
    "people were asked, nothing was recorded before": ((False, "", False, True, True), Next.WAIT),
    "a new one is recorded, steps are still open": ((True, "", True, True, True), Next.WAIT),
    "all is ticked, the old one is still recorded": ((True, EARLIER, False, True, False), Next.RECORD),
    "all is ticked, one from before the first rotation is still recorded": ((True, "", False, True, False), Next.RECORD),
    "all is ticked, nothing is recorded": ((False, "", False, True, False), Next.RECORD),
    "all is ticked, a new one is recorded": ((True, "", True, True, False), Next.FINISH),
    "this rotation is finished": ((True, NAME, True, True, False), Next.DONE),
    "it is finished, and its ticket is gone": ((True, NAME, True, False, False), Next.DONE),
    "it is finished, and somebody took a tick back": ((True, NAME, True, True, True), Next.WAIT),
}


@pytest.mark.parametrize(("state", "expected"), CASES.values(), ids=CASES.keys())
def test_what_is_done_next(state: tuple[bool, str, bool, bool, bool], expected: Next) -> None:
    assert decide(NAME, SecretState(*state)) is expected


def test_what_was_recorded_before_people_were_asked_is_never_the_new_one() -> None:
    for state in EVERY:
        before = not state.asked or not state.differs or state.marked or not state.recorded
        assert is_new(state) is not bool(before), state
        if before:
            assert decide(NAME, state) is not Next.FINISH, state


def test_nothing_is_finished_while_steps_are_open() -> None:
    assert {decide(NAME, state) for state in EVERY if state.asked and state.open_steps} == {Next.WAIT}


def test_people_are_asked_once() -> None:
    for state in EVERY:
        assert decide(NAME, replace(state, asked=True)) is not Next.ASK, state


def test_a_new_name_is_a_new_rotation() -> None:
    finished = SecretState(recorded=True, marked=NAME, differs=True, asked=False, open_steps=False)
    assert (decide(NAME, finished), decide("2027-02", finished)) == (Next.DONE, Next.ASK)
