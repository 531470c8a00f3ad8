# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Ways through the console: from home to the two lists, from a list to an editor, and out again. Private to the collection.

Editors are reached by clicking and never by their address: they may need the window that opened them.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from typing import Any

from .._catalogue.terms import Terms
from .._errors import AutotaskError
from .._text import fitting
from .browser import Browser, Moving
from .locate import View, close_guidance, find, matching, not_one, plain, press, recognised
from .locators import Field, Locators
from .survey import Control, Row, Seen, look

WAYS = {
    "security_levels": ("admin", "admin_categories", "settings", "resources_hr", "security", "security_levels"),
    "resources_users": ("admin", "admin_categories", "settings", "resources_hr", "resources_users"),
}
LIST_OF = {"level": "security_levels", "api_user": "resources_users"}
SHOWN_SECONDS = 4.0
COPY = re.compile(r"Copy \(\d+\) of ")


@dataclasses.dataclass
class Desk:
    """Somebody in front of a browser: where the console is, in which words it speaks, and whom to tell what is done."""

    browser: Browser
    url: str
    terms: Terms
    say: Callable[[str], None]
    seen_pages: set[str] = dataclasses.field(default_factory=set)
    read_only: bool = False

    @property
    def locators(self) -> Locators:
        """By what everything is found."""
        return self.browser.locators

    def field(self, page: str, name: str) -> Field:
        """A field of a page."""
        return self.locators.field(page, name)


def watch(desk: Desk, found: Callable[[list[Seen]], Any], seconds: float | None = None, wanted: str = "") -> Any:
    """What `found` makes of what is visible, as soon as that is something and nothing loads; None after the time limit.

    Closes guidance on its way. Raises AutotaskError: `console_denied`, `session_ended`, `guidance`.
    """

    def attempt() -> Any:
        seens = look(desk.browser)
        if any(seen.busy for seen in seens):
            return None
        refuse_denial(desk, seens, wanted)
        if close_guidance(desk.browser, seens):
            return None
        result = found(seens)
        if result is None and wanted != "sign_in" and recognised(seens, desk.locators.pages["sign_in"]):
            raise AutotaskError(
                "The console asks to sign in again: the session ended. Nothing was saved in the page that was open.", "session_ended"
            )
        return result

    return desk.browser.wait(attempt, seconds)


def refuse_denial(desk: Desk, seens: Sequence[Seen], wanted: str) -> None:
    """Raises AutotaskError (`console_denied`) when a page says that access is denied."""
    denied = desk.locators.denied
    for seen in seens:
        if any(part.casefold() in seen.url.casefold() for part in denied["url"]) or any(
            plain(seen.title).startswith(plain(text)) for text in denied["title"]
        ):
            page = f"the page {wanted.replace('_', ' ')}" if wanted else "a page"
            raise AutotaskError(
                f"The console denies access to {page}. The user who signs in there needs an Admin security level that shows it.",
                "console_denied",
            )


def page(desk: Desk, name: str, seconds: float | None = None) -> View:
    """The page, once it is shown. Raises AutotaskError (`page_missing`) naming what is shown instead."""
    known = desk.locators.pages[name]
    view = watch(desk, lambda seens: recognised(seens, known, desk.read_only), seconds, name)
    if not isinstance(view, View) and (view := recognised(look(desk.browser), known, without_buttons=True)):
        desk.read_only = True  # as the editor of a system level, which may have no Save & Close
    if not isinstance(view, View):
        raise page_missing(desk, name)
    if name not in desk.seen_pages:
        desk.seen_pages.add(name)
        desk.say(f"console: {name.replace('_', ' ')}")
        if name != "api_user":
            desk.browser.picture(name)
    return view


def page_missing(desk: Desk, name: str) -> AutotaskError:
    """The error for a page that didn't come."""
    told = ""
    if not desk.browser.secret_on_page:
        shown = dict.fromkeys(text for seen in look(desk.browser) for text in (*seen.headings, seen.title) if text)
        told = f" Shown instead: {', '.join(list(shown)[:4])}." if shown else " Nothing is shown."
    return AutotaskError(
        f"The console did not show the page {name.replace('_', ' ')} within {desk.browser.timeout:g} seconds, or the page does not match its locators.{told}",
        "page_missing",
    )


def leave(desk: Desk) -> None:
    """Closes whatever is open, without saving, and goes home."""
    desk.read_only = False
    desk.browser.close_extra_windows()
    desk.browser.go(desk.url)


def open_list(desk: Desk, name: str) -> View:
    """One of the lists, reached from home by clicking. Of the words on the way, the one that is nearest to the list is followed."""
    leave(desk)
    steps = [desk.field("home", step) for step in WAYS[name]]
    taken: set[str] = set()

    def next_step(seens: list[Seen]) -> View | tuple[View, Field] | None:
        there = recognised(seens, desk.locators.pages[name])
        if there is not None:
            return there
        everything = View(desk.locators.pages["home"], desk.browser.main, tuple(seen for seen in seens if seen.window == desk.browser.main))
        for step in reversed(steps):
            if step.name in taken:
                return None
            if matching(everything, step):
                return everything, step
        return None

    while True:
        found = watch(desk, next_step, wanted=name)
        if found is None:
            raise page_missing(desk, name)
        if isinstance(found, View):
            return page(desk, name)
        everything, step = found
        taken.add(step.name)
        try:
            press(desk.browser, find(desk.browser, everything, step), step.shown)
        except Moving:
            taken.discard(step.name)


def name_of(desk: Desk, row: Row) -> str:
    """The name that a row of a list is about."""
    wanted = {plain(label) for listed in LIST_OF.values() for label in desk.field(listed, "name").labels}
    return next((text for column, text in row.cells if plain(column) in wanted and text), row.name)


def rows(desk: Desk, name: str) -> tuple[View, list[Row]]:
    """The rows of a list once they are there and come no more."""
    last: list[tuple[tuple[str, str], ...]] = []

    def steady(seens: list[Seen]) -> tuple[View, list[Row]] | None:
        view = recognised(seens, desk.locators.pages[name])
        listed = [row for row in view.rows if row.controls and name_of(desk, row)] if view else []
        cells = [row.cells for row in listed]
        before, last[:] = list(last), cells
        return (view, listed) if view and cells and cells == before else None

    found = watch(desk, steady, wanted=name)
    if found is None:
        raise page_missing(desk, name)
    view, listed = found
    return view, listed


def show_inactive(desk: Desk, name: str) -> bool:
    """Makes a list show inactive entries, too. Returns False where nothing on the page does that."""
    view, before = rows(desk, name)
    switch = matching(view, desk.field(name, "show_inactive"))
    if len(switch) != 1:
        return False
    press(desk.browser, switch[0], switch[0].label)

    def shown(seens: list[Seen]) -> bool | None:
        later = recognised(seens, desk.locators.pages[name])
        if later is None:
            return None
        changed = not matching(later, desk.field(name, "show_inactive")) or len([row for row in later.rows if row.controls]) != len(before)
        return True if changed else None

    watch(desk, shown, SHOWN_SECONDS, name)
    return True


def find_row(desk: Desk, name: str, wanted: Sequence[str]) -> tuple[View, Row] | None:
    """The row of exactly one of these names, also among the inactive ones; None if there is none. Raises AutotaskError (`row_ambiguous`) for two."""
    for attempt in (1, 2):
        view, listed = rows(desk, name)
        found = [listed[number] for number in fitting(wanted, [name_of(desk, row) for row in listed])]
        if len(found) > 1:
            raise not_one(desk.browser, view, f'"{wanted[0]}"', wanted, found, [], "row")
        if found:
            return view, found[0]
        if attempt == 1 and not show_inactive(desk, name):
            desk.say(f"console: the list {name.replace('_', ' ')} has nothing that shows inactive entries")
            return None
    return None


def choose_in_menu(desk: Desk, view: View, row: Row, item: Field) -> None:
    """Chooses an entry of a row's menu: by what opens it in the row, or else by a right click; an entry that is in the row itself is pressed."""
    inside = [control for control in view.controls if control.seen is row.seen and control.index in row.controls]
    wanted = {plain(label) for label in item.labels}
    direct = [control for control in inside if plain(control.label) in wanted]
    if not direct:
        before = look(desk.browser)
        openers = [control for control in inside if control.menu]
        if openers:
            press(desk.browser, openers[-1], "the row's menu")
        else:
            press(desk.browser, row, "the row", button="right")
        direct = fresh_entries(desk, before, item)
    if len(direct) != 1:
        raise not_one(desk.browser, view, f'"{item.shown}"', item.labels, direct, [control.label for control in inside], "control")
    press(desk.browser, direct[0], item.shown)


def fresh_entries(desk: Desk, before: Sequence[Seen], item: Field) -> list[Control]:
    """The entries of a menu that has just been opened which the field means, once there are any."""
    wanted = {plain(label) for label in item.labels}

    def opened() -> list[Control] | None:
        seens = look(desk.browser, before)
        fresh = [one for seen in seens for one in seen.items if isinstance(one, Control) and one.fresh and plain(one.label) in wanted]
        return [one for one in fresh if one.kind == "action"] or None

    return desk.browser.wait(opened, SHOWN_SECONDS) or []


def wait_for_editor(desk: Desk, name: str, windows: int) -> View:
    """The editor that something should have opened, in whatever window or frame. Raises AutotaskError (`popup_missing`) if nothing comes."""
    try:
        return page(desk, name)
    except AutotaskError as error:
        if (
            error.code == "page_missing"
            and len(desk.browser.windows) <= windows
            and recognised(look(desk.browser), desk.locators.pages[LIST_OF[name]])
        ):
            raise AutotaskError(
                f"The console did not open the page {name.replace('_', ' ')} within {desk.browser.timeout:g} seconds: its window did not come.",
                "popup_missing",
            ) from None
        raise


def open_new_user(desk: Desk) -> View:
    """New API User, from the arrow beside New."""
    view, _listed = rows(desk, "resources_users")
    item = desk.field("resources_users", "new_api_user")
    windows = len(desk.browser.windows)
    entries = matching(view, item)
    if not entries:
        new = find(desk.browser, view, desk.field("resources_users", "new"))
        before = look(desk.browser)
        press(desk.browser, _arrow_beside(view, new), "the arrow beside New")
        entries = fresh_entries(desk, before, item)
    if len(entries) != 1:
        raise not_one(desk.browser, view, f'"{item.shown}"', item.labels, entries, [control.label for control in view.controls])
    press(desk.browser, entries[0], item.shown)
    return wait_for_editor(desk, "api_user", windows)


def _arrow_beside(view: View, new: Control) -> Control:
    """What opens the menu of a button: the button itself, or the one without a text that stands right after it."""
    if new.menu:
        return new
    after = [control for control in view.controls if control.seen is new.seen and control.index > new.index and control.kind == "action"]
    return after[0] if after and (after[0].menu or after[0].bare) else new


def save_and_close(desk: Desk, view: View) -> None:
    """Presses Save & Close and waits until the editor is gone.

    Raises AutotaskError: `save_refused` with what the page says is wrong, `not_closed` when nothing happens.
    """
    name = view.page.name
    earlier = set(view.problems)
    desk.browser.asked.clear()
    try:
        press(desk.browser, find(desk.browser, view, desk.field(name, "save_and_close")), "Save & Close")
    except Moving:
        pass

    def outcome(seens: list[Seen]) -> str | None:
        still = recognised(seens, desk.locators.pages[name])
        if still is not None:
            said = [text for text in still.problems if text not in earlier]
            return " ".join(said) if said else None
        extra = view.window != desk.browser.main and not view.window.is_closed()
        return "" if not extra and recognised(seens, desk.locators.pages[LIST_OF[name]]) else None

    said = watch(desk, outcome, wanted=name)
    asked = " ".join(desk.browser.asked)
    if said or asked:
        told = "" if desk.browser.secret_on_page else f": {said or asked}"
        raise AutotaskError(f"The console refused to save{told[:600]}. Nothing was saved there.", "save_refused")
    if said is None:
        raise AutotaskError(
            f"Save & Close was pressed, but the editor did not close within {desk.browser.timeout:g} seconds. Whether it saved is not known.",
            "not_closed",
        )
