# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What was tried how often with faults and the like, and what came of it: tests tell it by `tried`, and pytest shows it all in its last lines.

`python -m tests.trust` writes docs/trust.md from what the last whole run has left in build/trust.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

SAME = "same end"
"""The outcome of what ended as if nothing had happened. Every other outcome is a clear error, by its code."""

_PROPERTY = "tried"
_COLUMNS = ("kind", "tried", SAME, "clear error", "broken")
Row: TypeAlias = dict[str, Any]


def tried(
    record_property: Callable[[str, object], None],
    what: str,
    kind: str,
    tried: int,
    outcomes: Mapping[str, int],
    broken: int,
    where: Mapping[str, int] | None = None,
) -> None:
    """Tell what was tried: `what` is the group ("a fault at a request"), `kind` what was varied in it, `tried` how often.

    `outcomes` says how often it came out how (`SAME`, or the code of an error), `broken` how often something didn't hold; together they are `tried`.
    `where` says, if there is something to say, how often it was tried in which run.
    """
    row: Row = {"what": what, "kind": kind, "tried": tried, "outcomes": dict(outcomes), "broken": broken}
    record_property(_PROPERTY, {**row, "where": dict(where)} if where else row)


def told(reports: Iterable[Any]) -> list[Row]:
    """What tests have told. It comes with their reports, so it doesn't matter in which process they ran. What several tell of one kind is added up."""
    found: dict[tuple[str, str], Row] = {}
    for row in (value for report in reports for name, value in getattr(report, "user_properties", ()) if name == _PROPERTY):
        key = (row["what"], row["kind"])
        found[key] = _added(found[key], row) if key in found else row
    return [found[key] for key in sorted(found)]


def _added(one: Row, other: Row) -> Row:
    counts = {name: one[name] + other[name] for name in ("tried", "broken")}
    maps = {name: dict(Counter(one.get(name, {})) + Counter(other.get(name, {}))) for name in ("outcomes", "where")}
    return {**one, **counts, **{name: value for name, value in maps.items() if value or name in one}}


def summary(rows: Sequence[Row]) -> list[str]:
    """One line for each group."""
    return [f"{what}: {len(group)} kinds, {_in_all(group)}" for what, group in _groups(rows).items()]


def table(rows: Sequence[Row]) -> list[str]:
    """A table of kinds for each group, and below it where they were tried, and the codes of the errors."""
    return [line for what, group in _groups(rows).items() for line in ("", what, *_table(group), *_where(group), *_codes(group))]


def write(rows: Sequence[Row], folder: Path) -> None:
    """A JSON file for each group. Rows of kinds that weren't tried this time stay."""
    folder.mkdir(parents=True, exist_ok=True)
    for what, group in _groups(rows).items():
        path = folder / f"{re.sub('[^a-z0-9]+', '-', what.casefold()).strip('-')}.json"
        before = json.loads(path.read_text()) if path.exists() else []
        by_kind = {row["kind"]: row for row in (*before, *group)}
        path.write_text(json.dumps([by_kind[kind] for kind in sorted(by_kind)], indent=1) + "\n")


ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "trust.md"
INTRODUCTION = """# What was tried, and what came of it

Autotask answers wrongly, lines are cut, runs are killed, two controllers meet. `make trust` tries all of that on the sandbox, and has written this page;
`make test` draws samples of each kind. After every try the tenant, and what is kept here, has to be as if nothing
had happened, or the run says with a clear error what was seen and what isn't known, and a later run comes to the same end: one ticket a change, each step
once, one user, one level, no secret lost, nothing wider than was asked for, nothing of another integration touched. What was otherwise is *broken*, and
fails the run.

Random histories, in which people and strangers also undo each other's work, belong to `make trust` as well; the run that wrote this page had none yet.
Long ones have found faults that are mended since. `make test` runs a few.

To repeat it: `make trust`. Nothing of it has met a live tenant. What is relied on stands in
[SECURITY.md](../SECURITY.md#what-we-rely-on).
"""


def page(rows: Sequence[Row]) -> str:
    """The page of the documentation."""
    parts = [INTRODUCTION]
    for what, group in _groups(rows).items():
        lines = [f"| {' | '.join(_COLUMNS)} |", f"|---|{'---:|' * (len(_COLUMNS) - 1)}"]
        lines += [f"| {name} | {' | '.join(str(count) for count in counts)} |" for name, counts in _shown(group)]
        below = [f"{line[0].upper()}{line[1:]}." for line in (*_where(group), *_codes(group))]
        parts.append("\n".join([f"## {what[0].upper()}{what[1:]}", "", *lines, *([""] if below else []), *below, ""]))
    return "\n".join(parts)


def _shown(group: Sequence[Row]) -> list[tuple[str, Sequence[int]]]:
    return [*((f"`{row['kind']}`", _numbers(row)) for row in group), ("**all**", _sums(group))]


def main() -> int:
    """Write the page; returns 1 where something is broken, or nothing was tried."""
    rows = [row for path in sorted((ROOT / "build" / "trust").glob("*.json")) for row in json.loads(path.read_text())]
    if not rows or any(row["broken"] for row in rows):
        print("Nothing was tried." if not rows else "Something is broken: the page stays as it is.")
        return 1
    PAGE.write_text(page(rows))
    print(f"{PAGE.relative_to(ROOT)}: {_in_all(rows)}")
    return 0


def _groups(rows: Sequence[Row]) -> dict[str, list[Row]]:
    return {what: [row for row in rows if row["what"] == what] for what in sorted({row["what"] for row in rows})}


def _numbers(row: Row) -> tuple[int, int, int, int]:
    same = row["outcomes"].get(SAME, 0)
    return row["tried"], same, sum(row["outcomes"].values()) - same, row["broken"]


def _sums(rows: Sequence[Row]) -> list[int]:
    return [sum(numbers) for numbers in zip(*map(_numbers, rows), strict=True)]


def _in_all(rows: Sequence[Row]) -> str:
    return ", ".join(f"{count} {name}" for name, count in zip(_COLUMNS[1:], _sums(rows), strict=True))


def _table(rows: Sequence[Row]) -> list[str]:
    cells = [_COLUMNS, *((row["kind"], *_numbers(row)) for row in rows), ("all", *_sums(rows))]
    first = max(len(str(line[0])) for line in cells)
    widths = [max(len(str(line[column])) for line in cells) for column in range(1, len(_COLUMNS))]
    return [
        "  ".join([f"{line[0]:<{first}}", *(f"{cell:>{width}}" for cell, width in zip(line[1:], widths, strict=True))]) for line in cells
    ]


def _where(rows: Sequence[Row]) -> list[str]:
    places: Counter[str] = Counter()
    for row in rows:
        for place, count in row.get("where", {}).items():
            places[place] = max(places[place], count)
    return [f"at up to {sum(places.values())} requests: {_counted(places)}"] if places else []


def _codes(rows: Sequence[Row]) -> list[str]:
    codes: Counter[str] = Counter()
    for row in rows:
        codes.update({code: count for code, count in row["outcomes"].items() if code != SAME})
    return [f"errors: {_counted(codes)}"] if codes else []


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))


if __name__ == "__main__":
    sys.exit(main())
