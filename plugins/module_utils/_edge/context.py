# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a task works with: clients, the tenant as far as it is known, the applier. Private to the collection."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .. import _files
from .._appliers.base import How, Request
from .._catalogue.effects import Access
from .._catalogue.model import Catalogue
from .._credentials.home import home_of
from .._credentials.proof import UNKNOWN, Proof, prove
from .._credentials.store import Recorded, Store, VaultStore
from .._credentials.vault import NoVault, Vault
from .._documents.names import check_key, same_name
from .._documents.observed import user_with_key
from .._entities import Observed, UserFacts
from .._errors import AutotaskError, InputError, Unauthorized
from .._rest.certificates import trusted
from .._rest.client import UNGUARDED, Client, Guard, Settings
from .._rest.credentials import Credentials
from .._rest.tenant import effective_access, levels_and_users, look_up_zone
from .._rest.zone import Zone
from .._text import quoted
from .controller import Controller
from .options import Params

# The name under which the user that the collection works as is recorded; its profile is that of the role of the same name.
PROVISIONER = "provisioner"


def settings_of(params: Params) -> Settings:
    """How the client is to behave. Raises InputError for a budget that is no share, AutotaskError for certificates that can't be read."""
    if not 0 < params["request_budget"] <= 1:
        raise InputError(["request_budget"], f"{params['request_budget']} is not a share above 0 and up to 1", "budget_option")
    if params["ca_path"] and not os.path.isdir(params["ca_path"]) and _files.beginning(params["ca_path"], 1) is None:
        path, name = trusted(params["ca_path"])
        raise InputError([name], f"there is no file {path}", "file")
    return Settings(
        discovery_url=params["discovery_url"],
        zone_url=params["zone_url"] or "",
        ca_path=params["ca_path"] or "",
        timeout=params["timeout"],
        task_timeout=params["task_timeout"],
        retries=params["retries"],
        budget=params["request_budget"],
    )


def connect(params: Params, guard: Guard = UNGUARDED) -> Client:
    """The client of the user that the task works as. Raises InputError for options that are missing."""
    missing = [name for name in ("user_name", "secret", "integration_code") if not params[name]]
    if missing:
        raise _not_connected(missing, [name for name in missing if params[name] is not None])
    info = params.get("tenant_info") or {}
    settings = settings_of(params)
    if not settings.zone_url and "zone" in info:
        settings = replace(settings, zone_url=info["zone"]["url"])
    own = Credentials(params["user_name"], params["secret"], params["integration_code"])
    return Client(own, settings, budget_known="usage" in info, guard=guard)


def _not_connected(missing: Sequence[str], empty: Sequence[str]) -> InputError:
    """The error for options that are missing, of which some are set and empty."""
    variables = [f"autotask_{name}" for name in missing]
    of_empty = f" Set, and empty: {quoted(f'autotask_{name}' for name in empty)}; look where that comes from." if empty else ""
    return InputError(
        missing[:1],
        f"Autotask can't be reached without {quoted(variables)}.{of_empty} A tenant that has no provisioner yet begins with its run sheet: "
        "ansible-playbook msp.autotask.provision -e autotask_vendor=provisioner. Then record its credentials: ansible-playbook "
        "msp.autotask.record_credentials -e autotask_integration=provisioner. Or set these variables for the tenant's host. Modules that are used alone "
        f"have the same without autotask_ as options, and read {quoted(variable.upper() for variable in variables)} of the environment",
        "connection_missing",
    )


def connect_as(params: Params, credentials: Params, zone_url: str, guard: Guard = UNGUARDED) -> Client | None:
    """A client for other credentials on the same tenant, or None when their tracking identifier isn't known.

    An integration vendor's identifier is the vendor's; without it nobody but the vendor can sign in.
    """
    if not credentials.get("integration_code"):
        return None
    own = Credentials(credentials["user_name"], credentials["secret"], credentials["integration_code"])
    return Client(own, settings_of({**params, "zone_url": zone_url}), budget_known=True, guard=guard)


def code_of(params: Params, name: str, recorded: Recorded) -> str:
    """The tracking identifier of recorded credentials: the user's own, or the one that its integration vendor gave us; empty for neither."""
    return recorded.integration_code or str(params["credentials_store"]["integration_codes"].get(name) or "")


def connect_recorded(params: Params, name: str, recorded: Recorded, zone_url: str, guard: Guard) -> Client | None:
    """The client of recorded credentials; see `connect_as`. A `zone_url` that the tenant itself was reached at needs no check."""
    given = {"user_name": recorded.user_name, "secret": recorded.secret, "integration_code": code_of(params, name, recorded)}
    return connect_as(params, given, zone_url, guard)


def vault_or_none(controller: Controller) -> Vault:
    """The vault of the run, or what stands for it where the module runs away from the controller."""
    return controller.vault or NoVault()


def store_of(params: Params, controller: Controller) -> VaultStore:
    """The store of a tenant's recorded credentials, for the option `credentials_store`."""
    return VaultStore(vault_or_none(controller), params["credentials_store"]["folder"], params["tenant"])


def as_provisioner(params: Params, store: Store) -> tuple[Params, Guard]:
    """The options, with the credentials of the recorded provisioner where none are given, and what is asked before these are sent.

    Raises AutotaskError for ones that can't be read.
    """
    recorded = None if params["user_name"] else store.read(PROVISIONER)
    if recorded is None:
        key, secret = params["user_name"] or "", params["secret"] or ""
        return params, replace(guard_of_given(store, key, secret), check_zone=check_zone_of(params, store, "", Recorded(key, "")))
    code = code_of(params, PROVISIONER, recorded)
    own = {"user_name": recorded.user_name, "secret": recorded.secret, "integration_code": code or None}
    return {**params, **own}, replace(guard_of(store, PROVISIONER), check_zone=check_zone_of(params, store, PROVISIONER, recorded))


def guard_of(store: Store, name: str) -> Guard:
    """What is asked before the credentials are sent that are recorded under this name: what Autotask has refused is not sent again."""

    def check() -> None:
        if when := store.refused_on(name):
            raise Unauthorized(
                f'The credentials that are recorded as "{name}" were refused on {when}, and were not sent again: a few wrong secrets in a row lock the '
                "user. Record the right ones with the playbook msp.autotask.record_credentials; the same ones, if the user was locked then, or inactive, "
                "and isn't any more.",
                "refused_before",
            )

    def keep() -> str:
        try:
            store.keep_refusal(name)
        except AutotaskError as error:
            return f" The next run will send them again, because it can't be kept that they were refused. {error}"
        return ""

    return Guard(check_secret=check, refused=keep)


def guard_of_given(store: Store, user_name: str, secret: str) -> Guard:
    """The same for credentials that a task is given, and that nobody recorded: from an inventory, or from the environment."""

    def check() -> None:
        if when := store.given_refused_on(user_name, secret):
            raise Unauthorized(
                f'The credentials that this tenant is given for the API user "{user_name}" were refused on {when}, and were not sent again: a few wrong '
                "secrets in a row lock the user. Give the right ones where they come from: in the inventory, or in the environment. If they are right, and "
                f"the user was locked then, or inactive, and isn't any more, remove the file {store.refusal_of_given}",
                "refused_before",
            )

    def keep() -> str:
        lock = "A few wrong secrets in a row lock the user"
        try:
            again = store.keep_refusal_of_given(user_name, secret)
        except AutotaskError as error:
            return f" {lock}, and the next run will send these again, because it can't be kept that they were refused. {error}"
        once = "once more, and not within five minutes, in which a new user may not work yet" if again else "not again"
        return f" {lock}. So before others are given, these are sent {once}."

    return Guard(check_secret=check, refused=keep)


def check_zone_of(params: Params, store: Store, name: str, credentials: Recorded) -> Callable[[Zone], None]:
    """What is asked of the zone that credentials lead to; `name` is that under which they are recorded, empty for others.

    Their database is the one that the zone is of, or that was seen when they were recorded. Where nobody has looked, because the zone is pinned, Autotask
    is asked, if there is something to hold the answer against.
    """

    def check(zone: Zone) -> None:
        known = store if store.home else store.at(credentials.home)
        found = credentials.home.with_news(home_of(zone))
        if not found.database and known.home.database:
            asking = Client(Credentials(credentials.user_name, "", ""), settings_of(params))
            found = replace(found, database=look_up_zone(asking).database)
        known.check_leads_home(found, name)

    return check


def connection_of(params: Params, store: Store | None) -> Client:
    """The client of the user that the task works as: that of its options, or the recorded provisioner. Raises what `connect` raises; the client raises
    AutotaskError before it sends anything where it is led to another tenant than the store's.
    """
    return connect(*as_provisioner(params, store)) if store else connect(params)


class TaskContext:
    """What a task of a core module works with: its options, and the tenant as far as an earlier task or REST shows it.

    `client` is None where a run sheet is written without credentials.
    """

    def __init__(self, params: Params, controller: Controller) -> None:
        self.params = params
        self.controller = controller
        bare = params["apply_via"] == "runsheet" and not params["user_name"]
        self.client = None if bare else connect(params)
        self._info: Mapping[str, Any] = params["tenant_info"] or {}

    @functools.cached_property
    def observed(self) -> Observed | None:
        """Levels and API users: from an earlier task of the run, or read now; None when nothing can be read."""
        if self.client is None:
            return None
        if "levels" in self._info and "api_users" in self._info:
            return {"levels": self._info["levels"], "api_users": self._info["api_users"]}
        return levels_and_users(self.client)

    def how(self, catalogue: Catalogue) -> How:
        """What the appliers of the tenant need."""
        web_url = self._info.get("zone", {}).get("web_url", "")
        return how(self.params, self.client, catalogue, self.controller, web_url, lambda: self.observed)

    def request(self, notes: Sequence[str] = ()) -> Request:
        """Whose change is settled; `notes` are for whoever works it off, besides the option of that name."""
        integration = check_key(self.params["integration"])
        known = self._info.get("changes", {}).get(integration)
        return Request(
            integration,
            notes=lambda: [*self.params["notes"], *notes],
            known=known,
            expected=self.params["change_reference"] or "",
        )

    def access_of_level(self, level: str, entities: Sequence[str]) -> tuple[Access, list[str]]:
        """What the user of the option `credentials` may do with the entities, if it has the level; and warnings on why that could not be seen."""
        credentials = self.params["credentials"]
        if not credentials or not self.observed or not entities:
            return {}, []
        user = user_with_key(self.observed["api_users"], credentials["user_name"])
        if not user or not same_name(user["security_level"], level):
            return {}, []
        seen = self._access_seen(credentials["user_name"])
        if all(entity in seen for entity in entities):
            return {entity: seen[entity] for entity in entities}, []
        client = self.client_of(credentials)
        if client is None:
            return {}, []
        try:
            return effective_access(client, entities), []
        except Unauthorized as error:
            return {}, [f"The effect of the level could not be seen. {error}"]

    def proof_of(self, name: str, seen: UserFacts | None) -> Proof:
        """How the option `credentials` is known, for the user of this name. Raises what `prove` raises."""
        credentials = self.params["credentials"]
        return self.proof_of_made(name, seen, self.observed, credentials) if credentials else UNKNOWN

    def proof_of_made(self, name: str, seen: UserFacts | None, observed: Observed | None, credentials: Params) -> Proof:
        """How these credentials are known, for the user of this name among those that were observed. Raises what `prove` raises."""
        key = credentials["user_name"]
        return prove(name, key, observed, seen, bool(self._access_seen(key)), lambda: self.client_of(credentials))

    def client_of(self, credentials: Params) -> Client | None:
        """A client for other credentials on the same tenant; see `connect_as`."""
        known = self._info.get("zone", {}).get("url")
        return connect_as(self.params, credentials, known or (self.client.zone.url if self.client else self.params["zone_url"] or ""))

    def _access_seen(self, user_name: str) -> Mapping[str, Any]:
        """What an earlier task of the run saw of the effective access of this user; empty when none looked."""
        seen: Mapping[str, Any] = self._info.get("access", {}).get(user_name.partition("@")[0], {})
        return seen


def how(
    params: Params,
    client: Client | None,
    catalogue: Catalogue,
    controller: Controller,
    web_url: str = "",
    observed: Callable[[], Observed | None] | None = None,
) -> How:
    """What the appliers of a tenant need, from a module's options. Raises AutotaskError for a browser away from the controller."""
    if params["apply_via"] == "console":
        vault_of(controller)
        web_url = web_url or (client.zone.web_url if client else "")
    return How(
        tenant=params["tenant"],
        client=client,
        ticket=params["ticket"],
        runsheet=params["runsheet"],
        console=params.get("console") or {},
        terms=params["local_terms"],
        catalogue=catalogue,
        say=controller.say,
        web_url=web_url,
        observed=observed,
    )


def vault_of(controller: Controller) -> Vault:
    """The vault of the run. Raises AutotaskError where the module runs away from the controller."""
    if controller.vault is None:
        raise AutotaskError(
            "The console applier runs in the controller's own process: use it with `connection: local`.", "not_on_controller"
        )
    return controller.vault
