# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One browser for all tests of the sandbox that need one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any, TypeAlias

import pytest

# Playwright is optional, so its types can't be named.
Browser: TypeAlias = Any

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, or the one that Playwright has installed. It ends with this folder: a thread can have but one Playwright."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright for Python")
    with playwright.sync_playwright() as driver:
        try:
            started = driver.chromium.launch(executable_path=shutil.which("chromium"), args=_ARGUMENTS)
        except playwright.Error as error:
            pytest.skip(f"needs a Chromium: {error.message.splitlines()[0]}")
        yield started
        started.close()
