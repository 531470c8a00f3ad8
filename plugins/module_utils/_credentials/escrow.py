# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Credentials between Generate and Save & Close: kept before they are worth anything, so that no crash can lose them. Private to the collection.

The escrow lies beside the credentials, as `<name>.escrow.yml`. Its secret takes the place of theirs once the console shows the user that it belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .._rest.credentials import Credentials, check_credentials
from .home import NOWHERE, Home
from .vault import Vault

# The form of a recorded file. What version 0.1.0 wrote has none, and no tenant.
VERSION = 2


@dataclass(frozen=True)
class Escrow:
    """The credentials of one API user of a tenant at `path`, encrypted with the vault; `home` is where the tenant lives, as far as that is known."""

    vault: Vault
    path: str
    tenant: str
    home: Home = NOWHERE

    @property
    def _beside(self) -> str:
        return self.path.removesuffix(".yml") + ".escrow.yml"

    def check(self) -> None:
        """Raises AutotaskError where nothing could be kept now: before the console is asked to generate it."""
        self.vault.check_secrets()
        self.vault.check_writable(self._beside)
        self.vault.check_writable(self.path)

    def keep(self, shown: Mapping[str, str]) -> None:
        """Keep what the console has just generated. Raises AutotaskError where that can't be done, and for what Autotask can't have generated."""
        read = Credentials(*(shown.get(name, "") for name in ("user_name", "secret", "integration_code")))
        check_credentials(read, ("the console",))
        known = {**shown, "zone": self.home.zone, "database": self.home.database}
        texts = {key: value for key, value in known.items() if value}
        self.vault.write(self._beside, {**texts, "tenant": self.tenant, "version": VERSION})

    def settle(self, user_name: str) -> bool:
        """Whether there was something in escrow for the user with this key; then it is now what is stored for it."""
        kept = self.vault.read(self._beside)
        if not kept or kept.get("user_name") != user_name:
            return False
        self.vault.move(self._beside, self.path)
        return True
