# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Recognises pages, and finds and presses their controls. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .._errors import AutotaskError
from .._text import compared, nearest, quoted
from .browser import Browser, Handle, Moving, Window
from .locators import Field, Page
from .survey import Control, Row, Seen, Text, look

# The kinds of the script that serve a kind of `locators.yml`.
SERVES = {
    "text": ("text", "number"),
    "number": ("number", "text"),
    "box": ("box", "drawn_box"),
    "drop_down": ("list", "drop_down", "picker"),
    "choice": ("choice", "drawn_choice"),
    "entries": ("picks",),
}
COVERED_SECONDS = 5.0
PRESSED = ("button", "link", "menu_item", "tab")


@dataclass(frozen=True, eq=False)
class View:
    """A page that was recognised: its name, its window, and the frames that it is made of."""

    page: Page
    window: Window
    frames: tuple[Seen, ...]

    @property
    def controls(self) -> list[Control]:
        """All visible controls of the page."""
        return [item for seen in self.frames for item in seen.items if isinstance(item, Control)]

    @property
    def texts(self) -> list[Text]:
        """All visible texts of the page."""
        return [item for seen in self.frames for item in seen.items if isinstance(item, Text)]

    @property
    def rows(self) -> list[Row]:
        """All rows of the page's tables."""
        return [row for seen in self.frames for row in seen.rows]

    @property
    def problems(self) -> list[str]:
        """What the page says is wrong."""
        return [text for seen in self.frames for text in (*seen.problems, *seen.dialogs)]


def plain(text: str) -> str:
    """A label without what doesn't count: kinds of blanks, capitals, and a final `*` or `:`."""
    return compared(text).rstrip("*: ")


def element(browser: Browser, item: Control | Text | Row) -> Handle:
    """The element of the page, to be clicked or typed into."""
    with browser.doing("reaching for a control"):
        found = item.seen.handle.evaluate_handle("(survey, index) => survey.elements[index]", item.index).as_element()
    if found is None:
        raise Moving("reaching for a control")
    return found


def press(browser: Browser, item: Control | Text | Row, what: str, button: str = "left") -> None:
    """One click, as of a mouse. Raises AutotaskError when nothing can be clicked there within the time limit."""
    try:
        with browser.doing(f'pressing "{what}"'):
            element(browser, item).click(button=button, timeout=min(browser.timeout, COVERED_SECONDS) * 1000)
    except AutotaskError as error:
        if error.code not in ("covered", "console_timeout") or not close_guidance(browser, look(browser)):
            raise
        with browser.doing(f'pressing "{what}"'):
            element(browser, item).click(button=button)


def close_guidance(browser: Browser, seens: Sequence[Seen]) -> bool:
    """Closes guidance that covers a page by its one plain button. Returns whether there was any.

    Raises AutotaskError (`guidance`) where it can't be closed so.
    """
    wanted = {plain(label) for label in browser.locators.guidance_buttons}
    buttons = [item for seen in seens for item in seen.items if isinstance(item, Control) and plain(item.label) in wanted]
    covers = [text for seen in seens for text in seen.guidance]
    if not buttons and not covers:
        return False
    if len(buttons) != 1:
        named = "" if browser.secret_on_page or not covers else f': "{covers[0][:80]}"'
        raise AutotaskError(f"Guidance covers a page of the console{named}. Close it by hand, once, in a visible browser.", "guidance")
    with browser.doing("closing guidance"):
        element(browser, buttons[0]).click()
    return True


def now(browser: Browser, control: Control) -> Control:
    """The control as it is now. Raises Moving when it is no longer on the page."""
    with browser.doing("reading a control"):
        present = control.seen.handle.evaluate("(survey, index) => survey.now(index)", control.index)
    if present is None:
        raise Moving(control.label)
    return replace(control, value=present["value"], disabled=present["disabled"], open=present["open"])


def recognised(seens: Sequence[Seen], page: Page, without_buttons: bool = False) -> View | None:
    """The page, where it is shown: the smallest frame with all its inner ones that has what the page is known by, perhaps but for its buttons."""
    for window in dict.fromkeys(seen.window for seen in seens):
        of_window = [seen for seen in seens if seen.window == window]
        for root in sorted(of_window, key=lambda seen: -len(seen.path)):
            view = View(page, window, tuple(seen for seen in of_window if _is_inside(seen, root)))
            if _fits(view, without_buttons):
                return view
    return None


def _is_inside(seen: Seen, root: Seen) -> bool:
    frame = seen.frame
    while frame is not None:
        if frame == root.frame:
            return True
        frame = frame.parent_frame
    return False


def _fits(view: View, without_buttons: bool) -> bool:
    page = view.page
    if page.title or page.url:
        named = any(_begins(text, title) for seen in view.frames for text in _titles(seen) for title in page.title)
        if not named and not any(part.casefold() in seen.url.casefold() for seen in view.frames for part in page.url):
            return False
    shown = labels_of(view)
    if len({plain(label) for label in page.labels} & shown) < page.needed:
        return False
    must = [page.fields[name] for name in page.must]
    return all(matching(view, field) for field in must if not (without_buttons and field.kind in PRESSED))


def _titles(seen: Seen) -> list[str]:
    return [seen.title, *seen.headings]


def _begins(text: str, title: str) -> bool:
    """Whether the text is the title, or begins or ends with it as whole words: `Edit Security Level`, `Security Levels - Console`."""
    words, wanted = plain(text).split(), plain(title).split()
    return words[: len(wanted)] == wanted or wanted in [words[start : start + len(wanted)] for start in (1, 2)]


def labels_of(view: View) -> set[str]:
    """All labels, texts and headings of columns that the page shows, made comparable."""
    shown = {plain(control.label) for control in view.controls} | {plain(text.text) for text in view.texts}
    return shown | {plain(column) for row in view.rows for column, _text in row.cells}


def matching(view: View, field: Field, section: str = "") -> list[Control]:
    """The visible controls that the field may mean; in a section, only those under its heading."""
    wanted = {plain(label) for label in field.labels}
    pressed = field.kind in PRESSED
    found = []
    for seen in view.frames:
        picked = _selected(seen, field.selector) if field.selector else None
        for item in seen.items:
            if not isinstance(item, Control) or (item.kind != "action" if pressed else item.kind not in SERVES.get(field.kind, ())):
                continue
            if (item.index in picked) if picked is not None else (plain(item.label) in wanted):
                found.append(item)
    if section:
        found = [control for control in found if plain(section) in {plain(name) for name in control.path}]
    return _without_twins(found)


def _selected(seen: Seen, selector: str) -> set[int]:
    script = "(survey, css) => survey.elements.map((el, i) => (el.matches(css) ? i : -1)).filter((i) => i >= 0)"
    return set(seen.handle.evaluate(script, selector))


def _without_twins(controls: Sequence[Control]) -> list[Control]:
    """Links of the same text to the same address are one: it doesn't matter which is followed."""
    addresses: set[str] = set()
    kept = []
    for control in controls:
        if not control.address or control.address not in addresses:
            kept.append(control)
        addresses.add(control.address)
    return kept


def find(browser: Browser, view: View, field: Field, section: str = "") -> Control:
    """The one control that the field means. Raises AutotaskError (`control_missing`, `control_ambiguous`) with what was seen instead."""
    found = matching(view, field, section)
    if len(found) != 1:
        raise not_one(browser, view, f'"{field.shown}"', field.labels, found, [control.label for control in view.controls])
    return found[0]


def not_one(
    browser: Browser,
    view: View,
    what: str,
    wanted: Sequence[str],
    found: Sequence[Control | Row],
    known: Iterable[str],
    kind: str = "control",
) -> AutotaskError:
    """The error for none, or for several, of what was looked for on a page."""
    where = f"On the page {view.page.name.replace('_', ' ')} of the console"
    remedy = "Nothing was saved there. If your console labels it differently, override the locator (console.md)."
    if found:
        places = dict.fromkeys(_place(item) for item in found)
        told = "" if browser.secret_on_page else f" ({'; '.join(places)})"
        return AutotaskError(
            f"{where}, {len(found)} {kind}s are called {what}{told}, and exactly one is needed. {remedy}", f"{kind}_ambiguous"
        )
    near = list(dict.fromkeys(label for text in wanted[:4] for label in nearest(text, [name for name in known if name])))[:3]
    told = f" Nearest: {quoted(near, 'or')}." if near and not browser.secret_on_page else ""
    return AutotaskError(f"{where}, no {kind} is called {what}.{told} {remedy}", f"{kind}_missing")


def _place(item: Control | Row) -> str:
    frames = " > ".join(item.seen.path) or "the page itself"
    if isinstance(item, Row):
        return f"in {frames}"
    inside = " > ".join(item.path[-2:])
    return f"in {frames}" + (f", below {inside}" if inside else "")
