# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""From observed to desired: the steps, and the one sentence of each. Private to the collection.

A plan is pure: it knows no tenant and no applier. What a step brings about is in `sets`; that is what a diff shows and what evidence is about.
The sentences are a contract with whoever works them off, a person or a machine: docs/steps.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from .._catalogue.model import Catalogue, Setting, Value
from .._catalogue.terms import DEFAULT_TERMS, Terms, admin_path, worded
from .._documents.names import API_ONLY, AS_COPIED, OTHER_SECTIONS
from .._documents.security_level import FULL, NO
from .._documents.webhook_limit import CAN_CREATE_WEBHOOKS, WEBHOOK_CELLS
from .._text import quoted
from .step import LONGEST_SENTENCE, SAVING, Facts, Step, applied, differing, listed


def level_steps(
    name: str,
    observed: Facts | None,
    desired: Facts,
    catalogue: Catalogue,
    terms: Terms = DEFAULT_TERMS,
    copy_of: str = "",
    half_made: str | None = None,
    whole: Mapping[str, str] | None = None,
    copied: Facts | None = None,
    at_least: Collection[str] = (),
    again: Collection[str] = (),
    dropped: tuple[Collection[str], Collection[str]] = ((), ()),
) -> list[Step]:
    """The steps that lead a level from `observed` to `desired` (facts: `active`, cells by their id, the sections that nobody knows, and what a copy is of).

    `observed` is None for a level that doesn't exist; then it is copied from `copy_of`, or `half_made`, a copy that was never renamed, is gone on with.
    A cell that `observed` doesn't have is unknown and is set in any case: by its section's button where `whole` names the section and that button,
    or by itself. `copied` is what the source of a new level is known to hold. Numbers that are cells of `at_least` stay as they are where they are
    larger. Sections of `again` have their button pressed whatever is known of them: they may have settings that the catalogue doesn't know.
    The sections and the cells of `dropped` are set as in the source of a copy; so is everything, where a level that is there isn't known to be one.
    """
    new = observed is None
    known = {**(copied or {}), AS_COPIED: desired.get(AS_COPIED)} if observed is None else dict(observed)
    missing = differing(known, desired)
    if not missing and not new and not again and not any(dropped):
        return []
    subject = f'Level "{name}"'
    steps = [_open_level(terms, half_made or copy_of, "Edit" if half_made else "Copy") if new else _open_level(terms, name, "Edit")]
    if new:
        steps.append(Step("level", "set", "Name", f'Level editor: set Name to "{name}".', name, {"name": name}))
    if "active" in missing:
        verb = "tick" if desired["active"] else "clear"
        steps.append(Step("level", verb, "Active", f"{subject}: {verb} Active.", sets={"active": desired["active"]}))
    source = str(desired.get(AS_COPIED))
    if AS_COPIED in missing:
        steps.append(_everything_step(subject, source, catalogue))
        known = {fact: value for fact, value in known.items() if fact in WEBHOOK_CELLS} | dict(copied or {})
        dropped = ((), ())
    for section in dropped[0]:
        steps.append(_section_step(subject, section, source, catalogue))
        known = {fact: value for fact, value in known.items() if fact not in steps[-1].sets} | {
            fact: value for fact, value in (copied or {}).items() if fact in steps[-1].sets
        }
    buttons = {button: [section for section, choice in (whole or {}).items() if choice == button] for button in (FULL, NO)}
    pressed = _full_steps(subject, known, desired, catalogue, buttons[FULL], again, keep_webhooks=not new)
    pressed += _clearing_steps(subject, applied(pressed, known), desired, catalogue, buttons[NO], again, keep_webhooks=not new)
    steps += pressed
    if OTHER_SECTIONS in missing:
        text = f"{subject}: press {NO} in every other section that you see. Do not save yet."
        steps.append(Step("level", "press", NO, text, "every other section", {OTHER_SECTIONS: NO}))
    steps += _setting_steps(subject, _without_orphans(applied(pressed, known), catalogue), desired, catalogue, terms, at_least)
    # What needs a box can be set once that is ticked.
    lost = _lost_with_its_box(pressed, desired, catalogue) if AS_COPIED in desired else []
    steps += _steps_back(subject, [*dict.fromkeys([*dropped[1], *lost])], source, catalogue, terms)
    steps.append(Step("level", "press", "Save & Close", f"{subject}: {SAVING}"))
    return steps


def _open_level(terms: Terms, name: str, action: str) -> Step:
    """Open the editor from the list of levels, which appends a suffix to the names of API-only levels."""
    text = f'Open {admin_path(terms)} > Security Levels. In the menu of "{name}{API_ONLY}" choose {action} Security Level.'
    return Step("security_levels", action.lower(), name, text)


def _full_steps(
    subject: str, known: Facts, desired: Facts, catalogue: Catalogue, full: Sequence[str], again: Collection[str], keep_webhooks: bool
) -> list[Step]:
    """Set the sections to Full Permission that are to be pressed again, or hold unknown cells which should be at their most permissive value."""
    cells_of: dict[str, dict[str, Value]] = {}
    unknown: dict[str, None] = {}
    for cell_id, (setting, cell) in catalogue.by_cell.items():
        if setting.section not in full or cell.kind == "number":
            continue
        cells_of.setdefault(setting.section, {})[cell_id] = cell.most
        if setting.section in again or (cell_id in desired and cell_id not in known and desired[cell_id] == cell.most):
            unknown[setting.section] = None
    apart = _beside_webhooks(subject, "highest", unknown, desired, catalogue, cells_of) if keep_webhooks else []
    return _whole_sections(subject, FULL, list(unknown), cells_of) + apart


def _without_orphans(known: Facts, catalogue: Catalogue) -> dict[str, Any]:
    """What is known once buttons were pressed: what needs a box of another section is cleared with it, whatever was pressed in its own."""
    needed = {cell_id: (cell, setting.needs) for cell_id, (setting, cell) in catalogue.by_cell.items() if setting.needs}
    orphans = {cell_id: cell.least for cell_id, (cell, parent) in needed.items() if cell_id in known and known.get(parent) is False}
    return {**known, **orphans}


def _lost_with_its_box(pressed: Sequence[Step], desired: Facts, catalogue: Catalogue) -> list[str]:
    """The cells of a copy that nobody named, and that a button cleared with the box that they need, although that box is to be ticked."""
    cleared = {cell_id for step in pressed for cell_id, value in step.sets.items() if value is False}
    return [
        cell_id
        for cell_id, (setting, _cell) in catalogue.by_cell.items()
        if setting.needs in cleared and desired.get(str(setting.needs)) is True and cell_id not in desired and cell_id not in cleared
    ]


def _whole_sections(subject: str, button: str, sections: list[str], cells_of: Mapping[str, Facts]) -> list[Step]:
    """One step for as many sections as fit into a sentence."""

    def sentence(part: Sequence[str]) -> str:
        noun = "section" if len(part) == 1 else "sections"
        return f"{subject}: press {button} in the {noun} {quoted(part)}. Do not save yet."

    steps = []
    for part in _in_fitting_parts(sections, sentence):
        sets = {cell_id: value for section in part for cell_id, value in cells_of[section].items()}
        steps.append(Step("level", "press", button, sentence(part), part, sets))
    return steps


def _clearing_steps(
    subject: str, known: Facts, desired: Facts, catalogue: Catalogue, cleared: Sequence[str], again: Collection[str], keep_webhooks: bool
) -> list[Step]:
    """Clear those of the sections that are to be pressed again, or hold unknown cells which should be at their least permissive value."""
    cells_of: dict[str, dict[str, Value]] = {}
    unknown: dict[str, None] = {}
    for cell_id, (setting, cell) in catalogue.by_cell.items():
        if setting.section not in cleared:
            continue
        cells_of.setdefault(setting.section, {})[cell_id] = cell.least
        if setting.section in again or (cell_id in desired and cell_id not in known and desired[cell_id] == cell.least):
            unknown[setting.section] = None
    apart = _beside_webhooks(subject, "lowest", unknown, desired, catalogue, cells_of) if keep_webhooks else []
    return _whole_sections(subject, NO, list(unknown), cells_of) + apart


def _beside_webhooks(
    subject: str, value: str, sections: dict[str, None], desired: Facts, catalogue: Catalogue, cells_of: Mapping[str, Facts]
) -> list[Step]:
    """The section of the webhooks, taken out of `sections`, where nothing is said of those: a button would set them, too."""
    webhooks = catalogue.by_cell[CAN_CREATE_WEBHOOKS][0]
    if webhooks.section not in sections or any(cell_id in desired for cell_id in WEBHOOK_CELLS):
        return []
    del sections[webhooks.section]
    text = f'{subject}: in the section "{webhooks.section}", set everything to its {value} value except the group "{webhooks.group}". Do not save yet.'
    kept = {cell_id: content for cell_id, content in cells_of[webhooks.section].items() if cell_id not in WEBHOOK_CELLS}
    action = "clear" if value == "lowest" else "raise"
    return [Step("level", action, f"{webhooks.section}, except {webhooks.group}", text, [webhooks.section], kept)]


def _everything_step(subject: str, source: str, catalogue: Catalogue) -> Step:
    """A level that is there becomes what a copy of the source would be; what is named is set afterwards."""
    group = catalogue.by_cell[CAN_CREATE_WEBHOOKS][0].group
    text = f'{subject}: set everything but the group "{group}" as in the level "{source}". Do not save yet.'
    return Step("level", "set", f'as in "{source}"', text, "everything", {AS_COPIED: source})


def _section_step(subject: str, section: str, source: str, catalogue: Catalogue) -> Step:
    """A section that was wanted as a whole becomes what it is in the source."""
    cells = [
        cell_id for cell_id, (setting, _cell) in catalogue.by_cell.items() if setting.section == section and cell_id not in WEBHOOK_CELLS
    ]
    webhooks = catalogue.by_cell[CAN_CREATE_WEBHOOKS][0]
    aside = f' but the group "{webhooks.group}"' if section == webhooks.section else ""
    text = f'{subject}: set everything in the section "{section}"{aside} as in the level "{source}". Do not save yet.'
    return Step("level", "set", f'as in "{source}"', text, [section], dict.fromkeys(cells, f'as in "{source}"'))


def _steps_back(subject: str, cells: Collection[str], source: str, catalogue: Catalogue, terms: Terms) -> Iterator[Step]:
    """One step for each setting of these cells: it becomes what it is in the source."""
    columns: dict[str, dict[str, str]] = {}
    settings: dict[str, Setting] = {}
    for cell_id in cells:
        setting, cell = catalogue.by_cell[cell_id]
        columns.setdefault(setting.id, {})[cell_id] = cell.column
        settings[setting.id] = setting
    for key, named in columns.items():
        setting, again = settings[key], f'as in "{source}"'
        label, of = worded(setting.label, terms), f"{listed(list(named.values()))} of " if setting.kind in ("row", "grid") else ""
        place, target = _place(setting, terms), " > ".join(part for part in (setting.section, worded(setting.group, terms), label) if part)
        # Long names leave no room for what a label has in brackets, which people leave out.
        for said in (label, re.sub(r" \(.*\)$", "", label)):
            clause = f'set {of}"{said}" as in the level "{source}"'
            if len(f"{subject}, {place}: {clause}.") <= LONGEST_SENTENCE:
                break
        yield Step("level", "set", target, f"{subject}, {place}: {clause}.", again, dict.fromkeys(named, again), subject, place, clause)


def _in_fitting_parts(items: list[str], sentence: Callable[[Sequence[str]], str]) -> list[list[str]]:
    """The items in as few parts as it takes for each part's sentence to fit."""
    if len(items) < 2 or len(sentence(items)) <= LONGEST_SENTENCE:
        return [items] if items else []
    half = len(items) // 2
    return _in_fitting_parts(items[:half], sentence) + _in_fitting_parts(items[half:], sentence)


def _setting_steps(subject: str, known: Facts, desired: Facts, catalogue: Catalogue, terms: Terms, at_least: Collection[str]) -> list[Step]:
    """One step for each setting that differs. The catalogue's order has a parent before what needs it."""
    values: dict[str, dict[str, Value]] = {}
    settings: dict[str, Setting] = {}
    for cell_id in differing(known, {cell_id: desired[cell_id] for cell_id in catalogue.by_cell if cell_id in desired}):
        setting, cell = catalogue.by_cell[cell_id]
        if setting.needs and setting.needs in values and desired[cell_id] == cell.least and not values[setting.needs][setting.needs]:
            values[setting.needs][cell_id] = cell.least  # clearing a box clears and disables what needs it
            continue
        values.setdefault(setting.id, {})[cell_id] = desired[cell_id]
        settings[setting.id] = setting
    return [_setting_step(subject, settings[key], sets, catalogue, terms, at_least) for key, sets in values.items()]


def _place(setting: Setting, terms: Terms) -> str:
    """Where a setting stands, as a step says it."""
    return " > ".join(f'"{worded(part, terms).rstrip(":")}"' for part in (setting.section, setting.group) if part)


def _setting_step(subject: str, setting: Setting, sets: Facts, catalogue: Catalogue, terms: Terms, at_least: Collection[str]) -> Step:
    label, place = worded(setting.label, terms), _place(setting, terms)
    shown = {
        cell.column: worded(sets[cell.id], terms) if isinstance(sets[cell.id], str) else sets[cell.id]
        for cell in setting.cells
        if cell.id in sets
    }
    action = "set"
    if setting.kind == "row":
        clause = f'set "{label}" to ' + ", ".join(f'{column} "{value}"' for column, value in shown.items())
    elif setting.kind == "grid":
        action = "tick" if True in shown.values() else "clear"
        clause = ", ".join(
            f'{verb} {listed([column for column, value in shown.items() if value is state])} of "{label}"'
            for verb, state in (("tick", True), ("clear", False))
            if state in shown.values()
        )
    elif setting.kind == "box":
        action = "tick" if shown[""] else "clear"
        clause = f'{action} "{label}"'
    elif setting.kind == "number":
        least = "at least " if setting.cells[0].id in at_least else ""
        clause = f'set "{label}" to {least}{shown[""]}'
    else:
        clause = f'set "{label}" to "{shown[""]}"'
    if setting.unread:
        clause += f" ({setting.unread})"
    target = " > ".join(part for part in (setting.section, worded(setting.group, terms), label) if part)
    value = shown if setting.kind in ("row", "grid") else shown[""]
    return Step("level", action, target, f"{subject}, {place}: {clause}.", value, dict(sets), subject, place, clause)
