# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where recorded credentials are kept."""

from __future__ import annotations


class ModuleDocFragment:
    """The option that names the store of recorded credentials."""

    DOCUMENTATION = r"""
options:
  credentials_store:
    description: Where recorded credentials are kept, encrypted with the vault secret of the run.
    type: dict
    default: {}
    suboptions:
      folder:
        description:
          - The folder, with a folder for each tenant in it.
          - The credentials named V(provisioner) there are those of the user that the collection works as; they are used where no O(user_name) is given.
          - Recorded credentials are bound to the name of their tenant, its zone and its database, and refused elsewhere. What is known of that is also in
            the file C(home.json) of a tenant's folder, without secrets. O(user_name) and what belongs to it are held against that, too.
        type: path
        default: credentials
      integration_codes:
        description: Tracking identifiers that integration vendors gave us, by the names under which credentials are recorded.
        type: dict
        default: {}
"""
