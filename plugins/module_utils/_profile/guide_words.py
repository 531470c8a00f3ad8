# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the words of a guide's module list mean: "Contracts: read and write". Private to the collection.

No guide says which cells it means by such words; this table is the collection's reading of them, least privilege first, and every cell that comes
from it is reported as assumed. `read` is the first column, `read and write` the first and the second. Nothing here grants Delete.

A `-` means that the section can't express the word: it holds check boxes that grant something, or nothing, and none of them only lets one read.
Such a word grants nothing, and is reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._text import folded

READ, WRITE = "read", "read and write"
SPELLINGS = {READ: ("read", "view", "read only", "read access"), WRITE: ("read and write", "read/write", "write", "view, add, edit")}
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
"""
ROWS: Mapping[str, tuple[str, str]] = {
    section.strip(): (read.strip(), write.strip()) for section, read, write in (line.split("|") for line in TABLE.strip().splitlines()[1:])
}


def word_of(text: object) -> str | None:
    """`read` or `read and write`, whatever the spelling; None for other words."""
    return next((word for word, spellings in SPELLINGS.items() if folded(str(text)) in {folded(one) for one in spellings}), None)


def meaning_of(section: str, word: str) -> dict[str, Any]:
    """The settings of a section that a word stands for; empty where the section can't express it."""
    read, write = ROWS[section]
    settings = _settings(read)
    if word == WRITE:
        for label, value in _settings(write).items():
            settings[label] = {**settings.get(label, {}), **value} if isinstance(value, dict) else value
    return settings


def _settings(text: str) -> dict[str, Any]:
    """`Products: View All, Add Yes` as a mapping; a value without a column is the setting's own."""
    settings: dict[str, Any] = {}
    for part in text.split(";") if text != "-" else ():
        label, _colon, values = part.rpartition(":")
        words = [value.strip().rpartition(" ") for value in values.split(",")]
        settings[label.strip()] = {column: value for column, _space, value in words if column} or values.strip()
    return settings
