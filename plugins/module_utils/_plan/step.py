# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A step of a plan, and what steps bring about. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._text import as_seen

# Characters of TicketChecklistItems.itemName in the captured metadata. The REST description and a newer help page (TicketChecklistItemsEntity) say 600;
# where they contradict each other, the smaller number fits everywhere.
LONGEST_SENTENCE = 255
# How the first step of an object begins: it opens a page.
OPENING = "Open "
# How the step ends that stores what was set on a page.
SAVING = "press Save & Close."
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One thing to do in the console.

    `page` and `action` say where and what, `target` and `value` on what; `text` is the whole sentence.
    `place` and `clause` are set where a step can share a sentence with its neighbours.
    """

    page: str
    action: str
    target: str
    text: str
    value: Any = None
    sets: Facts = field(default_factory=dict)
    subject: str = ""
    place: str = ""
    clause: str = ""

    def as_result(self) -> dict[str, Any]:
        """The step as a module returns it."""
        return {"page": self.page, "action": self.action, "target": self.target, "value": self.value, "text": self.text}


def applied(steps: Iterable[Step], observed: Facts) -> dict[str, Any]:
    """What is there once the steps are carried out on what was observed."""
    facts = dict(observed)
    for step in steps:
        facts.update(step.sets)
    return facts


def differing(observed: Facts, desired: Facts) -> list[str]:
    """The facts that are not known to be as they should be."""
    return [fact for fact, value in desired.items() if fact not in observed or _as_seen(observed[fact]) != _as_seen(value)]


def _as_seen(value: Any) -> Any:
    """A fact with its texts as people see them: nobody is asked to change what looks the same."""
    if isinstance(value, str):
        return as_seen(value)
    if isinstance(value, Mapping):
        return {name: _as_seen(inner) for name, inner in value.items()}
    return [_as_seen(inner) for inner in value] if isinstance(value, list | tuple) else value


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
