# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A security level as it should be. Private to the collection."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar

from .._appliers.base import ConsoleView, no_secret
from .._catalogue import effects
from .._catalogue.effects import Access
from .._catalogue.model import Catalogue, Value
from .._catalogue.terms import Terms, worded
from .._change.decide import Knowledge
from .._change.model import Document, Kind, Record
from .._documents.names import AS_COPIED, OTHER_SECTIONS, cell_label, same_name
from .._documents.observed import find_level, unnamed_copies
from .._documents.security_level import NO, Level, dropped, is_plain_copy, level_of, named, wanted_cells, wanted_facts, whole_sections
from .._documents.webhook_limit import WEBHOOK_CELLS, WebhookLimit, limit_cells, render_limit
from .._entities import SYSTEM_API_LEVELS, LevelFacts, Observed, is_system
from .._errors import InputError
from .._plan.level_steps import level_steps
from .._plan.step import Step, differing
from .._text import quoted, suggestion
from .accepted import as_accepted

# Autotask help, Define_API_User.
MOST_LEVELS = 50
# Stands for a value that was found not to be what it should be, where nobody knows what it is instead.
SOMETHING_ELSE = "something else"


@dataclass
class SecurityLevel:
    """See `Thing`. `observed` is None where nothing can be read; `access` is what a user of the level may do, as far as that was seen.

    `limit` is the webhook limit that is set in the same visit where the level is made; on a level that is there it has a visit of its own.
    `siblings` are levels that the same change makes, so that it can be copied from one of them; `copied_from` are levels that it may as well be a copy
    of. `shared` says that other integrations may have it, too.
    `accepted` has values, by fact, that may stand in the place of what is wanted. `warnings` are about what the console's page doesn't have.
    """

    level: Level
    catalogue: Catalogue
    terms: Terms
    observed: Observed | None
    access: Access = field(default_factory=dict)
    full_audit: bool = False
    limit_checked: bool = False
    limit: WebhookLimit | None = None
    siblings: Collection[str] = ()
    copied_from: Collection[str] = ()
    shared: bool = False
    accepted: Mapping[str, Any] = field(default_factory=dict)
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
        others = (fact for fact in self.desired if fact in (OTHER_SECTIONS, AS_COPIED))
        return ["active", *(named(self.level) if self.level.active else ()), *others]

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
            self._check_source()
            _check_copy(self.observed["levels"], self.level, self.limit_checked)

    def _check_source(self) -> None:
        """Raises InputError where there is no level to copy, or to set something as in."""
        levels, name = self.observed["levels"] if self.observed else [], self.level.copy_of
        if self.observed and find_level(levels, name) is None and self.level.source is None and name not in self.siblings:
            near = suggestion(name, [known["name"] for known in levels])
            raise InputError(["copy_of"], f'this tenant has no security level "{name}".{near}', "unknown_source")

    def plan_new(self) -> Knowledge:
        """See `Thing`."""
        return Knowledge(self._steps_of_new(self.desired, None), carried=self._carried)

    def plan(self, attested: Document | None, begun: Record | None = None) -> Knowledge:
        """See `Thing`."""
        level, desired = self.level, self.desired
        if self.observed and self.seen is None:
            return self._plan_of_missing(attested, begun)
        if self.observed is None and attested is None:
            return Knowledge(self._steps_of_new(desired, None), carried=self._carried)
        known, evidence, contradictions, accepted = self._known(attested, desired)
        if self.seen is not None:
            if attested is not None and self.seen["active"] != known.get("active"):
                state = "active" if self.seen["active"] else "inactive"
                contradictions.append(f'REST shows the security level "{level.name}" {state}.')
            known["active"], evidence["active"] = self.seen["active"], "read"
        whole = whole_sections(level, self.catalogue) if level.active else {}
        if OTHER_SECTIONS in differing(known, desired):
            # "Every other section" is right only where all those that have a name are worked on in the same visit.
            steps = level_steps(level.name, {"active": known.get("active")}, desired, self.catalogue, self.terms, whole=whole)
        else:
            before = level_of(attested, self.catalogue) if attested is not None else None
            back = dropped(before, level, self.catalogue) if before and AS_COPIED in desired else ((), ())
            source = str(known.get(AS_COPIED))
            will_do = any(same_name(source, name) for name in (level.copy_of, *self.copied_from))
            base = {**known, AS_COPIED: level.copy_of} if will_do else known
            steps = self._steps_of_known(before, base, desired, whole, back)
            if steps and will_do and not same_name(source, level.copy_of):
                # Any of several sources will do as long as nothing else is to be done: what is asked for is kept with one of them.
                base, steps = known, self._steps_of_known(before, known, desired, whole, back)
            if AS_COPIED in differing(base, desired) or any(back):
                evidence.pop(AS_COPIED, None)
                self._check_source()
        off = not level.active and self.seen is not None and not self.seen["active"]
        return Knowledge(steps, known, evidence, contradictions, read=off, accepted=accepted)

    def _steps_of_known(
        self,
        before: Level | None,
        known: Mapping[str, Any],
        desired: Mapping[str, Any],
        whole: Mapping[str, str],
        back: tuple[Collection[str], Collection[str]],
    ) -> list[Step]:
        """The steps for what differs from what was attested, which is `before`; `back` is what should be as in the source again."""
        level, catalogue = self.level, self.catalogue
        pressed = whole_sections(before, catalogue) if before else whole
        again = [section for section, button in whole.items() if pressed.get(section) != button]
        copied = wanted_cells(level.source, catalogue) if level.source else {}
        return level_steps(level.name, known, desired, catalogue, self.terms, whole=whole, copied=copied, again=again, dropped=back)

    def plan_seen(self, console: ConsoleView, check_mode: bool) -> Knowledge:
        """See `Thing`."""
        level = self.level
        seen = console.level(level.name)
        if seen is None and not level.active:
            return Knowledge([], {"active": False}, {"active": "read"})
        source = self._source_cells(console) if level.active else {}
        desired = {**source, **self.desired}
        if seen is None:
            half_made = self._untouched_copy(console)
            return Knowledge(self._steps_of_new(desired, half_made, source), absent=True, carried=self._carried)
        known = {
            "active": seen.active,
            **seen.cells,
            OTHER_SECTIONS: SOMETHING_ELSE if seen.granted_elsewhere else NO,
            AS_COPIED: level.copy_of,
        }
        # What nobody named and the page doesn't have can be neither wrong nor put right.
        own = {
            cell_id
            for cell_id in desired
            if cell_id in known or cell_id in named(level) or desired[cell_id] != self.catalogue.least[cell_id]
        }
        self._warn_of_missing(set(desired) - own)
        desired = {fact: value for fact, value in desired.items() if fact in own}
        whole = whole_sections(level, self.catalogue)
        accepted = as_accepted(known, desired, self.accepted)
        steps = level_steps(level.name, {**known, **accepted.wanted}, desired, self.catalogue, self.terms, whole=whole)
        evidence = dict.fromkeys(known, "read") | ({} if seen.judged_elsewhere else {OTHER_SECTIONS: "unknown"})
        evidence |= {} if source else {AS_COPIED: "unknown"}
        return Knowledge(steps, {**known, **accepted.wanted}, evidence, accepted=accepted.seen)

    def keep(self, generated: Mapping[str, str]) -> None:
        """See `Thing`."""
        no_secret(generated)

    @property
    def desired(self) -> dict[str, Any]:
        """The facts as they should be."""
        return wanted_facts(self.level, self.catalogue)

    def _plan_of_missing(self, attested: Document | None, begun: Record | None) -> Knowledge:
        """What is planned for a level that REST doesn't show."""
        if not self.level.active:
            return Knowledge([], {"active": False}, {"active": "read"}, read=True)
        levels = self.observed["levels"] if self.observed else []
        there = quoted(_custom_names(levels)) or "none but the system's"
        words = [f'REST shows no security level "{self.level.name}"; it shows {there}.'] if attested is not None else []
        unnamed = unnamed_copies(levels, self.level.copy_of)
        own = [name for name in unnamed if begun and name not in begun.unnamed]
        self._warn_of_strangers(unnamed if not own else [])
        steps = self._steps_of_new(self.desired, next(iter(own), None))
        return Knowledge(steps, contradictions=words, absent=True, carried=self._carried, unnamed=begun.unnamed if begun else unnamed)

    @property
    def _carried(self) -> dict[str, Document]:
        """What the visit that makes the level brings about as well."""
        return {Kind.WEBHOOK_LIMIT.subject(self.limit.level): render_limit(self.limit)} if self.limit else {}

    def _steps_of_new(self, desired: Mapping[str, Any], half_made: str | None, source: Mapping[str, Value] | None = None) -> list[Step]:
        """The steps that make the level, by copying or by going on with a copy that was never renamed; `source` is what was read of the copied one."""
        level = self.level
        desired = {**desired, **(limit_cells(self.limit) if self.limit else {})}
        copied = {**(wanted_cells(level.source, self.catalogue) if level.source else {}), **(source or {})}
        whole = whole_sections(level, self.catalogue, new=True)
        return level_steps(level.name, None, desired, self.catalogue, self.terms, level.copy_of, half_made, whole, copied)

    def wanted_now(self, known: Mapping[str, Any]) -> Mapping[str, Any]:
        """See `Reviewed`."""
        return self.desired

    def facts_of(self, document: Document) -> Mapping[str, Any]:
        """See `Reviewed`."""
        return wanted_facts(level_of(document, self.catalogue), self.catalogue)

    def _known(
        self, attested: Document | None, desired: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, str], list[str], dict[str, Any]]:
        """Facts, their evidence, words on what contradicts them, and what of that is accepted: what was attested, as far as the access doesn't show
        otherwise.
        """
        known: dict[str, Any] = {}
        if attested is not None:
            before = level_of(attested, self.catalogue)
            known = wanted_facts(before, self.catalogue)
        # What was pressed in a section that nobody knows is known, what came of it isn't.
        evidence = dict.fromkeys((fact for fact in known if fact != OTHER_SECTIONS), "attested")
        cells: dict[str, Value] = {fact: value for fact, value in desired.items() if fact in self.catalogue.by_cell}
        proven, contradicted = effects.shown_by_access(cells, self.access, self.catalogue)
        for cell_id in proven:
            known[cell_id], evidence[cell_id] = desired[cell_id], "effect"
        accepted = self._accepted(contradicted, cells)
        for cell_id in contradicted:
            known[cell_id], evidence[cell_id] = desired[cell_id] if cell_id in accepted else SOMETHING_ELSE, "effect"
        words = [f"{self.label(cell_id)}: what the API user may do shows otherwise." for cell_id in contradicted if cell_id not in accepted]
        return known, evidence, words, accepted

    def _accepted(self, contradicted: Collection[str], cells: Mapping[str, Value]) -> dict[str, Value]:
        """Those of the cells that the access shows otherwise than wanted, and as somebody has accepted them."""
        others = {**cells, **{cell_id: self.accepted[cell_id] for cell_id in contradicted if cell_id in self.accepted}}
        proven, _contradicted = effects.shown_by_access(others, self.access, self.catalogue)
        return {cell_id: others[cell_id] for cell_id in contradicted if cell_id in self.accepted and cell_id in proven}

    def _source_cells(self, console: ConsoleView) -> Mapping[str, Value]:
        """The cells that a copy should still have from its source: what a full audit reads there, without those that are a webhook limit's."""
        source = console.level(self.level.copy_of) if self.full_audit and self.level.baseline == "copy" else None
        return {cell_id: value for cell_id, value in source.cells.items() if cell_id not in WEBHOOK_CELLS} if source else {}

    def _untouched_copy(self, console: ConsoleView) -> str | None:
        """An unnamed copy that a run which was stopped may have left: nobody has it, and nothing was set in it. A browser's runs are noted nowhere."""
        unnamed = unnamed_copies(self.observed["levels"], self.level.copy_of) if self.observed else []
        users = self.observed["api_users"] if self.observed else []
        for name in unnamed:
            # What REST showed at the start may have become another level of this run since.
            copy = console.level(name)
            source = console.level(self.level.copy_of) if copy else None
            used = any(same_name(user["security_level"], name) for user in users)
            if copy and source and not used and is_plain_copy(copy.cells, source.cells, self.catalogue):
                return name
        self._warn_of_strangers([name for name in unnamed if console.level(name)])
        return None

    def _warn_of_strangers(self, unnamed: Sequence[str]) -> None:
        if unnamed:
            noun, verb = ("It", "is") if len(unnamed) == 1 else ("They", "are")
            self._warn(
                f'Nobody has given {quoted(unnamed)} a name. {noun} {verb} not gone on with for "{self.level.name}", because nothing shows that a run asked '
                "for it. What nobody needs can be deleted in the console."
            )

    def _warn_of_missing(self, missing: Collection[str]) -> None:
        if missing:
            examples = quoted([self.label(cell_id) for cell_id in sorted(missing)][:5])
            self._warn(f"The console's page doesn't have {len(missing)} settings of the catalogue, such as {examples}: unknown.")

    def _warn(self, text: str) -> None:
        """Once, although a run plans more than once."""
        if text not in self.warnings:
            self.warnings.append(text)


def copied_as_possible(level: Level, sources: Sequence[str], observed: Observed | None) -> Level:
    """The level as a copy of the first of these levels that the tenant has. Raises InputError where a new one has to be made, and none is there."""
    if observed is None or len(sources) < 2:
        return level
    there = [name for name in sources if find_level(observed["levels"], name)]
    if not there and find_level(observed["levels"], level.name) is None:
        raise InputError(["copy_of"], f"this tenant has none of the security levels {quoted(sources)}", "unknown_source")
    return replace(level, copy_of=there[0]) if there else level


def _check_copy(levels: Sequence[LevelFacts], level: Level, checked: bool) -> None:
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
