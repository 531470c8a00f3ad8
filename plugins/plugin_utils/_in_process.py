# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs any module of this collection that talks to Autotask inside the controller process, when its host is local. Private to the collection.

Starting a module as a file of its own costs ten times what it does there. Each module has an action of its name that is nothing but this:
leading all modules to one action in `meta/runtime.yml` would make ansible-lint tell our users to write that action's name instead of the module's.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils._edge.controller import Controller
from ..module_utils._edge.module import run_safely
from ..module_utils._rest.client import REQUESTS_MISSING
from ..module_utils._text import cleaned
from ..plugin_utils._plain import plain
from ..plugin_utils._shown import MOST_TENANTS, steps_of
from ..plugin_utils._vault import vault_of_run

COLLECTION = "msp.autotask"
MISSHAPEN = "{names}: a mapping of options is needed, as the module's documentation has it."
ENDLESS = "{names}: no number that anybody could count with."
NO_TEXT = (
    "{names}: text is needed, and what was given is a number or something else, which may not be what was typed. Put it in quotes; where it comes out of an "
    "expression and jinja2_native is on, let that end with | string. Nothing was sent."
)


class InProcessAction(ActionBase):
    """The action of every module that talks to Autotask. Ansible loads the action once a run, before it forks for each task, and `module` with it."""

    module: ModuleType
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The same result as the module gives on its own; in check mode what it plans is shown, since nothing else would tell of it."""
        result = self._result(tmp, task_vars)
        tenants = len((task_vars or {}).get("ansible_play_hosts_all") or ())
        counted = tenants > MOST_TENANTS and not self._task.diff
        for line in steps_of(result, counted) if self._task.check_mode else ():
            Display().display(line)
        return result

    def _result(self, tmp: str | None, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        name = self._task.action.rpartition(".")[2]
        if wrong := list(no_text(self.module.SPEC, plain(self._task.args))):
            return {**result, "failed": True, "msg": NO_TEXT.format(names=", ".join(wrong))}
        if not self._is_here():
            ordinary = self._execute_module(
                module_name=f"{COLLECTION}.{name}", task_vars=task_vars, wrap_async=self._task.async_val and not self._task.check_mode
            )
            return {**result, **ordinary}
        with self._environment():
            return {**result, **self._carry_out(name, self.module.SPEC, self.module.run, task_vars or {})}

    def _is_here(self) -> bool:
        """Whether the module would run on this machine, as this user, and wait for its end, so that a process of its own makes no difference."""
        connection = self._connection
        return connection.transport == "local" and connection.become is None and not self._task.async_val and REQUESTS_MISSING is None

    def _carry_out(self, name: str, spec: Mapping[str, Any], run: Any, task_vars: Mapping[str, Any]) -> dict[str, Any]:
        arguments = plain(self._task.args)
        if wrong := list(misshapen(spec, arguments)):
            return {"failed": True, "msg": MISSHAPEN.format(names=", ".join(wrong))}
        try:
            checked = ArgumentSpecValidator(dict(spec)).validate(arguments)
        except OverflowError:
            return {"failed": True, "msg": ENDLESS.format(names=", ".join(endless(arguments)))}
        params = checked.validated_parameters
        if checked.error_messages:
            message = checked.errors.msg
            if isinstance(checked.errors[0], UnsupportedError):
                message = f"Unsupported parameters for ({COLLECTION}.{name}) module: {message}"
            outcome: dict[str, Any] = {"failed": True, "msg": message}
        else:
            outcome = run_safely(run, params, self._task.check_mode, self._controller(str(task_vars.get("inventory_hostname") or "")))
        if not outcome.get("warnings"):
            outcome.pop("warnings", None)
        if _shows_invocation(task_vars):
            outcome["invocation"] = {"module_args": params}
        harmless = {key: value for key, value in outcome.items() if value is None or isinstance(value, bool)}
        return {**remove_values(outcome, checked._no_log_values), **harmless}

    def _controller(self, host: str) -> Controller:
        return Controller(
            say=lambda text: Display().display(cleaned(text)),
            vault=vault_of_run(self._loader, _typed),
            host=host,
            # Each task has a process of its own, which Ansible's forks.
            run=str(os.getppid()),
            # Ansible doesn't flush its output: where that goes into a pipe or a file, it comes in blocks of kilobytes. Its errors come line by line.
            progress=lambda text: Display().display(cleaned(text), stderr=True),
        )

    @contextmanager
    def _environment(self) -> Iterator[None]:
        """The task's `environment`, for as long as the module runs. Each task has a process of its own, so nobody else sees it."""
        wanted: dict[str, Any] = {}
        self._compute_environment_string(wanted)
        before = dict(os.environ)
        os.environ.update({key: str(value) for key, value in wanted.items()})
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def _typed(text: str) -> bytes:
    """What somebody types, unseen; nothing where there is no terminal."""
    try:
        return bytes(Display().prompt_until(text, private=True))
    except AnsibleError:
        return b""


def misshapen(spec: Mapping[str, Any], arguments: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """The options that have options of their own, and are given something else than a mapping, or a text that Ansible makes one of.

    Ansible looks into them before it has checked that they have an inside, and what it says then may quote a secret.
    """
    for name, option in spec.items():
        given = arguments.get(name) if "options" in option else None
        for value in given if isinstance(given, list) and option["type"] == "list" else [given]:
            if isinstance(value, Mapping):
                yield from misshapen(option["options"], value, f"{above}{name} > ")
            elif given is not None and not isinstance(value, str):
                yield f"{above}{name}"


def endless(arguments: Any, above: str = "") -> Iterator[str]:
    """The options that are given infinity, or what YAML calls no number: Ansible stumbles over them before it says what is wrong."""
    if isinstance(arguments, Mapping):
        for name, value in arguments.items():
            yield from endless(value, f"{above} > {name}" if above else str(name))
    elif isinstance(arguments, list):
        for number, value in enumerate(arguments, 1):
            yield from endless(value, f"{above} > {number}")
    elif isinstance(arguments, float) and not math.isfinite(arguments):
        yield above


def no_text(spec: Mapping[str, Any], arguments: Mapping[str, Any], above: str = "") -> Iterator[str]:
    """The options for a user name or a secret that are given something else than text: `0012`, or `9#a` where Ansible reads that as a value of Python.

    Ansible would make a text of it, and a wrong secret counts towards the lock of its user.
    """
    for name, option in spec.items():
        given = arguments.get(name)
        if "options" in option:
            for inner in given if isinstance(given, list) else [given]:
                yield from no_text(option["options"], inner, f"{above}{name} > ") if isinstance(inner, Mapping) else ()
        elif option.get("no_log") or name == "user_name":
            several = {f"{name} > {key}": one for key, one in given.items()} if isinstance(given, Mapping) else {name: given}
            yield from (f"{above}{one}" for one, value in several.items() if value is not None and not isinstance(value, str))


def _shows_invocation(task_vars: Mapping[str, Any]) -> bool:
    """Newer versions of Ansible add the invocation to a result only when they are asked to; older ones always do."""
    try:
        return bool(C.config.get_config_value("INJECT_INVOCATION", variables=task_vars))
    except AnsibleError:
        return True
