# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keeps the result of every task for the tests, one JSON document a line, in the file that KEPT_RESULTS names."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: kept_results
type: aggregate
short_description: Keeps the results of tasks for the tests
description: See the module.
"""


class CallbackModule(CallbackBase):
    """See DOCUMENTATION."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "kept_results"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: Any) -> None:
        """Keep the result."""
        self._keep(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Keep the result."""
        self._keep(result, failed=True)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """Keep the result."""
        self._keep(result, failed=True)

    def _keep(self, result: Any, failed: bool = False) -> None:
        entry = {"host": result._host.get_name(), "task": result._task.get_name(), "result": {**result._result, "failed": failed}}
        with open(os.environ["KEPT_RESULTS"], "a", encoding="utf-8") as stream:
            stream.write(json.dumps(entry, default=str) + "\n")
