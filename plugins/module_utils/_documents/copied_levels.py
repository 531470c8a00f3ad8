# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Levels that are copies of levels: their settings in one. Private to the collection."""

from __future__ import annotations

from dataclasses import replace

from .._catalogue.model import Catalogue
from .security_level import Level, completed
from .webhook_limit import WEBHOOK_CELLS


def flattened(level: Level, catalogue: Catalogue) -> Level:
    """The same settings without a source: as if a copy of a copy had been made in one go. Webhooks are every level's own."""
    if level.source is None:
        return level
    source = flattened(level.source, catalogue)
    kept = {
        cell: value
        for cell, value in source.cells.items()
        if cell not in WEBHOOK_CELLS and catalogue.by_cell[cell][0].section not in level.sections
    }
    return replace(
        level, baseline=source.baseline, sections={**source.sections, **level.sections}, cells={**kept, **level.cells}, source=None
    )


def tenant_level(level: Level, catalogue: Catalogue) -> Level:
    """The level as a tenant gets it and its change keeps it: the settings of the level that it is a copy of in one, as if that had no source."""
    if level.source is None:
        return level
    source = flattened(level.source, catalogue)
    own = Level(name=level.copy_of, baseline=source.baseline, cells=source.cells, sections=source.sections)
    return replace(level, source=completed(own, catalogue))
