# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the errors say, by their codes, read from the source of the code that raises them. What a run fills in stands as three dots."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from .raised_codes import Reader

FILLED_IN = "…"


def messages(reader: Reader) -> Mapping[str, Sequence[str]]:
    """The messages of each code, by the alphabet. A message that is no text in the source, but made by a function, is left out."""
    found: dict[str, set[str]] = defaultdict(set)
    for code, message in reader.raised():
        text = re.sub(r"\s+", " ", _text(message)).strip()
        if re.search(r"\w\w", text):
            found[code].add(text)
    return {code: sorted(texts, key=str.lower) for code, texts in found.items()}


def _text(node: ast.expr | None) -> str:
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr():
            return "".join(_text(part) for part in node.values)
        case ast.FormattedValue():
            return FILLED_IN
        case ast.BinOp(op=ast.Add()):
            return _text(node.left) + _text(node.right)
        case None:
            return ""
    return FILLED_IN
