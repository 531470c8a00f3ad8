# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every error code, what it means, and what a run says with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from .code_meanings import MEANINGS


def error_codes(said: Mapping[str, Sequence[str]]) -> str:
    """The codes by what they are about, each with its meaning and its messages."""
    areas = [f"## {area[0].upper()}{area[1:]}\n\n{_codes(meanings, said)}" for area, meanings in MEANINGS.items()]
    return "\n".join(areas)


def _codes(meanings: Mapping[str, str], said: Mapping[str, Sequence[str]]) -> str:
    return "\n".join(f"### `{code}`\n\n{meanings[code]}\n{_list(said.get(code, []))}" for code in sorted(meanings))


def _list(messages: Sequence[str]) -> str:
    return "".join(f"\n- {_escaped(message)}" for message in messages) + "\n" if messages else ""


def _escaped(message: str) -> str:
    """The message as Markdown; what is code in it stays code."""
    parts = re.split(r"(`[^`]*`)", message)
    return "".join(part if part.startswith("`") else re.sub(r"([<*\[])", r"\\\1", part) for part in parts)
