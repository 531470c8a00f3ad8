# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is published: the same bytes each time, checksums that hold, and a site whose links lead somewhere.

The session `release` of nox makes all of it, and has Galaxy's importer, ansible-builder and an empty environment try it.
"""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
from pathlib import Path

import pytest

from docs.site.broken import broken_links
from docs.site.source import REPOSITORY, with_links
from release.artifact import build, galaxy, git, unknown_to_git
from release.packing import files_in, pack, write_sums
from tests.conftest import ROOT

PAGES = {"README.md", "docs/profile.md", "docs/steps.md", "roles/guardz/README.md"}


def test_the_artifact_has_the_same_bytes_each_time(tmp_path: Path) -> None:
    first, second = build(tmp_path / "first"), build(tmp_path / "second")
    assert first.read_bytes() == second.read_bytes()
    with tarfile.open(first) as archive:
        assert archive.getnames()[:2] == ["MANIFEST.json", "FILES.json"]


# What lies in a clone where somebody works: secrets, what runs leave behind, the litter of editors; and what only git tells from the collection's own.
LITTER = [
    *(".env", ".vault-pass", "vault-password", "credentials/alder/beecastle.yml", "handover/alder/beecastle.yml", "runsheets/alder.md"),
    *("autotask-report/report.html", "hand-in.html", "roles/beecastle/files/.DS_Store", ".idea/workspace.xml", ".DS_Store", "signing.key"),
    *(
        "plugins/modules/autotask_rotation.py~",
        "plugins/modules/__pycache__/x.pyc",
        "docs/profile.md.orig",
        "roles/beecastle/tasks/.main.yml.swp",
    ),
]
UNKNOWN = ["notes.txt", "fleet.yml", "plugins/modules/new.py", "group_vars/all.yml"]


def test_what_git_does_not_know_is_published_nowhere(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    for name in filter(None, git("ls-files", "-z").split("\0")):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_bytes((ROOT / name).read_bytes())
    someone = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false")
    for arguments in (["init", "--quiet"], ["add", "--all"], [*someone, "commit", "--quiet", "--message", "x"]):
        git(*arguments, clone=clone)
    expected = _names(build(tmp_path / "clean", clone))
    for name in (*LITTER, *UNKNOWN):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_text("only-for-tests")
    assert _names(build(tmp_path / "worked-in", clone)) == expected
    assert set(UNKNOWN) <= set(unknown_to_git(clone))
    # Who builds without git has the list of galaxy.yml alone.
    galaxy("build", "--output-path", str(tmp_path / "alone"), str(clone))
    [alone] = (tmp_path / "alone").glob("*.tar.gz")
    assert {name for name in _names(alone) - expected if name not in ("group_vars", *UNKNOWN)} == set()


def _names(archive: Path) -> set[str]:
    with tarfile.open(archive) as packed:
        return set(packed.getnames())


def test_an_archive_says_nothing_of_the_machine_that_made_it(tmp_path: Path) -> None:
    made = []
    for number, names in enumerate([("one", "two"), ("two", "one")]):
        folder = tmp_path / str(number)
        (folder / "below").mkdir(parents=True)
        for name in names:
            (folder / "below" / name).write_text(name)
            os.utime(folder / "below" / name, (number, number))
            (folder / "below" / name).chmod(0o600 + number)
        made.append(pack(tmp_path / f"{number}.tar.gz", files_in(folder), when=1_800_000_000))
    assert made[0].read_bytes() == made[1].read_bytes()
    with tarfile.open(made[0]) as archive:
        entries = archive.getmembers()
    assert [(entry.name, entry.mtime, entry.uid, entry.uname) for entry in entries] == [
        (f"below/{name}", 1_800_000_000, 0, "") for name in ("one", "two")
    ]


def test_the_checksums_hold_and_notice_a_change(tmp_path: Path) -> None:
    (tmp_path / "artifact").write_text("as it was")
    write_sums(tmp_path)
    write_sums(tmp_path)  # once more: it doesn't count itself
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 0
    (tmp_path / "artifact").write_text("as it is not")
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode != 0


@pytest.mark.parametrize(
    ("page", "target", "expected"),
    [
        ("docs/profile.md", "steps.md#levels", "steps.md#levels"),
        ("docs/profile.md", "#the-form", "#the-form"),
        ("docs/profile.md", "../README.md", "../index.md"),
        ("docs/profile.md", "https://example.com/x.md", "https://example.com/x.md"),
        ("docs/profile.md", "performance.svg", "performance.svg"),
        ("roles/guardz/README.md", "files/profile.yml", f"{REPOSITORY}/blob/main/roles/guardz/files/profile.yml"),
        ("roles/guardz/README.md", f"{REPOSITORY}/blob/main/docs/steps.md#x", "../../docs/steps.md#x"),
        ("README.md", f"{REPOSITORY}/blob/main/bench", f"{REPOSITORY}/blob/main/bench"),
    ],
)
def test_a_link_leads_to_a_page_of_the_site_or_to_the_repository(page: str, target: str, expected: str) -> None:
    assert with_links(f"[as it is]({target}), [x](y.md)", page, PAGES).startswith(f"[as it is]({expected}), ")


def test_a_broken_link_of_the_site_is_found(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "index.html").write_text(
        '<h1 id="top">x</h1><a href="below/page.html#there">a</a><a href="#top">a</a><a href="https://example.com/gone">a</a>'
        '<a href="below/page.html#gone">a</a><a href="gone.html">a</a><img src="gone.svg">'
    )
    (tmp_path / "below" / "page.html").write_text('<a name="there" href="../index.html">a</a><a href="../#gone">a</a><a href="#gone">a</a>')
    assert broken_links(tmp_path) == [
        "below/page.html: #gone",
        "index.html: below/page.html#gone",
        "index.html: gone.html",
        "index.html: gone.svg",
    ]


def test_a_changelog_fragment_is_written_as_the_changelog_shows_it() -> None:
    """It is reStructuredText. The marks of modules' documentation would be shown as they stand there."""
    fragments = sorted((ROOT / "changelogs" / "fragments").glob("*.yml"))
    assert [path.name for path in fragments if re.search(r"\b[CEILMOPUV]\([^)]+\)", path.read_text())] == []
