# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Definitions of execution environments with the collection in them, and what ansible-builder makes of each."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from .artifact import ROOT

COLLECTION = "msp-autotask.tar.gz"


def definitions(artifact: Path, folder: Path) -> Path:
    """Put the definitions into a folder, and the collection beside them. Returns the folder."""
    shutil.copytree(ROOT / "execution-environment", folder)
    shutil.copy(artifact, folder / COLLECTION)
    return folder


def try_out(folder: Path, scratch: Path) -> None:
    """Have ansible-builder make the context of each image, which is as far as it goes without a registry.

    Raises:
        RuntimeError: it doesn't take a definition, or the collection isn't in the context.
    """
    for definition in sorted(folder.glob("*.yml")):
        context = scratch / definition.stem
        command = [str(Path(sys.executable).with_name("ansible-builder")), "create", "--file", definition.name, "--context", str(context)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode or not (context / "_build" / "collections" / COLLECTION).exists():
            raise RuntimeError(f"{definition.name}: {done.stdout}{done.stderr}")
