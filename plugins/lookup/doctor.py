# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where the doctor's findings on a tenant's console lie, and what the doctor said: for roles/integration."""

from __future__ import annotations

DOCUMENTATION = """
name: doctor
author:
  - msp.autotask contributors (@msp-autotask)
version_added: 0.2.0
short_description: What the doctor said of a tenant's console
description:
  - Reads what O(msp.autotask.autotask_console_info#module:findings) of M(msp.autotask.autotask_console_info) left in a folder for a tenant.
options:
  _terms:
    description: The folder.
    required: true
  tenant:
    description: What the fleet calls the tenant. A name that can't be that of a file is refused.
    type: str
    required: true
"""

EXAMPLES = """
- name: See whether the doctor has passed
  ansible.builtin.debug:
    var: lookup('msp.autotask.doctor', 'console', tenant='alder').console.doctors_pass is defined
"""

RETURN = """
_raw:
  description: C(path), where the findings lie or will lie, and C(console), to be combined with the option
    O(msp.autotask.autotask_integrations#module:console); it is empty where there is no pass.
  type: list
  elements: dict
"""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ..module_utils import _files, _paths
from ..module_utils._errors import AutotaskError
from ..plugin_utils._plain import plain


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms: Sequence[str], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[dict[str, Any]]:
        """What there is in each of the folders."""
        try:
            return [_findings(str(plain(folder)), str(plain(kwargs.get("tenant") or ""))) for folder in terms]
        except AutotaskError as error:
            raise AnsibleError(str(error)) from None


def _findings(folder: str, tenant: str) -> dict[str, Any]:
    path = _paths.findings_of(folder, tenant)
    return {"path": path, "console": passed_in(_files.read_text(path) or "")}


def passed_in(text: str) -> dict[str, Any]:
    """The pass that the doctor wrote; nothing where the text is anything else: then the doctor may write it anew."""
    try:
        return {"doctors_pass": dict(yaml.safe_load(text)["doctors_pass"])}
    except (yaml.YAMLError, ValueError, TypeError, KeyError, RecursionError):
        return {}
