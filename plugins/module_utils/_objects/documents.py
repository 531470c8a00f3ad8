# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The document of all tenants of a run. Private to the collection."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from .. import _files
from .._edge.controller import Controller
from .._review import parts
from .._review.compare import with_baseline
from .._review.document import LARGEST, Document, Part, document_of, read_document, to_json
from .._review.exit_codes import MEANINGS, exit_code
from .._review.item import FAILED
from .._review.renderings import RENDERINGS
from .._review.terminal import terminal


def document_of_run(params: Mapping[str, Any], controller: Controller) -> dict[str, Any]:
    """The result of `autotask_plan_document`. Raises AutotaskError where a part can't be read, or a file not be written."""
    hosts = params["hosts"]
    if params["batch"] is not None and hosts and hosts[-1] not in params["batch"]:
        return {"changed": False}
    baseline = read_document(params["baseline"], "baseline") if params["baseline"] else None
    found = parts.collected(params["parts"], controller.run, hosts)
    document = document_of(_compared(found, baseline))
    files = _files_of(params, document)
    changed = [_written(path, text) for path, text in files]
    parts.forget(params["parts"], controller.run)
    for line in terminal(document):
        controller.say(line)
    code = exit_code(document)
    failed = [part["host"] for part in document["tenants"] if part["state"] == FAILED]
    outcome: dict[str, Any] = {
        "changed": any(changed),
        "summary": document["summary"],
        "exit_code": code,
        "paths": [path for path, _text in files],
    }
    if failed:
        outcome |= {
            "failed": True,
            "msg": f"{len(failed)} of {len(hosts)} tenants failed: {', '.join(failed[:20])}{' and more' if len(failed) > 20 else ''}. {MEANINGS[code]}",
            "code": "tenants_failed",
        }
    return outcome


def _compared(found: Iterable[Part], baseline: Document | None) -> list[Part]:
    if baseline is None:
        return list(found)
    before = {part["host"]: part for part in baseline["tenants"]}
    return [with_baseline(part, before.get(part["host"])) for part in found]


def _files_of(params: Mapping[str, Any], document: Document) -> list[tuple[str, str]]:
    """What is written, by path."""
    name = os.path.join(params["folder"], params["name"])
    found = [(f"{name}{ending}", "".join(render(document))) for ending, render in RENDERINGS.items()]
    return [*found, *([(params["outcome"], to_json(document))] if params["outcome"] else [])]


def _written(path: str, text: str) -> bool:
    """Write a file; whether it says something else now."""
    before = _files.read(path, LARGEST)
    _files.write_text(path, [text])
    return before != _files.read(path, LARGEST)
