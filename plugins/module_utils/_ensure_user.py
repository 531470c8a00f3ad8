# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What autotask_api_user does. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils._change import Document, Knowledge, settle
from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError
from ansible_collections.msp.autotask.plugins.module_utils._labels import folded
from ansible_collections.msp.autotask.plugins.module_utils._level import same_name
from ansible_collections.msp.autotask.plugins.module_utils._options import Params, Tenant, user_of
from ansible_collections.msp.autotask.plugins.module_utils._plan import MENUS, TEXT_FIELDS, user_steps
from ansible_collections.msp.autotask.plugins.module_utils._results import result_of
from ansible_collections.msp.autotask.plugins.module_utils._tenant import inactivate_user, version, webhooks_of
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


def run(params: Params, check_mode: bool, say: object) -> dict[str, Any]:
    """The result of the module. Raises the errors of `_errors`; credentials are proven before anything is written."""
    tenant = Tenant(params)
    if params["state"] == "absent":
        return _absent(params, tenant, check_mode)
    user = parse_user({**params, "active": params["active"] is not False})
    people = tenant.people()
    observed = _find(people, user) if people else None
    credentials = _prove(params, tenant, people, user, observed)
    desired = user_facts(user)
    record = (
        f'Record the Username (Key), the Password (Secret) and, if one was generated, the Tracking Identifier of API user "{user.name}" '
        f'with the playbook msp.autotask.record_credentials, tenant "{params["tenant"]}", integration "{check_integration(params["record_as"] or params["integration"])}".'
    )

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

    outcome = settle(tenant.applier(), "API user", user.name, render_user(user), plan, check_mode)
    result = result_of(params, outcome, lambda fact: LABELS.get(fact, fact), desired)
    result["user"] = dict(observed) if observed else {}
    result["evidence"]["Credentials"] = credentials["evidence"]
    result["warnings"] += credentials["warnings"]
    if not result["pending"] and not params["credentials"]:
        result["pending"], result["pending_for"] = True, "credentials"
    return result


def _find(people: Mapping[str, Any], user: User) -> Mapping[str, Any] | None:
    """The API user of this name; an active one rather than inactive ones. Raises InputError when several are active."""
    same = [
        known
        for known in people["api_users"]
        if _alike("first_name", known["first_name"], user.first_name) and _alike("last_name", known["last_name"], user.last_name)
    ]
    active = [known for known in same if known["active"]]
    if len(active) > 1:
        keys = ", ".join(known["user_name"] for known in active)
        raise InputError(
            ["first_name", "last_name"],
            f'there are {len(active)} active API users "{user.name}" ({keys}); inactivate the others',
            "ambiguous_user",
        )
    return next(iter(active or same), None)


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


def _prove(
    params: Params, tenant: Tenant, people: Mapping[str, Any] | None, user: User, observed: Mapping[str, Any] | None
) -> dict[str, Any]:
    """How the credentials that were passed in are known: `effect` when they sign in and belong to this user.

    Raises Unauthorized when they don't sign in, and InputError when they are another user's.
    """
    credentials = params["credentials"]
    signed_in = bool(credentials and tenant.access_seen(credentials["user_name"]))
    if signed_in and people is None:
        return {"evidence": "effect", "warnings": []}
    # A user that is switched off can't sign in; that it is off is what has to be mended first.
    if not credentials or people is None or observed is None or not observed["active"]:
        return {"evidence": "unknown", "warnings": []}
    owner = user_of(people, credentials["user_name"])
    if owner is None or owner["id"] != observed["id"]:
        whose = f'of the API user "{owner["first_name"]} {owner["last_name"]}"' if owner else "of no API user of this tenant"
        raise InputError(["credentials", "user_name"], f'it is the key {whose}, not of "{user.name}"', "other_users_key")
    if signed_in:
        return {"evidence": "effect", "warnings": []}
    client = tenant.client_of(credentials)
    if client is None:
        words = (
            f'The credentials of "{user.name}" could not be proven: its tracking identifier is the integration vendor\'s, and only who knows it can sign in. '
            "Ask the vendor for it, or let the vendor test the connection."
        )
        return {"evidence": "attested", "warnings": [words]}
    version(client)
    return {"evidence": "effect", "warnings": []}


def _absent(params: Params, tenant: Tenant, check_mode: bool) -> dict[str, Any]:
    """Inactivate the user: by REST, and where that has no effect by a step in the console. API users are never deleted."""
    name = f"{params['first_name']} {params['last_name']}"
    people = tenant.people()
    users = [
        user
        for user in (people or {}).get("api_users", [])
        if user["active"] and user["first_name"] == params["first_name"] and user["last_name"] == params["last_name"]
    ]
    if people and len(users) > 1:
        raise InputError(["first_name", "last_name"], f'there are {len(users)} active API users "{name}"', "ambiguous_user")
    warnings = _webhook_warnings(tenant, users)
    inactivated = False
    if users and tenant.client and params["apply_via"] == "ticket" and (check_mode or inactivate_user(tenant.client, users[0]["id"])):
        inactivated = True

    def plan(base: Document | None) -> Knowledge:
        active = bool(users) and not inactivated if people else base is None
        known, evidence = {"active": active}, {"active": "read" if people else "attested"}
        return Knowledge(user_steps(name, known, {"active": False}, "", params["local_terms"]), known, evidence)

    document = {"first_name": params["first_name"], "last_name": params["last_name"], "active": False}
    outcome = settle(tenant.applier(), "API user", name, document, plan, check_mode)
    result = result_of(params, outcome, lambda fact: LABELS.get(fact, fact), ["active"])
    result["changed"] = result["changed"] or inactivated
    if inactivated:
        result["diff"] = {"before": {"Active": True}, "after": {"Active": False}}
    result["user"] = dict(users[0]) if users else {}
    result["warnings"] += warnings
    return result


def _webhook_warnings(tenant: Tenant, users: Sequence[Mapping[str, Any]]) -> list[str]:
    if not users or not tenant.client:
        return []
    counts = {entity: count for entity, count in webhooks_of(tenant.client, users[0]["id"]).items() if count}
    if not counts:
        return []
    shown = ", ".join(f"{count} {entity}" for entity, count in counts.items())
    return [f"The user owns webhooks ({shown}). They stop working when it is inactivated."]
