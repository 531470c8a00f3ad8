# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A full audit holds a copy against what it was copied from, and leaves its webhook limit to whoever owns that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._catalogue.model import standard
from ansible_collections.msp.autotask.plugins.module_utils._catalogue.terms import DEFAULT_TERMS
from ansible_collections.msp.autotask.plugins.module_utils._console.level_editor import LevelSeen
from ansible_collections.msp.autotask.plugins.module_utils._documents.security_level import is_plain_copy, parse_level
from ansible_collections.msp.autotask.plugins.module_utils._documents.webhook_limit import CAN_CREATE_WEBHOOKS, MAXIMUM_WEBHOOKS
from ansible_collections.msp.autotask.plugins.module_utils._objects.security_level import SecurityLevel

CATALOGUE = standard()
SOURCE = {cell_id: cell.most for cell_id, (_setting, cell) in CATALOGUE.by_cell.items() if cell.kind != "number"} | {
    CAN_CREATE_WEBHOOKS: False
}
LIMITED = {**SOURCE, CAN_CREATE_WEBHOOKS: True, MAXIMUM_WEBHOOKS: 13}


@dataclass
class Pages:
    """What a console's pages show, by the names of the levels."""

    levels: Mapping[str, Mapping[str, Any]]

    def level(self, name: str) -> LevelSeen | None:
        """See `ConsoleView`."""
        return LevelSeen(name, True, self.levels[name], (), ()) if name in self.levels else None

    def user(self, first_name: str, last_name: str) -> None:
        """See `ConsoleView`."""


def planned(cells: Mapping[str, Any]) -> list[str]:
    """What a full audit of a copy with these cells asks for."""
    pages = Pages({"API User (system)": SOURCE, "Tinsel API": cells})
    level = parse_level({"name": "Tinsel API", "baseline": "copy"}, CATALOGUE)
    return [step.text for step in SecurityLevel(level, CATALOGUE, DEFAULT_TERMS, None, full_audit=True).plan_seen(pages, False).steps]


def test_what_nobody_named_is_known_only_where_the_source_was_read() -> None:
    pages = Pages({"API User (system)": SOURCE, "Tinsel API": SOURCE})
    level = parse_level({"name": "Tinsel API", "baseline": "copy"}, CATALOGUE)
    for audit, evidence in ((True, "read"), (False, "unknown")):
        known = SecurityLevel(level, CATALOGUE, DEFAULT_TERMS, None, full_audit=audit).plan_seen(pages, False)
        assert (known.steps, known.evidence["as_copied"]) == ([], evidence)


NOT_COPIED, GUARDED, PLAIN = "other.misc.password_does_not_expire", "other.hr.view_internal_cost", "other.misc.export_grid_data"


@pytest.mark.parametrize(
    ("lowered", "plain"),
    [((), True), ((NOT_COPIED,), True), ((GUARDED,), True), ((NOT_COPIED, GUARDED), True), ((PLAIN,), False), ((NOT_COPIED, PLAIN), False)],
)
def test_a_copy_is_plain_where_it_lacks_only_what_is_not_copied(lowered: tuple[str, ...], plain: bool) -> None:
    assert is_plain_copy({**SOURCE, **dict.fromkeys(lowered, False)}, SOURCE, CATALOGUE) is plain


def test_a_webhook_limit_is_no_drift_of_a_copy() -> None:
    assert planned(SOURCE) == planned(LIMITED) == []


def test_what_else_differs_from_the_source_is() -> None:
    lost = next(cell_id for cell_id, value in SOURCE.items() if value is True)
    [opened, ticked, _saved] = planned({**LIMITED, lost: False})
    assert "Edit Security Level" in opened and ": tick " in ticked
