# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a tenant grants beyond what a vendor asks for: that takes a reason. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .._catalogue.model import Catalogue, Cell, Value
from .._catalogue.terms import DEFAULT_TERMS
from .._documents.names import cell_label
from .._errors import InputError
from .._text import for_error
from .expectations import cells_of
from .parts import Entry
from .resolved import OVERRIDES, ProfileLevel

REASON = "reason"
# As many as fit into a sentence.
MOST_TOLD = 3


def widening_errors(
    before: Sequence[ProfileLevel], after: Sequence[ProfileLevel], overrides: Entry, catalogue: Catalogue
) -> Iterator[InputError]:
    """For each level that does more with the tenant's overrides (`after`) than as the profile has it, and each user that gets a system level, where no
    reason is given.
    """
    of_levels, of_users = (overrides.get(name) or {} for name in ("security_levels", "api_users"))
    plain = {one.key: one for one in before}
    for level in after:
        entry = of_levels.get(level.key) or {}
        more = list(_wider(plain[level.key], level, catalogue)) if level.key in plain and entry and not entry.get(REASON) else []
        if more:
            rest = f", and {len(more) - MOST_TOLD} more" if len(more) > MOST_TOLD else ""
            yield _missing("security_levels", level.key, f"{', '.join(more[:MOST_TOLD])}{rest}")
    for key, entry in of_users.items():
        if (entry or {}).get("system_level") and not entry.get(REASON):
            yield _missing("api_users", key, f"the level {for_error(entry['system_level'])}, which is the system's")


def _missing(kind: str, key: str, what: str) -> InputError:
    words = f"this grants more than the profile asks for: {what}. Say why, and for how long, in `reason`"
    return InputError((OVERRIDES, kind, key, REASON), words, "reason_missing")


def _wider(before: ProfileLevel, after: ProfileLevel, catalogue: Catalogue) -> Iterator[str]:
    """What the level grants more than before, in the words of the console."""
    label = cell_label(catalogue, DEFAULT_TERMS)
    was, now = cells_of(before.level, catalogue), cells_of(after.level, catalogue)
    if before.level.baseline == "none" and after.level.baseline == "copy":
        yield f'all that the copied level "{after.level.copy_of}" grants'
    for cell_id in was.keys() & now.keys() if before.level.baseline == after.level.baseline else ():
        cell = catalogue.by_cell[cell_id][1]
        if _rank(cell, now[cell_id]) > _rank(cell, was[cell_id]):
            yield f"{label(cell_id)}: {for_error(now[cell_id])} instead of {for_error(was[cell_id])}"
    webhooks = [(one.webhooks or {}).get("maximum", 0) for one in (before, after)]
    if webhooks[1] > webhooks[0]:
        yield f"{webhooks[1]} webhooks instead of {webhooks[0]}"


def _rank(cell: Cell, value: Value) -> int:
    """How much a value grants, from 0 for the least."""
    if cell.kind == "list":
        return len(cell.values) - cell.values.index(str(value)) if value in cell.values else 0
    return int(value or 0)
