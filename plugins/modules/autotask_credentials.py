#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_credentials
short_description: Record the credentials of an API user
version_added: 0.2.0
description:
  - Proves that the credentials sign in, and keeps them, encrypted with the vault secret of the run. What can't be proven isn't stored.
  - What was recorded before is kept beside them until M(msp.autotask.autotask_rotation) has seen that it is dead.
  - They are bound to the tenant, to the zone and to the database that they were proven against. Those of another database than the tenant's are refused,
    and so is what is recorded for another tenant of the same folder.
  - The integration vendor's tracking identifier is the vendor's. Where it isn't known, all that can be seen is that Autotask knows the key.
options:
  integrations:
    required: true
  name:
    description:
      - The name under which they are recorded, such as V(beecastle). It has to be one that a profile of the O(integrations) has, that a change of the
        tenant asked for, or V(provisioner).
    type: str
    required: true
  recorded:
    description:
      - What was noted when the API user was made.
      - Without it nothing is recorded, but whether that could be done now is checked, before somebody is asked for it. A vault password that somebody has
        typed, and that is new because nothing is encrypted in the folder yet, is asked for a second time.
    type: dict
    suboptions:
      user_name:
        description: Its Username (Key).
        type: str
        required: true
      secret:
        description: Its Password (Secret).
        type: str
        required: true
      integration_code:
        description: Its own Tracking Identifier. Empty where an integration vendor was chosen, or where it is recorded already.
        type: str
  retries_of_new:
    description: How often a key that wasn't recorded before is tried again. A new secret may take five minutes to work; a few refusals lock the user.
    type: int
    default: 1
  retry_delay:
    description: How many seconds to wait before that.
    type: float
    default: 300
extends_documentation_fragment:
  - msp.autotask.connection
  - msp.autotask.tenant
  - msp.autotask.integrations
  - msp.autotask.store
  - msp.autotask.filing
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
  - module: msp.autotask.autotask_integrations
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = r"""
- name: Record the credentials of an integration's API user
  msp.autotask.autotask_credentials:
    tenant: "{{ inventory_hostname }}"
    name: example
    recorded: "{{ example_credentials }}"
    integrations:
      - profile: "{{ example_profile }}"
    credentials_store:
      folder: "{{ credentials_folder }}"
"""

RETURN = r"""
name:
  description: The name under which they are recorded.
  returned: success
  type: str
  sample: example
key:
  description: The Username (Key).
  returned: success
  type: str
  sample: abc123def456ghi@example.com
evidence:
  description: V(effect) when they sign in, V(attested) when all that can be seen is that Autotask knows the key, V(unknown) where none are given.
  returned: success
  type: str
  sample: effect
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._credentials.store import Recorded
from ..module_utils._edge import module
from ..module_utils._edge.controller import Controller
from ..module_utils._edge.options import CREDENTIALS, TENANT
from ..module_utils._objects.listed import catalogue_for, wanted_of
from ..module_utils._objects.recording import check_before, record, told
from ..module_utils._objects.tenant import tenant_of

SPEC = {
    **TENANT,
    "name": {"type": "str", "required": True},
    "recorded": {"type": "dict", "no_log": False, "options": CREDENTIALS},
    "retries_of_new": {"type": "int", "default": 1},
    "retry_delay": {"type": "float", "default": 300.0},
}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    catalogue = catalogue_for(params["integrations"], params["extra_settings"])
    wanted = wanted_of(params["integrations"], params, catalogue, documents=False)
    tenant = tenant_of(params, controller, catalogue, [params["apply_via"]], connected=False)
    if params["recorded"] is None:
        return check_before(tenant, params["name"], wanted)
    key, secret, code = (params["recorded"][name] or "" for name in ("user_name", "secret", "integration_code"))
    result = record(tenant, params["name"], Recorded(key, secret, code), wanted, check_mode)
    tenant.say(told(tenant, result, check_mode))
    return result


def main() -> None:
    module.main(SPEC, run)


if __name__ == "__main__":
    main()
