# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The collection as its users install it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from .packing import pack

ROOT = Path(__file__).parents[1]
FILES, MANIFEST = "FILES.json", "MANIFEST.json"


def build(folder: Path, clone: Path = ROOT) -> Path:
    """Build the archive of what git knows of a clone into a folder: what else lies there may be a secret. Returns its path."""
    with tempfile.TemporaryDirectory() as scratch:
        copy, built = Path(scratch) / "copy", Path(scratch) / "built"
        for name in filter(None, git("ls-files", "-z", clone=clone).split("\0")):
            if (clone / name).exists():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                (copy / name).write_bytes((clone / name).read_bytes())
        galaxy("build", "--output-path", str(built), str(copy))
        [archive] = built.glob("*.tar.gz")
        folder.mkdir(parents=True, exist_ok=True)
        return pack(folder / archive.name, _in_order(archive), time_of_commit(clone))


def unknown_to_git(clone: Path = ROOT) -> list[str]:
    """What lies in a clone and is neither known to git nor ignored by it: it is in no archive."""
    return sorted(filter(None, git("ls-files", "-z", "--others", "--exclude-standard", clone=clone).split("\0")))


def time_of_commit(clone: Path = ROOT) -> int:
    """When the newest commit was made: what is made from it is of that time."""
    return int(git("log", "-1", "--format=%ct", clone=clone))


def git(*arguments: str, clone: Path = ROOT) -> str:
    """What git says of a clone."""
    return subprocess.run(["git", *arguments], cwd=clone, capture_output=True, text=True, check=True).stdout


def galaxy(*arguments: str) -> None:
    """`ansible-galaxy collection`, without the caller's settings: one that doesn't look for other collections than the one at hand."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    command = [str(Path(sys.executable).with_name("ansible-galaxy")), "collection", *arguments]
    subprocess.run(command, env=own, check=True, capture_output=True)


def _in_order(archive: Path) -> dict[str, bytes | None]:
    """What is in an archive, first what says what else is in it. `ansible-galaxy` lists that as the file system happens to."""
    with tarfile.open(archive) as packed:
        files = {entry.name: packed.extractfile(entry) for entry in packed.getmembers()}
        found = {name: file.read() if file else None for name, file in files.items()}
    listed, manifest = (json.loads(found.pop(name) or "") for name in (FILES, MANIFEST))
    listed["files"].sort(key=lambda file: file["name"])
    inventory = json.dumps(listed, indent=True).encode()
    manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(inventory).hexdigest()
    return {MANIFEST: json.dumps(manifest, indent=True).encode(), FILES: inventory, **dict(sorted(found.items()))}
