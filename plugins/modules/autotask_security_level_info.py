#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_security_level_info
short_description: Read every setting of a security level in the console, as a profile
version_added: 0.1.0
description:
  - Experimental. REST doesn't show what a security level allows; a browser that is signed in to the console does.
  - What is read comes back in the form of a profile, so that a level that somebody made by hand can be kept as code, compared, and set up elsewhere.
  - The applier has been run against a synthetic console only. Check your agreement with the vendor before you let a browser work in its console.
options:
  name:
    description: The name of the level.
    type: str
    required: true
extends_documentation_fragment:
  - msp.autotask.connection
  - msp.autotask.console
  - msp.autotask.terms
author:
  - msp.autotask contributors (@msp-autotask)
attributes:
  check_mode:
    support: full
    details: Never writes anything.
  diff_mode:
    support: N/A
    details: Never changes anything.
  idempotent:
    support: N/A
    details: Never changes anything.
"""

EXAMPLES = r"""
- name: Read what a level allows
  msp.autotask.autotask_security_level_info:
    name: API User (system)
    console:
      url: "{{ autotask_console.url }}"
      user_name: "{{ autotask_console.user_name }}"
      password: "{{ autotask_console.password }}"
  register: level

- name: Keep it as a profile
  ansible.builtin.copy:
    content: "{{ level.profile | to_nice_yaml(sort_keys=False) }}"
    dest: as-it-is.yml
    mode: "0644"
"""

RETURN = r"""
active:
  description: Whether the level is active.
  type: bool
  returned: success
  sample: true
settings:
  description: Every setting that was read, by section, group and label.
  type: dict
  returned: success
  sample: {Contracts: {Contract Visibility: Full}}
missing:
  description: Settings of the catalogue that the console's page doesn't have. Nothing is known of them.
  type: list
  elements: str
  returned: success
  sample: []
unknown:
  description: What is on the page and not in the catalogue.
  type: list
  elements: str
  returned: success
  sample: []
profile:
  description: The level as a profile, with the API users that have it. What it doesn't name is at its least permissive value.
  type: dict
  returned: success
  sample:
    profile: 1
    integration: beecastle-api
    vendor: BeeCastle API
    security_levels: [{key: main, name: BeeCastle API, settings: {Contracts: {Contract Visibility: Full}}}]
    api_users: [{key: main, first_name: BeeCastle, last_name: API, security_level: main}]
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils import _catalogue, _module
from ansible_collections.msp.autotask.plugins.module_utils._by_console import visiting
from ansible_collections.msp.autotask.plugins.module_utils._controller import Controller
from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError
from ansible_collections.msp.autotask.plugins.module_utils._labels import quoted, suggestion
from ansible_collections.msp.autotask.plugins.module_utils._level import bare_name, render_settings, same_name
from ansible_collections.msp.autotask.plugins.module_utils._level_as_profile import profile_of
from ansible_collections.msp.autotask.plugins.module_utils._options import CHANGE, CONNECTION, CONSOLE, connect
from ansible_collections.msp.autotask.plugins.module_utils._tenant import people

SPEC = {**CONNECTION, **CONSOLE, "name": {"type": "str", "required": True}, "local_terms": CHANGE["local_terms"]}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    catalogue, name = _catalogue.standard(), bare_name(params["name"])
    client = connect(params) if params["user_name"] else None
    with visiting(params, catalogue, controller, client.zone.web_url if client else "") as visit:
        seen = visit.level(name)
        if seen is None:
            there = list(visit.console.levels())
            raise InputError(
                ["name"],
                f'the console lists no security level "{name}".{suggestion(name, there)} It lists {quoted(there)}.',
                "no_such_level",
            )
    users = [user for user in people(client)["api_users"] if same_name(user["security_level"], name)] if client else []
    return {
        "changed": False,
        "active": seen.active,
        "settings": render_settings(seen.cells, catalogue, params["local_terms"]),
        "missing": list(seen.missing),
        "unknown": list(seen.unknown),
        "profile": profile_of(name, seen.cells, users, catalogue),
    }


def main() -> None:
    _module.main(SPEC, run)


if __name__ == "__main__":
    main()
