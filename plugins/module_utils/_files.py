# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Files: whatever of the collection reads, writes, lists or removes one does it here. Private to the collection.

What the operating system refuses becomes an AutotaskError (`file`) that names the path, what was being done, and what to do next. A file is replaced in
one go: whoever reads it finds the old or the new one, also after a crash.
"""

from __future__ import annotations

import codecs
import errno
import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from ._errors import AutotaskError
from ._text import cleaned

# Far more than any file of the collection's has.
LARGEST = 16 * 1024 * 1024
# What has to find room before somebody is asked for a secret: it, the one that it replaces, and a hand-over, many times over.
PROBE = 64 * 1024
ROOM, RIGHTS = "Make room, and run again.", "Give this user the right to, or run as the user whose files these are."
REASONS = {
    errno.ENOSPC: f"the disk is full. {ROOM}",
    errno.EDQUOT: f"the disk quota is used up. {ROOM}",
    errno.EFBIG: "it would be larger than a file may be here. Raise the limit (ulimit -f), and run again.",
    errno.EROFS: "the file system is read-only. Make it writable, or name another folder.",
    errno.EACCES: f"permission denied. {RIGHTS}",
    errno.EPERM: f"not permitted. {RIGHTS}",
    errno.ENOTDIR: "a part of the path is a file, and no folder. Move that away, or name another folder.",
    errno.EEXIST: "a part of the path is a file, and no folder. Move that away, or name another folder.",
    errno.ENAMETOOLONG: "the path is too long. Name a shorter folder.",
    errno.ELOOP: "a link in the path leads back to itself. Remove that.",
}
KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def exists(path: str) -> bool:
    """Whether anything has this name, if only a link that leads nowhere. Raises AutotaskError where that can't be seen."""
    with _refusals_of("looked at", path):
        return _kind(path) is not None


def changed(path: str) -> int:
    """When a file was changed, in nanoseconds since 1970. Raises AutotaskError where there is none."""
    with _refusals_of("read", path):
        return os.stat(path).st_mtime_ns


def read(path: str, most: int = LARGEST) -> bytes | None:
    """What a file holds, None where there is none. A link may lead to it. Raises AutotaskError for all else, and for more than `most` bytes."""
    content = beginning(path, most + 1)
    if content is not None and len(content) > most:
        raise _refused("read", path, f"it has more than {most} bytes, as no such file has. Move it away.")
    return content


def beginning(path: str, most: int) -> bytes | None:
    """As `read`: no more than so many bytes of what a file holds, and without the verdict on its size."""
    with _refusals_of("read", path):
        kind = _kind(path)
        if kind is None:
            return None
        if stat.S_ISLNK(kind) and not os.path.exists(path):
            raise _refused("read", path, "it is a link that leads nowhere. Mend it, or remove it.")
        _check_regular(os.stat(path).st_mode, "read", path)
        # Should it have become a pipe meanwhile, nobody waits for what is written into it.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as stream:
            return stream.read(most)


def read_text(path: str, most: int = LARGEST) -> str | None:
    """The text of a file, None where there is none. Raises AutotaskError as `read` does, and for what is no text.

    Some editors and shells write UTF-16, which the first two bytes tell; what is written here is UTF-8.
    """
    content = read(path, most)
    if content is None:
        return None
    with suppress(UnicodeDecodeError):
        text = content.decode("utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8")
        if "\0" not in text:
            return text
    raise _refused("read", path, "it isn't UTF-8 text. Save it as UTF-8, restore it, or move it away.")


def listed(folder: str) -> list[str]:
    """The names in a folder, none where there is no folder. Raises AutotaskError for a folder that can't be read: it may hold what nobody would miss."""
    with _refusals_of("listed", folder):
        try:
            return sorted(os.listdir(folder))
        except FileNotFoundError:
            return []


def check_writable(path: str) -> None:
    """Raises AutotaskError where this file, whose folder need not be there yet, could not be written now. Nothing is left of the attempt."""
    with _refusals_of("written", path):
        _check_own(path, "written")
        folder = os.path.dirname(os.path.abspath(path))
        while not os.path.lexists(folder):
            folder = os.path.dirname(folder)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(os.urandom(PROBE))
            probe.flush()
            os.fsync(probe.fileno())


def write(path: str, content: Iterable[bytes], private: bool = True) -> None:
    """Replace a file in one go, with the folders above it; only its owner may read a `private` one. Raises AutotaskError; then all is as it was."""
    _put(path, content, private, os.replace)


def write_new(path: str, content: Iterable[bytes]) -> None:
    """As `write`, for a private file that isn't there yet. Where another run has just made it, it stays that one's."""
    _put(path, content, True, _link)


def _link(scratch: str, path: str) -> None:
    """Give a file its name, unless another one has it. Raises OSError."""
    with suppress(FileExistsError):
        os.link(scratch, path)
    os.unlink(scratch)


def _put(path: str, content: Iterable[bytes], private: bool, place: Callable[[str, str], None]) -> None:
    folder, name = os.path.split(os.path.abspath(path))
    with _refusals_of("written", path, "What was there before is untouched."):
        _check_own(path, "written")
        _make_folder(folder, 0o700 if private else 0o755)
        handle, scratch = tempfile.mkstemp(dir=folder, prefix=f".{name[:40]}.", suffix=".new")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.writelines(content)
                stream.flush()
                if not private:
                    os.chmod(scratch, 0o644)
                os.fsync(stream.fileno())
            place(scratch, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(scratch)
            raise
    _make_last(path, "written")


def write_text(path: str, texts: Iterable[str], private: bool = False) -> None:
    """As `write`, for text: UTF-8, and without control characters, which a tenant's names may have."""
    write(path, (cleaned(text).encode("utf-8") for text in texts), private)


def move(path: str, to: str) -> None:
    """Give a file another name, in the place of what has that name. Raises AutotaskError; then all is as it was."""
    with _refusals_of("moved", path, f"It should become {to}; both are as they were."):
        _check_own(path, "moved")
        _check_own(to, "replaced")
        os.replace(path, to)
    _make_last(to, "moved")


def remove(path: str) -> None:
    """Remove a file, if there is one. Raises AutotaskError for what is none, and where that can't be done."""
    with _refusals_of("removed", path):
        _check_own(path, "removed")
        try:
            os.unlink(path)
        except FileNotFoundError:
            return
    _make_last(path, "removed")


def remove_folder(path: str) -> None:
    """Remove an empty folder, if there is one. Raises AutotaskError where that can't be done."""
    with _refusals_of("remove", path):
        if os.path.isdir(path):
            os.rmdir(path)


def _kind(path: str) -> int | None:
    """The mode of what has this name, None where nothing has. Raises OSError where that can't be seen."""
    try:
        return os.lstat(path).st_mode
    except FileNotFoundError:
        return None


def _check_own(path: str, verb: str) -> None:
    """Raises AutotaskError where something else than a file has the name. To write through a link, or to remove it, would leave a secret where it leads."""
    mode = _kind(path)
    if mode is not None:
        _check_regular(mode, verb, path)


def _check_regular(mode: int, verb: str, path: str) -> None:
    if not stat.S_ISREG(mode):
        raise _refused(
            verb, path, f"it is {KINDS.get(stat.S_IFMT(mode), 'something else')}, where a file belongs. Move it away, and run again."
        )


def _make_folder(folder: str, mode: int) -> None:
    """Make a folder and those above it, each to outlast a power failure. Raises OSError."""
    if os.path.isdir(folder):
        return
    above = os.path.dirname(folder)
    _make_folder(above, mode)
    try:
        os.mkdir(folder, mode)
    except FileExistsError:
        if not os.path.isdir(folder):  # another run's, which made it just now
            raise
    _sync(above)


def _make_last(path: str, done: str) -> None:
    """Let what was done to a file outlast a power failure. Raises AutotaskError where the disk can't say that it does."""
    with _refusals_of("made to last", path, f"It was {done}, and that may be lost with the next power failure."):
        _sync(os.path.dirname(os.path.abspath(path)))


def _sync(folder: str) -> None:
    """Let what was done to the names in a folder outlast a power failure, where this user and the file system can. Raises OSError."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except PermissionError:
        return  # who may write into a folder may not always list it
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)


@contextmanager
def _refusals_of(verb: str, path: str, also: str = "") -> Iterator[None]:
    """Turns what the operating system refuses in this block into an AutotaskError; `also` is what else there is to say then."""
    try:
        yield
    except OSError as error:
        words = REASONS.get(error.errno or 0) or f"{error.strerror or type(error).__name__}."
        raise _refused(verb, path, f"{words} {also}".strip()) from None
    except ValueError:
        # A NUL, or half of a surrogate pair.
        raise _refused(verb, path, "no file can have this name.") from None


def _refused(verb: str, path: str, words: str) -> AutotaskError:
    return AutotaskError(f"{cleaned(path)} can't be {verb}: {words}", "file")
