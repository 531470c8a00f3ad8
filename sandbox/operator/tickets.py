# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Change tickets as the operator sees them: the list, the steps of one, and the visits that steps form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sandbox.operator.browser import Tab, rows_of, text_of
from sandbox.operator.labels import NAME, Stuck, find, only
from sandbox.operator.sentences import Edit, Instruction, NotUnderstood, Open, Record, Seal, parse

OURS = "msp.autotask/"
"""What the external id of a change ticket starts with."""

_CHECKLIST = ("Checklist",)


@dataclass(frozen=True)
class Step:
    """One item of the checklist; `number` counts from 1."""

    number: int
    text: str
    done: bool

    def instruction(self) -> Instruction | None:
        """What the sentence tells to do; None if it is none of ours."""
        try:
            return parse(self.text)
        except NotUnderstood:
            return None

    def about(self) -> tuple[str, str] | None:
        """The kind and the name of what the sentence is about, if it names it."""
        instruction = self.instruction()
        return (instruction.kind, instruction.name) if isinstance(instruction, Edit) and instruction.name else None


@dataclass(frozen=True)
class Ticket:
    """One ticket, as its page shows it. Two of them are equal while nothing has happened."""

    number: str
    url: str
    steps: tuple[Step, ...]
    notes: tuple[str, ...]


def listed(tab: Tab, queue: str | None = None) -> list[tuple[str, str]]:
    """The change tickets in the list that is open, in one queue or in all: number and address, by number."""
    try:
        scope = tab.place((queue,) if queue else ())
    except Stuck:
        return []
    found = []
    for number, cells in rows_of(scope):
        columns = dict(cells)
        if text_of(columns["External ID"]).startswith(OURS):
            found.append((number, columns["Ticket Number"].find("a").get("href")))
    return sorted(found)


def read(tab: Tab) -> Ticket:
    """The ticket whose page is open."""
    steps = tuple(
        Step(number, text, box.get("aria-checked") == "true") for number, (text, box) in enumerate(tab.boxes(_CHECKLIST), start=1)
    )
    notes = tuple(text_of(note) for note in tab.place(("Notes",)).iter("article"))
    return Ticket(tab.record(), tab.url.partition("#")[0], steps, notes)


def told(tab: Tab) -> str:
    """What the description of the ticket says whose page is open."""
    return text_of(tab.place(("Description",)))


def tick(tab: Tab, step: Step, done: bool = True) -> None:
    """Tick a step of the ticket that is open, or clear it. Steps may have been added or moved since it was read."""
    boxes = tab.boxes(_CHECKLIST)
    same_place = boxes[step.number - 1 : step.number]
    box = only(step.text, same_place if find(step.text, same_place, NAME) else boxes, NAME, "item")
    if (box.get("aria-checked") == "true") != done:
        tab.press_element(box, step.text)


def add_note(tab: Tab, title: str, text: str) -> None:
    """Add a note to the ticket that is open, unless the same one is there."""
    if any(" ".join(text.split()) in note for note in read(tab).notes):
        return
    tab.put(("Notes",), "Title", "", title)
    tab.put(("Notes",), "Description", "", text)
    tab.press("Save Note", ("Notes",))


def visits(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """The steps that belong together: from where a page is opened to where it is saved, or one hand-over.

    A step that isn't understood belongs to the visit it stands in.
    """
    visit: list[Step] = []
    subject: tuple[str, str] | None = None
    for step in steps:
        instruction, about = step.instruction(), step.about()
        begins = isinstance(instruction, Open | Record | Seal) or (about and subject and about != subject)
        if begins and visit:
            yield visit
            visit, subject = [], None
        visit.append(step)
        subject = about or subject
        if ends([step]):
            yield visit
            visit, subject = [], None
    if visit:
        yield visit


def ends(visit: Sequence[Step]) -> bool:
    """Whether a visit has the step that ends it: the one that saves, or the hand-over."""
    said = (step.instruction() for step in visit)
    return any(isinstance(one, Record | Seal) or (isinstance(one, Edit) and one.saves) for one in said)


def unclear(visit: Sequence[Step]) -> bool:
    """Whether a visit has an open step that isn't understood."""
    return any(step.instruction() is None for step in visit if not step.done)
