# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Puts the collection where Python and Ansible look for it: build/collections/ansible_collections/msp/autotask."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from tests import trust
from tests.outcomes import VARIABLE, Keeper
from tests.sandboxes import full, rest, sandbox, spare_tenants, tenant

# One sandbox for all folders of tests, because planting its tenants takes seconds.
__all__ = ["full", "rest", "sandbox", "spare_tenants", "tenant"]

ROOT = Path(__file__).resolve().parent.parent
COLLECTIONS = ROOT / "build" / "collections"

link = COLLECTIONS / "ansible_collections" / "msp" / "autotask"
link.parent.mkdir(parents=True, exist_ok=True)
if not link.exists():
    link.symlink_to(ROOT)
sys.path.insert(0, str(COLLECTIONS))

# The same examples in every run of CI; a run by hand looks further with `--hypothesis-profile=explore`.
settings.register_profile("steady", derandomize=True, deadline=None, max_examples=100)
settings.register_profile("few", derandomize=True, deadline=None, max_examples=20)
settings.register_profile("explore", deadline=None, max_examples=3000)
settings.load_profile("steady")


def pytest_configure(config: pytest.Config) -> None:
    """Under `make test`, what is skipped is kept for its last lines; with several workers, by the one process that hears of all."""
    if VARIABLE in os.environ and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Keeper(Path(os.environ[VARIABLE])))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was tried with faults and the like. A whole run shows all of it, and leaves it in build/trust."""
    reports = [report for kept in terminalreporter.stats.values() for report in kept if getattr(report, "when", "") == "call"]
    rows = trust.told(reports)
    whole = "TRUST" in os.environ
    for line in trust.table(rows) if whole else trust.summary(rows):
        terminalreporter.write_line(line)
    if whole:
        trust.write(rows, ROOT / "build" / "trust")
