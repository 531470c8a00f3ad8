# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""All files that are made, and what each should hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .error_codes import error_codes
from .marks import replaced
from .profile_docs import editors_schema, words
from .readmes import engines_readme, vendors_readme
from .role_files import role_files
from .vendor import Vendor, vendors

ROOT = Path(__file__).resolve().parents[2]


def documents() -> dict[Path, str]:
    """What each file should hold."""
    engine = ROOT / "roles" / "integration"
    specs = (engine / "meta" / "argument_specs.yml").read_text()
    found = {
        engine / "files" / "profile.schema.json": editors_schema(),
        engine / "README.md": engines_readme(engine / "README.md", specs),
        **dict([_part("profile.md", "words", words()), _part("developing.md", "codes", error_codes())]),
    }
    for vendor in vendors(ROOT / "roles"):
        found |= dict(of_role(vendor))
    return found


def of_role(vendor: Vendor) -> Iterator[tuple[Path, str]]:
    """The files of a vendor's role."""
    specs = ""
    for path, text in role_files(vendor):
        specs = text if path.name == "argument_specs.yml" else specs
        yield path, text
    yield vendor.folder / "README.md", vendors_readme(vendor, specs)


def _part(name: str, mark: str, content: str) -> tuple[Path, str]:
    """A page of the documentation with its part that is made."""
    path = ROOT / "docs" / name
    return path, replaced(path.read_text(), mark, content)
