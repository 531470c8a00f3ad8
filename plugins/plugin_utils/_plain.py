# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Values as plain Python, without the marks that Ansible puts on strings. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def plain(value: Any) -> Any:
    """The value as a module that runs on its own would get it: strings that are just strings, decrypted where they were encrypted."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    # The strings of ansible-core 2.18 that must not be templated give themselves as their own str().
    return str.__str__(value) if isinstance(value, str) else str(value)
