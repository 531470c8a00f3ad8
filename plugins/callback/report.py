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
  - Last of all it prints who waits for what, and where that lies, for up to twenty integrations, those that failed first.
  - They are written once as soon as it is known that a play sets something up, and say then that the run has not come to its end. So the report of an
    earlier run is never taken for that of one that was broken off.
  - Every host of such a play is in the report, with all reasons why it failed. Where a report can't be written, the run doesn't end with 0.
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
author:
  - msp.autotask contributors (@msp-autotask)
"""

import atexit
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

from ..module_utils._text import cleaned, on_one_line
from ..plugin_utils._report import model, render
from ..plugin_utils._report.ending import endings
from ..plugin_utils._report.reason import reason_of

COLLECTION = "msp.autotask."
TOGETHER = ("autotask_integrations", "autotask_rotation")
CORE = ("autotask_security_level", "autotask_webhook_limit", "autotask_api_user", "autotask_api_user_secret")
# Task files of the role `integration` that set something up.
SETTING_UP = ("main", "rotate")
INCLUDES = ("include_role", "include_tasks")
# What it says of loops whose items say it better, or of nothing at all.
EMPTY_WORDS = ("", "All items completed", "One or more items failed")


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
        self._hosts: list[str] = []
        self._batch: list[str] = []

    def v2_playbook_on_play_start(self, play: Any) -> None:
        """Remember whether anything is really done, and on which hosts; those of later batches, too, and of batches that are never reached."""
        self._report.check_mode = self._report.check_mode or bool(play.check_mode)
        known = play.get_variable_manager().get_vars(play=play, include_hostvars=False)
        self._hosts, self._batch = list(known["ansible_play_hosts_all"]), list(known["ansible_play_batch"])
        if any(_sets_up(task) for task in _tasks_of(play.compile())):
            self._begin()

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        """Remember whether the playbook sets anything up; only then is there something to report."""
        if _sets_up(task):
            self._begin()

    def v2_runner_on_ok(self, result: Any) -> None:
        """Take up the results of this collection's modules."""
        self._take(result)

    def v2_runner_item_on_ok(self, result: Any) -> None:
        """Take up the results of loops."""
        self._take(result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        """Remember that nothing was to be done for a tenant."""
        if _sets_up(result._task):
            self._report.leave_out(result._host.get_name())

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Remember why a tenant failed, and what was done before that. Errors that a playbook ignores are ours all the same where they are our modules'."""
        self._take(result)
        if not ignore_errors or _module_of(result._task) in (*CORE, *TOGETHER):
            self._fail(result)

    def v2_runner_item_on_failed(self, result: Any) -> None:
        """Remember why a tenant failed: the loop itself only says that some item did."""
        self.v2_runner_on_failed(result, ignore_errors=bool(result._task.ignore_errors))

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """Remember why a tenant failed."""
        if not result._task.ignore_unreachable:
            self._fail(result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """Write the report. Raises SystemExit where that can't be done: Ansible would end with 0, and has no other way to be told."""
        if not self._concerned:
            return
        self._report.end(failed=bool(stats.failures or stats.dark))
        summary = self._report.head()["summary"]
        counts = ", ".join(f"{summary[state]} {words}" for state, words in model.STATES.items() if summary[state])
        unproven = f" {summary['unproven']} of them not proven." if summary["unproven"] else ""
        hosts = f" {summary['tenants_failed']} of {summary['tenants']} hosts failed." if summary["tenants_failed"] else ""
        for line in endings(self._report.tenants()):
            self._display.display(line)
        self._display.display(f"Integrations: {counts or 'none'}.{unproven}{hosts}")
        if not self._write(say=True):
            raise SystemExit(1)

    def _begin(self) -> None:
        """A report that says that the run has not ended takes the place of the last run's."""
        new = self._report.expect(self._hosts)
        if new or not self._concerned:
            self._write(say=False)
        if not self._concerned:
            # Ansible tells nobody that somebody has pressed Ctrl-C. What works for it in processes of its own isn't meant.
            atexit.register(self._break_off, os.getpid())
        self._concerned = True

    def _break_off(self, process: int) -> None:
        """The process ends: where the run hasn't, the report says of which hosts that is true."""
        if self._report.finished or os.getpid() != process:
            return
        summary = self._report.head()["summary"]
        self._display.display(
            f"The run was broken off. {summary['tenants_not_reached']} of {summary['tenants']} hosts were not reached, or not finished; what came of the "
            "others is in the report."
        )
        self._write(say=True)

    def _write(self, say: bool) -> bool:
        """Write the report; whether all of it could be written. What couldn't is said in any case."""
        written, errors = render.write(self._report, Path(self.get_option("folder")))
        for path in written if say else []:
            self._display.display(f"  {path}")
        for text in errors:
            self._display.error(text, wrap_text=False)
        return not errors

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
            self._tell(host, known, planned)

    def _fail(self, result: Any) -> None:
        """Remember why a host failed, unless its integrations or the items of a loop tell so themselves."""
        values: Mapping[str, Any] = result._result
        module = _module_of(result._task)
        if any(entry["state"] == "failed" for entry in values.get("integrations") or () if module in TOGETHER):
            return
        text = _reason(module, values)
        if not text:
            return
        integration = str(result._task.args.get("integration") or "") if module in CORE else ""
        host = result._host.get_name()
        # Where such a task fails, Ansible gives up the whole batch.
        hosts = {host, *self._batch} if result._task.run_once else {host}
        for one in sorted(hosts):
            self._report.fail(one, text, result._task.get_name().strip(), integration)

    def _tell(self, host: str, values: Mapping[str, Any], planned: bool) -> None:
        line = f"{host}: {values['integration']}, {values['subject']}: {_words(values, planned)}"
        self._display.display(f"  {cleaned(on_one_line(line))}")


def _module_of(task: Any) -> str:
    return str(task.action).rpartition(".")[2]


def _tasks_of(blocks: Iterable[Any]) -> Iterator[Any]:
    """The tasks of blocks, as far as they are known before they run."""
    for one in blocks:
        if hasattr(one, "block"):
            yield from _tasks_of([*one.block, *one.rescue, *one.always])
        else:
            yield one


def _sets_up(task: Any) -> bool:
    """Whether a task is one of those that set something up, or includes a role that does."""
    module = _module_of(task)
    if module != "include_role":
        return module in (*CORE, *TOGETHER)
    role, file = (str(task.args.get(name) or "") for name in ("name", "tasks_from"))
    return (role or str(task.args.get("role"))).startswith(COLLECTION) and (Path(file).stem or "main") in SETTING_UP


def _reason(module: str, values: Mapping[str, Any]) -> str:
    """Why a task failed; empty where that was told of the items of its loop."""
    if values.get("_ansible_no_log"):
        return "a task failed whose result is secret"
    text = reason_of(str(values.get("reason") or values.get("msg") or ""))
    if text not in EMPTY_WORDS:
        return text
    items = values.get("results") or [values]
    if module in INCLUDES:
        included = [item.get("include_args") or {} for item in items]
        names = [str(one.get("name") or one.get("role") or one.get("file") or one.get("_raw_params") or "") for one in included]
        return f"what is included can't be loaded: {', '.join(dict.fromkeys(filter(None, names)))}"
    return "" if "results" in values else "failed, and doesn't say why"


def _objects(module: str, values: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The objects that a result tells of."""
    if module in TOGETHER:
        for entry in values.get("integrations") or ():
            yield from entry["objects"]
    elif module in CORE and values.get("subject"):
        yield values


def _words(values: Mapping[str, Any], planned: bool) -> str:
    """What there is to say of an object, in a few words; `planned` says that nothing was written."""
    change, steps = values.get("change") or {}, len(values["plan"])
    where = f" in {change['reference']}" if change.get("reference") else ""
    if values["pending_for"] == "steps":
        return f"{steps} {'step' if steps == 1 else 'steps'} to do{where}"
    if values["pending_for"] == "credentials":
        return "exists; credentials not recorded yet"
    if not values["changed"]:
        return f"as wanted{f', attested{where}' if where else ''}"
    if where:
        return f"done; would be attested{where}" if planned else f"done and attested{where}"
    if not steps and (values["diff"] or {}).get("after") == {"Active": False}:
        return "would be inactivated by this run, over REST" if planned else "inactivated over REST"
    # By a browser, which reads back what it did, or over REST.
    return f"{steps} {'step' if steps == 1 else 'steps'} carried out, and read back" if steps else "done"
