# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Writes a file encrypted with the vault secret that the run was started with; documented by the module of the same name."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import yaml
from ansible.errors import AnsibleError
from ansible.module_utils.common.text.converters import to_bytes
from ansible.parsing.vault import VaultLib, is_encrypted
from ansible.plugins.action import ActionBase

from ansible_collections.msp.autotask.plugins.plugin_utils._plain import plain


class ActionModule(ActionBase):
    """The action of autotask_vault_file."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """See the module. The content never leaves this process unencrypted: not to a temporary file, not into the result."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _checked, args = self.validate_argument_spec(
            argument_spec={
                "path": {"type": "path", "required": True},
                "content": {"type": "dict", "required": True, "no_log": True},
                "vault_id": {"type": "str"},
            }
        )
        path, content = Path(args["path"]), plain(args["content"])
        vault = VaultLib(self._loader._vault.secrets)
        result.update(path=str(path), changed=False, invocation={"module_args": {**args, "content": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"}})
        problem = _problem(vault, path, args["vault_id"])
        if problem:
            return {**result, "failed": True, "msg": problem}
        try:
            if path.exists() and yaml.safe_load(vault.decrypt(path.read_bytes())) == content:
                return result
        except AnsibleError:
            return {**result, "failed": True, "msg": f"{path} can't be decrypted with the vault secrets of this run. Nothing was written."}
        result["changed"] = True
        if not self._task.check_mode:
            secret = next((secret for name, secret in vault.secrets if name == args["vault_id"]), vault.secrets[0][1])
            _write(path, vault.encrypt(to_bytes(yaml.safe_dump(content, sort_keys=False)), secret=secret, vault_id=args["vault_id"]))
        return result


def _problem(vault: VaultLib, path: Path, vault_id: str | None) -> str | None:
    if not vault.secrets:
        return "This file holds secrets and has to be encrypted. Start the run with --vault-password-file or --ask-vault-pass. Nothing was written."
    if vault_id and vault_id not in [name for name, _secret in vault.secrets]:
        return f'This run has no vault secret with the id "{vault_id}". Nothing was written.'
    if path.exists() and not is_encrypted(path.read_bytes()):
        return f"{path} is there already and isn't encrypted, so it isn't ours. Nothing was written."
    return None


def _write(path: Path, data: bytes) -> None:
    """Replace the file in one go, readable by its owner only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, scratch = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
    os.replace(scratch, path)
