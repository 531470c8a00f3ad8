# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The edge of a module: from `run(params)` to what Ansible gets. Private to the collection.

A module is the same whether it runs as a file of its own or inside the controller: an argument spec, and `run`.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from .._errors import AutotaskError, InputErrors
from .controller import AWAY, Controller

Run = Callable[[Mapping[str, Any], bool, Controller], dict[str, Any]]


def failure_of(error: Exception) -> dict[str, Any]:
    """The failed result for an error: its text and code, and each of several; for a bug of ours, where it happened, but no text: that might hold a secret."""
    if isinstance(error, AutotaskError):
        several = error.errors if isinstance(error, InputErrors) else ()
        listed = {"errors": [{"msg": str(one), "code": one.code} for one in several]} if several else {}
        return {"msg": str(error), "code": error.code, **listed}
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "msp/autotask" in frame.filename] or traceback.extract_tb(
        error.__traceback__
    )
    place = f"{frames[-1].filename.rpartition('/')[2]}, line {frames[-1].lineno}, in {frames[-1].name}" if frames else "an unknown place"
    return {"msg": f"This is a bug in msp.autotask: {type(error).__name__} at {place}. Please report it with what you did.", "code": "bug"}


def run_safely(run: Run, params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    """The result of `run`, or a failed one; raises nothing."""
    try:
        return run(params, check_mode, controller)
    except Exception as error:
        return {"failed": True, "changed": False, **failure_of(error)}


def main(argument_spec: dict[str, Any], run: Run) -> None:
    """What a module file does when Ansible starts it."""
    module = AnsibleModule(argument_spec=argument_spec, supports_check_mode=True)
    result = run_safely(run, module.params, module.check_mode, AWAY)
    for warning in result.pop("warnings", []):
        module.warn(warning)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)
