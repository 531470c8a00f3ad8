# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Opens a hand-over in the one task that needs it, so that its secrets are in no variable of the host."""

from __future__ import annotations

DOCUMENTATION = """
name: handover
author:
  - msp.autotask contributors (@msp-autotask)
version_added: 0.2.0
short_description: What a hand-over holds
description:
  - Decrypts a hand-over with the vault secret of the run. Use it in the task that takes it to its vendor, with C(no_log), and nowhere else.
options:
  _terms:
    description: The paths of hand-overs, such as C(autotask_handover.path) in your own hand-over tasks.
    required: true
"""

EXAMPLES = """
- name: Take a hand-over to where its vendor reads it
  ansible.builtin.uri:
    url: https://vault.example.com/secrets/{{ autotask_handover.integration }}
    method: PUT
    body_format: json
    body: "{{ lookup('msp.autotask.handover', autotask_handover.path).fields }}"
  no_log: true
"""

RETURN = """
_raw:
  description: C(vendor), C(to), C(tenant) and C(fields), the last by the vendor's own names. Everything is text, and never a template.
  type: list
  elements: dict
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

from ..module_utils._errors import AutotaskError
from ..plugin_utils._vault import vault_of_run


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms: Sequence[str], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[dict[str, Any]]:
        """What each of the files holds."""
        files = vault_of_run(self._loader)
        found = []
        for path in terms:
            try:
                content = files.read(str(path))
            except AutotaskError as error:
                raise _told(str(error)) from None
            if content is None:
                raise _told(f"There is no hand-over {path}.")
            found.append(content)
        return found


def _told(reason: str) -> AnsibleError:
    """The error, of which something is said here already: a task with C(no_log) doesn't show why it failed."""
    Display().warning(reason)
    return AnsibleError(reason)
