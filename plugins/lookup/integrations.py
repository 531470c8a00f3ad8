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
  - Reads C(autotask_integrations), C(autotask_vendor), C(autotask_vendors), C(autotask_profile), C(autotask_profiles) and C(autotask_integration), and the
    variables of the vendors' roles, such as C(beecastle_included), and makes of them what the option
    O(msp.autotask.autotask_integrations#module:integrations) takes.
  - An entry of C(autotask_integrations) names a C(profile), and what the tenant chooses of it, such as C(included) or C(email). Its choices count wherever
    that profile is meant.
  - A vendor or a profile that is named alone is all that the run is about, and lists that are given on the command line are, too. Otherwise it is about
    what is listed.
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

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase
from ansible.utils.vars import load_extra_vars

from ..module_utils._edge.context import PROVISIONER
from ..module_utils._errors import InputError
from ..module_utils._profile.library import catalogue_of, file_of, profile_text, unknown_vendor, vendors
from ..module_utils._profile.resolve import read_profile
from ..module_utils._profile.resolved import Choices
from ..module_utils._text import quoted, suggestion
from ..plugin_utils._fleet import kept_at

LISTS = ("autotask_vendors", "autotask_profiles", "autotask_integrations")
# What a tenant chooses of a profile, and whether it is a list or a mapping.
CHOICES: dict[str, type] = {"included": list, "excluded": list, "overrides": dict, "lines_of_business": list, "impersonated_levels": list}
# What a vendor's own variables may say otherwise than the tenant's.
OF_VENDOR = (*CHOICES, "email", "location", "apply_via", "runsheet")
INCOMPLETE = "allow_incomplete"
OF_ENTRY = ("profile", *OF_VENDOR, INCOMPLETE)


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms: Sequence[str], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[dict[str, Any]]:
        """One mapping; see RETURN."""
        self._variables = variables or {}
        self._state = kwargs.get("state") or "present"
        self._chosen = self._entries(self._value("autotask_integrations"))
        absent = self._state == "absent"
        alone = self._named_alone(terms[0] if terms else "", absent)
        if alone is not None:
            return [{"integrations": [{**alone, "state": "absent"} if absent else alone], "unlisted": "ignore"}]
        if absent:
            raise AnsibleError("Name the integration to retire: all that is listed is never retired at once.")
        given = {name: self._value(name) for name in LISTS}
        named = self._named_by_run(given)
        names, profiles, chosen = (self._list(name, given[name]) if name in (named or LISTS) else [] for name in LISTS)
        entries = [*(self._of_vendor(name) for name in names), *(self._of_profile(profile) for profile in profiles)]
        entries += [self._of_any(one["profile"]) for one in chosen if not any(_same(one["profile"], entry["profile"]) for entry in entries)]
        whole = not named and any(value is not None for value in given.values())
        return [{"integrations": entries, "unlisted": "report" if whole else "ignore"}]

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
        own = {**self._choices(name, OF_VENDOR), **(self._of_entry(name) or {})}
        if name == PROVISIONER and self._state == "present":
            # The first thing that a tenant needs takes no credentials: a run sheet, with a page to print.
            own = {"apply_via": "runsheet", "runsheet": {"html": True}, **own}
        return {"profile": name, **self._kept(own)}

    def _of_profile(self, profile: Any) -> dict[str, Any]:
        own = self._of_entry(profile)
        return {"profile": profile, **(self._choices("autotask", (*CHOICES, INCOMPLETE)) if own is None else self._kept(own))}

    def _kept(self, own: dict[str, Any]) -> dict[str, Any]:
        """The same; run sheets that are kept in a folder of the integration's own are found from anywhere."""
        runsheet = own.get("runsheet")
        path = runsheet.get("path") if isinstance(runsheet, Mapping) else None
        return {**own, "runsheet": {**(runsheet or {}), "path": kept_at(path, self._variables, self._templar)}} if path else own

    def _of_any(self, profile: Any) -> dict[str, Any]:
        return self._of_vendor(profile) if isinstance(profile, str) and profile in vendors() else self._of_profile(profile)

    def _of_entry(self, profile: Any) -> dict[str, Any] | None:
        """What the tenant's entry for a profile says of it; None where there is no such entry."""
        entry = next((one for one in self._chosen if _same(one["profile"], profile)), None)
        return None if entry is None else {name: value for name, value in entry.items() if name != "profile"}

    def _entries(self, value: Any) -> list[Mapping[str, Any]]:
        """The entries of `autotask_integrations`. Raises AnsibleError, with a line for each thing that is wrong with any of them."""
        if value is not None and (isinstance(value, str | Mapping) or not isinstance(value, Sequence)):
            raise AnsibleError("autotask_integrations is a list; each of its entries names a profile: - profile: my-vendor.yml")
        entries = list(value or [])
        errors = {number: list(_wrong_with(entries, number)) for number in range(len(entries))}
        if any(errors.values()):
            # The module, which looks at the profiles themselves, isn't reached.
            for number, entry in enumerate(entries):
                errors[number] += self._wrong_with_profile(entry, number) if isinstance(entry, Mapping) and entry.get("profile") else []
            raise AnsibleError("\n".join(f"autotask_integrations > {text}" for found in errors.values() for text in found))
        return entries

    def _wrong_with_profile(self, entry: Mapping[str, Any], index: int) -> list[str]:
        """What is wrong with the profile of an entry, and with what the tenant chooses of it."""
        place = (str(index + 1), "profile")
        try:
            text = profile_text(entry["profile"], place)
            choices = Choices(**{name: entry[name] for name in CHOICES if isinstance(entry.get(name), CHOICES[name])})
            read_profile(text, choices, catalogue_of([text], self._value("autotask_extra_settings") or []))
        except InputError as wrong:
            return [str(error if error.place[: len(place)] == place else error.below(place[:1])) for error in wrong.errors]
        return []

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

    def _named_by_run(self, given: Mapping[str, Any]) -> list[str]:
        """The lists that aren't the inventory's own. What a play or the command line names is what the run is about, not what the tenant should have."""
        of_command_line = load_extra_vars(self._loader)
        here = self._variables.get("hostvars", {}).get(self._variables.get("inventory_hostname")) or {}
        return [name for name, value in given.items() if value is not None and (name in of_command_line or value != here.get(name))]

    def _value(self, name: str) -> Any:
        """The value of a variable, None where there is none."""
        if name not in self._variables:
            return None
        return self._templar.template(self._variables[name])


def _wrong_with(entries: Sequence[Any], index: int) -> Iterator[str]:
    """What is wrong with one of the entries: each thing with its place."""
    entry, number = entries[index], index + 1
    if not isinstance(entry, Mapping):
        yield f"{number}: an entry is a mapping that names a profile, by the name of a vendor's role or a file: - profile: my-vendor.yml"
        return
    profile = entry.get("profile")
    if not profile:
        yield f"{number}: an entry is a mapping that names a profile, by the name of a vendor's role or a file: - profile: my-vendor.yml"
    elif any(isinstance(other, Mapping) and _same(profile, other.get("profile")) for other in entries[:index]):
        yield f"{number} > profile: another entry has this profile, too"
    for name in entry:
        if name not in OF_ENTRY:
            yield f"{number} > {name}: there is no such key here.{suggestion(str(name), OF_ENTRY)} The keys are {quoted(OF_ENTRY)}."


def _same(one: Any, other: Any) -> bool:
    """Whether two profiles are the same one: the same name or file, or, of profiles as data, the same key."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return bool(one.get("integration") == other.get("integration"))
    return (
        isinstance(one, str)
        and isinstance(other, str)
        and (one == other or os.path.realpath(file_of(one)) == os.path.realpath(file_of(other)))
    )
