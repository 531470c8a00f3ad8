# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A task that tells the sandbox's control something, without the half second that a module of its own would take."""

from __future__ import annotations

from typing import Any

import requests
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """Sends `body` to `url` by `method`."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        args = self._task.args
        with requests.Session() as session:
            session.trust_env = False
            session.request(str(args["method"]), str(args["url"]), json=dict(args["body"]), timeout=30).raise_for_status()
        return result
