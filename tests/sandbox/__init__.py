# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sandbox held against the vendor's documents, and its console and operator against what people need."""

from __future__ import annotations
