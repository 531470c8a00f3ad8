# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Writes a report as JSON, as a page, and as JUnit XML, one tenant at a time. Private to the collection."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jinja2

from .model import STATES, Report


def write(report: Report, folder: Path) -> list[Path]:
    """Write report.json, report.html and report.junit.xml; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    head = report.head()
    parts = {
        "report.json": _json(head, report.tenants()),
        "report.html": _page(head, report),
        "report.junit.xml": _junit(report.tenants()),
    }
    return [_replace(folder / name, texts) for name, texts in parts.items()]


def _json(head: Mapping[str, Any], tenants: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield json.dumps(head, indent=2).removesuffix("\n}") + ',\n  "tenants": ['
    separator = "\n"
    for tenant in tenants:
        yield separator + "\n".join(f"    {line}" for line in json.dumps(tenant, indent=2).splitlines())
        separator = ",\n"
    yield "\n  ]\n}\n"


def _page(head: Mapping[str, Any], report: Report) -> Iterator[str]:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    yield from environment.get_template("report.html.j2").generate(report=head, tenants=report.tenants, states=STATES)
    yield "\n"


def _junit(tenants: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """One suite for each integration on a tenant, one case for each object and each expectation. What waits for people is skipped, not passed."""
    yield "<?xml version='1.0' encoding='utf-8'?>\n<testsuites>\n"
    for tenant in tenants:
        for entry in tenant["integrations"]:
            suite = _suite(tenant, entry)
            ElementTree.indent(suite, level=1)
            yield f"  {ElementTree.tostring(suite, encoding='unicode')}\n"
    yield "</testsuites>\n"


def _suite(tenant: Mapping[str, Any], entry: Mapping[str, Any]) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=f"{tenant['host']}.{entry['integration']}")
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
        ElementTree.SubElement(case, "error", message=entry["error"] or tenant["error"])
    suite.set("tests", str(len(suite)))
    return suite


def _replace(path: Path, texts: Iterable[str]) -> Path:
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as scratch:
        for text in texts:
            scratch.write(text)
    os.chmod(scratch.name, 0o644)
    os.replace(scratch.name, path)
    return path
