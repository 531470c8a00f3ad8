# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Files that are encrypted with the vault secret that the run was started with. Private to the collection.

Their content never leaves the process unencrypted: not to a temporary file, not into a result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import yaml
from ansible import constants
from ansible.errors import AnsibleError
from ansible.module_utils.common.text.converters import to_bytes
from ansible.parsing.vault import PromptVaultSecret, VaultLib, is_encrypted, parse_vaulttext_envelope

from ..module_utils import _files
from ..module_utils._errors import AutotaskError
from ..module_utils._text import quoted

# How lines begin that Git leaves between two versions.
CONFLICT = (b"<<<<<<<", b">>>>>>>")


def vault_of_run(loader: Any, ask: Callable[[str], bytes] = lambda text: b"") -> VaultFiles:
    """The encrypted files of a run, by the vault identities that it was started with; `loader` is Ansible's, for `ask` see `VaultFiles`."""
    return VaultFiles(loader._vault.secrets, constants.DEFAULT_VAULT_ENCRYPT_IDENTITY or "", ask)


class VaultFiles:
    """`secrets` are the vault secrets of the run, each with the label of its identity. `ask` shows people a text, and returns what they type without its
    being seen; nothing where nobody can be asked.

    All of them decrypt. What is written is encrypted as ansible-vault does it: with the identity that is `chosen`, or the only one, and it has its label.
    """

    def __init__(self, secrets: Any, chosen: str = "", ask: Callable[[str], bytes] = lambda text: b"") -> None:
        self._vault = VaultLib(secrets)
        self._chosen = chosen
        self._ask = ask

    def read(self, path: str) -> dict[str, Any] | None:
        """See `_credentials.vault.Vault`."""
        encrypted = self._encrypted(path)
        if encrypted is None:
            return None
        self._check_started_with_secrets()
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
        label = self._encrypting()
        encrypted: bytes = self._vault.encrypt(to_bytes(_as_yaml(content)), secret=self._secret(label), vault_id=label)
        return encrypted

    def _secret(self, label: str) -> Any:
        return next(secret for name, secret in self._vault.secrets if name == label)

    def check_writable(self, path: str) -> None:
        """See `_credentials.vault.Vault`."""
        self._encrypting()
        self._encrypted(path)
        _files.check_writable(path)

    def move(self, path: str, to: str) -> None:
        """See `_credentials.vault.Vault`."""
        _files.move(path, to)

    def opens(self, path: str) -> bool | None:
        """See `_credentials.vault.Vault`."""
        found, label = _files.read(path), self._encrypting()
        if found is None or not is_encrypted(found):
            return None
        try:
            if parse_vaulttext_envelope(found)[3] != label:
                return None
            VaultLib([(label, self._secret(label))]).decrypt(found)
        except (AnsibleError, ValueError, IndexError):
            return False
        return True

    def confirm(self, why: str) -> None:
        """See `_credentials.vault.Vault`."""
        secret = self._secret(self._encrypting())
        if (
            isinstance(secret, PromptVaultSecret)
            and self._ask(f"{why}, so the vault password is a new one. Type it once more:").strip() != secret.bytes
        ):
            raise AutotaskError(
                f"{why}, so the vault password is a new one, and the second time another one was typed, or nobody could be asked. Nothing was written. "
                "Start again, or give a password that is kept in a file, with --vault-password-file.",
                "vault",
            )

    def check_secrets(self) -> None:
        """See `_credentials.vault.Vault`."""
        self._encrypting()

    def _encrypting(self) -> str:
        """The label of the identity that encrypts. Raises AutotaskError where there is none, or nobody says which of several."""
        self._check_started_with_secrets()
        labels = list(dict.fromkeys(label for label, _secret in self._vault.secrets))
        if self._chosen and self._chosen not in labels:
            raise AutotaskError(
                f'"{self._chosen}" is the vault identity to encrypt with (vault_encrypt_identity in ansible.cfg, ANSIBLE_VAULT_ENCRYPT_IDENTITY), and this '
                f"run has {quoted(labels)}. Start it with --vault-id {self._chosen}@... as well. Nothing was written.",
                "vault",
            )
        if not self._chosen and len(labels) > 1:
            raise AutotaskError(
                f"This run has the vault identities {quoted(labels)}, and nothing says which of them encrypts what it keeps. Name it: vault_encrypt_identity "
                "in ansible.cfg, or ANSIBLE_VAULT_ENCRYPT_IDENTITY. Nothing was written.",
                "vault",
            )
        return str(self._chosen or labels[0])

    def _check_started_with_secrets(self) -> None:
        if not self._vault.secrets:
            raise AutotaskError(
                "Files with secrets are encrypted, and this run has no vault password. Start it with --vault-password-file or --ask-vault-pass. "
                "Nothing was written.",
                "vault",
            )

    def _encrypted(self, path: str) -> bytes | None:
        """What the file holds as it lies there, None where there is none. Raises AutotaskError for one that isn't encrypted: others may have read it."""
        found = _files.read(path)
        if found is not None and any(line.startswith(CONFLICT) for line in found.splitlines()):
            raise AutotaskError(
                f"{path} has the marks of a merge conflict (<<<<<<<): two versions of it were to be merged. It was left as it is. "
                "Take one of them whole, such as with git checkout --ours or --theirs.",
                "vault",
            )
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
