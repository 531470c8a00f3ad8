# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The option that lists integrations."""

from __future__ import annotations


class ModuleDocFragment:
    """What a tenant's integrations are."""

    DOCUMENTATION = r"""
options:
  integrations:
    description: The integrations that this is about.
    type: list
    elements: dict
    suboptions:
      profile:
        description:
          - "What the vendor asks for: the name of a vendor's role, such as V(beecastle), the path of a profile, or the profile as data."
          - Its form is documented in the collection's C(docs/profile.md).
        type: raw
      integration:
        description: The key of an integration to retire whose profile is no longer there. What is its own is known from its changes alone.
        type: str
      state:
        description: V(absent) retires the integration.
        type: str
        choices: [present, absent]
        default: present
      included:
        description: The keys of the profile's optional parts that this tenant wants.
        type: list
        elements: str
        default: []
      excluded:
        description: The keys of the parts that are on by default and that this tenant doesn't want.
        type: list
        elements: str
        default: []
      overrides:
        description: Other values for this tenant, in the form of the profile, with levels and users as mappings by their keys.
        type: dict
        default: {}
      lines_of_business:
        description: The lines of business of the API users. None means what the profile says.
        type: list
        elements: str
        default: []
      impersonated_levels:
        description: The names of the security levels of the people that the integration acts as.
        type: list
        elements: str
        default: []
      allow_incomplete:
        description: Whether it is set up although its profile lists what it lacks (C(incomplete)), because whoever wrote it could not read all of the guide.
          In check mode it is planned in any case.
        type: bool
        default: false
      email:
        description: The Email Address of its API users, where it isn't the tenant's.
        type: str
      location:
        description: The Primary Internal Location of its API users, where it isn't the tenant's.
        type: str
      apply_via:
        description: Who carries its steps out, where it isn't as for the tenant.
        type: str
        choices: [ticket, runsheet, console]
      mode:
        description: What a run may do about it, where it isn't as for the tenant.
        type: str
        choices: [report, ask, apply]
      runsheet:
        description: Where its run sheets are kept, where it isn't as for the tenant.
        type: dict
        suboptions:
          path:
            description: The folder.
            type: path
          html:
            description: Whether to write a page to print beside each run sheet.
            type: bool
      variables:
        description: What people call these options, by option, such as C(guardz_lines_of_business). Errors name it.
        type: dict
        default: {}
"""
