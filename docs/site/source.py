# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The Markdown pages of the repository as the source of the site. They lie there as they do here, so that links between them lead to the same."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from pathlib import Path

REPOSITORY = "https://github.com/msp-autotask/msp.autotask"
PAGES = ("README.md", "SECURITY.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/*.md", "roles/*/README.md", "sandbox/README.md")
SHOWN = re.compile(rf"{re.escape(REPOSITORY)}/(?:blob|tree)/main/(.*)")
# Parts of the README are pages of the site.
INSTEAD = {"README.md": "index.md"}


def copy_pages(root: Path, own: Path, target: Path) -> None:
    """Copy the repository's pages, and the site's own ones, which stand at its top."""
    pages = {path.relative_to(root).as_posix(): path for pattern in PAGES for path in root.glob(pattern)}
    for name, path in pages.items():
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(with_links(path.read_text(), name, pages))
    for path in [*own.iterdir(), *root.glob("docs/*.svg")]:
        copy = target / (path.name if path.parent == own else path.relative_to(root))
        copy.write_bytes(path.read_bytes())


def with_links(text: str, page: str, pages: Collection[str]) -> str:
    """The page's text with links that lead somewhere on the site, or else to where the repository shows what they mean.

    Args:
        text: Markdown.
        page: its path in the repository.
        pages: the paths of all pages of the site.
    """
    return re.sub(r"(?<=\]\()[^)\s]+(?=\))", lambda found: _link(found[0], page, pages), text)


def _link(target: str, page: str, pages: Collection[str]) -> str:
    shown = SHOWN.fullmatch(target)
    if not shown and re.match(r"#|[a-z]+:", target):
        return target
    path, hash_sign, anchor = (shown[1] if shown else target).partition("#")
    folder = posixpath.dirname(page)
    meant = path if shown else posixpath.normpath(posixpath.join(folder, path))
    if meant in pages:
        return f"{posixpath.relpath(INSTEAD.get(meant, meant), folder or '.')}{hash_sign}{anchor}"
    if meant.endswith(".svg"):
        return target
    return target if shown else f"{REPOSITORY}/blob/main/{meant}{hash_sign}{anchor}"
