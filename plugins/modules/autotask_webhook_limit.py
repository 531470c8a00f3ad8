#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_webhook_limit
short_description: Set how many webhooks the users of a security level may create
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
  - msp.autotask.filing
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
kind:
  description: The kind of the object.
  returned: success
  type: str
  sample: webhook limit
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

from collections.abc import Mapping
from typing import Any

from ..module_utils._catalogue import effects, model
from ..module_utils._documents.webhook_limit import WEBHOOK_CELLS
from ..module_utils._edge import module
from ..module_utils._edge.context import TaskContext
from ..module_utils._edge.controller import Controller
from ..module_utils._edge.options import CHANGE_BY_CONSOLE, CONNECTION, PROOF
from ..module_utils._objects.ensure import ensure
from ..module_utils._objects.webhook_limit import LimitOfWebhooks, parse_limit

SPEC = {
    **CONNECTION,
    **CHANGE_BY_CONSOLE,
    **PROOF,
    "level": {"type": "str", "required": True},
    "maximum": {"type": "int", "required": True},
    "bound": {"type": "str", "choices": ["exact", "minimum"], "default": "exact"},
}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    catalogue = model.standard()
    limit = parse_limit(params["level"], params["maximum"], params["bound"])
    context = TaskContext(params, controller)
    thing = LimitOfWebhooks(limit, catalogue, params["local_terms"], context.observed)
    thing.access, thing.warnings = context.access_of_level(limit.level, effects.entities_with_effects(WEBHOOK_CELLS))
    return dict(ensure(thing, context, catalogue, check_mode, params["apply_via"]))


def main() -> None:
    module.main(SPEC, run)


if __name__ == "__main__":
    main()
