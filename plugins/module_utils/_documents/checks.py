# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a diagnosis can look at, by the names that profiles and modules use. Private to the collection."""

from __future__ import annotations

CHECKS = (
    "credentials",
    "user_active",
    "security_level",
    "access",
    "webhooks",
    "own_country",
    "lines_of_business",
    "products_without_category",
    "modules",
)
