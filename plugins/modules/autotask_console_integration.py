#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_console_integration
short_description: Make the security levels, webhook limits and API users of a profile, in one browser
version_added: 0.1.0
description:
  - Experimental. Does for every object of a profile what M(msp.autotask.autotask_security_level), M(msp.autotask.autotask_webhook_limit) and
    M(msp.autotask.autotask_api_user) do with O(msp.autotask.autotask_security_level#module:apply_via=console), one after the other, with one browser
    and one sign-in.
  - Every setting is read, compared, set, read back before it is saved, and read once more afterwards. It stops at the first object that fails; those
    before it are done, and are in the result.
  - It has been run against a synthetic console only, never against Autotask's own. Check your agreement with the vendor before you let a browser work in
    its console.
options:
  tenant:
    description: What the fleet calls this tenant.
    type: str
    required: true
  profile:
    description: The RV(msp.autotask.autotask_profile_info#module:profile) that M(msp.autotask.autotask_profile_info) returned.
    type: dict
    required: true
  email:
    description: The Email Address of the API users.
    type: str
    required: true
  location:
    description: The Primary Internal Location of the API users.
    type: str
    required: true
  credentials_folder:
    description:
      - Where the key and the secret of a new API user are kept, in a file that is named as the profile's C(record_as), encrypted with the vault secret of
        the run.
      - They are written beside it before they are saved in the console, so that no crash loses them.
    type: path
    required: true
  credentials:
    description:
      - The credentials that are known of the profile's API users, by their C(key), each with C(user_name), C(secret) and C(integration_code).
      - What these users may do proves a part of what their levels say.
    type: dict
    default: {}
  extra_settings:
    description: Settings that this tenant's editor shows, see M(msp.autotask.autotask_security_level).
    type: list
    elements: dict
    default: []
  full_audit:
    description: Whether to compare all settings of a level that copies another with those of its source, and not only what the profile names.
    type: bool
    default: false
  tenant_info:
    description:
      - What M(msp.autotask.autotask_tenant_info) returned earlier in this run, so that it is not read again.
      - Don't keep it from one run to the next.
    type: dict
extends_documentation_fragment:
  - msp.autotask.connection
  - msp.autotask.console
  - msp.autotask.terms
attributes:
  check_mode:
    support: full
    details: Reads every setting, and presses nothing but what leads to a page.
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: msp.autotask.autotask_console_info
  - module: msp.autotask.autotask_profile_info
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = r"""
- name: Read a profile
  msp.autotask.autotask_profile_info:
    profile:
      profile: 1
      integration: example
      vendor: Example
      security_levels:
        - key: main
          name: Example API
          settings:
            Service Desk:
              Tickets: {View: All, Add: true}
      api_users:
        - key: main
          first_name: Example
          last_name: API
          security_level: main
          tracking_identifier: {internal_integration_name: Example}
          expect: {granted: ["Tickets:query", "Tickets:create"], denied: ["Contracts:query"]}
      evidence:
        - {at: security_levels > main > name, known_by: assumed, why: the guide leaves it open}
  register: checked

- name: See what a browser would do
  msp.autotask.autotask_console_integration:
    tenant: "{{ inventory_hostname }}"
    profile: "{{ checked.profile }}"
    email: integrations@example.com
    location: Headquarters
    credentials_folder: "credentials/{{ inventory_hostname }}"
    console: "{{ autotask_console }}"
  check_mode: true
"""

RETURN = r"""
results:
  description:
    - Of each object what M(msp.autotask.autotask_security_level), M(msp.autotask.autotask_webhook_limit) or M(msp.autotask.autotask_api_user) returns,
      in this order. Also returned when an object fails, for those before it.
  returned: when the browser was signed in
  type: list
  elements: dict
  sample:
    - subject: level "Example API"
      changed: true
      pending: false
      evidence: {Active: read}
pending:
  description: Whether something is not as wanted yet. In check mode, what would be done.
  returned: when the browser was signed in
  type: bool
  sample: false
"""

from ansible_collections.msp.autotask.plugins.module_utils import _module
from ansible_collections.msp.autotask.plugins.module_utils._ensure_integration import SPEC, run


def main() -> None:
    _module.main(SPEC, run)


if __name__ == "__main__":
    main()
