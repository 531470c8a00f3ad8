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
from .._text import quoted
from .resolved import Profile, ProfileLevel

# A ticket's description has to hold the sentence.
MOST_TOLD = 40


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
        roots = _roots(profile, one)
        systems = [name for name in roots if is_system(name)]
        if systems:
            may = f"its users may do {_everything(SYSTEM_SOURCE if SYSTEM_SOURCE in systems else systems[0])}"
            where = f", where it is a copy of {quoted(systems, 'or')}" if len(systems) < len(roots) else ""
            less = ", but what the copy takes away" if taken_away(one, catalogue) else ""
            yield f'The level "{one.level.name}" is made as a copy of {quoted(roots, "or")}: {may}{where}{less}.'
    for user in profile.users:
        if is_system(user["security_level"]):
            name, level = f"{user['first_name']} {user['last_name']}", user["security_level"]
            yield f'The API user "{name}" may do {_everything(level)}: its level is "{level}".'


def losses(profile: Profile, catalogue: Catalogue) -> Iterator[str]:
    """A sentence for each copy on what it takes away, as far as the profile says it."""
    for one in profile.levels:
        away = [entry["setting"] for entry in taken_away(one, catalogue)]
        more = [f"and {len(away) - MOST_TOLD} more"] if len(away) > MOST_TOLD else []
        if away:
            yield f'The level "{one.level.name}" takes away: {"; ".join([*away[:MOST_TOLD], *more])}.'


def _roots(profile: Profile, one: ProfileLevel) -> list[str]:
    """The levels of a tenant whose rights a copy keeps, one of them at a time; none for a level that begins empty."""
    if one.level.baseline == "none":
        return []
    source = next((level for level in profile.levels if one.level.source and level.level.name == one.level.copy_of), None)
    return _roots(profile, source) if source else list(one.copied_from)


def _is_copy(level: Level) -> bool:
    return level.baseline == "copy" and (level.source is None or _is_copy(level.source))


def _sections(level: Level) -> dict[str, str]:
    """The whole sections that a copy and what it is copied from name."""
    return {**(_sections(level.source) if level.source else {}), **level.sections}


def _everything(system_level: str) -> str:
    return "everything that an API user can" if system_level == SYSTEM_SOURCE else "everything that an API user can but read costs"
