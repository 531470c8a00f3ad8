# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What `make trust` prints at its end, and leaves for the documentation: kinds, positions and counts."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests import trust
from tests.engine.disturbing import KINDS


def _rows() -> list[dict[str, Any]]:
    """What four tests have told."""
    properties: list[tuple[str, object]] = []

    def record(name: str, value: object) -> None:
        properties.append((name, value))

    trust.tried(record, "a fault", "drop", 2, {trust.SAME: 1, "unreachable": 1}, 0, {"provision": 1, "retire": 1})
    trust.tried(record, "a fault", "500", 2, {trust.SAME: 1}, 1, {"provision": 2})
    trust.tried(record, "two at once", "in tickets", 3, {trust.SAME: 3}, 0)
    trust.tried(record, "two at once", "in tickets", 4, {trust.SAME: 2, "busy": 2}, 0)
    return trust.told([SimpleNamespace(user_properties=[told, ("other", 1)]) for told in properties] + [SimpleNamespace()])


def test_a_whole_run_says_what_came_of_each_kind_and_where_it_was_tried() -> None:
    assert trust.table(_rows()) == [
        "",
        "a fault",
        "kind  tried  same end  clear error  broken",
        "500       2         1            0       1",
        "drop      2         1            1       0",
        "all       4         2            1       1",
        "at up to 3 requests: provision 2, retire 1",
        "errors: unreachable 1",
        "",
        "two at once",
        "kind        tried  same end  clear error  broken",
        "in tickets      7         5            2       0",
        "all             7         5            2       0",
        "errors: busy 2",
    ]


def test_a_run_of_samples_says_so_in_a_line_for_each_group() -> None:
    assert trust.summary(_rows()) == [
        "a fault: 2 kinds, 4 tried, 2 same end, 1 clear error, 1 broken",
        "two at once: 1 kinds, 7 tried, 5 same end, 2 clear error, 0 broken",
    ]
    assert trust.summary([]) == []


def test_each_group_is_left_in_a_file_and_what_was_not_tried_again_stays(tmp_path: Path) -> None:
    rows = _rows()
    trust.write(rows, tmp_path)
    mended = {"what": "a fault", "kind": "500", "tried": 1, "outcomes": {trust.SAME: 1}, "broken": 0}
    trust.write([mended], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a-fault.json", "two-at-once.json"]
    assert json.loads((tmp_path / "a-fault.json").read_text()) == [mended, rows[1]]
    assert json.loads((tmp_path / "two-at-once.json").read_text()) == [rows[2]]


def test_the_page_has_what_was_tried(tmp_path: Path) -> None:
    page = trust.page(_rows())
    assert "| `500` | 2 | 1 | 0 | 1 |" in page and "| **all** | 4 | 2 | 1 | 1 |" in page
    assert "## Two at once" in page and "Errors: unreachable 1." in page and "At up to 3 requests: provision 2, retire 1." in page


def test_the_page_of_the_documentation_is_that_of_a_whole_run() -> None:
    """Every kind of fault that there is was tried, at every request, and nothing was broken."""
    page = trust.PAGE.read_text()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| `")]
    assert {kind.strip("`") for kind, *counts in rows if int(counts[0]) > 100} >= set(KINDS)
    assert [row for row in rows if row[-1] != "0"] == []
    assert trust.INTRODUCTION in page
