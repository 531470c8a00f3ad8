# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How change tickets and run sheets are filed."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the modules that put steps before people."""

    DOCUMENTATION = r"""
options:
  ticket:
    description: How change tickets are filed. Everything is named by its label in the tenant.
    type: dict
    default: {}
    suboptions:
      queue:
        description: The queue. Needed for a ticket to be opened.
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
        description: The name of the company that the ticket is for. If omitted, it is the tenant itself (company 0).
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
        description: Whether to write a page beside each run sheet, to be printed, or ticked off in a browser, which gives the run sheet back with the ticks.
        type: bool
        default: false
"""
