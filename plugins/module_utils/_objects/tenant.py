# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What all integrations of a tenant share while a task runs. Private to the collection."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from .._appliers.base import How
from .._catalogue.model import Catalogue
from .._catalogue.terms import Terms
from .._credentials.handover import HandoverFiles
from .._credentials.home import home_of
from .._credentials.store import Recorded, Store
from .._credentials.vault import Vault
from .._edge.context import (
    as_provisioner,
    check_zone_of,
    code_of,
    connect,
    connect_recorded,
    guard_of,
    how,
    store_of,
    vault_of,
    vault_or_none,
)
from .._edge.controller import Controller
from .._edge.options import Params
from .._errors import InputError
from .._rest.client import UNGUARDED, Client, Guard
from .._review.acceptances import Acceptances, read_acceptances
from .reading import Reading


@dataclass(frozen=True)
class Tenant:
    """A tenant of a task: its options, and what they lead to. `client` is None where nothing is read, so that only run sheets can be written.

    `acceptances` are the tenant's, by address; `said` is what whoever watches has seen.
    """

    params: Params
    controller: Controller
    catalogue: Catalogue
    client: Client | None
    store: Store
    handovers: HandoverFiles
    acceptances: Acceptances = field(default_factory=dict)
    said: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """What the fleet calls it."""
        return str(self.params["tenant"])

    @property
    def host(self) -> str:
        """What the inventory calls it."""
        return self.controller.host_of(self.name)

    @property
    def terms(self) -> Terms:
        """Its own words."""
        terms: Terms = self.params["local_terms"]
        return terms

    @property
    def vault(self) -> Vault:
        """The vault of the run."""
        return vault_or_none(self.controller)

    @property
    def hand_in(self) -> str:
        """Where people find the page that seals credentials; empty where nothing is handed in so."""
        options = self.params.get("hand_in") or {}
        return str(options.get("address") or options.get("page") or "")

    def client_of(self, name: str, recorded: Recorded, zone_url: str = "") -> Client | None:
        """A client for recorded credentials; None where neither the user's own tracking identifier nor the vendor's is known."""
        return self._connected(name, recorded, zone_url, guard_of(self.store, name))

    def client_of_dead(self, name: str, recorded: Recorded, zone_url: str) -> Client | None:
        """The same for credentials that were recorded before and should be refused."""
        return self._connected(name, recorded, zone_url, UNGUARDED)

    def _connected(self, name: str, recorded: Recorded, zone_url: str, guard: Guard) -> Client | None:
        known = zone_url or (self.client.zone.url if self.client else "")
        if not known:
            guard = replace(guard, check_zone=check_zone_of(self.params, self.store, name, recorded))
        return connect_recorded(self.params, name, recorded, known or self.params["zone_url"] or "", guard)

    def reached(self) -> Tenant:
        """The tenant once it is known where it lives: from then on what is recorded has to be of there."""
        return replace(self, store=self.store.at(home_of(self.client.zone))) if self.client else self

    def code_of(self, name: str, recorded: Recorded) -> str:
        """The tracking identifier of recorded credentials; empty where nobody knows it."""
        return code_of(self.params, name, recorded)

    def how(self, reading: Reading) -> How:
        """What appliers need."""
        known = how(self.params, self.client, self.catalogue, self.controller, reading.zone.get("web_url", ""), lambda: reading.observed)
        return replace(known, say=self.say)

    def say(self, line: str) -> None:
        """Show a line to whoever watches the run, once."""
        if line not in self.said:
            self.said.add(line)
            self.controller.say(f"  {self.name}: {line}")

    def command(self, playbook: str, variable: str, value: str) -> str:
        """A command for people, as it is typed: inventory and vault password are theirs to add."""
        return f"ansible-playbook msp.autotask.{playbook} -l {self.host} -e {variable}={value} (with your inventory and vault password)"


def tenant_of(params: Params, controller: Controller, catalogue: Catalogue, ways: Collection[str], connected: bool = True) -> Tenant:
    """The tenant that a task is about. Without a user of its own it is reached as the provisioner that was recorded for it.

    `ways` are the appliers of its integrations.

    Raises AutotaskError for a recorded one that can't be read, and InputError where there is none, more than a run sheet is asked for, and `connected`
    says that it can't do without.
    """
    if "console" in ways:
        vault_of(controller)
    if os.path.realpath(params["handover_folder"]) == os.path.realpath(params["credentials_store"]["folder"]):
        raise InputError(
            ["handover_folder"], "is the folder of recorded credentials, whose files it would replace; name another one", "same_folder"
        )
    store = store_of(params, controller)
    params, guard = as_provisioner(params, store)
    if not params["console"]["session"] and "console" in ways:
        params = {**params, "console": {**params["console"], "session": store.session()}}
    bare = not params["user_name"] and (not connected or set(ways) <= {"runsheet"})
    return Tenant(
        params,
        controller,
        catalogue,
        client=None if bare else connect(params, guard),
        store=store,
        handovers=HandoverFiles(vault_or_none(controller), params["handover_folder"], params["tenant"]),
        acceptances=read_acceptances(params.get("acceptances") or "", controller.host_of(params["tenant"])),
    )
