# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What somebody means by a list who could only give text: on the command line, or in a survey. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml


def entries_of(given: object) -> list[Any] | None:
    """The entries of a list, or of the text of one: with commas between them, a line for each, or as YAML and Python write lists.

    None for what is no list, and for what was cut off, as Ansible does it to `-e name=a, b`.
    """
    if given is None:
        return []
    if not isinstance(given, str):
        return list(given) if isinstance(given, Sequence) else None
    text = given.strip()
    if text.startswith(("[", "- ")):
        return _of_yaml(text)
    if text.startswith("{"):
        return None
    entries = text.splitlines() if "\n" in text else text.split(",")
    entries = [_unquoted(entry.strip()) for entry in entries if entry.strip() or "\n" not in text] if text else []
    return None if any(not entry or entry.endswith(",") for entry in entries) else list(entries)


def texts_of(given: object) -> list[str] | None:
    """The same, of a list of texts: None also where one of them is something else."""
    entries = entries_of(given)
    if entries is None or any(entry is None or isinstance(entry, bool | Mapping | list | tuple) for entry in entries):
        return None
    return [str(entry) for entry in entries]


def _of_yaml(text: str) -> list[Any] | None:
    """What YAML reads of it, each value as the text that it is."""
    try:
        found = yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return None
    return found if isinstance(found, list) and "" not in found else None


def _unquoted(text: str) -> str:
    """Without the quotes around it that a shell has left."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
