# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A webhook limit as it should be. Private to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from .._appliers.base import ConsoleView, no_secret
from .._catalogue import effects
from .._catalogue.effects import Access
from .._catalogue.model import Catalogue
from .._catalogue.terms import Terms
from .._change.decide import Knowledge
from .._change.model import Document, Kind, Record
from .._documents.names import cell_label, check_level_name
from .._documents.observed import find_level
from .._documents.webhook_limit import (
    CAN_CREATE_WEBHOOKS,
    MAXIMUM_WEBHOOKS,
    WEBHOOK_CELLS,
    WebhookLimit,
    limit_cells,
    limit_of,
    most_webhooks,
    render_limit,
)
from .._entities import Observed
from .._errors import InputError
from .._plan.level_steps import level_steps
from .._plan.step import Step
from .accepted import as_accepted


def parse_limit(level: str, maximum: int, bound: str, minimum: int = 0) -> WebhookLimit:
    """The document for the options of these names. Raises InputError."""
    if not 0 <= maximum <= most_webhooks():
        raise InputError(
            ["maximum"], f"{maximum} is not a number of webhooks from 0 to {most_webhooks()}; 0 takes the right away", "maximum"
        )
    if bound == "minimum" and not maximum:
        raise InputError(["maximum"], "a minimum of 0 asks for nothing", "maximum")
    return WebhookLimit(check_level_name(level, "level"), maximum, bound, minimum)


@dataclass
class LimitOfWebhooks:
    """See `Thing`. `observed` is None where nothing can be read; `access` is what a user of the level may do, as far as that was seen,
    `accepted` has values that may stand in the place of what is wanted.
    """

    limit: WebhookLimit
    catalogue: Catalogue
    terms: Terms
    observed: Observed | None
    access: Access = field(default_factory=dict)
    accepted: Mapping[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    kind: ClassVar[Kind] = Kind.WEBHOOK_LIMIT
    record_as: ClassVar[str] = ""
    shared: ClassVar[bool] = False
    facts: ClassVar[tuple[str, ...]] = WEBHOOK_CELLS

    @property
    def name(self) -> str:
        """See `Thing`: a limit is called by its level."""
        return self.limit.level

    @property
    def document(self) -> Document:
        """See `Thing`."""
        return render_limit(self.limit)

    @property
    def label(self) -> Callable[[str], str]:
        """Names a fact as the console does."""
        return cell_label(self.catalogue, self.terms)

    def plan_new(self) -> Knowledge:
        """See `Thing`."""
        return self.plan(None)

    def plan(self, attested: Document | None, begun: Record | None = None) -> Knowledge:
        """See `Thing`."""
        level_is_missing = self.observed is not None and find_level(self.observed["levels"], self.limit.level) is None
        kept = limit_of(attested) if attested is not None and not level_is_missing else None
        known = self._known(kept) if kept else {}
        evidence, contradictions = dict.fromkeys(known, "attested"), []
        proven, contradicted = effects.shown_by_access(limit_cells(self.limit), {} if level_is_missing else self.access, self.catalogue)
        desired = self._desired(known)
        if proven and CAN_CREATE_WEBHOOKS in known:
            evidence[CAN_CREATE_WEBHOOKS] = "effect"
        accepted = self._accepted() if contradicted else {}
        if accepted:
            known, evidence = {**limit_cells(self.limit)}, {CAN_CREATE_WEBHOOKS: "effect"}
        elif contradicted:
            known, evidence = {}, {CAN_CREATE_WEBHOOKS: "effect"}
            if attested is not None:
                contradictions = [f"{self.label(CAN_CREATE_WEBHOOKS)}: what the API user may do shows otherwise."]
        return Knowledge(self._steps(known, desired), known, evidence, contradictions, accepted=accepted)

    def _accepted(self) -> dict[str, Any]:
        """What is otherwise than wanted, and accepted so: that the level's users may, or may not, create webhooks."""
        there = {fact: value for fact, value in self.accepted.items() if fact == CAN_CREATE_WEBHOOKS}
        proven, _contradicted = effects.shown_by_access(there, self.access, self.catalogue)
        return there if proven else {}

    def wanted_now(self, known: Mapping[str, Any]) -> Mapping[str, Any]:
        """See `Reviewed`."""
        return self._desired(known)

    def facts_of(self, document: Document) -> Mapping[str, Any]:
        """See `Reviewed`."""
        limit = limit_of(document)
        return limit_cells(limit) if limit else {}

    def plan_seen(self, console: ConsoleView, check_mode: bool) -> Knowledge:
        """See `Thing`. Raises InputError where there is no such level."""
        seen = console.level(self.limit.level)
        if seen is None:
            if not check_mode:
                raise InputError(["level"], f'the console lists no security level "{self.limit.level}"; make it first', "no_such_level")
            return Knowledge(self._steps({}, limit_cells(self.limit)), absent=True)
        known = {cell_id: seen.cells[cell_id] for cell_id in WEBHOOK_CELLS if cell_id in seen.cells}
        accepted = as_accepted(known, self._desired(known), self.accepted)
        evidence, known = dict.fromkeys(known, "read"), {**known, **accepted.wanted}
        return Knowledge(self._steps(known, self._desired(known)), known, evidence, accepted=accepted.seen)

    def keep(self, generated: Mapping[str, str]) -> None:
        """See `Thing`."""
        no_secret(generated)

    def _known(self, kept: WebhookLimit) -> dict[str, Any]:
        """What an attested limit tells: how many webhooks there may be only where that was said exactly, or where more is still fine."""
        known: dict[str, Any] = limit_cells(kept)
        enough = self.limit.bound == "minimum" and kept.least >= self.limit.least
        if kept.bound == "minimum" and not enough:
            del known[MAXIMUM_WEBHOOKS]
        return known

    def _desired(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """The cells as they should be; a number that will do stays."""
        desired: dict[str, Any] = limit_cells(self.limit)
        there = known.get(MAXIMUM_WEBHOOKS)
        if isinstance(there, int) and self.limit.is_met_by(there):
            desired[MAXIMUM_WEBHOOKS] = there
        elif MAXIMUM_WEBHOOKS not in known and self.limit.bound == "minimum":
            # Whatever number is there stays if it will do.
            desired[MAXIMUM_WEBHOOKS] = self.limit.least
        return desired

    def _steps(self, known: Mapping[str, Any], desired: Mapping[str, Any]) -> list[Step]:
        at_least = (MAXIMUM_WEBHOOKS,) if self.limit.bound == "minimum" else ()
        return level_steps(self.limit.level, known, desired, self.catalogue, self.terms, at_least=at_least)
