# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where a fleet keeps something, by the variables of a host and how Ansible was started. Private to the collection."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible import constants
from ansible.errors import AnsibleError

from ..module_utils._edge.fleet_folder import VARIABLE, Started, is_job, path_in_fleet
from ..module_utils._errors import AutotaskError
from ._plain import plain


def kept_at(path: object, variables: Mapping[str, Any], templar: Any) -> str:
    """The absolute path of what is kept there. Raises AnsibleError where that isn't known, or nothing may be kept there."""
    given = variables.get(VARIABLE)
    folder = "" if given is None else str(plain(templar.template(given)))
    sources = [str(plain(source)) for source in variables.get("ansible_inventory_sources") or []]
    started = Started(sources, str(constants.CONFIG_FILE or ""), is_job(os.environ))
    try:
        return path_in_fleet(str(plain(path)), folder, started)
    except AutotaskError as error:
        raise AnsibleError(str(error)) from None
