# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What autotask_api_user_secret does. Private to the collection."""

from __future__ import annotations

from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils._change import Document, Knowledge, settle
from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError
from ansible_collections.msp.autotask.plugins.module_utils._options import Params, Tenant
from ansible_collections.msp.autotask.plugins.module_utils._plan import record_sentence, secret_steps
from ansible_collections.msp.autotask.plugins.module_utils._proof import prove
from ansible_collections.msp.autotask.plugins.module_utils._results import result_of
from ansible_collections.msp.autotask.plugins.module_utils._tenant import find_user
from ansible_collections.msp.autotask.plugins.module_utils.appliers._ticket import check_integration

LABELS = {"rotation": "Rotation"}
LONGEST_ROTATION = 50


def run(params: Params, check_mode: bool, say: object) -> dict[str, Any]:
    """The result of the module. Raises the errors of `_errors`; credentials are proven before anything is written."""
    rotation = _rotation(params["rotation"])
    name = f"{params['first_name']} {params['last_name']}"
    tenant = Tenant(params)
    people = tenant.people()
    observed = find_user(people["api_users"], params["first_name"], params["last_name"]) if people else None
    if people and not (observed and observed["active"]):
        raise InputError(
            ["first_name", "last_name"], f'REST shows no active API user "{name}"; set it up before its secret is changed', "no_such_user"
        )
    credentials = prove(params, tenant, people, name, observed)
    record = record_sentence(name, params["tenant"], check_integration(params["record_as"] or params["integration"]))
    steps = secret_steps(name, rotation, record, params["local_terms"])

    def plan(base: Document | None) -> Knowledge:
        if base is None:
            return Knowledge(steps)
        done = base.get("rotation") == rotation
        return Knowledge([] if done else steps, {"rotation": base.get("rotation")}, {"rotation": "attested"})

    outcome = settle(tenant.applier(), "secret", name, {"rotation": rotation}, plan, check_mode)
    result = result_of(params, outcome, lambda fact: LABELS.get(fact, fact), LABELS)
    result["evidence"]["Credentials"] = credentials["evidence"]
    result["warnings"] += credentials["warnings"]
    if not result["pending"] and not params["credentials"]:
        result["pending"], result["pending_for"] = True, "credentials"
    return result


def _rotation(text: str) -> str:
    name = text.strip()
    if not name or not name.isprintable() or len(name) > LONGEST_ROTATION:
        raise InputError(
            ["rotation"], f'"{text}" is not a name of one line with at most {LONGEST_ROTATION} characters, such as 2026-11', "rotation"
        )
    return name
