# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The editor of a security level: its cells by the catalogue's labels, read all at once and set one by one. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._catalogue.model import COLUMN_ALIASES, Catalogue, Cell, Setting, Value
from .._catalogue.terms import spellings, worded
from .._documents.names import OTHER_SECTIONS, cell_label
from .._errors import AutotaskError
from .._text import folded, quoted
from .browser import Moving
from .controls import set_control
from .locate import SERVES, View, find, matching, now, plain, press
from .navigation import SHOWN_SECONDS, Desk, page
from .survey import Control, Text

ROUNDS = 5
# How long a section may take to open before it is pressed again.
OPENED_SECONDS = 2.0


@dataclass(frozen=True)
class LevelSeen:
    """A level as its editor shows it.

    `missing` are settings of the catalogue that are not on the page, `unknown` what is on the page and not in the catalogue. Of sections that the
    catalogue has no settings of, `granted_elsewhere` are the boxes that are ticked, and `judged_elsewhere` says that there is nothing but boxes.
    """

    name: str
    active: bool | None
    cells: Mapping[str, Value]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    granted_elsewhere: tuple[str, ...] = ()
    judged_elsewhere: bool = True


@dataclass
class LevelPage:
    """An open editor. `found` has the controls of each cell; more than one is ambiguous. `elsewhere` are those of sections that nobody knows, by label."""

    view: View
    found: dict[str, list[Control]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    elsewhere: dict[str, Control] = field(default_factory=dict)

    @property
    def granted_elsewhere(self) -> list[str]:
        """The ticked boxes of sections that nobody knows."""
        return [label for label, control in self.elsewhere.items() if control.value is True]


def open_page(desk: Desk, catalogue: Catalogue) -> LevelPage:
    """The editor that is shown, with its first tab in front and every section open."""
    view = page(desk, "level")
    tab = matching(view, desk.field("level", "general"))
    if len(tab) == 1 and not _closed(desk, view, catalogue) and not _interpreted(view, catalogue, desk).found:
        press(desk.browser, tab[0], tab[0].label)
        view = page(desk, "level")
    for _round in range(ROUNDS):
        closed = _closed(desk, view, catalogue)
        if not closed:
            return _interpreted(view, catalogue, desk)
        view = _opened(desk, closed, catalogue)
    still = quoted([control.label for control in closed])
    raise AutotaskError(f"In the level editor, the section {still} does not open. Nothing was saved there.", "section_closed")


def _opened(desk: Desk, closed: Sequence[Control], catalogue: Catalogue) -> View:
    """The editor once the sections are open that were pressed, or as it is after a while: then they are pressed again."""
    for control in closed:
        try:
            if now(desk.browser, control).open is False:
                press(desk.browser, control, control.label)
        except Moving:
            break
    pressed = {folded(control.label) for control in closed}

    def shows() -> View | None:
        view = page(desk, "level")
        return None if any(folded(control.label) in pressed for control in _closed(desk, view, catalogue)) else view

    return desk.browser.wait(shows, OPENED_SECONDS) or page(desk, "level")


def _section_names(catalogue: Catalogue) -> dict[str, str]:
    """The sections that settings are known of, by every name, folded."""
    known = {setting.section for setting, _cell in catalogue.by_cell.values()}
    return {name: section for name, section in catalogue.sections_by_name.items() if section in known}


def _closed(desk: Desk, view: View, catalogue: Catalogue) -> list[Control]:
    names = {*_section_names(catalogue), *(folded(title) for title in _unknown_sections(desk, view, catalogue))}
    return [control for control in view.controls if control.open is False and folded(control.label) in names]


def _titled(desk: Desk, view: View, catalogue: Catalogue, button: str) -> list[tuple[str, Control]]:
    """The buttons of that name with what their sections are called: by the headings that they stand in, or else by the heading before."""
    sections, buttons = _section_names(catalogue), matching(view, desk.field("level", button))
    found, before = [], ""
    for item in (item for seen in view.frames for item in seen.items):
        if isinstance(item, Text):
            before = before if item.used or item.pressed else item.text
        elif item.open is not None:
            before = item.label
        elif any(item is one for one in buttons):
            known = next((name for name in reversed(item.path) if folded(name) in sections), None)
            found.append((known or (item.path[-1] if item.path else before), item))
    return found


def _unknown_sections(desk: Desk, view: View, catalogue: Catalogue) -> dict[str, Control]:
    """The buttons No Permission of those sections that the catalogue has no settings of, by what the sections are called."""
    sections = _section_names(catalogue)
    return {title: button for title, button in _titled(desk, view, catalogue, "no_permission") if folded(title) not in sections}


def _interpreted(view: View, catalogue: Catalogue, desk: Desk) -> LevelPage:
    """Each control with a label under the heading of a section is one of that section's cells, or unknown."""
    sections = _section_names(catalogue)
    index = _Index(catalogue)
    header = {plain(label) for name in ("name", "active") for label in desk.field("level", name).labels}
    result = LevelPage(view)
    others = {folded(title): title for title in _unknown_sections(desk, view, catalogue)}
    section = group = other = ""
    unknown: dict[str, None] = {}
    for item in (item for seen in view.frames for item in seen.items):
        if isinstance(item, Text):
            if item.used or item.pressed:
                continue
            heading = index.group(section, item.text)
            if heading is not None:
                group = heading
            elif folded(item.text) in (*sections, *others):
                section, group, other = sections.get(folded(item.text), ""), "", others.get(folded(item.text), "")
            continue
        if item.kind == "action":
            if item.open is not None and folded(item.label) in (*sections, *others):
                section, group, other = sections.get(folded(item.label), ""), "", others.get(folded(item.label), "")
            continue
        if item.kind in ("choice", "drawn_choice"):
            continue
        if plain(item.label) in header:
            section = group = other = ""
        inside = next((sections[folded(name)] for name in reversed(item.path) if folded(name) in sections), None)
        unlisted = None if inside else next((others[folded(name)] for name in reversed(item.path) if folded(name) in others), other)
        if unlisted:
            label = " > ".join(part for part in (unlisted, item.row or item.label, item.column) if part)
            result.elsewhere[label] = item
            unknown[label] = None
            continue
        here = inside or section
        if not here:
            continue
        groups = {heading for name in item.path if (heading := index.group(here, name)) is not None} or {group}
        cell = index.cell(here, groups, item, desk)
        if cell is None:
            label = " > ".join(part for part in (here, item.row or item.label, item.column) if part)
            unknown[label] = None
        elif cell:
            result.found.setdefault(cell, []).append(item)
    result.unknown = list(unknown)
    return result


class _Index:
    """The catalogue by what the page shows. Labels come before aliases."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._settings: dict[tuple[str, str], list[Setting]] = {}
        self._groups: dict[tuple[str, str], str] = {}
        for setting in catalogue.settings:
            for name in (setting.group, *catalogue.groups.get(setting.group, ())):
                for spelling in spellings(name):
                    if spelling:
                        self._groups.setdefault((setting.section, folded(spelling)), setting.group)
        for names in (lambda setting: (setting.label,), lambda setting: setting.aliases):
            taken = set(self._settings)
            for setting in catalogue.settings:
                for spelling in {folded(spelling) for label in names(setting) for spelling in spellings(label)}:
                    if (setting.section, spelling) not in taken:
                        self._settings.setdefault((setting.section, spelling), []).append(setting)

    def group(self, section: str, text: str) -> str | None:
        """The group of the section whose heading the text is."""
        return self._groups.get((section, folded(text)))

    def cell(self, section: str, groups: Iterable[str], control: Control, desk: Desk) -> str | None:
        """The id of the cell that the control holds, `""` for one that can't be set anyway, None for one that the catalogue doesn't have."""
        for name in dict.fromkeys((control.row, control.label) if control.column else (control.label,)):
            settings = self._settings.get((section, folded(name)), [])
            if len(settings) > 1:
                settings = [setting for setting in settings if setting.group in groups] or settings
            if len(settings) == 1:
                return _cell_of(settings[0], control, desk)
        return None


def _cell_of(setting: Setting, control: Control, desk: Desk) -> str | None:
    rule = desk.locators.settings.get(setting.kind)
    if rule is None:
        return ""
    if control.kind not in SERVES[rule["kind"]]:
        return None
    if rule["by"] == "label":
        return setting.cells[0].id if setting.settable else ""
    for cell in setting.cells:
        if folded(control.column) in {folded(name) for name in (cell.column, *COLUMN_ALIASES.get(cell.column, ()))}:
            return cell.id if cell.fixed is None else ""
    return None


def read(desk: Desk, opened: LevelPage, catalogue: Catalogue) -> LevelSeen:
    """What the editor shows. Raises AutotaskError (`control_ambiguous`) where two controls could be the same setting."""
    label = cell_label(catalogue, desk.terms)
    cells: dict[str, Value] = {}
    unknown = list(opened.unknown)
    for cell_id, controls in opened.found.items():
        if cell_id not in catalogue.by_cell:
            continue
        control = _only(controls, label(cell_id))
        value = value_of(catalogue.by_cell[cell_id][1], control.value)
        if value is _NO_VALUE:
            unknown.append(f"{label(cell_id)}: a value that the catalogue doesn't have")
        else:
            cells[cell_id] = value
    names = matching(opened.view, desk.field("level", "name"))
    actives = matching(opened.view, desk.field("level", "active"))
    return LevelSeen(
        name=str(names[0].value) if len(names) == 1 else "",
        active=actives[0].value if len(actives) == 1 else None,
        cells={cell_id: cells[cell_id] for cell_id in catalogue.by_cell if cell_id in cells},
        missing=tuple(label(cell_id) for cell_id in catalogue.by_cell if cell_id not in opened.found),
        unknown=tuple(unknown),
        granted_elsewhere=tuple(opened.granted_elsewhere),
        judged_elsewhere=all(isinstance(control.value, bool) for control in opened.elsewhere.values()),
    )


_NO_VALUE: Any = object()


def value_of(cell: Cell, shown: Any) -> Value:
    """The catalogue's value for what a control shows, or `_NO_VALUE`."""
    if cell.kind == "box":
        return shown if isinstance(shown, bool) else _NO_VALUE
    if cell.kind == "number":
        text = str(shown or "").strip()
        return int(text) or None if text.isdecimal() else None if not text else _NO_VALUE
    wanted = folded(str(shown))
    return next((value for value in cell.values if wanted in {folded(spelling) for spelling in spellings(value)}), _NO_VALUE)


def _only(controls: Sequence[Control], label: str) -> Control:
    if len(controls) > 1:
        raise AutotaskError(
            f'{len(controls)} controls of the level editor are called "{label}", and exactly one is needed. Nothing was saved there.',
            "control_ambiguous",
        )
    return controls[0]


def set_cells(desk: Desk, opened: LevelPage, catalogue: Catalogue, sets: Mapping[str, Value]) -> LevelPage:
    """Gives cells their values, each read back at once. Returns the editor as it is afterwards.

    Raises AutotaskError: `control_missing`, `control_ambiguous`, `control_disabled`, `not_listed`, `not_taken`.
    """
    label = cell_label(catalogue, desk.terms)
    for cell_id, value in sets.items():
        for attempt in (1, 2):
            control = _control(opened, cell_id, label(cell_id))
            try:
                if value_of(catalogue.by_cell[cell_id][1], now(desk.browser, control).value) != value:
                    set_control(desk.browser, control, _shown(desk, control, catalogue.by_cell[cell_id][1], value), label(cell_id))
                break
            except Moving:
                if attempt == 2:
                    raise AutotaskError(
                        f'The page changed while "{label(cell_id)}" was set. Nothing was saved there.', "not_taken"
                    ) from None
                opened = open_page(desk, catalogue)
    return opened


def _control(opened: LevelPage, cell_id: str, label: str) -> Control:
    if cell_id not in opened.found:
        raise AutotaskError(
            f'"{label}" is not on the page level of the console, or under another label. Nothing was saved there. '
            "A label that only this tenant uses can be named with `extra_settings`.",
            "control_missing",
        )
    return _only(opened.found[cell_id], label)


def _shown(desk: Desk, control: Control, cell: Cell, value: Value) -> Any:
    """The value as this page words it: of a list whose entries are known, the entry that means it."""
    if not isinstance(value, str):
        return value
    wanted = {folded(spelling) for spelling in spellings(value)}
    return next((option for option in control.options if folded(option) in wanted), worded(value, desk.terms))


def press_in_section(desk: Desk, opened: LevelPage, catalogue: Catalogue, name: str, section: str, sets: Mapping[str, Value]) -> LevelPage:
    """Presses Full Permission or No Permission of a section, and waits until its cells show that. Returns the editor as it is afterwards."""
    button = desk.field("level", name)
    try:
        press(desk.browser, _section_button(desk, opened, catalogue, name, section), f"{button.shown} of {section}")
    except Moving:
        opened = open_page(desk, catalogue)
        press(desk.browser, _section_button(desk, opened, catalogue, name, section), f"{button.shown} of {section}")
    of_section = {cell_id: value for cell_id, value in sets.items() if catalogue.by_cell[cell_id][0].section == section}
    label = cell_label(catalogue, desk.terms)

    def shows() -> LevelPage | None:
        later = open_page(desk, catalogue)
        return later if not _wrong(later, catalogue, of_section) else None

    later = desk.browser.wait(shows, SHOWN_SECONDS)
    if later is None:
        wrong = _wrong(open_page(desk, catalogue), catalogue, of_section)
        if not wrong:
            return open_page(desk, catalogue)
        raise AutotaskError(
            f'{button.shown} of {section} was pressed, but "{label(wrong[0])}" does not hold the new value. Nothing was saved there.',
            "not_taken",
        )
    return later


def _section_button(desk: Desk, opened: LevelPage, catalogue: Catalogue, name: str, section: str) -> Control:
    """The button of that name in the section: by the headings that it stands under, or else the one that stands below the section's heading."""
    sections = _section_names(catalogue)
    own = [button for title, button in _titled(desk, opened.view, catalogue, name) if sections.get(folded(title)) == section]
    return own[0] if len(own) == 1 else find(desk.browser, opened.view, desk.field("level", name), section)


def press_elsewhere(desk: Desk, opened: LevelPage, catalogue: Catalogue) -> LevelPage:
    """Presses No Permission in every section that the catalogue has no settings of, and waits until no box there is ticked. Returns the editor then."""
    for title in _unknown_sections(desk, opened.view, catalogue):
        try:
            press(desk.browser, _unknown_sections(desk, opened.view, catalogue)[title], f"No Permission of {title}")
        except Moving:
            opened = open_page(desk, catalogue)
            press(desk.browser, _unknown_sections(desk, opened.view, catalogue)[title], f"No Permission of {title}")

        def cleared(title: str = title) -> LevelPage | None:
            later = open_page(desk, catalogue)
            return None if any(label.startswith(f"{title} > ") for label in later.granted_elsewhere) else later

        later = desk.browser.wait(cleared, SHOWN_SECONDS)
        if later is None:
            raise AutotaskError(
                f"No Permission of {title} was pressed, but a box there is still ticked. Nothing was saved there.", "not_taken"
            )
        opened = later
    return opened


def _wrong(opened: LevelPage, catalogue: Catalogue, sets: Mapping[str, Value]) -> list[str]:
    """The cells that the page shows otherwise, or more than once. What it doesn't show at all can't be judged: `LevelSeen.missing` tells of it."""
    return [
        cell_id
        for cell_id, value in sets.items()
        if any(value_of(catalogue.by_cell[cell_id][1], control.value) != value for control in opened.found.get(cell_id, []))
        or len(opened.found.get(cell_id, [])) > 1
    ]


def check(desk: Desk, catalogue: Catalogue, facts: Mapping[str, Any]) -> LevelPage:
    """Looks at the whole editor afresh. Raises AutotaskError (`not_taken`) when a fact (`name`, `active`, cells) is otherwise than it was set."""
    opened = open_page(desk, catalogue)
    label = cell_label(catalogue, desk.terms)
    cells = {fact: value for fact, value in facts.items() if fact in catalogue.by_cell}
    wrong = _wrong(opened, catalogue, cells)
    for fact in ("name", "active"):
        if fact in facts and find(desk.browser, opened.view, desk.field("level", fact)).value != facts[fact]:
            wrong.append(fact)
    if OTHER_SECTIONS in facts and opened.granted_elsewhere:
        wrong.append(OTHER_SECTIONS)
    if wrong:
        raise AutotaskError(f'In the level editor, "{label(wrong[0])}" does not hold what was set. Nothing was saved there.', "not_taken")
    return opened


def set_header(desk: Desk, opened: LevelPage, name: str, value: Any) -> None:
    """Sets Name or Active."""
    field = desk.field("level", name)
    set_control(desk.browser, find(desk.browser, opened.view, field), value, field.shown)
