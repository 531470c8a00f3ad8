# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Links between the pages of the documentation lead somewhere, in the repository and for who has only what was built of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT

PAGES = sorted(
    [ROOT / "README.md", *ROOT.glob("docs/*.md"), ROOT / "SECURITY.md", *ROOT.glob("roles/*/README.md"), ROOT / "sandbox" / "README.md"]
)


# Where the repository shows what isn't part of the collection.
SHOWN = re.compile(r"https://github\.com/msp-autotask/msp\.autotask/(?:blob|tree)/main/(.*)")
LEFT_OUT = yaml.safe_load((ROOT / "galaxy.yml").read_text())["build_ignore"]


def _anchors(page: Path) -> set[str]:
    """The headings of a page, as links name them."""
    headings = re.findall(r"(?m)^#+ (.*)$", page.read_text())
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    lost = []
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        shown = SHOWN.fullmatch(target)
        if target.startswith(("http:", "https:")) and not shown:
            continue
        name, _hash, anchor = (shown[1] if shown else target).partition("#")
        path = ((ROOT if shown else page.parent) / name).resolve() if name else page
        if not path.exists() or (anchor and anchor not in _anchors(path)) or (_is_shipped(page) and not (shown or _is_shipped(path))):
            lost.append(target)
    assert lost == []


def _is_shipped(path: Path) -> bool:
    """Whether it is part of the collection that is built."""
    name = str(path.relative_to(ROOT))
    return not any(name == left or name.startswith(f"{left}/") for left in LEFT_OUT)
