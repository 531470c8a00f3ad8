# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The REST API under `/atservicesrest/v1.0/`, as Autotask documents it."""

from __future__ import annotations
