# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What docs/developing.md says is so: layers, paths, folders of tests, make targets, error codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.generate.code_meanings import MEANINGS
from docs.generate.marks import rows_of
from docs.generate.raised_codes import Reader
from tests.conftest import ROOT

from .test_architecture import GROUND, KNOWS

PAGE = re.sub(r"(?ms)^```$.*?^```$", "", (ROOT / "docs" / "developing.md").read_text())
UTILS = ROOT / "plugins" / "module_utils"
# What a path in the page may begin with.
TOPS = "_|changelogs|docs|examples|meta|playbooks|plugins|requirements|roles|sandbox|tests"
RAISED = """
from ._errors import AutotaskError

class Refused(AutotaskError):
    code = "refused"

def found(what, kind="control"):
    return AutotaskError("...", f"{kind}_{'missing' if what else 'ambiguous'}")

def outer(error):
    found(1, "row")
    found(1, kind="page")
    raise Refused("...", "locked" if error else None) from error

def passed_on(error):
    raise AutotaskError("...", error.code)

def result(codes):
    return {"failed": True, "msg": "...", "code": _code(codes)}

def _code(codes):
    return codes.pop() if len(codes) == 1 else "various"

PANEL = {"code": "verify"}
"""


def _section(heading: str) -> str:
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def _named(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def test_the_layers() -> None:
    told = {_named(row[0])[0]: set(_named(row[2])) for row in rows_of(_section("The layers")) if len(row) == 3}
    assert {name: known | (set() if name in GROUND else GROUND) for name, known in told.items()} == KNOWS


def test_the_words_stand_in_order() -> None:
    words = [row[0] for row in rows_of(_section("One word for one thing"))]
    assert words == sorted(set(words)) and len(words) > 40


@pytest.mark.parametrize("path", sorted({name for name in _named(PAGE) if re.match(rf"({TOPS})[\w./-]*$", name) and "/" in name}))
def test_a_path_leads_somewhere(path: str) -> None:
    assert any((folder / path).exists() for folder in (ROOT, UTILS))


def test_every_kind_of_change_names_its_files() -> None:
    changes = rows_of(_section("Where to change what"))
    assert len(changes) >= 15
    assert [row[0] for row in changes if not all(row)] == []


def test_every_folder_of_tests_and_every_target_is_there() -> None:
    text = _section("Tests")
    folders = {f"tests/{path.parent.relative_to(ROOT / 'tests').parts[0]}" for path in (ROOT / "tests").glob("*/test_*.py")}
    assert {row[0].strip("`") for row in rows_of(text) if len(row) == 3} == folders
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"(?m)^\.PHONY: (.*)$", makefile)[0].split()) - {"help", "$(SESSIONS)"}
    assert targets <= {name.removeprefix("make ") for name in _named(text)}


def test_every_code_has_its_meaning_and_none_is_too_many() -> None:
    listed = [code for meanings in MEANINGS.values() for code in meanings]
    assert sorted(listed) == sorted(Reader(ROOT / "plugins").codes())


def test_the_codes_are_found_where_they_are_raised(tmp_path: Path) -> None:
    (tmp_path / "_errors.py").write_text((UTILS / "_errors.py").read_text())
    before = Reader(tmp_path).codes()
    (tmp_path / "raising.py").write_text(RAISED)
    found = {"refused", "locked", "various"}
    found |= {f"{kind}_{end}" for kind in ("control", "row", "page") for end in ("missing", "ambiguous")}
    assert Reader(tmp_path).codes() - before == found
