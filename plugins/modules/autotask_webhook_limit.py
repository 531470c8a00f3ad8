#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_webhook_limit
short_description: Make sure that the users of a security level may create so many webhooks
version_added: 0.1.0
description:
  - Creating webhooks is off in every level that Autotask comes with. The module looks after the settings C(Can create Webhooks) and
    C(Maximum number of Webhooks) of a level of one's own.
  - REST doesn't show the number. Whether webhooks may be created at all shows in what the level's API user may do, given its O(credentials).
options:
  level:
    description: The name of the security level. System levels can't be changed.
    type: str
    required: true
  maximum:
    description: How many. V(0) takes the right away.
    type: int
    required: true
  bound:
    description: Whether it has to be V(exact), or is the V(minimum) and a greater number that was attested earlier is fine, too.
    type: str
    choices: [exact, minimum]
    default: exact
extends_documentation_fragment:
  - msp.autotask.connection
  - msp.autotask.console
  - msp.autotask.by_console
  - msp.autotask.change
  - msp.autotask.terms
  - msp.autotask.proof
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: msp.autotask.autotask_security_level
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = r"""
- name: Twenty webhooks
  msp.autotask.autotask_webhook_limit:
    tenant: "{{ inventory_hostname }}"
    integration: example
    level: Example API
    maximum: 20
    ticket:
      queue: Administration

- name: At least ten
  msp.autotask.autotask_webhook_limit:
    tenant: "{{ inventory_hostname }}"
    integration: example
    level: Example API
    maximum: 10
    bound: minimum
    ticket:
      queue: Administration
"""

RETURN = r"""
tenant:
  description: The option of that name.
  returned: success
  type: str
  sample: alder
integration:
  description: The option of that name.
  returned: success
  type: str
  sample: example
subject:
  description: What the task was about.
  returned: success
  type: str
  sample: 'webhook limit "Example API"'
pending:
  description: Whether somebody has to do something before this is as wanted.
  returned: success
  type: bool
  sample: false
pending_for:
  description: What is waited for, V(steps), or nothing.
  returned: success
  type: str
  sample: ""
plan:
  description: The steps that are left, in their order, as M(msp.autotask.autotask_security_level) returns them.
  returned: success
  type: list
  elements: dict
  sample:
    - text: 'Level "Example API", "Other" > "Webhooks": set "Maximum number of Webhooks" to 20.'
      page: level
      action: set
      target: Other > Webhooks > Maximum number of Webhooks
      value: 20
change:
  description: The change that this belongs to, as M(msp.autotask.autotask_security_level) returns it.
  returned: success
  type: dict
  contains:
    reference:
      description: The number of the ticket, or the path of the run sheet.
      returned: when there is a change
      type: str
      sample: T20261121.0001
  sample: {integration: example, number: 1, reference: T20261121.0001, state: closed, steps_total: 12, steps_done: 12}
evidence:
  description: How each of the two values is known, V(effect), V(attested) or V(unknown).
  returned: success
  type: dict
  sample: {Other > Webhooks > Can create Webhooks: effect, Other > Webhooks > Maximum number of Webhooks: attested}
contradictions:
  description: What was found to be otherwise than attested.
  returned: success
  type: list
  elements: str
  sample: []
"""

from ansible_collections.msp.autotask.plugins.module_utils import _module
from ansible_collections.msp.autotask.plugins.module_utils._ensure_webhook_limit import SPEC, run


def main() -> None:
    _module.main(SPEC, run)


if __name__ == "__main__":
    main()
