#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_security_level
short_description: Ensure that an API-only security level exists with exactly these permissions
version_added: 0.1.0
description:
  - Autotask has no API that writes security levels. The module compares what is wanted with what is known, works out the steps
    that are missing in the web console, and puts them before people, as a ticket or as a run sheet.
    A later run sees what came of it.
  - REST shows whether a level of that name is there and active. It doesn't show the level's settings; those are attested by whoever
    ticked off the steps, and, with O(credentials), some of them show in what the level's API user may do.
  - The two settings of the group Webhooks are left alone, because M(msp.autotask.autotask_webhook_limit) looks after them,
    unless they are named in O(settings).
options:
  name:
    description: The name of the level, at most 50 characters. System levels can't be changed.
    type: str
    required: true
  state:
    description:
      - V(present) ensures that an active level with these settings exists.
      - V(absent) ensures that no active level has this name. Levels are inactivated, not deleted, and only when no active API user has them.
    type: str
    choices: [present, absent]
    default: present
  copy_of:
    description:
      - The level that a missing one is copied from. Levels are made by copying only, and the copy can't reach further than its source.
      - V(API User (system)), V(API User (system\) Can't Read Costs), or an API-only level of your own.
    type: str
    default: API User (system)
  baseline:
    description:
      - V(none) clears every section first, so that the level can do what O(settings) names and nothing else. Sections that the catalogue has no settings of
        are cleared, too; what came of it is V(unknown), unless a browser has read it.
      - V(copy) leaves what O(settings) doesn't name as it is in the source. Of a level that is there, and that nobody has attested as a copy of O(copy_of),
        this is asked for in a step of its own; until somebody has ticked that off, it is V(unknown). A setting that is no longer named is asked for as it
        is in the source.
    type: str
    choices: [none, copy]
    default: none
  settings:
    description:
      - The permissions, as the editor names them, by section, then by group if you like, then by setting.
        A row (View, Add, Edit, Delete) is a mapping of its columns.
      - Capitals, punctuation, older spellings and the tenant's own words don't matter. What can't be found is an error that names the nearest labels.
      - With O(baseline=none), C(Can login to Web Services API) is ticked unless it is named here.
    type: dict
    default: {}
  sections:
    description:
      - Whole sections, V(Full Permission) or V(No Permission) each. What O(settings) names comes on top.
    type: dict
    default: {}
  source:
    description:
      - What the level O(copy_of) holds, where that is known because the same playbook makes it. With O(baseline=copy) it is then part of what is wanted.
    type: dict
    suboptions:
      baseline:
        description: Its O(baseline).
        type: str
        choices: [none, copy]
        default: none
      sections:
        description: Its O(sections).
        type: dict
        default: {}
      settings:
        description: Its O(settings).
        type: dict
        default: {}
  extra_settings:
    description: Settings that this tenant's editor shows and the collection's catalogue doesn't have.
    type: list
    elements: dict
    default: []
    suboptions:
      section:
        description: The section it stands in.
        type: str
        required: true
      group:
        description: The heading it stands under.
        type: str
      label:
        description: Its label.
        type: str
        required: true
      kind:
        description: What it is. A V(grid) is a row of four check boxes.
        type: str
        choices: [row, grid, list, box, number]
        default: box
      values:
        description: The values from most to least permissive, a list for V(list), a mapping from column to list for V(row).
        type: raw
  full_audit:
    description:
      - With O(apply_via=console) and O(baseline=copy), also compare settings that are not listed in O(settings) with those of the source.
      - With O(baseline=none) every setting is compared anyway.
    type: bool
    default: false
  level_limit_checked:
    description:
      - Autotask allows 50 API-only levels of one's own. REST shows all levels without saying which are API-only, so with 50 or more the module
        refuses to ask for another one. Set this when you have counted them in the console.
    type: bool
    default: false
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
  - module: msp.autotask.autotask_webhook_limit
  - module: msp.autotask.autotask_api_user
  - module: msp.autotask.autotask_change_info
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = r"""
- name: A level that can read contracts and tickets, and nothing else
  msp.autotask.autotask_security_level:
    tenant: "{{ inventory_hostname }}"
    integration: example
    name: Example API
    settings:
      Contracts:
        Contracts: {View: All}
        Contract Visibility: Full
      Service Desk:
        Tickets: {View: All, Add: true}
    ticket:
      queue: Administration

- name: The same as a run sheet, without any credentials
  msp.autotask.autotask_security_level:
    tenant: "{{ inventory_hostname }}"
    integration: example
    name: Example API
    settings:
      Service Desk:
        Tickets: {View: All}
    apply_via: runsheet
    runsheet:
      path: "{{ runsheet_folder }}"
      html: true
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
  sample: level
subject:
  description: What the task was about.
  returned: success
  type: str
  sample: 'level "Example API"'
pending:
  description: Whether somebody has to do something before this is as wanted.
  returned: success
  type: bool
  sample: true
pending_for:
  description: What is waited for, V(steps) or V(credentials), or nothing.
  returned: success
  type: str
  sample: steps
plan:
  description: The steps that are left, in their order. Steps that wait in a change already have their RV(plan[].text) only.
  returned: success
  type: list
  elements: dict
  contains:
    text:
      description: The step as a sentence.
      returned: always
      type: str
      sample: 'Level "Example API", "Contracts": set "Contract Visibility" to "Full".'
    page:
      description: Where it is done.
      returned: for new steps
      type: str
      sample: level
    action:
      description: What is done.
      returned: for new steps
      type: str
      sample: set
    target:
      description: On what.
      returned: for new steps
      type: str
      sample: Contracts > Contract Visibility
    value:
      description: With which value.
      returned: for new steps
      type: raw
      sample: Full
change:
  description: The change that this belongs to, as far as there is one.
  returned: success
  type: dict
  contains:
    integration:
      description: The key of the change.
      returned: when there is a change
      type: str
      sample: example
    number:
      description: Which change of this integration it is.
      returned: when there is a change
      type: int
      sample: 1
    reference:
      description: The number of the ticket, or the path of the run sheet.
      returned: when there is a change
      type: str
      sample: T20261121.0001
    id:
      description: The id of the ticket, 0 for a run sheet.
      returned: when there is a change
      type: int
      sample: 4711
    url:
      description: Where a browser shows the ticket to whoever is signed in to the console. Empty for a run sheet.
      returned: when there is a change
      type: str
      sample: "https://ww4.autotask.net/Autotask/AutotaskExtend/ExecuteCommand.aspx?Code=OpenTicketDetail&TicketNumber=T20261121.0001"
    assignee:
      description: Who the open ticket is assigned to. Empty where that is nobody.
      returned: when there is a change
      type: str
      sample: Robin Sample
    state:
      description: V(open) or V(closed).
      returned: when there is a change
      type: str
      sample: open
    opened:
      description: When it was opened.
      returned: when there is a change
      type: str
      sample: "2026-11-21T09:00:00Z"
    steps_total:
      description: How many steps it has, over all its objects.
      returned: when there is a change
      type: int
      sample: 19
    steps_done:
      description: How many of them are ticked off.
      returned: when there is a change
      type: int
      sample: 7
    steps_open:
      description: The sentences of those that are not.
      returned: when there is a change
      type: list
      elements: str
      sample: ['Level "Example API": press Save & Close.']
    objects:
      description: What the change is about, and whether each is V(requested) or V(attested).
      returned: when there is a change
      type: dict
      sample: {'level "Example API"': requested}
evidence:
  description:
    - How each value is known. V(read) was seen over REST, V(effect) shows in what the API user may do, V(attested) was ticked off by a person,
      V(unknown) is none of these.
  returned: success
  type: dict
  sample: {Active: read, "Contracts > Contract Visibility": attested}
remarks:
  description: What O(settings) names and nobody can set, because the editor only shows it.
  returned: success
  type: list
  elements: str
  sample: ["Inventory > Object Permissions > Products > Edit is not set by itself: the editor shows what Add says, as it is wanted."]
contradictions:
  description: What was found to be otherwise than attested.
  returned: success
  type: list
  elements: str
  sample: []
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._appliers.base import Withdrawn
from ..module_utils._catalogue import effects
from ..module_utils._catalogue.extend import extended
from ..module_utils._change.model import Kind
from ..module_utils._documents.names import mirror_remarks
from ..module_utils._documents.security_level import named_cells, parse_level
from ..module_utils._edge import module
from ..module_utils._edge.context import TaskContext
from ..module_utils._edge.controller import Controller
from ..module_utils._edge.options import CHANGE_BY_CONSOLE, CONNECTION, EXTRA_SETTINGS, PROOF
from ..module_utils._objects.ensure import ensure
from ..module_utils._objects.security_level import SecurityLevel

SPEC = {
    **CONNECTION,
    **CHANGE_BY_CONSOLE,
    **PROOF,
    **EXTRA_SETTINGS,
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "copy_of": {"type": "str", "default": "API User (system)"},
    "baseline": {"type": "str", "choices": ["none", "copy"], "default": "none"},
    "settings": {"type": "dict", "default": {}},
    "sections": {"type": "dict", "default": {}},
    "source": {
        "type": "dict",
        "options": {
            "baseline": {"type": "str", "choices": ["none", "copy"], "default": "none"},
            "sections": {"type": "dict", "default": {}},
            "settings": {"type": "dict", "default": {}},
        },
    },
    "level_limit_checked": {"type": "bool", "default": False},
    "full_audit": {"type": "bool", "default": False},
}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    catalogue = extended(params["extra_settings"])
    level = parse_level({**params, "active": params["state"] == "present"}, catalogue)
    context = TaskContext(params, controller)
    thing = SecurityLevel(
        level,
        catalogue,
        params["local_terms"],
        context.observed,
        full_audit=params["full_audit"],
        limit_checked=params["level_limit_checked"],
    )
    thing.check()
    if thing.seen and level.active:
        thing.access, thing.warnings = context.access_of_level(level.name, effects.entities_with_effects(thing.desired))
    # A limit that still waits for people has no level to go to.
    limit = [] if level.active else [Withdrawn(Kind.WEBHOOK_LIMIT, level.name, {"level": level.name, "maximum": None})]
    result = ensure(thing, context, catalogue, check_mode, params["apply_via"], thing.notes, limit)
    named = [cell_id for cell_id, _value, _place in named_cells(params["settings"], catalogue, ("settings",))]
    return {**result, "remarks": list(mirror_remarks(named, catalogue))}


def main() -> None:
    module.main(SPEC, run)


if __name__ == "__main__":
    main()
