# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The first table of the page: a row for each integration of each tenant, with those first that somebody has to look at. Private to the collection."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from .model import NOT_ENDED, STATES


def overview(tenants: Iterable[Mapping[str, Any]], now: datetime.datetime) -> list[dict[str, Any]]:
    """The rows: `host`, `vendor`, `anchor`, `state`, `why`, `reference`, `url`, `age`, `assignee`, `steps`, `access`, each of them text; empty for
    what there isn't. They are small: a fleet's fit into memory.
    """
    rows = [row for tenant in tenants for row in _rows_of(tenant, now)]
    order = {state: number for number, state in enumerate([*STATES, ""])}
    return sorted(rows, key=lambda row: (order[row["state"]], row["host"]))


def _rows_of(tenant: Mapping[str, Any], now: datetime.datetime) -> Iterable[dict[str, Any]]:
    host = tenant["host"]
    for reason in tenant["errors"]:
        yield _row(host, state="failed", why=reason["msg"])
    for entry in tenant["integrations"]:
        yield _row_of(host, entry, now)
    if not tenant["integrations"] and not tenant["errors"]:
        yield _row(host, why="" if tenant.get("reached", True) else NOT_ENDED)


def _row_of(host: str, entry: Mapping[str, Any], now: datetime.datetime) -> dict[str, Any]:
    change, access = entry["change"], entry["access"]
    planned = sum(len(known["plan"]) for known in entry["objects"])
    is_open = change.get("state") == "open"
    url = str(change.get("url") or "")
    return _row(
        host,
        vendor=entry["vendor"],
        anchor=f"{host}-{entry['integration']}",
        state=entry["state"],
        why=entry["error"],
        reference=change.get("reference", ""),
        # What a tenant calls its console is a link only where it can be nothing else.
        url=url if url.startswith(("https://", "http://")) else "",
        age=age_of(change.get("opened", ""), now) if is_open else change.get("state", ""),
        assignee=change.get("assignee", ""),
        steps=f"{change['steps_done']} of {change['steps_total']}" if change else f"{planned} to do" if planned else "",
        access="not seen" if not access else "as expected" if access["as_expected"] else "not as expected",
    )


def _row(host: str, **known: str) -> dict[str, Any]:
    names = ("vendor", "anchor", "state", "why", "reference", "url", "age", "assignee", "steps", "access")
    return {"host": host, **dict.fromkeys(names, ""), **known}


def age_of(opened: str, now: datetime.datetime) -> str:
    """How long ago that was, in days, or hours on the first one; empty where `opened` is no time."""
    try:
        since = datetime.datetime.fromisoformat(opened)
    except ValueError:
        return ""
    passed = now - (since if since.tzinfo else since.replace(tzinfo=datetime.UTC))
    days, hours = passed.days, int(passed.total_seconds() // 3600)
    if hours < 1:
        return "under 1 hour"
    number, unit = (days, "day") if days > 0 else (hours, "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}"
