# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One console, and with it one browser, for all tests of a worker: a tenant's console changes its generation and its traps while it is used."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._catalogue import model
from ansible_collections.msp.autotask.plugins.module_utils._catalogue.terms import Terms
from ansible_collections.msp.autotask.plugins.module_utils._console.session import Console, ConsoleSettings, open_console
from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError
from tests.sandboxes import Tenant, control, take

TIMEOUT = 10.0


@dataclass
class Room:
    """A tenant, and a console that is signed in to it. `said` is what it has told."""

    tenant: Tenant
    console: Console
    said: list[str] = field(default_factory=list)

    def look(self, **options: Any) -> None:
        """How the tenant's console is from now on; without a word about them there are no traps and the language is English."""
        plain = {"console": "native", "console_traps": [], "console_language": "en", "sign_in": "password", "more_sections": []} | {
            "console_navigation": "old"
        }
        control(self.tenant.address, "PATCH", f"tenants/{self.tenant.slug}", plain | options)

    def stored(self) -> tuple[Any, Any]:
        """Everything that the console could have changed."""
        return self.tenant.control("GET", "levels"), self.tenant.control("GET", "api-users")


def settings(tenant: Tenant, **changes: Any) -> ConsoleSettings:
    """How a test signs in to a tenant's console."""
    access = tenant.access
    given = {
        "url": access["console_url"],
        "user_name": access["console_user"],
        "password": access["console_password"],
        "browser": shutil.which("chromium") or "",
        "timeout": TIMEOUT,
    }
    return ConsoleSettings(**(given | changes))


def terms(tenant: Tenant) -> Terms:
    """The tenant's own words."""
    shown = next(one for one in control(tenant.address, "GET", "tenants") if one["slug"] == tenant.slug)
    return {"organization": shown["organization_term"], "device": shown["device_term"]}


@pytest.fixture(scope="session")
def _chromium() -> None:
    """Skips what needs a browser where there is none."""
    if importlib.util.find_spec("playwright") is None:
        pytest.skip("needs Playwright for Python: pip install -r requirements/browser.txt")


@pytest.fixture(scope="package")
def shared_room(_chromium: None, spare_tenants: list[Tenant]) -> Iterator[Room]:
    """A console that is opened once. It ends with this folder: a thread can have but one Playwright."""
    tenant = take(spare_tenants)
    said: list[str] = []
    try:
        with open_console(settings(tenant), model.standard(), terms(tenant), said.append) as console:
            yield Room(tenant, console, said)
    except AutotaskError as error:
        if error.code != "browser_missing":
            raise
        pytest.skip(f"needs a Chromium: {error}")


@pytest.fixture
def room(shared_room: Room) -> Room:
    """The console of a tenant without traps."""
    shared_room.look()
    shared_room.said.clear()
    return shared_room
