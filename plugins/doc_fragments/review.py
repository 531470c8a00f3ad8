# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Options of the modules that compare a tenant with what is wanted."""

from __future__ import annotations


class ModuleDocFragment:
    """Which deviations are accepted."""

    DOCUMENTATION = r"""
options:
  acceptances:
    description:
      - A file of deviations that somebody has accepted, with the accepted value, a reason and a last day each. Nobody is asked to change them, and they are
        still compared. Its form is in the collection's C(docs/review.md).
      - An acceptance is of the tenant that its C(tenants) name, by the inventory's names.
    type: path
"""
