# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the core modules return: one shape for all of them. Private to the collection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils._change import Knowledge, Outcome
from ansible_collections.msp.autotask.plugins.module_utils._level import FULL

UNKNOWN = "unknown"


def result_of(params: Mapping[str, Any], outcome: Outcome, label: Callable[[str], str], facts: Iterable[str]) -> dict[str, Any]:
    """The result of a core module for its options and what came of them, with the evidence of the named facts."""
    decision, change = outcome.decision, outcome.change
    if decision.do in ("wait", "resume") and change:
        plan: list[dict[str, Any]] = [{"text": text} for text in change.open_steps(outcome.subject)]
    else:
        plan = [step.shown() for step in decision.steps]
    evidence = decision.knowledge.evidence
    return {
        "tenant": params["tenant"],
        "integration": params["integration"],
        "subject": outcome.subject,
        "changed": outcome.changed,
        "pending": decision.pending,
        "pending_for": "steps" if decision.pending else "",
        "plan": plan,
        "change": change.shown() if change else {},
        "evidence": {label(fact): evidence.get(fact, UNKNOWN) for fact in facts},
        "contradictions": list(decision.knowledge.contradictions),
        "diff": diff_of(decision.knowledge, label),
        "warnings": [],
    }


def diff_of(knowledge: Knowledge, label: Callable[[str], str]) -> dict[str, Any]:
    """What the steps turn from what into what. Whole sections that are cleared count as one thing; what isn't there has no before."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for step in knowledge.steps:
        if step.page == "level" and isinstance(step.value, list):
            sections = f"every setting of {', '.join(step.value)}"
            before[sections], after[sections] = UNKNOWN, "most permissive" if step.target == FULL else "least permissive"
        else:
            for fact, value in step.sets.items():
                before[label(fact)], after[label(fact)] = knowledge.known.get(fact, UNKNOWN), value
    return {"before": {} if knowledge.absent else before, "after": after}
