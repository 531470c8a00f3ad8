# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What `make docs` writes is as it would write it now."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from docs.generate.files import documents, of_role
from docs.generate.marks import marked, replaced, rows_of, table
from docs.generate.vendor import Vendor
from tests.conftest import ROOT

DOCUMENTS = documents()
OTHER = marked("two", "other\n", note=" (said of it)")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_as_it_would_be_made_now(path: Path) -> None:
    assert path.read_text() == DOCUMENTS[path], "stale: run `make docs`"


def test_a_new_vendors_role_is_made_from_its_profile(tmp_path: Path) -> None:
    files = tmp_path / "lumenward" / "files"
    files.mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "profiles" / "lumenward.yml", files / "profile.yml")
    made = dict(of_role(Vendor(tmp_path / "lumenward")))
    specs = yaml.safe_load(made[tmp_path / "lumenward" / "meta" / "argument_specs.yml"])["argument_specs"]["main"]["options"]
    defaults = yaml.safe_load(made[tmp_path / "lumenward" / "defaults" / "main.yml"])
    assert set(specs) == {"autotask_email", *defaults}
    assert specs["lumenward_excluded"]["choices"] and not set(specs["lumenward_excluded"]["choices"]) & set(
        specs["lumenward_included"]["choices"]
    )
    assert made[tmp_path / "lumenward" / "README.md"].startswith("<!-- make docs: intro -->\n# Lumenward\n")


def test_what_stands_around_the_marks_is_kept() -> None:
    old, new = (f"before\n{marked('one', content)}between\n{OTHER}after\n" for content in ("old\n", "new\n"))
    assert replaced(old, "one", "new\n") == new
    assert replaced(new, "one", "old\n") == old


def test_marks_that_are_not_there_are_an_error() -> None:
    with pytest.raises(ValueError, match="make docs: one"):
        replaced("nothing of the kind\n", "one", "new\n")


def test_rows_are_read_without_heading_and_rule() -> None:
    assert rows_of(f"text\n\n{table(['a', 'b'], [['1', '2'], ['3', '4']])}\n{table(['c'], [['5']])}") == [["1", "2"], ["3", "4"], ["5"]]


def test_variables_stand_by_the_alphabet() -> None:
    """In the order of the argument spec they would be where the version of PyYAML merges them."""
    text = (ROOT / "roles" / "integration" / "README.md").read_text()
    for part in text.partition("\n### Of `main`\n")[2].partition("<!-- end of variables -->")[0].split("\n### "):
        names = [row[0].strip("`") for row in rows_of(part)]
        assert names and names == sorted(names)
