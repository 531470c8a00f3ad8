# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The last lines of a run: who waits for what, where it lies, what is to be done next. Private to the collection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ...module_utils._text import on_one_line
from .model import is_unproven

# More than fit on a screen are counted, and are in the report. The whole text is told where what to do next stands last in it.
MOST_LINES = 20
LONGEST = 200
WHOLE = ("failed", "unproven")
# Characters that a line of a screen has about, with the names before the text.
WIDTH = 220
# So many tenants that share a cause are named.
MOST_NAMES = 7
# What is to be done next, by the state of an integration; in the order in which they are told.
NEXT = {
    "failed": "Failed; mend what it says, and run this again:",
    "pending": "Waiting for people; once all is ticked off, run this again:",
    "credentials": "Waiting for credentials; record them with the playbook msp.autotask.record_credentials, and run this again:",
    "unproven": "Done, and not proven; see what it says:",
    "planned": "Planned, and nothing written; the same without --check asks for it:",
}


def endings(tenants: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The lines for a report's tenants; none where nobody has anything to do."""
    found: dict[str, list[str]] = {state: [] for state in NEXT}
    failures: list[tuple[str, str]] = []
    for tenant in tenants:
        failures += [(tenant["host"], reason["msg"]) for reason in tenant["errors"]]
        for entry in tenant["integrations"]:
            if is_unproven(entry):
                whys = dict.fromkeys(f"{one['api_user']}: {one['why']}" for one in entry["unproven"])
                found["unproven"] += [f"{tenant['host']}: {entry['integration']}, {why}" for why in whys]
            if entry["state"] == "failed":
                failures.append((tenant["host"], f"{entry['integration']}{_told(entry)}"))
            elif entry["state"] in found:
                found[entry["state"]].append(f"{tenant['host']}: {entry['integration']}{_told(entry)}")
    found["failed"] = _by_cause(failures)
    left = MOST_LINES
    for state, lines in found.items():
        if lines:
            yield NEXT[state]
            told = 0
            while told < len(lines) and left > 0:
                shown = list(_indented(lines[told])) if state in WHOLE else [f"  {_shortened(lines[told])}"]
                yield from shown
                told, left = told + 1, left - sum(1 + len(line) // WIDTH for line in shown)
            if len(lines) > told:
                yield f"  and {len(lines) - told} more, in the report"
        if state == "failed" and lines:
            yield f"  Only those that failed: -l {','.join(dict.fromkeys(host for host, _text in failures))}"


def _by_cause(failures: Iterable[tuple[str, str]]) -> list[str]:
    """A line for each cause, with the tenants that it is that of; what differs in their own names only is one cause."""
    causes: dict[str, list[tuple[str, str]]] = {}
    for host, text in failures:
        causes.setdefault(re.sub(rf"\b{re.escape(host)}\b", "", text), []).append((host, text))
    return [f"{_named(list(dict.fromkeys(host for host, _text in those)))}: {those[0][1]}" for those in causes.values()]


def _named(hosts: Sequence[str]) -> str:
    if len(hosts) == 1:
        return hosts[0]
    more = f" and {len(hosts) - MOST_NAMES} more" if len(hosts) > MOST_NAMES else ""
    return f"{len(hosts)} tenants ({', '.join(hosts[:MOST_NAMES])}{more})"


def _told(entry: Mapping[str, Any]) -> str:
    change = entry["change"]
    if entry["state"] == "failed":
        return f": {entry['error']}"
    if entry["state"] == "pending" and change:
        whose = f", {change['assignee']}" if change.get("assignee") else ""
        return f", {_steps(change['steps_total'] - change['steps_done'])} in {change['reference']}{whose}"
    if entry["state"] == "planned":
        return f", {_steps(sum(len(known['plan']) for known in entry['objects']))}"
    return ""


def _steps(count: int) -> str:
    return f"{count} step{'' if count == 1 else 's'}"


def _indented(text: str) -> Iterator[str]:
    """A text of several lines, those after the first one further in."""
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines()))):
        yield f"{'    ' if number else '  '}{on_one_line(line)}"


def _shortened(line: str) -> str:
    line = on_one_line(line)
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}..."
