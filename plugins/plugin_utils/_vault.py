# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Files that are encrypted with the vault secret that the run was started with. Private to the collection.

Their content never leaves the process unencrypted: not to a temporary file, not into a result.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from ansible.errors import AnsibleError
from ansible.module_utils.common.text.converters import to_bytes
from ansible.parsing.vault import VaultLib, is_encrypted

from ..module_utils._errors import AutotaskError


class VaultFiles:
    """`secrets` are the vault secrets of the run, by vault id; `vault_id` says which of them encrypts, by default the first."""

    def __init__(self, secrets: Any, vault_id: str | None = None) -> None:
        self._vault = VaultLib(secrets)
        self._vault_id = vault_id

    def read(self, path: str) -> dict[str, Any] | None:
        """See `_controller.Vault`."""
        if not Path(path).exists():
            return None
        self.check(path)
        try:
            text = self._vault.decrypt(Path(path).read_bytes())
        except AnsibleError:
            raise AutotaskError(f"{path} can't be decrypted with the vault secrets of this run. Nothing was written.", "vault") from None
        try:
            content = _as_text(text)
        except yaml.YAMLError:
            content = None  # its message would quote what the file holds
        if not isinstance(content, dict):
            raise AutotaskError(f"What {path} holds once it is decrypted is not a mapping in YAML. Nothing was written.", "vault")
        return content

    def holds(self, path: str, content: Mapping[str, Any]) -> bool:
        """Whether that is what the file holds. Raises AutotaskError as `read` does."""
        return bool(self.read(path) == _as_text(_as_yaml(content)))

    def write(self, path: str, content: Mapping[str, Any]) -> None:
        """See `_controller.Vault`."""
        self.check(path)
        secrets = self._vault.secrets
        secret = next((secret for name, secret in secrets if name == self._vault_id), secrets[0][1])
        data = self._vault.encrypt(to_bytes(_as_yaml(content)), secret=secret, vault_id=self._vault_id)
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(dir=Path(path).parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(scratch, path)

    def move(self, path: str, to: str) -> None:
        """See `_controller.Vault`."""
        os.replace(path, to)

    def check(self, path: str) -> None:
        """Raises AutotaskError where the file can't be read or written with the vault secrets of the run."""
        if not self._vault.secrets:
            raise AutotaskError(
                "This file holds secrets and has to be encrypted. Start the run with --vault-password-file or --ask-vault-pass. "
                "Nothing was written.",
                "vault",
            )
        if self._vault_id and self._vault_id not in [name for name, _secret in self._vault.secrets]:
            raise AutotaskError(f'This run has no vault secret with the id "{self._vault_id}". Nothing was written.', "vault")
        if Path(path).exists() and not is_encrypted(Path(path).read_bytes()):
            raise AutotaskError(
                f"{path} isn't encrypted, so this collection didn't write it. It was left as it is; encrypt it with ansible-vault, or move it away.",
                "vault",
            )


def _as_yaml(content: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(content), sort_keys=False)


def _as_text(written: bytes | str) -> Any:
    """What YAML holds, every value as its text: `12345` and `yes` are secrets like any other, and so is what is tagged `!unsafe`."""
    return yaml.load(written, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
