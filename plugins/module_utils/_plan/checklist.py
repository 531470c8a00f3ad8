# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Puts steps into the lines of a checklist. Private to the collection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .._errors import AutotaskError
from .step import LONGEST_SENTENCE, Step


@dataclass(frozen=True)
class Item:
    """A line of a check list: one step, or several neighbours that share a sentence."""

    text: str
    steps: tuple[Step, ...]


def items(steps: Sequence[Step], usual: int, most: int | None) -> list[Item]:
    """The steps as lines of a check list: one step a line, or, where that makes more than `usual` lines, neighbouring settings together.

    Raises AutotaskError when a sentence is too long for a line, or when there are more than `most` lines all the same.
    """
    for step in steps:
        if len(step.text) > LONGEST_SENTENCE:
            raise AutotaskError(
                f"This step has {len(step.text)} characters, and a checklist item of Autotask takes {LONGEST_SENTENCE}: {step.text} "
                "Shorten the names in it.",
                "sentence_too_long",
            )
    lines = [Item(step.text, (step,)) for step in steps]
    if most is None or len(lines) <= usual:
        return lines
    while (shared := _share_a_line(lines, len(lines) - usual)) != lines:
        lines = shared
    if len(lines) > most:
        raise AutotaskError(
            f"The change needs {len(lines)} checklist items, and a ticket holds {most}. Set whole sections with Full Permission or No Permission, "
            "or use `apply_via: runsheet`, which has no such limit.",
            "too_many_steps",
        )
    return lines


def _share_a_line(lines: Sequence[Item], wanted: int) -> list[Item]:
    """Join neighbouring settings of the same object where their common sentence fits, at most `wanted` times."""
    result: list[Item] = []
    for line in lines:
        if (
            result
            and wanted > 0
            and line.steps[0].clause
            and result[-1].steps[0].clause
            and line.steps[0].subject == result[-1].steps[0].subject
        ):
            joined = (*result[-1].steps, *line.steps)
            text = _sentence(joined)
            if len(text) <= LONGEST_SENTENCE:
                result[-1] = Item(text, joined)
                wanted -= 1
                continue
        result.append(line)
    return result


def _sentence(steps: Sequence[Step]) -> str:
    places: dict[str, list[str]] = {}
    for step in steps:
        places.setdefault(step.place, []).append(step.clause)
    return f"{steps[0].subject}, " + "; ".join(f"{place}: {', '.join(clauses)}" for place, clauses in places.items()) + "."
