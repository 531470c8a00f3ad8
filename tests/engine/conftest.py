# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A sandbox of its own for each test, in this process: planting a tenant takes milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox.app import Settings

from .running import ALDER, BIRCH, House, houses


@pytest.fixture
def house_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], House]]:
    """Makes the house of one of the sandbox's first tenants; `requests` reaches nothing but the sandbox while the test lasts."""
    with houses(tmp_path, monkeypatch) as house_of:
        yield house_of


@pytest.fixture(scope="module")
def shared_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A tenant that the tests of a file share. Nobody sleeps, and no number of requests is too many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.sleep", lambda _seconds: None)
        with houses(tmp_path_factory.mktemp("house"), patch, Settings(threshold=10**9)) as house_of:
            yield house_of(BIRCH)


@pytest.fixture
def house(house_of: Callable[[int], House]) -> House:
    """A tenant on which every vendor's user gets a tracking identifier of its own, except where a guide names no such way."""
    return house_of(BIRCH)


@pytest.fixture
def listing(house_of: Callable[[int], House]) -> House:
    """A tenant that lists the integration vendors of all guides."""
    return house_of(ALDER)
