# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Using the console through a browser, documented once."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the modules that use a browser."""

    DOCUMENTATION = r"""
options:
  console:
    description:
      - How a browser reaches and uses the console.
      - Needs Playwright for Python and a Chromium on the controller, and a connection that is local.
      - Check your agreement with the vendor before you let a browser work in its console.
      - One failed sign-in ends the task, since tenants lock accounts after a few.
    type: dict
    default: {}
    suboptions:
      url:
        description: The address at which people sign in. If omitted, the one that Autotask names for the tenant's zone.
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
        description: The path of a Chromium. If omitted, Playwright's own. Also E(AUTOTASK_BROWSER).
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
