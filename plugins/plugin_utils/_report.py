# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The report of a run: gather results of tasks, and write them as JSON, as a page, and as JUnit XML. Private to the collection.

The JSON's form is documented in docs/report.md; `SCHEMA` counts up when something is taken away or gets another meaning.
"""

from __future__ import annotations

import datetime
import json
import os
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jinja2

SCHEMA = 1
STATES = {"failed": "failed", "planned": "planned", "pending": "waits for people", "credentials": "waits for credentials", "done": "done"}


def new_report(check_mode: bool) -> dict[str, Any]:
    """An empty report."""
    return {"schema": SCHEMA, "generated": "", "check_mode": check_mode, "summary": {}, "tenants": []}


def tenant_of(report: dict[str, Any], host: str) -> dict[str, Any]:
    """The entry of a host, made when it is not there yet."""
    found = next((tenant for tenant in report["tenants"] if tenant["host"] == host), None)
    if found is None:
        found = {"host": host, "error": "", "integrations": []}
        report["tenants"].append(found)
    return found


def integration_of(tenant: dict[str, Any], key: str) -> dict[str, Any]:
    """The entry of an integration on a tenant, made when it is not there yet."""
    found = next((entry for entry in tenant["integrations"] if entry["integration"] == key), None)
    if found is None:
        found = {
            "integration": key,
            "vendor": key,
            "state": "",
            "changed": False,
            "change": {},
            "objects": [],
            "known_by": {},
            "access": {},
            "handover": "",
            "by_hand": "",
            "evidence_of_profile": [],
        }
        tenant["integrations"].append(found)
    return found


def add_object(report: dict[str, Any], host: str, result: Mapping[str, Any], planned: bool = False) -> None:
    """Add the result of a core module; `planned` says that its task ran in check mode.

    A later result of the same object takes the place of an earlier one; that something changed stays.
    """
    entry = integration_of(tenant_of(report, host), str(result["integration"]))
    kept = ("subject", "changed", "pending", "pending_for", "plan", "evidence", "contradictions", "diff")
    new = {**{key: result[key] for key in kept if key in result}, "planned": planned}
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


def add_access(report: dict[str, Any], host: str, result: Mapping[str, Any]) -> None:
    """Add what an API user may do; a later result of the same user takes the place of an earlier one."""
    entry = integration_of(tenant_of(report, host), str(result["integration"]))
    user = result.get("api_user") or ""
    before = entry["access"] or {"findings": [], "modules_off": []}
    findings = [finding for finding in before["findings"] if finding["api_user"] != user]
    findings += [{"api_user": user, **finding} for finding in result["findings"]]
    entry["access"] = {
        "as_expected": all(finding["verdict"] == "as expected" for finding in findings),
        "findings": findings,
        "modules_off": sorted({*before["modules_off"], *result["modules_off"]}),
    }


def finish(report: dict[str, Any], custom: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in states, the summary, and what roles told through set_stats (by host)."""
    counts = dict.fromkeys(STATES, 0)
    report["tenants"].sort(key=lambda tenant: tenant["host"])
    for tenant in report["tenants"]:
        counts["failed"] += bool(tenant["error"] and not tenant["integrations"])
        told = (custom.get(tenant["host"]) or {}).get("autotask_report") or {}
        for entry in tenant["integrations"]:
            entry.update(told.get(entry["integration"]) or {})
            entry["known_by"] = dict(Counter(known_by for known in entry["objects"] for known_by in known["evidence"].values()))
            entry["state"] = _state(tenant, entry)
            counts[entry["state"]] += 1
    report["summary"] = {"tenants": len(report["tenants"]), **counts}
    report["generated"] = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    return report


def _state(tenant: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    waiting = {known["pending_for"] for known in entry["objects"] if known["pending"]}
    planned = any(known["planned"] for known in entry["objects"] if known["pending"])
    if tenant["error"] and entry is tenant["integrations"][-1]:
        return "failed"
    if "steps" in waiting:
        return "planned" if planned else "pending"
    return "credentials" if waiting else "done"


def write(report: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write report.json, report.html and report.junit.xml; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    page = environment.get_template("report.html.j2").render(report=report, states=STATES)
    texts = {
        "report.json": json.dumps(report, indent=2, default=str) + "\n",
        "report.html": page + "\n",
        "report.junit.xml": _junit(report),
    }
    return [_replace(folder / name, text) for name, text in texts.items()]


def _junit(report: Mapping[str, Any]) -> str:
    """One suite for each integration on a tenant, one case for each object and each expectation. What waits for people is skipped, not passed."""
    root = ElementTree.Element("testsuites")
    for tenant in report["tenants"]:
        for entry in tenant["integrations"]:
            suite = ElementTree.SubElement(root, "testsuite", name=f"{tenant['host']}.{entry['integration']}")
            for known in entry["objects"]:
                case = ElementTree.SubElement(suite, "testcase", classname=suite.attrib["name"], name=known["subject"])
                if known["pending"]:
                    ElementTree.SubElement(case, "skipped", message=f"waits for {known['pending_for']}")
            for finding in entry["access"].get("findings", []):
                name = f"{finding['api_user']} {finding['entity']}:{finding['operation']} {finding['expected']}".strip()
                case = ElementTree.SubElement(suite, "testcase", classname=suite.attrib["name"], name=name)
                if finding["verdict"] == "unproven":
                    ElementTree.SubElement(case, "skipped", message=f"{finding['effective']}, not proven either way")
                elif finding["verdict"] != "as expected":
                    ElementTree.SubElement(case, "failure", message=f"{finding['verdict']}: {finding['effective']}")
            if entry["state"] == "failed":
                case = ElementTree.SubElement(suite, "testcase", classname=suite.attrib["name"], name="run")
                ElementTree.SubElement(case, "error", message=tenant["error"])
            suite.set("tests", str(len(suite)))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _replace(path: Path, text: str) -> Path:
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as scratch:
        scratch.write(text)
    os.chmod(scratch.name, 0o644)
    os.replace(scratch.name, path)
    return path
