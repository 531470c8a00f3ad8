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
  tenant:
    description: What the fleet calls this tenant. With O(credentials_store), a session that is kept for it is used.
    type: str
extends_documentation_fragment:
  - msp.autotask.connection
  - msp.autotask.store
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
    profile: 2
    integration: beecastle-api
    vendor: BeeCastle API
    security_levels: [{key: main, name: BeeCastle API, settings: {Contracts: {Contract Visibility: Full}}}]
    api_users: [{key: main, first_name: BeeCastle, last_name: API, security_level: main}]
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._appliers.console import console_settings
from ..module_utils._catalogue import model
from ..module_utils._console.session import open_console
from ..module_utils._documents.names import bare_name, same_name
from ..module_utils._documents.security_level import render_settings
from ..module_utils._edge import module
from ..module_utils._edge.context import PROVISIONER, connection_of, store_of, vault_of
from ..module_utils._edge.controller import Controller
from ..module_utils._edge.options import CHANGE, CONNECTION, CONSOLE, STORE
from ..module_utils._errors import InputError
from ..module_utils._profile.from_level import profile_of
from ..module_utils._rest.tenant import levels_and_users
from ..module_utils._text import quoted, suggestion

SPEC = {
    **CONNECTION,
    **CONSOLE,
    **STORE,
    "name": {"type": "str", "required": True},
    "tenant": {"type": "str"},
    "local_terms": CHANGE["local_terms"],
}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    catalogue, name = model.standard(), bare_name(params["name"])
    vault_of(controller)
    store = store_of(params, controller) if params["tenant"] else None
    client = connection_of(params, store) if params["user_name"] or (store and store.read(PROVISIONER)) else None
    console = dict(params["console"])
    console["session"] = console["session"] or (store.session() if store else "")
    settings = console_settings(console, client.zone.web_url if client else "")
    with open_console(settings, catalogue, params["local_terms"], controller.say) as opened:
        seen = opened.read_level(name)
        if seen is None:
            there = list(opened.levels())
            raise InputError(
                ["name"],
                f'the console lists no security level "{name}".{suggestion(name, there)} It lists {quoted(there)}.',
                "no_such_level",
            )
    users = [user for user in levels_and_users(client)["api_users"] if same_name(user["security_level"], name)] if client else []
    return {
        "changed": False,
        "active": seen.active,
        "settings": render_settings(seen.cells, catalogue, params["local_terms"]),
        "missing": list(seen.missing),
        "unknown": list(seen.unknown),
        "profile": profile_of(name, seen.cells, users, catalogue),
    }


def main() -> None:
    module.main(SPEC, run)


if __name__ == "__main__":
    main()
