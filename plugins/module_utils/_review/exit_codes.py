# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How a pipeline is told what came of it: `ansible-playbook` has no exit code for that. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .document import Document, Part, items_of
from .item import DRIFTED, FAILED, TO_DO, UNKNOWN, UNLISTED, WAITING

FINE, BAD_INPUT, SOMETHING, INCOMPLETE = 0, 1, 2, 3
MEANINGS: Mapping[int, str] = {
    FINE: "All is in sync, or accepted.",
    BAD_INPUT: "The input is bad, or nothing could be done on any tenant.",
    SOMETHING: "Something is to do, waiting, drifted or unlisted.",
    INCOMPLETE: "Some tenants failed, or something that is wanted is unknown.",
}


def exit_code(document: Document | None) -> int:
    """The exit code for what came of a run; None where it made no document."""
    if document is None:
        return BAD_INPUT
    if all(_nothing_done(part) for part in document["tenants"]):
        return BAD_INPUT
    states = _states(document)
    if FAILED in states or UNKNOWN in states:
        return INCOMPLETE
    return SOMETHING if states & {TO_DO, WAITING, DRIFTED, UNLISTED} else FINE


def _nothing_done(part: Part) -> bool:
    """Whether a tenant, or each of its integrations, failed."""
    entries = part["integrations"]
    return bool(part["error"]) or (bool(entries) and all(entry["state"] == FAILED for entry in entries))


def _states(document: Mapping[str, Any]) -> set[str]:
    found = {str(item["state"]) for part in document["tenants"] for item in items_of(part)}
    return found | {str(part["state"]) for part in document["tenants"]}
