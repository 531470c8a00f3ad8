# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The pages of the security levels: the list and the editor. What may be done with a level is in `sandbox/levels.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from starlette.responses import Response

from sandbox import editor, levels
from sandbox.console.forms import LevelForm, level_form, read_level_form
from sandbox.console.visit import Visit
from sandbox.editor import Problem
from sandbox.model import LICENSE_TYPES, Level

LIST = "/admin/security-levels"


def listing(visit: Visit) -> Response:
    """The list: active levels, or all of them with Show Inactive."""
    show_inactive = "inactive" in visit.request.query_params
    shown = [level for level in visit.store.levels(visit.tenant.id) if level.active or show_inactive]
    users = Counter(resource["userType"] for resource in visit.store.query(visit.tenant.id, "Resources"))
    return visit.page("levels.html", levels=shown, users=users, show_inactive=show_inactive)


def menu(visit: Visit) -> Response:
    """What a row's menu does at once. Copying leads to the editor of the copy."""
    level = _level(visit)
    if level is None:
        return visit.missing()
    try:
        match visit.request.path_params["action"]:
            case "copy":
                copy = levels.copy(visit.store, level.id, visit.person.grants_internal_cost)
                return visit.go(f"{LIST}/{copy.id}", f"{level.listed_name} was copied.")
            case "activate":
                levels.set_active(visit.store, level.id, True)
                return visit.go(LIST, f"{level.listed_name} is active.")
            case "inactivate":
                levels.set_active(visit.store, level.id, False)
                return visit.go(LIST, f"{level.listed_name} is inactive.")
            case "delete":
                levels.delete(visit.store, level.id)
                return visit.go(LIST, f"{level.listed_name} was deleted.")
    except levels.Refused as refused:
        return visit.go(LIST, refusal=str(refused))
    return visit.missing()


def open_editor(visit: Visit) -> Response:
    """The editor, with what is stored."""
    level = _level(visit)
    return _editor(visit, level, level_form(level)) if level else visit.missing()


def send_editor(visit: Visit) -> Response:
    """What the editor sent. Only Save and Save & Close store anything; every other button shows the form again, changed."""
    level = _level(visit)
    if level is None:
        return visit.missing()
    form = read_level_form(visit.form, level)
    sections = frozenset(part.name for part in editor.sections(visit.tenant, level.api_only))
    action, _colon, section = visit.text("action").partition(":")
    if action in ("save", "save-close"):
        return _save(visit, level, form, LIST if action == "save-close" else f"{LIST}/{level.id}")
    if action in ("expand", "refresh"):
        form = replace(form, open=sections)
    elif action == "collapse":
        form = replace(form, open=frozenset())
    elif action in _SECTION_BUTTONS and section in sections:
        cells = _SECTION_BUTTONS[action](form.cells, section, level.api_only)
        form = replace(form.with_cells(cells, level.api_only), open=form.open | {section})
    return _editor(visit, level, form)


_SECTION_BUTTONS = {"none": editor.no_permission, "full": editor.full_permission}


def _save(visit: Visit, level: Level, form: LevelForm, then: str) -> Response:
    try:
        problems = levels.save(visit.store, level.id, form.name, form.active, form.cells, visit.person.grants_internal_cost)
    except levels.Refused as refused:
        visit.session.refusal = str(refused)
        return _editor(visit, level, form, status=409)
    if problems:
        return _editor(visit, level, form, problems, 422)
    return visit.go(then, f"{form.name} was saved.")


def _editor(visit: Visit, level: Level, form: LevelForm, problems: Sequence[Problem] = (), status: int = 200) -> Response:
    found = {problem.key: problem.message for problem in problems}
    sections = editor.sections(visit.tenant, level.api_only)
    faulty = {section.name for section in sections if any(cell.key in found for cell in section.cells())}
    return visit.page(
        "level.html",
        status,
        level=level,
        form=replace(form, open=form.open | faulty),
        sections=sections,
        problems=found,
        license_type=LICENSE_TYPES[level.license_type],
        feature_access=editor.feature_access(level),
        users=visit.store.level_users(level),
    )


def _level(visit: Visit) -> Level | None:
    """The level of the address, if it is one of this tenant's."""
    try:
        level = visit.store.level(visit.number("level_id"))
    except KeyError:
        return None
    return level if level.tenant_id == visit.tenant.id else None
