# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Files that are encrypted with the vault secret that the run was started with. Private to the collection.

Their content never leaves the process unencrypted: not to a temporary file, not into a result.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from ansible.errors import AnsibleError
from ansible.module_utils.common.text.converters import to_bytes
from ansible.parsing.vault import VaultLib, is_encrypted

from ..module_utils import _files
from ..module_utils._errors import AutotaskError


class VaultFiles:
    """`secrets` are the vault secrets of the run, by vault id; `vault_id` says which of them encrypts, by default the first."""

    def __init__(self, secrets: Any, vault_id: str | None = None) -> None:
        self._vault = VaultLib(secrets)
        self._vault_id = vault_id

    def read(self, path: str) -> dict[str, Any] | None:
        """See `_credentials.vault.Vault`."""
        encrypted = self._encrypted(path)
        if encrypted is None:
            return None
        self.check_secrets()
        try:
            text = self._vault.decrypt(encrypted)
        except (AnsibleError, ValueError):
            # Ansible's words, and those of the library below, would say no more; some quote what they were given.
            raise AutotaskError(
                f"{path} can't be decrypted: the vault password of this run is another one, or the file is damaged. It was left as it is. Give the "
                "password that it was encrypted with, or restore it from a backup.",
                "vault",
            ) from None
        try:
            content = _as_text(text)
        except (yaml.YAMLError, ValueError, RecursionError):
            content = None  # its message would quote what the file holds
        if not isinstance(content, dict):
            raise AutotaskError(f"What {path} holds once it is decrypted is not a mapping in YAML. Nothing was written.", "vault")
        return content

    def write(self, path: str, content: Mapping[str, Any]) -> None:
        """See `_credentials.vault.Vault`."""
        self._encrypted(path)
        _files.write(path, [self._ciphertext(content)])

    def write_new(self, path: str, content: Mapping[str, Any]) -> None:
        """See `_credentials.vault.Vault`."""
        _files.write_new(path, [self._ciphertext(content)])

    def _ciphertext(self, content: Mapping[str, Any]) -> bytes:
        """What is written of it. Raises AutotaskError where this run has nothing to encrypt with."""
        self.check_secrets()
        secrets = self._vault.secrets
        secret = next((secret for name, secret in secrets if name == self._vault_id), secrets[0][1])
        encrypted: bytes = self._vault.encrypt(to_bytes(_as_yaml(content)), secret=secret, vault_id=self._vault_id)
        return encrypted

    def check_writable(self, path: str) -> None:
        """See `_credentials.vault.Vault`."""
        self._encrypted(path)
        _files.check_writable(path)

    def move(self, path: str, to: str) -> None:
        """See `_credentials.vault.Vault`."""
        _files.move(path, to)

    def check_secrets(self) -> None:
        """See `_credentials.vault.Vault`."""
        if not self._vault.secrets:
            raise AutotaskError(
                "Files with secrets are encrypted, and this run has no vault password. Start it with --vault-password-file or --ask-vault-pass. "
                "Nothing was written.",
                "vault",
            )
        if self._vault_id and self._vault_id not in [name for name, _secret in self._vault.secrets]:
            raise AutotaskError(f'This run has no vault secret with the id "{self._vault_id}". Nothing was written.', "vault")

    def _encrypted(self, path: str) -> bytes | None:
        """What the file holds as it lies there, None where there is none. Raises AutotaskError for one that isn't encrypted: others may have read it."""
        found = _files.read(path)
        if found is None or is_encrypted(found):
            return found
        if not found.strip():
            raise AutotaskError(
                f"{path} is empty, so nothing can be read from it. It was left as it is: restore it from a backup, or remove it.", "vault"
            )
        raise AutotaskError(
            f"{path} isn't encrypted, so this collection didn't write it. It was left as it is; encrypt it with ansible-vault, or move it away.",
            "vault",
        )


def _as_yaml(content: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(content), sort_keys=False)


def _as_text(written: bytes | str) -> Any:
    """What YAML holds, every value as its text: `12345` and `yes` are secrets like any other, and so is what is tagged `!unsafe`."""
    return yaml.load(written, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
