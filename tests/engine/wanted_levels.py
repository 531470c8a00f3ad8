# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Levels as random profiles want them, drawn from the editor's own controls, and what the editor has to hold of them afterwards.

Nothing here asks the collection: were its reading of a profile wrong, these levels would tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from sandbox import editor
from sandbox.editor import BOX, NUMBER, Cell
from sandbox.model import Tenant

Cells = dict[str, Any]

CELLS = editor.cells_by_key()
LOGIN = (
    "Web Services API|Feature Access|Can login to Web Services API (Access to version 1.6 & later is limited to API User security levels)|"
)
CAN_CREATE, MAXIMUM = "Other|Webhooks|Can create Webhooks|", "Other|Webhooks|Maximum number of Webhooks|"
# What no source names a profile can't name either; a whole section has it, too.
_INVENTED = {
    cell.key
    for section in editor.sections(Tenant(0, "", "", "", 1, "Organization", "Device", "en"))
    for group in section.groups
    for setting in group.settings
    for cell in setting.cells
    if setting.invented
}
UNNAMED = {key for key, cell in CELLS.items() if key in _INVENTED or cell.needs in _INVENTED}
FULL, NO = "Full Permission", "No Permission"
SECTIONS = sorted({key.partition("|")[0] for key in CELLS})
# A ticket has forty lines, and the user needs some of them.
MOST_NAMED = 20


@dataclass(frozen=True)
class WantedLevel:
    """What a profile says of a level: `named` has the cells of single settings, `webhooks` how many there may be; None where that isn't said."""

    baseline: str
    sections: Mapping[str, str]
    named: Mapping[str, Any]
    webhooks: int | None

    def written(self) -> dict[str, Any]:
        """The level as a profile has it."""
        settings: dict[str, Any] = {}
        for key, value in self.named.items():
            section, group, label, column = key.split("|")
            branch = settings.setdefault(section, {})
            branch = branch.setdefault(group, {}) if group else branch
            if column:
                branch.setdefault(label, {})[column] = value
            else:
                branch[label] = value
        webhooks = {} if self.webhooks is None else {"webhooks": {"maximum": self.webhooks}}
        return {"baseline": self.baseline, "sections": dict(self.sections), "settings": settings, **webhooks}

    @property
    def decides(self) -> set[str]:
        """The cells that it says something of, webhooks aside: single ones, and those of whole sections."""
        return {*self.named, *(key for key in CELLS if key.partition("|")[0] in self.sections)} - {CAN_CREATE, MAXIMUM}

    def stored(self, before: Mapping[str, Any]) -> Cells:
        """What the editor holds once the level is as wanted; `before` is what a copy holds of what nobody named.

        Sections that no profile names, because only some tenants have them, are cleared with all others, and stay as they are in a copy.
        """
        cells = dict(before) if self.baseline == "copy" else {**_least_of(before), LOGIN: True}
        for section, button in self.sections.items():
            cells |= {key: cell.most if button == FULL else cell.least for key, cell in CELLS.items() if key.startswith(f"{section}|")}
        cells |= self.named
        if self.webhooks is not None:
            cells |= {CAN_CREATE: self.webhooks > 0, MAXIMUM: self.webhooks}
        elif self.baseline == "none" or "Other" in self.sections:
            cells[CAN_CREATE] = False
        return dict(editor.settled(cells))


def _least_of(cells: Mapping[str, Any]) -> Cells:
    """The same cells after No Permission in every section, those that only some tenants have among them."""
    known = editor.cells_by_key(more=editor.MORE_SECTIONS)
    return {key: known[key].least for key in cells}


def _value(chance: Random, cell: Cell) -> Any:
    if cell.kind == BOX:
        return chance.random() < 0.5
    return chance.randint(cell.low, cell.high) if cell.kind == NUMBER else chance.choice(cell.values)


def some_cells(chance: Random, most: int = MOST_NAMED) -> Cells:
    """Some cells with values that can stand together. The two of the webhooks have an option of their own, and without the login nobody signs in."""
    keys = sorted(set(CELLS) - {CAN_CREATE, MAXIMUM, LOGIN, *UNNAMED})
    found = {key: _value(chance, CELLS[key]) for key in sorted(chance.sample(keys, chance.randint(0, most)))}
    for key, value in list(found.items()):
        if CELLS[key].needs and value != CELLS[key].least:
            found[CELLS[key].needs] = True
    return found


def some_more(chance: Random) -> list[str]:
    """Some of the sections that only some tenants have: of one of them every list knows the name at most, of another one nothing."""
    return chance.sample(editor.MORE_SECTIONS, chance.randint(0, len(editor.MORE_SECTIONS)))


def some_level(chance: Random, baseline: str = "") -> WantedLevel:
    """A level as a profile may want it."""
    named = some_cells(chance)
    sections = {section: chance.choice([FULL, NO]) for section in sorted(chance.sample(SECTIONS, chance.randint(0, 3)))}
    full = {cell.needs for key, cell in CELLS.items() if cell.needs and sections.get(key.partition("|")[0]) == FULL and key not in named}
    named |= dict.fromkeys(sorted(full - UNNAMED - {CAN_CREATE}), True)
    if sections.get("Web Services API") == NO:
        named[LOGIN] = True
    chosen = baseline or chance.choice(["none", "copy"])
    return WantedLevel(chosen, sections, named, chance.choice([None, 0, 1, 20]))
