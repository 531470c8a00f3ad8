# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the words of a guide's module list mean: "Contracts: read and write". Private to the collection.

No guide says which cells it means by such words; this is the collection's reading of them, least privilege first, and every cell that comes from it is
reported as assumed. `read` is the first column of the table, `read and write` the first and the second. `create, edit, delete` is, of the objects that
these name, whatever lets one add, edit and delete; no other word grants Delete. `view all for every object` is the View of each object of the section,
whether the table names it or not.

A `-` means that the section can't express the word: it holds check boxes that grant something, or nothing, and none of them only lets one read.
Such a word grants nothing, and is reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._catalogue.lookup import find_section
from .._catalogue.model import Catalogue, Value
from .._documents.security_level import FULL, NO, named_cells
from .._errors import InputError, raise_all
from .._text import folded, for_error, quoted

READ, WRITE, CHANGE, VIEW_ALL = "read", "read and write", "create, edit, delete", "view all for every object"
SPELLINGS = {
    READ: ("read", "view", "read only", "read access"),
    WRITE: ("read and write", "read/write", "write", "view, add, edit"),
    CHANGE: ("create, edit, delete", "create/edit/delete", "add, edit, delete", "view, add, edit, delete"),
    VIEW_ALL: ("view all for every object", "view all", "all objects: view all"),
}
TABLE = """
section                    | read                                             | and write
Contracts                  | Contracts: View All; Contract Visibility: Full   | Contracts: Add Yes
CRM                        | Customer & Cancelation: All                      | Organizations: Add Yes, Edit All; Contacts: Add Yes
Inventory                  | Products: View All                               | Products: Add Yes
Projects                   | Client & Internal: View All                      | Client & Internal: Add Yes
Service Desk               | Tickets: View All                                | Tickets: Add Yes, Edit Yes
Documents & Knowledge Base | Can access Knowledge Base: true; Can access Documents: true | -
Timesheets                 | -                                                | -
Reports                    | -                                                | -
Admin                      | -                                                | -
Other                      | -                                                | -
Web Services API           | Can login to Web Services API: true              | -
Workforce Management       | -                                                | -
"""
# Whose View stands elsewhere in the section than in their rows.
SEEN_BY = {"CRM": "Customer & Cancelation: All; Vendor & Partners: All; Prospects, Leads, & Dead: All"}
ROWS: Mapping[str, tuple[str, str]] = {
    section.strip(): (read.strip(), write.strip()) for section, read, write in (line.split("|") for line in TABLE.strip().splitlines()[1:])
}


def word_of(text: object) -> str | None:
    """One of the words, whatever the spelling; None for others."""
    return next((word for word, spellings in SPELLINGS.items() if folded(str(text)) in {folded(one) for one in spellings}), None)


def parse_modules(written: Mapping[Any, object], catalogue: Catalogue, place: Sequence[str]) -> list[tuple[str, str, tuple[str, ...]]]:
    """The sections that a guide's module list names, with `read` or `read and write`, and their places. Raises InputError for all that is anything else."""
    found: dict[str, tuple[str, str, tuple[str, ...]]] = {}
    errors: list[InputError] = []
    for text, value in written.items():
        inside = (*place, str(text))
        try:
            section, word = find_section(catalogue, str(text), inside), _word(value, inside)
        except InputError as error:
            errors.append(error)
            continue
        if section in found:
            errors.append(InputError(inside, "the same section is named twice, perhaps in two spellings", "named_twice"))
        found[section] = (section, word, inside)
    raise_all(errors)
    return list(found.values())


def _word(written: object, place: Sequence[str]) -> str:
    word = word_of(written)
    if word is None:
        whole = " Whole sections stand below `sections`." if folded(str(written)) in (folded(FULL), folded(NO)) else ""
        words = f"{for_error(written)} is no word of the table of module words; choose {quoted(SPELLINGS, 'or')}, or name the settings"
        raise InputError(place, f"{words}.{whole}" if whole else words, "word")
    return word


def meaning_of(section: str, word: str, catalogue: Catalogue) -> dict[str, Value]:
    """The cells of a section that a word stands for; empty where the section can't express it."""
    read, write = ROWS[section]
    if word == VIEW_ALL:
        return {**_seen(section, catalogue), **_cells(section, SEEN_BY.get(section, "-"), catalogue)}
    found = _cells(section, read, catalogue)
    if word in (WRITE, CHANGE):
        found |= _cells(section, write, catalogue)
    if word == CHANGE:
        rows = {catalogue.by_cell[cell_id][0].id: catalogue.by_cell[cell_id][0] for cell_id in found}
        found |= {cell.id: cell.most for setting in rows.values() for cell in setting.settable if cell.column in ("Add", "Edit", "Delete")}
    return found


def _seen(section: str, catalogue: Catalogue) -> dict[str, Value]:
    """The View of each object of the section."""
    objects = [setting for setting in catalogue.settings if setting.section == section and setting.kind == "row"]
    return {cell.id: cell.most for setting in objects for cell in setting.settable if cell.column == "View"}


def _cells(section: str, text: str, catalogue: Catalogue) -> dict[str, Value]:
    return {cell_id: value for cell_id, value, _place in named_cells({section: _settings(text)}, catalogue, ())}


def _settings(text: str) -> dict[str, Any]:
    """`Products: View All, Add Yes` as a mapping; a value without a column is the setting's own."""
    settings: dict[str, Any] = {}
    for part in text.split(";") if text != "-" else ():
        label, _colon, values = part.rpartition(":")
        words = [value.strip().rpartition(" ") for value in values.split(",")]
        settings[label.strip()] = {column: value for column, _space, value in words if column} or values.strip()
    return settings
