# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a module may ask of the process that it runs in. Private to the collection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .._credentials.vault import Vault


@dataclass(frozen=True)
class Controller:
    """`say` shows a line to whoever watches the run. `vault` is None where a module runs as a file of its own,
    away from the controller; `host` is what the inventory calls the task's host."""

    say: Callable[[str], None]
    vault: Vault | None = None
    host: str = ""


def _nothing(text: str) -> None:
    """Nobody watches."""


AWAY = Controller(_nothing)
