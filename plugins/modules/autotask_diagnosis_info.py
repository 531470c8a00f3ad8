#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_diagnosis_info
short_description: Why an integration doesn't work
version_added: 0.1.0
description:
  - Walks the failures that the vendors' guides name, and answers each with cause, proof and the step that fixes it.
  - It reads as the user of the connection options, and, where O(credentials) are given, signs in as the integration's API user. It never writes.
  - What Autotask doesn't tell is V(unknown), with the reason. A wrong secret, a wrong tracking identifier and a locked user, for one,
    get the same empty answer, and REST doesn't show C(Locked), lines of business, settings of security levels or webhook limits.
options:
  integration:
    description: The key of the user's integration. It is returned unchanged, so that reports can group results.
    type: str
  api_user:
    description: The API user of the integration, as its profile asks for it. Either this, or O(integrations).
    type: dict
    suboptions:
      first_name:
        description: First Name.
        type: str
        required: true
      last_name:
        description: Last Name.
        type: str
        required: true
      security_level:
        description: The name of its Security Level, without the suffix C((API-only)).
        type: str
        required: true
  integrations:
    description:
      - Integrations whose profiles say all of this, with O(tenant); their recorded credentials are taken from O(credentials_store).
      - Nothing is said of one with O(integrations[].state=absent). O(integrations[].email), O(integrations[].location), O(integrations[].apply_via) and
        O(integrations[].runsheet) make no difference.
    default: []
  tenant:
    description: What the fleet calls this tenant.
    type: str
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
  settings:
    description:
      - The settings of the security level, in the form of the option of that name of M(msp.autotask.autotask_security_level). A step that fixes an
        access names their values; without them it names the most permissive one.
    type: dict
    default: {}
  extra_settings:
    description: Settings that this tenant's editor shows beyond the catalogue, see M(msp.autotask.autotask_security_level).
    type: list
    elements: dict
    default: []
  webhooks:
    description: The Maximum number of Webhooks that the vendor asks for. V(0) means that it needs none.
    type: int
    default: 0
  lines_of_business:
    description: The lines of business that the user should be associated with. None means all.
    type: list
    elements: str
    default: []
  unassigned_items:
    description: Whether a user with lines of business should also see items that have none.
    type: bool
    default: true
  checks:
    description: What to look at. What explains a fault is looked at, too.
    type: list
    elements: str
    choices:
      - credentials
      - user_active
      - security_level
      - access
      - webhooks
      - own_country
      - lines_of_business
      - products_without_category
      - modules
    default:
      - credentials
      - user_active
      - security_level
      - access
      - webhooks
      - own_country
      - lines_of_business
      - products_without_category
      - modules
  local_terms:
    description: The tenant's own words, as the console prints them.
    type: dict
    default: {}
    suboptions:
      organization:
        description: Its word for Organization.
        type: str
      device:
        description: Its word for Device.
        type: str
  tenant_info:
    description: What M(msp.autotask.autotask_tenant_info) returned earlier in this run, so that it is not read again.
    type: dict
extends_documentation_fragment:
  - msp.autotask.connection
  - msp.autotask.proof
  - msp.autotask.integrations
  - msp.autotask.store
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
  - module: msp.autotask.autotask_tenant_info
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = r"""
- name: Why can the vendor not connect?
  msp.autotask.autotask_diagnosis_info:
    integration: example
    api_user: {first_name: Example, last_name: API, security_level: Example API}
    credentials: "{{ example_credentials }}"
    expect:
      granted: ["Tickets:query", "Tickets:create"]
    webhooks: 20
    checks: [credentials, user_active, security_level, access, own_country]
  register: diagnosis

- name: What to do about it
  ansible.builtin.debug:
    msg: "{{ diagnosis.causes | map(attribute='fix') }}"
"""

RETURN = r"""
diagnoses:
  description: For each API user of the O(integrations) what is returned of one O(api_user).
  returned: with O(integrations)
  type: list
  elements: dict
  sample: []
integration:
  description: The option of that name.
  returned: success
  type: str
  sample: example
user:
  description: First and last name of the API user.
  returned: success
  type: str
  sample: Example API
findings:
  description:
    - One for each of the O(checks), in the order in which they are documented.
    - The verdict is V(fault) for something that breaks the integration, V(suspect) for something that may, V(fine), or V(unknown).
    - RV(findings[].proof) says what was read from where, and in brackets how it is known, C(read) or C(effect).
    - RV(findings[].follows_from) names the check whose fault explains this one.
  returned: success
  type: list
  elements: dict
  contains:
    check:
      description: The check.
      type: str
      sample: own_country
    verdict:
      description: V(fault), V(suspect), V(fine) or V(unknown).
      type: str
      sample: fault
    cause:
      description: What is wrong, or why it can't be told.
      type: str
      sample: The own organization "Alder" has no country.
    proof:
      description: What was read, from which entity and field.
      type: str
      sample: Companies.countryID of ID 0 is null (read).
    fix:
      description: What to do about it, in the words of the console.
      type: str
      sample: Open CRM > Organizations, search for the ID 0, choose Edit, set Country, and press Save & Close.
    follows_from:
      description: The check whose fault explains this one, or nothing.
      type: str
      sample: ""
causes:
  description: Those findings that are faults and that no other one explains, the most fundamental first.
  returned: success
  type: list
  elements: dict
  sample: []
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._catalogue.extend import extended
from ..module_utils._catalogue.model import Catalogue
from ..module_utils._credentials.home import home_of
from ..module_utils._diagnosis.checks import diagnose
from ..module_utils._diagnosis.model import Wanted
from ..module_utils._diagnosis.observe import observe
from ..module_utils._documents import expected_access
from ..module_utils._documents.checks import CHECKS
from ..module_utils._documents.security_level import parse_settings
from ..module_utils._edge import module
from ..module_utils._edge.context import connect, connect_as, connection_of, store_of
from ..module_utils._edge.controller import Controller
from ..module_utils._edge.options import CONNECTION, INTEGRATION, PROOF, STORE, TENANT_INFO
from ..module_utils._errors import InputError
from ..module_utils._objects.diagnosis import diagnosed, told
from ..module_utils._objects.listed import catalogue_for, wanted_of

SPEC = {
    **CONNECTION,
    **TENANT_INFO,
    **PROOF,
    **STORE,
    "tenant": {"type": "str"},
    "integrations": {"type": "list", "elements": "dict", "default": [], "options": INTEGRATION},
    "integration": {"type": "str"},
    "api_user": {
        "type": "dict",
        "options": {name: {"type": "str", "required": True} for name in ("first_name", "last_name", "security_level")},
    },
    "expect": {
        "type": "dict",
        "default": {},
        "apply_defaults": True,
        "options": {
            "granted": {"type": "list", "elements": "str", "default": []},
            "denied": {"type": "list", "elements": "str", "default": []},
        },
    },
    "settings": {"type": "dict", "default": {}},
    "extra_settings": {"type": "list", "elements": "dict", "default": []},
    "webhooks": {"type": "int", "default": 0},
    "lines_of_business": {"type": "list", "elements": "str", "default": []},
    "unassigned_items": {"type": "bool", "default": True},
    "checks": {"type": "list", "elements": "str", "choices": list(CHECKS), "default": list(CHECKS)},
    "local_terms": {"type": "dict", "default": {}, "options": {"organization": {"type": "str"}, "device": {"type": "str"}}},
}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    if params["integrations"]:
        return _of_integrations(params, catalogue_for(params["integrations"], params["extra_settings"]), controller)
    catalogue = extended(params["extra_settings"])
    if not params["api_user"]:
        raise InputError(["api_user"], "is needed, or `integrations`", "missing")
    expected = expected_access.parse_expectations(params["expect"])
    wanted = Wanted(
        **params["api_user"],
        webhooks=params["webhooks"],
        lines_of_business=tuple(params["lines_of_business"]),
        unassigned_items=params["unassigned_items"],
        terms=params["local_terms"],
        cells=parse_settings(params["settings"], catalogue),
        catalogue=catalogue,
    )
    client, credentials = connect(params), params["credentials"]
    own = connect_as(params, credentials, client.zone.url) if credentials else None
    key = credentials["user_name"] if credentials else ""
    seen = observe(client, own, key, wanted, expected, params["checks"], params["tenant_info"] or {})
    findings, causes = diagnose(wanted, seen, params["checks"])
    return {"changed": False, "integration": params["integration"] or "", "user": wanted.name, "findings": findings, "causes": causes}


def _of_integrations(params: Mapping[str, Any], catalogue: Catalogue, controller: Controller) -> dict[str, Any]:
    """What keeps each of the integrations from working; also said while the task runs."""
    if not params["tenant"]:
        raise InputError(["tenant"], "is needed with `integrations`", "missing")
    wanted = wanted_of(params["integrations"], params, catalogue, documents=False)
    store = store_of(params, controller)
    client = connection_of(params, store)
    found = diagnosed(wanted, params, client, store.at(home_of(client.zone)), catalogue)
    for one, results in zip(wanted, found, strict=True):
        for line in told(one, params["tenant"], results):
            controller.say(line)
    return {"changed": False, "diagnoses": [result for results in found for result in results]}


def main() -> None:
    module.main(SPEC, run)


if __name__ == "__main__":
    main()
