# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How people hand credentials in who have no controller."""

from __future__ import annotations


class ModuleDocFragment:
    """The option that lets people hand in credentials sealed."""

    DOCUMENTATION = r"""
options:
  hand_in:
    description:
      - Let people hand in the credentials of API users sealed, in the change itself, instead of recording them at a controller. A page seals them in a
        browser for a key that only this fleet has; the next run opens them, proves them by signing in, stores them, and puts words in their place.
      - The private key is made where there is none, and lies as C(hand-in.yml) in the folder of O(credentials_store), encrypted like what is recorded there.
      - To do so in tickets, the user that the run works as has to be allowed to edit notes of others.
    type: dict
    suboptions:
      page:
        description: Where the page is written, one for all tenants.
        type: path
        required: true
      address:
        description: Where people find the page, as changes tell them. By default the O(hand_in.page) itself.
        type: str
"""
