# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The files of a vendor's role that follow from its profile: defaults, tasks and meta."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import yaml

from .marks import YAML, replaced
from .vendor import PROVISIONER, Variable, Vendor

MADE = "# Made from files/profile.yml by `make docs`."
LONGEST = 150


def role_files(vendor: Vendor) -> Iterator[tuple[Path, str]]:
    """Each file of the role, with what it should hold. What the provisioner has of its own is kept."""
    defaults, specs = vendor.folder / "defaults" / "main.yml", vendor.folder / "meta" / "argument_specs.yml"
    if vendor.role == PROVISIONER:
        yield defaults, replaced(defaults.read_text(), "choices", _defaults(vendor), YAML)
        yield specs, replaced(specs.read_text(), "choices", _options(vendor), YAML)
        return
    yield defaults, f"---\n{MADE}\n\n{_defaults(vendor)}"
    yield specs, _specs(vendor)
    yield vendor.folder / "meta" / "main.yml", _meta(vendor)
    yield vendor.folder / "tasks" / "main.yml", _tasks(vendor)


def _defaults(vendor: Vendor) -> str:
    return "\n".join(_default(vendor.role, variable) for variable in vendor.variables())


def _default(role: str, variable: Variable) -> str:
    choices = f" There are {', '.join(variable.choices)}." if variable.choices else ""
    lines = textwrap.wrap(variable.text + choices, LONGEST - 2, break_long_words=False, break_on_hyphens=False)
    return "".join(f"# {line}\n" for line in lines) + f"{role}_{variable.name}: {variable.default}\n"


def _specs(vendor: Vendor) -> str:
    return f"""\
---
{MADE}
argument_specs:
  main:
    short_description: {_scalar(f"Set up {vendor.name} in Autotask")}
    description:
      - {_scalar(f"Runs the role P(msp.autotask.integration#role) with the profile of {vendor.name}; its variables apply.")}
    options:
      autotask_email:
        description: The Email Address of the API user. Autotask sends mail about problems of the integration there.
        type: str
        required: true
{_options(vendor)}"""


def _options(vendor: Vendor) -> str:
    return "".join(_option(vendor.role, variable) for variable in vendor.variables())


def _option(role: str, variable: Variable) -> str:
    lines = [f"{role}_{variable.name}:", f"  description: {_scalar(variable.text)}", f"  type: {variable.type}"]
    lines += ["  elements: str"] if variable.type == "list" else []
    lines += [f"  choices: [{', '.join(variable.choices)}]"] if variable.choices else []
    lines += [f"  default: {variable.default}"]
    return textwrap.indent("\n".join(lines), " " * 6) + "\n"


def _meta(vendor: Vendor) -> str:
    return f"""\
---
{MADE}
galaxy_info:
  author: msp.autotask contributors
  description: {_scalar(f"Sets up {vendor.name} in Autotask")}
  license: GPL-3.0-or-later
  min_ansible_version: "2.18"
  platforms:
    - name: GenericLinux
      versions: [all]
  galaxy_tags: []
dependencies: []
"""


def _tasks(vendor: Vendor) -> str:
    return f"""\
---
- name: {_scalar(f"Set up {vendor.name}")}
  ansible.builtin.include_role:
    name: msp.autotask.integration
  vars:
    autotask_of_role: {vendor.role}
"""


def _scalar(text: str) -> str:
    """The text as YAML has it on one line."""
    return yaml.safe_dump(text, allow_unicode=True, width=10**6).splitlines()[0]
