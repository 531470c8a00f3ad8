# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Files with secrets. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from .. import _files
from .._errors import AutotaskError


class Vault(Protocol):
    """Files that are encrypted with the vault secret of the run."""

    def read(self, path: str) -> dict[str, Any] | None:
        """The content of the file, or None if there is none. Raises AutotaskError for one that can't be decrypted."""

    def write(self, path: str, content: Mapping[str, Any]) -> None:
        """Replace the file in one go, readable by its owner only. Raises AutotaskError where that can't be done; then nothing was written."""

    def write_new(self, path: str, content: Mapping[str, Any]) -> None:
        """As `write`, where there is no such file yet: one that another run has just written stays."""

    def check_secrets(self) -> None:
        """Raises AutotaskError where this run has nothing to encrypt with."""

    def check_writable(self, path: str) -> None:
        """Raises AutotaskError where the file could not be written now, or this run has nothing to encrypt it with; nothing is left of the attempt."""

    def move(self, path: str, to: str) -> None:
        """Give the file another name, in the place of what has that name. Raises AutotaskError; then both are as they were."""

    def opens(self, path: str) -> bool | None:
        """Whether what encrypts in this run opens the file; None for what is no file, or is encrypted for another vault id, or not at all."""

    def confirm(self, why: str) -> None:
        """Ask for the vault password a second time, if somebody has typed it; `why` is for people. Raises AutotaskError where it is another one then."""


class NoVault:
    """Stands for the vault where a module runs away from the controller: what isn't there isn't there, and nothing else can be known or kept."""

    def read(self, path: str) -> dict[str, Any] | None:
        """See `Vault`."""
        if _files.exists(path):
            raise self._away()
        return None

    def check_secrets(self) -> None:
        """See `Vault`."""
        raise self._away()

    def check_writable(self, path: str) -> None:
        """See `Vault`. What people note is recorded on the controller, of which nothing is known here."""

    def write(self, path: str, content: Mapping[str, Any]) -> None:
        """See `Vault`."""
        raise self._away()

    def write_new(self, path: str, content: Mapping[str, Any]) -> None:
        """See `Vault`."""
        raise self._away()

    def move(self, path: str, to: str) -> None:
        """See `Vault`."""
        raise self._away()

    def opens(self, path: str) -> bool | None:
        """See `Vault`. Nobody can tell here."""
        return None

    def confirm(self, why: str) -> None:
        """See `Vault`."""
        raise self._away()

    def _away(self) -> AutotaskError:
        return AutotaskError(
            "Credentials are read and kept in the controller's own process: use this module with `connection: local`.", "not_on_controller"
        )
