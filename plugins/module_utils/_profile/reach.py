# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How far a profile's users reach beyond what it names: copies, and the system levels for API users. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .._catalogue.model import Catalogue
from .._catalogue.terms import DEFAULT_TERMS, worded
from .._documents.names import cell_label
from .._documents.security_level import NO, Level, named, wanted_cells
from .._entities import SYSTEM_SOURCE, is_system
from .resolve import Profile, ProfileLevel


def taken_away(one: ProfileLevel, catalogue: Catalogue) -> list[dict[str, Any]]:
    """What a copy has not, or less, of what a system level has, as `level` and `setting`; nothing for a level that begins empty."""
    level = one.level
    if not _is_copy(level):
        return []
    label = cell_label(catalogue, DEFAULT_TERMS)
    sections = [section for section, choice in _sections(level).items() if choice == NO]
    lowered = []
    for cell_id, value in wanted_cells(level, catalogue).items():
        setting, cell = catalogue.by_cell[cell_id]
        if cell_id in named(level) and setting.section not in sections and value != cell.most and cell.kind != "number":
            lowered.append(label(cell_id) if value == cell.least else f"{label(cell_id)}: no more than {worded(str(value))}")
    return [{"level": level.name, "setting": text} for text in (*(f"{section} > everything" for section in sections), *lowered)]


def may_do_everything(profile: Profile, catalogue: Catalogue) -> Iterator[str]:
    """A sentence for each level, and for each user with a system level, that reaches as far as Autotask lets an API user."""
    for one in profile.levels:
        root = copied_system_level(one.level)
        if root:
            less = ", but what the copy takes away" if taken_away(one, catalogue) else ""
            yield f'The level "{one.level.name}" is made as a copy of "{root}": its users may do {_everything(root)}{less}.'
    for user in profile.users:
        if is_system(user["security_level"]):
            name, level = f"{user['first_name']} {user['last_name']}", user["security_level"]
            yield f'The API user "{name}" may do {_everything(level)}: its level is "{level}".'


def copied_system_level(level: Level) -> str:
    """The system level for API users whose rights a copy keeps; empty for a level that begins empty, or is a copy of a tenant's own level."""
    if level.baseline == "none":
        return ""
    if level.source:
        return copied_system_level(level.source)
    return level.copy_of if is_system(level.copy_of) else ""


def _is_copy(level: Level) -> bool:
    return level.baseline == "copy" and (level.source is None or _is_copy(level.source))


def _sections(level: Level) -> dict[str, str]:
    """The whole sections that a copy and what it is copied from name."""
    return {**(_sections(level.source) if level.source else {}), **level.sections}


def _everything(system_level: str) -> str:
    return "everything that an API user can" if system_level == SYSTEM_SOURCE else "everything that an API user can but read costs"
