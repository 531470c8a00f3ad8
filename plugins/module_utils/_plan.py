# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""From observed to desired: the steps, and the one sentence of each. Private to the collection.

A plan is pure: it knows no tenant and no applier. What a step brings about is in `sets`; that is what a diff shows and what evidence is about.
The sentences are a contract with whoever works them off, a person or a machine: docs/steps.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils._catalogue import Catalogue, Setting, Value
from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError
from ansible_collections.msp.autotask.plugins.module_utils._labels import DEFAULT_TERMS, Terms, quoted, worded
from ansible_collections.msp.autotask.plugins.module_utils._level import API_ONLY, CAN_CREATE_WEBHOOKS, FULL, NO, WEBHOOK_CELLS

# TicketChecklistItems.itemName in the captured metadata. A newer help page says 600; the smaller number fits everywhere.
LONGEST_SENTENCE = 255

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

    def shown(self) -> dict[str, Any]:
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
    return [fact for fact, value in desired.items() if fact not in observed or observed[fact] != value]


# ---- security levels -------------------------------------------------------------------------------------------------------------


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
) -> list[Step]:
    """The steps that lead a level from `observed` to `desired` (facts: `active`, and cells by their id).

    `observed` is None for a level that doesn't exist; then it is copied from `copy_of`, or `half_made`, a copy that was never renamed, is gone on with.
    A cell that `observed` doesn't have is unknown and is set in any case: by its section's button where `whole` names the section and that button,
    or by itself. `copied` is what the source of a new level is known to hold.
    """
    new = observed is None
    known = dict((copied if observed is None else observed) or {})
    missing = differing(known, desired)
    if not missing and not new:
        return []
    subject = f'Level "{name}"'
    steps = [_open_level(terms, half_made or copy_of, "Edit" if half_made else "Copy") if new else _open_level(terms, name, "Edit")]
    if new:
        steps.append(Step("level", "set", "Name", f'Level editor: set Name to "{name}".', name, {"name": name}))
    if "active" in missing:
        verb = "tick" if desired["active"] else "clear"
        steps.append(Step("level", verb, "Active", f"{subject}: {verb} Active.", sets={"active": desired["active"]}))
    buttons = {button: [section for section, choice in (whole or {}).items() if choice == button] for button in (FULL, NO)}
    pressed = _full_steps(subject, known, desired, catalogue, buttons[FULL], keep_webhooks=not new)
    pressed += _clearing_steps(subject, applied(pressed, known), desired, catalogue, buttons[NO], keep_webhooks=not new)
    steps += pressed
    steps += _setting_steps(subject, applied(pressed, known), desired, catalogue, terms)
    steps.append(Step("level", "press", "Save & Close", f"{subject}: press Save & Close."))
    return steps


def _open_level(terms: Terms, name: str, action: str) -> Step:
    """Open the editor from the list of levels, which appends a suffix to the names of API-only levels."""
    text = f'Open {_admin_path(terms)} > Security Levels. In the menu of "{name}{API_ONLY}" choose {action} Security Level.'
    return Step("security_levels", action.lower(), name, text)


def _admin_path(terms: Terms) -> str:
    return worded("Admin > {Organization} Settings & Users > Resources/Users (HR)", terms)


def _full_steps(subject: str, known: Facts, desired: Facts, catalogue: Catalogue, full: Sequence[str], keep_webhooks: bool) -> list[Step]:
    """Set the sections to Full Permission that hold unknown cells which should be at their most permissive value."""
    webhooks = catalogue.by_cell[CAN_CREATE_WEBHOOKS][0].section
    cells_of: dict[str, dict[str, Value]] = {}
    unknown: dict[str, None] = {}
    for cell_id, (setting, cell) in catalogue.by_cell.items():
        if setting.section not in full or cell.kind == "number":
            continue
        if keep_webhooks and setting.section == webhooks and not any(one in desired for one in WEBHOOK_CELLS):
            continue
        cells_of.setdefault(setting.section, {})[cell_id] = cell.most
        if cell_id in desired and cell_id not in known and desired[cell_id] == cell.most:
            unknown[setting.section] = None
    return _whole_sections(subject, FULL, list(unknown), cells_of)


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
    subject: str, known: Facts, desired: Facts, catalogue: Catalogue, cleared: Sequence[str], keep_webhooks: bool
) -> list[Step]:
    """Clear those of the sections that hold unknown cells which should be at their least permissive value."""
    cells_of: dict[str, dict[str, Value]] = {}
    unknown: dict[str, None] = {}
    for cell_id, (setting, cell) in catalogue.by_cell.items():
        if setting.section not in cleared:
            continue
        cells_of.setdefault(setting.section, {})[cell_id] = cell.least
        if cell_id in desired and cell_id not in known and desired[cell_id] == cell.least:
            unknown[setting.section] = None
    apart = []
    webhooks = catalogue.by_cell[CAN_CREATE_WEBHOOKS][0]
    if keep_webhooks and webhooks.section in unknown and not any(cell_id in desired for cell_id in WEBHOOK_CELLS):
        del unknown[webhooks.section]
        text = f'{subject}: in the section "{webhooks.section}", set everything to its lowest value except the group "{webhooks.group}". Do not save yet.'
        kept = {cell_id: value for cell_id, value in cells_of[webhooks.section].items() if cell_id not in WEBHOOK_CELLS}
        apart.append(Step("level", "clear", f"{webhooks.section}, except {webhooks.group}", text, [webhooks.section], kept))
    return _whole_sections(subject, NO, list(unknown), cells_of) + apart


def _in_fitting_parts(items: list[str], sentence: Callable[[Sequence[str]], str]) -> list[list[str]]:
    """The items in as few parts as it takes for each part's sentence to fit."""
    if len(items) < 2 or len(sentence(items)) <= LONGEST_SENTENCE:
        return [items] if items else []
    half = len(items) // 2
    return _in_fitting_parts(items[:half], sentence) + _in_fitting_parts(items[half:], sentence)


def _setting_steps(subject: str, known: Facts, desired: Facts, catalogue: Catalogue, terms: Terms) -> list[Step]:
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
    return [_setting_step(subject, settings[key], sets, catalogue, terms) for key, sets in values.items()]


def _setting_step(subject: str, setting: Setting, sets: Facts, catalogue: Catalogue, terms: Terms) -> Step:
    label = worded(setting.label, terms)
    place = " > ".join(f'"{worded(part, terms).rstrip(":")}"' for part in (setting.section, setting.group) if part)
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
            f'{verb} {_listed([column for column, value in shown.items() if value is state])} of "{label}"'
            for verb, state in (("tick", True), ("clear", False))
            if state in shown.values()
        )
    elif setting.kind == "box":
        action = "tick" if shown[""] else "clear"
        clause = f'{action} "{label}"'
    elif setting.kind == "number":
        clause = f'set "{label}" to {shown[""]}'
    else:
        clause = f'set "{label}" to "{shown[""]}"'
    if setting.unread:
        clause += f" ({setting.unread})"
    target = " > ".join(part for part in (setting.section, worded(setting.group, terms), label) if part)
    value = shown if setting.kind in ("row", "grid") else shown[""]
    return Step("level", action, target, f"{subject}, {place}: {clause}.", value, dict(sets), subject, place, clause)


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


# ---- API users -------------------------------------------------------------------------------------------------------------------

TEXT_FIELDS = {"first_name": "First Name", "last_name": "Last Name", "email": "Email Address"}
MENUS = {
    "security_level": "Security Level",
    "location": "Primary Internal Location",
    "date_format": "Date Format",
    "time_format": "Time Format",
    "number_format": "Number Format",
}
UNASSIGNED_ITEMS = "Resource can view items with no assigned Line of Business"


def user_steps(name: str, observed: Facts | None, desired: Facts, record: str, terms: Terms = DEFAULT_TERMS) -> list[Step]:
    """The steps that lead an API user from `observed` to `desired` (facts: see `_user`).

    A user that doesn't exist (`observed` is None) also gets a key and a secret; `record` is the sentence that says where they go.
    An existing user's key and secret are never touched: a new secret is a rotation, which somebody asks for.
    """
    new = observed is None
    known: dict[str, Any] = dict(observed) if observed is not None else {"lines_of_business": [], "locked": False}
    missing = [fact for fact in differing(known, desired) if new or fact != "tracking"]
    if not missing and not new:
        return []
    subject = f'API user "{name}"'
    if new:
        text = f"Open {_admin_path(terms)} > Resources/Users. Press the arrow beside New and choose New API User."
        steps = [Step("resources_users", "new", "New API User", text)]
    else:
        steps = [_edit_user(name, terms)]
    fields = {fact: desired[fact] for fact in TEXT_FIELDS if fact in missing}
    if fields:
        shown = _listed([f'{TEXT_FIELDS[fact]} to "{value}"' for fact, value in fields.items()])
        steps.append(Step("api_user", "set", _listed([TEXT_FIELDS[fact] for fact in fields]), f"{subject}: set {shown}.", fields, fields))
    for fact, label in MENUS.items():
        if fact in missing:
            text = f'{subject}: set {label} to "{desired[fact]}".'
            steps.append(Step("api_user", "set", label, text, desired[fact], {fact: desired[fact]}))
    boxes: dict[str, bool] = {fact: desired[fact] for fact in ("active", "locked") if fact in missing}
    if boxes:
        shown = " and ".join(f"{'tick' if value else 'clear'} {fact.title()}" for fact, value in boxes.items())
        steps.append(Step("api_user", "tick", "Active, Locked", f"{subject}: {shown}.", boxes, boxes))
    if new:
        steps.append(Step("api_user", "press", "Generate Key", f"{subject}: press Generate Key and note the Username (Key)."))
        steps.append(_generate_secret(subject))
    if "tracking" in missing:
        steps.append(_tracking_step(subject, desired["tracking"]))
    steps += _line_of_business_steps(subject, desired, missing)
    steps.append(Step("api_user", "press", "Save & Close", f"{subject}: press Save & Close."))
    if new:
        steps.append(Step("credentials", "record", name, record))
    return steps


def secret_steps(name: str, rotation: str, record: str, terms: Terms = DEFAULT_TERMS) -> list[Step]:
    """The steps that give an existing API user a new secret. `rotation` is what this is called; `record` is the sentence that says where it goes.

    The old secret works until Save & Close, and never again: a user has one pair of key and secret.
    """
    subject = f'API user "{name}"'
    return [
        _edit_user(name, terms),
        replace(_generate_secret(subject), sets={"rotation": rotation}),
        Step("api_user", "press", "Save & Close", f"{subject}: press Save & Close."),
        Step("credentials", "record", name, record),
    ]


def record_sentence(name: str, tenant: str, record_as: str) -> str:
    """Where the key, the secret and the identifier of an API user go."""
    return (
        f'Record the Username (Key), the Password (Secret) and, if one was generated, the Tracking Identifier of API user "{name}" '
        f'with the playbook msp.autotask.record_credentials, tenant "{tenant}", integration "{record_as}".'
    )


def _edit_user(name: str, terms: Terms) -> Step:
    return Step("resources_users", "edit", name, f'Open {_admin_path(terms)} > Resources/Users. In the menu of "{name}" choose Edit.')


def _generate_secret(subject: str) -> Step:
    text = f"{subject}: press Generate Secret and note the Password (Secret). It is shown only now."
    return Step("api_user", "press", "Generate Secret", text)


def _tracking_step(subject: str, tracking: Mapping[str, str]) -> Step:
    """With both an integration vendor and an internal integration name, the second is for tenants that don't list the first."""
    vendor, custom = tracking.get("integration_vendor"), tracking.get("internal_integration_name")
    choose_custom = f'hoose Custom (Internal Integration), set Internal Integration Name to "{custom}" and note the Tracking Identifier.'
    if vendor and custom:
        what = f'choose Integration Vendor "{vendor}". If it is not listed, c{choose_custom}'
    elif vendor:
        what = f'choose Integration Vendor "{vendor}".'
    else:
        what = f"c{choose_custom}"
    text = f"{subject}, API Tracking Identifier: {what}"
    return Step("api_user", "choose", "API Tracking Identifier", text, dict(tracking), {"tracking": dict(tracking)})


def _line_of_business_steps(subject: str, desired: Facts, missing: Sequence[str]) -> list[Step]:
    place, steps = f"{subject}, Line of Business", []
    if "lines_of_business" in missing:
        names = list(desired["lines_of_business"])
        what = f"{quoted(names)}, and nothing else" if names else "nothing"
        steps.append(Step("api_user", "associate", "Line of Business", f"{place}: associate {what}.", names, {"lines_of_business": names}))
    if "unassigned_items" in missing:
        verb = "tick" if desired["unassigned_items"] else "clear"
        sets = {"unassigned_items": desired["unassigned_items"]}
        steps.append(Step("api_user", verb, UNASSIGNED_ITEMS, f'{place}: {verb} "{UNASSIGNED_ITEMS}".', sets=sets))
    return steps


# ---- sentences -------------------------------------------------------------------------------------------------------------------


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
