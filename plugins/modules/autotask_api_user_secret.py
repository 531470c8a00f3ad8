#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_api_user_secret
short_description: Give an API user a new secret
version_added: 0.1.0
description:
  - Autotask has no API that changes a secret. The module puts the steps before people, as a ticket or as a run sheet, and a later run sees
    what came of it. The secret is shown once, in the console, to the person who generates it.
  - A rotation has a name. It is asked for once; running the module again with the same name changes nothing.
  - The key and the tracking identifier stay as they are. The old secret works until the page is saved, and then never again.
  - The role P(msp.autotask.integration#role) does the whole of it, C(tasks_from=rotate.yml), up to the proof that the old secret is dead.
  - Leave O(credentials) out as long as nothing new has been recorded.
options:
  first_name:
    description: First Name of the API user.
    type: str
    required: true
  last_name:
    description: Last Name of the API user.
    type: str
    required: true
  rotation:
    description: What this rotation is called, such as V(2026-11), at most 50 characters. Another name is another rotation.
    type: str
    required: true
  record_as:
    description: The name that its credentials are recorded under. If omitted, the O(integration).
    type: str
extends_documentation_fragment:
  - msp.autotask.connection
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
  - module: msp.autotask.autotask_api_user
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = r"""
- name: Ask for a new secret
  msp.autotask.autotask_api_user_secret:
    tenant: "{{ inventory_hostname }}"
    integration: example
    first_name: Provisioner
    last_name: API
    rotation: 2026-11
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
  sample: secret
subject:
  description: What the task was about.
  returned: success
  type: str
  sample: 'secret "Example API"'
pending:
  description: Whether somebody has to do something before the new secret is in place.
  returned: success
  type: bool
  sample: true
pending_for:
  description: What is waited for, V(steps), or V(credentials) when the steps are done and no new secret was passed in, or nothing.
  returned: success
  type: str
  sample: steps
plan:
  description: The steps that are left, in their order, as M(msp.autotask.autotask_security_level) returns them.
  returned: success
  type: list
  elements: dict
  sample:
    - {page: api_user, action: press, target: Save & Close, text: 'API user "Example API": press Save & Close.', value: null}
change:
  description: The change that this belongs to, as M(msp.autotask.autotask_security_level) returns it.
  returned: success
  type: dict
  contains:
    reference:
      description: The number of the ticket, or the path of the run sheet.
      returned: when there is a change
      type: str
      sample: T20261121.0002
  sample: {integration: example, number: 2, reference: T20261121.0002, state: open, steps_total: 4, steps_done: 0}
evidence:
  description:
    - How each value is known, V(effect), V(attested) or V(unknown). C(Credentials) is V(effect) when the new secret signed in.
  returned: success
  type: dict
  sample: {Rotation: attested, Credentials: effect}
contradictions:
  description: What was found to be otherwise than attested.
  returned: success
  type: list
  elements: str
  sample: []
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._catalogue import model
from ..module_utils._documents.names import check_key
from ..module_utils._documents.observed import find_user
from ..module_utils._edge import module
from ..module_utils._edge.context import TaskContext
from ..module_utils._edge.controller import Controller
from ..module_utils._edge.options import CHANGE, CONNECTION, PROOF
from ..module_utils._errors import InputError
from ..module_utils._objects.ensure import ensure
from ..module_utils._objects.result import with_proof
from ..module_utils._objects.secret import Secret, check_rotation

SPEC = {
    **CONNECTION,
    **CHANGE,
    **PROOF,
    "first_name": {"type": "str", "required": True},
    "last_name": {"type": "str", "required": True},
    "rotation": {"type": "str", "required": True},
    "record_as": {"type": "str"},
}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    rotation = check_rotation(params["rotation"])
    name = f"{params['first_name']} {params['last_name']}"
    context = TaskContext(params, controller)
    observed = context.observed
    seen = find_user(observed["api_users"], params["first_name"], params["last_name"]) if observed else None
    if observed and not (seen and seen["active"]):
        raise InputError(
            ["first_name", "last_name"], f'REST shows no active API user "{name}"; set it up before its secret is changed', "no_such_user"
        )
    proof = context.proof_of(name, seen)
    record_as = check_key(params["record_as"] or params["integration"], "record_as")
    thing = Secret(name, rotation, controller.host_of(params["tenant"]), record_as, params["local_terms"])
    result = ensure(thing, context, model.standard(), check_mode, params["apply_via"])
    return dict(with_proof(result, proof, known=bool(params["credentials"])))


def main() -> None:
    module.main(SPEC, run)


if __name__ == "__main__":
    main()
