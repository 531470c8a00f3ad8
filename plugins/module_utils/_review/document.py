# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The plan document: what is wanted of each tenant, how it stands, and what a run would do about it. Private to the collection. Its form is in
docs/review.md.

Of the same tenants it is the same, byte by byte: nothing in it says when, where or by whom it was made.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .. import _files
from .._errors import AutotaskError, InputError
from .._text import for_error, from_json
from .item import FAILED, STATES, counted, worst

# Is incremented when a key is removed or changes meaning.
SCHEMA = 1
KIND = "msp.autotask plan"
# Bytes. A thousand tenants with five integrations each have some hundred million.
LARGEST = 1 << 30
Part = Mapping[str, Any]
Document = Mapping[str, Any]
NOTHING_TOLD = "Nothing is known of this tenant: the run failed before it was looked at."


def part_of(tenant: str, host: str, **told: Any) -> dict[str, Any]:
    """What a document says of one tenant; `told` is what there is to tell, by the names of its keys."""
    empty: dict[str, Any] = {
        "tenant": tenant,
        "host": host,
        "error": "",
        "could": [],
        "could_not": [],
        "seen": {},
        "integrations": [],
        "unlisted": [],
        "changes": [],
        "gone": [],
        "unused": [],
    }
    part = {**empty, **told}
    states = [entry["state"] for entry in part["integrations"]] + [item["state"] for item in part["unlisted"]]
    return {**part, "state": FAILED if part["error"] else worst(states)}


def failed_part(tenant: str, host: str, error: str) -> dict[str, Any]:
    """What a document says of a tenant that nothing could be seen of."""
    return part_of(tenant, host, error=error or NOTHING_TOLD)


def items_of(part: Part) -> list[Mapping[str, Any]]:
    """All items of a tenant."""
    return [*(item for entry in part["integrations"] for item in entry["items"]), *part["unlisted"]]


def document_of(parts: Iterable[Part]) -> dict[str, Any]:
    """The document of some tenants, in the order of their names."""
    tenants = sorted(parts, key=lambda part: str(part["host"]))
    return {"kind": KIND, "schema": SCHEMA, "summary": summary_of(tenants), "tenants": tenants}


def summary_of(tenants: Sequence[Part]) -> dict[str, Any]:
    """How many tenants, integrations and items there are in each state."""
    return {
        "tenants": {state: sum(part["state"] == state for part in tenants) for state in STATES},
        "integrations": {state: sum(entry["state"] == state for part in tenants for entry in part["integrations"]) for state in STATES},
        "items": counted(item for part in tenants for item in items_of(part)),
        "new": sum(bool(item.get("new")) for part in tenants for item in items_of(part)),
        "steps": sum(len(entry["steps"]) for part in tenants for entry in part["integrations"]),
    }


def to_json(document: Document) -> str:
    """The document as a file has it: a line for each tenant, so that a run finds the one that it is about without reading all of them."""
    head = json.dumps({name: value for name, value in document.items() if name != "tenants"}, sort_keys=True, ensure_ascii=False)
    lines = ",\n".join(json.dumps(part, sort_keys=True, ensure_ascii=False) for part in document["tenants"])
    return f'{head[:-1]}, "tenants": [\n{lines}\n]}}\n'


def read_document(path: str, option: str) -> Document:
    """The document in a file. Raises InputError for the option of this name where it is none, or one of a newer collection."""
    return _checked(from_json(_text_of(path, option)), path, option)


def read_part(path: str, host: str, option: str) -> Part:
    """What the document in a file says of a tenant. Raises InputError, also where it says nothing of it."""
    head, *lines = _text_of(path, option).split("\n")
    own = [line for line in lines if f'"host": {json.dumps(host, ensure_ascii=False)},' in line]
    if not head.endswith('"tenants": ['):
        # Somebody has given it another form.
        return part_for(read_document(path, option), host, option)
    document = _checked(from_json("\n".join([head, ",".join(line.removesuffix(",") for line in own), "]}"])), path, option)
    return part_for(document, host, option)


def _text_of(path: str, option: str) -> str:
    try:
        text = _files.read_text(path, LARGEST)
    except AutotaskError as error:
        raise InputError([option], str(error), "plan_document") from error
    if text is None:
        raise InputError([option], f"there is no file {path}", "plan_document")
    return text


def _checked(found: Any, path: str, option: str) -> Document:
    if not isinstance(found, dict) or found.get("kind") != KIND or not isinstance(found.get("schema"), int):
        words = (
            "is no plan document: the playbooks msp.autotask.plan and msp.autotask.verify write them, as plan.json and verification.json"
        )
        raise InputError([option], f"{path} {words}", "plan_document")
    if found["schema"] > SCHEMA:
        words = f"a newer version of msp.autotask wrote {path}: its form is {found['schema']}, and this one reads up to {SCHEMA}. Update the collection."
        raise InputError([option], words, "newer_version")
    if not _well_formed(found):
        raise InputError([option], f"{path} was damaged, or changed by hand: make it again", "plan_document")
    return found


def part_for(document: Document, host: str, option: str) -> Part:
    """What the document says of a tenant. Raises InputError where it says nothing of it."""
    for part in document["tenants"]:
        if part["host"] == host:
            found: Part = part
            return found
    raise InputError([option], f"it says nothing of {for_error(host)}: plan again", "not_in_plan")


def _well_formed(found: Mapping[str, Any]) -> bool:
    """Whether everything that is read of a document is there, and of its type."""
    try:
        for part in found["tenants"]:
            texts = [part["host"], part["tenant"], part["error"], part["state"]]
            for entry in part["integrations"]:
                texts += [entry["integration"], entry["state"], *entry["steps"]]
            for item in items_of(part):
                texts += [item["address"], item["state"], item["about"], item["label"]]
                if item["state"] not in STATES or "wanted" not in item or "seen" not in item:
                    return False
            if not isinstance(part["seen"], dict) or not all(isinstance(text, str) for text in texts):
                return False
    except (KeyError, TypeError, AttributeError):
        return False
    return True
