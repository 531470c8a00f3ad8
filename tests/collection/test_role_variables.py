# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Variables of the roles and playbooks: a fact lives on when its playbook is done, and outranks what a later task sets for itself.

So a name is either a fact (`set_fact`, `register`, `include_vars`), or it is set by a task, a loop, a block, a role or the user, and never both.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import ROOT

FILES = sorted([*ROOT.glob("roles/*/tasks/*.yml"), *ROOT.glob("roles/*/handlers/*.yml"), *ROOT.glob("playbooks/**/*.yml")])
LOOPS = ("loop_var", "index_var")


def tasks(content: Any) -> Iterator[dict[str, Any]]:
    """Plays, blocks and tasks, each before what is in it."""
    for entry in content or []:
        yield entry
        for inner in ("pre_tasks", "tasks", "post_tasks", "handlers", "block", "rescue", "always"):
            yield from tasks(entry.get(inner))


def facts(task: dict[str, Any]) -> set[str]:
    """The names that live on after the task."""
    made = set(task.get("ansible.builtin.set_fact") or {}) - {"cacheable"}
    made |= {task["register"]} if "register" in task else set()
    included = task.get("ansible.builtin.include_vars")
    assert not isinstance(included, str), "include_vars without a name makes facts that nobody can see here"
    return made | ({included["name"]} if included else set())


def own(task: dict[str, Any]) -> set[str]:
    """The names that a play, a block, a task or a loop sets for itself."""
    loop = task.get("loop_control") or {}
    prompts = {prompt["name"] for prompt in task.get("vars_prompt") or []}
    return {*(task.get("vars") or {}), *(loop[name] for name in LOOPS if name in loop), *prompts}


def of_roles() -> dict[str, set[str]]:
    """The names of defaults, variables and documented options, by file."""
    found = {}
    for path in [*ROOT.glob("roles/*/defaults/main.yml"), *ROOT.glob("roles/*/vars/main.yml")]:
        found[str(path.relative_to(ROOT))] = set(yaml.safe_load(path.read_text()) or {})
    for path in ROOT.glob("roles/*/meta/argument_specs.yml"):
        specs = yaml.safe_load(path.read_text())["argument_specs"]
        found[str(path.relative_to(ROOT))] = {option for entry in specs.values() for option in entry.get("options") or {}}
    return found


def named(path: Path, what: Any) -> dict[str, set[str]]:
    """In which files each name is made, by one of the two functions above."""
    found: dict[str, set[str]] = {}
    for task in tasks(yaml.safe_load(path.read_text())):
        for name in what(task):
            found.setdefault(name, set()).add(str(path.relative_to(ROOT)))
    return found


def together(what: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path in FILES:
        for name, files in named(path, what).items():
            found.setdefault(name, set()).update(files)
    return found


def test_no_name_is_both_a_fact_and_a_variable() -> None:
    made, set_by = together(facts), together(own)
    for file, names in of_roles().items():
        for name in names:
            set_by.setdefault(name, set()).add(file)
    assert made and len(set_by) > 40
    assert {name: sorted({*made[name], *set_by[name]}) for name in made if name in set_by} == {}


def test_nothing_that_was_recorded_is_read_as_templates() -> None:
    """What `include_vars` reads, and what a prompt without `unsafe` takes, is evaluated when it is used."""
    evaluated = [
        str(path.relative_to(ROOT))
        for path in FILES
        for task in tasks(yaml.safe_load(path.read_text()))
        if "ansible.builtin.include_vars" in task or any(prompt.get("unsafe") is not True for prompt in task.get("vars_prompt") or [])
    ]
    assert evaluated == []


def test_every_task_is_carried_out_here_whatever_a_host_says() -> None:
    """A host's variables outweigh the keyword `connection` of a play. Those of a play, a block and a task outweigh them."""
    here = {"ansible_connection": "local", "ansible_become": False}
    entry_points = yaml.safe_load((ROOT / "roles" / "integration" / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    paths = [*ROOT.glob("playbooks/*.yml"), *(ROOT / "roles" / "integration" / "tasks" / f"{name}.yml" for name in entry_points)]
    entries = [(path.name, entry) for path in paths for entry in yaml.safe_load(path.read_text()) if "ansible.builtin.fail" not in entry]
    assert len(entries) > 15
    assert [(name, entry["name"]) for name, entry in entries if here.items() - (entry.get("vars") or {}).items()] == []
