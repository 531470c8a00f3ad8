# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How a module proves what it is about, documented once."""

from __future__ import annotations


class ModuleDocFragment:
    """The option of every module that signs in as the API user that it is about."""

    DOCUMENTATION = r"""
options:
  credentials:
    description:
      - Recorded credentials of the API user that this task manages, or of any API user that has the security level it manages.
      - They must be valid and belong to that user. Signing in reveals its effective access, which REST doesn't show otherwise. Without them those values are
        reported as V(unknown).
    type: dict
    suboptions:
      user_name:
        description: The Username (Key).
        type: str
        required: true
      secret:
        description: The Password (Secret).
        type: str
        required: true
      integration_code:
        description: The Tracking Identifier. Without it, as with an integration vendor that keeps its own, nobody can sign in as that user.
        type: str
"""
