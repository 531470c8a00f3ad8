# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What is returned of one integration: one shape, whatever is done with it. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from .._errors import AutotaskError
from .._review.item import FAILED, IN_SYNC, TO_DO, WAITING
from .result import ObjectResult
from .wanted import Wanted


class Entry(TypedDict):
    """What is returned of one integration; see RETURN of `autotask_integrations`."""

    integration: str
    vendor: str
    state: str
    standing: str
    counts: dict[str, int]
    changed: bool
    pending: bool
    msg: str
    code: str
    change: dict[str, Any]
    refused: str
    objects: list[ObjectResult]
    access: dict[str, Any]
    unproven: list[dict[str, Any]]
    handover: dict[str, Any]
    manual_steps: dict[str, Any]
    sources: list[dict[str, Any]]
    remarks: list[str]
    messages: list[str]


# How an integration stands whose values nobody looks at one by one: one that is retired, or gets new secrets.
STANDING = {"done": IN_SYNC, "pending": WAITING, "planned": TO_DO, "credentials": WAITING}


def entry_of(wanted: Wanted) -> Entry:
    """An entry that nothing is known of yet."""
    return {
        "integration": wanted.integration,
        "vendor": wanted.vendor,
        "state": "done",
        "standing": IN_SYNC,
        "counts": {},
        "changed": False,
        "pending": False,
        "msg": "",
        "code": "",
        "change": {},
        "refused": wanted.refusal,
        "objects": [],
        "access": {},
        "unproven": [],
        "handover": {},
        "manual_steps": {},
        "sources": [dict(source) for source in (wanted.profile or {}).get("sources", ())],
        "remarks": [],
        "messages": [],
    }


def entry_with(wanted: Wanted, results: Sequence[ObjectResult], check_mode: bool) -> Entry:
    """The entry of an integration with what came of its objects."""
    return {
        **entry_of(wanted),
        "state": state_of(results, check_mode),
        "standing": STANDING[state_of(results, check_mode)],
        "changed": any(result["changed"] for result in results),
        "pending": any(result["pending"] for result in results),
        "change": change_of(results),
        "objects": list(results),
    }


def change_of(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The change to name for an integration, of those that its objects name: the newest in which something waits, else the last one; empty for none."""
    named = [result for result in results if result["change"]]
    waiting: list[dict[str, Any]] = [result["change"] for result in named if result["pending_for"] == "steps"]
    return max(waiting, key=lambda change: int(change["number"])) if waiting else named[-1]["change"] if named else {}


def failed(entry: Entry, error: AutotaskError) -> Entry:
    """The entry of an integration that something went wrong with."""
    return {**entry, "state": "failed", "standing": FAILED, "msg": str(error), "code": error.code}


def state_of(objects: Sequence[Mapping[str, Any]], check_mode: bool) -> str:
    """What an integration waits for: `pending` for people (`planned` in check mode), `credentials`, or nothing: `done`."""
    waiting = {known["pending_for"] for known in objects if known["pending"]}
    if "steps" in waiting:
        return "planned" if check_mode else "pending"
    return "credentials" if waiting else "done"
