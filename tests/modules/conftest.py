# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A tenant of its own for each test, somebody to play tasks on it, and somebody who works in its console."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sandbox.operator.worker import Operator
from tests.sandboxes import Tenant

from .playing import Player


@pytest.fixture
def play(tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Player:
    """Plays tasks on a tenant that no other test has, without anything of the environment that tests were started in."""
    for name in [name for name in os.environ if name.startswith("AUTOTASK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return Player(tenant, tmp_path)


@pytest.fixture
def operator(tenant: Tenant) -> Operator:
    """The person who works off the tenant's change tickets."""
    access = tenant.access
    return Operator(access["console_url"], access["console_user"], access["console_password"], say=lambda line: None)
