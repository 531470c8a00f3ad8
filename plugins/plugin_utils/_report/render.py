# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Writes a report as JSON, as a page, and as JUnit XML, one tenant at a time. Private to the collection."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jinja2

from ...module_utils import _files
from ...module_utils._errors import AutotaskError
from .model import NOT_ENDED, STATES, Report
from .overview import overview

NAMES = ("report.json", "report.html", "report.junit.xml")


def write(report: Report, folder: Path) -> tuple[list[Path], list[str]]:
    """Write report.json, report.html and report.junit.xml; returns their paths, and a sentence for each that can't be written."""
    head = report.head()
    texts = (_json(head, report.tenants()), _page(head, report), _junit(report.tenants()))
    written, errors = [], []
    for path, parts in zip((folder / name for name in NAMES), texts, strict=True):
        try:
            _files.write_text(str(path), parts)
        except AutotaskError as error:
            errors.append(f"The report {error}")
        else:
            written.append(path)
    return written, errors


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
    rows = overview(report.tenants(), datetime.datetime.now(datetime.UTC))
    yield from environment.get_template("report.html.j2").generate(report=head, rows=rows, tenants=report.tenants, states=STATES)
    yield "\n"


def _junit(tenants: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A suite for each integration on a tenant, with a case for each object and each expectation; what waits for people is skipped, not passed.
    And one for each host that failed for reasons of its own, or has no integration.
    """
    yield "<?xml version='1.0' encoding='utf-8'?>\n<testsuites>\n"
    for tenant in tenants:
        for suite in _suites(tenant):
            cases = {result: str(len(suite.findall(f"testcase/{kind}"))) for kind, result in _RESULTS.items()}
            suite.attrib.update(tests=str(len(suite)), **cases)
            ElementTree.indent(suite, level=1)
            yield f"  {ElementTree.tostring(suite, encoding='unicode')}\n"
    yield "</testsuites>\n"


_RESULTS = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def _suites(tenant: Mapping[str, Any]) -> Iterator[ElementTree.Element]:
    if tenant["errors"] or not tenant["integrations"]:
        suite = ElementTree.Element("testsuite", name=tenant["host"])
        for reason in tenant["errors"]:
            _case(suite, reason["task"] or "run", "error", reason["msg"])
        if not tenant["reached"]:
            # No failure; but a run that was broken off is no green one.
            _case(suite, "run", "error", NOT_ENDED)
        elif not tenant["errors"]:
            _case(suite, "run", "skipped", "nothing was to be set up")
        yield suite
    for entry in tenant["integrations"]:
        yield _suite(tenant["host"], entry)


def _suite(host: str, entry: Mapping[str, Any]) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=f"{host}.{entry['integration']}")
    for known in entry["objects"]:
        _case(suite, known["subject"], "skipped" if known["pending"] else "", f"waits for {known['pending_for']}")
    for finding in entry["access"].get("findings", []):
        name = f"{finding['api_user']} {finding['entity']}:{finding['operation']} {finding['expected']}".strip()
        if finding["verdict"] == "unproven":
            _case(suite, name, "skipped", f"{finding['effective']}, not proven either way")
        else:
            _case(suite, name, "" if finding["verdict"] == "as expected" else "failure", f"{finding['verdict']}: {finding['effective']}")
    for one in entry["unproven"]:
        for expectation in one["expected"]:
            _case(suite, f"{one['api_user']} {expectation}", "skipped", f"not proven. {one['why']}")
    if entry["error"]:
        _case(suite, "run", "error", entry["error"])
    return suite


def _case(suite: ElementTree.Element, name: str, result: str, message: str) -> None:
    """Add a case; it passed where `result` is empty."""
    case = ElementTree.SubElement(suite, "testcase", classname=suite.attrib["name"], name=name)
    if result:
        ElementTree.SubElement(case, result, message=message)
