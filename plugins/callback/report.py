# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Tells how far the tenants are while a playbook runs, and writes the report when it is done."""

from __future__ import annotations

DOCUMENTATION = r"""
name: report
type: notification
short_description: Progress and report of what is set up in Autotask
version_added: 0.1.0
description:
  - Prints one line for each object (security level, webhook limit, API user, secret) of each tenant, and, when the playbook is done, writes
    C(report.json), C(report.html) and C(report.junit.xml). None of them holds a secret.
  - The form of C(report.json) is documented in the collection's C(docs/report.md).
requirements:
  - enable it in C(callbacks_enabled)
options:
  folder:
    description: Where the report is written.
    type: path
    default: autotask-report
    env:
      - name: AUTOTASK_REPORT_FOLDER
    ini:
      - section: autotask_report
        key: folder
  show_plan:
    description: Whether to print the steps of a plan, too.
    type: bool
    default: false
    env:
      - name: AUTOTASK_REPORT_SHOW_PLAN
    ini:
      - section: autotask_report
        key: show_plan
author:
  - msp.autotask contributors (@msp-autotask)
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

from ..plugin_utils._report import model, render

TOGETHER = ("autotask_integrations", "autotask_rotation")
CORE = ("autotask_security_level", "autotask_webhook_limit", "autotask_api_user", "autotask_api_user_secret")


class CallbackModule(CallbackBase):
    """See DOCUMENTATION."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "msp.autotask.report"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._report = model.Report()
        self._concerned = False

    def v2_playbook_on_play_start(self, play: Any) -> None:
        """Remember whether anything is really done."""
        self._report.check_mode = self._report.check_mode or bool(play.check_mode)

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        """Remember whether the playbook sets anything up; only then is there something to report."""
        self._concerned = self._concerned or _module_of(task) in (*CORE, *TOGETHER)

    def v2_runner_on_ok(self, result: Any) -> None:
        """Take up the results of this collection's modules."""
        self._take(result)

    def v2_runner_item_on_ok(self, result: Any) -> None:
        """Take up the results of loops."""
        self._take(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Remember why a tenant failed, and what was done before that."""
        if not ignore_errors:
            self._take(result)
            self._fail(result)

    def v2_runner_item_on_failed(self, result: Any) -> None:
        """Remember why a tenant failed: the loop itself only says that some item did."""
        self._take(result)
        self._fail(result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """Remember why a tenant failed."""
        self._fail(result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """Write the report."""
        if not self._concerned:
            return
        summary = self._report.head()["summary"]
        counts = ", ".join(f"{summary[state]} {words}" for state, words in model.STATES.items() if summary[state])
        self._display.display(f"Integrations: {counts or 'none'}.")
        for path in render.write(self._report, Path(self.get_option("folder"))):
            self._display.display(f"  {path}")

    def _take(self, result: Any) -> None:
        module = _module_of(result._task)
        values: Mapping[str, Any] = result._result
        host, planned = result._host.get_name(), bool(result._task.check_mode)
        if module in TOGETHER and "integrations" in values:
            self._report.add_integrations(host, values, planned)
        elif module in CORE and values.get("subject"):
            self._report.add_object(host, values, planned)
        elif module == "autotask_access_info" and values.get("findings") is not None and values.get("integration"):
            self._report.add_access(host, values)
        for known in _objects(module, values):
            self._tell(host, known)

    def _fail(self, result: Any) -> None:
        values: Mapping[str, Any] = result._result
        text = "a task failed whose result is secret" if values.get("_ansible_no_log") else str(values.get("msg") or "failed")
        by_entries = any(entry["state"] == "failed" for entry in values.get("integrations") or ())
        self._report.fail(result._host.get_name(), text, by_entries)

    def _tell(self, host: str, values: Mapping[str, Any]) -> None:
        self._display.display(f"  {host}: {values['integration']}, {values['subject']}: {_words(values)}")
        if self.get_option("show_plan") and values["plan"]:
            for number, step in enumerate(values["plan"], 1):
                self._display.display(f"      {number:2}. {step['text']}")


def _module_of(task: Any) -> str:
    return str(task.action).rpartition(".")[2]


def _objects(module: str, values: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The objects that a result tells of."""
    if module in TOGETHER:
        for entry in values.get("integrations") or ():
            yield from entry["objects"]
    elif module in CORE and values.get("subject"):
        yield values


def _words(values: Mapping[str, Any]) -> str:
    """What there is to say of an object, in a few words."""
    change, steps = values.get("change") or {}, len(values["plan"])
    where = f" in {change['reference']}" if change.get("reference") else ""
    if values["pending_for"] == "steps":
        return f"{steps} {'step' if steps == 1 else 'steps'} to do{where}"
    if values["pending_for"] == "credentials":
        return "exists; credentials not recorded yet"
    if not values["changed"]:
        return f"as wanted{f', attested{where}' if where else ''}"
    if where:
        return f"done and attested{where}"
    # By a browser, which reads back what it did, or over REST.
    return f"{steps} {'step' if steps == 1 else 'steps'} carried out, and read back" if steps else "done"
