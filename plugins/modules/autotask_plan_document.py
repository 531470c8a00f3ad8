#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_plan_document
short_description: Put what was found on all tenants of a run together, as one plan document
version_added: 0.2.0
description:
  - Puts the parts together that M(msp.autotask.autotask_plan), or M(msp.autotask.autotask_integrations) with its O(parts), has made of each tenant, and
    writes the document, once as JSON and once in each form that somebody reads it in. In all of them the same is counted.
  - It waits for the last batch of a play; until then it does nothing. A tenant of which there is no part is one that failed.
  - It fails, once everything is written, where a tenant failed. It works on the controller only.
options:
  parts:
    description: The folder in which the parts of this run are.
    type: path
    required: true
  hosts:
    description: All hosts of the play, C(ansible_play_hosts_all).
    type: list
    elements: str
    required: true
  batch:
    description: The hosts of the current batch, C(ansible_play_batch). By default the batch is the last one.
    type: list
    elements: str
  folder:
    description: Where the document is written, with the names of its forms.
    type: path
    required: true
  name:
    description: What the files are called, such as V(plan) for C(plan.json), C(plan.md), C(plan.html), C(plan.junit.xml) and C(plan.sarif).
    type: str
    choices: [plan, verification, provision]
    default: plan
  baseline:
    description: An earlier document, from Git or of an earlier job. What doesn't stand as it did there is new, and what changed on a tenant by itself is told.
    type: path
  outcome:
    description: Another place for the JSON, where a program waits for it.
    type: path
attributes:
  check_mode:
    description: Can run in check mode without writing anything on a tenant.
    support: partial
    details: The document is what somebody wants of a run in check mode, so it is written then, too.
  diff_mode:
    description: Returns what it changes, or would change in check mode, in diff mode.
    support: none
  idempotent:
    description: When run twice in a row, with nothing done in Autotask in between, the second run changes nothing.
    support: full
seealso:
  - module: msp.autotask.autotask_plan
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = r"""
- name: Look at a tenant
  msp.autotask.autotask_plan:
    tenant: "{{ inventory_hostname }}"
    email: integrations@example.com
    integrations:
      - profile: beecastle
    ticket:
      queue: Administration
    credentials_store:
      folder: "{{ credentials_folder }}"
    handover_folder: "{{ handover_folder }}"
    parts: "{{ plan_folder }}"

- name: Write the plan of all tenants
  msp.autotask.autotask_plan_document:
    parts: "{{ plan_folder }}"
    hosts: "{{ ansible_play_hosts_all }}"
    batch: "{{ ansible_play_batch }}"
    folder: "{{ plan_folder }}"
  run_once: true
"""

RETURN = r"""
summary:
  description: How many C(tenants), C(integrations) and C(items) are in each state, how many items are C(new), and how many C(steps) a run would ask for.
  returned: success, for the last batch
  type: dict
  sample: {items: {in sync: 61, drifted: 1}, steps: 3}
exit_code:
  description: What a pipeline is told, see C(docs/review.md).
  returned: success, for the last batch
  type: int
  sample: 2
paths:
  description: The files.
  returned: success, for the last batch
  type: list
  elements: str
  sample: [/srv/fleet/plan/plan.json]
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._edge import module
from ..module_utils._edge.controller import Controller
from ..module_utils._objects.documents import document_of_run

SPEC = {
    "parts": {"type": "path", "required": True},
    "hosts": {"type": "list", "elements": "str", "required": True},
    "batch": {"type": "list", "elements": "str"},
    "folder": {"type": "path", "required": True},
    "name": {"type": "str", "choices": ["plan", "verification", "provision"], "default": "plan"},
    "baseline": {"type": "path"},
    "outcome": {"type": "path"},
}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    return document_of_run(params, controller)


def main() -> None:
    module.main(SPEC, run)


if __name__ == "__main__":
    main()
