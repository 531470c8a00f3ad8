# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Levels and users as people might want them, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from ansible_collections.msp.autotask.plugins.module_utils import _catalogue
from ansible_collections.msp.autotask.plugins.module_utils._labels import DEVICE, ORGANIZATION
from ansible_collections.msp.autotask.plugins.module_utils._level import CAN_LOGIN, Level
from ansible_collections.msp.autotask.plugins.module_utils._user import User

CATALOGUE = _catalogue.standard()
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


@st.composite
def levels(draw, baseline=BASELINES):
    """A level as `parse_level` would give it."""
    base = draw(baseline)
    chosen = draw(cells())
    if base == "none":
        chosen = {CAN_LOGIN: True, **chosen}
    name = draw(names.filter(lambda text: "(system)" not in text.casefold() and not text.endswith("(API-only)")))
    return Level(
        name, baseline=base, active=draw(st.booleans()), cells={cell_id: chosen[cell_id] for cell_id in ORDER if cell_id in chosen}
    )


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
    level = draw(names.filter(lambda text: "(system)" not in text.casefold() and not text.endswith("(API-only)")))
    return User(draw(names), draw(names), draw(names).replace("@", "") + "@example.com", level, tracking, others)
