# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What autotask_console_integration does: the core modules' work for all objects of a profile, in one browser. Private to the collection."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.msp.autotask.plugins.module_utils import _catalogue, _ensure_level, _ensure_user, _ensure_webhook_limit
from ansible_collections.msp.autotask.plugins.module_utils._by_console import Visit, visiting
from ansible_collections.msp.autotask.plugins.module_utils._controller import Controller
from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError, InputError
from ansible_collections.msp.autotask.plugins.module_utils._module import failure_of
from ansible_collections.msp.autotask.plugins.module_utils._options import CHANGE, CONNECTION, CONSOLE, TENANT_INFO, Params, Spec, Tenant

Ensure: TypeAlias = Callable[[Params, bool, Controller, Visit | None], dict[str, Any]]

SPEC: Spec = {
    **CONNECTION,
    **CONSOLE,
    **TENANT_INFO,
    "tenant": CHANGE["tenant"],
    "local_terms": CHANGE["local_terms"],
    "profile": {"type": "dict", "required": True},
    "email": {"type": "str", "required": True},
    "location": {"type": "str", "required": True},
    "credentials_folder": {"type": "path", "required": True},
    "credentials": {"type": "dict", "default": {}, "no_log": True},
    "extra_settings": {"type": "list", "elements": "dict", "default": []},
    "full_audit": {"type": "bool", "default": False},
}
# What each of the core modules is given as it is.
SHARED = (*CONNECTION, *TENANT_INFO, "console", "tenant", "local_terms")


def run(params: Params, check_mode: bool, controller: Controller) -> dict[str, Any]:
    """The result of the module: that of every object, also when one after them fails. Raises the errors of `_errors` where nothing was begun."""
    work = list(_objects(params))
    results: list[dict[str, Any]] = []
    failure: dict[str, Any] = {}
    web_url = Tenant(work[0][1]).web_url if work else ""
    with visiting(params, _catalogue.extended(params["extra_settings"]), controller, web_url) as visit:
        for ensure, given in work:
            try:
                results.append(ensure(given, check_mode, controller, visit))
            except AutotaskError as error:
                failure = {"failed": True, **failure_of(error)}
                break
    return {
        **failure,
        "changed": any(result["changed"] for result in results),
        "pending": any(result["pending"] for result in results),
        "results": results,
        "diff": [result["diff"] for result in results],
        "warnings": [warning for result in results for warning in result.pop("warnings")],
    }


def _objects(params: Params) -> Iterator[tuple[Ensure, dict[str, Any]]]:
    """The core modules' work, in their order, with the options of each."""
    profile = params["profile"]
    try:
        shared = {**{name: params[name] for name in SHARED}, "integration": profile["integration"], "apply_via": "console"}
        levels, users = profile["security_levels"], profile["api_users"]
        for level in levels:
            of_level = shared | {"credentials": _first_of(params["credentials"], users, level["name"])}
            own = {name: level[name] for name in ("name", "copy_of", "baseline", "source", "sections", "settings")}
            own |= {name: params[name] for name in ("extra_settings", "full_audit")}
            yield _ensure_level.run, _checked(_ensure_level.SPEC, of_level | own)
        for level in levels:
            if level["webhooks"]:
                of_level = shared | {"credentials": _first_of(params["credentials"], users, level["name"])}
                own = {"level": level["name"], **level["webhooks"]}
                yield _ensure_webhook_limit.run, _checked(_ensure_webhook_limit.SPEC, of_level | own)
        for user in users:
            own = {name: value for name, value in user.items() if name in _ensure_user.SPEC}
            own |= {"email": params["email"], "location": params["location"], "credentials": params["credentials"].get(user["key"])}
            own["console"] = {**params["console"], "credentials_file": f"{params['credentials_folder']}/{user['record_as']}.yml"}
            yield _ensure_user.run, _checked(_ensure_user.SPEC, shared | own)
    except KeyError as error:
        raise InputError(
            ["profile"], f"has no {error}; give what msp.autotask.autotask_profile_info returned as `profile`", "profile"
        ) from None


def _first_of(credentials: Mapping[str, Any], users: list[Mapping[str, Any]], level: str) -> Any:
    """The credentials of the first user of a level, which show what it grants; None where they aren't known."""
    return next((credentials.get(user["key"]) for user in users if user["security_level"] == level), None)


def _checked(spec: Spec, given: Params) -> dict[str, Any]:
    """The options as the module of that spec would have them."""
    checked = ArgumentSpecValidator(spec).validate({name: value for name, value in given.items() if value is not None})
    if checked.error_messages:
        raise InputError(["profile"], "; ".join(checked.error_messages), "profile")
    return dict(checked.validated_parameters)
