# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The report of a run while it is gathered. Private to the collection. Its JSON's form is documented in docs/report.md.

A fleet may have thousands of tenants, so each is kept packed, and only one at a time is unpacked.
"""

from __future__ import annotations

import datetime
import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

# Is incremented when a key is removed or changes meaning.
SCHEMA = 2
STATES = {
    "failed": "failed",
    "planned": "planned",
    "pending": "waiting for people",
    "credentials": "waiting for credentials",
    "done": "done",
}
KEPT = ("subject", "changed", "pending", "pending_for", "plan", "evidence", "contradictions", "diff")


class Report:
    """What a run told of its tenants, by host."""

    def __init__(self) -> None:
        self.check_mode = False
        self._packed: dict[str, bytes] = {}

    def add_object(self, host: str, result: Mapping[str, Any], planned: bool) -> None:
        """Add the result of a core module; `planned` says that its task ran in check mode."""
        tenant = self._tenant(host)
        _add_object(_entry(tenant, str(result["integration"])), result, planned)
        self._keep(tenant)

    def add_access(self, host: str, result: Mapping[str, Any]) -> None:
        """Add what an API user may do; a later result of the same user takes the place of an earlier one."""
        tenant = self._tenant(host)
        entry, user = _entry(tenant, str(result["integration"])), result.get("api_user") or ""
        before = entry["access"] or {"findings": [], "modules_off": []}
        findings = [finding for finding in before["findings"] if finding["api_user"] != user]
        findings += [{"api_user": user, **finding} for finding in result["findings"]]
        entry["access"] = {
            "as_expected": all(finding["verdict"] == "as expected" for finding in findings),
            "findings": findings,
            "modules_off": sorted({*before["modules_off"], *result["modules_off"]}),
        }
        self._keep(tenant)

    def add_integrations(self, host: str, result: Mapping[str, Any], planned: bool) -> None:
        """Add what came of all integrations of a tenant."""
        tenant = self._tenant(host)
        for told in result["integrations"]:
            entry = _entry(tenant, told["integration"])
            entry.update(
                vendor=told["vendor"],
                access=told["access"] or entry["access"],
                sources=told["sources"],
                remarks=told["remarks"],
                error=told["msg"],
            )
            entry["handover"] = told["handover"].get("path", "")
            entry["manual_steps"] = told["manual_steps"].get("path", "")
            for known in told["objects"]:
                _add_object(entry, known, planned)
            entry["changed"] = entry["changed"] or told["changed"]
        tenant["unlisted"] = [dict(one) for one in result["unlisted"]] or tenant["unlisted"]
        self._keep(tenant)

    def fail(self, host: str, text: str, by_entries: bool = False) -> None:
        """Remember why a host failed. `by_entries` says that entries of it tell so themselves."""
        tenant = self._tenant(host)
        tenant["error"] = tenant["error"] or text
        tenant["by_entries"] = tenant["by_entries"] or by_entries
        self._keep(tenant)

    def head(self) -> dict[str, Any]:
        """All but the tenants: the version of the form, when it is written, and how many integrations are in each state."""
        counts = dict.fromkeys(STATES, 0)
        for tenant in self.tenants():
            counts["failed"] += bool(tenant["error"] and not tenant["integrations"])
            for entry in tenant["integrations"]:
                counts[entry["state"]] += 1
        return {
            "schema": SCHEMA,
            "generated": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "check_mode": self.check_mode,
            "summary": {"tenants": len(self._packed), **counts},
        }

    def tenants(self) -> Iterator[dict[str, Any]]:
        """The tenants by name, each with the states of its integrations."""
        for host in sorted(self._packed):
            tenant = self._tenant(host)
            by_entries = tenant.pop("by_entries")
            for entry in tenant["integrations"]:
                entry["evidence"] = dict(Counter(evidence for known in entry["objects"] for evidence in known["evidence"].values()))
                last = entry is tenant["integrations"][-1]
                entry["state"] = _state(entry, failed=bool(entry["error"] or (tenant["error"] and last and not by_entries)))
            yield tenant

    def _tenant(self, host: str) -> dict[str, Any]:
        packed = self._packed.get(host)
        if packed is None:
            return {"host": host, "error": "", "integrations": [], "unlisted": [], "by_entries": False}
        tenant: dict[str, Any] = json.loads(zlib.decompress(packed))
        return tenant

    def _keep(self, tenant: Mapping[str, Any]) -> None:
        self._packed[tenant["host"]] = zlib.compress(json.dumps(tenant, default=str, separators=(",", ":")).encode(), 1)


def _entry(tenant: dict[str, Any], key: str) -> dict[str, Any]:
    """The entry of an integration on a tenant, made when it is not there yet."""
    found: dict[str, Any] | None = next((entry for entry in tenant["integrations"] if entry["integration"] == key), None)
    if found is None:
        found = {
            "integration": key,
            "vendor": key,
            "state": "",
            "error": "",
            "changed": False,
            "change": {},
            "objects": [],
            "evidence": {},
            "access": {},
            "handover": "",
            "manual_steps": "",
            "sources": [],
            "remarks": [],
        }
        tenant["integrations"].append(found)
    return found


def _add_object(entry: dict[str, Any], result: Mapping[str, Any], planned: bool) -> None:
    """Add what came of an object. A later result takes the place of an earlier one; that something changed stays."""
    new = {**{key: result[key] for key in KEPT if key in result}, "planned": planned}
    old = next((known for known in entry["objects"] if known["subject"] == new["subject"]), None)
    if old is not None:
        new["changed"] = new["changed"] or old["changed"]
        new["diff"] = old["diff"] if not (new["diff"] or {}).get("after") else new["diff"]
        entry["objects"][entry["objects"].index(old)] = new
    else:
        entry["objects"].append(new)
    entry["changed"] = entry["changed"] or new["changed"]
    if result.get("change"):
        entry["change"] = dict(result["change"])


def _state(entry: Mapping[str, Any], failed: bool) -> str:
    waiting = {known["pending_for"] for known in entry["objects"] if known["pending"]}
    planned = any(known["planned"] for known in entry["objects"] if known["pending"])
    if failed:
        return "failed"
    if "steps" in waiting:
        return "planned" if planned else "pending"
    return "credentials" if waiting else "done"
