# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Carrying out the steps of a plan in the console, by what they say in their fields and never by their sentences. Private to the collection.

Each visit to an editor ends with Save & Close, or is left without saving. What was saved is read once more from the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from .._catalogue.model import Catalogue
from .._documents.names import API_ONLY, OTHER_SECTIONS, bare_name, same_name
from .._documents.security_level import FULL
from .._errors import AutotaskError
from .._plan.step import Step
from .._text import folded
from . import level_editor, user_editor
from .browser import Moving
from .level_editor import LevelSeen
from .locate import View, find, recognised
from .navigation import (
    COPY,
    SHOWN_SECONDS,
    Desk,
    choose_in_menu,
    find_row,
    leave,
    name_of,
    open_list,
    open_new_user,
    rows,
    save_and_close,
    wait_for_editor,
    watch,
)
from .user_editor import UserSeen

Keep: TypeAlias = Callable[[Mapping[str, str]], None]
LISTS = ("security_levels", "resources_users")
SAVE = "Save & Close"


def carry_out(desk: Desk, catalogue: Catalogue, steps: Sequence[Step], keep: Keep) -> list[LevelSeen | UserSeen]:
    """Carries out the steps, visit by visit. An error leaves the editor that is open without saving. Returns what the editors show afterwards.

    `keep` gets the key, the secret and the tracking identifier before Save & Close is pressed; if it raises, nothing is saved.
    """
    stored: list[LevelSeen | UserSeen] = []
    for visit in _visits(steps):
        try:
            if visit[0].page == "security_levels":
                stored.append(_level_visit(desk, catalogue, visit))
            else:
                stored.append(_user_visit(desk, visit, keep))
        except Moving:
            raise AutotaskError("The page changed while it was worked on. Nothing was saved in it.", "page_changed") from None
        finally:
            desk.browser.secret_on_page = False
            _left(desk)
    return stored


def _left(desk: Desk) -> None:
    """Leaves the editor. What went wrong before is more worth telling than what goes wrong here."""
    try:
        leave(desk)
    except (AutotaskError, Moving):
        desk.say("console: the page that was open could not be left")


def _visits(steps: Sequence[Step]) -> list[list[Step]]:
    """The steps from the opening of an editor to its Save & Close. What is to be recorded has been kept by then. Raises AutotaskError for others."""
    visits: list[list[Step]] = []
    for step in steps:
        if step.page in LISTS:
            visits.append([step])
        elif step.page in ("level", "api_user") and visits:
            visits[-1].append(step)
        elif step.page != "credentials":
            raise AutotaskError(f"The console applier can't carry out this step: {step.text}", "step_unknown")
    for visit in visits:
        if visit[-1].target != SAVE or visit[-1].action != "press":
            raise AutotaskError(f"These steps open an editor and don't save it: {visit[0].text}", "step_unknown")
    return visits


def level_names(name: str) -> tuple[str, str]:
    """How the list of levels may print a name."""
    return name, name + API_ONLY


def open_level(desk: Desk, name: str, action: str) -> View | None:
    """The editor of a level (`edit`), or of a new copy of it (`copy`); None if there is no such level. Raises AutotaskError (`wrong_page`)."""
    open_list(desk, "security_levels")
    found = find_row(desk, "security_levels", level_names(name))
    if found is None:
        return None
    view, row = found
    before = {name_of(desk, listed) for listed in rows(desk, "security_levels")[1]}
    windows = len(desk.browser.windows)
    choose_in_menu(desk, view, row, desk.field("security_levels", action))
    if action == "copy":
        return _copied(desk, name, before, windows)
    return _named(desk, wait_for_editor(desk, "level", windows), lambda shown: same_name(shown, name), name)


def _named(desk: Desk, view: View, fits: Callable[[str], bool], name: str) -> View:
    shown = str(find(desk.browser, view, desk.field("level", "name")).value)
    if not fits(bare_name(" ".join(shown.split()))):
        raise AutotaskError(f'The editor that opened is that of "{shown}" and not of "{name}". Nothing was changed in it.', "wrong_page")
    return view


def _copied(desk: Desk, source: str, before: set[str], windows: int) -> View:
    """The editor of the copy, which opens by itself, or, where only the list shows it, is opened from there."""

    def copied(seens: Any) -> View | str | None:
        editor = recognised(seens, desk.locators.pages["level"])
        if editor is not None:
            return editor
        listed = recognised(seens, desk.locators.pages["security_levels"])
        names = {name_of(desk, row) for row in listed.rows if row.controls} - before if listed else set()
        return next((name for name in names if COPY.match(name)), None)

    found = watch(desk, copied, wanted="level")
    if isinstance(found, str):
        view = watch(desk, lambda seens: recognised(seens, desk.locators.pages["level"]), SHOWN_SECONDS, "level")
        if view is None:
            listed = find_row(desk, "security_levels", (found,))
            if listed is not None:
                choose_in_menu(desk, *listed, desk.field("security_levels", "edit"))
    return _named(desk, wait_for_editor(desk, "level", windows), lambda shown: COPY.match(shown) is not None, f"a copy of {source}")


def _level_visit(desk: Desk, catalogue: Catalogue, visit: Sequence[Step]) -> LevelSeen:
    first, *rest, _save = visit
    if open_level(desk, first.target, first.action) is None:
        raise AutotaskError(f'The console lists no security level "{first.target}", not even among the inactive ones.', "row_missing")
    opened = level_editor.open_page(desk, catalogue)
    facts: dict[str, Any] = {}
    for step in rest:
        opened = _level_step(desk, catalogue, opened, step)
        facts.update(step.sets)
    desk.browser.let_settle()
    opened = level_editor.check(desk, catalogue, facts)
    save_and_close(desk, opened.view)
    name = str(facts.get("name") or first.target)
    stored = open_level(desk, name, "edit")
    if stored is None:
        raise AutotaskError(f'"{name}" was saved in the console, but the list does not show it.', "not_stored")
    with _as_not_stored(f'the level "{name}"'):
        return level_editor.read(desk, level_editor.check(desk, catalogue, facts), catalogue)


def _level_step(desk: Desk, catalogue: Catalogue, opened: level_editor.LevelPage, step: Step) -> level_editor.LevelPage:
    if step.action == "press":
        button = "full_permission" if step.target == FULL else "no_permission"
        if OTHER_SECTIONS in step.sets:
            return level_editor.press_elsewhere(desk, opened, catalogue)
        for section in step.value:
            opened = level_editor.press_in_section(desk, opened, catalogue, button, section, step.sets)
        return opened
    for name in ("name", "active"):
        if name in step.sets:
            level_editor.set_header(desk, opened, name, step.sets[name])
    return level_editor.set_cells(desk, opened, catalogue, {fact: value for fact, value in step.sets.items() if fact in catalogue.by_cell})


@contextmanager
def _as_not_stored(what: str) -> Iterator[None]:
    """A value that was there before Save & Close and isn't afterwards was not stored."""
    try:
        yield
    except AutotaskError as error:
        if error.code != "not_taken":
            raise
        text = str(error).replace(" Nothing was saved there.", "")
        raise AutotaskError(f"After Save & Close, {what} was opened again. {text} The rest was stored.", "not_stored") from None


def open_user(desk: Desk, name: str) -> View | None:
    """The editor of an API user; None if the list has nobody of that name. Raises AutotaskError (`wrong_page`)."""
    open_list(desk, "resources_users")
    found = find_row(desk, "resources_users", (name,))
    if found is None:
        return None
    windows = len(desk.browser.windows)
    choose_in_menu(desk, *found, desk.field("resources_users", "edit"))
    view = wait_for_editor(desk, "api_user", windows)
    seen = user_editor.read(desk).facts
    if f"{seen.get('first_name')} {seen.get('last_name')}" != name:
        raise AutotaskError(f'The editor that opened is not that of "{name}". Nothing was changed in it.', "wrong_page")
    return view


def _user_visit(desk: Desk, visit: Sequence[Step], keep: Keep) -> UserSeen:
    secrets: dict[str, str] = {}
    problem: Exception | None = None
    try:
        name, facts = _worked_user(desk, visit, keep, secrets)
    except Exception as error:
        problem = _without(secrets, error) if secrets else error
    finally:
        secrets.clear()
    if problem is not None:
        raise problem  # not where it was caught: what it came from may hold the secret
    if open_user(desk, name) is None:
        raise AutotaskError(f'"{name}" was saved in the console, but the list does not show them.', "not_stored")
    with _as_not_stored(f'the API user "{name}"'):
        user_editor.check(desk, facts)
        return user_editor.read(desk)


def _without(secrets: Mapping[str, str], error: Exception) -> AutotaskError:
    """The error without what was generated, and without the errors behind it."""
    text = str(error) if isinstance(error, AutotaskError) else f"{type(error).__name__}: {error}"
    for value in secrets.values():
        text = text.replace(value, "(secret)") if value else text
    return AutotaskError(text, getattr(error, "code", None) if isinstance(error, AutotaskError) else "error")


def _worked_user(desk: Desk, visit: Sequence[Step], keep: Keep, secrets: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """Does the steps of a visit up to its end. From Generate Secret until the editor is closed nothing of the page is told or kept."""
    first, *rest, _save = visit
    facts: dict[str, Any] = {}
    if first.action == "new":
        open_list(desk, "resources_users")
        open_new_user(desk)
    elif open_user(desk, first.target) is None:
        raise AutotaskError(f'The console lists no resource "{first.target}", not even among the inactive ones.', "row_missing")
    for step in rest:
        if step.action != "press":
            user_editor.set_facts(desk, step.sets)
            facts.update(step.sets)
        elif folded(step.target) == folded("Generate Key"):
            secrets["user_name"] = user_editor.generate(desk, "generate_key", "user_name")
        else:
            desk.browser.secret_on_page = True
            secrets["secret"] = user_editor.generate(desk, "generate_secret", "secret")
    desk.browser.let_settle()
    view = user_editor.check(desk, facts)
    if secrets:
        present = {field: user_editor.shown_text(desk, field) for field in ("user_name", "secret")}
        if any(present[field] != value for field, value in secrets.items()):
            raise AutotaskError("The key or the secret changed after it was generated. Nothing was saved.", "not_taken")
        custom = "internal_integration_name" in user_editor.read(desk).facts.get("tracking", {})
        secrets["user_name"] = present["user_name"]
        secrets["integration_code"] = user_editor.shown_text(desk, "tracking_identifier") if custom and "tracking" in facts else ""
        keep(dict(secrets))
    save_and_close(desk, view)
    desk.browser.secret_on_page = False
    return str(first.target if first.action == "edit" else f"{facts.get('first_name')} {facts.get('last_name')}"), facts
