# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Carrying out a change in a browser, documented once."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the modules whose work a browser can do. Comes before the fragment `change`, whose O(apply_via) it widens."""

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
  console:
    description:
      - How the browser reaches and uses the console, for O(apply_via=console).
      - Needs Playwright for Python and a Chromium on the controller, and a connection that is local.
      - Check your agreement with the vendor before you let a browser work in its console.
      - One failed sign-in ends the task, since tenants lock accounts after a few.
    type: dict
    default: {}
    suboptions:
      url:
        description: The address at which people sign in. Left out, the one that Autotask names for the tenant's zone.
        type: str
      user_name:
        description: Who signs in. The task fails when the console shows somebody else.
        type: str
      password:
        description: The password. Not needed with O(console.session).
        type: str
      totp_seed:
        description: The seed of the time-based codes, in base 32, where the account has a second factor. Whoever has it and the password is that person.
        type: str
      session:
        description: A saved session as JSON, from the playbook C(console_login) or from an earlier task of this run. As good as a password.
        type: str
      locators:
        description: A YAML file with locators of your own, merged into the shipped ones entry by entry.
        type: path
      doctors_pass:
        description:
          - The RV(msp.autotask.autotask_console_info#module:doctors_pass) that the playbook C(console_doctor) kept.
          - Nothing is written without one for the same address, user and locators. Check mode needs none.
        type: dict
      credentials_file:
        description:
          - Where the key and the secret of a new API user are kept, encrypted with the vault secret of the run.
          - They are written beside it before they are saved in the console, so that no crash loses them.
        type: path
      browser:
        description: The path of a Chromium. Left out, Playwright's own. Also E(AUTOTASK_BROWSER).
        type: path
      headless:
        description: Whether the browser works unseen.
        type: bool
        default: true
      timeout:
        description: For how many seconds to wait for a page, a window or a list.
        type: float
        default: 15.0
      screenshots:
        description: A folder for pictures of the pages. None is taken while a secret may be on a page.
        type: path
"""
