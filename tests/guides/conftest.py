# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sandbox, for the guides of the vendors."""

from __future__ import annotations

from tests.sandbox.conftest import sandbox, spare_tenants

__all__ = ["sandbox", "spare_tenants"]
