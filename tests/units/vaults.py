# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Stands in for the encrypted files of a run: the same files, whose content is in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Memory:
    """See `Vault`. What is written is text, as it is in the real one; an empty file marks where something is."""

    contents: dict[str, dict[str, Any]] = field(default_factory=dict)

    def read(self, path: str) -> dict[str, Any] | None:
        """See `Vault`."""
        return self.contents.get(path) if Path(path).exists() else None

    def write(self, path: str, content: Mapping[str, Any]) -> None:
        """See `Vault`."""
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).touch()
        self.contents[path] = _as_text(content)

    def check_secrets(self) -> None:
        """See `Vault`."""

    def check_writable(self, path: str) -> None:
        """See `Vault`."""

    def move(self, path: str, to: str) -> None:
        """See `Vault`."""
        Path(path).rename(to)
        self.contents[to] = self.contents.pop(path)


def _as_text(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _as_text(value) if isinstance(value, Mapping) else str(value) for name, value in content.items()}
