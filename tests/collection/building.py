# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Builds the collection as its users get it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT


def build(folder: Path) -> Path:
    """The archive of what git knows, and of what is new."""
    copy = folder / "copy"
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    )
    for name in filter(None, tracked.stdout.decode().split("\0")):
        if (ROOT / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    _galaxy("collection", "build", "--output-path", str(folder), str(copy))
    [archive] = folder.glob("msp-autotask-*.tar.gz")
    return archive


def install(folder: Path) -> Path:
    """A folder of collections in which the built one is installed."""
    _galaxy("collection", "install", "--offline", "--collections-path", str(folder / "collections"), str(build(folder)))
    return folder / "collections"


def _galaxy(*arguments: str) -> None:
    """Without the caller's settings: one that doesn't look for other collections than the one at hand."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    subprocess.run([Path(sys.executable).with_name("ansible-galaxy"), *arguments], env=own, check=True, capture_output=True)
