# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What is returned of a thing: one shape for all of them. Private to the collection."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Protocol, TypedDict

from .._appliers.base import Outcome, Thing
from .._change.decide import Knowledge
from .._credentials.proof import Proof
from .._documents.security_level import FULL

UNKNOWN = "unknown"


class Reported(Thing, Protocol):
    """A thing, with what a result tells of it."""

    warnings: list[str]

    @property
    def facts(self) -> Collection[str]:
        """The facts whose evidence is told."""

    @property
    def label(self) -> Callable[[str], str]:
        """Names a fact as the console does."""


class ObjectResult(TypedDict, total=False):
    """What the core modules return of one object; see their RETURN."""

    tenant: str
    integration: str
    kind: str
    subject: str
    changed: bool
    pending: bool
    pending_for: str
    plan: list[dict[str, Any]]
    change: dict[str, Any]
    evidence: dict[str, str]
    contradictions: list[str]
    diff: dict[str, Any]
    warnings: list[str]
    user: dict[str, Any]


def result_of(tenant: str, integration: str, thing: Reported, outcome: Outcome) -> ObjectResult:
    """The result for a thing and what came of it."""
    decision, change = outcome.decision, outcome.change
    subject = thing.kind.subject(thing.name)
    if decision.do in ("wait", "resume") and change:
        plan: list[dict[str, Any]] = [{"text": text} for text in change.open_steps(subject)]
    else:
        plan = [step.as_result() for step in decision.steps]
    evidence = decision.knowledge.evidence
    return {
        "tenant": tenant,
        "integration": integration,
        "kind": thing.kind.label,
        "subject": subject,
        "changed": outcome.changed,
        "pending": decision.pending,
        "pending_for": "steps" if decision.pending else "",
        "plan": plan,
        "change": change.as_result() if change else {},
        "evidence": {thing.label(fact): evidence.get(fact, UNKNOWN) for fact in thing.facts},
        "contradictions": list(decision.knowledge.contradictions),
        "diff": diff_of(decision.knowledge, thing.label),
        "warnings": list(thing.warnings),
    }


def with_proof(result: ObjectResult, proof: Proof, known: bool) -> ObjectResult:
    """The result of a user with how its credentials are known. `known` says that some were given: without them it waits for these."""
    result["evidence"]["Credentials"] = proof.evidence
    result["warnings"] += proof.warnings
    if not result["pending"] and not known:
        result["pending"], result["pending_for"] = True, "credentials"
    return result


def diff_of(knowledge: Knowledge, label: Callable[[str], str]) -> dict[str, Any]:
    """What the steps turn from what into what. Whole sections that are cleared count as one thing; what isn't there has no before."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for step in knowledge.steps:
        if step.page == "level" and isinstance(step.value, list):
            sections = f"every setting of {', '.join(step.value)}"
            of_button = "most permissive" if step.target == FULL or step.action == "raise" else "least permissive"
            before[sections], after[sections] = UNKNOWN, step.target if step.action == "set" else of_button
        else:
            for fact, value in step.sets.items():
                before[label(fact)], after[label(fact)] = knowledge.known.get(fact, UNKNOWN), value
    return {"before": {} if knowledge.absent else before, "after": after}
