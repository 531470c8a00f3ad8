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
  - The file of a profile is looked for in the folder of the fleet, as the lookup P(msp.autotask.folder#lookup) has it, and then where the run was started.
  - A vendor or a profile that is named alone is all that the run is about, and lists that are given on the command line are, too. Otherwise it is about
    what is listed.
  - To each of the lists counts what variables add whose names go on after it, such as C(autotask_vendors_backup) and C(autotask_vendors_quotes). Of two
    groups that both set C(autotask_vendors) Ansible takes the value of one.
  - A variable that begins with C(autotask_), or like a vendor's with the name of its role, and that nothing here knows is an error with the nearest name
    that there is. What a task has registered is none.
  - Lists may be given as text, as surveys and the command line do it, with commas between the entries, a line for each, or as YAML writes them.
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

import functools
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase
from ansible.utils.vars import load_extra_vars

from ..module_utils._edge.context import PROVISIONER
from ..module_utils._errors import InputError
from ..module_utils._profile.library import catalogue_of, file_of, profile_text, unknown_vendor, vendors
from ..module_utils._profile.resolve import read_profile
from ..module_utils._profile.resolved import Choices
from ..module_utils._text import for_error, quoted, suggestion
from ..plugin_utils._fleet import kept_at
from ..plugin_utils._lists import entries_of, texts_of
from ..plugin_utils._variables import wrong_names

VENDORS = "autotask_vendors"
PROFILES = "autotask_profiles"
INTEGRATIONS = "autotask_integrations"
LISTS = (VENDORS, PROFILES, INTEGRATIONS)
EXTRA_SETTINGS = "autotask_extra_settings"
# What a tenant chooses of a profile, and whether it is a list or a mapping.
CHOICES: dict[str, type] = {"included": list, "excluded": list, "overrides": dict, "lines_of_business": list, "impersonated_levels": list}
# What a vendor's own variables may say otherwise than the tenant's.
OF_VENDOR = (*CHOICES, "email", "location", "apply_via", "mode", "runsheet")
INCOMPLETE = "allow_incomplete"
OF_ENTRY = ("profile", *OF_VENDOR, INCOMPLETE)


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms: Sequence[str], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[dict[str, Any]]:
        """One mapping; see RETURN."""
        self._variables = variables or {}
        self._state = kwargs.get("state") or "present"
        if wrong := list(wrong_names(self._variables, OF_VENDOR, LISTS)):
            raise AnsibleError("\n".join(map(str, wrong)))
        self._check_extra_settings()
        given = {name: self._value(name) for name in self._names_of_lists()}
        self._entries = self._read_entries({name: value for name, value in given.items() if name.startswith(INTEGRATIONS)})
        absent = self._state == "absent"
        alone = self._named_alone(terms[0] if terms else "", absent)
        if alone is not None:
            return [{"integrations": [{**alone, "state": "absent"} if absent else alone], "unlisted": "ignore"}]
        if absent:
            raise AnsibleError("Name the integration to retire: all that is listed is never retired at once.")
        named = self._named_by_run(given)
        counting = {name: value for name, value in given.items() if name in named} if named else given
        whole = not named and any(value is not None for value in given.values())
        return [{"integrations": self._listed(counting), "unlisted": "report" if whole else "ignore"}]

    def _names_of_lists(self) -> list[str]:
        """The variables that list something, each with those of groups that add to it."""
        return [name for one in LISTS for name in (one, *sorted(other for other in self._variables if other.startswith(f"{one}_")))]

    def _listed(self, lists: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What the lists name, each profile once."""
        entries: list[dict[str, Any]] = []
        for name, value in lists.items():
            if name.startswith(VENDORS):
                entries += [self._of_vendor(vendor, name) for vendor in _names(name, value)]
            elif name.startswith(PROFILES):
                entries += [self._of_profile(profile, f"{name} > {number}") for number, profile in enumerate(_list(name, value), 1)]
        entries = [entry for number, entry in enumerate(entries) if entry not in entries[:number]]
        chosen = self._entries if any(name.startswith(INTEGRATIONS) for name in lists) else {}
        return entries + [
            self._of_any(one["profile"], f"{place} > profile")
            for place, one in chosen.items()
            if not any(_same(one["profile"], entry["profile"]) for entry in entries)
        ]

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
        return self._of_vendor(str(value)) if given[0] == "autotask_vendor" else self._of_profile(value, given[0])

    def _of_vendor(self, name: str, variable: str = "autotask_vendor") -> dict[str, Any]:
        """The entry of a vendor that a variable names. Raises AnsibleError where there is no such vendor."""
        if name not in vendors():
            raise AnsibleError(str(unknown_vendor(name, (variable,))))
        own = {**self._choices(name, OF_VENDOR), **(self._of_entry(name) or {})}
        if name == PROVISIONER and self._state == "present":
            # The first thing that a tenant needs takes no credentials: a run sheet, with a page to print.
            own = {"apply_via": "runsheet", "runsheet": {"html": True}, **own}
        variables = {**{option: f"{name}_{option}" for option in OF_VENDOR}, **self._places_in_entry(name)}
        return {"profile": name, **self._kept(own), "variables": variables}

    def _of_profile(self, given: Any, place: str) -> dict[str, Any]:
        """The entry of a profile that is named in a place. Raises AnsibleError where there is no such file."""
        profile = self._found(given)
        if _is_relative(profile) and not os.path.exists(file_of(profile)):
            folders = [f"in {os.getcwd()}, where this run was started", *(f"in the fleet's folder {one}" for one in self._fleet)]
            words = f"there is no file {profile} {' or '.join(folders[::-1])}"
            raise AnsibleError(str(InputError((place,), words, "profile_missing")))
        own = self._of_entry(profile)
        if own is None:
            options = (*CHOICES, INCOMPLETE)
            return {
                "profile": profile,
                **self._choices("autotask", options),
                "variables": {**{option: f"autotask_{option}" for option in options}, "profile": place},
            }
        return {"profile": profile, **self._kept(own), "variables": {**self._places_in_entry(profile), "profile": place}}

    def _found(self, profile: Any) -> Any:
        """The same; the path of a file that lies in the fleet's folder is found from anywhere. One that doesn't is where the run was started."""
        if not _is_relative(profile):
            return profile
        paths = [os.path.join(folder, file_of(profile)) for folder in self._fleet]
        return next((path for path in paths if os.path.exists(path)), profile)

    @functools.cached_property
    def _fleet(self) -> list[str]:
        """The folder of the fleet, where it is known and the run was started somewhere else."""
        with suppress(AnsibleError):
            folder = kept_at(".", self._variables, self._templar)
            return [folder] if os.path.realpath(folder) != os.getcwd() else []
        return []

    def _kept(self, own: dict[str, Any]) -> dict[str, Any]:
        """The same; run sheets that are kept in a folder of the integration's own are found from anywhere."""
        runsheet = own.get("runsheet")
        path = runsheet.get("path") if isinstance(runsheet, Mapping) else None
        return {**own, "runsheet": {**(runsheet or {}), "path": kept_at(path, self._variables, self._templar)}} if path else own

    def _of_any(self, profile: Any, place: str) -> dict[str, Any]:
        return self._of_vendor(profile) if isinstance(profile, str) and profile in vendors() else self._of_profile(profile, place)

    def _of_entry(self, profile: Any) -> dict[str, Any] | None:
        """What the tenant's entry for a profile says of it; None where there is no such entry."""
        entry = next((one for one in self._entries.values() if _same(one["profile"], profile)), None)
        return None if entry is None else {name: value for name, value in entry.items() if name != "profile"}

    def _places_in_entry(self, profile: Any) -> dict[str, str]:
        """Where the tenant's entry for a profile has each option, or would have it; nothing where there is no such entry."""
        place = next((place for place, one in self._entries.items() if _same(one["profile"], profile)), "")
        return {option: f"{place} > {option}" for option in OF_VENDOR} if place else {}

    def _read_entries(self, lists: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
        """The entries of `autotask_integrations` by their places, such as `autotask_integrations > 1`. Raises AnsibleError, with a line for each thing that
        is wrong with any of them.
        """
        for name, value in lists.items():
            if value is not None and (isinstance(value, str | Mapping) or not isinstance(value, Sequence)):
                raise AnsibleError(f"{name} is a list; each of its entries names a profile: - profile: my-vendor.yml")
        found: list[tuple[tuple[str, str], Any]] = []
        for name, value in lists.items():
            # What two groups say alike is said once.
            said = [entry for _place, entry in found]
            written = [self._with_path(entry) for entry in value or []]
            found += [((name, str(number)), entry) for number, entry in enumerate(written, 1) if entry not in said]
        wrong = {place: list(_wrong_with(entry, [one for _place, one in found[:number]])) for number, (place, entry) in enumerate(found)}
        if any(wrong.values()):
            # The module, which looks at the profiles themselves, isn't reached.
            for place, entry in found:
                wrong[place] += self._wrong_with_profile(entry) if isinstance(entry, Mapping) and entry.get("profile") else []
            raise AnsibleError("\n".join(str(error.below(place)) for place, errors in wrong.items() for error in errors))
        return {
            " > ".join(place): {key: texts_of(value) if CHOICES.get(key) is list else value for key, value in entry.items()}
            for place, entry in found
        }

    def _with_path(self, entry: Any) -> Any:
        """An entry, with the path of its profile."""
        return {**entry, "profile": self._found(entry["profile"])} if isinstance(entry, Mapping) and entry.get("profile") else entry

    def _wrong_with_profile(self, entry: Mapping[str, Any]) -> Sequence[InputError]:
        """What is wrong with the profile of an entry, and with what the tenant chooses of it."""
        try:
            text = profile_text(entry["profile"])
            choices = Choices(**{name: entry[name] for name in CHOICES if isinstance(entry.get(name), CHOICES[name])})
            read_profile(text, choices, catalogue_of([text], self._value(EXTRA_SETTINGS) or []))
        except InputError as wrong:
            return wrong.errors
        return ()

    def _choices(self, prefix: str, names: Sequence[str]) -> dict[str, Any]:
        """What the tenant decides: the variables that begin like the vendor's role."""
        found = {name: self._value(f"{prefix}_{name}") for name in names}
        found |= {name: _names(f"{prefix}_{name}", value) for name, value in found.items() if CHOICES.get(name) is list}
        return {name: value for name, value in found.items() if value}

    def _check_extra_settings(self) -> None:
        """Raises AnsibleError for something else than the descriptions of settings."""
        value = self._value(EXTRA_SETTINGS)
        entries = value if isinstance(value, Sequence) and not isinstance(value, str) else [value] if value else []
        if not all(isinstance(one, Mapping) for one in entries) or isinstance(value, Mapping):
            raise AnsibleError(f"{EXTRA_SETTINGS} is a list of settings, each a mapping with section and label; text can't say that.")

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


def _is_relative(profile: Any) -> bool:
    """Whether it is the path of a file that depends on a folder; what isn't named as a file is a vendor."""
    if not isinstance(profile, str) or profile in vendors():
        return False
    return ("/" in profile or profile.endswith((".yml", ".yaml"))) and not os.path.isabs(file_of(profile))


def _names(name: str, value: Any) -> list[str]:
    """The names in a list. Raises AnsibleError for what is no list of names."""
    found = texts_of(value)
    if found is None:
        raise _no_list(name, value)
    return found


def _list(name: str, value: Any) -> list[Any]:
    """The entries of a list, of which none is a list itself. Raises AnsibleError for what is none."""
    found = entries_of(value)
    if found is None or any(isinstance(one, list | bool) or not one for one in found):
        raise _no_list(name, value)
    return found


def _no_list(name: str, value: Any) -> AnsibleError:
    return AnsibleError(
        f'{name} is {value!r}. That is no list of names, or was cut off at a blank: write it as -e \'{{"{name}": ["...", "..."]}}\' '
        f"or as -e {name}=...,..."
    )


def _wrong_with(entry: Any, before: Sequence[Any]) -> Iterator[InputError]:
    """What is wrong with an entry of `autotask_integrations`, which others stand `before`: each thing with its place in it."""
    profile = entry.get("profile") if isinstance(entry, Mapping) else None
    if not profile:
        words = "an entry is a mapping that names a profile, by the name of a vendor's role or a file: - profile: my-vendor.yml"
        yield InputError((), words)
    elif any(isinstance(other, Mapping) and _same(profile, other.get("profile")) for other in before):
        yield InputError(("profile",), "another entry has this profile, too")
    for name, value in entry.items() if isinstance(entry, Mapping) else ():
        if name not in OF_ENTRY:
            yield InputError((name,), f"there is no such key here.{suggestion(str(name), OF_ENTRY)} The keys are {quoted(OF_ENTRY)}.")
        elif CHOICES.get(name) is list and texts_of(value) is None:
            yield InputError((name,), f"{for_error(value)} is no list of names")


def _same(one: Any, other: Any) -> bool:
    """Whether two profiles are the same one: the same name or file, or, of profiles as data, the same key."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return bool(one.get("integration") == other.get("integration"))
    return (
        isinstance(one, str)
        and isinstance(other, str)
        and (one == other or os.path.realpath(file_of(one)) == os.path.realpath(file_of(other)))
    )
