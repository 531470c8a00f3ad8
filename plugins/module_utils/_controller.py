# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a module may ask of the process that it runs in. Private to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class Vault(Protocol):
    """Files that are encrypted with the vault secret of the run."""

    def read(self, path: str) -> dict[str, Any] | None:
        """The content of the file, or None if there is none. Raises AutotaskError for one that can't be decrypted."""

    def write(self, path: str, content: Mapping[str, Any]) -> None:
        """Replace the file in one go, readable by its owner only. Raises AutotaskError where that can't be done; then nothing was written."""

    def move(self, path: str, to: str) -> None:
        """Give the file another name, in the place of what has that name."""


@dataclass(frozen=True)
class Controller:
    """`say` shows a line to whoever watches the run. `vault` is None where a module runs as a file of its own, away from the controller."""

    say: Callable[[str], None]
    vault: Vault | None = None


def _nothing(text: str) -> None:
    """Nobody watches."""


AWAY = Controller(_nothing)
