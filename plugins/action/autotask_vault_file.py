# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Writes and reads a file encrypted with the vault secret that the run was started with; documented by the module of the same name."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError
from ansible_collections.msp.autotask.plugins.plugin_utils._plain import plain
from ansible_collections.msp.autotask.plugins.plugin_utils._vault import VaultFiles


class ActionModule(ActionBase):
    """The action of autotask_vault_file."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """See the module."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _checked, args = self.validate_argument_spec(
            argument_spec={
                "path": {"type": "path", "required": True},
                "content": {"type": "dict", "no_log": True},
                "read": {"type": "bool", "default": False},
                "vault_id": {"type": "str"},
            }
        )
        path, content = str(args["path"]), plain(args["content"])
        files = VaultFiles(self._loader._vault.secrets, args["vault_id"])
        result.update(path=path, changed=False, invocation={"module_args": {**args, "content": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"}})
        if (content is None) is not args["read"]:
            return {
                **result,
                "failed": True,
                "msg": "Either `content`, what the file is to hold, or `read: true` is needed. Nothing was written.",
            }
        try:
            if args["read"]:
                return {**result, "content": files.read(path) or {}}
            files.check(path)
            result["changed"] = not files.holds(path, content)
            if result["changed"] and not self._task.check_mode:
                files.write(path, content)
        except AutotaskError as error:
            return {**result, "failed": True, "changed": False, "msg": str(error)}
        return result
