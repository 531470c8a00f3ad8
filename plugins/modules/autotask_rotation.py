#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_rotation
short_description: Give the API users of integrations new secrets
version_added: 0.2.0
description:
  - Asks people to generate new secrets, tells when they are recorded, hands them over, and proves that the old ones are dead. Run it again until it is done.
  - There is never a moment without a recorded secret that works. An old secret is tried once, since a few wrong ones in a row lock a user.
  - Where the tracking identifier is the integration vendor's, nothing can be proven; then that the secret was changed is attested, and nothing more.
options:
  integrations:
    required: true
  rotation:
    description: The name of the rotation, such as V(2026-11). Running it again with the same name changes nothing.
    type: str
    required: true
extends_documentation_fragment:
  - msp.autotask.connection
  - msp.autotask.tenant
  - msp.autotask.integrations
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
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = r"""
- name: What a rotation would ask for
  msp.autotask.autotask_rotation:
    tenant: "{{ inventory_hostname }}"
    rotation: 2026-11
    integrations:
      - profile: "{{ example_profile }}"
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
  description: Always empty.
  returned: success
  type: list
  elements: dict
  sample: []
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._edge import module
from ..module_utils._edge.controller import Controller
from ..module_utils._edge.options import HAND_IN, TENANT
from ..module_utils._errors import InputError
from ..module_utils._objects.engine import rotate_all
from ..module_utils._objects.listed import catalogue_for, wanted_of, ways_of
from ..module_utils._objects.secret import check_rotation
from ..module_utils._objects.tenant import tenant_of
from ..module_utils._text import quoted

SPEC = {**TENANT, **HAND_IN, "rotation": {"type": "str", "required": True}}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    name = check_rotation(params["rotation"])
    catalogue = catalogue_for(params["integrations"], params["extra_settings"])
    wanted = wanted_of(params["integrations"], params, catalogue, documents=False)
    if gone := [one.integration for one in wanted if one.state == "absent"]:
        raise InputError(["integrations"], f"{quoted(gone)}: what is to be absent gets no new secrets", "value")
    tenant = tenant_of(params, controller, catalogue, ways_of(wanted, params))
    return rotate_all(name, wanted, tenant, check_mode)


def main() -> None:
    module.main(SPEC, run)


if __name__ == "__main__":
    main()
