# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The document as JUnit XML: a suite for each integration on a tenant, a case for each item. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from xml.etree import ElementTree

from .._text import cleaned
from .document import Document, Part
from .item import ACCEPTED, DRIFTED, FAILED, IN_SYNC, TO_DO, UNKNOWN, UNLISTED, WAITING
from .telling import NOTHING_LISTED, Entry, Told, notes_of, reasons_of, standing, state_of, what_of

# What comes of a case in each state. What passes has nothing.
OUTCOMES: Mapping[str, str] = {
    FAILED: "error",
    DRIFTED: "failure",
    UNKNOWN: "error",
    TO_DO: "skipped",
    WAITING: "skipped",
    UNLISTED: "failure",
    ACCEPTED: "",
    IN_SYNC: "",
}
ATTRIBUTES: Mapping[str, str] = {"failure": "failures", "error": "errors", "skipped": "skipped"}
# The case that stands for a tenant, or an integration, as a whole.
WHOLE = "run"


def junit(document: Document) -> Iterator[str]:
    """The XML, a suite at a time. A case is called by its address, which stays the same from run to run."""
    yield "<?xml version='1.0' encoding='utf-8'?>\n<testsuites>\n"
    for part in document["tenants"]:
        for suite in _suites(part):
            counts = {ATTRIBUTES[kind]: str(len(suite.findall(f"testcase/{kind}"))) for kind in ATTRIBUTES}
            suite.attrib.update(tests=str(len(suite.findall("testcase"))), **counts)
            ElementTree.indent(suite, level=1)
            yield f"  {ElementTree.tostring(suite, encoding='unicode')}\n"
    yield "</testsuites>\n"


def _suites(part: Part) -> Iterator[ElementTree.Element]:
    notes = [f"{heading}: {sentence}" for heading, sentences in notes_of(part) for sentence in sentences]
    empty = not part["integrations"] and not part["unlisted"]
    if notes or empty:
        suite = ElementTree.Element("testsuite", name=cleaned(part["host"]))
        if part["error"]:
            _outcome(_case(suite, WHOLE), "error", FAILED, part["error"])
        elif empty:
            _outcome(_case(suite, WHOLE), "skipped", "", NOTHING_LISTED)
        _say(suite, notes)
        yield suite
    for entry in part["integrations"]:
        yield _suite(f"{part['host']}.{entry['integration']}", entry["items"], entry)
    if part["unlisted"]:
        yield _suite(f"{part['host']} ({UNLISTED})", part["unlisted"], None)


def _suite(name: str, items: Iterable[Told], entry: Entry | None) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=cleaned(name))
    for item in items:
        case = _case(suite, item["address"])
        words = f"{state_of(item)}: {what_of(item)}: {standing(item)}"
        reasons = [f"{name}: {text}" for name, text in reasons_of(item)]
        if kind := OUTCOMES[item["state"]]:
            _outcome(case, kind, item["state"], words).text = "\n".join(reasons)
        elif item["state"] == ACCEPTED or item.get("why"):
            _say(case, [words, *reasons])
    if entry and entry["error"]:
        _outcome(_case(suite, WHOLE), "error", FAILED, entry["error"])
    _say(suite, entry["remarks"] if entry else [])
    return suite


def _case(suite: ElementTree.Element, name: str) -> ElementTree.Element:
    return ElementTree.SubElement(suite, "testcase", classname=suite.attrib["name"], name=cleaned(name))


def _outcome(case: ElementTree.Element, kind: str, state: str, message: str) -> ElementTree.Element:
    """Add what came of a case that didn't pass. What was skipped has no type."""
    typed = {"type": state} if kind != "skipped" else {}
    return ElementTree.SubElement(case, kind, {**typed, "message": cleaned(message)})


def _say(element: ElementTree.Element, lines: Iterable[str]) -> None:
    if text := cleaned("\n".join(lines)):
        ElementTree.SubElement(element, "system-out").text = text
