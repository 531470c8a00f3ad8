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
  ticket:
    description: How change tickets are filed. Everything is named by its label in the tenant.
    type: dict
    default: {}
    suboptions:
      queue:
        description: The queue. Most tenants need one.
        type: str
      priority:
        description: The priority.
        type: str
        default: Medium
      status:
        description: The status of a ticket that is to be worked on.
        type: str
        default: New
      closed_status:
        description: The status that completes a ticket.
        type: str
        default: Complete
      company:
        description: The name of the company that the ticket is for. Left out, it is the tenant itself (company 0).
        type: str
      source:
        description: The source.
        type: str
      issue_type:
        description: The issue type.
        type: str
      category:
        description: The ticket category.
        type: str
      type:
        description: The ticket type.
        type: str
      due_days:
        description: In how many days the ticket is due.
        type: int
        default: 7
  runsheet:
    description: Where run sheets are kept.
    type: dict
    default: {}
    suboptions:
      path:
        description: The folder, best one that is kept in Git.
        type: path
        default: runsheets
      html:
        description: Whether to write a page to print beside each run sheet.
        type: bool
        default: false
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
