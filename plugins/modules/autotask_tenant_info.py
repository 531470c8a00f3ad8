#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_tenant_info
short_description: What REST shows of a tenant
version_added: 0.1.0
description:
  - Reads the tenant's zone, version, security levels, API users, modules, request budget and own company, and the changes of integrations.
  - REST doesn't show the settings of security levels, webhook limits, tracking identifiers or whether a user is locked.
  - Pass the result on as O(msp.autotask.autotask_security_level#module:tenant_info), so that the tasks of a run read the tenant once.
options:
  gather:
    description:
      - What to read. V(people) are security levels and API users, V(usage) is the request budget, V(company) is company 0, the tenant itself,
        V(integrations_seen) are the integrations that have change tickets.
    type: list
    elements: str
    choices: [zone, version, people, modules, usage, company, integrations_seen]
    default: [zone, version, people, modules, usage, company, integrations_seen]
  closed_status:
    description: The status that completes a ticket, by its label.
    type: str
    default: Complete
  integrations:
    description: The keys of integrations whose change tickets are read, too.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - msp.autotask.connection
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
seealso:
  - module: msp.autotask.autotask_access_info
  - module: msp.autotask.autotask_change_info
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = r"""
- name: Read the tenant
  msp.autotask.autotask_tenant_info:
  register: tenant

- name: Which security levels has it?
  ansible.builtin.debug:
    msg: "{{ tenant.levels | rejectattr('system') | map(attribute='name') }}"
"""

RETURN = r"""
zone:
  description: Where the tenant lives.
  returned: when gathered
  type: dict
  sample: {name: Zone Nine, url: https://webservices9.autotask.net/ATServicesRest/v1.0/, web_url: https://ww9.autotask.net}
version:
  description: The version of Autotask.
  returned: when gathered
  type: str
  sample: 2026.2.1
levels:
  description: The security levels, without the suffix C( (API-only\)) that the console's list appends.
  returned: with people
  type: list
  elements: dict
  sample: [{id: 24, name: API User (system), active: true, system: true}]
api_users:
  description: The API users.
  returned: with people
  type: list
  elements: dict
  sample: [{id: 29682885, user_name: abc123def456ghi, first_name: Example, last_name: API, active: true, security_level: Example API}]
locations:
  description: The internal locations that an API user can be given.
  returned: with people
  type: list
  elements: str
  sample: [Headquarters]
modules:
  description: Which of Autotask's modules are switched on, by their keys.
  returned: when gathered
  type: list
  elements: dict
  sample: [{key: 20, active: true}]
usage:
  description: How many requests all integrations of the database have made in the last minutes, and how many are allowed.
  returned: when gathered
  type: dict
  sample: {used: 412, allowed: 10000, minutes: 60}
company:
  description: Company 0, the tenant itself.
  returned: when gathered
  type: dict
  sample: {id: 0, name: Example Ltd, country_id: 237, city: Exampletown}
integrations_seen:
  description: The keys of the integrations that have change tickets on this tenant, open or closed.
  returned: when gathered
  type: list
  elements: str
  sample: [beecastle]
changes:
  description: The changes of each of the O(integrations), oldest first, for the option C(tenant_info) of other modules.
  returned: success
  type: dict
  sample: {example: []}
read_at:
  description: When this was read, in seconds since 1970.
  returned: success
  type: int
  sample: 1795257600
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._appliers.ticket import Desk, integrations_seen, read_changes, to_facts
from ..module_utils._documents.names import check_key
from ..module_utils._documents.observed import provisioners
from ..module_utils._edge import module
from ..module_utils._edge.context import connect
from ..module_utils._edge.controller import Controller
from ..module_utils._edge.options import CONNECTION
from ..module_utils._rest.tenant import levels_and_users, read_tenant

PARTS = ["zone", "version", "people", "modules", "usage", "company", "integrations_seen"]
SPEC = {
    **CONNECTION,
    "gather": {"type": "list", "elements": "str", "choices": PARTS, "default": PARTS},
    "closed_status": {"type": "str", "default": "Complete"},
    "integrations": {"type": "list", "elements": "str", "default": []},
}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    integrations = [check_key(name) for name in params["integrations"]]
    client = connect(params)
    facts = read_tenant(client, params["gather"])
    found: dict[str, Any] = {"changed": False, **facts, "changes": {}}
    if integrations or "integrations_seen" in params["gather"]:
        observed: Any = facts if "api_users" in facts else levels_and_users(client)
        desk = Desk(
            client, params["closed_status"], provisioners(observed, client.credentials.user_name), controller.say, client.zone.web_url
        )
        found["changes"] = {name: to_facts(read_changes(desk, [name]).get(name, [])) for name in integrations}
        found |= {"integrations_seen": integrations_seen(desk)} if "integrations_seen" in params["gather"] else {}
    return found


def main() -> None:
    module.main(SPEC, run)


if __name__ == "__main__":
    main()
