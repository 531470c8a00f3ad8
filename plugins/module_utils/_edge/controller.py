# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a module may ask of the process that it runs in. Private to the collection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .._credentials.vault import Vault

# Characters, as many as a tenant's name may have.
LONGEST_HOST = 100


@dataclass(frozen=True)
class Controller:
    """`say` shows a line to whoever watches the run, `progress` one that is of use only while it runs. `vault` is None where a module runs as a file of its
    own, away from the controller; `host` is what the inventory calls the task's host, and `run` is the same
    for all tasks of one run of Ansible, and for no other's.
    """

    say: Callable[[str], None]
    vault: Vault | None = None
    host: str = ""
    run: str = ""
    progress: Callable[[str], None] | None = None

    def say_now(self, text: str) -> None:
        """Show a line at once, wherever the output goes: what is said of a wait is worth nothing afterwards."""
        (self.progress or self.say)(text)

    def host_of(self, tenant: str) -> str:
        """What people name a tenant by on the command line; the tenant's own name where there is no host, or no sentence has room for it."""
        fits = len(self.host) <= LONGEST_HOST and self.host.isprintable() and '"' not in self.host
        return self.host if self.host and fits else tenant


def _nothing(text: str) -> None:
    """Nobody watches."""


AWAY = Controller(_nothing)
