# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Builds the site into build/site/html. A warning is an error, and so is a link between its pages that leads nowhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from .broken import broken_links
from .source import copy_pages

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BUILD = ROOT / "build" / "site"


def main() -> int:
    """Build it from nothing, and say where it is. Returns the process's status."""
    source, html = BUILD / "source", BUILD / "html"
    shutil.rmtree(BUILD, ignore_errors=True)
    copy_pages(ROOT, HERE / "pages", source)
    reference = source / "reference"
    reference.mkdir(mode=0o755)
    commands = [
        ["antsibull-docs", "--config-file", str(HERE / "antsibull-docs.cfg"), "collection", "--use-current", "--squash-hierarchy",
         "--fail-on-error", "--dest-dir", str(reference), "msp.autotask"],
        ["sphinx-build", "--quiet", "--fail-on-warning", "--conf-dir", str(HERE), "--doctree-dir", str(BUILD / "doctrees"),
         "--builder", "html", str(source), str(html)],
    ]  # fmt: skip
    for command in commands:
        status = subprocess.run([Path(sys.executable).with_name(command[0]), *command[1:]], env=_settings(), check=False).returncode
        if status:
            return status
    broken = broken_links(html)
    print("\n".join(["These links lead nowhere:", *broken]) if broken else f"The site is {html / 'index.html'}")
    return 1 if broken else 0


def _settings() -> dict[str, str]:
    """The programs beside this Python, and the collection as it is here."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {**os.environ, "PATH": programs, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "build" / "collections")}


if __name__ == "__main__":
    sys.exit(main())
