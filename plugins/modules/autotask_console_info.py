#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_console_info
short_description: Check whether the console applier recognises a tenant's console pages
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
  interactive:
    description: Opens a visible browser, waits until somebody has signed in there, and keeps the session. For single sign-on.
    type: bool
    default: false
  tenant:
    description: What the fleet calls this tenant. With O(credentials_store), a session that is kept for it is used, and one that somebody signs in for is kept.
    type: str
  findings:
    description: A file that RV(doctors_pass) and RV(pages) are written to.
    type: path
extends_documentation_fragment:
  - msp.autotask.connection
  - msp.autotask.store
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
  returned: when O(gather) has V(session), or O(interactive) is set and there is no O(tenant) to keep it for
  sample: "{}"
"""

import json
from collections.abc import Mapping
from typing import Any

from ..module_utils._appliers.console import console_settings, pass_for
from ..module_utils._catalogue import model
from ..module_utils._console.doctor import described
from ..module_utils._console.session import open_console, sign_in_by_hand
from ..module_utils._credentials.store import VaultStore
from ..module_utils._edge import module
from ..module_utils._edge.context import connection_of, store_of, vault_of
from ..module_utils._edge.controller import Controller
from ..module_utils._edge.files import write_document
from ..module_utils._edge.options import CHANGE, CONNECTION, CONSOLE, STORE

SPEC = {
    **CONNECTION,
    **CONSOLE,
    **STORE,
    "gather": {"type": "list", "elements": "str", "choices": ["pages", "session"], "default": ["pages"]},
    "interactive": {"type": "bool", "default": False},
    "tenant": {"type": "str"},
    "findings": {"type": "path"},
    "local_terms": CHANGE["local_terms"],
}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    vault_of(controller)
    store = store_of(params, controller) if params["tenant"] else None
    # Somebody who is to sign in has to see the browser.
    console = {**params["console"], "headless": params["console"]["headless"] and not params["interactive"]}
    if store and not console["session"] and not params["interactive"]:
        console["session"] = store.session()
    web_url = "" if console["url"] else connection_of(params, store).zone.web_url
    settings = console_settings(console, web_url)
    result: dict[str, Any] = {"changed": False}
    if params["interactive"]:
        if store:
            store.check_session()
        return {**result, **_signed_in(json.dumps(sign_in_by_hand(settings, controller.say_now)), store)}
    with open_console(settings, model.standard(), params["local_terms"], controller.say) as opened:
        if "pages" in params["gather"]:
            seen = opened.look()
            found = {"doctors_pass": {"passed": seen["passed"], **pass_for(settings)}, "pages": seen["pages"]}
            result.update(found, passed=seen["passed"])
            if params["findings"]:
                write_document(params["findings"], found)
            for line in described(seen["pages"]):
                controller.say(f"  {line}")
        if "session" in params["gather"]:
            result["session"] = json.dumps(opened.session())
    return result


def _signed_in(session: str, store: VaultStore | None) -> dict[str, Any]:
    """The session is returned where there is no place to keep it."""
    if store is None:
        return {"session": session}
    store.keep_session(session)
    return {"changed": True}


def main() -> None:
    module.main(SPEC, run)


if __name__ == "__main__":
    main()
