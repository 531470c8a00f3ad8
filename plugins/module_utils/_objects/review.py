# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a tenant's part of a plan document says: every value that is wanted, and how it stands. Private to the collection."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .._documents.names import same_name
from .._entities import same_key
from .._rest.client import Client
from .._rest.tenant import modules, own_company, version
from .._review.document import part_of
from .._review.item import FAILED, IN_SYNC, RETIRE, UNLISTED, Item, address_of, worst
from .engine import Pass, Run, one_pass
from .entry import Entry
from .integration import Integration
from .items import judged, unseen_of
from .others import USER
from .reading import Reading
from .tenant import Tenant
from .wanted import Wanted

NO_CREDENTIALS = "Security levels, API users, tickets and access: no credentials are known for this tenant, so nothing was read."


def review_of(wanted: Sequence[Wanted], tenant: Tenant) -> dict[str, Any]:
    """The part of a plan document for this tenant; nothing is written on it. Raises AutotaskError where it can't be read."""
    run = one_pass(wanted, tenant, True, functools.partial(Integration, reviewed=True), tenant.params["unlisted"] == "report")
    return part_of_run(Run(run.entries, run), tenant, of_credentials=True)


def part_of_run(ended: Run, tenant: Tenant, of_credentials: bool = False) -> dict[str, Any]:
    """The part of a document for what came of a run. What went wrong with its entries is told, too, unless only how the credentials and the access stand
    (`of_credentials`): that is among the items.
    """
    run, second = ended.first, ended.second
    known = {work.wanted.integration: (work, run.items.get(work.wanted.integration, ())) for work in run.works}
    if second:
        known |= {work.wanted.integration: (work, second.items.get(work.wanted.integration, ())) for work in second.works}
    works = [work for work, _items in known.values() if isinstance(work, Integration)]
    entries = {entry["integration"]: entry for entry in ended.entries}
    integrations = [
        _entry_of(work, items, entries[name], of_credentials) for name, (work, items) in known.items() if isinstance(work, Integration)
    ]
    unlisted = [item.to_data() for item in _unlisted(run, tenant)]
    could_not = [*([] if tenant.client else [NO_CREDENTIALS]), *(words for work in works if work.things for words in unseen_of(work))]
    return part_of(
        tenant.name,
        tenant.host,
        could=_could(tenant, works),
        could_not=could_not,
        seen=_seen(tenant.client, run.reading) if tenant.client else {},
        integrations=integrations,
        unlisted=unlisted,
        unused=list(_unused(tenant, [*(item for entry in integrations for item in entry["items"]), *unlisted])),
    )


def _entry_of(work: Integration, found: Sequence[Item], entry: Entry, of_credentials: bool) -> dict[str, Any]:
    """What the document says of an integration."""
    own = work.error or work.settled.failure
    error = str(own) if own else "" if of_credentials else entry["msg"]
    items = [item.to_data() for item in found]
    asked = [outcome for outcome in work.settled.outcomes if outcome.decision.do == "request"]
    state = FAILED if error else worst(item["state"] for item in items)
    return {
        "integration": work.wanted.integration,
        "vendor": work.wanted.vendor,
        "mode": work.wanted.mode,
        "apply_via": work.wanted.apply_via,
        "profile": _profile(work.wanted),
        "state": state,
        "error": error,
        "items": items,
        "steps": [step.text for outcome in asked for step in outcome.decision.steps],
        "change": {key: entry["change"][key] for key in ("reference", "url", "assignee", "opened", "state")} if entry["change"] else {},
        "remarks": entry["remarks"],
    }


def _profile(wanted: Wanted) -> dict[str, str]:
    """Which profile is meant: of two that are called the same, their content tells."""
    text = wanted.text
    digest = text.digest or hashlib.sha256(repr(text.data).encode()).hexdigest() if text else ""
    guides = (wanted.profile or {}).get("guides") or [{}]
    return {"name": wanted.integration, "revision": str(guides[0].get("revised", "")), "sha256": digest}


def _could(tenant: Tenant, works: Sequence[Integration]) -> list[str]:
    """What was read."""
    if tenant.client is None:
        return []
    users = [user.name for work in works for user in work.wanted.users if user.key in work.users.access]
    found = ["security levels", "API users", "change tickets", "modules", "Autotask's version", "the tenant's own company"]
    return found + [f"what {name} may do" for name in users]


def _seen(client: Client, reading: Reading) -> dict[str, Any]:
    """What REST shows of the tenant beside what is wanted, for a later review to be compared with."""
    observed, company = reading.observed, reading.company or own_company(client)
    levels, users = (observed["levels"], observed["api_users"]) if observed else ([], [])
    names = [f"{user['first_name']} {user['last_name']}" for user in users]
    return {
        "version": version(client),
        "company": company["name"],
        "modules": {str(module["key"]): "on" if module["active"] else "off" for module in modules(client)},
        "levels": {level["name"]: "active" if level["active"] else "inactive" for level in levels},
        "api_users": {
            name
            if names.count(name) == 1
            else f"{name} ({user['id']})": f"{'active' if user['active'] else 'inactive'}, {user['security_level']}"
            for name, user in zip(names, users, strict=True)
        },
    }


def _unlisted(run: Pass, tenant: Tenant) -> Iterator[Item]:
    """What is on the tenant, and nothing that is listed for it wants: integrations of ours, and active API users that are nobody's."""
    for known in run.unlisted:
        name, means = known["integration"], " ".join(known["means"])
        found = Item(
            address_of("unlisted", name), name, "Integration", UNLISTED, "absent", "set up", "read", f"Retiring it means: {means}", RETIRE
        )
        yield judged(found, tenant.acceptances)
    if tenant.params["unlisted"] != "report":
        return
    for user in run.reading.observed["api_users"] if run.reading.observed else ():
        name = f"{user['first_name']} {user['last_name']}"
        if user["active"] and not _is_known(name, user["user_name"], run, tenant):
            words = "No integration that is listed for the tenant, no change and no recorded credentials are of this API user."
            found = Item(
                address_of("tenant", "api_user", name),
                f'API user "{name}"',
                "API user",
                UNLISTED,
                "absent",
                user["security_level"],
                "read",
                words,
            )
            yield judged(found, tenant.acceptances)


def _is_known(name: str, key: str, run: Pass, tenant: Tenant) -> bool:
    """Whether an API user is one of an integration, or the one that the run works as."""
    if tenant.client and same_key(tenant.client.credentials.user_name, key):
        return True
    wanted = [user.name for work in run.works for user in work.wanted.users]
    return any(same_name(name, one) for one in wanted) or any(one.is_called(USER, name) for one in run.others)


def _unused(tenant: Tenant, items: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What is accepted for nothing: a sentence each."""
    states = {item["address"]: item["state"] for item in items}
    for address, one in tenant.acceptances.items():
        if address not in states:
            yield f"{address}: {one.by} has accepted {one.value} here, and there is no such item on this tenant."
        elif states[address] == IN_SYNC and not one.over:
            yield f"{address}: {one.by} has accepted {one.value} here, and it is as wanted: the acceptance can go."
