# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A stand-in for Autotask PSA: its REST API, its console and a simulated operator, over one store."""

from __future__ import annotations
