# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of the error codes."""

from __future__ import annotations

from .code_meanings import MEANINGS
from .marks import table


def error_codes() -> str:
    """Every code with what it is about and what it means, by the alphabet."""
    rows = sorted((code, area, meaning) for area, meanings in MEANINGS.items() for code, meaning in meanings.items())
    return table(["code", "about", "meaning"], [[f"`{code}`", area, meaning] for code, area, meaning in rows])
