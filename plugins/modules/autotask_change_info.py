#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_change_info
short_description: Show the progress of a change, and optionally wait until it is complete
version_added: 0.1.0
description:
  - Reads the changes of an integration, from tickets or run sheets, and can wait until no step is left open.
  - While it waits inside the controller, it tells how far people are.
options:
  integration:
    description: The key of the change, such as V(beecastle).
    type: str
    required: true
  tenant:
    description: What the fleet calls this tenant.
    type: str
    required: true
  apply_via:
    description: Where the change is kept.
    type: str
    choices: [ticket, runsheet]
    default: ticket
  runsheet:
    description: Where run sheets are kept.
    type: dict
    default: {}
    suboptions:
      path:
        description: The folder.
        type: path
        default: runsheets
      html:
        description: Has no effect here; it is taken so that the same value can be passed to all modules.
        type: bool
        default: false
  closed_status:
    description: The status that completes a ticket, by its label.
    type: str
    default: Complete
  change_reference:
    description: The ticket number or path that must be among the changes. The task fails when it is gone.
    type: str
  wait:
    description: Whether to wait until no step is left open.
    type: bool
    default: false
  wait_timeout:
    description: How long to wait, in seconds. The task doesn't fail when the time is over; see RV(pending).
    type: int
    default: 3600
  wait_interval:
    description: How long to pause between two looks, in seconds. Each look costs one request of the tenant's budget.
    type: float
    default: 30.0
extends_documentation_fragment:
  - msp.autotask.connection
attributes:
  check_mode:
    support: full
    details: Never writes anything, and doesn't wait.
  diff_mode:
    support: N/A
    details: Never changes anything.
  idempotent:
    support: N/A
    details: Never changes anything.
seealso:
  - module: msp.autotask.autotask_security_level
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = r"""
- name: How far is the change?
  msp.autotask.autotask_change_info:
    tenant: "{{ inventory_hostname }}"
    integration: example
  register: state

- name: Wait until it is worked off
  msp.autotask.autotask_change_info:
    tenant: "{{ inventory_hostname }}"
    integration: example
    wait: true
    wait_timeout: 2
    wait_interval: 1
"""

RETURN = r"""
pending:
  description: Whether steps are left open.
  returned: success
  type: bool
  sample: true
change:
  description: The newest change, as M(msp.autotask.autotask_security_level) returns it; empty when there is none.
  returned: success
  type: dict
  sample: {integration: example, number: 1, reference: T20261121.0001, state: open, steps_total: 12, steps_done: 5}
changes:
  description: All changes of the integration, oldest first.
  returned: success
  type: list
  elements: dict
  sample: []
waited:
  description: How long was waited, in seconds.
  returned: success
  type: int
  sample: 120
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._appliers.base import How, Request
from ..module_utils._appliers.choose import appliers
from ..module_utils._catalogue import model
from ..module_utils._documents.names import check_key
from ..module_utils._edge import module
from ..module_utils._edge.context import connect
from ..module_utils._edge.controller import Controller
from ..module_utils._edge.options import CHANGE, CONNECTION
from ..module_utils._objects.wait import check_reference, vanished, wait_for, waiting_for

SPEC = {
    **CONNECTION,
    **{name: CHANGE[name] for name in ("integration", "tenant", "apply_via", "runsheet", "change_reference")},
    "closed_status": {"type": "str", "default": "Complete"},
    "wait": {"type": "bool", "default": False},
    "wait_timeout": {"type": "int", "default": 3600},
    "wait_interval": {"type": "float", "default": 30.0},
}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    request = Request(check_key(params["integration"]))
    waited = 0
    with appliers(params["apply_via"], _how(params, controller)) as applier_for:
        applier = applier_for(request)
        changes = applier.changes()
        check_reference(changes, params["change_reference"])
        waiting = waiting_for(applier, changes)
        if params["wait"] and not check_mode and waiting:
            waited_for = wait_for(waiting, params["tenant"], params["wait_timeout"], params["wait_interval"], controller.say_now)
            for change in waited_for.gone:
                raise vanished(change.reference)
            waited = waited_for.seconds
            changes = applier_for(request).changes()
            check_reference(changes, params["change_reference"])
    return {
        "changed": False,
        "pending": any(change.left_open for change in changes),
        "change": changes[-1].as_result() if changes else {},
        "changes": [change.as_result() for change in changes],
        "waited": waited,
    }


def _how(params: Mapping[str, Any], controller: Controller) -> How:
    return How(
        tenant=params["tenant"],
        client=connect(params) if params["apply_via"] == "ticket" else None,
        ticket={"closed_status": params["closed_status"]},
        runsheet=params["runsheet"],
        console={},
        terms={},
        catalogue=model.standard(),
        say=controller.say,
    )


def main() -> None:
    module.main(SPEC, run)


if __name__ == "__main__":
    main()
