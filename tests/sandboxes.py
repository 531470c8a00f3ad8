# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A running sandbox for the tests: `python -m sandbox` on a free port, once a session, with so many tenants that a test can have its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

ROOT = Path(__file__).parents[1]
SEEDS = [
    {"slug": "no-inventory", "options": {"modules_off": ["Inventory"]}},
    {"slug": "no-inventory-at-all", "options": {"modules_off": ["Inventory"]}},  # for a test that lets its provisioner do everything else
    {"slug": "in-numbers", "options": {"access_as_numbers": True}},
    {"slug": "unpatched", "options": {"api_user_patch": "ignored"}},
    {"slug": "unpatched-too", "options": {"api_user_patch": "ignored"}},
]
_SHARED = 3


@dataclass
class Rest:
    """A client of REST that sends a tenant's credentials, and shows what comes back as it is."""

    url: str
    headers: dict[str, str]
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False

    def call(self, method: str, path: str, *, headers: dict[str, str] | None = None, **options: Any) -> requests.Response:
        """One request to a path below `/v1.0/`, or to a whole address. `headers` replace the credentials where they name the same."""
        url = path if path.startswith("http") else self.url + path
        return self.session.request(method, url, headers=self.headers | (headers or {}), timeout=30, **options)

    def ask(self, method: str, path: str, **options: Any) -> Any:
        """The JSON of a request that must succeed."""
        response = self.call(method, path, **options)
        assert response.status_code == 200, (response.status_code, response.text)
        return response.json()

    def refused(self, method: str, path: str, **options: Any) -> list[str]:
        """The error texts of a request that must be answered with a 500."""
        response = self.call(method, path, **options)
        assert response.status_code == 500, (response.status_code, response.text)
        return list(response.json()["errors"])

    def find(self, entity: str, *conditions: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
        """The first page of a query, by POST."""
        query = {"filter": list(conditions) or [{"op": "gte", "field": "id", "value": 0}]} | more
        return list(self.ask("POST", f"{entity}/query", json=query)["items"])


@dataclass(frozen=True)
class Tenant:
    """One tenant of the running sandbox: what `--print-credentials` says of it, and ways in."""

    address: str
    access: dict[str, Any]

    @property
    def slug(self) -> str:
        return str(self.access["tenant"])

    @property
    def rest(self) -> Rest:
        names = {"UserName": "user_name", "Secret": "secret", "ApiIntegrationCode": "integration_code"}
        return Rest(self.access["rest_url"], {header: self.access[name] for header, name in names.items()})

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """A request to this tenant's part of the sandbox's control."""
        return control(self.address, method, f"tenants/{self.slug}/{path}", body)

    def level(self, name: str = "msp.autotask provisioner") -> dict[str, Any]:
        """A level with its cells, as the control shows it."""
        return next(level for level in self.control("GET", "levels") if level["name"] == name)

    def set_cells(self, cells: dict[str, Any], name: str = "msp.autotask provisioner") -> None:
        """Changes cells of a level behind Autotask's back. By default that of the provisioner, as which `rest` works."""
        self.control("PATCH", f"levels/{self.level(name)['id']}", {"cells": cells})

    def set_user(self, changes: dict[str, Any]) -> dict[str, Any]:
        """Changes the provisioner behind Autotask's back."""
        user = next(user for user in self.control("GET", "api-users") if user["user_name"] == self.access["user_name"])
        return dict(self.control("PATCH", f"api-users/{user['id']}", changes))


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox, and the files that its standard output and error go to."""

    address: str
    tenants: dict[str, Tenant]
    output: Path
    log: Path

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """A request to the sandbox's control."""
        return control(self.address, method, path, body)


def control(address: str, method: str, path: str, body: Any = None) -> Any:
    """The JSON of a request to `/_sandbox/` that must succeed."""
    with requests.Session() as session:
        session.trust_env = False
        response = session.request(method, f"{address}/_sandbox/{path}", json=body, timeout=30)
    assert response.status_code == 200, (response.status_code, response.text)
    return response.json()


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs `python -m sandbox` to its end."""
    command = [sys.executable, "-m", "sandbox", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[Sandbox]:
    """Runs `python -m sandbox` on a free port while the block lasts, and ends it as Ctrl-C does."""
    output, log = folder / "stdout.txt", folder / "stderr.txt"
    with output.open("w", buffering=1) as to_output, log.open("w") as to_log:
        command = [sys.executable, "-u", "-m", "sandbox", "--port", "0", *arguments]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=to_log, text=True)
        assert process.stdout is not None
        try:
            ready = process.stdout.readline()
            assert ready, log.read_text()
            to_output.write(ready)
            threading.Thread(target=to_output.writelines, args=(process.stdout,), daemon=True).start()
            address = ready.split("console ")[1].split("/ ")[0]
            listed = json.loads(run("--print-credentials", "--port", address.rpartition(":")[2], *arguments).stdout)
            tenants = {access["tenant"]: Tenant(address, access) for access in listed["tenants"]}
            yield Sandbox(address, tenants, output, log)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """The sandbox that the tests share.

    Its first three tenants (alder, birch, cedar) are for looking only, the last ones have an oddity each, as `SEEDS` says.
    """
    folder = tmp_path_factory.mktemp("sandbox")
    (folder / "seeds.yml").write_text(yaml.safe_dump({"tenants": SEEDS}))
    # A test takes five at most, and fewer than two on average; who gets how many of the tests isn't known before.
    tenants = 100 + 2 * len(request.session.items)
    with running(folder, "--tenants", str(tenants), "--seed-file", str(folder / "seeds.yml")) as started:
        yield started


@pytest.fixture(scope="session")
def spare_tenants(sandbox: Sandbox) -> list[Tenant]:
    """Tenants that no test has yet: `take` one."""
    return list(sandbox.tenants.values())[_SHARED : -len(SEEDS)]


def take(spare_tenants: list[Tenant], fits: Callable[[Tenant], bool] = lambda _: True) -> Tenant:
    """The first spare tenant that fits. Nobody else gets it; those that don't fit stay for others."""
    taken = next((one for one in spare_tenants if fits(one)), None)
    assert taken, f"none of {len(spare_tenants)} spare tenants fits"
    spare_tenants.remove(taken)
    return taken


@pytest.fixture
def tenant(spare_tenants: list[Tenant]) -> Tenant:
    """A tenant that no other test has."""
    return take(spare_tenants)


@pytest.fixture
def rest(tenant: Tenant) -> Rest:
    """REST as the provisioner of a tenant that no other test has."""
    return tenant.rest


@pytest.fixture
def full(tenant: Tenant) -> Rest:
    """REST as the same user, but with the level `API User (system)`."""
    tenant.set_user({"level": "API User (system)"})
    return tenant.rest
