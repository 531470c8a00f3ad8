# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The checks of the ledgers' rows: each says what is wrong with what came of a vendor's role, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox import editor

Row = dict[str, Any]
CELLS = editor.cells_by_key()


@dataclass(frozen=True)
class Outcome:
    """What a run of a vendor's role left behind on one tenant, and on the controller.

    `words` are those of the ledger and the tenant, `told` the text of the ticket, `recorded` the user's own credentials and the zone's address.
    """

    words: dict[str, str]
    cells: dict[str, dict[str, Any]]
    user: dict[str, Any]
    steps: list[str]
    told: str
    hand_over: dict[str, Any]
    manual_steps: list[str]
    recorded: dict[str, str]
    issues: list[dict[str, Any]]
    ledger_cells: frozenset[str]


def _step(row: Row, outcome: Outcome) -> str:
    text = row["step"].format(**outcome.words)
    return "" if any(text in step for step in outcome.steps) else "no step has this text"


def _level_named(row: Row, outcome: Outcome) -> str:
    return "" if row["level_named"] in outcome.cells else f"the active levels are {list(outcome.cells)}"


def _cells(row: Row, outcome: Outcome) -> dict[str, Any]:
    return outcome.cells[row.get("of_level", outcome.words["level"])]


def _cell(row: Row, outcome: Outcome) -> str:
    found = _cells(row, outcome)[row["cell"]]
    return "" if found == row["is"] else f"the cell is {found!r}"


def _granted(cells: dict[str, Any]) -> set[str]:
    return {key for key, value in cells.items() if value != CELLS[key].least}


def _section(row: Row, outcome: Outcome) -> str:
    wanted = {f"{row['section']}|{key}" for key in row["grants"]}
    found = {key for key in _granted(_cells(row, outcome)) if key.startswith(f"{row['section']}|")}
    return "" if found == wanted else f"granted, but not expected: {sorted(found - wanted)}; the other way round: {sorted(wanted - found)}"


def _nothing_else(row: Row, outcome: Outcome) -> str:
    wanted = {*row["nothing_else"], *outcome.ledger_cells}
    found = _granted(_cells(row, outcome))
    return "" if found <= wanted else f"granted, but in no row: {sorted(found - wanted)}"


def _user_field(row: Row, outcome: Outcome) -> str:
    found = outcome.user[row["user_field"]]
    return "" if (sorted(found) if isinstance(found, list) else found) == row["is"] else f"the field is {found!r}"


def _hand_over(row: Row, outcome: Outcome) -> str:
    fields = outcome.hand_over["fields"]
    if row.get("is") == "absent":
        return "it is handed over" if row["hand_over"] in fields else ""
    wanted = row["is_text"] if "is_text" in row else outcome.recorded.get(row["is"])
    return (
        ""
        if wanted and fields.get(row["hand_over"]) == wanted
        else f"of the fields {list(fields)}, this one has another value or is missing"
    )


def _handed_to(row: Row, outcome: Outcome) -> str:
    return "" if row["handed_to"] in outcome.hand_over["to"] else f"it goes to {outcome.hand_over['to']}"


def _before(row: Row, outcome: Outcome) -> str:
    return "" if row["before"] in outcome.told else "the ticket does not say so"


def _by_hand(row: Row, outcome: Outcome) -> str:
    return (
        ""
        if any(row["manual_steps"] in item for item in outcome.manual_steps)
        else f"the sheet has {len(outcome.manual_steps)} items, none with this text"
    )


def _issue(row: Row, outcome: Outcome) -> str:
    found = [issue for issue in outcome.issues if issue["symptom"] == row["issue"]]
    if not found:
        return f"the profile has {[issue['symptom'] for issue in outcome.issues]}"
    return "" if found[0].get("checks", []) == row["checks"] and found[0]["fix"] else f"its checks are {found[0].get('checks', [])}"


# What a row's check is called, with the keys that it needs and those that it may have.
CHECKS: dict[str, tuple[Callable[[Row, Outcome], str], set[str], set[str]]] = {
    "step": (_step, set(), set()),
    "level_named": (_level_named, set(), set()),
    "cell": (_cell, {"is"}, {"of_level"}),
    "section": (_section, {"grants"}, {"of_level"}),
    "nothing_else": (_nothing_else, set(), {"of_level"}),
    "user_field": (_user_field, {"is"}, set()),
    "hand_over": (_hand_over, set(), {"is", "is_text"}),
    "handed_to": (_handed_to, set(), set()),
    "before": (_before, set(), set()),
    "manual_steps": (_by_hand, set(), set()),
    "issue": (_issue, {"checks"}, set()),
}
OF_EVERY_ROW = {"part", "says", "of", "assumed", "tenant"}


def fault(row: Row) -> str:
    """What is wrong with the form of a row, or nothing."""
    kinds = [key for key in row if key in CHECKS]
    if len(kinds) != 1:
        return f"has {len(kinds)} checks; its keys are {list(row)}"
    [kind] = kinds
    _check, needed, possible = CHECKS[kind]
    keys = set(row) - OF_EVERY_ROW - {kind}
    if missing := needed - keys:
        return f"a check {kind} needs {sorted(missing)}"
    if unknown := keys - needed - possible:
        return f"there is no {sorted(unknown)} with a check {kind}"
    cells = [row["cell"]] if kind == "cell" else row["nothing_else"] if kind == "nothing_else" else []
    cells += [f"{row['section']}|{key}" for key in row["grants"]] if kind == "section" else []
    return "".join(f"the editor has no cell {cell}" for cell in cells if cell not in CELLS)


def verdict(row: Row, outcome: Outcome) -> str:
    """What is wrong with what a row of good form says, or nothing."""
    [kind] = [key for key in row if key in CHECKS]
    return CHECKS[kind][0](row, outcome)
