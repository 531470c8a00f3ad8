# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs the collection's modules in this process, on a tenant of a sandbox that is in it, too."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.msp.autotask.plugins.module_utils._edge.controller import Controller
from ansible_collections.msp.autotask.plugins.module_utils._edge.module import run_safely
from ansible_collections.msp.autotask.plugins.modules import (
    autotask_credentials,
    autotask_diagnosis_info,
    autotask_integrations,
    autotask_plan,
    autotask_rotation,
)
from ansible_collections.msp.autotask.plugins.plugin_utils._in_process import ENDLESS, MISSHAPEN, endless, misshapen
from ansible_collections.msp.autotask.plugins.plugin_utils._vault import VaultFiles
from sandbox import editor, levels, seed
from sandbox.app import Settings, create_app
from sandbox.model import Level
from sandbox.operator.labels import Stuck
from sandbox.store import Store
from tests.sandboxes import Tenant, control

from .employee import Employee
from .wire import ADDRESS, Killed, Wire

SECRET = VaultSecret(b"only-for-tests")
# Alder lists the integration vendors of all guides, birch doesn't list BeeCastle's.
ALDER, BIRCH = range(2)
NOTED = {"Username (Key)": "user_name", "Password (Secret)": "secret", "Tracking Identifier": "integration_code"}
EMAIL = "integrations@example.com"
Result = dict[str, Any]


class Wrong(Exception):
    """The options of a module are not what its argument spec asks for."""


class Files(VaultFiles):
    """The encrypted files of a run that is killed at its nth one, from 1: before it is written, or right after."""

    def __init__(self, at: int, before: bool) -> None:
        super().__init__([("default", SECRET)])
        self._left, self._before = at, before

    def write(self, path: str, content: Mapping[str, Any]) -> None:
        """See `VaultFiles`. Raises Killed."""
        self._left -= 1
        if self._left == 0 and self._before:
            raise Killed
        super().write(path, content)
        if self._left == 0:
            raise Killed


def profile(key: str, **more: Any) -> dict[str, Any]:
    """The profile of a small vendor: a copied level without the deletion of tickets, and one API user with a tracking identifier of its own."""
    name = key.capitalize()
    user = {
        "key": "main",
        "first_name": name,
        "last_name": "API",
        "security_level": "main",
        "tracking_identifier": {"internal_integration_name": name},
        "expect": {"granted": ["Tickets:query"], "denied": ["Tickets:delete"]},
    }
    fields = [("Key", "user_name"), ("Secret", "secret"), ("Code", "integration_code")]
    return {
        "profile": 2,
        "integration": key,
        "vendor": name,
        "security_levels": [
            {
                "key": "main",
                "name": f"{name} API",
                "baseline": "copy",
                "settings": {"Service Desk": {"Tickets": {"Delete": "None"}}},
                **more.pop("level", {}),
            }
        ],
        "api_users": [{**user, **more.pop("user", {})}],
        "handover": {"to": name, "fields": [{"name": field, "value": value} for field, value in fields]},
        **more,
    }


@dataclass
class House:
    """A tenant with the folder of whoever looks after it, and the modules. `said` is what those who watch the runs have seen."""

    tenant: Tenant
    store: Store
    wire: Wire
    folder: Path
    integrations: list[dict[str, Any]] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    host: str = ""  # what the inventory calls it, if not as the tenant is called
    files_of_run: Callable[[], VaultFiles] = field(default=lambda: VaultFiles([("default", SECRET)]))

    def __post_init__(self) -> None:
        found = self.store.tenant_by_slug(self.tenant.slug)
        assert found
        self.employee = Employee(self.store, found, self._record)

    # Runs of modules

    def ensure(self, *profiles: Any, check: bool = False, **options: Any) -> Result:
        """Run `autotask_integrations` for these profiles, which those after it are about, too; without any, for those from before."""
        self.want(*profiles)
        return self.run(autotask_integrations, check, **options)

    def plan(self, *profiles: Any, **options: Any) -> Result:
        """Run `autotask_plan`; the tenant's part of the document, or the failure."""
        self.want(*profiles)
        result = self.run(autotask_plan, **options)
        return result if result.get("failed") else dict(result["part"])

    def rotate(self, name: str = "2026-11", check: bool = False, **options: Any) -> Result:
        """Run `autotask_rotation`."""
        return self.run(autotask_rotation, check, rotation=name, **options)

    def diagnose(self) -> Result:
        """Run `autotask_diagnosis_info`."""
        return self.run(autotask_diagnosis_info)

    def record(self, name: str, recorded: Mapping[str, str], check: bool = False, **options: Any) -> Result:
        """Run `autotask_credentials`, without the five minutes of patience."""
        return self.run(autotask_credentials, check, **{"name": name, "recorded": dict(recorded), "retry_delay": 0.0, **options})

    def want(self, *profiles: Any) -> None:
        """What the runs from now on are about: profiles, or whole entries of the option `integrations`."""
        if profiles:
            whole = [one if isinstance(one, dict) and "vendor" not in one else {"profile": one} for one in profiles]
            self.integrations = whole

    def run(self, module: ModuleType, check: bool = False, **options: Any) -> Result:
        """Run a module as the action plugin does: options checked against its spec, then `run`. Raises Wrong for options that it doesn't take."""
        shared = {name: value for name, value in self._shared().items() if name in module.SPEC}
        arguments = {**shared, **options}
        if wrong := list(misshapen(module.SPEC, arguments)):
            raise Wrong(MISSHAPEN.format(names=", ".join(wrong)))
        try:
            checked = ArgumentSpecValidator(dict(module.SPEC)).validate(arguments)
        except OverflowError:
            raise Wrong(ENDLESS.format(names=", ".join(endless(arguments)))) from None
        if checked.error_messages:
            raise Wrong(checked.errors.msg)
        controller = Controller(self.said.append, self.files_of_run(), self.host or self.tenant.slug)
        return run_safely(module.run, checked.validated_parameters, check, controller)

    def set_up(self, *profiles: Any) -> Result:
        """Everything from asking to handing over; the result of the last run, which must have found nothing wrong."""
        asked = self.ensure(*profiles)
        assert not asked.get("failed"), asked
        self.work()
        done = self.ensure()
        assert not done.get("failed") and not done["pending"], (done, self.employee.stuck)
        return done

    def work(self, integration: str = "") -> int:
        """Somebody works off the open change tickets; returns how many steps were ticked."""
        return self.employee.work(integration)

    def finish(self) -> Result:
        """Somebody works off what is asked for, in tickets and run sheets, until a run finds nothing left; its result."""
        for _round in range(4):
            self.work()
            self.employee.work_sheets(self.folder / "runsheets")
            result = self.ensure()
            assert not result.get("failed"), result
            if not result["pending"]:
                return result
        raise AssertionError((self.employee.stuck, [plan_of(entry) for entry in result["integrations"]]))

    @contextmanager
    def killed_at_file(self, at: int, before: bool) -> Iterator[None]:
        """Runs in this block are killed at their nth encrypted file, and one is."""
        usual, self.files_of_run = self.files_of_run, lambda: Files(at, before)
        try:
            with pytest.raises(Killed):
                yield
        finally:
            self.files_of_run = usual

    # Things going wrong, as sandbox/README.md has them

    def fault(self, spec: str, **answer: Any) -> int:
        """Let something go wrong in the sandbox; the id of it."""
        return int(control(ADDRESS, "POST", "faults", {"spec": spec, **answer})["id"])

    def no_faults(self) -> None:
        """Nothing goes wrong any more."""
        control(ADDRESS, "DELETE", "faults")

    def hits(self) -> list[dict[str, Any]]:
        """Which fault hit where."""
        return list(control(ADDRESS, "GET", f"hits?tenant={self.tenant.slug}"))

    def waiting(self, fault: int) -> list[dict[str, Any]]:
        """The requests that wait at a pause, as soon as there are any."""
        return list(control(ADDRESS, "GET", f"faults/{fault}/waiting?seconds=60"))

    def waits(self, fault: int) -> bool:
        """Whether a request waits at a pause now."""
        return any(hit["fault"] == fault and hit["waits"] for hit in self.hits())

    def release(self, fault: int) -> int:
        """Those that wait at a pause go on; how many."""
        return int(control(ADDRESS, "POST", f"faults/{fault}/release")["released"])

    def forget(self, integration: str) -> None:
        """Nothing tells any more who set it up: as if somebody had done so by hand, years ago."""
        for ticket in self.tickets(integration):
            self.store.update(self.employee.tenant.id, "Tickets", ticket["id"], {"externalID": ""})
        self.path(integration).unlink(missing_ok=True)

    def by_hand(self, name: str, changes: Mapping[str, Any] | None = None, source: str = "API User (system)") -> Level:
        """Somebody copies a level in the console, and changes no more of the copy than its name, Active, and these cells."""
        copied = self.level(source)
        assert copied
        copy = levels.copy(self.store, copied.id, True)
        cells = editor.settled({**copy.cells, **(changes or {})})
        assert levels.save(self.store, copy.id, name, True, cells, True) == []
        return self.store.level(copy.id)

    def show_sections(self, more: Sequence[str]) -> None:
        """From now on the tenant's editor has these sections, too, which others don't have; its levels have everything in them."""
        tenant = self.store.set_options(self.employee.tenant.id, {"more_sections": list(more)})
        self.employee.tenant = levels.show_sections(self.store, tenant)

    # What there is afterwards, looked at without the collection's help

    def kept(self, name: str, folder: str = "credentials") -> dict[str, Any] | None:
        """What an encrypted file holds, or None where there is none."""
        path = self.path(name, folder)
        return yaml.safe_load(self.opened(str(path.relative_to(self.folder)))) if path.exists() else None

    def opened(self, path: str) -> str:
        """What is in a file, by its path below the folder; where that is encrypted, what was."""
        content = (self.folder / path).read_bytes()
        vault = VaultLib([("default", SECRET)])
        return str((vault.decrypt(content) if vault.is_encrypted(content) else content).decode())

    def keep(self, name: str, content: Mapping[str, Any], folder: str = "credentials") -> None:
        """Somebody writes an encrypted file."""
        path = self.path(name, folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(VaultLib().encrypt(yaml.safe_dump(dict(content)), secret=SECRET))

    def path(self, name: str, folder: str = "credentials") -> Path:
        """Where an encrypted file lies."""
        return self.folder / folder / self.tenant.slug / f"{name}.yml"

    def files(self) -> dict[str, bytes]:
        """All files that runs have left behind, with what is in them."""
        paths = [path for path in self.folder.rglob("*") if path.is_file() and "cache" not in path.parts]
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in sorted(paths)}

    def cached(self) -> dict[str, bytes]:
        """What runs have left in this machine's cache."""
        paths = [path for path in (self.folder / "cache").rglob("*") if path.is_file()]
        return {path.name: path.read_bytes() for path in sorted(paths)}

    def state(self) -> dict[str, Any]:
        """What the tenant's database holds of what the collection cares for."""
        entities = ("Tickets", "TicketChecklistItems", "TicketNotes", "Resources")
        found: dict[str, Any] = {entity: self.store.query(self.employee.tenant.id, entity) for entity in entities}
        return {**found, "levels": {level.name: (level.active, dict(level.cells)) for level in self.levels()}}

    def levels(self) -> list[Level]:
        """The tenant's security levels."""
        return self.store.levels(self.employee.tenant.id)

    def level(self, name: str) -> Level | None:
        """The security level of this name."""
        return next((level for level in self.levels() if level.name == name), None)

    def users(self) -> dict[str, bool]:
        """Which API users there are, by name, and whether each is active."""
        return {user.name: user.active for user in self.store.api_users(self.employee.tenant.id)}

    def tickets(self, integration: str) -> list[dict[str, Any]]:
        """The change tickets of an integration."""
        found = self.store.query(self.employee.tenant.id, "Tickets")
        return [one for one in found if str(one.get("externalID") or "").startswith(f"msp.autotask/{integration}/")]

    def steps(self, integration: str) -> list[tuple[str, bool]]:
        """The steps of an integration's change tickets in their order, and which are ticked."""
        ids = [ticket["id"] for ticket in self.tickets(integration)]
        items = [one for one in self.store.query(self.employee.tenant.id, "TicketChecklistItems") if one["ticketID"] in ids]
        ordered = sorted(items, key=lambda item: (item["ticketID"], item["position"], item["id"]))
        return [(item["itemName"], item["isCompleted"]) for item in ordered]

    def signs_in(self, credentials: Mapping[str, Any], code: str = "") -> bool:
        """Whether somebody can sign in with these credentials."""
        headers = {
            "UserName": credentials["user_name"],
            "Secret": credentials["secret"],
            "ApiIntegrationCode": credentials.get("integration_code") or code,
        }
        return self.tenant.rest.call("GET", "Version", headers=headers).status_code == 200

    def allow(self, cells: dict[str, Any]) -> None:
        """The security level of the run's own user gets these cells."""
        own = next(user for user in self.store.api_users(self.employee.tenant.id) if user.user_name == self.tenant.access["user_name"])
        level = self.store.level(own.level_id)
        self.store.save_level(replace(level, cells=editor.settled({**level.cells, **cells})))

    def requests(self, *, writes: bool = False) -> Counter[str]:
        """The REST requests that were sent so far, by method and endpoint; only those that write, where that is asked for."""
        found: Counter[str] = Counter()
        for kind in control(ADDRESS, "GET", f"counts?tenant={self.tenant.slug}"):
            if not writes or (kind["method"] != "GET" and "query" not in kind["endpoint"]):
                found[f"{kind['method']} {kind['endpoint']}"] += kind["count"]
        return found

    def refusals(self) -> int:
        """How often a sign-in was refused."""
        return sum(one["status"] == 401 for one in control(ADDRESS, "GET", f"requests?tenant={self.tenant.slug}"))

    def _shared(self) -> dict[str, Any]:
        access = self.tenant.access
        return {
            **{name: access[name] for name in ("user_name", "secret", "integration_code", "discovery_url")},
            "tenant": self.tenant.slug,
            "email": EMAIL,
            "integrations": self.integrations,
            "ticket": {"queue": "Administration"},
            "local_terms": {"organization": self.employee.tenant.organization_term},
            "credentials_store": {"folder": str(self.folder / "credentials")},
            "handover_folder": str(self.folder / "handover"),
            "runsheet": {"path": str(self.folder / "runsheets")},
            **self.options,
        }

    def _record(self, tenant: str, name: str, noted: Mapping[str, str]) -> None:
        """What the operator's record command does; what isn't taken stays on the notepad, so that the step stays open."""
        assert tenant == self.tenant.slug
        try:
            outcome = self.record(name, {NOTED[label]: text for label, text in noted.items()})
        except Wrong as error:
            raise Stuck(str(error)) from None
        if outcome.get("failed"):
            raise Stuck(outcome["msg"])


@contextmanager
def houses(folder: Path, patch: pytest.MonkeyPatch, settings: Settings | None = None) -> Iterator[Callable[[int], House]]:
    """Makes houses of the sandbox's first tenants, with an empty folder; `requests` reaches nothing but the sandbox meanwhile."""
    for name in [name for name in os.environ if name.startswith("AUTOTASK_")]:
        patch.delenv(name)
    patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    patch.chdir(folder)
    with ExitStack() as stack:
        store = stack.enter_context(closing(Store()))
        seeds = seed.world(2)
        seed.plant(store, seeds)
        wire = Wire(create_app(store, settings or Settings()))
        stack.callback(wire.hang_up)
        patch.setattr("requests.sessions.HTTPAdapter", lambda *_arguments, **_options: wire)
        yield lambda number: House(Tenant(ADDRESS, seed.access(seeds[number], ADDRESS)), store, wire, folder)


def entries(result: Mapping[str, Any]) -> dict[str, str]:
    """What became of each integration."""
    return {entry["integration"]: entry["state"] for entry in result["integrations"]}


def entry_of(result: Mapping[str, Any], integration: str) -> dict[str, Any]:
    """What is said of one integration."""
    return next(entry for entry in result["integrations"] if entry["integration"] == integration)


def plan_of(entry: Mapping[str, Any]) -> Sequence[str]:
    """The sentences of the steps that are still to be done."""
    return [step["text"] for known in entry["objects"] for step in known["plan"]]
