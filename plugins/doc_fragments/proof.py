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
      - What the API user signs in with that the task is about, or one that has the level that it is about, as it was recorded.
      - It has to sign in, and to belong to that user. What the user may do then shows what REST doesn't tell otherwise; without it, that stays unknown.
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
