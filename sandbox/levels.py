# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What may be done with security levels: copy, save, activate, delete. The rules of the cells are in `editor.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox import editor
from sandbox.editor import Problem
from sandbox.model import Cells, Level, Tenant
from sandbox.store import Store

MAX_API_LEVELS = 50
"""So many custom API-only levels a tenant may have (Autotask help, Define_API_User)."""


class Refused(Exception):
    """The console doesn't do this; the text is what it shows."""


def copy(store: Store, level_id: int, grants_internal_cost: bool) -> Level:
    """Copies a level: stored at once as `Copy (n) of ...`, inactive. Refused if it can't be copied, or is one too many."""
    source = store.level(level_id)
    if not source.copyable:
        raise Refused(f"{source.name} can't be copied.")
    with store.transaction():
        others = store.levels(source.tenant_id)
        if source.api_only and sum(level.api_only and not level.system for level in others) >= MAX_API_LEVELS:
            raise Refused(f"You have reached the maximum of {MAX_API_LEVELS} custom API-only security levels.")
        taken = {level.name.lower() for level in others}
        names = (f"Copy ({n}) of {source.name}"[: editor.NAME_LENGTH].strip() for n in range(1, len(others) + 2))
        name = next(name for name in names if name.lower() not in taken)
        return store.copy_level(level_id, name, editor.copied_cells(source, grants_internal_cost))


def save(store: Store, level_id: int, name: str, active: bool, cells: Cells, grants_internal_cost: bool) -> list[Problem]:
    """Saves the editor's form. Returns what is wrong with it; nothing is stored if there is anything.

    `cells` are those of the whole form. Refused for a system level, which opens but can't be saved.
    """
    with store.transaction():
        level = store.level(level_id)
        if level.system:
            raise Refused(f"{level.name} is a system security level and can't be changed.")
        name = name.strip()
        found = _name_problems(store, level, name)
        found += editor.problems(level, cells, store.tenant(level.tenant_id), grants_internal_cost)
        if not found:
            store.save_level(replace(level, name=name, active=active, cells=editor.settled(cells, level.api_only)))
        return found


def set_active(store: Store, level_id: int, active: bool) -> Level:
    """Activates or inactivates a level, even one in use. Refused for the API User system levels, which stay active."""
    level = store.level(level_id)
    if level.system and level.api_only and not active:
        raise Refused(f"{level.name} can't be inactivated.")
    return store.save_level(replace(level, active=active))


def delete(store: Store, level_id: int) -> None:
    """Deletes a level. Refused for system levels and for those that somebody has, active or not."""
    with store.transaction():
        level = store.level(level_id)
        if level.system:
            raise Refused(f"{level.name} is a system security level and can't be deleted.")
        if store.level_users(level):
            raise Refused(f"{level.name} is assigned to resources and can't be deleted. Inactivate it instead.")
        store.delete_level(level_id)


def change(store: Store, level_id: int, changes: Mapping[str, Any]) -> Level:
    """Sets `name`, `active` or some `cells` of a level as if somebody had saved them by hand, without asking for a person's rights.

    ValueError if a cell doesn't exist or doesn't offer the value.
    """
    level = store.level(level_id)
    known = editor.cells_by_key(level.api_only, editor.MORE_SECTIONS)
    for key, value in changes.get("cells", {}).items():
        fault = known[key].fault(value) if key in known and key in level.cells else "is not in the editor"
        if fault:
            raise ValueError(f"{key} {fault}")
    cells = editor.settled(dict(level.cells) | changes.get("cells", {}), level.api_only)
    return store.save_level(replace(level, name=changes.get("name", level.name), active=changes.get("active", level.active), cells=cells))


def show_sections(store: Store, tenant: Tenant) -> Tenant:
    """Gives the tenant's levels the cells of those sections that its option `more_sections` names. Returns the tenant."""
    more = editor.more_sections(tenant)
    for level in store.levels(tenant.id) if more else ():
        store.save_level(replace(level, cells=editor.with_sections(level.cells, more, level.api_only)))
    return tenant


def _name_problems(store: Store, level: Level, name: str) -> list[Problem]:
    if not name:
        return [Problem("name", "Name is required.")]
    if len(name) > editor.NAME_LENGTH:
        return [Problem("name", f"Name must be {editor.NAME_LENGTH} characters or fewer.")]
    if any(other.id != level.id and other.name.lower() == name.lower() for other in store.levels(level.tenant_id)):
        return [Problem("name", f"Name must be unique: there is a security level {name} already.")]
    return []
