# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the repository's host is told: how a pull request is checked, what an issue is asked for, what an execution environment is made of."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

HOSTED = ROOT / ".github"
WORKFLOWS = sorted((HOSTED / "workflows").glob("*.yml"))
FORMS = sorted(path for path in (HOSTED / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
ENVIRONMENTS = {path.stem: path for path in (ROOT / "execution-environment").glob("*.yml")}


def _read(path: Path) -> dict[str, Any]:
    return dict(yaml.load(path.read_text(), yaml.BaseLoader))  # "on" is a word there


def test_a_pull_request_is_checked_by_make_test() -> None:
    steps = _read(HOSTED / "workflows" / "test.yml")["jobs"]["test"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == ["make test"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_read_and_runs_what_was_looked_at(path: Path) -> None:
    """No job is given more than the whole, and an action is that of one commit, with the version that people read."""
    workflow = _read(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in workflow["on"]
    for job in workflow["jobs"].values():
        assert "permissions" not in job and "secrets" not in str(job) and int(job["timeout-minutes"])
        assert not [step for step in job["steps"] if "${{" in step.get("run", "")]
    used = re.findall(r"uses: (\S+)(.*)", path.read_text())
    assert used and all(re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action) for action, _rest in used)
    assert all(re.fullmatch(r"  # v\d+\.\d+\.\d+", rest) for _action, rest in used)
    assert all(
        step["with"]["persist-credentials"] == "false" for job in workflow["jobs"].values() for step in job["steps"] if _checks_out(step)
    )


def _checks_out(step: dict[str, Any]) -> bool:
    return str(step.get("uses", "")).startswith("actions/checkout@")


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_a_form_asks_for_something(path: Path) -> None:
    form = _read(path)
    asked = [part for part in form["body"] if part["type"] != "markdown"]
    assert form["name"] and form["description"]
    assert len({part["id"] for part in asked}) == len(asked) > 1
    assert all(part["attributes"]["label"] for part in asked)
    assert any(part.get("validations", {}).get("required") == "true" for part in asked)


def test_a_weakness_is_not_reported_in_public() -> None:
    [link] = _read(HOSTED / "ISSUE_TEMPLATE" / "config.yml")["contact_links"]
    assert link["url"].endswith("/security") and link["url"] in (ROOT / "SECURITY.md").read_text()


def test_an_execution_environment_has_what_the_collection_needs() -> None:
    needed = _read(ROOT / "meta" / "execution-environment.yml")["dependencies"]
    assert all((ROOT / name).is_file() for name in needed.values()) and set(needed) == {"python", "system"}
    browser = [line for line in (ROOT / needed["system"]).read_text().splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"chromium \[browser platform:\w+\]", line) for line in browser) and browser


def test_the_one_with_a_browser_is_the_other_and_a_browser() -> None:
    plain, browser = _read(ENVIRONMENTS["plain"]), _read(ENVIRONMENTS["browser"])
    more = {key: browser["dependencies"].pop(key) for key in ("python", "system")}
    steps = browser.pop("additional_build_steps")
    assert browser == plain
    assert more["system"] == ["chromium [platform:rpm]"] and more["python"][0].startswith("playwright")
    assert [step for step in steps["append_final"] if step.startswith("ENV AUTOTASK_BROWSER=/")]
