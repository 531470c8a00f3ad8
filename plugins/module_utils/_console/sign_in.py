# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Signing in, apart from all work. Private to the collection.

Tenants lock accounts after a few failures, so there is one attempt and never a second. Single sign-on needs a person: then a saved session is used.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

from .._errors import AutotaskError
from .browser import Moving
from .locate import View, element, matching, plain, press, recognised
from .navigation import Desk, name_of, open_list, rows, watch
from .survey import Control, Seen, Text, look
from .totp import one_time_code

ADDRESS = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+")
# How long a page may take to answer, once it has loaded, before its silence counts as an answer.
ANSWER_SECONDS = 6.0
PERSON_SECONDS = 600.0
PANELS = {"user_name": "continue", "password": "log_in", "code": "verify"}


def sign_in(desk: Desk, user_name: str, password: str, totp_seed: str, known_as: str = "") -> None:
    """Signs in, or finds the saved session still good, and checks who is signed in. Of a saved session, `known_as` is whose it was found to be.

    Raises AutotaskError: `sign_in_refused`, `single_sign_on`, `session_ended` (a session without a password), `signed_in_as_other`.
    """
    desk.browser.go(desk.url)
    given = {"user_name": user_name, "password": password, "code": totp_seed}
    done: list[str] = []
    while (shown := _next(desk, done)) != "home":
        if shown is None:
            raise _elsewhere(desk, done)
        if shown == "refused" or shown in done:
            raise _refused(desk, done, totp_seed)
        if not password:
            raise AutotaskError(
                "The saved session has ended, and there is no password to sign in with. Sign in by hand with the playbook msp.autotask.console_login.",
                "session_ended",
            )
        if not given[shown]:
            raise _refused(desk, done, totp_seed)
        done.append(shown)
        text = one_time_code(totp_seed, time.time()) if shown == "code" else given[shown]
        _enter(desk, shown, text)
    check_person(desk, user_name)
    if not done and known_as != user_name:
        _check_display_name(desk, user_name)
    desk.say("console: signed in" if done else "console: signed in by a saved session")


def wait_for_person(desk: Desk) -> None:
    """Waits until a person has signed in in the visible browser. Raises AutotaskError (`sign_in_refused`) when nobody has after ten minutes."""
    desk.browser.go(desk.url)
    desk.say("console: sign in in the browser's window; it closes by itself")
    if not desk.browser.wait(lambda: _is_home(desk, look(desk.browser)), PERSON_SECONDS):
        raise AutotaskError("Nobody signed in within ten minutes.", "sign_in_refused")


def check_person(desk: Desk, user_name: str) -> None:
    """Raises AutotaskError (`signed_in_as_other`) where the page says that somebody else is signed in. A page that says nothing is let pass."""
    if not user_name:
        return
    shown = {
        address.casefold().strip(".,;:") for seen in look(desk.browser) for item in seen.items for address in ADDRESS.findall(_text(item))
    }
    if shown and user_name.casefold() not in shown:
        raise AutotaskError(f"The console is signed in as somebody else than {user_name}. Nothing was done.", "signed_in_as_other")


def _check_display_name(desk: Desk, user_name: str) -> None:
    """The same where home shows names and no user names: the list of resources tells who is called what. A name that isn't shown is let pass."""
    if not user_name:
        return
    home = " ".join(plain(_text(item)) for seen in look(desk.browser) for item in seen.items)
    open_list(desk, "resources_users")
    _view, listed = rows(desk, "resources_users")
    names = {name_of(desk, row): user_name.casefold() in {text.casefold() for _column, text in row.cells} for row in listed}
    shown = {name: is_mine for name, is_mine in names.items() if plain(name) in home}
    if shown and not any(shown.values()):
        raise AutotaskError(f"The saved session is that of somebody else than {user_name}. Nothing was done.", "signed_in_as_other")


def _text(item: Control | Text) -> str:
    return item.text if isinstance(item, Text) else item.label


def _next(desk: Desk, done: Sequence[str]) -> str | None:
    """What the console shows: `home`, the panel that is to be filled in next, `refused`, or None for something that is none of these."""
    before: list[str] = []
    answered = time.monotonic() + ANSWER_SECONDS
    seconds = ANSWER_SECONDS if _has_left(desk) else None

    def shown(seens: list[Seen]) -> str | None:
        if _is_home(desk, seens):
            return "home"
        view = _panels(desk, seens)
        if view is None:
            return None
        visible = [name for name in PANELS if name not in done and matching(view, desk.field("sign_in", name))]
        steady, before[:] = visible == before, visible
        if visible:
            return visible[0] if steady else None
        if view.problems or time.monotonic() > answered:
            return "refused"
        return None

    found = watch(desk, shown, seconds, "sign_in")
    return str(found) if found else None


def _is_home(desk: Desk, seens: Sequence[Seen]) -> bool:
    view = recognised(seens, desk.locators.pages["home"])
    return view is not None and _panels(desk, seens) is None


def _panels(desk: Desk, seens: Sequence[Seen]) -> View | None:
    """The sign-in page, whatever of it is visible."""
    page = desk.locators.pages["sign_in"]
    here = tuple(seen for seen in seens if seen.window == desk.browser.main)
    view = View(page, desk.browser.main, here)
    return view if any(matching(view, page.fields[name]) for name in PANELS) and not matching(view, desk.field("home", "admin")) else None


def _has_left(desk: Desk) -> bool:
    """Whether the browser is on another site than the console's: an identity provider."""
    site = [".".join((urlsplit(address).hostname or "").split(".")[-2:]) for address in (desk.url, desk.browser.main.url)]
    return site[0] != site[1]


def _enter(desk: Desk, panel: str, text: str) -> None:
    view = _panels(desk, look(desk.browser))
    if view is None:
        return
    fields = matching(view, desk.field("sign_in", panel))
    if len(fields) != 1:
        raise AutotaskError(
            f"The sign-in page shows {len(fields)} fields for the {panel.replace('_', ' ')}, and exactly one is needed.",
            "control_ambiguous",
        )
    buttons = matching(view, desk.field("sign_in", PANELS[panel]))
    together = panel == "user_name" and bool(matching(view, desk.field("sign_in", "password")))
    try:
        with desk.browser.doing("signing in"):
            field = element(desk.browser, fields[0])
            field.fill(text)
        if together:
            return
        if len(buttons) == 1:
            press(desk.browser, buttons[0], buttons[0].label)
        else:
            with desk.browser.doing("signing in"):
                field.press("Enter")
    except Moving:
        return


def _elsewhere(desk: Desk, done: Sequence[str]) -> AutotaskError:
    if not done and not _has_left(desk):
        return AutotaskError(
            f"{desk.url} shows no sign-in page of Autotask. The address may be wrong, or a redesigned page needs locators of your own.",
            "page_missing",
        )
    return AutotaskError(
        "The console leads to single sign-on, which needs a person. Sign in by hand with the playbook msp.autotask.console_login, which keeps the session, "
        "or use an account that is exempt from it.",
        "single_sign_on",
    )


def _refused(desk: Desk, done: Sequence[str], totp_seed: str) -> AutotaskError:
    if "password" in done and not totp_seed and "code" not in done:
        view = _panels(desk, look(desk.browser))
        if view and matching(view, desk.field("sign_in", "code")):
            return AutotaskError("The console asks for a one-time code, and no seed for it is given.", "sign_in_refused")
    said = [text for seen in look(desk.browser) for text in seen.problems]
    told = f" It says: {said[0][:200]}" if said else ""
    return AutotaskError(
        f"The console refused the sign-in. It was tried once and won't be tried again, because accounts get locked.{told}",
        "sign_in_refused",
    )
