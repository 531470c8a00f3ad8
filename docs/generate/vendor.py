# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A vendor's role as its profile has it: the variables, and what is granted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils._profile.explain import explained
from ansible_collections.msp.autotask.plugins.module_utils._profile.library import catalogue_of, read_file
from ansible_collections.msp.autotask.plugins.module_utils._profile.old_form import in_todays_form
from ansible_collections.msp.autotask.plugins.module_utils._profile.parts import impersonated, users_in
from ansible_collections.msp.autotask.plugins.module_utils._profile.resolve import read_profile
from ansible_collections.msp.autotask.plugins.module_utils._profile.resolved import Choices

PROVISIONER = "provisioner"


@dataclass(frozen=True)
class Variable:
    """A variable of a vendor's role. With `choices`, its entries are among them."""

    name: str
    type: str
    text: str
    choices: Sequence[str] = ()

    @property
    def default(self) -> str:
        return "{}" if self.type == "dict" else "[]"


@dataclass(frozen=True)
class Grant:
    """A setting that a level of the profile grants, with its value, and who says so."""

    setting: str
    value: str
    source: str


@dataclass(frozen=True)
class Vendor:
    """A role, and the profile in it."""

    folder: Path

    @property
    def role(self) -> str:
        return self.folder.name

    @property
    def profile(self) -> dict[str, Any]:
        return in_todays_form(read_file(str(self.folder / "files" / "profile.yml"))).data

    @property
    def name(self) -> str:
        return str(self.profile["vendor"])

    @property
    def parts(self) -> list[dict[str, Any]]:
        return list(self.profile.get("optional", []))

    def keys(self, default: bool) -> list[str]:
        """The keys of the optional parts that are on by default, or of those that are not."""
        return [part["key"] for part in self.parts if bool(part.get("default")) is default]

    def variables(self) -> list[Variable]:
        """The variables that the role has for what a tenant decides."""
        people = " and ".join(dict.fromkeys(one["whose"] for one in impersonated(self.profile, self.parts)))
        found = [
            _of_parts("included", "The optional parts that this tenant wants.", self.keys(default=False)),
            _of_parts("excluded", "The parts that are on by default and that this tenant doesn't want.", self.keys(default=True)),
            Variable(
                "overrides",
                "dict",
                "Other values for this tenant, in the form of the profile, with levels and users by their keys. See docs/profile.md.",
            ),
            Variable("lines_of_business", "list", self._lines_of_business()),
        ]
        if people:
            found.append(Variable("impersonated_levels", "list", f"The names of the security levels of {people}."))
        return found

    def _lines_of_business(self) -> str:
        users = [user for _place, user in users_in(self.profile)]
        start = f"The lines of business that the API user{'s are' if len(users) > 1 else ' is'} associated with."
        if any(user.get("lines_of_business") == "tenant_choice" for user in users):
            return f"{start} The guide leaves them to the tenant, so name those that {self.name} is to see."
        return f"{start} None means {'what the profile says' if any(_listed(user) for user in users) else 'all'}."

    def granted(self, included: Sequence[str] = ()) -> list[Grant]:
        """What is granted with these optional parts and without all others. What a level has from the one that it copies is known as there."""
        excluded = [key for key in self.keys(default=True) if key not in included]
        text = read_file(str(self.folder / "files" / "profile.yml"))
        catalogue = catalogue_of([text])
        profile = read_profile(text, Choices(included=included, excluded=excluded), catalogue)
        found: dict[tuple[str, str], Grant] = {}
        for grant in explained(profile, catalogue)["grants"]:
            value = "ticked" if grant["value"] is True else str(grant["value"])
            found.setdefault((grant["setting"], value), Grant(grant["setting"], value, grant["source"]))
        return list(found.values())


def _of_parts(name: str, text: str, keys: Sequence[str]) -> Variable:
    return Variable(name, "list", text if keys else f"{text} There are none.", tuple(keys))


def _listed(user: Mapping[str, Any]) -> bool:
    return isinstance(user.get("lines_of_business"), list)


def vendors(roles: Path) -> list[Vendor]:
    """The roles that have a profile; the last is the provisioner."""
    found = [Vendor(path.parents[1]) for path in sorted(roles.glob("*/files/profile.yml"))]
    return sorted(found, key=lambda vendor: vendor.role == PROVISIONER)
