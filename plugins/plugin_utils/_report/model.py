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
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...module_utils._text import all_cleaned

# Is incremented when a key is removed or changes meaning.
SCHEMA = 2
STATES = {
    "failed": "failed",
    "planned": "planned",
    "pending": "waiting for people",
    "credentials": "waiting for credentials",
    "done": "done",
}
NOT_ENDED = "Not reached, or not finished: the run still lasts, or it was broken off."
NOT_REACHED = "Nothing was done here: the run had ended before it was this host's turn."
KEPT = ("subject", "changed", "pending", "pending_for", "plan", "evidence", "contradictions", "diff", "warnings")


class Report:
    """What a run told of its tenants, by host."""

    def __init__(self) -> None:
        self.check_mode = False
        self.finished = False
        self._packed: dict[str, bytes] = {}

    def expect(self, hosts: Iterable[str]) -> bool:
        """Add the hosts that a play is about, before it says anything of them; whether one of them is new."""
        new = [host for host in hosts if host not in self._packed]
        for host in new:
            self._keep(self._tenant(host))
        return bool(new)

    def leave_out(self, host: str) -> None:
        """Remember that the playbook wanted nothing to be set up on a host."""
        self._keep({**self._tenant(host), "told": True})

    def end(self, failed: bool) -> None:
        """The run has come to its end. Where it failed, hosts of which nothing was told have failed, too."""
        self.finished = True
        for host in list(self._packed) if failed else []:
            tenant = self._tenant(host)
            if not tenant["told"]:
                self.fail(host, NOT_REACHED)

    def add_object(self, host: str, result: Mapping[str, Any], planned: bool) -> None:
        """Add the result of a core module; `planned` says that its task ran in check mode."""
        tenant = self._tenant(host)
        _add_object(_entry(tenant, str(result["integration"])), result, planned)
        self._keep({**tenant, "told": True})

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
                unproven=told["unproven"],
                sources=told["sources"],
                remarks=told["remarks"],
                error=told["msg"],
                standing=told["standing"],
                counts=told["counts"],
            )
            entry["handover"] = told["handover"].get("path", "")
            entry["manual_steps"] = told["manual_steps"].get("path", "")
            for known in told["objects"]:
                _add_object(entry, known, planned)
            entry["change"] = dict(told.get("change") or entry["change"])
            entry["changed"] = entry["changed"] or told["changed"]
        tenant["unlisted"] = [dict(one) for one in result["unlisted"]] or tenant["unlisted"]
        self._keep({**tenant, "told": True})

    def fail(self, host: str, text: str, task: str = "", integration: str = "") -> None:
        """Remember why a host failed, in a task of this name, and whether that was about one integration."""
        tenant = {**self._tenant(host), "told": True}
        if integration:
            entry = _entry(tenant, integration)
            entry["error"] = "\n".join(dict.fromkeys([*entry["error"].splitlines(), *text.splitlines()]))
        elif (reason := {"task": task, "msg": text}) not in tenant["errors"]:
            tenant["errors"].append(reason)
        self._keep(tenant)

    def head(self) -> dict[str, Any]:
        """All but the tenants: the version of the form, when it is written, and how many integrations are in each state."""
        counts = dict.fromkeys([*STATES, "unproven"], 0)
        failed = left = 0
        for tenant in self.tenants():
            failed += bool(tenant["error"])
            left += not tenant["reached"]
            counts["failed"] += bool(tenant["errors"])
            for entry in tenant["integrations"]:
                counts[entry["state"]] += 1
                counts["unproven"] += is_unproven(entry)
        return {
            "schema": SCHEMA,
            "generated": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "finished": self.finished,
            "check_mode": self.check_mode,
            "summary": {"tenants": len(self._packed), "tenants_failed": failed, "tenants_not_reached": left, **counts},
        }

    def tenants(self) -> Iterator[dict[str, Any]]:
        """The tenants by name, each with the states of its integrations, all reasons why it failed, and whether the run has told anything of it (`reached`;
        once it has ended, of all), fit to be shown.
        """
        for host in sorted(self._packed):
            tenant: dict[str, Any] = all_cleaned(self._tenant(host))
            tenant["reached"] = tenant.pop("told") or self.finished
            for entry in tenant["integrations"]:
                entry["evidence"] = dict(Counter(evidence for known in entry["objects"] for evidence in known["evidence"].values()))
                entry["state"] = _state(entry)
            of_entries = [f"{entry['integration']}: {entry['error']}" for entry in tenant["integrations"] if entry["error"]]
            tenant["error"] = "\n".join([*of_entries, *(reason["msg"] for reason in tenant["errors"])])
            yield tenant

    def _tenant(self, host: str) -> dict[str, Any]:
        packed = self._packed.get(host)
        if packed is None:
            return {"host": host, "error": "", "errors": [], "integrations": [], "unlisted": [], "told": False}
        tenant: dict[str, Any] = json.loads(zlib.decompress(packed))
        return tenant

    def _keep(self, tenant: Mapping[str, Any]) -> None:
        self._packed[tenant["host"]] = zlib.compress(json.dumps(tenant, default=str, separators=(",", ":")).encode(), 1)


def is_unproven(entry: Mapping[str, Any]) -> bool:
    """Whether an integration is done, and nobody could look at what some of its users may do."""
    return bool(entry["state"] == "done" and entry["unproven"])


def _entry(tenant: dict[str, Any], key: str) -> dict[str, Any]:
    """The entry of an integration on a tenant, made when it is not there yet."""
    found: dict[str, Any] | None = next((entry for entry in tenant["integrations"] if entry["integration"] == key), None)
    if found is None:
        found = {
            "integration": key,
            "vendor": key,
            "state": "",
            "standing": "",
            "counts": {},
            "error": "",
            "changed": False,
            "change": {},
            "objects": [],
            "evidence": {},
            "access": {},
            "unproven": [],
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
    change, known = result.get("change") or {}, entry["change"]
    # A change in which something waits isn't forgotten for one in which nothing does.
    if change and (result["pending"] or not known.get("steps_open") or change["number"] == known["number"]):
        entry["change"] = dict(change)


def _state(entry: Mapping[str, Any]) -> str:
    waiting = {known["pending_for"] for known in entry["objects"] if known["pending"]}
    planned = any(known["planned"] for known in entry["objects"] if known["pending"])
    if entry["error"]:
        return "failed"
    if "steps" in waiting:
        return "planned" if planned else "pending"
    return "credentials" if waiting else "done"
