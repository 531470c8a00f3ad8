# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Fleets of the sandbox's tenants, for profiles to be provisioned on."""

from __future__ import annotations

from tests.roles.conftest import fleet

__all__ = ["fleet"]
