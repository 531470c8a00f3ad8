# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How a change is carried out, documented once."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the modules that ask people to do something in the console, and what these modules return."""

    DOCUMENTATION = r"""
options:
  integration:
    description:
      - The key of the change that the steps belong to, such as V(beecastle). Tasks with the same key share one ticket or run sheet.
      - Lower-case letters, digits, dots, dashes and underscores, at most 30 characters.
    type: str
    required: true
  tenant:
    description: What the fleet calls this tenant. It appears in tickets and in the names of run sheets; the host's name is a good choice.
    type: str
    required: true
  apply_via:
    description:
      - Who puts the steps before people. Autotask has no API that writes security levels, API users or webhook limits.
      - V(ticket) opens a change ticket in the tenant's own Autotask, with the steps as its checklist.
      - V(runsheet) writes the steps to a file with tick boxes, and needs no credentials.
    type: str
    choices: [ticket, runsheet]
    default: ticket
  notes:
    description: What the person who works off the change should know beforehand. It is written into the ticket or run sheet when that is opened.
    type: list
    elements: str
    default: []
  change_reference:
    description:
      - The RV(change.reference) that an earlier task of this run worked with. The task fails if that change is gone,
        instead of opening another one.
    type: str
  tenant_info:
    description:
      - What M(msp.autotask.autotask_tenant_info) returned earlier in this run, so that it is not read again.
      - Don't keep it from one run to the next.
    type: dict
"""
