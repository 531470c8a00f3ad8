# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A wrong profile leads to one error that a newcomer understands, with the file, the line, and what would be right."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import COLLECTIONS, ROOT

from .wrong import CHOICES, EDITS, FILES, FURTHER, RIGHT

MARK = " #!"
# What only somebody who knows how the collection is built could understand.
JARGON = re.compile(
    r"Traceback|This is a bug|jsonschema|additionalProperties|\bNone'|<class|\bdict\b|\bstr\b|\bNoneType\b|\bTrue\b|\bFalse\b|\\n"
)


@dataclass(frozen=True)
class Row:
    """A file, what a tenant chooses, and what the error must say. Without a line, the whole file or a choice is wrong."""

    content: bytes
    says: str
    line: int | None = None
    choices: dict[str, Any] = field(default_factory=dict)


def _edited(old: str, new: str, says: str) -> Row:
    assert RIGHT.count(old) == 1, old
    marked = RIGHT.replace(old, new)
    [line] = [number for number, text in enumerate(marked.splitlines(), 1) if text.endswith(MARK)]
    return Row(marked.replace(MARK, "").encode(), says, line)


ROWS = {
    **{name: _edited(*edit) for name, edit in EDITS.items()},
    **{name: Row(content, says, line) for name, (content, line, says) in FILES.items()},
    **{name: Row(RIGHT.encode(), says, choices=choices) for name, (choices, says) in CHOICES.items()},
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What autotask_profile_info returned for each row, and for the profile that they are made from, all of one run of ansible-playbook."""
    folder = tmp_path_factory.mktemp("wrong")
    rows = {"right": Row(RIGHT.encode(), ""), **ROWS}
    for number, row in enumerate(rows.values()):
        (folder / f"{number}.yml").write_bytes(row.content)
    module = {
        "path": str(folder / "{{ item.number }}.yml"),
        **{name: f"{{{{ item.choices.{name} | default(omit) }}}}" for name in ("included", "excluded", "overrides")},
    }
    task = {
        "msp.autotask.autotask_profile_info": module,
        "loop": [{"number": number, "choices": row.choices} for number, row in enumerate(rows.values())],
        "ignore_errors": True,
    }
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": [task]}
    (folder / "play.yml").write_text(yaml.safe_dump([play]))
    (folder / "ansible.cfg").touch()
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")},
        "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests" / "modules" / "callbacks"),
        "ANSIBLE_CALLBACKS_ENABLED": "kept_results",
        "KEPT_RESULTS": str(folder / "results"),
    }
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", str(folder / "play.yml")]
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "hunter2" not in done.stdout + done.stderr
    [line] = (folder / "results").read_text().splitlines()
    return dict(zip(rows, json.loads(line)["result"]["results"], strict=True))


def test_the_profile_that_the_others_are_made_from_is_right(results: dict[str, dict[str, Any]]) -> None:
    assert results["right"]["profile"]["vendor"] == "Example"


def test_there_is_a_row_for_enough_mistakes() -> None:
    assert len(ROWS) > 140


@pytest.mark.parametrize("name", ROWS)
def test_a_wrong_profile_leads_to_one_clear_error(results: dict[str, dict[str, Any]], name: str) -> None:
    row, result = ROWS[name], results[name]
    assert "profile" not in result and result["code"] != "bug"
    message = str(result["msg"])
    first, *others = message.splitlines()
    assert len(others) == FURTHER.get(name, 0), message
    if row.choices:
        assert first.startswith(row.says)
    else:
        [path, line] = re.match(r"(/\S+?\.yml)(?:, line (\d+))?(?: >|:) ", first).groups()
        assert Path(path).name == f"{result['item']['number']}.yml"
        assert (line and int(line)) == row.line, message
        assert row.says in first
    assert not JARGON.search(message), message
    assert len(first) < 700 and first == " ".join(first.split())


def test_no_error_says_more_of_a_secret_than_where_it_is(results: dict[str, dict[str, Any]]) -> None:
    assert [name for name, result in results.items() if "hunter2" in str(result.get("msg"))] == []
