# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Options of the modules that deal with a tenant's integrations."""

from __future__ import annotations


class ModuleDocFragment:
    """What their tenant is, who carries steps out, and where hand-overs are kept."""

    DOCUMENTATION = r"""
options:
  tenant:
    description: What the fleet calls this tenant. It appears in tickets and in the names of files; the host's name is a good choice.
    type: str
    required: true
  apply_via:
    description:
      - Who carries the steps out. Autotask has no API that writes security levels, API users or webhook limits.
      - V(ticket) opens a change ticket in the tenant's own Autotask, with the steps as its checklist.
      - V(runsheet) writes the steps to a file with tick boxes, and needs no credentials.
      - V(console) is experimental. A browser signs in to the console, carries the steps out, and reads every setting back.
        It has been run against a synthetic console only, never against Autotask's own; see O(console). New secrets, and what is left of an
        integration that is retired, are asked of people with a ticket then, too.
    type: str
    choices: [ticket, runsheet, console]
    default: ticket
  mode:
    description:
      - What a run may do about what isn't as wanted. V(report) looks, and writes nothing, not even a ticket. V(ask) puts steps before people, as O(apply_via)
        says. V(apply) has a browser carry them out.
      - By default V(apply) with O(apply_via=console), and else V(ask). In check mode nothing is written in any mode.
    type: str
    choices: [report, ask, apply]
  extra_settings:
    description: Settings that this tenant's editor shows beyond the catalogue, see O(msp.autotask.autotask_security_level#module:extra_settings).
    type: list
    elements: dict
    default: []
    suboptions:
      section:
        description: The section that it stands in.
        type: str
        required: true
      group:
        description: The group that it stands in, if any.
        type: str
      label:
        description: Its label.
        type: str
        required: true
      kind:
        description: How it is set.
        type: str
        choices: [row, grid, list, box, number]
        default: box
      values:
        description: What can be chosen, from most to least; for a row a mapping of its columns to such lists.
        type: raw
  handover_folder:
    description: Where hand-overs are written, encrypted, and beside each a sheet of what is left for people to do.
    type: path
    default: handover
  wait_minutes:
    description: How long to wait for people to work off a change. Without waiting, run again later.
    type: int
    default: 0
  wait_interval:
    description: How many seconds pass between two looks.
    type: float
    default: 30
  email:
    description: The Email Address of new API users, best a mailbox that somebody reads.
    type: str
  location:
    description: The Primary Internal Location of new API users.
    type: str
    default: Headquarters
"""
