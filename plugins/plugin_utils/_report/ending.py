# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The last lines of a run: who waits for what, where it lies, what is to be done next. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...module_utils._text import on_one_line

# More than fit on a screen are counted, and are in the report.
MOST_LINES = 20
LONGEST = 200
# What is to be done next, by the state of an integration; in the order in which they are told.
NEXT = {
    "failed": "Failed; mend what it says, and run this again:",
    "pending": "Waiting for people; once all is ticked off, run this again:",
    "credentials": "Waiting for credentials; record them with the playbook msp.autotask.record_credentials, and run this again:",
    "planned": "Planned, and nothing written; the same without --check asks for it:",
}


def endings(tenants: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The lines for a report's tenants; none where nobody has anything to do."""
    found: dict[str, list[str]] = {state: [] for state in NEXT}
    for tenant in tenants:
        found["failed"] += [f"{tenant['host']}: {reason['msg']}" for reason in tenant["errors"]]
        for entry in tenant["integrations"]:
            if entry["state"] in found:
                found[entry["state"]].append(f"{tenant['host']}: {entry['integration']}{_told(entry)}")
    left = MOST_LINES
    for state, lines in found.items():
        if lines:
            yield NEXT[state]
            yield from (f"  {_shortened(line)}" for line in lines[:left])
            if len(lines) > left:
                yield f"  and {len(lines) - left} more, in the report"
            left -= min(left, len(lines))


def _told(entry: Mapping[str, Any]) -> str:
    change = entry["change"]
    if entry["state"] == "failed":
        return f": {entry['error']}"
    if entry["state"] == "pending" and change:
        whose = f", {change['assignee']}" if change.get("assignee") else ""
        return f", {change['steps_total'] - change['steps_done']} steps in {change['reference']}{whose}"
    if entry["state"] == "planned":
        return f", {sum(len(known['plan']) for known in entry['objects'])} steps"
    return ""


def _shortened(line: str) -> str:
    line = on_one_line(line)
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}..."
