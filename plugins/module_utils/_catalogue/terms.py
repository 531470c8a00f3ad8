# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The words that a tenant chooses for itself, and the spellings that follow from them. Private to the collection."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

# The words a tenant can choose (Autotask help, Limit_Resource_Visibility and ViewPermissionsProtectedUDFs), each with its plural.
ORGANIZATION = {
    "Organization": "Organizations",
    "Account": "Accounts",
    "Business Unit": "Business Units",
    "Client": "Clients",
    "Company": "Companies",
    "Customer": "Customers",
    "Site": "Sites",
}
DEVICE = {
    "Device": "Devices",
    "Asset": "Assets",
    "Configuration Item": "Configuration Items",
    "Installed Asset": "Installed Assets",
    "Installed Product": "Installed Products",
}
Terms = Mapping[str, str]
DEFAULT_TERMS: Terms = MappingProxyType({"organization": "Organization", "device": "Device"})


def worded(template: str, terms: Terms = DEFAULT_TERMS) -> str:
    """The template with the tenant's words in place of `{Organization}`, `{organizations}`, `{Device}` and so on."""
    words: dict[str, str] = {}
    for name, plurals in (("organization", ORGANIZATION), ("device", DEVICE)):
        singular = terms.get(name) or DEFAULT_TERMS[name]
        plural = plurals.get(singular, singular + "s")
        words |= {name: singular.lower(), name.title(): singular, name + "s": plural.lower(), name.title() + "s": plural}
    return re.sub(r"\{(\w+)\}", lambda match: words.get(match[1], match[0]), template)


def spellings(template: str) -> list[str]:
    """Every spelling of the template that some tenant may print."""
    if "rganization" in template:
        return [worded(template, {"organization": word}) for word in ORGANIZATION]
    if "{" in template:
        return [worded(template, {"device": word}) for word in DEVICE]
    return [template]


def admin_path(terms: Terms = DEFAULT_TERMS) -> str:
    """Where the console keeps levels and users, in the tenant's own words. What stands in brackets newer consoles have, and older ones don't.

    Source: Autotask help on security events, `Left Navigation Menu > Admin > Admin Categories > ...`; older pages go on from Admin.
    """
    return worded("Admin (> Admin Categories) > {Organization} Settings & Users > Resources/Users (HR)", terms)
