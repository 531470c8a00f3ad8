# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Giving a control a value, by its kind, as a person does: clicks and typing, and then a look whether it took. Private to the collection."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from .._errors import AutotaskError
from .._text import as_seen, compared, fitting, quoted, suggestion
from .browser import Browser
from .locate import element, now, press
from .survey import Control, Seen, Text, look

BOXES = ("box", "drawn_box", "choice", "drawn_choice")
# What is chosen from a list, which may write it otherwise.
LISTS = ("list", "drop_down", "picker")
# How long a control may take to show what was done to it.
SETTLED_SECONDS = 4.0
# How long a drawn list may take to come, and how long one that has come may still grow.
LISTED_SECONDS = 8.0
COMPLETE_SECONDS = 2.0


def set_control(browser: Browser, control: Control, wanted: Any, what: str) -> Control:
    """Gives the control its value and reads it back. Values: a bool, a text, a number, or None for an empty field.

    Raises AutotaskError: `control_disabled`, `not_listed`, `picker_failed`, `not_taken`.
    """
    control = now(browser, control)
    text = "" if wanted is None else wanted if isinstance(wanted, bool) else str(wanted)
    if _holds(control, text):
        return control
    if control.disabled:
        raise AutotaskError(f'"{what}" is greyed out in the console, so it can\'t be set.', "control_disabled")
    if control.kind in BOXES:
        press(browser, control, what)
    elif control.kind == "list":
        with browser.doing(f'choosing in "{what}"'):
            element(browser, control).select_option(index=_position(control.options, str(text), what))
    elif control.kind == "drop_down":
        _choose_drawn(browser, control, str(text), what)
    elif control.kind == "picker":
        _pick(browser, control, str(text), what)
    else:
        with browser.doing(f'filling in "{what}"'):
            field = element(browser, control)
            field.fill(str(text))
            field.press("Tab")
    return settled(browser, control, text, what)


def settled(browser: Browser, control: Control, wanted: Any, what: str) -> Control:
    """The control once it holds the value. Raises AutotaskError (`not_taken`) if it doesn't, and Moving if it is no longer on the page."""
    last = control

    def holds() -> Control | None:
        nonlocal last
        last = now(browser, control)
        return last if _holds(last, wanted) else None

    held = browser.wait(holds, SETTLED_SECONDS)
    if held is None:
        now(browser, control)
        raise AutotaskError(f'"{what}" was set in the console, but does not hold the new value. Nothing was saved there.', "not_taken")
    return held


def choose_entries(browser: Browser, control: Control, wanted: Sequence[str], what: str) -> None:
    """Selects entries of a list in which several can be selected."""
    positions = [_position(control.options, entry, what) for entry in wanted]
    with browser.doing(f'selecting in "{what}"'):
        element(browser, control).select_option(index=positions)


def _holds(control: Control, wanted: Any) -> bool:
    value = control.value
    if isinstance(wanted, bool) or isinstance(value, bool):
        return value is wanted
    same = compared if control.kind in LISTS else as_seen
    return same(str(value or "")) == same(str(wanted))


def _position(options: Sequence[str], wanted: str, what: str) -> int:
    places = fitting([wanted], options)
    if not places:
        raise not_listed(what, wanted, options)
    if len(places) > 1:
        raise AutotaskError(f'"{what}" lists "{wanted}" {len(places)} times, and exactly one is needed.', "control_ambiguous")
    return places[0]


def not_listed(what: str, wanted: str, options: Sequence[str]) -> AutotaskError:
    """The error for a value that a list doesn't offer."""
    offered = [option for option in options if option]
    hint = suggestion(wanted, offered) or (f" It offers {quoted(offered[:12])}." if offered else " It offers nothing.")
    return AutotaskError(f'"{what}" does not list "{wanted}" in the console.{hint}', "not_listed")


def _choose_drawn(browser: Browser, control: Control, wanted: str, what: str) -> None:
    before = look(browser)
    press(browser, control, what)
    entries = _entries(browser, before, wanted)
    if not fitting([wanted], map(_text_of, entries)):
        _close_list(browser)
        raise not_listed(what, wanted, [_text_of(entry) for entry in entries])
    _press_entry(browser, entries, wanted, what)


def _pick(browser: Browser, control: Control, wanted: str, what: str) -> None:
    """Types into a picker until its list comes; the list is known to fail to load at times, so it is tried twice."""
    for _attempt in (1, 2):
        before = look(browser)
        press(browser, control, what)
        window = control.seen.window
        with browser.doing(f'typing into "{what}"'):
            window.keyboard.press("Control+A")
            window.keyboard.type(wanted)
        entries = _entries(browser, before, wanted)
        if fitting([wanted], map(_text_of, entries)):
            _press_entry(browser, entries, wanted, what)
            return
        _close_list(browser)
        if entries:
            raise not_listed(what, wanted, [_text_of(entry) for entry in entries])
    raise AutotaskError(f'The list of "{what}" did not load, twice.', "picker_failed")


def _entries(browser: Browser, before: Sequence[Seen], wanted: str) -> list[Control | Text]:
    """What a click brought up, as soon as the wanted entry is among it, or else when nothing more comes."""
    latest: list[Control | Text] = []
    shown: list[str] = []
    since = time.monotonic()

    def listed() -> bool | None:
        nonlocal since
        seens = look(browser, before)
        fresh = [item for seen in seens for item in seen.items if item.fresh and _text_of(item)]
        pressable = {(id(item.seen), _text_of(item)) for item in fresh if isinstance(item, Control)}
        latest[:] = [item for item in fresh if isinstance(item, Control) or (id(item.seen), item.text) not in pressable]
        texts = [_text_of(item) for item in latest]
        if texts != shown:
            since, shown[:] = time.monotonic(), texts
        complete = bool(texts) and time.monotonic() > since + COMPLETE_SECONDS
        return True if fitting([wanted], texts) or complete else None

    browser.wait(listed, min(browser.timeout, LISTED_SECONDS))
    return latest


def _text_of(item: Control | Text) -> str:
    return item.label if isinstance(item, Control) else item.text


def _press_entry(browser: Browser, entries: Sequence[Control | Text], wanted: str, what: str) -> None:
    places = fitting([wanted], map(_text_of, entries))
    if len(places) > 1:
        _close_list(browser)
        raise AutotaskError(f'"{what}" lists "{wanted}" {len(places)} times, and exactly one is needed.', "control_ambiguous")
    press(browser, entries[places[0]], wanted)


def _close_list(browser: Browser) -> None:
    with browser.doing("closing a list"):
        browser.windows[0].keyboard.press("Escape")
