# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The marks in a file between which text is made. What is around them is written by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence

# How a comment begins and ends.
HTML, YAML = ("<!-- ", " -->"), ("# ", "")


def marked(name: str, content: str, comment: tuple[str, str] = HTML, note: str = "") -> str:
    """The content between its marks."""
    before, after = comment
    return f"{before}make docs: {name}{note}{after}\n{content}{before}end of {name}{after}\n"


def replaced(text: str, name: str, content: str, comment: tuple[str, str] = HTML) -> str:
    """The text with this content between the marks of that name. Raises ValueError where the text has no such marks."""
    before, after = (re.escape(part) for part in comment)
    pattern = rf"(?ms)^(?P<start> *{before}make docs: {name}\b[^\n]*\n).*?(?P<end>^ *{before}end of {name}{after}$)"
    found = re.search(pattern, text)
    if not found:
        raise ValueError(f'there is nothing between "make docs: {name}" and "end of {name}"')
    return f"{text[: found.start()]}{found['start']}{content}{found['end']}{text[found.end() :]}"


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    first, *others = [f"| {' | '.join(_escaped(cell) for cell in row)} |\n" for row in (heading, *rows)]
    return f"{first}|{'---|' * len(heading)}\n{''.join(others)}"


def _escaped(cell: str) -> str:
    return cell.replace("|", r"\|")


def rows_of(text: str) -> list[list[str]]:
    """The rows of the tables in a text, without their headings."""
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    rules = {number for number, line in enumerate(lines) if set("".join(line)) <= {"-"}}
    return [line for number, line in enumerate(lines) if number not in rules and number + 1 not in rules]
