# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Record the credentials of an API user: prove them first, store them then. Private to the collection."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from .._appliers import runsheet, ticket
from .._credentials.home import NOWHERE, Home, home_of
from .._credentials.store import Recorded
from .._documents.names import check_key
from .._documents.observed import user_with_key
from .._edge.context import PROVISIONER, settings_of
from .._entities import Observed
from .._errors import AutotaskError, InputError, RequestError, Unauthorized
from .._rest.client import Client
from .._rest.credentials import Credentials, check_credentials
from .._rest.tenant import levels_and_users, look_up_zone, version
from .._text import compared, quoted, suggestion
from .reading import Reading
from .tenant import Tenant
from .wanted import Wanted

# What begins a template. No Username (Key) has it.
TEMPLATE = "{{"


def check_before(tenant: Tenant, name: str, wanted: Collection[Wanted]) -> dict[str, Any]:
    """The result of `autotask_credentials` without any. Raises AutotaskError where none could be recorded now: before somebody is asked for them, who may
    have seen them for the only time. A vault password that is new is asked for a second time.
    """
    check_key(name, "name")
    tenant.store.check_room(name, by_this_run=True)
    tenant.store.read(name)
    tenant.store.check_password(confirm=True)
    Client(Credentials("", "", ""), replace(settings_of(tenant.params), retries=0)).check_reachable()
    _meant(tenant, name, wanted, _observer(tenant))
    return {"changed": False, "name": name, "key": "", "evidence": "unknown"}


def _observer(tenant: Tenant, already: Observed | None = None) -> Callable[[], Observed | None]:
    """Levels and users, read once: what is `already` known of them, else what REST shows, where anybody can look."""
    return functools.cache(lambda: already or (levels_and_users(tenant.client) if tenant.client else None))


def record(
    tenant: Tenant, name: str, given: Recorded, wanted: Collection[Wanted], check_mode: bool, already: Observed | None = None
) -> dict[str, Any]:
    """The result of `autotask_credentials`. Raises AutotaskError where they can't be proven; then nothing was stored.

    What was stored before is kept beside it until a rotation has seen that it is dead. `already` are levels and users where this run has read them.
    """
    for option in ("user_name", "secret"):
        if not getattr(given, option).strip():
            raise InputError([option], "is needed", "missing")
    if TEMPLATE in given.user_name:
        raise InputError(
            ["user_name"],
            "it is a template, and what was noted is taken as it stands: a secret may have braces. Give the values themselves, or have the environment give "
            "them: AUTOTASK_NOTED_KEY, AUTOTASK_NOTED_SECRET and AUTOTASK_NOTED_CODE. Nothing was stored.",
            "template",
        )
    check_credentials(Credentials(given.user_name, given.secret, given.integration_code))
    observed = _observer(tenant, already)
    meant = _meant(tenant, check_key(name, "name"), wanted, observed)
    before = tenant.store.read(name)
    tenant.store.check_room(name, by_this_run=True)
    tenant.store.check_password()
    kept = to_keep(given, before)
    try:
        seen = _check_owner(tenant, name, meant, kept, observed)
        evidence, home = _prove(tenant, name, kept, seen, meant, known_key=before is not None and before.user_name == kept.user_name)
    except RequestError as error:
        untouched = ", and what was stored before is untouched" if before else ""
        advice = (
            " Was Save & Close pressed, and was everything copied in full? Don't try many times: a few wrong secrets in a row lock the user."
            if isinstance(error, Unauthorized)
            else ""
        )
        raise AutotaskError(f"{error} Nothing was stored{untouched}.{advice}", error.code) from error
    if before and before.user_name == kept.user_name:
        home = before.home.with_news(home)
    kept = replace(kept, home=home)
    _check_tenant(tenant, name, kept, before)
    changed = before is None or replace(kept, tenant="") != replace(before, tenant="") or bool(tenant.store.refused_on(name))
    if changed and not check_mode:
        tenant.store.forget_refusal(name)
        if before and before.secret != kept.secret and tenant.store.previous(name) is None:
            tenant.store.keep_previous(name, before)
        tenant.store.write(name, kept)
    return {"changed": changed, "name": name, "key": kept.user_name, "evidence": evidence}


def told(tenant: Tenant, result: Mapping[str, Any], check_mode: bool) -> str:
    """What came of recording, in sentences: whether they are proven, where they are, and what is to be done next."""
    name = result["name"]
    if result["evidence"] == "effect":
        proven = f'The credentials of "{name}" are proven: they sign in'
    else:
        proven = (
            f'The credentials of "{name}" are not proven: Autotask knows the key, but the tracking identifier is the integration vendor\'s, so nobody here can '
            "sign in with the secret. The vendor has to test the connection"
        )
    if check_mode:
        return f"{proven}. In check mode nothing is stored."
    stored = ", ".join(tenant.store.kept_of(name)[:1])
    before = "" if result["changed"] else ", as they were before"
    purpose = "set the integrations up" if name == PROVISIONER else "hand them over"
    return (
        f"{proven}. They are stored, encrypted, in {stored}{before}. To {purpose}, run: ansible-playbook msp.autotask.provision -l {tenant.host} "
        "(with your inventory and vault password)"
    )


def _check_tenant(tenant: Tenant, name: str, kept: Recorded, before: Recorded | None) -> None:
    """Raises AutotaskError where what was proven is another tenant's. That Autotask moved the tenant is believed whoever proves it so, and told."""
    store, client = tenant.store, tenant.client
    lives = store.home or (before.home if before else NOWHERE)
    if not lives and client and client.credentials.user_name != kept.user_name:
        # A user that is no more is nowhere.
        with suppress(RequestError):
            lives = home_of(client.zone)
    store.at(lives).check_own(name, kept)
    if lives.in_other_zone(kept.home):
        tenant.say(f"the tenant is in another zone now: it was in {lives.zone}, and is in {kept.home.zone}.")


def _prove(tenant: Tenant, name: str, kept: Recorded, seen: bool, meant: str, known_key: bool) -> tuple[str, Home]:
    """How the credentials are known, and where they were proven: `effect` when they sign in, `attested` when all that can be seen is that Autotask knows
    the key; `seen` if REST shows it as that of the user who is `meant`, which else it is asked for itself. Raises InputError where it is another one's.

    An integration vendor keeps its tracking identifier to itself, unless it gave us that; the run knows that of its own user. A few wrong secrets in a row
    lock the user: a new one, which may take five minutes to work, is tried twice, one that has been working once.
    """
    params = tenant.params
    own = tenant.client.credentials if tenant.client else None
    code = tenant.code_of(name, kept) or (own.integration_code if own and own.user_name == kept.user_name else "")
    client = Client(Credentials(kept.user_name, kept.secret, code), settings_of(params), budget_known=True)
    if not code:
        if seen and tenant.client:
            return "attested", _home(tenant.client)
        look_up_zone(client)
        return "attested", _home(client)
    for attempts_left in reversed(range(1 if known_key else params["retries_of_new"] + 1)):
        try:
            version(client)
            break
        except RequestError as error:
            # A new secret takes its time. Neither a key that Autotask knows no zone for does, nor a network that is down, after the client's own attempts.
            if not attempts_left or error.code != Unauthorized.code:
                raise
        tenant.controller.say_now(
            f"  {tenant.name}: the new credentials don't sign in yet; they are tried once more in {params['retry_delay']} seconds."
        )
        time.sleep(params["retry_delay"])
    if meant and not seen:
        _check_name(tenant, meant, kept, levels_and_users(client))
    return "effect", _home(client)


def _home(client: Client) -> Home:
    """Where a client's user lives. Where its zone is pinned that may be because Autotask can't say; then the database isn't known."""
    found = home_of(client.zone)
    if not found.database:
        with suppress(RequestError):
            found = replace(found, database=look_up_zone(client).database)
    return found


def _check_owner(tenant: Tenant, name: str, meant: str, kept: Recorded, observed: Callable[[], Observed | None]) -> bool:
    """Whether REST shows that the key is that of the user who is meant; False where nobody can look. Raises InputError where it is not."""
    if tenant.client is None or not meant:
        return False
    own = tenant.client.credentials.user_name == kept.user_name
    if own and name == PROVISIONER:
        # Nobody can look with a secret that has just been replaced by this one. Once it signs in, it shows itself whose it is.
        return False
    try:
        seen = observed()
    except Unauthorized:
        if own:
            return False
        raise
    _check_name(tenant, meant, kept, seen)
    return True


def _check_name(tenant: Tenant, meant: str, kept: Recorded, seen: Observed | None) -> None:
    """Raises InputError where the key is not that of the user who is meant."""
    owner = user_with_key(seen["api_users"] if seen else [], kept.user_name)
    if owner is None:
        raise InputError(
            ["user_name"],
            f'it is the key of no API user of {tenant.name}, so not of "{meant}". Is it that of another tenant, and was it copied in full? '
            "Nothing was stored.",
            "other_users_key",
        )
    if compared(f"{owner['first_name']} {owner['last_name']}") != compared(meant):
        raise InputError(
            ["user_name"],
            f'it is the key of the API user "{owner["first_name"]} {owner["last_name"]}", not of "{meant}". Nothing was stored.',
            "other_users_key",
        )


def to_keep(given: Recorded, before: Recorded | None) -> Recorded:
    """What is to be stored: what was given, and what a known key keeps of what was recorded before.

    An identifier can't be changed once it is set, and the console doesn't show it again; a rotation is that of the same secret only.
    """
    same_user = before is not None and before.user_name == given.user_name
    same_secret = before is not None and same_user and before.secret == given.secret
    return Recorded(
        given.user_name,
        given.secret,
        given.integration_code or (before.integration_code if before and same_user else ""),
        before.rotation if before and same_secret else "",
    )


def _meant(tenant: Tenant, name: str, wanted: Collection[Wanted], observed: Callable[[], Observed | None]) -> str:
    """The API user that a record name stands for, as a profile of the tenant or a change names it; empty for the provisioner, whom nobody has to name.

    Raises InputError for a name that neither has.
    """
    users = {user.record_as: user.name for one in wanted for user in one.users}
    if name in users or name == PROVISIONER:
        return users.get(name, "")
    users |= _asked_for(tenant, observed)
    if name not in users:
        known = sorted({*users, PROVISIONER})
        raise InputError(
            ["name"],
            f'no integration of {tenant.name} records credentials as "{name}".{suggestion(name, known)} Known are {quoted(known)}. '
            "Nothing was stored.",
            "unknown_name",
        )
    return users[name]


def _asked_for(tenant: Tenant, observed: Callable[[], Observed | None]) -> dict[str, str]:
    """The API users that changes of the tenant asked for, in tickets or in run sheets, by record name."""
    how = replace(tenant.how(Reading()), observed=observed)
    tickets = ticket.read_changes(ticket.desk_of(how, tenant.client)) if tenant.client else {}
    found = [change for changes in (*tickets.values(), *runsheet.read_changes(how).values()) for change in changes]
    return {record.record_as: record.name for change in found for record in change.records.values() if record.record_as}
