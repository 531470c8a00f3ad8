# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a run of the playbooks is about: the integrations of one tenant, with the tenant's choices."""

from __future__ import annotations

DOCUMENTATION = """
name: integrations
author:
  - msp.autotask contributors (@msp-autotask)
version_added: 0.2.0
short_description: The integrations that a tenant's variables list
description:
  - Reads C(autotask_vendor), C(autotask_vendors), C(autotask_profile), C(autotask_profiles) and C(autotask_integration), and the variables of the vendors'
    roles, such as C(beecastle_included), and makes of them what the option O(msp.autotask.autotask_integrations#module:integrations) takes.
  - A vendor or a profile that is named alone is all that the run is about. Otherwise it is about what is listed.
options:
  _terms:
    description: The name of a vendor's role that is all that is meant, whatever else is listed.
    required: false
  state:
    description:
      - The state that the integrations should have. With V(absent), C(autotask_integration), the key of one whose profile is no longer there, may be what is
        meant, and nothing is meant that isn't named alone.
      - V(any) means that nothing is set up, so that nothing is said of how the steps of a new one come to people.
    type: str
    choices: [present, absent, any]
    default: present
"""

EXAMPLES = """
- name: Say what is listed for this tenant
  ansible.builtin.debug:
    msg: "{{ lookup('msp.autotask.integrations').integrations | map(attribute='profile') }}"
"""

RETURN = """
_raw:
  description:
    - One mapping with C(integrations), and C(unlisted), which is V(report) where the run is about all that the inventory lists for the tenant, and else
      V(ignore).
  type: list
  elements: dict
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase
from ansible.utils.vars import load_extra_vars

from ..module_utils._edge.context import PROVISIONER
from ..module_utils._profile.library import unknown_vendor, vendors

LISTS = ("autotask_vendors", "autotask_profiles")
CHOICES = ("included", "excluded", "overrides", "lines_of_business", "impersonated_levels")
# What a vendor's own variables may say otherwise than the tenant's.
OF_VENDOR = (*CHOICES, "email", "location", "apply_via", "runsheet")


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms: Sequence[str], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[dict[str, Any]]:
        """One mapping; see RETURN."""
        self._variables = variables or {}
        self._state = kwargs.get("state") or "present"
        absent = self._state == "absent"
        alone = self._named_alone(terms[0] if terms else "", absent)
        if alone is not None:
            return [{"integrations": [{**alone, "state": "absent"} if absent else alone], "unlisted": "ignore"}]
        if absent:
            raise AnsibleError("Name the integration to retire: all that is listed is never retired at once.")
        given = {name: self._value(name) for name in LISTS}
        listed = [self._list(name, given[name]) for name in LISTS]
        entries = [*(self._of_vendor(name) for name in listed[0]), *(self._of_profile(profile) for profile in listed[1])]
        return [{"integrations": entries, "unlisted": "report" if self._is_whole_tenant(given) else "ignore"}]

    def _named_alone(self, vendor: str, of_tickets: bool) -> dict[str, Any] | None:
        """The one integration that the run is about; None where it is about what is listed. Raises AnsibleError where two are named."""
        if vendor:
            return self._of_vendor(vendor)
        names = ["autotask_vendor", "autotask_profile", *(["autotask_integration"] if of_tickets else [])]
        given = [name for name in names if self._value(name) is not None]
        if len(given) > 1:
            raise AnsibleError(
                "Name either a vendor with -e autotask_vendor=... or a profile of your own with -e autotask_profile=...: "
                f"{' and '.join(given)} are set."
            )
        if not given:
            return None
        value = self._value(given[0])
        if given[0] == "autotask_integration":
            return {"integration": str(value)}
        return self._of_vendor(str(value)) if given[0] == "autotask_vendor" else self._of_profile(value)

    def _of_vendor(self, name: str) -> dict[str, Any]:
        if name not in vendors():
            raise AnsibleError(str(unknown_vendor(name, ("autotask_vendors",))))
        own = self._choices(name, OF_VENDOR)
        if name == PROVISIONER and self._state == "present":
            # The first thing that a tenant needs takes no credentials: a run sheet, with a page to print.
            folder = self._value("inventory_dir") or self._value("playbook_dir") or "."
            own = {"apply_via": "runsheet", "runsheet": {"path": f"{folder}/runsheets", "html": True}, **own}
        return {"profile": name, **own}

    def _of_profile(self, profile: Any) -> dict[str, Any]:
        return {"profile": profile, **self._choices("autotask", CHOICES)}

    def _choices(self, prefix: str, names: Sequence[str]) -> dict[str, Any]:
        """What the tenant decides: the variables that begin like the vendor's role."""
        found = {name: self._value(f"{prefix}_{name}") for name in names}
        return {name: value for name, value in found.items() if value}

    def _list(self, name: str, value: Any) -> list[Any]:
        """The names in a list, which may have been written as text on the command line. Raises AnsibleError for what is none."""
        if value is None or value == "":
            return []
        if isinstance(value, str):
            if re.search(r",\s*$", value) or value.count("[") != value.count("]"):
                raise self._no_list(name, value)
            value = re.findall(r"[^][\s,\"']+", value) if name == "autotask_vendors" else [value]
        if isinstance(value, Mapping) or not isinstance(value, Sequence):
            raise self._no_list(name, value)
        found: list[Any] = []
        for one in value:
            if one not in found:
                found.append(one)
        return found

    def _no_list(self, name: str, value: Any) -> AnsibleError:
        return AnsibleError(
            f'{name} is {value!r}. That is no list of names, or was cut off at a blank: write it as -e \'{{"{name}": ["...", "..."]}}\' '
            f"or as -e {name}=...,..."
        )

    def _is_whole_tenant(self, given: Mapping[str, Any]) -> bool:
        """Whether the lists are the inventory's own. What a play or the command line names is what the run is about, not what the tenant should have."""
        if all(value is None for value in given.values()) or any(name in load_extra_vars(self._loader) for name in LISTS):
            return False
        here = self._variables.get("hostvars", {}).get(self._variables.get("inventory_hostname")) or {}
        return all(value == here.get(name) for name, value in given.items())

    def _value(self, name: str) -> Any:
        """The value of a variable, None where there is none."""
        if name not in self._variables:
            return None
        return self._templar.template(self._variables[name])
