# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Expected against effective access, and what an access tells of a setting. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._catalogue.effects import Access
from .._entities import ENTITIES, OPERATIONS
from .._errors import InputError, raise_all
from .._text import quoted, suggestion


def parse_expectations(written: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """(entity, operation, granted) for `granted` and `denied`, lists of `Entity:operation`. Raises InputError for all that is anything else."""
    expected: list[tuple[str, str, bool]] = []
    errors: list[InputError] = []
    for key, granted in (("granted", True), ("denied", False)):
        for index, text in enumerate(written.get(key) or []):
            entity, _colon, operation = str(text).partition(":")
            if words := _refusal(str(text)):
                errors.append(InputError(["expect", key, str(index + 1)], words, "expectation"))
            elif (entity, operation, not granted) in expected:
                errors.append(InputError(["expect", key, str(index + 1)], f"{text} is both granted and denied", "expectation"))
            else:
                expected.append((entity, operation, granted))
    raise_all(errors)
    return expected


def _refusal(text: str) -> str:
    """What is wrong with an expectation; empty where nothing is."""
    entity, colon, operation = text.partition(":")
    if not colon or not entity.isidentifier():
        return f'"{text}" is not of the form Entity:operation, such as Tickets:query'
    if entity not in ENTITIES:
        return f'REST has no entity "{entity}".{suggestion(entity, ENTITIES)}'
    if operation not in OPERATIONS:
        return f'no operation "{operation}"; there are {quoted(OPERATIONS)}.{suggestion(operation, OPERATIONS)}'
    return ""


def entities_of(expected: Iterable[tuple[str, str, bool]]) -> list[str]:
    """The entities that have to be looked up."""
    return list(dict.fromkeys(entity for entity, _operation, _granted in expected))


def to_count(expected: Iterable[tuple[str, str, bool]], access: Access) -> list[str]:
    """The entities whose records have to be counted, because Restricted alone says neither yes nor no to a query."""
    return [entity for entity, verb, _granted in expected if verb == "query" and access.get(entity, {}).get(verb) == "Restricted"]


def compare(expected: Sequence[tuple[str, str, bool]], access: Access, rows: Mapping[str, int | None]) -> list[dict[str, Any]]:
    """One finding for each expectation.

    `verdict`: `as expected`, `missing` (wanted, not there), `excess` (there, not wanted), `unproven` (Restricted, and a query could not settle it;
    or the entity could not be looked up). `rows` has how many records the user sees of entities that are Restricted for queries (None: refused).
    """
    findings = []
    for entity, operation, granted in expected:
        effective = access.get(entity, {}).get(operation, "unknown")
        if effective == "Restricted" and operation == "query" and entity in rows:
            seen = "All" if rows[entity] else ("None" if not granted else "unknown")
        else:
            seen = effective
        if seen not in ("All", "None"):
            verdict = "unproven"
        elif (seen == "All") is granted:
            verdict = "as expected"
        else:
            verdict = "missing" if granted else "excess"
        finding: dict[str, Any] = {
            "entity": entity,
            "operation": operation,
            "expected": "granted" if granted else "denied",
            "effective": effective,
            "verdict": verdict,
        }
        if operation == "query" and entity in rows:
            finding["rows_seen"] = rows[entity]
        findings.append(finding)
    return findings
