# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What autotask_api_user does. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils import _catalogue
from ansible_collections.msp.autotask.plugins.module_utils._by_console import Visit, settle_by_console, vault_of, visiting
from ansible_collections.msp.autotask.plugins.module_utils._change import Document, Knowledge, Outcome, settle, withdraw
from ansible_collections.msp.autotask.plugins.module_utils._controller import Controller
from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError, Unauthorized
from ansible_collections.msp.autotask.plugins.module_utils._escrow import Escrow
from ansible_collections.msp.autotask.plugins.module_utils._labels import folded
from ansible_collections.msp.autotask.plugins.module_utils._level import same_name
from ansible_collections.msp.autotask.plugins.module_utils._options import CHANGE_BY_CONSOLE, CONNECTION, PROOF, Params, Spec, Tenant
from ansible_collections.msp.autotask.plugins.module_utils._plan import MENUS, TEXT_FIELDS, record_sentence, user_steps
from ansible_collections.msp.autotask.plugins.module_utils._proof import prove
from ansible_collections.msp.autotask.plugins.module_utils._results import result_of
from ansible_collections.msp.autotask.plugins.module_utils._tenant import find_user, inactivate_user, webhooks_of
from ansible_collections.msp.autotask.plugins.module_utils._tenant import people as read_people
from ansible_collections.msp.autotask.plugins.module_utils._user import User, parse_user, render_user, user_facts
from ansible_collections.msp.autotask.plugins.module_utils.appliers._ticket import check_integration

LABELS = {
    **TEXT_FIELDS,
    **MENUS,
    "active": "Active",
    "locked": "Locked",
    "tracking": "API Tracking Identifier",
    "lines_of_business": "Line of Business",
    "unassigned_items": "Items with no assigned Line of Business",
    "credentials": "Credentials",
}
# What REST shows of an API user; the rest is attested.
READABLE = ("first_name", "last_name", "email", "active", "security_level", "location")

SPEC: Spec = {
    **CONNECTION,
    **CHANGE_BY_CONSOLE,
    **PROOF,
    "first_name": {"type": "str", "required": True},
    "last_name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "email": {"type": "str"},
    "security_level": {"type": "str"},
    "record_as": {"type": "str"},
    "location": {"type": "str"},
    "active": {"type": "bool", "default": True},
    "locked": {"type": "bool"},
    "date_format": {"type": "str"},
    "time_format": {"type": "str"},
    "number_format": {"type": "str"},
    "tracking_identifier": {
        "type": "dict",
        "options": {"integration_vendor": {"type": "str"}, "internal_integration_name": {"type": "str"}},
    },
    "lines_of_business": {"type": "list", "elements": "str"},
    "unassigned_items": {"type": "bool"},
}


def run(params: Params, check_mode: bool, controller: Controller, under_way: Visit | None = None) -> dict[str, Any]:
    """The result of the module. Raises the errors of `_errors`; credentials are proven before anything is written."""
    tenant = Tenant(params)
    if params["state"] == "absent":
        return _absent(params, tenant, controller, check_mode)
    user = parse_user({**params, "active": params["active"] is not False})
    people = tenant.people()
    observed = find_user(people["api_users"], user.first_name, user.last_name) if people else None
    credentials = prove(params, tenant, people, user.name, observed)
    desired = user_facts(user)
    record = record_sentence(user.name, params["tenant"], check_integration(params["record_as"] or params["integration"]))

    def plan(base: Document | None) -> Knowledge:
        _check_tracking(base, user, observed is not None or people is None)
        words: list[str] = []
        if observed is None and (people or base is None):
            if base is not None:
                words.append(f'REST shows no API user "{user.name}".')
            return Knowledge(
                user_steps(user.name, None, desired, record, params["local_terms"]), contradictions=words, absent=people is not None
            )
        known = _facts_of(base) if base is not None else {}
        evidence = dict.fromkeys(known, "attested")
        if observed is not None:
            for fact in READABLE:
                if fact in desired:
                    value = desired[fact] if _alike(fact, observed[fact], desired[fact]) else observed[fact]
                    if base is not None and value != known.get(fact):
                        words.append(f'REST shows {LABELS[fact]} "{observed[fact]}" for the API user "{user.name}".')
                    known[fact], evidence[fact] = value, "read"
        steps = user_steps(user.name, known, desired, record, params["local_terms"])
        return Knowledge(steps, known, evidence, words)

    if params["apply_via"] == "console":
        outcome, made = _by_console(params, tenant, user.name, desired, record, controller, check_mode, under_way)
        if made:
            credentials = _proof_of_new(params, tenant, user, made)
    else:
        outcome = settle(tenant.applier(), "API user", user.name, render_user(user), plan, check_mode)
    result = result_of(params, outcome, lambda fact: LABELS.get(fact, fact), desired)
    result["user"] = dict(observed) if observed else {}
    result["evidence"]["Credentials"] = credentials["evidence"]
    result["warnings"] += credentials["warnings"]
    if not result["pending"] and not params["credentials"] and credentials["evidence"] == "unknown":
        result["pending"], result["pending_for"] = True, "credentials"
    return result


def _by_console(
    params: Params,
    tenant: Tenant,
    name: str,
    desired: Mapping[str, Any],
    record: str,
    controller: Controller,
    check_mode: bool,
    under_way: Visit | None = None,
) -> tuple[Outcome, Mapping[str, Any]]:
    """Make the user what it should be in the console. The secret of a new one is in escrow before it is saved.

    Returns what came of it, and the credentials that are new: from this run, or from the escrow of one that died.
    """
    path = params["console"]["credentials_file"]
    if not path:
        raise InputError(
            ["console", "credentials_file"], "is needed: where the key and the secret of a new API user are kept", "credentials_file"
        )
    escrow = Escrow(vault_of(controller), path)
    settled = False
    with visiting(params, _catalogue.standard(), controller, tenant.web_url, under_way) as visit:

        def look() -> Knowledge:
            nonlocal settled
            seen = visit.user(params["first_name"], params["last_name"])
            if seen is None:
                return Knowledge(user_steps(name, None, desired, record, params["local_terms"]), absent=True)
            settled = settled or (not check_mode and escrow.settle(seen.user_name))
            known = {
                fact: desired[fact] if fact in desired and _alike(fact, value, desired[fact]) else value
                for fact, value in seen.facts.items()
            }
            steps = user_steps(name, known, desired, record, params["local_terms"])
            return Knowledge(steps, known, dict.fromkeys(known, "read"))

        outcome = settle_by_console(params, visit, "API user", name, look, check_mode, escrow.keep)
    made = (vault_of(controller).read(path) or {}) if settled else {}
    return replace(outcome, changed=outcome.changed or settled), made


def _proof_of_new(params: Params, tenant: Tenant, user: User, made: Mapping[str, Any]) -> dict[str, Any]:
    """How the new credentials are known: they are tried once, since a few refusals in a row lock a user."""
    there = read_people(tenant.client) if tenant.client else None
    observed = find_user(there["api_users"], user.first_name, user.last_name) if there else None
    try:
        return prove({**params, "credentials": made}, tenant, there, user.name, observed)
    except Unauthorized as error:
        return {"evidence": "unknown", "warnings": [f'The new credentials of "{user.name}" are kept, and don\'t sign in yet. {error}']}


def _alike(fact: str, observed: object, desired: object) -> bool:
    if fact == "security_level":
        return same_name(str(observed), str(desired))
    if isinstance(desired, str):
        return folded(str(observed)) == folded(desired) if fact == "location" else str(observed).casefold() == desired.casefold()
    return observed == desired


def _facts_of(document: Document) -> dict[str, Any]:
    facts = dict(document)
    facts["tracking"] = facts.pop("tracking_identifier", {})
    return facts


def _check_tracking(base: Document | None, user: User, there: bool) -> None:
    """Once assigned, a tracking identifier can't be changed (Autotask, the page of an API user)."""
    before = (base or {}).get("tracking_identifier")
    if there and before and before != dict(user.tracking):
        raise InputError(
            ["tracking_identifier"],
            f'the API user "{user.name}" was made with {dict(before)}, and a tracking identifier can\'t be changed once it is set. '
            "Another vendor means another user: choose another name for it.",
            "tracking_fixed",
        )


def _absent(params: Params, tenant: Tenant, controller: Controller, check_mode: bool) -> dict[str, Any]:
    """Inactivate the user: by REST, and where that has no effect by a step in the console. API users are never deleted."""
    name = f"{params['first_name']} {params['last_name']}"
    people = tenant.people()
    found = find_user(people["api_users"], params["first_name"], params["last_name"]) if people else None
    user = found if found and found["active"] else None
    warnings = _webhook_warnings(tenant, user)
    inactivated = False
    if user and tenant.client and params["apply_via"] != "runsheet" and (check_mode or inactivate_user(tenant.client, user["id"])):
        inactivated = True

    def plan(base: Document | None) -> Knowledge:
        active = user is not None and not inactivated if people else base is None
        known, evidence = {"active": active}, {"active": "read" if people else "attested"}
        return Knowledge(user_steps(name, known, {"active": False}, "", params["local_terms"]), known, evidence)

    document = {"first_name": params["first_name"], "last_name": params["last_name"], "active": False}
    if params["apply_via"] == "console" and plan(None).steps:
        outcome, _made = _by_console(params, tenant, name, {"active": False}, "", controller, check_mode)
    else:
        applier = tenant.applier()
        outcome = settle(applier, "API user", name, document, plan, check_mode)
        of_secret = withdraw(applier, "secret", name, {"rotation": None}, check_mode)
        outcome = replace(outcome, changed=outcome.changed or of_secret.changed)
    result = result_of(params, outcome, lambda fact: LABELS.get(fact, fact), ["active"])
    result["changed"] = result["changed"] or inactivated
    if inactivated:
        result["diff"] = {"before": {"Active": True}, "after": {"Active": False}}
    result["user"] = dict(user) if user else {}
    result["warnings"] += warnings
    return result


def _webhook_warnings(tenant: Tenant, user: Mapping[str, Any] | None) -> list[str]:
    if not user or not tenant.client:
        return []
    counts = {entity: count for entity, count in webhooks_of(tenant.client, user["id"]).items() if count}
    if not counts:
        return []
    shown = ", ".join(f"{count} {entity}" for entity, count in counts.items())
    return [f"The user owns webhooks ({shown}). They stop working when it is inactivated."]
