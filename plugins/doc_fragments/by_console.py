# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Carrying out a change in a browser, documented once."""

from __future__ import annotations


class ModuleDocFragment:
    """The option O(apply_via) of modules whose work a browser can do. Comes before the fragment `change`, which has a narrower one."""

    DOCUMENTATION = r"""
options:
  apply_via:
    description:
      - Who carries the steps out. Autotask has no API that writes security levels, API users or webhook limits.
      - V(ticket) opens a change ticket in the tenant's own Autotask, with the steps as its checklist.
      - V(runsheet) writes the steps to a file with tick boxes, and needs no credentials.
      - V(console) is experimental. A browser signs in to the console, carries the steps out, and reads every setting back.
        It has been run against a synthetic console only, never against Autotask's own; see O(console).
    type: str
    choices: [ticket, runsheet, console]
    default: ticket
"""
