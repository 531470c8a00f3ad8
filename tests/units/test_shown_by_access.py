# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an API user may do proves of a setting what it can prove, and no more: every cell that shows, every value, every answer."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._catalogue.effects import EFFECTS, TOGETHER_WITH, shown_by_access
from ansible_collections.msp.autotask.plugins.module_utils._catalogue.model import standard
from ansible_collections.msp.autotask.plugins.module_utils._entities import OPERATIONS

CATALOGUE = standard()
CELLS = [(cell_id, value) for cell_id in EFFECTS for value in (CATALOGUE.by_cell[cell_id][1].values or (True, False))]


def seen(cell_id: str, value: Any, word: str, *, others: bool) -> str:
    """What is said of a cell that should have the value, while all of its operations answer with the word; `others` may all they can."""
    access: dict[str, dict[str, str]] = {}
    for operation in EFFECTS[cell_id]:
        entity = operation.partition(":")[0]
        access.setdefault(entity, dict.fromkeys(OPERATIONS, word))
    cells = {other: CATALOGUE.by_cell[other][1].most if others else CATALOGUE.least[other] for other in TOGETHER_WITH.get(cell_id, ())}
    proven, contradicted = shown_by_access({**cells, cell_id: value}, access, CATALOGUE)
    return "proven" if cell_id in proven else "contradicted" if cell_id in contradicted else "nothing"


@pytest.mark.parametrize(("cell_id", "value"), CELLS)
def test_a_cell_is_proven_only_by_what_nothing_else_explains(cell_id: str, value: Any) -> None:
    cell = CATALOGUE.by_cell[cell_id][1]
    needs_others = bool(TOGETHER_WITH.get(cell_id))
    assert seen(cell_id, value, "All", others=True) == ("proven" if value == cell.most else "contradicted")
    assert seen(cell_id, value, "Restricted", others=True) == "nothing"
    assert seen(cell_id, value, "None", others=True) == ("proven" if value == cell.least else "contradicted")
    if needs_others:
        assert seen(cell_id, value, "None", others=False) == "nothing"
