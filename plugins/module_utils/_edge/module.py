# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The edge of a module: from `run(params)` to what Ansible gets. Private to the collection.

A module is the same whether it runs as a file of its own or inside the controller: an argument spec, and `run`.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from .._errors import AutotaskError, InputError, InputErrors, raise_all
from .._paths import check_tenant
from .._text import all_cleaned, cleaned
from .bounds import check_bounds
from .controller import AWAY, Controller
from .earlier import read_earlier

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
    """The result of `run`, or a failed one; raises nothing. Texts of a tenant are in it without what a terminal or a report would stumble over."""
    try:
        if params.get("tenant") is not None:
            check_tenant(params["tenant"])
        raise_all(_unspeakable(params))
        check_bounds(params)
        if params.get("tenant_info") is not None:
            params = {**params, "tenant_info": read_earlier(params["tenant_info"])}
        result = run(params, check_mode, replace(controller, say=lambda line: controller.say(cleaned(line))))
    except Exception as error:
        result = {"failed": True, "changed": False, **failure_of(error)}
    return dict(all_cleaned(result))


def _unspeakable(given: Any, place: tuple[str, ...] = ()) -> Iterator[InputError]:
    """An error for each option with a character that nobody can read; never its value, which may be a secret. What a tenant shows is no option of ours, and
    a profile has errors of its own.
    """
    if isinstance(given, Mapping):
        for name, value in given.items():
            if name not in ("tenant_info", "profile", "overrides"):
                yield from _unspeakable(value, (*place, cleaned(str(name))))
    elif isinstance(given, list | tuple):
        for number, value in enumerate(given, 1):
            yield from _unspeakable(value, (*place, str(number)))
    elif isinstance(given, str) and cleaned(given) != given:
        yield InputError(place, "there is a control character in it, or half a character; take it out", "characters")


def main(argument_spec: dict[str, Any], run: Run) -> None:
    """What a module file does when Ansible starts it."""
    module = AnsibleModule(argument_spec=argument_spec, supports_check_mode=True)
    result = run_safely(run, module.params, module.check_mode, AWAY)
    for warning in result.pop("warnings", []):
        module.warn(warning)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)
