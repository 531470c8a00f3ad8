# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Archives that have the same bytes whenever they are made of the same files, and the checksums of what is published."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

SUMS = "SHA256SUMS"
# Where the programs are, in an archive.
PROGRAMS = "bin/"


def files_in(folder: Path) -> dict[str, bytes | None]:
    """The files in a folder, by the paths below it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def pack(target: Path, files: Mapping[str, bytes | None], when: int) -> Path:
    """Write a `.tar.gz`, in the order given. What lies in `bin` is a program.

    Args:
        target: the path of the archive.
        files: content by name; None for a folder.
        when: the time that each file is said to be of, in seconds since 1970.
    """
    with (
        target.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=when) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.mtime = when
            if content is None:
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            else:
                entry.size, entry.mode = len(content), 0o755 if name.startswith(PROGRAMS) else 0o644
            archive.addfile(entry, io.BytesIO(content or b""))
    return target


def write_sums(folder: Path) -> Path:
    """Write `SHA256SUMS`, as `sha256sum --check` reads it, for the files that lie in a folder."""
    target = folder / SUMS
    files = sorted(path for path in folder.iterdir() if path != target)
    target.write_text("".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files))
    return target
