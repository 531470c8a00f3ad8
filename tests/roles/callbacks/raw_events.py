# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keeps what a callback is told of a run, as services do that store events: one JSON document a line, in the file that RAW_EVENTS names."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: raw_events
type: aggregate
short_description: Keeps the events of a run for the tests
description: See the module.
"""


class CallbackModule(CallbackBase):
    """See DOCUMENTATION."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "raw_events"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        """Keep the task and its arguments, as they are written."""
        self._keep("task", {"name": task.get_name(), "args": task.args})

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """Keep what roles told with set_stats."""
        self._keep("stats", stats.custom)

    def v2_playbook_on_include(self, included_file: Any) -> None:
        """Keep what an included file is given."""
        self._keep("include", {"args": included_file._args, "vars": included_file._vars})

    def _result(self, result: Any, *_more: Any, **_options: Any) -> None:
        self._keep("result", {"task": result._task.get_name(), **result._result})

    def _keep(self, kind: str, what: Any) -> None:
        with open(os.environ["RAW_EVENTS"], "a", encoding="utf-8") as stream:
            stream.write(json.dumps({kind: what}, default=repr, ensure_ascii=False) + "\n")

    v2_runner_on_ok = v2_runner_on_failed = v2_runner_on_skipped = v2_runner_on_unreachable = v2_runner_retry = _result
    v2_runner_item_on_ok = v2_runner_item_on_failed = v2_runner_item_on_skipped = _result
