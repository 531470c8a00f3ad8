# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Levels and users as people might want them, for property tests."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from ansible_collections.msp.autotask.plugins.module_utils._catalogue import model
from ansible_collections.msp.autotask.plugins.module_utils._catalogue.terms import DEVICE, ORGANIZATION
from ansible_collections.msp.autotask.plugins.module_utils._documents.api_user import User
from ansible_collections.msp.autotask.plugins.module_utils._documents.security_level import CAN_LOGIN, FULL, NO, Level, wanted_cells

CATALOGUE = model.standard()
ORDER = list(CATALOGUE.by_cell)
BASELINES = st.sampled_from(["none", "copy"])

terms = st.fixed_dictionaries({}, optional={"organization": st.sampled_from(list(ORGANIZATION)), "device": st.sampled_from(list(DEVICE))})
names = st.text(st.characters(categories=("L", "N"), include_characters=" &-.'"), min_size=1, max_size=50).map(str.strip).filter(bool)


def _values(cell):
    if cell.kind == "box":
        return st.booleans()
    if cell.kind == "number":
        return st.integers(cell.smallest, 999)
    return st.sampled_from(cell.values)


@st.composite
def cells(draw):
    """A consistent choice of cells: what needs a box has it ticked, and a number stands only where its box is ticked."""
    chosen = {cell_id: draw(_values(CATALOGUE.by_cell[cell_id][1])) for cell_id in draw(st.sets(st.sampled_from(ORDER), max_size=40))}
    for cell_id in list(chosen):
        setting, cell = CATALOGUE.by_cell[cell_id]
        if setting.needs and chosen[cell_id] != cell.least:
            chosen[setting.needs] = True
    return {cell_id: chosen[cell_id] for cell_id in ORDER if cell_id in chosen}


level_names = names.filter(lambda text: "(system)" not in text.casefold() and not text.endswith("(API-only)"))
sections = st.dictionaries(
    st.sampled_from(sorted({setting.section for setting, _cell in CATALOGUE.by_cell.values()})), st.sampled_from([FULL, NO])
)


# Every cell of a level, as it may be in a tenant.
truths = st.fixed_dictionaries({cell_id: _values(cell) for cell_id, (_setting, cell) in CATALOGUE.by_cell.items()})
no_sections = st.just({})


@st.composite
def levels(draw, baseline=BASELINES, whole=no_sections):
    """A level as `parse_level` would give it."""
    level = Level(draw(level_names), baseline=draw(baseline), active=draw(st.booleans()), sections=draw(whole))
    return _consistent(replace(level, cells=draw(cells())))


@st.composite
def copies(draw):
    """A level that is copied from another one whose settings are known."""
    source = replace(draw(levels(whole=sections)), active=True)
    copy = draw(levels(st.just("copy"), sections))
    return _consistent(replace(copy, copy_of=source.name, source=source))


def _consistent(level):
    """The level with the boxes ticked that others need, in the order of the catalogue."""
    chosen = {CAN_LOGIN: True, **level.cells} if level.baseline == "none" else dict(level.cells)
    for cell_id in reversed(ORDER):
        setting, cell = CATALOGUE.by_cell[cell_id]
        if setting.needs and wanted_cells(replace(level, cells=chosen), CATALOGUE).get(cell_id, cell.least) != cell.least:
            chosen[setting.needs] = True
    return replace(level, cells={cell_id: chosen[cell_id] for cell_id in ORDER if cell_id in chosen})


@st.composite
def users(draw):
    """A user as `parse_user` would give it."""
    tracking = draw(st.fixed_dictionaries({}, optional={"integration_vendor": names, "internal_integration_name": names}).filter(bool))
    others = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "active": st.booleans(),
                "locked": st.booleans(),
                "location": names,
                "date_format": names,
                "unassigned_items": st.booleans(),
                "lines_of_business": st.lists(names, unique=True, max_size=3).map(sorted),
            },
        )
    )
    level = draw(level_names)
    return User(draw(names), draw(names), "".join(draw(names).replace("@", "").split()) + "@example.com", level, tracking, others)
