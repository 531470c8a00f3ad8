# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What `make trust` prints at its end: kinds, positions and counts."""

from __future__ import annotations

from types import SimpleNamespace

from tests import trust


def test_what_was_tried_is_counted_by_run_and_by_kind() -> None:
    tried = [
        {"kind": "drop", "cases": [("provision", 1), ("retire", 2)], "outcomes": {"as usual": 1, "unreachable": 1}, "broken": 0},
        {"kind": "500", "cases": [("provision", 1), ("provision", 3)], "outcomes": {"as usual": 1}, "broken": 1},
    ]
    reports = [SimpleNamespace(user_properties=[("faults", one), ("other", 1)]) for one in tried]
    assert trust.lines(trust.told([*reports, SimpleNamespace()])) == [
        "2 kinds of faults at 3 requests of 2 runs, 4 in all: 2 as usual, 1 unreachable, 1 broken",
        "  provision: 2 requests",
        "  retire: 1 requests",
        "  500: 1 as usual, 1 broken",
        "  drop: 1 as usual, 1 unreachable",
    ]
    assert trust.lines([]) == []
