# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where a fleet keeps something: for roles/integration."""

from __future__ import annotations

DOCUMENTATION = """
name: folder
short_description: Where a fleet keeps its credentials, hand-overs and run sheets
version_added: 0.2.0
description:
  - Makes absolute paths of relative ones. They lie in the folder of the fleet, which is the same wherever a run is started from.
  - That is the variable C(autotask_folder); without it the folder that has the C(ansible.cfg) in use, unless that is the one of the user or of the machine;
    without that the folder that has the inventory, be that a file or a folder.
  - It is an error where no such folder is known, where it would be inside an inventory, or where it would be lost with a job.
options:
  _terms:
    description: Paths. An absolute one stays as it is.
    type: list
    elements: str
    required: true
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = """
- name: Show where credentials are kept
  ansible.builtin.debug:
    msg: "{{ lookup('msp.autotask.folder', 'credentials') }}"
"""

RETURN = """
_raw:
  description: The absolute path of each.
  type: list
  elements: str
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.plugins.lookup import LookupBase

from ..plugin_utils._fleet import kept_at


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms: Sequence[str], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[str]:
        """Each path, absolute."""
        return [kept_at(path, variables or {}, self._templar) for path in terms]
