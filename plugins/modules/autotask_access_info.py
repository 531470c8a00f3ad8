#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_access_info
short_description: Compare an API user's effective access with what is expected
version_added: 0.1.0
description:
  - Signs in as the API user and asks Autotask what that user may do with each entity. C(entityInformation) always speaks of the caller,
    so the connection options have to be those of the user in question.
  - C(Restricted) is neither yes nor no. For queries it is settled by counting what the user sees; otherwise the finding is V(unproven).
  - What is missing may also be a module of Autotask that is switched off; RV(modules_off) tells which are.
options:
  api_user:
    description: What reports call the API user that this is about.
    type: str
    default: ""
  expect:
    description: What the user should be able to do, and what not.
    type: dict
    default: {}
    suboptions:
      granted:
        description: A list of V(Entity:operation), such as V(Tickets:query). Operations are query, create, update and delete.
        type: list
        elements: str
        default: []
      denied:
        description: The same, for what the user must not be able to do.
        type: list
        elements: str
        default: []
  integration:
    description: The key of the user's integration. It is returned unchanged, so that reports can group results.
    type: str
  tenant_info:
    description: What M(msp.autotask.autotask_tenant_info) returned earlier in this run, so that the zone and the budget are not looked up again.
    type: dict
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
  - module: msp.autotask.autotask_api_user
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = r"""
- name: Can the integration read tickets, and is it unable to create contracts?
  msp.autotask.autotask_access_info:
    user_name: "{{ example_credentials.user_name }}"
    secret: "{{ example_credentials.secret }}"
    integration_code: "{{ example_credentials.integration_code }}"
    expect:
      granted: ["Tickets:query"]
      denied: ["Contracts:create"]
  register: access

- name: Stop when it isn't so
  ansible.builtin.assert:
    that: access.as_expected
"""

RETURN = r"""
integration:
  description: The option of that name.
  returned: success
  type: str
  sample: example
api_user:
  description: The option of that name.
  returned: success
  type: str
  sample: Example API
as_expected:
  description: Whether nothing is missing, nothing is in excess and nothing is unproven.
  returned: success
  type: bool
  sample: true
findings:
  description:
    - One for each expectation. The verdict is V(as expected), V(missing), V(excess) or V(unproven).
  returned: success
  type: list
  elements: dict
  sample:
    - {entity: Tickets, operation: query, expected: granted, effective: All, verdict: as expected}
mismatches:
  description: A few words on each finding that is not as expected.
  returned: success
  type: list
  elements: str
  sample: ["Tickets:query should be granted, and is None"]
access:
  description: The effective access by user (its key without the domain), entity and operation, V(All), V(Restricted) or V(None).
  returned: success
  type: dict
  sample: {abc123def456ghi: {Tickets: {query: All, create: None, update: None, delete: None}}}
modules_off:
  description: The keys of the modules that are switched off, looked up when something is missing.
  returned: success
  type: list
  elements: int
  sample: []
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._catalogue import effects
from ..module_utils._documents import expected_access
from ..module_utils._edge import module
from ..module_utils._edge.context import connect
from ..module_utils._edge.controller import Controller
from ..module_utils._edge.options import CONNECTION, TENANT_INFO
from ..module_utils._rest.tenant import effective_access, modules, rows_seen

SPEC = {
    **CONNECTION,
    **TENANT_INFO,
    "integration": {"type": "str"},
    "api_user": {"type": "str", "default": ""},
    "expect": {
        "type": "dict",
        "default": {},
        "apply_defaults": True,
        "options": {
            "granted": {"type": "list", "elements": "str", "default": []},
            "denied": {"type": "list", "elements": "str", "default": []},
        },
    },
}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    expected = expected_access.parse_expectations(params["expect"])
    client = connect(params)
    # One request tells of all entities, so those that show a setting's effect come along for the tasks that follow.
    access = effective_access(client, [*expected_access.entities_of(expected), *effects.entities_with_effects(effects.EFFECTS)])
    rows = {entity: rows_seen(client, entity) for entity in expected_access.to_count(expected, access)}
    findings = expected_access.compare(expected, access, rows)
    missing = any(finding["verdict"] == "missing" for finding in findings)
    return {
        "changed": False,
        "integration": params["integration"] or "",
        "api_user": params["api_user"],
        "as_expected": all(finding["verdict"] == "as expected" for finding in findings),
        "findings": findings,
        "mismatches": [_words(finding) for finding in findings if finding["verdict"] != "as expected"],
        "access": {params["user_name"].partition("@")[0]: access},
        "modules_off": [module["key"] for module in modules(client) if not module["active"]] if missing else [],
    }


def _words(finding: Mapping[str, Any]) -> str:
    """`Tickets:query should be granted, and is None`."""
    return f"{finding['entity']}:{finding['operation']} should be {finding['expected']}, and is {finding['effective']}"


def main() -> None:
    module.main(SPEC, run)


if __name__ == "__main__":
    main()
