# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What autotask_webhook_limit does. Private to the collection."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils import _access, _catalogue
from ansible_collections.msp.autotask.plugins.module_utils._by_console import Visit, no_secrets, settle_by_console, visiting
from ansible_collections.msp.autotask.plugins.module_utils._catalogue import Catalogue
from ansible_collections.msp.autotask.plugins.module_utils._change import Document, Knowledge, settle
from ansible_collections.msp.autotask.plugins.module_utils._controller import Controller
from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError
from ansible_collections.msp.autotask.plugins.module_utils._labels import Terms
from ansible_collections.msp.autotask.plugins.module_utils._level import (
    CAN_CREATE_WEBHOOKS,
    MAXIMUM_WEBHOOKS,
    WEBHOOK_CELLS,
    WebhookLimit,
    cell_label,
    check_level_name,
    limit_cells,
    limit_of,
)
from ansible_collections.msp.autotask.plugins.module_utils._options import (
    CHANGE_BY_CONSOLE,
    CONNECTION,
    PROOF,
    Params,
    Spec,
    Tenant,
    access_of_level,
)
from ansible_collections.msp.autotask.plugins.module_utils._plan import level_steps
from ansible_collections.msp.autotask.plugins.module_utils._results import result_of
from ansible_collections.msp.autotask.plugins.module_utils._tenant import find_level

SPEC: Spec = {
    **CONNECTION,
    **CHANGE_BY_CONSOLE,
    **PROOF,
    "level": {"type": "str", "required": True},
    "maximum": {"type": "int", "required": True},
    "bound": {"type": "str", "choices": ["exact", "minimum"], "default": "exact"},
}


def run(params: Params, check_mode: bool, controller: Controller, under_way: Visit | None = None) -> dict[str, Any]:
    """The result of the module. Raises the errors of `_errors`."""
    if params["maximum"] < 0:
        raise InputError(["maximum"], f"{params['maximum']} is not a number of webhooks; 0 takes the right away", "maximum")
    catalogue = _catalogue.standard()
    limit = WebhookLimit(check_level_name(params["level"], "level"), params["maximum"], params["bound"])
    tenant = Tenant(params)
    people = tenant.people()
    observed = find_level(people["levels"], limit.level) if people else None
    wanted = limit_cells(limit)
    access, warnings = access_of_level(tenant, people, limit.level, _access.entities_with_effects(WEBHOOK_CELLS)) if observed else ({}, [])
    label = cell_label(catalogue, params["local_terms"])

    def plan(base: Document | None) -> Knowledge:
        kept = limit_of(base) if base is not None and not (people and observed is None) else None
        known = limit_cells(kept) if kept else {}
        desired = dict(wanted)
        attested = known.get(MAXIMUM_WEBHOOKS)
        if limit.bound == "minimum" and isinstance(attested, int) and attested > limit.maximum:
            desired[MAXIMUM_WEBHOOKS] = attested
        evidence, words = dict.fromkeys(known, "attested"), []
        proven, contradicted = _access.shown_by_access(wanted, access, catalogue.least)
        if proven and CAN_CREATE_WEBHOOKS in known:
            evidence[CAN_CREATE_WEBHOOKS] = "effect"
        if contradicted:
            known, evidence = {}, {CAN_CREATE_WEBHOOKS: "effect"}
            words = [f"{label(CAN_CREATE_WEBHOOKS)}: what the API user may do shows otherwise."] if base is not None else []
        return Knowledge(level_steps(limit.level, known, desired, catalogue, params["local_terms"]), known, evidence, words)

    if params["apply_via"] == "console":
        with visiting(params, catalogue, controller, tenant.web_url, under_way) as visit:

            def look() -> Knowledge:
                return _read(visit, limit, catalogue, params["local_terms"], check_mode)

            outcome = settle_by_console(params, visit, "webhook limit", limit.level, look, check_mode, no_secrets)
        result = result_of(params, outcome, label, WEBHOOK_CELLS)
        result["warnings"] += warnings
        return result
    outcome = settle(tenant.applier(), "webhook limit", limit.level, asdict(limit), plan, check_mode)
    result = result_of(params, outcome, label, WEBHOOK_CELLS)
    result["warnings"] += warnings
    return result


def _read(visit: Visit, limit: WebhookLimit, catalogue: Catalogue, terms: Terms, check_mode: bool) -> Knowledge:
    """What the console's page of the level shows of the limit, and the steps that are still needed."""
    wanted = limit_cells(limit)
    seen = visit.level(limit.level)
    if seen is None:
        if not check_mode:
            raise InputError(["level"], f'the console lists no security level "{limit.level}"; make it first', "no_such_level")
        return Knowledge(level_steps(limit.level, {}, wanted, catalogue, terms), absent=True)
    known = {cell_id: seen.cells[cell_id] for cell_id in WEBHOOK_CELLS if cell_id in seen.cells}
    there = known.get(MAXIMUM_WEBHOOKS)
    if limit.bound == "minimum" and isinstance(there, int) and there > limit.maximum:
        wanted[MAXIMUM_WEBHOOKS] = there
    return Knowledge(level_steps(limit.level, known, wanted, catalogue, terms), known, dict.fromkeys(known, "read"))
