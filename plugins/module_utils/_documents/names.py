# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Names of security levels and of their settings. Private to the collection."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from .._catalogue.model import MIRRORS, Catalogue
from .._catalogue.terms import Terms, worded
from .._entities import SYSTEM_API_LEVELS, is_system
from .._errors import InputError
from .._text import as_seen, compared, for_error, quotable

# Names in a public dump of a tenant's pick-list end at exactly 50 characters.
LONGEST_NAME = 50
# What lies beside recorded credentials: see `_credentials.store`.
PREVIOUS, ESCROW, SESSION = ".previous", ".escrow", "console.session"
RESERVED = (PREVIOUS, ESCROW, SESSION)
LONGEST_KEY = 30  # of the 50 characters of an externalID
API_ONLY = " (API-only)"
# Stands among a level's facts for all sections that the catalogue has no settings of: the vendor adds some, and some only certain tenants have.
OTHER_SECTIONS = "other_sections"
# Stands among the facts of a copy for all that nobody named; its value is the level that it is as in. Webhooks aside, which have a limit of their own.
AS_COPIED = "as_copied"


def bare_name(name: str) -> str:
    """The name as it is stored: the list of levels appends ` (API-only)`, nothing else does."""
    return name.strip().removesuffix(API_ONLY).rstrip()


def check_level_name(name: object, option: str = "name") -> str:
    """The name, fit to be written. Raises InputError for an empty or long one, a system level, and what a step's sentence can't carry."""
    text = bare_name(str(name or ""))
    if not text:
        raise InputError([option], "the level needs a name", "name_missing")
    if len(text) > LONGEST_NAME:
        raise InputError([option], f'"{text}" has {len(text)} characters; Autotask takes at most {LONGEST_NAME}', "name_too_long")
    if not quotable(text):
        raise InputError(
            [option], "double quotes, line breaks and characters that nobody sees can't be part of a level's name here", "name_characters"
        )
    if is_system(text):
        raise InputError(
            [option], f'"{text}" is a system level; those can be copied, but not changed. Choose a name of your own.', "system_level"
        )
    return text


def check_user_level(name: object) -> str:
    """The name of a level that an API user can have: one of the tenant's own, or a system level for API users. Raises InputError."""
    text = bare_name(str(name or ""))
    return text if text in SYSTEM_API_LEVELS else check_level_name(text, "security_level")


def cell_label(catalogue: Catalogue, terms: Terms) -> Callable[[str], str]:
    """Names facts of a level as the editor does: `CRM > Object Permissions > Notes > Add`."""

    def label(fact: str) -> str:
        if fact not in catalogue.by_cell:
            return {"active": "Active", "name": "Name", OTHER_SECTIONS: "Every other section", AS_COPIED: "Everything else"}.get(fact, fact)
        setting, cell = catalogue.by_cell[fact]
        parts = (setting.section, worded(setting.group, terms).rstrip(":"), worded(setting.label, terms), cell.column)
        return " > ".join(part for part in parts if part)

    return label


def mirror_remarks(cells: Iterable[str], catalogue: Catalogue) -> Iterator[str]:
    """A sentence on each of these cells that the editor only shows, because another one of its row says what it does."""
    shown = {cell.id: (setting, cell) for setting in catalogue.settings for cell in setting.cells if str(cell.fixed).startswith(MIRRORS)}
    for setting, cell in (shown[cell_id] for cell_id in cells if cell_id in shown):
        parts = (setting.section, worded(setting.group).rstrip(":"), worded(setting.label), cell.column)
        label, other = " > ".join(part for part in parts if part), str(cell.fixed).removeprefix(MIRRORS)
        yield f"{label} is not set by itself: the editor shows what {other} says, as it is wanted."


def name_key(name: str) -> str:
    """What the names of levels are compared by: as people see them, capitals and the suffix of the list aside."""
    return compared(bare_name(as_seen(name)))


def same_name(one: str, other: str) -> bool:
    """Whether two level names are the same; see `name_key`."""
    return name_key(one) == name_key(other)


def person_key(first_name: str, last_name: str) -> tuple[str, str]:
    """What the names of API users are compared by: as people see them, capitals aside."""
    return compared(first_name), compared(last_name)


def check_key(name: str, option: str = "integration") -> str:
    """The key of an integration, or a name that is made of one, fit to be part of an externalID and of a file's name. Raises InputError."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", name) or len(name) > LONGEST_KEY:
        raise InputError(
            [option],
            f"{for_error(name)} is not a key: lower-case letters, digits, dots, dashes and underscores, at most {LONGEST_KEY} characters",
            "integration",
        )
    if name.endswith(RESERVED):
        raise InputError(
            [option],
            f'"{name}" can\'t be a key: files that end like this hold what a rotation or a browser keeps for a while',
            "reserved_key",
        )
    return name
