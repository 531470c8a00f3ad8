# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""All files that are made, and what each should hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .controls import controls
from .error_codes import error_codes
from .marks import replaced
from .messages import messages
from .profile_docs import editors_schema, words
from .raised_codes import Reader
from .readmes import engines_readme, vendors_readme
from .report_schema import report_schema
from .restructured import variables_page, vendors_page
from .review_schemas import acceptances_schema, plan_schema
from .role_files import role_files
from .vendor import Vendor, vendors

ROOT = Path(__file__).resolve().parents[2]


def documents() -> dict[Path, str]:
    """What each file should hold."""
    engine = ROOT / "roles" / "integration"
    specs = (engine / "meta" / "argument_specs.yml").read_text()
    codes = error_codes(messages(Reader(ROOT / "plugins")))
    of_vendors = vendors(ROOT / "roles")
    pages = ROOT / "docs" / "docsite" / "rst"
    review = (ROOT / "docs" / "review.md").read_text()
    found = {
        engine / "files" / "profile.schema.json": editors_schema(),
        engine / "README.md": engines_readme(engine / "README.md", specs),
        ROOT / "docs" / "report.schema.json": report_schema((ROOT / "docs" / "report.md").read_text()),
        ROOT / "docs" / "plan.schema.json": plan_schema(review),
        ROOT / "docs" / "acceptances.schema.json": acceptances_schema(review),
        **dict(
            [
                _part("profile.md", "words", words()),
                _part("troubleshooting.md", "codes", codes),
                _part("evidence.md", "controls", controls()),
            ]
        ),
    }
    for vendor in of_vendors:
        found |= dict(of_role(vendor))
    # They tell of the argument specs that are there: those of a vendor's role that is new come with the next run.
    found |= {pages / "variables.rst": variables_page(ROOT / "roles", of_vendors), pages / "vendors.rst": vendors_page(of_vendors)}
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
