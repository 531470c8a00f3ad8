# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The collection as its users get it, installed."""

from __future__ import annotations

from pathlib import Path

from release.artifact import build, galaxy


def install(folder: Path) -> Path:
    """A folder of collections in which the built one is installed."""
    galaxy("install", "--offline", "--collections-path", str(folder / "collections"), str(build(folder)))
    return folder / "collections"
