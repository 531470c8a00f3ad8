# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The document as SARIF 2.1.0, which points at the lines that want what isn't so. Private to the collection.

What it is: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from .._text import all_cleaned
from .document import Document, Part
from .item import ACCEPTED, DRIFTED, FAILED, IN_SYNC, STATES, TO_DO, UNKNOWN, UNLISTED, WAITING
from .telling import Told, is_compared, line_of, reasons_of, standing, tenant_of, what_of

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ABOUT = "https://github.com/msp-autotask/msp.autotask"
LEVELS: Mapping[str, str] = {
    FAILED: "error",
    DRIFTED: "error",
    UNKNOWN: "warning",
    TO_DO: "note",
    WAITING: "note",
    UNLISTED: "warning",
    ACCEPTED: "note",
}
# GitHub goes by the second one only, and makes one of its own where there is none: of the line, which several results may share.
FINGERPRINTS = ("msp.autotask/v1", "primaryLocationLineHash")


def sarif(document: Document) -> Iterator[str]:
    """A log with one run: a result for each item that isn't in sync, and for each tenant and integration that failed as a whole."""
    results = [result for part in document["tenants"] for result in _of_tenant(part)]
    if is_compared(document):
        results = [{**result, "baselineState": "new" if result["properties"]["new"] else "unchanged"} for result in results]
    driver = {"name": "msp.autotask", "informationUri": ABOUT, "rules": [_rule(state) for state in LEVELS]}
    failed = any(result["ruleId"] == _rule_id(FAILED) for result in results)
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": not failed}],
        "results": results,
        "properties": {"summary": document["summary"]},
    }
    yield (
        json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [all_cleaned(run)]}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    )


def _rule_id(state: str) -> str:
    return state.replace(" ", "-")


def _rule(state: str) -> dict[str, Any]:
    return {
        "id": _rule_id(state),
        "shortDescription": {"text": f"{state}: {STATES[state]}"},
        "helpUri": f"{ABOUT}/blob/main/docs/review.md#the-states",
        "defaultConfiguration": {"level": LEVELS[state]},
    }


def _of_tenant(part: Part) -> Iterator[dict[str, Any]]:
    if part["error"]:
        yield _result(part, "", FAILED, f"{tenant_of(part)}: {line_of(part['error'])}", {})
    for entry in part["integrations"]:
        if entry["error"]:
            yield _result(
                part, entry["integration"], FAILED, f"{tenant_of(part)}: {line_of(entry['integration'])}: {line_of(entry['error'])}", {}
            )
        yield from (_of_item(part, item) for item in entry["items"] if item["state"] != IN_SYNC)
    yield from (_of_item(part, item) for item in part["unlisted"] if item["state"] != IN_SYNC)


def _of_item(part: Part, item: Told) -> dict[str, Any]:
    reasons = "".join(f"\n{name}: {words}" for name, words in reasons_of(item))
    text = f"{tenant_of(part)}: {item['state']}: {what_of(item)}: {standing(item)}{reasons}"
    result = _result(part, item["address"], item["state"], text, item.get("source") or {})
    told = {"new": bool(item.get("new")), "item": True, "evidence": item["evidence"], "seen": item["seen"], "wanted": item["wanted"]}
    result["properties"] |= told
    if item["state"] == ACCEPTED:
        reason = line_of((item.get("accepted") or {}).get("reason") or "")
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": reason}]
    return result


def _result(part: Part, address: str, state: str, text: str, source: Mapping[str, Any]) -> dict[str, Any]:
    digest = hashlib.sha256(f"{part['host']}\n{address}".encode("utf-8", "surrogatepass")).hexdigest()
    name = f"{part['host']}/{address}" if address else part["host"]
    location: dict[str, Any] = {"logicalLocations": [{"fullyQualifiedName": name, "kind": "resource"}]}
    if source.get("file"):
        region = {"region": {"startLine": source["line"]}} if source.get("line") else {}
        location["physicalLocation"] = {"artifactLocation": _artifact(source["file"]), **region}
    return {
        "ruleId": _rule_id(state),
        "ruleIndex": list(LEVELS).index(state),
        "level": LEVELS[state],
        "message": {"text": _plain(text)},
        "locations": [location],
        "partialFingerprints": dict.fromkeys(FINGERPRINTS, digest),
        "properties": {"tenant": part["host"], "address": address, "new": False, "item": False},
    }


def _plain(text: str) -> str:
    """A text in which nothing is a link or a placeholder: brackets and braces are those of SARIF's messages (3.11.5, 3.11.6)."""
    for before, after in (("\\", r"\\"), ("[", r"\["), ("]", r"\]"), ("{", "{{"), ("}", "}}")):
        text = text.replace(before, after)
    return text


def _artifact(path: str) -> dict[str, str]:
    """A file by its path from where the run was started, or by its whole path."""
    if path.startswith("/"):
        return {"uri": f"file://{quote(path, errors='replace')}"}
    return {"uri": quote(path, errors="replace"), "uriBaseId": "%SRCROOT%"}
