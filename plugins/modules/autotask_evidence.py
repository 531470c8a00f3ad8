#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_evidence
short_description: Keep evidence of a tenant's integrations
version_added: 0.2.0
description:
  - Writes a folder for a tenant and a day, C(<evidence_folder>/<tenant>/<date>), with C(evidence.json), the same as a page, C(index.html), and
    C(manifest.json) with the SHA-256 of both.
  - For each of the O(integrations) it has the profile as it was resolved, what a run of M(msp.autotask.autotask_integrations) in check mode sees, the changes
    with who ticked off which step and when, and the access that is expected beside that which is there now and was there in the newest bundle of an earlier
    day.
  - It writes nothing in Autotask. It runs in the controller's own process, so the connection has to be local.
  - Who ticked off a step of a run sheet is in the history of the file, and not in the bundle.
  - It fails, and writes nothing, where the bundle would hold a secret or a tracking identifier that is recorded for the tenant.
options:
  integrations:
    required: true
  evidence_folder:
    description: Where bundles are kept.
    type: path
    default: evidence
  date:
    description: The day that the bundle is of, such as V(2026-11-26). By default today, in UTC.
    type: str
  passwords_expire:
    description: As with M(msp.autotask.autotask_integrations).
    type: bool
    default: false
  full_audit:
    description: As with M(msp.autotask.autotask_integrations).
    type: bool
    default: false
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
    support: none
    details: What differs on the tenant is in the bundle.
  idempotent:
    support: full
    details: On the same day, as long as the tenant is the same.
seealso:
  - module: msp.autotask.autotask_integrations
  - module: msp.autotask.autotask_change_info
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = r"""
- name: What is known of this tenant's integrations today
  msp.autotask.autotask_evidence:
    tenant: "{{ inventory_hostname }}"
    email: integrations@example.com
    integrations:
      - profile: beecastle
    ticket:
      queue: Administration
    credentials_store:
      folder: "{{ credentials_folder }}"
    evidence_folder: "{{ evidence_folder }}"
"""

RETURN = r"""
folder:
  description: Where the bundle is.
  returned: success
  type: str
  sample: /srv/autotask/evidence/alder/2026-11-26
files:
  description: The SHA-256 of each file of the bundle, by its name. The manifest holds the same.
  returned: success
  type: dict
  sample: {evidence.json: 0c5c..., index.html: 77b1...}
compared_with:
  description: The day of the bundle that access is compared with; empty where there is none of an earlier day.
  returned: success
  type: str
  sample: "2026-08-26"
"""

import datetime
from collections.abc import Mapping
from typing import Any

from ..module_utils._edge import module
from ..module_utils._edge.controller import Controller
from ..module_utils._edge.options import HAND_IN, TENANT
from ..module_utils._objects.evidence import bundled
from ..module_utils._objects.listed import catalogue_for, wanted_of, ways_of
from ..module_utils._objects.tenant import tenant_of

SPEC = {
    **TENANT,
    **HAND_IN,
    "evidence_folder": {"type": "path", "default": "evidence"},
    "date": {"type": "str"},
    "full_audit": {"type": "bool", "default": False},
    "passwords_expire": {"type": "bool", "default": False},
}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    # What an integration may do and shouldn't belongs into the bundle, as a verdict.
    params = {**params, "access_must_match": False}
    catalogue = catalogue_for(params["integrations"], params["extra_settings"])
    wanted = wanted_of(params["integrations"], params, catalogue, check_mode=True)
    tenant = tenant_of(params, controller, catalogue, ways_of(wanted, params))
    day = params["date"] or datetime.datetime.now(datetime.UTC).date().isoformat()
    return bundled(wanted, tenant, params["evidence_folder"], day, check_mode)


def main() -> None:
    module.main(SPEC, run)


if __name__ == "__main__":
    main()
