# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The console applier's public face: a browser that is signed in to Autotask's console. Private to the collection.

Experimental. It has been run against a synthetic console only; the sources of what it expects are named in `locators.yml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from .._catalogue.model import Catalogue
from .._catalogue.terms import DEFAULT_TERMS, Terms
from .._documents.names import bare_name
from .._errors import AutotaskError
from .._plan.step import Step
from . import level_editor, user_editor
from .browser import Moving, started
from .carry_out import Keep, carry_out, open_level, open_user
from .doctor import look_around
from .level_editor import LevelSeen
from .locators import load_locators
from .navigation import Desk, name_of, open_list, rows, show_inactive
from .sign_in import check_person, sign_in, wait_for_person
from .user_editor import UserSeen


@dataclass(frozen=True)
class ConsoleSettings:
    """Where the console is, who signs in, and in what browser.

    `session` is what `Console.session` gave, and comes before the password. `totp_seed` is in base 32. `overrides` are locators of the user's own.
    `browser` is the path of a Chromium, or empty for Playwright's own. `timeout` in seconds. `screenshots` is a folder, or empty for none.
    """

    url: str
    user_name: str = ""
    password: str = field(default="", repr=False)
    totp_seed: str = field(default="", repr=False)
    session: Mapping[str, Any] | None = field(default=None, repr=False)
    overrides: Mapping[str, Any] | None = None
    headless: bool = True
    browser: str = ""
    timeout: float = 15.0
    screenshots: str = ""


class Console:
    """Somebody who is signed in. Every method begins at home and ends there, with no editor open."""

    def __init__(self, desk: Desk, catalogue: Catalogue, user_name: str) -> None:
        self._desk = desk
        self._catalogue = catalogue
        self._user_name = user_name

    def session(self) -> dict[str, Any]:
        """The session, for another console later in the same run, and whose it was found to be. As good as a password."""
        return {"signed_in_as": self._user_name, "state": self._desk.browser.state()}

    def levels(self) -> dict[str, bool | None]:
        """The names of all security levels as listed but without ` (API-only)`, and whether each is active, where the list shows that."""
        with self._at_home():
            open_list(self._desk, "security_levels")
            show_inactive(self._desk, "security_levels")
            _view, listed = rows(self._desk, "security_levels")
            wanted = {label.casefold() for label in self._desk.field("security_levels", "active").labels}
            actives = [next((on for column, on in row.ticks.items() if column.casefold() in wanted), None) for row in listed]
            return {bare_name(name_of(self._desk, row)): active for row, active in zip(listed, actives, strict=True)}

    def read_level(self, name: str) -> LevelSeen | None:
        """Every setting of a level, or None if there is no such level."""
        with self._at_home():
            if open_level(self._desk, name, "edit") is None:
                return None
            return level_editor.read(self._desk, level_editor.open_page(self._desk, self._catalogue), self._catalogue)

    def read_user(self, first_name: str, last_name: str) -> UserSeen | None:
        """The facts of an API user, or None if nobody is called that."""
        with self._at_home():
            return user_editor.read(self._desk) if open_user(self._desk, f"{first_name} {last_name}") else None

    def carry_out(self, steps: Sequence[Step], keep: Keep) -> list[LevelSeen | UserSeen]:
        """Carries out the steps of a plan. Returns what every editor showed when it was opened again after Save & Close.

        `keep` gets `user_name`, `secret` and `integration_code` once they are generated, before they are saved.
        """
        return carry_out(self._desk, self._catalogue, steps, keep)

    def look(self) -> dict[str, Any]:
        """What the doctor sees: by page what of the locators is found once, missing or ambiguous, and how the page is built."""
        return look_around(self._desk, self._catalogue)

    @contextmanager
    def _at_home(self) -> Iterator[None]:
        try:
            yield
        except Moving:
            raise AutotaskError("The page changed while it was read.", "page_changed") from None
        finally:
            if self._desk.browser.windows:
                self._desk.browser.close_extra_windows()


@contextmanager
def open_console(
    settings: ConsoleSettings, catalogue: Catalogue, terms: Terms = DEFAULT_TERMS, say: Callable[[str], None] = lambda line: None
) -> Iterator[Console]:
    """A console that is signed in while the block lasts. `say` gets a line for each page.

    Raises AutotaskError: `playwright_missing`, `browser_missing`, and what `_sign_in.sign_in` raises.
    """
    with _desk(settings, terms, say) as desk:
        known_as = str((settings.session or {}).get("signed_in_as") or "")
        sign_in(desk, settings.user_name, settings.password, settings.totp_seed, known_as)
        yield Console(desk, catalogue, settings.user_name)


def sign_in_by_hand(settings: ConsoleSettings, say: Callable[[str], None] = lambda line: None) -> dict[str, Any]:
    """Opens a visible browser in which a person signs in, and returns the session. Raises AutotaskError (`signed_in_as_other`, `sign_in_refused`)."""
    with _desk(settings, DEFAULT_TERMS, say) as desk:
        wait_for_person(desk)
        check_person(desk, settings.user_name)
        return {"signed_in_as": "", "state": desk.browser.state()}


@contextmanager
def _desk(settings: ConsoleSettings, terms: Terms, say: Callable[[str], None]) -> Iterator[Desk]:
    locators = load_locators(settings.overrides)
    session = dict(settings.session["state"]) if settings.session else None
    with started(locators, settings.browser, settings.headless, settings.timeout, session, settings.screenshots) as browser:
        yield Desk(browser, settings.url, terms, say)
