#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_console_info
short_description: See whether the console applier finds its way in a tenant's console
version_added: 0.1.0
description:
  - Experimental. Signs in to the web console with a browser, visits the pages that O(msp.autotask.autotask_security_level#module:apply_via=console)
    works on, and tells for each of its locators whether the control was found once, not at all, or more than once.
  - It presses nothing but what leads to a page. No Save, no Copy, no Generate.
  - What it tells is structure and labels, without names, values or addresses, fit for a report of a problem.
  - The console applier writes nothing without the RV(doctors_pass) of the same address, user and locators.
  - The applier has been run against a synthetic console only. Check your agreement with the vendor before you let a browser work in its console.
options:
  gather:
    description:
      - V(pages) visits the pages.
      - V(session) signs in and returns the session, so that later tasks of the run don't sign in again. Set C(no_log) on a task that asks for it.
    type: list
    elements: str
    choices: [pages, session]
    default: [pages]
  by_hand:
    description: Opens a visible browser, waits until somebody has signed in there, and returns the session. For single sign-on. Set C(no_log).
    type: bool
    default: false
extends_documentation_fragment:
  - msp.autotask.connection
  - msp.autotask.console
  - msp.autotask.terms
author:
  - msp.autotask contributors (@msp-autotask)
attributes:
  check_mode:
    support: full
    details: Never writes anything.
  diff_mode:
    support: N/A
    details: Never changes anything.
  idempotent:
    support: N/A
    details: Never changes anything.
"""

EXAMPLES = r"""
- name: See whether the console applier finds its way
  msp.autotask.autotask_console_info:
    console:
      url: "{{ autotask_console.url }}"
      user_name: "{{ autotask_console.user_name }}"
      password: "{{ autotask_console.password }}"
  register: doctor
"""

RETURN = r"""
passed:
  description: Whether every page and every locator was found as it has to be. Only with V(pages) in O(gather).
  type: bool
  returned: when pages were visited
  sample: true
doctors_pass:
  description: What the console applier asks for before it writes. Keep it, without secrets as it is, where the next run finds it.
  type: dict
  returned: when pages were visited
  sample: {passed: true, url: "https://ww4.autotask.net", user_name: "admin@example.com", locators: "4f1c9a0be2d7"}
pages:
  description: What was found on each page.
  type: dict
  returned: when pages were visited
  sample: {security_levels: {found: true, once: [name, edit, copy], missing: [], ambiguous: [], generation: mvc, frames: ["the page itself"]}}
session:
  description: The session as JSON. As good as a password.
  type: str
  returned: when O(gather) has V(session) or O(by_hand) is set
  sample: "{}"
"""

import json
from collections.abc import Mapping
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils import _catalogue, _module
from ansible_collections.msp.autotask.plugins.module_utils._by_console import console_settings, pass_for, vault_of
from ansible_collections.msp.autotask.plugins.module_utils._controller import Controller
from ansible_collections.msp.autotask.plugins.module_utils._options import CHANGE, CONNECTION, CONSOLE, connect
from ansible_collections.msp.autotask.plugins.module_utils.appliers._console._open import open_console, sign_in_by_hand

SPEC = {
    **CONNECTION,
    **CONSOLE,
    "gather": {"type": "list", "elements": "str", "choices": ["pages", "session"], "default": ["pages"]},
    "by_hand": {"type": "bool", "default": False},
    "local_terms": CHANGE["local_terms"],
}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    vault_of(controller)
    settings = console_settings(params, "" if params["console"]["url"] else connect(params).zone.web_url)
    result: dict[str, Any] = {"changed": False}
    if params["by_hand"]:
        return {**result, "session": json.dumps(sign_in_by_hand(settings, controller.say))}
    with open_console(settings, _catalogue.standard(), params["local_terms"], controller.say) as console:
        if "pages" in params["gather"]:
            seen = console.look()
            result.update(passed=seen["passed"], pages=seen["pages"], doctors_pass={"passed": seen["passed"], **pass_for(settings)})
        if "session" in params["gather"]:
            result["session"] = json.dumps(console.session())
    return result


def main() -> None:
    _module.main(SPEC, run)


if __name__ == "__main__":
    main()
