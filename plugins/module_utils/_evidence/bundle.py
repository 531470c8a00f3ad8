# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""An evidence bundle as data: what is known of a tenant's integrations on a day, and how. Pure. Private to the collection.

No time of the run is in it, only the day, and what the tenant's own data say: the same tenant makes the same bytes twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .._change.model import Change, Line
from .._entities import UserFacts
from .controls import CONTROLS

# The form of evidence.json.
VERSION = 1
Data = dict[str, Any]
# What of an integration's entry is its plan, and of each of its objects.
OF_ENTRY = ("state", "pending", "msg", "code", "refused", "remarks")
OF_OBJECT = ("kind", "subject", "pending", "pending_for", "evidence", "contradictions", "diff", "warnings")
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Tick:
    """Who ticked off a line of a ticket's checklist, by the id of the resource, and when, as Autotask says it."""

    by: int
    at: str


@dataclass(frozen=True)
class Attested:
    """What tickets tell of changes beyond the changes themselves: ticks by the ids of lines, the days they were completed by their ids, and people."""

    ticks: Mapping[int, Tick]
    closed: Mapping[int, str]
    people: Mapping[int, Mapping[str, Any]]


def digest(data: object) -> str:
    """The SHA-256 of data, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def profile_part(profile: Mapping[str, Any]) -> Data:
    """A profile as it was resolved, its hash, and which revision of the vendor's guide it follows, as far as it says so."""
    revised = [guide["revised"] for guide in profile.get("guides", ()) if guide.get("revised")]
    return {"sha256": digest(profile), "revised": revised, "resolved": dict(profile)}


def plan_part(entry: Mapping[str, Any]) -> Data:
    """What a run in check mode says of an integration: what is known of each object and how, what differs, and the steps that are left."""
    objects = [
        {**{name: known.get(name) for name in OF_OBJECT}, "steps": [step["text"] for step in known["plan"]]} for known in entry["objects"]
    ]
    return {**{name: entry[name] for name in OF_ENTRY}, "objects": objects}


def attestation_part(changes: Sequence[Change], attested: Attested) -> list[Data]:
    """The changes of an integration: what each asked for, step by step, and who ticked off what."""
    return [_change(change, attested) for change in changes]


def _change(change: Change, attested: Attested) -> Data:
    return {
        "number": change.number,
        "kept_in": "ticket" if change.id else "runsheet",
        "reference": change.reference,
        "url": change.url,
        "opened": change.opened,
        "closed": "" if change.open else attested.closed.get(change.id, UNKNOWN),
        "state": "open" if change.open else "closed",
        "objects": [
            {
                "subject": subject,
                "attested": record.attested,
                "document": dict(record.document),
                "steps": [_step(text, line, attested) for text, line in zip(record.steps, change.assigned[subject], strict=True)],
            }
            for subject, record in change.records.items()
        ],
    }


def _step(text: str, line: Line | None, attested: Attested) -> Data:
    tick = attested.ticks.get(line.id) if line and line.done else None
    return {
        "text": text,
        "done": bool(line and line.done),
        "by": dict(attested.people.get(tick.by, {"id": tick.by, "name": "", "api_user": None})) if tick else {},
        "at": tick.at if tick else "",
    }


def access_part(
    expected: Iterable[tuple[str, str, str, bool]], found: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]]
) -> list[Data]:
    """What each API user of an integration should be able to do and can, now and in an earlier bundle.

    `expected` are user, entity, operation and whether it is granted; `found` what was seen now, `before` the rows of the earlier bundle.
    """
    seen = {_key(row): row for row in found}
    earlier = {_key(row): str(row.get("now", UNKNOWN)) for row in before}
    rows = []
    for user, entity, operation, granted in expected:
        row = seen.get((user, entity, operation), {})
        rows.append(
            {
                "api_user": user,
                "entity": entity,
                "operation": operation,
                "expected": "granted" if granted else "denied",
                "now": row.get("effective", UNKNOWN),
                "verdict": row.get("verdict", UNKNOWN),
                "before": earlier.pop((user, entity, operation), ""),
            }
        )
    gone = {"expected": "", "now": UNKNOWN, "verdict": "expected no more"}
    rows += [
        {"api_user": user, "entity": entity, "operation": operation, **gone, "before": was}
        for (user, entity, operation), was in earlier.items()
    ]
    return rows


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(row.get("api_user")), str(row.get("entity")), str(row.get("operation"))


def users_part(users: Iterable[UserFacts], whose: Mapping[int, str]) -> list[Data]:
    """All API users that REST shows, and the integration that each is of; empty for those of none that is listed."""
    return [
        {
            "id": user["id"],
            "name": f"{user['first_name']} {user['last_name']}".strip(),
            "active": user["active"],
            "security_level": user["security_level"],
            "integration": whose.get(user["id"], ""),
        }
        for user in sorted(users, key=lambda one: one["id"])
    ]


def controls_part() -> list[Data]:
    """Which part speaks to which control, and what it doesn't show."""
    return [{**asdict(control), "parts": list(control.parts)} for control in CONTROLS]
