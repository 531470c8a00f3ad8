#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_integrations
short_description: Ensure that a tenant has the integrations that its profiles ask for
version_added: 0.2.0
description:
  - Does for all integrations of a tenant, in one reading of it, what M(msp.autotask.autotask_security_level), M(msp.autotask.autotask_webhook_limit) and
    M(msp.autotask.autotask_api_user) do for one object each. It proves the access of the API users, and hands the credentials over once they are recorded.
  - Bad input stops it before anything is written, in check mode, too, and so does a level to copy that the tenant doesn't have. Only a profile that says
    what it lacks (C(incomplete)) is planned in check mode although the tenant doesn't allow it; RV(integrations[].refused) and a warning say that a real run
    would be refused then.
  - What else goes wrong on the tenant with one integration doesn't keep the others from being dealt with; the task fails at its end, with all reasons.
  - "An integration with the O(integrations[].state) V(absent) is retired: its API users are inactivated, then the levels that nobody else has, and what was
    recorded and handed over is removed."
  - Credentials and hand-overs are read and written in the controller's own process, so the connection has to be local where there are any.
options:
  integrations:
    required: true
  unlisted:
    description:
      - What to do about integrations that were set up on the tenant, and are not among the O(integrations).
      - V(report) shows what they have and the command that retires them. They are never touched.
    type: str
    choices: [ignore, report]
    default: ignore
  access_must_match:
    description: Whether an access that isn't as the profile expects is a failure.
    type: bool
    default: true
  passwords_expire:
    description:
      - Whether the site's password policy lets passwords expire. Then every profile that has an optional part V(password_does_not_expire) gets it, unless it
        is among the O(integrations[].excluded).
    type: bool
    default: false
  plan:
    description:
      - A plan document that somebody has reviewed, as M(msp.autotask.autotask_plan_document) writes it. What the run would do is compared with it first. Where
        anything has moved on since, nothing is done on the tenant, and the task fails.
    type: path
  max_changes:
    description: How many values may be changed on the tenant. Where more would be, nothing is done, and the task fails.
    type: int
  parts:
    description: The folder, on the controller, in which what came of the run is kept until M(msp.autotask.autotask_plan_document) has written it.
    type: path
  full_audit:
    description: With O(apply_via=console), also compare settings of copied levels that nobody named with those of the source.
    type: bool
    default: false
extends_documentation_fragment:
  - msp.autotask.connection
  - msp.autotask.tenant
  - msp.autotask.integrations
  - msp.autotask.review
  - msp.autotask.store
  - msp.autotask.hand_in
  - msp.autotask.filing
  - msp.autotask.console
  - msp.autotask.terms
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: msp.autotask.autotask_credentials
  - module: msp.autotask.autotask_rotation
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = r"""
- name: Two integrations, one of a vendor that comes with the collection, one of a profile of its own
  msp.autotask.autotask_integrations:
    tenant: "{{ inventory_hostname }}"
    email: integrations@example.com
    integrations:
      - profile: beecastle
        included: [vendors_and_partners]
      - profile: "{{ example_profile }}"
    ticket:
      queue: Administration
    credentials_store:
      folder: "{{ credentials_folder }}"
    handover_folder: "{{ handover_folder }}"

- name: What retiring one of them would do
  msp.autotask.autotask_integrations:
    tenant: "{{ inventory_hostname }}"
    integrations:
      - profile: beecastle
        state: absent
    ticket:
      queue: Administration
    credentials_store:
      folder: "{{ credentials_folder }}"
    handover_folder: "{{ handover_folder }}"
  check_mode: true
"""

RETURN = r"""
pending:
  description: Whether somebody has something to do, for any of the integrations.
  returned: success
  type: bool
  sample: false
integrations:
  description: What came of each of the O(integrations), in their order.
  returned: success
  type: list
  elements: dict
  contains:
    integration:
      description: Its key.
      returned: always
      type: str
    vendor:
      description: Who it is of.
      returned: always
      type: str
    state:
      description:
        - V(done), V(pending) where people have steps to do, V(planned) where they would in check mode, V(credentials) where credentials are still to be
          recorded, V(failed) where something went wrong with it.
      returned: always
      type: str
    standing:
      description: How it stands, by its values. V(in sync), V(to do), V(waiting), V(drifted), V(accepted), V(unknown) or V(failed), see C(docs/review.md).
      returned: always
      type: str
    counts:
      description: How many of its values are in each of these states.
      returned: always
      type: dict
    changed:
      description: Whether anything of it was written.
      returned: always
      type: bool
    pending:
      description: Whether somebody has something to do.
      returned: always
      type: bool
    msg:
      description: What went wrong with it; empty where nothing did.
      returned: always
      type: str
    code:
      description: The code of what went wrong.
      returned: always
      type: str
    refused:
      description: In check mode, why a real run would be refused before anything is written; empty where it wouldn't.
      returned: always
      type: str
    change:
      description: The change that its objects wait for, or were attested in. See RV(msp.autotask.autotask_api_user#module:change).
      returned: always
      type: dict
    objects:
      description: What came of each security level, webhook limit, API user or secret, as its own module returns it.
      returned: always
      type: list
      elements: dict
    access:
      description: What its API users may really do, against what they should.
      returned: always
      type: dict
    unproven:
      description: The API users whose access could not be looked at, each with C(api_user), what was C(expected), and C(why).
      returned: always
      type: list
      elements: dict
    handover:
      description: The C(path) of the hand-over, and whether it C(changed). Empty as long as there is nothing to hand over.
      returned: always
      type: dict
    manual_steps:
      description: The C(path) of the sheet of what is left for people, and whether it C(changed).
      returned: always
      type: dict
    sources:
      description: What the vendor's guide doesn't state, and how it is known.
      returned: always
      type: list
      elements: dict
    remarks:
      description: What somebody should know of it in any state, such as what it needs first, and whether its users may do everything.
      returned: always
      type: list
      elements: str
    messages:
      description: What somebody who watches the run should know. They are shown while it runs.
      returned: always
      type: list
      elements: str
  sample: [{integration: example, state: pending}]
unlisted:
  description: The integrations that were set up and aren't listed, what retiring each C(means), and the C(command) that does it.
  returned: success
  type: list
  elements: dict
  sample: []
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._edge import module
from ..module_utils._edge.controller import Controller
from ..module_utils._edge.options import HAND_IN, REVIEW, TENANT
from ..module_utils._objects.listed import catalogue_for, wanted_of, ways_of
from ..module_utils._objects.provision import provision
from ..module_utils._objects.tenant import tenant_of

SPEC = {
    **TENANT,
    **HAND_IN,
    **REVIEW,
    "unlisted": {"type": "str", "choices": ["ignore", "report"], "default": "ignore"},
    "access_must_match": {"type": "bool", "default": True},
    "full_audit": {"type": "bool", "default": False},
    "passwords_expire": {"type": "bool", "default": False},
    "plan": {"type": "path"},
    "max_changes": {"type": "int"},
    "parts": {"type": "path"},
}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    catalogue = catalogue_for(params["integrations"], params["extra_settings"])
    wanted = wanted_of(params["integrations"], params, catalogue, check_mode=check_mode)
    writes = not all(one.only_reported for one in wanted)
    return provision(wanted, tenant_of(params, controller, catalogue, ways_of(wanted, params), connected=writes), check_mode)


def main() -> None:
    module.main(SPEC, run)


if __name__ == "__main__":
    main()
