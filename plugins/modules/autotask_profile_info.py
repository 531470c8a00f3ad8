#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_profile_info
short_description: Check a vendor's profile, put a tenant's choices into it, and explain it
version_added: 0.1.0
description:
  - A profile is what one vendor asks for in Autotask, as a YAML file; C(docs/profile.md) has its form.
  - The module reads it with care, checks it against its form and the catalogue of settings, and returns it with every label in one spelling,
    optional parts and overrides worked in. Of a wrong profile all that is wrong is told at once, a line each, with file, line, and the nearest valid
    choices.
  - It also says what will be granted, what of it is assumed, and what REST can prove. It talks to nobody.
options:
  path:
    description: The profile's file, on the controller. Either this or O(profile).
    type: path
  profile:
    description: The profile as data.
    type: dict
  included:
    description: The optional parts that are wanted, by their keys.
    type: list
    elements: str
    default: []
  excluded:
    description: The parts that are on by default and aren't wanted, by their keys.
    type: list
    elements: str
    default: []
  overrides:
    description: Other values for this tenant, in the form of the profile, with levels and users as mappings by their keys.
    type: dict
    default: {}
  lines_of_business:
    description: The lines of business of this tenant that its API users are associated with.
    type: list
    elements: str
    default: []
  impersonated_levels:
    description: The names of the security levels of the people that the integration acts as.
    type: list
    elements: str
    default: []
  extra_settings:
    description: Settings that this tenant's editor shows, see M(msp.autotask.autotask_security_level).
    type: list
    elements: dict
    default: []
  show:
    description: Whether to show what is wrong, or what would be granted, to whoever watches the run, a line each.
    type: bool
    default: false
    version_added: 0.2.0
requirements:
  - jsonschema
  - PyYAML
attributes:
  check_mode:
    description: Can run in check mode.
    support: full
  diff_mode:
    description: There is nothing that it changes.
    support: none
  idempotent:
    description: When run twice in a row, the second run returns the same.
    support: full
  action:
    description: Runs inside the controller process when the host is local, and otherwise as a module on the host.
    support: full
seealso:
  - module: msp.autotask.autotask_security_level
  - module: msp.autotask.autotask_api_user
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = r"""
- name: Check a profile
  msp.autotask.autotask_profile_info:
    profile:
      profile: 2
      integration: example
      vendor: Example
      security_levels:
        - key: main
          name: Example API
          settings:
            Service Desk:
              Tickets: {View: All, Add: true}
      api_users:
        - key: main
          first_name: Example
          last_name: API
          security_level: main
          tracking_identifier: {internal_integration_name: Example}
          expect: {granted: ["Tickets:query", "Tickets:create"], denied: ["Contracts:query"]}
      sources:
        - {at: security_levels > main > name, source: assumed, why: the guide leaves it open}
  register: checked

- name: Read what it would grant
  ansible.builtin.debug:
    var: checked.words
"""

RETURN = r"""
profile:
  description: The profile, checked, with the tenant's choices in it and every label in the catalogue's spelling.
  returned: success
  type: dict
  sample: {integration: example, vendor: Example}
grants:
  description: Every setting that lets a user do something; C(shown_by) are the operations by which REST shows it.
  returned: success
  type: list
  elements: dict
  sample:
    - {level: Example API, setting: Service Desk > Object Permissions > Tickets > Add, value: "Yes", source: guide, why: "", shown_by: ["Tickets:create"]}
taken_away:
  description: Every setting, or whole section, that a level has not of what it is a copy of.
  returned: success
  type: list
  elements: dict
  sample: [{level: Example API, setting: Service Desk > Object Permissions > Tickets > Delete}]
assumed:
  description: What no guide states, by its place in the profile.
  returned: success
  type: list
  elements: dict
  sample:
    - {at: security_levels > main > name, why: the guide leaves it open}
unknown:
  description: What could not be seen in the guide, by its place in the profile.
  returned: success
  type: list
  elements: dict
  sample: []
incomplete:
  description: What the profile lacks. It is rolled out only where a tenant allows that.
  returned: success
  type: list
  elements: str
  sample: []
unexpressed:
  description:
    - Words of the guide that a section of the editor can't express, so that nothing is granted there; C(kept) says that the level is a copy and keeps there
      what its source has.
  returned: success
  type: list
  elements: dict
  sample:
    - {level: Example API, section: Reports, word: read, why: the section has no setting that only lets one read, kept: false}
remarks:
  description: What somebody who sets the integration up should know beforehand.
  returned: success
  type: list
  elements: str
  sample: ["1 of 4 granted settings are assumed, because the guide doesn't state them; each can be overridden."]
errors:
  description: Each thing that is wrong, where there are several, with its own C(code).
  returned: failure
  type: list
  elements: dict
  sample: [{code: expectation, msg: 'my-vendor.yml, line 26 > api_users > main > expect > granted > 1: REST has no entity "Tickts". Nearest: "Tickets".'}]
words:
  description: All of it in lines that a person reads.
  returned: success
  type: list
  elements: str
  sample: ["Example: 1 security level, 1 API user."]
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ..module_utils._edge import module
from ..module_utils._edge.controller import Controller
from ..module_utils._errors import InputError
from ..module_utils._profile.explain import explained
from ..module_utils._profile.library import catalogue_of, read_file
from ..module_utils._profile.rendering import rendered
from ..module_utils._profile.resolve import read_profile
from ..module_utils._profile.resolved import Choices
from ..module_utils._profile.text import Text, text_of

SPEC = {
    "path": {"type": "path"},
    "profile": {"type": "dict"},
    "included": {"type": "list", "elements": "str", "default": []},
    "excluded": {"type": "list", "elements": "str", "default": []},
    "overrides": {"type": "dict", "default": {}},
    "lines_of_business": {"type": "list", "elements": "str", "default": []},
    "impersonated_levels": {"type": "list", "elements": "str", "default": []},
    "extra_settings": {"type": "list", "elements": "dict", "default": []},
    "show": {"type": "bool", "default": False},
}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    try:
        result = _explained(params)
    except InputError as error:
        _show(params, controller, [str(one) for one in error.errors])
        raise
    _show(params, controller, result["words"])
    return result


def _explained(params: Mapping[str, Any]) -> dict[str, Any]:
    text = _text(params)
    catalogue = catalogue_of([text], params["extra_settings"])
    choices = Choices(**{name: params[name] for name in ("included", "excluded", "overrides", "lines_of_business", "impersonated_levels")})
    profile = read_profile(text, choices, catalogue)
    return {"changed": False, "profile": rendered(profile, catalogue), **explained(profile, catalogue)}


def _show(params: Mapping[str, Any], controller: Controller, lines: Sequence[str]) -> None:
    for line in lines if params["show"] else ():
        controller.say(line)


def _text(params: Mapping[str, Any]) -> Text:
    if (params["path"] is None) == (params["profile"] is None):
        raise InputError(["path"], "name either the `path` of a profile, or the `profile` itself", "profile_missing")
    return text_of(params["profile"]) if params["path"] is None else read_file(params["path"])


def main() -> None:
    module.main(SPEC, run)


if __name__ == "__main__":
    main()
