# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The editor of an API user: its facts, its key and its secret. Private to the collection.

Every step looks at the page afresh: it is small, and buttons may load it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from .._documents.api_user import ANY_END, alternatives, vendors_of
from .._documents.names import API_ONLY, bare_name
from .._errors import AutotaskError
from .._text import compared, fitting
from .browser import Moving
from .controls import choose_entries, set_control
from .locate import View, find, matching, plain, press, recognised
from .navigation import SHOWN_SECONDS, Desk
from .navigation import page as shown_page
from .survey import Control, look

TEXTS = ("first_name", "last_name", "email")
MENUS = ("security_level", "location", "date_format", "time_format", "number_format")
BOXES = ("active", "locked", "unassigned_items")
SECTIONS = 12
T = TypeVar("T")


@dataclass(frozen=True)
class UserSeen:
    """An API user as its editor shows it: facts in the words of `_plan.user_steps`, and its key. What the page doesn't have is left out."""

    user_name: str
    facts: Mapping[str, Any]


def page(desk: Desk) -> View:
    """The editor with all its sections open."""
    known = {plain(label) for label in desk.locators.pages["api_user"].labels}
    for _section in range(SECTIONS):
        view = shown_page(desk, "api_user")
        closed = [control for control in view.controls if control.open is False and (control.head or plain(control.label) in known)]
        if not closed:
            break
        try:
            press(desk.browser, closed[0], closed[0].label)
        except Moving:
            continue
    return view


def _steady(desk: Desk, work: Callable[[View], T]) -> T:
    """Does something with the page as it is now, and once more should it load again meanwhile."""
    try:
        return work(page(desk))
    except Moving:
        return work(page(desk))


def _field(desk: Desk, view: View, name: str) -> Control:
    return find(desk.browser, view, desk.field("api_user", name))


def _value(desk: Desk, view: View, name: str) -> Any:
    """What a field holds, or None where the page has no such field. Raises AutotaskError (`control_ambiguous`)."""
    return _field(desk, view, name).value if matching(view, desk.field("api_user", name)) else None


def read(desk: Desk) -> UserSeen:
    """What the editor shows."""
    view = page(desk)
    facts: dict[str, Any] = {name: _value(desk, view, name) for name in (*TEXTS, *MENUS, *BOXES)}
    if facts["security_level"]:
        facts["security_level"] = bare_name(facts["security_level"])
    associated = _value(desk, view, "associated")
    facts["lines_of_business"] = sorted(associated) if associated is not None else None
    facts["tracking"] = _tracking(desk, view)
    return UserSeen(str(_value(desk, view, "user_name") or ""), {name: value for name, value in facts.items() if value is not None})


def _tracking(desk: Desk, view: View) -> dict[str, str]:
    """Of the choices the one that is made, or, once an identifier is assigned and can't be changed, the text beside its kind."""
    kinds = {"by_vendor": "integration_vendor", "custom": "internal_integration_name"}
    fields = {"by_vendor": "vendor", "custom": "internal_integration_name"}
    for choice, kind in kinds.items():
        if matching(view, desk.field("api_user", choice)):
            if _value(desk, view, choice):
                return {kind: str(_value(desk, view, fields[choice]) or "")}
        elif text := _text_after(view, desk.field("api_user", choice).labels):
            return {kind: text}
    return {}


def _text_after(view: View, labels: Sequence[str]) -> str:
    """The text that follows a label which belongs to no control."""
    wanted = {plain(label) for label in labels}
    texts = view.texts
    places = [index for index, text in enumerate(texts) if plain(text.text) in wanted]
    return texts[places[0] + 1].text if len(places) == 1 and places[0] + 1 < len(texts) else ""


def set_facts(desk: Desk, sets: Mapping[str, Any]) -> None:
    """Sets the facts on the page, each read back at once.

    Raises AutotaskError: `control_missing`, `control_ambiguous`, `control_disabled`, `not_listed`, `not_taken`.
    """
    for fact, value in sets.items():
        if fact == "tracking":
            _set_tracking(desk, value)
        elif fact == "lines_of_business":
            _set_lines(desk, list(value))
        else:
            _set(desk, fact, value)


def _set(desk: Desk, name: str, value: Any) -> None:
    field = desk.field("api_user", name)

    def work(view: View) -> None:
        control = _field(desk, view, name)
        wanted = LISTED[name](control, value) if name in LISTED else value
        set_control(desk.browser, control, wanted, field.shown)

    _steady(desk, work)


def _as_listed(control: Control, name: str) -> str:
    """A level as its list prints it: perhaps with the suffix that the list of levels has."""
    options = [*control.options, str(control.value or "")]
    return next((options[number] for number in fitting([name + API_ONLY], options)), name)


def _vendor_as_listed(control: Control, name: str) -> str:
    """An integration vendor as the list prints it, where only its beginning is known. Raises AutotaskError (`control_ambiguous`)."""
    found = [text for text in control.options if _is_vendor(text, name)]
    if len(found) > 1:
        raise AutotaskError(f'{len(found)} integration vendors begin like "{name}". Nothing was saved.', "control_ambiguous")
    return found[0] if found else name


def _is_vendor(text: str, wanted: str) -> bool:
    return compared(text) == compared(wanted) or (
        wanted.endswith(ANY_END) and compared(text).startswith(compared(wanted.removesuffix(ANY_END)))
    )


# Fields whose list may print something else than what is asked for.
LISTED: dict[str, Callable[[Control, str], str]] = {"security_level": _as_listed, "vendor": _vendor_as_listed}


def _set_tracking(desk: Desk, tracking: Mapping[str, Any]) -> None:
    """Of several integration vendors the first that is listed counts; an internal integration name is for tenants that list none of them."""
    vendors, custom = vendors_of(tracking), tracking.get("internal_integration_name")
    if vendors:
        _set(desk, "by_vendor", True)
        _shown(desk, "vendor")
        for left, vendor in zip(reversed(range(len(vendors))), vendors, strict=True):
            try:
                _set(desk, "vendor", vendor)
                return
            except AutotaskError as error:
                if error.code != "not_listed" or not (left or custom):
                    raise
    _set(desk, "custom", True)
    _shown(desk, "internal_integration_name")
    _set(desk, "internal_integration_name", custom)


def _shown(desk: Desk, name: str) -> None:
    """Waits for a field that a choice brings up; whoever needs it says so if it doesn't come."""
    desk.browser.wait(lambda: bool(matching(page(desk), desk.field("api_user", name))) or None, SHOWN_SECONDS)


def _set_lines(desk: Desk, wanted: Sequence[str]) -> None:
    view = page(desk)
    if not wanted and not matching(view, desk.field("api_user", "associated")):
        return
    present = list(_field(desk, view, "associated").value)
    fine = [present[number] for number in fitting(wanted, present)]
    _move(desk, "associated", "remove", [name for name in present if name not in fine])
    _move(desk, "not_associated", "associate", [name for name in wanted if not fitting([name], fine)])
    if not desk.browser.wait(lambda: _lines(desk) == sorted(map(compared, wanted)) or None, SHOWN_SECONDS):
        raise AutotaskError(
            "The lines of business were associated in the console, but the page does not show them. Nothing was saved there.", "not_taken"
        )


def _lines(desk: Desk) -> list[str]:
    return sorted(map(compared, _value(desk, page(desk), "associated") or []))


def _move(desk: Desk, source: str, button: str, names: Sequence[str]) -> None:
    if not names:
        return
    present = _value(desk, page(desk), source) or []
    left = {name for number, name in enumerate(present) if number not in fitting(names, present)}
    field = desk.field("api_user", source)

    def work(view: View) -> None:
        choose_entries(desk.browser, _field(desk, view, source), names, field.shown)
        press(desk.browser, _field(desk, view, button), desk.field("api_user", button).shown)

    _steady(desk, work)
    desk.browser.wait(lambda: set(_value(desk, page(desk), source) or []) == left or None, SHOWN_SECONDS)


def check(desk: Desk, facts: Mapping[str, Any]) -> View:
    """Looks at the page afresh. Raises AutotaskError (`not_taken`) when a fact is otherwise than it was set."""
    view = page(desk)
    seen = read(desk).facts
    for fact, wanted in facts.items():
        shown = seen.get(fact)
        if fact == "tracking":
            good = bool(shown) and all(any(_is_vendor(text, one) for one in alternatives(wanted)) for text in dict(shown or {}).values())
        elif fact == "lines_of_business":
            good = sorted(map(compared, wanted)) == sorted(map(compared, shown or []))
        else:
            good = compared(shown) == compared(wanted) if isinstance(shown, str) and isinstance(wanted, str) else shown == wanted
        if not good:
            raise AutotaskError(
                f"In the editor of the API user, {fact.replace('_', ' ')} does not hold what was set. Nothing was saved there.", "not_taken"
            )
    return view


def generate(desk: Desk, button: str, field: str) -> str:
    """Presses Generate Key or Generate Secret, and returns what it brings. Raises AutotaskError (`nothing_generated`)."""
    before = str(_value(desk, page(desk), field) or "")
    _steady(desk, lambda view: press(desk.browser, _field(desk, view, button), desk.field("api_user", button).shown))

    def generated() -> str | None:
        view = recognised(look(desk.browser), desk.locators.pages["api_user"])
        fields = matching(view, desk.field("api_user", field)) if view else []
        text = str(fields[0].value or "") if len(fields) == 1 else ""
        return text if text and text != before else None

    text = desk.browser.wait(generated)
    if text is None:
        raise AutotaskError(
            f"{desk.field('api_user', button).shown} was pressed, but nothing was generated. Nothing was saved.", "nothing_generated"
        )
    return text


def shown_text(desk: Desk, field: str) -> str:
    """What a field holds, or nothing where the page doesn't have it."""
    return str(_value(desk, page(desk), field) or "")
