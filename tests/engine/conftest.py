# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A sandbox of its own for each test, in this process: planting a tenant takes milliseconds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from sandbox import seed
from sandbox.app import Settings, create_app
from sandbox.store import Store
from tests.sandboxes import Tenant

from .running import House
from .wire import ADDRESS, Wire

# Alder lists the integration vendors of all guides, birch doesn't list BeeCastle's.
ALDER, BIRCH = range(2)


@pytest.fixture
def house_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], House]]:
    """Makes the house of one of the sandbox's first tenants; `requests` reaches nothing but the sandbox while the test lasts."""
    for name in [name for name in os.environ if name.startswith("AUTOTASK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    with ExitStack() as stack:
        store = stack.enter_context(closing(Store()))
        seeds = seed.world(2)
        seed.plant(store, seeds)
        wire = Wire(create_app(store, Settings()))
        stack.callback(wire.hang_up)
        monkeypatch.setattr("requests.sessions.HTTPAdapter", lambda *_arguments, **_options: wire)
        yield lambda number: House(Tenant(ADDRESS, seed.access(seeds[number], ADDRESS)), store, wire, tmp_path)


@pytest.fixture
def house(house_of: Callable[[int], House]) -> House:
    """A tenant on which every vendor's user gets a tracking identifier of its own, except where a guide names no such way."""
    return house_of(BIRCH)


@pytest.fixture
def listing(house_of: Callable[[int], House]) -> House:
    """A tenant that lists the integration vendors of all guides."""
    return house_of(ALDER)
