# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A simulated employee: works change tickets in the console from their text, as a person would."""

from __future__ import annotations
