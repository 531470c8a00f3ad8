# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A security level as it should be. Private to the collection."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from .._appliers.base import ConsoleView, no_secret
from .._catalogue import effects
from .._catalogue.effects import Access
from .._catalogue.model import Catalogue, Value
from .._catalogue.terms import Terms, worded
from .._change.decide import Knowledge
from .._change.model import Document, Kind
from .._documents.names import SYSTEM_API_LEVELS, cell_label, is_system, same_name
from .._documents.observed import find_level, half_made_copy
from .._documents.security_level import Level, level_of, named, wanted_cells, whole_sections
from .._entities import LevelFacts, Observed
from .._errors import InputError
from .._plan.level_steps import level_steps
from .._plan.step import Step
from .._text import quoted, suggestion

# Autotask help, Define_API_User.
MOST_LEVELS = 50
# Stands for a value that was found not to be what it should be, where nobody knows what it is instead.
SOMETHING_ELSE = "something else"


@dataclass
class SecurityLevel:
    """See `Thing`. `observed` is None where nothing can be read; `access` is what a user of the level may do, as far as that was seen.

    `warnings` are about what the console's page doesn't have.
    """

    level: Level
    catalogue: Catalogue
    terms: Terms
    observed: Observed | None
    access: Access = field(default_factory=dict)
    full_audit: bool = False
    limit_checked: bool = False
    warnings: list[str] = field(default_factory=list)

    kind: ClassVar[Kind] = Kind.LEVEL
    record_as: ClassVar[str] = ""

    @property
    def name(self) -> str:
        """See `Thing`."""
        return self.level.name

    @property
    def document(self) -> Document:
        """See `Thing`."""
        return asdict(self.level)

    @property
    def facts(self) -> list[str]:
        """The facts whose evidence is told: what was named."""
        return ["active", *(named(self.level) if self.level.active else ())]

    @property
    def label(self) -> Callable[[str], str]:
        """Names a fact as the console does."""
        return cell_label(self.catalogue, self.terms)

    @property
    def notes(self) -> list[str]:
        """What the person who edits the level must hold."""
        found = [self.catalogue.by_cell[cell_id][0] for cell_id, value in self.level.cells.items() if value]
        return [
            f'"{worded(setting.label, self.terms)}": whoever edits the level {setting.operator}.' for setting in found if setting.operator
        ]

    @property
    def seen(self) -> LevelFacts | None:
        """The level as REST shows it."""
        return find_level(self.observed["levels"], self.level.name) if self.observed else None

    def check(self) -> None:
        """Raises InputError where the tenant doesn't allow it: a level that is in use, one that can't be copied, too many of them."""
        if not self.level.active:
            _check_unused(self.observed, self.level.name)
        elif self.observed and self.seen is None:
            _check_copy(self.observed["levels"], self.level, self.limit_checked)

    def plan(self, attested: Document | None) -> Knowledge:
        """See `Thing`."""
        level, desired = self.level, self.desired
        if self.observed and self.seen is None:
            return self._plan_of_missing(attested)
        if self.observed is None and attested is None:
            return Knowledge(self._steps_of_new(desired, None))
        known, evidence, contradictions = self._known(attested, desired)
        if self.seen is not None:
            if attested is not None and self.seen["active"] != known.get("active"):
                state = "active" if self.seen["active"] else "inactive"
                contradictions.append(f'REST shows the security level "{level.name}" {state}.')
            known["active"], evidence["active"] = self.seen["active"], "read"
        whole = whole_sections(level, self.catalogue)
        steps = level_steps(level.name, known, desired, self.catalogue, self.terms, whole=whole)
        return Knowledge(steps, known, evidence, contradictions)

    def plan_seen(self, console: ConsoleView, check_mode: bool) -> Knowledge:
        """See `Thing`."""
        level = self.level
        seen = console.level(level.name)
        if seen is None and not level.active:
            return Knowledge([], {"active": False}, {"active": "read"})
        source = self._source_cells(console) if level.active else {}
        desired = {"active": level.active, **({**source, **wanted_cells(level, self.catalogue)} if level.active else {})}
        if seen is None:
            # What REST showed at the start may have become another level of this run since.
            half_made = half_made_copy(self.observed["levels"], level.copy_of) if self.observed else None
            half_made = half_made if half_made and console.level(half_made) else None
            return Knowledge(self._steps_of_new(desired, half_made, source), absent=True)
        known = {"active": seen.active, **seen.cells}
        # What nobody named and the page doesn't have can be neither wrong nor put right.
        own = {
            cell_id
            for cell_id in desired
            if cell_id in known or cell_id in named(level) or desired[cell_id] != self.catalogue.least[cell_id]
        }
        self._warn(set(desired) - own)
        desired = {fact: value for fact, value in desired.items() if fact in own}
        whole = whole_sections(level, self.catalogue)
        steps = level_steps(level.name, known, desired, self.catalogue, self.terms, whole=whole)
        return Knowledge(steps, known, dict.fromkeys(known, "read"))

    def keep(self, generated: Mapping[str, str]) -> None:
        """See `Thing`."""
        no_secret(generated)

    @property
    def desired(self) -> dict[str, Any]:
        """The facts as they should be."""
        cells = wanted_cells(self.level, self.catalogue) if self.level.active else {}
        return {"active": self.level.active, **cells}

    def _plan_of_missing(self, attested: Document | None) -> Knowledge:
        """What is planned for a level that REST doesn't show."""
        if not self.level.active:
            return Knowledge([], {"active": False}, {"active": "read"})
        levels = self.observed["levels"] if self.observed else []
        there = quoted(_custom_names(levels)) or "none but the system's"
        words = [f'REST shows no security level "{self.level.name}"; it shows {there}.'] if attested is not None else []
        steps = self._steps_of_new(self.desired, half_made_copy(levels, self.level.copy_of))
        return Knowledge(steps, contradictions=words, absent=True)

    def _steps_of_new(self, desired: Mapping[str, Any], half_made: str | None, source: Mapping[str, Value] | None = None) -> list[Step]:
        """The steps that make the level, by copying or by going on with a copy that was never renamed; `source` is what was read of the copied one."""
        level = self.level
        copied = {**(wanted_cells(level.source, self.catalogue) if level.source else {}), **(source or {})}
        whole = whole_sections(level, self.catalogue, new=True)
        return level_steps(level.name, None, desired, self.catalogue, self.terms, level.copy_of, half_made, whole, copied)

    def _known(self, attested: Document | None, desired: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str], list[str]]:
        """Facts, their evidence, and words on what contradicts them: what was attested, as far as the access doesn't show otherwise."""
        known: dict[str, Any] = {}
        if attested is not None:
            before = level_of(attested, self.catalogue)
            known = {"active": before.active, **wanted_cells(before, self.catalogue)}
        evidence = dict.fromkeys(known, "attested")
        cells: dict[str, Value] = {fact: value for fact, value in desired.items() if fact in self.catalogue.by_cell}
        proven, contradicted = effects.shown_by_access(cells, self.access, self.catalogue.least)
        for cell_id in proven:
            known[cell_id], evidence[cell_id] = desired[cell_id], "effect"
        for cell_id in contradicted:
            known[cell_id], evidence[cell_id] = SOMETHING_ELSE, "effect"
        return known, evidence, [f"{self.label(cell_id)}: what the API user may do shows otherwise." for cell_id in contradicted]

    def _source_cells(self, console: ConsoleView) -> Mapping[str, Value]:
        """The cells that a copy should still have from its source: what a full audit reads there."""
        source = console.level(self.level.copy_of) if self.full_audit and self.level.baseline == "copy" else None
        cells: Mapping[str, Value] = source.cells if source else {}
        return cells

    def _warn(self, missing: Collection[str]) -> None:
        if missing and not self.warnings:
            examples = quoted([self.label(cell_id) for cell_id in sorted(missing)][:5])
            self.warnings.append(f"The console's page doesn't have {len(missing)} settings of the catalogue, such as {examples}: unknown.")


def _check_copy(levels: Sequence[LevelFacts], level: Level, checked: bool) -> None:
    source = find_level(levels, level.copy_of)
    if source is None and level.source is None:
        known = [known["name"] for known in levels]
        raise InputError(
            ["copy_of"], f'this tenant has no security level "{level.copy_of}".{suggestion(level.copy_of, known)}', "unknown_source"
        )
    if is_system(level.copy_of) and level.copy_of not in SYSTEM_API_LEVELS:
        raise InputError(
            ["copy_of"],
            f'"{level.copy_of}" is not an API-only level, and a copy can\'t become one. '
            f"Copy {quoted(SYSTEM_API_LEVELS, 'or')}, or an API-only level of your own.",
            "not_api_only",
        )
    custom = _custom_names(levels)
    if len(custom) >= MOST_LEVELS and not checked:
        raise InputError(
            ["name"],
            f"this tenant has {len(custom)} security levels of its own, and Autotask allows {MOST_LEVELS} that are API-only; REST doesn't tell which are. "
            "Delete or reuse one, or count them in the console and set `level_limit_checked`.",
            "too_many_levels",
        )


def _custom_names(levels: Sequence[LevelFacts]) -> list[str]:
    return [level["name"] for level in levels if not level["system"]]


def _check_unused(observed: Observed | None, name: str) -> None:
    users = [user for user in (observed["api_users"] if observed else []) if user["active"] and same_name(user["security_level"], name)]
    if users:
        names = quoted([f"{user['first_name']} {user['last_name']}" for user in users])
        raise InputError(
            ["state"], f'the level "{name}" is in use by {names}; inactivate them or give them another level first', "level_in_use"
        )
