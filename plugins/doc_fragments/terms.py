# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The tenant's own words, documented once."""

from __future__ import annotations


class ModuleDocFragment:
    """The option that says what the tenant's console calls things."""

    DOCUMENTATION = r"""
options:
  local_terms:
    description: The tenant's own words, as its console prints them.
    type: dict
    default: {}
    suboptions:
      organization:
        description: Its word for Organization, such as V(Company) or V(Account).
        type: str
      device:
        description: Its word for Device, such as V(Configuration Item).
        type: str
"""
