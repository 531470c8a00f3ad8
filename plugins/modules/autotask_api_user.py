#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_api_user
short_description: Ensure that an API user exists, has its security level, and that its credentials work
version_added: 0.1.0
description:
  - Autotask has no API that creates API users. The module compares what is wanted with what REST shows, and puts the steps that are missing
    before people, as a ticket or as a run sheet. A later run sees what came of it.
  - The secret is shown once, in the console, to the person who creates the user. That person hands it over with the playbook
    C(msp.autotask.record_credentials); from then on it is passed in as O(credentials) and proven. Without it the user is pending.
  - An existing user's key and secret are never touched.
options:
  first_name:
    description: First Name, at most 50 characters.
    type: str
    required: true
  last_name:
    description: Last Name, at most 50 characters. Together with the first name it tells which user is meant.
    type: str
    required: true
  state:
    description:
      - V(present) makes sure of a user that is as described.
      - V(absent) inactivates it, over REST where that works, else by a step. API users can't be deleted. Its webhooks stop working with it.
    type: str
    choices: [present, absent]
    default: present
  email:
    description: Email Address. Autotask sends mail about problems there. Needed with O(state=present).
    type: str
  security_level:
    description: The name of its security level, one of the tenant's own or a system level for API users. Needed with O(state=present).
    type: str
  location:
    description: Primary Internal Location. Autotask needs one for a new user.
    type: str
  active:
    description: Whether the user is active.
    type: bool
    default: true
  locked:
    description: Whether the user is locked. REST doesn't show it. If omitted, it is left alone.
    type: bool
  date_format:
    description: Date Format. If omitted, it is left alone.
    type: str
  time_format:
    description: Time Format. If omitted, it is left alone.
    type: str
  number_format:
    description: Number Format. If omitted, it is left alone.
    type: str
  tracking_identifier:
    description:
      - The API Tracking Identifier. It can't be changed once it is set. Needed with O(state=present).
      - With both suboptions, the second is for tenants that don't list the first.
    type: dict
    suboptions:
      integration_vendor:
        description: An entry of the list Integration Vendor, such as V(BeeCastle - CRM).
        type: str
      internal_integration_name:
        description: The Internal Integration Name for Custom (Internal Integration).
        type: str
  lines_of_business:
    description: The lines of business that the user is associated with. None means all. If omitted, they are left alone.
    type: list
    elements: str
  unassigned_items:
    description: Resource can view items with no assigned Line of Business. If omitted, it is left alone.
    type: bool
  record_as:
    description: The name that its credentials are recorded under. If omitted, the O(integration).
    type: str
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
  - module: msp.autotask.autotask_access_info
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = r"""
- name: An API user of an integration vendor that not every tenant lists
  msp.autotask.autotask_api_user:
    tenant: "{{ inventory_hostname }}"
    integration: example
    first_name: Example
    last_name: API
    email: integrations@example.com
    security_level: Example API
    location: Headquarters
    tracking_identifier:
      integration_vendor: Example - Dashboards
      internal_integration_name: Example
    ticket:
      queue: Administration

- name: What inactivating it would do
  msp.autotask.autotask_api_user:
    tenant: "{{ inventory_hostname }}"
    integration: example
    first_name: Example
    last_name: API
    state: absent
    ticket:
      queue: Administration
  check_mode: true
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
  sample: API user
subject:
  description: What the task was about.
  returned: success
  type: str
  sample: 'API user "Example API"'
pending:
  description: Whether somebody has to do something before this is as wanted.
  returned: success
  type: bool
  sample: true
pending_for:
  description: What is waited for, V(steps) or V(credentials), or nothing.
  returned: success
  type: str
  sample: credentials
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
      sample: T20261121.0001
  sample: {integration: example, number: 1, reference: T20261121.0001, state: open, steps_total: 9, steps_done: 0}
evidence:
  description:
    - How each value is known, V(read), V(effect), V(attested) or V(unknown). C(Credentials) is V(effect) when they signed in.
  returned: success
  type: dict
  sample: {Email Address: read, Security Level: read, API Tracking Identifier: attested, Credentials: effect}
contradictions:
  description: What was found to be otherwise than attested.
  returned: success
  type: list
  elements: str
  sample: []
user:
  description: The user as REST shows it, as far as there is one.
  returned: success
  type: dict
  sample: {id: 29682885, user_name: abc123def456ghi, first_name: Example, last_name: API, active: true, security_level: Example API}
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._catalogue import model
from ..module_utils._credentials.escrow import Escrow
from ..module_utils._credentials.proof import Proof
from ..module_utils._documents.api_user import parse_user
from ..module_utils._documents.names import check_key
from ..module_utils._documents.observed import find_user
from ..module_utils._edge import module
from ..module_utils._edge.context import TaskContext, vault_of
from ..module_utils._edge.controller import Controller
from ..module_utils._edge.options import CHANGE_BY_CONSOLE, CONNECTION, PROOF
from ..module_utils._errors import InputError, Unauthorized
from ..module_utils._objects.api_user import ApiUser
from ..module_utils._objects.ensure import ensure
from ..module_utils._objects.result import with_proof
from ..module_utils._objects.retired_user import retire_user
from ..module_utils._rest.tenant import levels_and_users

SPEC = {
    **CONNECTION,
    **CHANGE_BY_CONSOLE,
    **PROOF,
    "first_name": {"type": "str", "required": True},
    "last_name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "email": {"type": "str"},
    "security_level": {"type": "str"},
    "record_as": {"type": "str"},
    "location": {"type": "str"},
    "active": {"type": "bool", "default": True},
    "locked": {"type": "bool"},
    "date_format": {"type": "str"},
    "time_format": {"type": "str"},
    "number_format": {"type": "str"},
    "tracking_identifier": {
        "type": "dict",
        "options": {"integration_vendor": {"type": "str"}, "internal_integration_name": {"type": "str"}},
    },
    "lines_of_business": {"type": "list", "elements": "str"},
    "unassigned_items": {"type": "bool"},
}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    context = TaskContext(params, controller)
    if params["state"] == "absent":
        return dict(retire_user(context, params["first_name"], params["last_name"], check_mode))
    user = parse_user({**params, "active": params["active"] is not False})
    record_as = check_key(params["record_as"] or params["integration"], "record_as")
    thing = ApiUser(user, controller.host_of(params["tenant"]), record_as, params["local_terms"], context.observed)
    thing.check()
    proof = context.proof_of(user.name, thing.seen)
    if params["apply_via"] == "console":
        thing.escrow = _escrow(params, controller)
        if thing.seen is None:
            thing.escrow.check()
    seen = thing.seen
    result = ensure(thing, context, model.standard(), check_mode, params["apply_via"])
    result["user"] = dict(seen) if seen else {}
    if thing.claimed:
        result["changed"] = True
        proof = _proof_of_new(context, thing)
    return dict(with_proof(result, proof, known=bool(params["credentials"]) or proof.evidence != "unknown"))


def _escrow(params: Mapping[str, Any], controller: Controller) -> Escrow:
    path = params["console"]["credentials_file"]
    if not path:
        raise InputError(
            ["console", "credentials_file"], "is needed: where the key and the secret of a new API user are kept", "credentials_file"
        )
    return Escrow(vault_of(controller), path, params["tenant"])


def _proof_of_new(context: TaskContext, thing: ApiUser) -> Proof:
    """How the new credentials are known: they are tried once, since a few refusals in a row lock a user."""
    made = (thing.escrow.vault.read(thing.escrow.path) if thing.escrow else None) or {}
    now = levels_and_users(context.client) if context.client else None
    seen = find_user(now["api_users"], thing.user.first_name, thing.user.last_name) if now else None
    try:
        return context.proof_of_made(thing.name, seen, now, made)
    except Unauthorized as error:
        return Proof("unknown", (f'The new credentials of "{thing.name}" are kept, and don\'t sign in yet. {error}',))


def main() -> None:
    module.main(SPEC, run)


if __name__ == "__main__":
    main()
