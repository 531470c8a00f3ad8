# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where the operating system says no: a clear word that names the path, nothing half-written, nothing left over, and nobody waits."""

from __future__ import annotations

import errno
import os
import signal
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import VaultSecret

from ansible_collections.msp.autotask.plugins.module_utils._credentials.handover import HandoverFiles
from ansible_collections.msp.autotask.plugins.module_utils._credentials.home import Home, read_home, write_home
from ansible_collections.msp.autotask.plugins.module_utils._credentials.store import Recorded, VaultStore
from ansible_collections.msp.autotask.plugins.module_utils._edge.files import write_document
from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError
from ansible_collections.msp.autotask.plugins.plugin_utils._vault import VaultFiles
from tests.disks import DISKS, IN_ITS_PLACE, seen

VAULT = VaultFiles([("default", VaultSecret(b"only-for-tests"))])
RECORDED = Recorded("key@alder.example.com", "Se%cret")
STEPS = [{"where": "Portal", "text": "Press Connect."}]


@pytest.fixture(autouse=True)
def _nobody_waits() -> Iterator[None]:
    """A named pipe that somebody waits at would stop all tests."""

    def wake(*_arguments: object) -> None:
        raise TimeoutError("somebody waits for a file")

    before = signal.signal(signal.SIGALRM, wake)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def _store(folder: Path) -> VaultStore:
    return VaultStore(VAULT, str(folder), "alder")


def _handovers(folder: Path) -> HandoverFiles:
    return HandoverFiles(VAULT, str(folder / "handed"), "alder")


# What writes a file, and which one.
WRITERS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "credentials": ("alder/example.yml", lambda folder: _store(folder).write("example", RECORDED)),
    "what is replaced": ("alder/example.previous.yml", lambda folder: _store(folder).keep_previous("example", RECORDED)),
    "escrow": ("alder/example.escrow.yml", lambda folder: _store(folder).escrow("example").keep({"secret": "Se%cret"})),
    "a session": ("alder/console.session.yml", lambda folder: _store(folder).keep_session("as good as a password")),
    "a home": ("alder/home.json", lambda folder: write_home(str(folder), "alder", Home("https://example.com/", "900001"))),
    "a hand-over": (
        "handed/alder/example.yml",
        lambda folder: _handovers(folder).write("example", {"fields": {"Secret": "Se%cret"}}, False),
    ),
    "manual steps": (
        "handed/alder/example.steps.md",
        lambda folder: _handovers(folder).write_steps("example", "Example", "alder", STEPS, False),
    ),
    "a doctor's findings": ("alder/doctor.yml", lambda folder: write_document(str(folder / "alder" / "doctor.yml"), {"passed": True})),
}
READERS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "credentials": ("alder/example.yml", lambda folder: _store(folder).read("example")),
    "what is replaced": ("alder/example.previous.yml", lambda folder: _store(folder).previous("example")),
    "escrow": ("alder/example.escrow.yml", lambda folder: _store(folder).escrow("example").settle("key")),
    "a session": ("alder/console.session.yml", lambda folder: _store(folder).session()),
    "a home": ("alder/home.json", lambda folder: read_home(str(folder), "alder")),
    "a hand-over": ("handed/alder/example.yml", lambda folder: _handovers(folder).write("example", {"fields": {}}, True)),
    "manual steps": (
        "handed/alder/example.steps.md",
        lambda folder: _handovers(folder).write_steps("example", "Example", "alder", STEPS, True),
    ),
}


def refused(do: Callable[[Path], Any], folder: Path, path: Path) -> str:
    """What is said; it names the path, is no bare number, and quotes no secret."""
    with pytest.raises(AutotaskError) as caught:
        do(folder)
    words = str(caught.value)
    assert str(path) in words and "Errno" not in words and "Se%cret" not in words, words
    assert caught.value.code == "file"
    return words


@pytest.mark.parametrize("disk", DISKS)
@pytest.mark.parametrize("name", WRITERS)
def test_a_disk_that_takes_nothing(name: str, disk: str, tmp_path: Path) -> None:
    file, write = WRITERS[name]
    with DISKS[disk](tmp_path):
        before = seen(tmp_path)
        words = refused(write, tmp_path, tmp_path / file)
        assert {k: v for k, v in seen(tmp_path).items() if v != "folder"} == before
    assert "run again" in words or "name another folder" in words


@pytest.mark.parametrize("disk", DISKS)
def test_what_was_there_stays_where_nothing_can_be_written(disk: str, tmp_path: Path) -> None:
    for _file, write in WRITERS.values():
        write(tmp_path)
    (tmp_path / "handed" / "alder" / "example.steps.md").write_text("- [x] ticked by hand\n")
    _handovers(tmp_path).write("example", {"fields": {"Secret": "an older one"}}, False)
    with DISKS[disk](tmp_path):
        before = seen(tmp_path)
        for file, write in WRITERS.values():
            refused(write, tmp_path, tmp_path / file)
        assert seen(tmp_path) == before


@pytest.mark.parametrize("other", IN_ITS_PLACE)
@pytest.mark.parametrize("name", WRITERS)
def test_something_else_in_the_place_of_what_is_written(name: str, other: str, tmp_path: Path) -> None:
    file, write = WRITERS[name]
    (tmp_path / file).parent.mkdir(parents=True)
    IN_ITS_PLACE[other](tmp_path / file)
    before = seen(tmp_path)
    refused(write, tmp_path, tmp_path / file)
    assert seen(tmp_path) == before


@pytest.mark.parametrize("other", IN_ITS_PLACE)
@pytest.mark.parametrize("name", READERS)
def test_something_else_in_the_place_of_what_is_read(name: str, other: str, tmp_path: Path) -> None:
    file, read = READERS[name]
    (tmp_path / file).parent.mkdir(parents=True)
    IN_ITS_PLACE[other](tmp_path / file)
    refused(read, tmp_path, tmp_path / file)


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_where_a_folder_belongs(name: str, tmp_path: Path) -> None:
    file, write = WRITERS[name]
    above = (tmp_path / file).parent
    above.parent.mkdir(exist_ok=True)
    above.write_text("no folder")
    before = seen(tmp_path)
    assert "is a file, and no folder" in refused(write, tmp_path, tmp_path / file)
    assert seen(tmp_path) == before


@pytest.mark.parametrize("call", ["fsync", "replace", "open", "chmod", "mkdir"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("name", WRITERS)
def test_whichever_call_is_refused_nothing_is_left(
    name: str, number: int, call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, write = WRITERS[name]
    folder = tmp_path / "kept"
    write(folder)
    path, asked = folder / file, []
    path.write_bytes(path.read_bytes() + b"\n")  # else there is nothing to write
    before = seen(folder)

    def refusing(*arguments: Any, **options: Any) -> Any:
        asked.append(call)
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, refusing)
        try:
            write(folder)
        except AutotaskError as error:
            assert str(path) in str(error) and error.code == "file"
            patch.undo()
            assert seen(folder) == before
        else:
            assert call not in asked


def test_a_file_outlasts_a_power_failure_once_it_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its content is on the disk before it gets its name, and its name before anybody goes on; and so are the folders above it."""
    done: list[str] = []
    fsync, replace, mkdir = os.fsync, os.replace, os.mkdir

    def synced(handle: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file"
        done.append(f"sync {kind} {os.path.basename(os.readlink(f'/proc/self/fd/{handle}')) if kind == 'folder' else ''}".strip())
        fsync(handle)

    def replaced(path: str, to: str) -> None:
        done.append(f"name {os.path.basename(to)}")
        replace(path, to)

    def made(path: str, mode: int = 0o777) -> None:
        done.append(f"make {os.path.basename(path)}")
        mkdir(path, mode)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    monkeypatch.setattr(os, "mkdir", made)
    folder = tmp_path / "credentials"
    _store(folder).write("example", RECORDED)
    assert done == [
        "make credentials",
        f"sync folder {tmp_path.name}",
        "make alder",
        "sync folder credentials",
        "sync file",
        "name example.yml",
        "sync folder alder",
    ]
    done.clear()
    escrow = _store(folder).escrow("example")
    escrow.keep({"user_name": "key", "secret": "Se%cret"})
    done.clear()
    assert escrow.settle("key") and done == ["name example.yml", "sync folder alder"]


def test_only_the_owner_ever_reads_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also while it is written, and whatever the umask is."""
    modes: list[int] = []
    replace = os.replace

    def replaced(path: str, to: str) -> None:
        modes.append(stat.S_IMODE(os.stat(path).st_mode))
        replace(path, to)

    monkeypatch.setattr(os, "replace", replaced)
    before = os.umask(0)
    try:
        for name, (file, write) in WRITERS.items():
            if name != "a doctor's findings":
                write(tmp_path / "kept")
                assert stat.S_IMODE((tmp_path / "kept" / file).stat().st_mode) == 0o600, name
    finally:
        os.umask(before)
    assert set(modes) == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "kept", tmp_path / "kept" / "alder")} == {0o700}


def test_a_secret_behind_a_link_is_read_and_never_written_through_it(tmp_path: Path) -> None:
    """As folders of secrets that are mounted are made of links."""
    elsewhere, here = tmp_path / "elsewhere", tmp_path / "credentials"
    _store(elsewhere).write("example", RECORDED)
    (here / "alder").mkdir(parents=True)
    (here / "alder" / "example.yml").symlink_to(elsewhere / "alder" / "example.yml")
    before = seen(tmp_path)
    found = _store(here).read("example")
    assert found and found.secret == "Se%cret"
    for do in (
        lambda folder: _store(folder).write("example", RECORDED),
        lambda folder: _store(folder).remove("example"),
        lambda folder: _store(folder).check_room("example"),
    ):
        assert "it is a link" in refused(do, here, here / "alder" / "example.yml")
    assert seen(tmp_path) == before


@pytest.mark.parametrize("disk", DISKS)
def test_whether_a_secret_can_be_kept_is_known_before(disk: str, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "not" / "there" / "yet"):
        store = _store(folder)
        store.check_room("example")
        assert seen(tmp_path) == {}
        with DISKS[disk](tmp_path):
            refused(lambda _folder, store=store: store.check_room("example"), folder, folder / "alder" / "example.yml")
            refused(lambda _folder, store=store: store.check_session(), folder, folder / "alder" / "console.session.yml")
            refused(lambda _folder, store=store: store.escrow("example").check(), folder, folder / "alder" / "example.escrow.yml")
            assert seen(tmp_path) == {}


def test_whether_there_is_something_to_encrypt_with_is_known_before(tmp_path: Path) -> None:
    """Also where another run would keep what people note: it is started as this one is."""
    store = VaultStore(VaultFiles([]), str(tmp_path), "alder")
    for check in (lambda: store.check_room("example"), store.check_session, store.escrow("example").check):
        with pytest.raises(AutotaskError, match="--vault-password-file"):
            check()


def test_what_can_not_be_removed_is_not_said_to_be(tmp_path: Path) -> None:
    store = _store(tmp_path)
    store.write("example", RECORDED)
    (tmp_path / "alder" / "example.previous.yml").mkdir()
    refused(lambda _folder: store.drop_previous("example"), tmp_path, tmp_path / "alder" / "example.previous.yml")
    with DISKS["read-only"](tmp_path):
        refused(lambda _folder: store.remove("example"), tmp_path, tmp_path / "alder" / "example.yml")
    assert store.read("example")


def test_a_folder_that_can_not_be_listed_is_not_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _store(tmp_path).write("example", RECORDED)

    def listdir(path: str) -> list[str]:
        raise PermissionError(errno.EACCES, "Permission denied", path)

    monkeypatch.setattr(os, "listdir", listdir)
    monkeypatch.setattr(os, "scandir", listdir)
    words = refused(lambda folder: _store(folder).names(), tmp_path, tmp_path / "alder")
    assert "permission denied" in words


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "handed" / "alder" / "example.steps.md"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"- [x] caf\xe9\n")
    words = refused(lambda folder: _handovers(folder).write_steps("example", "Example", "alder", STEPS, False), tmp_path, path)
    assert "isn't UTF-8 text" in words and path.read_bytes() == b"- [x] caf\xe9\n"
