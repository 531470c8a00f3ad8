# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Why an integration doesn't work: from what was seen to cause, proof and the step that fixes it. Private to the collection.

Pure: it reads nothing. Each check gives one finding. A finding is a `fault` (it is so, and it breaks the integration), `suspect` (it is so, and
may break it), `fine`, or `unknown` with the reason: what Autotask doesn't tell is not guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from .._catalogue.effects import EFFECTS, TOGETHER_WITH
from .._catalogue.lookup import ORGANIZATION_ACCESS
from .._catalogue.model import Value
from .._catalogue.terms import worded
from .._documents.checks import CHECKS
from .._documents.names import same_name
from .._documents.observed import find_level
from .._documents.webhook_limit import CAN_CREATE_WEBHOOKS, MAXIMUM_WEBHOOKS
from .._entities import WEBHOOK_ENTITIES
from .._plan.level_steps import level_steps
from .._plan.step import Step
from .._plan.user_steps import user_steps
from .._text import quoted
from .model import (
    FAULT,
    FINE,
    OF_A_LINE_OF_BUSINESS,
    REFUSED,
    SLOWED,
    SUSPECT,
    UNCLEAR,
    UNKNOWN,
    UNTRIED,
    WORKS,
    WRONG_IDENTIFIER,
    Finding,
    Found,
    Seen,
    Wanted,
    access_told,
    access_words,
    hidden_rows,
    may_query,
    missing_access,
    namesakes,
    usage_words,
    user_of_that_name,
)

PROVISION = "Run the playbook msp.autotask.provision for this tenant and vendor: it lists the steps that make"
RECORD = "with the playbook msp.autotask.record_credentials"
LEAVE_SECRET = "Leave the Password (Secret) as it is: what the vendor holds may work, and a new one would break that."


def diagnose(wanted: Wanted, seen: Seen, checks: Iterable[str] = CHECKS) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The findings of the checks, in the order of `CHECKS`, and those of them that are causes, most fundamental first.

    A fault that another one explains is no cause; the one that explains it is among the findings, asked for or not.
    """
    found: dict[str, Finding] = {}
    for check, look in _LOOKS.items():
        found[check] = look(wanted, seen, found)
    asked = set(checks)
    asked |= {found[check].follows_from for check in asked}
    causes = [found[check] for check in _LOOKS if check in asked and found[check].verdict == FAULT and not found[check].follows_from]
    return [asdict(found[check]) for check in CHECKS if check in asked], [asdict(finding) for finding in causes]


def _modules(wanted: Wanted, seen: Seen, found: Found) -> Finding:
    """The tenant as a whole: its hourly requests, and Autotask's modules that are switched off."""
    check, usage = "modules", seen.usage
    if (usage and usage["used"] >= usage["allowed"]) or seen.refused_as_busy:
        used = f"ThresholdInformation: {usage_words(usage)} (read)." if usage else f"{seen.refused_as_busy} (effect)"
        return Finding(
            check,
            FAULT,
            "The database's hourly requests are used up, by all of its integrations together, so Autotask answers nobody.",
            used,
            "Pause the integration that sends the most requests, and try again once the last hour's count has come down.",
        )
    if seen.modules is None:
        return _unread(check, seen, "modules", "Whether Autotask's modules are switched on could not be read.")
    off = [str(module["key"]) for module in seen.modules if not module["active"]]
    shown = f"Modules: {'all are on' if not off else 'off are the keys ' + ', '.join(off)} (read)."
    if off and missing_access(seen):
        return Finding(
            check,
            SUSPECT,
            "Modules of Autotask are switched off, and what belongs to them is refused like something that the security level doesn't grant.",
            shown,
            "Look whether the module that the missing access belongs to is one that this tenant has; REST gives only the modules' keys.",
        )
    if off and seen.sign_in != WORKS:
        cause = "Modules of Autotask are switched off; whether the integration needs one of them shows only when one signs in as its user."
        return Finding(check, UNKNOWN, cause, shown, _sign_in_first(seen))
    if usage and usage["used"] >= usage["allowed"] * SLOWED:
        return Finding(
            check,
            SUSPECT,
            "So many of the database's hourly requests are used that Autotask answers every one a second later.",
            f"ThresholdInformation: {usage_words(usage)} (read).",
            "Find out which integration sends the most requests, and let it send fewer.",
        )
    return Finding(check, FINE, proof=shown + (f" ThresholdInformation: {usage_words(usage)} (read)." if usage else ""))


def _user_active(wanted: Wanted, seen: Seen, found: Found) -> Finding:
    check, name = "user_active", wanted.name
    if seen.users is None:
        return _unread(check, seen, "users", "The tenant's API users could not be read.")
    same = namesakes(wanted, seen)
    user = user_of_that_name(wanted, seen)
    if user is None:
        ordinary = (
            f' There is a user of that name with the license type "{seen.licences[0]}", which can\'t use REST.' if seen.licences else ""
        )
        return Finding(
            check,
            FAULT,
            f'There is no API user "{name}".{ordinary}',
            f'Resources: no record with licenseType API User is called "{name}" (read).',
            f'{PROVISION} the API user "{name}".',
        )
    if not user["active"]:
        return Finding(
            check,
            FAULT,
            f'The API user "{name}" is inactive, so it can\'t sign in, and its webhooks are off.',
            f'Resources.isActive of "{name}" is false (read).',
            _text(user_steps(name, {"active": False}, {"active": True}, "", wanted.terms)),
        )
    active = [one for one in same if one["active"]]
    if len(active) > 1:
        keys = quoted(one["user_name"] for one in active)
        return Finding(
            check,
            SUSPECT if seen.owner else FAULT,
            f'There are {len(active)} active API users "{name}", so nobody can tell which of them the vendor signs in as.',
            f"Resources.userName of the active ones: {keys} (read).",
            f"Ask the vendor which Username (Key) it uses, and inactivate the API users with the others: {_others(active, seen)}.",
        )
    return Finding(check, FINE, proof=f'Resources.isActive of "{name}" is true (read).')


def _security_level(wanted: Wanted, seen: Seen, found: Found) -> Finding:
    check = "security_level"
    if seen.users is None or seen.levels is None:
        return _unread(check, seen, "users", "The tenant's security levels could not be read.")
    user = user_of_that_name(wanted, seen)
    if user is None:
        return Finding(check, UNKNOWN, "Without the user there is nobody whose security level could be read.", fix=found["user_active"].fix)
    name, assigned = wanted.security_level, str(user["security_level"])
    level = find_level(seen.levels, name)
    proof = f'Resources.userType of "{wanted.name}" is "{assigned}", and the profile asks for "{name}" (read).'
    if not same_name(assigned, name):
        if level is None:
            cause = f'The tenant has no security level "{name}"; the API user "{wanted.name}" has "{assigned}".'
            return Finding(check, FAULT, cause, proof, f'{PROVISION} the security level "{name}".')
        inactive = "" if level["active"] else f' "{name}" is inactive, too.'
        return Finding(
            check,
            FAULT,
            f'The API user "{wanted.name}" has the security level "{assigned}" instead of "{name}".{inactive}',
            proof,
            _text(_activate(wanted, level) + user_steps(wanted.name, {}, {"security_level": name}, "", wanted.terms)),
        )
    if level is not None and not level["active"]:
        return Finding(
            check,
            FAULT,
            f'The security level "{name}" is inactive.',
            f'Resources.userType: isActive of the pick-list value "{name}" is false (read).',
            _text(_activate(wanted, level)),
        )
    return Finding(check, FINE, proof=proof)


def _credentials(wanted: Wanted, seen: Seen, found: Found) -> Finding:
    check, user = "credentials", user_of_that_name(wanted, seen)
    if not seen.key:
        cause = "No credentials of this user are recorded, so nobody can tell whether those that the vendor holds are right."
        return Finding(check, UNKNOWN, cause, fix=f"Take the credentials that the vendor holds, and record them {RECORD}.")
    tried = {WORKS: "was answered with 200 (effect)", REFUSED: "was answered with an empty 401 (effect)"}.get(seen.sign_in, "was not sent")
    proof = seen.sign_in_answer or f'GET Version as "{seen.key}" {tried}.'
    if seen.sign_in != WORKS or seen.owner:
        wrong = _wrong_key(wanted, seen, user)
        if wrong:
            sure = FAULT if seen.owner or seen.sign_in == REFUSED else SUSPECT
            right = f'Hand the vendor the Username (Key) from the page of the API user "{wanted.name}" with its Password (Secret), and record them {RECORD}.'
            return Finding(check, sure, wrong[0], f"{wrong[1]} {proof}", right)
    if seen.sign_in == WORKS:
        return Finding(check, FINE, proof=proof)
    for earlier, words in (("user_active", "the user is inactive"), ("security_level", "its security level is inactive")):
        if found[earlier].verdict == FAULT and (earlier == "user_active" or "is inactive" in found[earlier].cause):
            cause = f"Nobody can sign in: {words}. Whether the secret is right can't be seen before that is fixed."
            return Finding(check, FAULT, cause, proof, found[earlier].fix, earlier)
    if seen.sign_in == WRONG_IDENTIFIER:
        cause = (
            "Autotask refuses the Tracking Identifier that is recorded. It knows the user, and says nothing against the Password (Secret)."
        )
        fix = (
            f"Find out which Tracking Identifier the user was made with (the vendor's own, or the one that was generated and noted), and record it {RECORD}. "
            f"{LEAVE_SECRET}"
        )
        return Finding(check, FAULT, cause, proof, fix)
    if seen.sign_in == UNCLEAR:
        cause = "Autotask's answer to the sign-in is neither a yes nor a no. It may be down for this user, or refuse the Tracking Identifier in its own way."
        fix = f"Diagnose again later. If it stays so, compare the Tracking Identifier with the one that the user was made with. {LEAVE_SECRET}"
        return Finding(check, UNKNOWN, cause, proof, fix)
    if seen.sign_in == UNTRIED and (reason := seen.unread.get("sign_in")):
        return Finding(check, UNKNOWN, reason, proof, f"Diagnose again later. {LEAVE_SECRET}")
    if seen.sign_in == UNTRIED:
        cause = (
            "The tracking identifier is the integration vendor's own, so only the vendor can try the credentials. The key is the user's."
        )
        fix = (
            f"Let the vendor test its connection. {LEAVE_SECRET} If it is refused there, too, press Generate Secret on the page of the API user "
            f'"{wanted.name}".'
        )
        return Finding(check, UNKNOWN, cause, proof, fix)
    page = _text(user_steps(wanted.name, {"locked": True}, {"locked": False}, "", wanted.terms)[:1])
    return Finding(
        check,
        FAULT,
        "Autotask refuses the sign-in of an active user: the Password (Secret) is wrong, or the Tracking Identifier is, or the user is Locked, or its "
        "level may not log in to the Web Services API. Autotask answers all of these alike, and REST doesn't show Locked. A user that was made within "
        "the last five minutes may not work yet.",
        f"{proof} {found['user_active'].proof}",
        f"Let the vendor test its connection. Where that works, the vendor holds the right ones: record those {RECORD}, and make no new secret. If it is "
        f"refused there, too: {page} If Locked is ticked, clear it, and record the same credentials again; if it isn't, press Generate Secret, note the "
        f"Password (Secret), hand it to the vendor, and record it {RECORD}. Press Save & Close. If that is refused, too, look at "
        f'"Can login to Web Services API" in the level "{wanted.security_level}"; if it is ticked, the Tracking Identifier is the wrong one, which can\'t be '
        "changed: record the right one, or make another user.",
    )


def _access(wanted: Wanted, seen: Seen, found: Found) -> Finding:
    check = "access"
    expected = [one for one in seen.expected if one["entity"] not in WEBHOOK_ENTITIES]
    if seen.sign_in != WORKS or seen.access is None:
        return _not_signed_in(check, seen, found, "What the user may do shows only when one signs in as it")
    if not expected:
        return Finding(check, UNKNOWN, "The profile doesn't say what the user should be able to do, so there is nothing to compare with.")
    missing = missing_access(seen)
    if missing:
        return _missing_access(wanted, seen, found, missing)
    fewer = hidden_rows(seen, ("Companies",))
    if fewer and not _asks_for_fewer(wanted):
        return Finding(
            check,
            SUSPECT,
            f"The user sees fewer {worded('{organizations}', wanted.terms)} than this run does: its level shows only some kinds of them, or only its own.",
            f"Companies: {fewer['Companies']} (effect).",
            f'Level "{wanted.security_level}": compare "CRM" > "{worded("{Organization} & Contact Access", wanted.terms)}" with the profile.',
        )
    excess = [one for one in expected if one["verdict"] == "excess"]
    if excess:
        return Finding(
            check,
            SUSPECT,
            "The user may do more than the profile asks for. That breaks nothing, but its level is not as it should be.",
            access_told(excess),
            f'Compare the level "{wanted.security_level}" with the profile.',
        )
    unproven = [one for one in expected if one["verdict"] == "unproven"]
    if unproven:
        cause = "Autotask says neither yes nor no to a part of it, and reading could not settle it."
        return Finding(check, UNKNOWN, cause, access_told(unproven), "Try it in the vendor's product.")
    return Finding(check, FINE, proof=f"entityInformation as the user: {len(expected)} of {len(expected)} as expected (effect).")


def _asks_for_fewer(wanted: Wanted) -> bool:
    """Whether the profile, which says something of kinds of organizations, leaves some out."""
    said = [wanted.cells.get(cell) for cell in ORGANIZATION_ACCESS]
    return any(said) and any(value != "All" for value in said)


def _missing_access(wanted: Wanted, seen: Seen, found: Found, missing: Sequence[Mapping[str, Any]]) -> Finding:
    proof = access_told(missing)
    named = {f"{one['entity']}:{one['operation']}" for one in missing}
    if found["security_level"].verdict == FAULT:
        cause = f"The user may not do what the integration needs ({', '.join(sorted(named))}), and it has another security level than it should."
        return Finding("access", FAULT, cause, proof, found["security_level"].fix, "security_level")
    cells = [cell for cell, operations in EFFECTS.items() if named & set(operations) and cell != CAN_CREATE_WEBHOOKS]
    told = {operation for cell in cells for operation in EFFECTS[cell]}
    causes = [f'The security level "{wanted.security_level}" doesn\'t grant {", ".join(sorted(named))}.']
    if cells:
        causes.append(f"What grants it is {_labels(cells, wanted)}.")
    if needed := list(dict.fromkeys(other for cell in cells for other in TOGETHER_WITH.get(cell, ()) if other not in cells)):
        causes.append(f"It shows only together with {_labels(needed, wanted)}.")
    fixes = []
    if found["modules"].verdict == SUSPECT and seen.modules and not all(module["active"] for module in seen.modules):
        causes.append("Or it belongs to a module that is switched off: Autotask refuses both alike.")
        fixes.append("Make sure that the tenant has the module.")
    if cells:
        fixes.append(_grant(wanted, cells))
    if untold := sorted(named - told):
        fixes.append(
            f'Compare the level "{wanted.security_level}" with the profile: which setting grants {", ".join(untold)} doesn\'t show in REST.'
        )
    return Finding("access", FAULT, " ".join(causes), proof, " ".join(fixes))


def _webhooks(wanted: Wanted, seen: Seen, found: Found) -> Finding:
    check = "webhooks"
    expected = [one for one in seen.expected if one["entity"] in WEBHOOK_ENTITIES and one["expected"] == "granted"]
    if not wanted.webhooks and not expected:
        return Finding(check, FINE, proof="The profile asks for no webhooks.")
    if seen.sign_in != WORKS or seen.access is None:
        return _not_signed_in(check, seen, found, "Whether webhooks can be made shows only when one signs in as the user")
    may = {entity: seen.access[entity]["create"] for entity in WEBHOOK_ENTITIES if entity in seen.access}
    proof = f"entityInformation as the user: create is {access_words(may)} (effect)."
    if may and set(may.values()) == {"None"}:
        cells: dict[str, Value] = {CAN_CREATE_WEBHOOKS: True, **({MAXIMUM_WEBHOOKS: wanted.webhooks} if wanted.webhooks else {})}
        if found["security_level"].verdict == FAULT:
            cause = "The user may make no webhooks, and it has another security level than it should."
            return Finding(check, FAULT, cause, proof, found["security_level"].fix, "security_level")
        return Finding(
            check,
            FAULT,
            f'The security level "{wanted.security_level}" may make no webhooks: "Can create Webhooks" is not ticked.',
            proof,
            _text(level_steps(wanted.security_level, {}, cells, wanted.catalogue, wanted.terms)),
        )
    refused = [entity for entity, access in may.items() if access != "All"]
    if refused or not may:
        return Finding(
            check, UNKNOWN, "Autotask doesn't say clearly whether the user may make webhooks.", proof, "Try it in the vendor's product."
        )
    if seen.webhooks is None:
        return _unread(check, seen, "webhooks", "The user may make webhooks; how many it has could not be read.")
    counted = f"{proof} Webhooks that the user owns: {len(seen.webhooks)} (read)."
    if wanted.webhooks and len(seen.webhooks) >= wanted.webhooks:
        return Finding(
            check,
            SUSPECT,
            f"The user owns {len(seen.webhooks)} webhooks, and the vendor asks for a maximum of {wanted.webhooks}: if the level's Maximum number of "
            "Webhooks is that, no more can be made. REST doesn't show the number.",
            counted,
            'Let the vendor remove webhooks that it no longer uses, or set "Maximum number of Webhooks" of the level to more than that.',
        )
    inactive = [hook for hook in seen.webhooks if not hook["active"]]
    if inactive:
        names = quoted(hook["name"] for hook in inactive)
        return Finding(
            check,
            SUSPECT,
            f"Webhooks of the user are inactive: {names}. Autotask switches one off after 25 deliveries in a row that the vendor didn't take.",
            f"{counted} {', '.join(sorted({hook['entity'] for hook in inactive}))}.isActive is false (read).",
            "Let the vendor switch its webhooks on again, from its product.",
        )
    return Finding(check, FINE, proof=counted)


def _lines_of_business(wanted: Wanted, seen: Seen, found: Found) -> Finding:
    check = "lines_of_business"
    if seen.sign_in != WORKS or seen.access is None:
        return _not_signed_in(check, seen, found, "Whether a line of business hides something shows only when one signs in as the user")
    compared = {
        entity: counts for entity, counts in seen.rows.items() if entity in OF_A_LINE_OF_BUSINESS and may_query(seen, entity) and counts[1]
    }
    if not compared:
        cause = "There is nothing that the user should see in full and that this run sees as well, so what is hidden can't be counted."
        fix = f'On the page of the API user "{wanted.name}" look at Line of Business: nothing there means all of them.'
        return Finding(check, UNKNOWN, cause, seen.unread.get("rows", ""), fix)
    fewer = hidden_rows(seen, compared)
    if not fewer:
        shown = ", ".join(f"{entity}: {own} of {ours}" for entity, (own, ours) in compared.items())
        return Finding(check, FINE, proof=f"Records that the user sees, of those that this run sees: {shown} (effect).")
    facts = {"lines_of_business": sorted(wanted.lines_of_business)} | (
        {"unassigned_items": wanted.unassigned_items} if wanted.lines_of_business else {}
    )
    chosen = (
        "The tenant chose lines of business for it; are they the right ones?" if wanted.lines_of_business else "It should see all of them."
    )
    return Finding(
        check,
        SUSPECT if wanted.lines_of_business else FAULT,
        f"The user's level shows it all records, and yet it sees fewer than this run: a line of business hides the others, without an error. {chosen}",
        "; ".join(f"{entity}: {words} (effect)" for entity, words in fewer.items()) + ".",
        _text(user_steps(wanted.name, {}, facts, "", wanted.terms)),
    )


def _own_country(wanted: Wanted, seen: Seen, found: Found) -> Finding:
    check, company = "own_country", seen.company
    if company is None or not company["name"]:
        return _unread(check, seen, "company", "The own organization, with ID 0, is not visible to this run.")
    if company["country_id"] is None:
        return Finding(
            check,
            FAULT,
            f'The own {worded("{organization}", wanted.terms)} "{company["name"]}" has no country.',
            "Companies.countryID of ID 0 is null (read).",
            f"Open CRM > {worded('{Organizations}', wanted.terms)}, search for the ID 0, choose Edit, set Country, and press Save & Close.",
        )
    return Finding(check, FINE, proof=f"Companies.countryID of ID 0 is {company['country_id']} (read).")


def _products(wanted: Wanted, seen: Seen, found: Found) -> Finding:
    check, products = "products_without_category", seen.products
    if products is None:
        return _unread(check, seen, "products", "The products could not be read, neither as this run nor as the user.")
    without, active, inactive = products["without_category"], products["active"], products["inactive"]
    names = quoted(products["names"]) + (" and others" if without > len(products["names"]) else "")
    proof = f"Products.productCategory is null for {without} of {active} active products, Products.isActive is false for {inactive} (read)."
    if without:
        return Finding(
            check,
            FAULT,
            f"Active products have no category, and integrations leave those out: {names}.",
            proof,
            f"On the page of each of these products set Product Category, and press Save & Close: {names}.",
        )
    if inactive:
        return Finding(
            check,
            SUSPECT,
            f"{inactive} products are inactive, and integrations leave those out. Whether they should is not to be seen.",
            proof,
            "On the page of each product that should appear, tick Active, and press Save & Close.",
        )
    return Finding(check, FINE, proof=proof)


# A tenant that answers nobody explains everything, a user that isn't there explains all that is its own, and so on.
_LOOKS: Mapping[str, Callable[[Wanted, Seen, Found], Finding]] = {
    "modules": _modules,
    "user_active": _user_active,
    "security_level": _security_level,
    "credentials": _credentials,
    "access": _access,
    "webhooks": _webhooks,
    "lines_of_business": _lines_of_business,
    "own_country": _own_country,
    "products_without_category": _products,
}


def _unread(check: str, seen: Seen, part: str, cause: str) -> Finding:
    return Finding(check, UNKNOWN, cause, seen.unread.get(part, ""))


def _not_signed_in(check: str, seen: Seen, found: Found, words: str) -> Finding:
    reason = seen.unread.get("access") if seen.sign_in == WORKS else ""
    is_refused = seen.sign_in in (REFUSED, WRONG_IDENTIFIER)
    why = "that could not be read" if reason else "its sign-in is refused" if is_refused else "that could not be tried"
    return Finding(check, UNKNOWN, f"{words}, and {why}.", reason or found["credentials"].proof, _sign_in_first(seen))


def _sign_in_first(seen: Seen) -> str:
    return "" if seen.sign_in == WORKS else "Fix what keeps the user from signing in, or record its credentials, and look again."


def _wrong_key(wanted: Wanted, seen: Seen, user: Mapping[str, Any] | None) -> tuple[str, str] | None:
    """What is wrong with the recorded Username (Key), and how that is known; None when nothing is to be seen."""
    if seen.users is None or user is None:
        return None
    shown = f'Resources.userName of "{wanted.name}" is "{user["user_name"]}" (read).'
    if seen.owner is None:
        what = "the user's e-mail address" if seen.key.casefold() == user["email"].casefold() else "no API user's key"
        return f'"{seen.key}" was recorded as the Username (Key), and that is {what}.', shown
    if seen.owner["id"] != user["id"]:
        owner = f"{seen.owner['first_name']} {seen.owner['last_name']}"
        return f'The credentials that were recorded are those of another API user, "{owner}".', shown
    if not seen.key_known:
        return (
            f'The recorded Username (Key) "{seen.key}" is wrong behind its @, or nothing is there.',
            "zoneInformation knows no such user (effect).",
        )
    return None


def _others(active: Sequence[Mapping[str, Any]], seen: Seen) -> str:
    return quoted((one["user_name"] for one in active if not seen.owner or one["id"] != seen.owner["id"]), "or")


def _activate(wanted: Wanted, level: Mapping[str, Any]) -> list[Step]:
    return level_steps(str(level["name"]), {"active": level["active"]}, {"active": True}, wanted.catalogue, wanted.terms)


def _grant(wanted: Wanted, cells: Iterable[str]) -> str:
    """The steps that set cells as the profile wants them, with those that they show only together with; what it doesn't name, all the way."""
    by_cell, values = wanted.catalogue.by_cell, dict[str, Value]()
    for cell in cells:
        values |= {other: wanted.cells[other] for other in TOGETHER_WITH.get(cell, ()) if other in wanted.cells}
        values[cell] = wanted.cells.get(cell, by_cell[cell][1].most)
    granted = {cell: value for cell, value in values.items() if value != by_cell[cell][1].least}
    return _text(level_steps(wanted.security_level, {}, granted, wanted.catalogue, wanted.terms))


def _text(steps: Iterable[Step]) -> str:
    return " ".join(step.text for step in steps)


def _labels(cells: Iterable[str], wanted: Wanted) -> str:
    names = []
    for cell_id in cells:
        setting, cell = wanted.catalogue.by_cell[cell_id]
        parts = (setting.section, worded(setting.group, wanted.terms).rstrip(":"), worded(setting.label, wanted.terms), cell.column)
        names.append(" > ".join(part for part in parts if part))
    return quoted(names)
