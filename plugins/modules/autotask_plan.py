#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_plan
short_description: How everything that a tenant should have stands, and what a run would do about it
version_added: 0.2.0
description:
  - Reads a tenant once, compares it with what its profiles ask for, and says of each value whether it is as wanted, how that is known, who wants it, and
    what M(msp.autotask.autotask_integrations) would do about it. It writes nothing on the tenant, in check mode or not.
  - The part of a plan document that this makes is kept in O(parts), where M(msp.autotask.autotask_plan_document) puts the parts of all tenants together.
    Without O(parts) it is returned.
  - Its form, and the states that an item can be in, are in the collection's C(docs/review.md).
options:
  integrations:
    description: The integrations that the tenant should have. Needed unless O(failure) is given.
  unlisted:
    description:
      - What to say of integrations that were set up on the tenant and are not among the O(integrations), and of active API users that are nobody's.
    type: str
    choices: [ignore, report]
    default: report
  passwords_expire:
    description: See O(msp.autotask.autotask_integrations#module:passwords_expire).
    type: bool
    default: false
  full_audit:
    description: See O(msp.autotask.autotask_integrations#module:full_audit).
    type: bool
    default: false
  parts:
    description: The folder, on the controller, in which the parts of this run's document are kept until they are put together. What goes wrong with a
      tenant is in its part then, and doesn't fail the task.
    type: path
  failure:
    description: Why nothing could be asked of the tenant, where an earlier task has failed. Nothing is read then.
    type: str
extends_documentation_fragment:
  - msp.autotask.connection
  - msp.autotask.tenant
  - msp.autotask.integrations
  - msp.autotask.review
  - msp.autotask.store
  - msp.autotask.filing
  - msp.autotask.hand_in
  - msp.autotask.console
  - msp.autotask.terms
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: full
seealso:
  - module: msp.autotask.autotask_plan_document
  - module: msp.autotask.autotask_integrations
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = r"""
- name: What would have to be done for two vendors
  msp.autotask.autotask_plan:
    tenant: "{{ inventory_hostname }}"
    email: integrations@example.com
    integrations:
      - profile: beecastle
      - profile: "{{ example_profile }}"
    ticket:
      queue: Administration
    credentials_store:
      folder: "{{ credentials_folder }}"
    handover_folder: "{{ handover_folder }}"
  register: planned

- name: Say how many values are otherwise than wanted
  ansible.builtin.debug:
    msg: "{{ planned.counts }}"
"""

RETURN = r"""
state:
  description: How the tenant stands, the state of what somebody has to look at first. See C(docs/review.md).
  returned: success
  type: str
  sample: in sync
counts:
  description: How many items are in each state.
  returned: success
  type: dict
  sample: {in sync: 61, drifted: 1}
integrations:
  description: How each integration stands.
  returned: success
  type: list
  elements: dict
  contains:
    integration:
      description: Its key.
      returned: always
      type: str
    state:
      description: Its state.
      returned: always
      type: str
    error:
      description: What went wrong with it; empty where nothing did.
      returned: always
      type: str
  sample: [{integration: beecastle, state: in sync, error: ""}]
part:
  description: The tenant's part of the document, whose form is in C(docs/review.md); empty where it is kept in O(parts).
  returned: success
  type: dict
  sample: {tenant: alder, state: in sync}
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._edge import module
from ..module_utils._edge.controller import Controller
from ..module_utils._edge.options import HAND_IN, REVIEW, TENANT
from ..module_utils._errors import AutotaskError, InputError
from ..module_utils._objects.listed import catalogue_for, wanted_of, ways_of
from ..module_utils._objects.review import review_of
from ..module_utils._objects.tenant import tenant_of
from ..module_utils._review import parts
from ..module_utils._review.document import failed_part, items_of
from ..module_utils._review.item import counted

SPEC = {
    **TENANT,
    **HAND_IN,
    **REVIEW,
    "integrations": {**TENANT["integrations"], "required": False},
    "unlisted": {"type": "str", "choices": ["ignore", "report"], "default": "report"},
    "full_audit": {"type": "bool", "default": False},
    "passwords_expire": {"type": "bool", "default": False},
    "parts": {"type": "path"},
    "failure": {"type": "str"},
}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    host = controller.host_of(params["tenant"])
    try:
        part = failed_part(params["tenant"], host, params["failure"]) if params["failure"] is not None else _looked_at(params, controller)
    except AutotaskError as error:
        if not params["parts"]:
            raise
        part = failed_part(params["tenant"], host, str(error))
    if params["parts"]:
        parts.keep(params["parts"], controller.run, part, only_new=params["failure"] is not None)
    return {
        "changed": False,
        "state": part["state"],
        "counts": counted(items_of(part)),
        "integrations": [{name: entry[name] for name in ("integration", "state", "error")} for entry in part["integrations"]],
        "part": {} if params["parts"] else part,
    }


def _looked_at(params: Mapping[str, Any], controller: Controller) -> dict[str, Any]:
    if params["integrations"] is None:
        raise InputError(["integrations"], "is needed: it says what the tenant should have", "profile_missing")
    catalogue = catalogue_for(params["integrations"], params["extra_settings"])
    wanted = wanted_of(params["integrations"], params, catalogue, check_mode=True)
    return review_of(wanted, tenant_of(params, controller, catalogue, ways_of(wanted, params), connected=False))


def main() -> None:
    module.main(SPEC, run)


if __name__ == "__main__":
    main()
