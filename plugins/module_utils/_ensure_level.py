# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What autotask_security_level does. Private to the collection."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils import _access, _catalogue
from ansible_collections.msp.autotask.plugins.module_utils._by_console import Visit, no_secrets, settle_by_console, visiting
from ansible_collections.msp.autotask.plugins.module_utils._catalogue import Catalogue, Value
from ansible_collections.msp.autotask.plugins.module_utils._change import Document, Knowledge, settle, withdraw
from ansible_collections.msp.autotask.plugins.module_utils._controller import Controller
from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError
from ansible_collections.msp.autotask.plugins.module_utils._labels import Terms, quoted, suggestion, worded
from ansible_collections.msp.autotask.plugins.module_utils._level import (
    SYSTEM_API_LEVELS,
    Level,
    cell_label,
    is_system,
    level_of,
    named,
    parse_level,
    same_name,
    wanted_cells,
    whole_sections,
)
from ansible_collections.msp.autotask.plugins.module_utils._options import (
    CHANGE_BY_CONSOLE,
    CONNECTION,
    PROOF,
    Params,
    Spec,
    Tenant,
    access_of_level,
)
from ansible_collections.msp.autotask.plugins.module_utils._plan import level_steps
from ansible_collections.msp.autotask.plugins.module_utils._results import result_of
from ansible_collections.msp.autotask.plugins.module_utils._tenant import find_level, half_made_copy

# Autotask help, Define_API_User.
MOST_LEVELS = 50
# Stands for a value that was found not to be what it should be, where nobody knows what it is instead.
SOMETHING_ELSE = "something else"

SPEC: Spec = {
    **CONNECTION,
    **CHANGE_BY_CONSOLE,
    **PROOF,
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "copy_of": {"type": "str", "default": "API User (system)"},
    "baseline": {"type": "str", "choices": ["none", "copy"], "default": "none"},
    "settings": {"type": "dict", "default": {}},
    "sections": {"type": "dict", "default": {}},
    "source": {
        "type": "dict",
        "options": {
            "baseline": {"type": "str", "choices": ["none", "copy"], "default": "none"},
            "sections": {"type": "dict", "default": {}},
            "settings": {"type": "dict", "default": {}},
        },
    },
    "extra_settings": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "section": {"type": "str", "required": True},
            "group": {"type": "str"},
            "label": {"type": "str", "required": True},
            "kind": {"type": "str", "choices": ["row", "grid", "list", "box", "number"], "default": "box"},
            "values": {"type": "raw"},
        },
    },
    "level_limit_checked": {"type": "bool", "default": False},
    "full_audit": {"type": "bool", "default": False},
}


def run(params: Params, check_mode: bool, controller: Controller, under_way: Visit | None = None) -> dict[str, Any]:
    """The result of the module. Raises the errors of `_errors`; writes nothing before everything that was written is understood."""
    catalogue = _catalogue.extended(params["extra_settings"])
    level = parse_level({**params, "active": params["state"] == "present"}, catalogue)
    tenant = Tenant(params)
    people = tenant.people()
    observed = find_level(people["levels"], level.name) if people else None
    if params["state"] == "absent":
        _check_unused(people, level.name)
    elif people and observed is None:
        _check_copy(people["levels"], level, params["level_limit_checked"])
    desired: dict[str, Any] = {"active": level.active}
    if level.active:
        desired |= wanted_cells(level, catalogue)
    whole, whole_of_new = whole_sections(level, catalogue), whole_sections(level, catalogue, new=True)
    copied = wanted_cells(level.source, catalogue) if level.source else {}
    entities = _access.entities_with_effects(desired)
    access, warnings = access_of_level(tenant, people, level.name, entities) if observed and level.active else ({}, [])
    terms = params["local_terms"]
    label = cell_label(catalogue, terms)

    def plan(base: Document | None) -> Knowledge:
        if people and observed is None and not level.active:
            return Knowledge([], {"active": False}, {"active": "read"})
        if people and observed is None:
            there = quoted(_custom_names(people["levels"])) or "none but the system's"
            words = [f'REST shows no security level "{level.name}"; it shows {there}.'] if base is not None else []
            half_made = half_made_copy(people["levels"], level.copy_of)
            steps = level_steps(level.name, None, desired, catalogue, terms, level.copy_of, half_made, whole_of_new, copied)
            return Knowledge(steps, contradictions=words, absent=True)
        if people is None and base is None:
            return Knowledge(level_steps(level.name, None, desired, catalogue, terms, level.copy_of, whole=whole_of_new, copied=copied))
        known, evidence, words = _known(base, catalogue, desired, access, label)
        if observed is not None:
            if base is not None and observed["active"] != known.get("active"):
                words.append(f'REST shows the security level "{level.name}" {"active" if observed["active"] else "inactive"}.')
            known["active"], evidence["active"] = observed["active"], "read"
        return Knowledge(level_steps(level.name, known, desired, catalogue, terms, whole=whole), known, evidence, words)

    facts = ["active", *(named(level) if level.active else ())]
    if params["apply_via"] == "console":
        half_made = half_made_copy(people["levels"], level.copy_of) if people else None
        with visiting(params, catalogue, controller, tenant.web_url, under_way) as visit:
            reader = _Reader(visit, level, catalogue, terms, half_made, params["full_audit"])
            outcome = settle_by_console(params, visit, "level", level.name, reader.look, check_mode, no_secrets)
        result = result_of(params, outcome, label, facts)
        result["warnings"] += warnings + reader.warnings
        return result
    applier = tenant.applier(_rights_needed(level, catalogue, terms))
    outcome = settle(applier, "level", level.name, asdict(level), plan, check_mode)
    result = result_of(params, outcome, label, facts)
    result["warnings"] += warnings
    if not level.active:
        of_limit = withdraw(applier, "webhook limit", level.name, {"level": level.name, "maximum": None}, check_mode)
        result["changed"] = result["changed"] or of_limit.changed
    return result


@dataclass
class _Reader:
    """Reads the level in the console, and plans what is missing. `warnings` are about what the page doesn't have."""

    visit: Visit
    level: Level
    catalogue: Catalogue
    terms: Terms
    half_made: str | None
    full_audit: bool
    warnings: list[str] = field(default_factory=list)

    def look(self) -> Knowledge:
        """What is known from the console's page of the level, and the steps that are still needed."""
        level = self.level
        seen = self.visit.level(level.name)
        if seen is None and not level.active:
            return Knowledge([], {"active": False}, {"active": "read"})
        source = self._source() if level.active else {}
        desired = {"active": level.active, **({**source, **wanted_cells(level, self.catalogue)} if level.active else {})}
        if seen is None:
            # What REST showed at the start may have become another level of this run since.
            half_made = self.half_made if self.half_made and self.visit.level(self.half_made) else None
            copied = {**(wanted_cells(level.source, self.catalogue) if level.source else {}), **source}
            whole = whole_sections(level, self.catalogue, new=True)
            steps = level_steps(level.name, None, desired, self.catalogue, self.terms, level.copy_of, half_made, whole, copied)
            return Knowledge(steps, absent=True)
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

    def _source(self) -> Mapping[str, Value]:
        """The cells that a copy should still have from its source: what a full audit reads there."""
        source = self.visit.level(self.level.copy_of) if self.full_audit and self.level.baseline == "copy" else None
        return source.cells if source else {}

    def _warn(self, missing: Collection[str]) -> None:
        if missing and not self.warnings:
            label = cell_label(self.catalogue, self.terms)
            shown = quoted([label(cell_id) for cell_id in sorted(missing)][:5])
            self.warnings.append(f"The console's page doesn't have {len(missing)} settings of the catalogue, such as {shown}: unknown.")


def _rights_needed(level: Level, catalogue: Catalogue, terms: Terms) -> list[str]:
    """What the person who edits the level must hold."""
    found = [catalogue.by_cell[cell_id][0] for cell_id, value in level.cells.items() if value]
    return [f'"{worded(setting.label, terms)}": whoever edits the level {setting.operator}.' for setting in found if setting.operator]


def _known(
    base: Document | None, catalogue: Catalogue, desired: Mapping[str, Any], access: _access.Access, label: Any
) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    """Facts, their evidence, and words on what contradicts them: what was attested, as far as the access doesn't show otherwise."""
    known: dict[str, Any] = {}
    if base is not None:
        attested = level_of(base, catalogue)
        known = {"active": attested.active, **wanted_cells(attested, catalogue)}
    evidence = dict.fromkeys(known, "attested")
    cells_wanted: dict[str, Value] = {fact: value for fact, value in desired.items() if fact in catalogue.by_cell}
    proven, contradicted = _access.shown_by_access(cells_wanted, access, catalogue.least)
    for cell_id in proven:
        known[cell_id], evidence[cell_id] = desired[cell_id], "effect"
    for cell_id in contradicted:
        known[cell_id], evidence[cell_id] = SOMETHING_ELSE, "effect"
    return known, evidence, [f"{label(cell_id)}: what the API user may do shows otherwise." for cell_id in contradicted]


def _check_copy(levels: Sequence[Mapping[str, Any]], level: Level, checked: bool) -> None:
    source = find_level(levels, level.copy_of)
    if source is None and level.source is None:
        known = [str(known["name"]) for known in levels]
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


def _custom_names(levels: Sequence[Mapping[str, Any]]) -> list[str]:
    return [str(level["name"]) for level in levels if not level["system"]]


def _check_unused(people: Mapping[str, Any] | None, name: str) -> None:
    users = [user for user in (people or {}).get("api_users", []) if user["active"] and same_name(user["security_level"], name)]
    if users:
        names = quoted([f"{user['first_name']} {user['last_name']}" for user in users])
        raise InputError(
            ["state"], f'the level "{name}" is in use by {names}; inactivate them or give them another level first', "level_in_use"
        )
