# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The pages of the security levels: the list and the editor. What may be done with a level is in `sandbox/levels.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import wraps

from starlette.responses import Response

from sandbox import editor, levels
from sandbox.console.forms import LevelForm, level_form, read_level_form
from sandbox.console.look import SAVE_REFUSED, Look, two_rows
from sandbox.console.visit import Handler, Visit
from sandbox.editor import Problem, Section
from sandbox.model import LICENSE_TYPES, Level

LIST = "/admin/security-levels"
DENIED = "/mvc/security/authorization.mvc/failure"


def _unless_denied(handler: Handler) -> Handler:
    """The trap `denied`: whoever has no right to these pages is led to another one."""

    @wraps(handler)
    def answer(visit: Visit) -> Response:
        return visit.go(DENIED) if visit.look.has("denied") else handler(visit)

    return answer


def denied(visit: Visit) -> Response:
    """The page of those who have no right to another one. Like the real one it answers 200, so only its title tells."""
    return visit.page("problem.html", title="Access Denied", text="You do not have permission to view this page.")


@_unless_denied
def listing(visit: Visit) -> Response:
    """The list: active levels, or all of them with Show Inactive."""
    show_inactive = "inactive" in visit.request.query_params
    shown = [level for level in visit.store.levels(visit.tenant.id) if level.active or show_inactive]
    users = Counter(resource["userType"] for resource in visit.store.query(visit.tenant.id, "Resources"))
    if visit.look.has("two_rows"):
        shown = list(two_rows(shown, lambda level: not level.system, "name"))
    return visit.page("levels.html", levels=shown, users=users, show_inactive=show_inactive)


@_unless_denied
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


@_unless_denied
def open_editor(visit: Visit) -> Response:
    """The editor, with what is stored."""
    level = _level(visit)
    return _editor(visit, level, level_form(level)) if level else visit.missing()


@_unless_denied
def send_editor(visit: Visit) -> Response:
    """What the editor sent. Only Save and Save & Close store anything; every other button shows the form again, changed."""
    level = _level(visit)
    if level is None:
        return visit.missing()
    form = read_level_form(visit.form, level, editor.more_sections(visit.tenant))
    form = replace(form, cells=visit.look.keep_missing(form.cells, level.cells))
    sections = frozenset(part.name for part in editor.sections(visit.tenant, level.api_only))
    action, _colon, section = visit.text("action").partition(":")
    if action in ("save", "save-close"):
        return _save(visit, level, form, closes=action == "save-close")
    if action in ("expand", "refresh"):
        form = replace(form, open=sections)
    elif action == "collapse":
        form = replace(form, open=frozenset())
    elif action in _SECTION_BUTTONS and section in sections:
        cells = _SECTION_BUTTONS[action](form.cells, section, level.api_only)
        form = replace(form.with_cells(cells, level.api_only), open=form.open | {section})
    return _editor(visit, level, form)


_SECTION_BUTTONS = {"none": editor.no_permission, "full": editor.full_permission}


def _save(visit: Visit, level: Level, form: LevelForm, closes: bool) -> Response:
    if visit.look.has("save_refused"):
        return _editor(visit, level, form, [SAVE_REFUSED], 422)
    cells = visit.look.forget_box(form.cells) if closes else form.cells
    try:
        problems = levels.save(visit.store, level.id, form.name, form.active, cells, visit.person.grants_internal_cost)
    except levels.Refused as refused:
        visit.session.refusal = str(refused)
        return _editor(visit, level, form, status=409)
    if problems:
        return _editor(visit, level, form, problems, 422)
    saved = f"{form.name} was saved."
    return visit.close(LIST, saved) if closes else visit.go(f"{LIST}/{level.id}", saved)


def _editor(visit: Visit, level: Level, form: LevelForm, problems: Sequence[Problem] = (), status: int = 200) -> Response:
    found = {problem.key: problem.message for problem in problems}
    sections = tuple(_without_missing(visit.look, editor.sections(visit.tenant, level.api_only)))
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


def _without_missing(look: Look, sections: Iterable[Section]) -> Iterator[Section]:
    """The sections without the setting that the trap `missing_setting` takes from the page."""
    for section in sections:
        groups = (
            replace(group, settings=tuple(s for s in group.settings if not any(look.has("missing_setting", cell.key) for cell in s.cells)))
            for group in section.groups
        )
        yield replace(section, groups=tuple(groups))


def _level(visit: Visit) -> Level | None:
    """The level of the address, if it is one of this tenant's."""
    try:
        level = visit.store.level(visit.number("level_id"))
    except KeyError:
        return None
    return level if level.tenant_id == visit.tenant.id else None
