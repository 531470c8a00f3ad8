# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Folders in which the operating system says no: a disk that is full, one that is read-only, and what stands in a file's place."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Meanwhile the folder, with what is in it, lies on a disk that is full; where nobody may mount one, no file may have a byte."""
    if _mounted(folder, "-t", "tmpfs", "-o", "size=256k", "tmpfs"):
        try:
            _fill(folder / "filler")
            yield
        finally:
            _unmount(folder)
        return
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Meanwhile nothing can be written in the folder, or in one below it."""
    if _mounted(folder, "--bind", str(folder)):
        try:
            subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
            yield
        finally:
            _unmount(folder)
        return
    if os.geteuid() == 0:
        pytest.skip("nothing can be mounted here, and root may write everywhere")
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    for one in folders:
        one.chmod(0o500)
    try:
        yield
    finally:
        for one in folders:
            one.chmod(0o700)


def _mounted(folder: Path, *arguments: str) -> bool:
    """Whether the folder is now the root of another file system, with the files that it had."""
    kept = {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    done = subprocess.run(["mount", *arguments, str(folder)], capture_output=True, check=False)
    if done.returncode == 0:
        for name, content in kept.items():
            if not (folder / name).exists():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
    return done.returncode == 0


def _unmount(folder: Path) -> None:
    subprocess.run(["umount", str(folder)], check=True)


def _fill(path: Path) -> None:
    """Write until nothing more can be written."""
    with path.open("wb", buffering=0) as stream:
        for size in (4096, 1):
            try:
                while stream.write(bytes(size)):
                    pass
            except OSError:
                continue


def as_folder(path: Path) -> None:
    """A folder stands in the file's place."""
    path.mkdir()


def as_pipe(path: Path) -> None:
    """A named pipe stands in the file's place, and nobody writes into it."""
    os.mkfifo(path)


def as_dead_link(path: Path) -> None:
    """A link that leads nowhere stands in the file's place."""
    path.symlink_to(path.with_name("nowhere"))


def as_loop(path: Path) -> None:
    """A link that leads to itself stands in the file's place."""
    path.symlink_to(path)


def as_socket(path: Path) -> None:
    """A socket stands in the file's place."""
    here = os.getcwd()
    os.chdir(path.parent)  # its address may be a hundred characters long
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


IN_ITS_PLACE: dict[str, Callable[[Path], None]] = {
    "a folder": as_folder,
    "a named pipe": as_pipe,
    "a dead link": as_dead_link,
    "a loop": as_loop,
    "a socket": as_socket,
}
DISKS: dict[str, Callable[[Path], AbstractContextManager[None]]] = {"full": full, "read-only": read_only}


def seen(folder: Path) -> dict[str, bytes | str]:
    """Everything below a folder: what each file holds, and what is none. What made the disk full isn't part of it."""
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        if path.name != "filler":
            found[str(path.relative_to(folder))] = path.read_bytes() if path.is_file() else "folder" if path.is_dir() else "other"
    return found
