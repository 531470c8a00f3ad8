# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The browser: windows, frames, waiting, and errors that a user can act on. Private to the collection.

Playwright is an optional requirement, so it is imported when a browser is started and not before, and its types can't be named.
"""

from __future__ import annotations

import importlib
import itertools
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from .._errors import AutotaskError
from .locators import Locators

Handle: TypeAlias = Any
Frame: TypeAlias = Any
Window: TypeAlias = Any
T = TypeVar("T")
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Chromium's sandbox needs a user who isn't root.
UNCONFINED = "--no-sandbox"
# How long to wait before looking again; most answers come at once, and every look costs.
POLL_MILLISECONDS = (40, 60, 90, 130, 200, 300)
SETTLE_MILLISECONDS = 600
# A wait on a busy machine takes at most so many times as long as on one that has nothing else to do.
LONGER_WHEN_BUSY = 4
MISSING = (
    "The applier `console` needs Playwright for Python and a Chromium: pip install playwright, then `playwright install chromium`, or name an "
    "installed browser."
)


class Moving(Exception):
    """A frame that went away while it was looked at: look again."""


@dataclass
class Browser:
    """A running browser with one set of cookies. `secret_on_page` while a secret may be on a page: then nothing of a page is kept or told.

    `parent` is the process that wants what is done here. Ansible's workers outlive a controller that is killed, and would go on beside its next run.
    """

    context: Any
    locators: Locators
    failure: type[Exception]
    timeout: float
    screenshots: str = ""
    secret_on_page: bool = False
    asked: list[str] = field(default_factory=list)
    parent: int = field(default_factory=os.getppid)

    @property
    def windows(self) -> list[Window]:
        """The open windows, newest first."""
        return [window for window in reversed(self.context.pages) if not window.is_closed()]

    @property
    def main(self) -> Window:
        """The first window."""
        if not self.context.pages:
            raise lost()
        return self.context.pages[0]

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Turns what the browser says while a page is looked at into Moving: looking changes nothing, so it may be tried again."""
        self._check_wanted()
        try:
            yield
        except self.failure:
            if not self.windows:
                raise lost() from None
            raise Moving("looking at a page") from None

    @contextmanager
    def doing(self, what: str) -> Iterator[None]:
        """Turns what the browser says into errors of ours. Its own words may hold what is on the page, so they are never passed on."""
        self._check_wanted()
        try:
            yield
        except self.failure as error:
            raise self._explained(error, what) from None

    def _check_wanted(self) -> None:
        if os.getppid() != self.parent:
            raise AutotaskError("The run that the browser worked for has ended. Nothing more was done.", "controller_lost")

    def _explained(self, error: Exception, what: str) -> Exception:
        text = str(error)
        if not self.context.browser or not self.context.browser.is_connected() or not self.context.pages:
            return lost()
        if (
            "context was destroyed" in text
            or "detached" in text.lower()
            or "has been closed" in text
            or "navigat" in text.partition("\n")[0]
        ):
            return Moving(what)
        if "intercepts pointer events" in text:
            return AutotaskError(
                f"Something covers the page, so that {what} didn't work. Close it by hand in a visible browser.", "covered"
            )
        if type(error).__name__ == "TimeoutError":
            return AutotaskError(f"Nothing happened within {self.timeout:g} seconds while {what}.", "console_timeout")
        if "net::" in text:
            return AutotaskError(f"The console can't be reached: {text.partition('net::')[2].split()[0]} while {what}.", "unreachable")
        return AutotaskError(f"The browser refused: {what}.", "browser")

    def wait(self, found: Callable[[], T | None], seconds: float | None = None) -> T | None:
        """What `found` returns as soon as it is something, or None after so many seconds of waiting.

        What looking takes isn't counted: where the machine is busy, looking takes long, and so does what is waited for. It has an end all the same.
        """
        left = self.timeout if seconds is None else seconds
        until = time.monotonic() + LONGER_WHEN_BUSY * left
        pauses = itertools.chain(POLL_MILLISECONDS, itertools.repeat(POLL_MILLISECONDS[-1]))
        while True:
            try:
                result = found()
            except Moving:
                result = None
            if result is not None or left <= 0 or time.monotonic() > until:
                return result
            milliseconds = next(pauses)
            left -= milliseconds / 1000
            self.pause(milliseconds)

    def pause(self, milliseconds: int) -> None:
        """Lets the browser go on for a moment."""
        windows = self.windows
        if not windows:
            raise lost()
        try:
            windows[0].wait_for_timeout(milliseconds)
        except self.failure:
            if not self.windows:
                raise lost() from None

    def let_settle(self) -> None:
        """A page may take back a value a moment after it was set; by now it has."""
        try:
            self.main.wait_for_timeout(SETTLE_MILLISECONDS)
        except self.failure:
            raise lost() from None

    def go(self, address: str) -> None:
        """Opens an address in the first window."""
        with self.doing("opening the console"):
            self.main.goto(address, timeout=self.timeout * 1000)

    def close_extra_windows(self) -> None:
        """Closes every window but the first, without saving."""
        for window in self.windows[:-1]:
            try:
                window.close(run_before_unload=False)
            except self.failure:
                continue

    def picture(self, name: str) -> None:
        """A picture of the newest window, where pictures are wanted, and never while a secret may be on it."""
        if self.screenshots and not self.secret_on_page:
            with self.doing("taking a picture"):
                self.windows[0].screenshot(path=os.path.join(self.screenshots, f"{name}.png"))

    def state(self) -> dict[str, Any]:
        """The cookies and the like, by which a later browser is signed in as well. As good as a password."""
        with self.doing("reading the session"):
            return dict(self.context.storage_state())


def lost() -> AutotaskError:
    """The browser, or its last window, is gone."""
    return AutotaskError("The browser was closed, or ended by itself. Nothing more was done.", "browser_lost")


@contextmanager
def started(
    locators: Locators,
    executable: str,
    headless: bool,
    timeout: float,
    session: dict[str, Any] | None,
    screenshots: str,
    language: str = "en-US",
) -> Iterator[Browser]:
    """A browser while the block lasts. Raises AutotaskError where Playwright, Chromium, or the display for a visible browser is missing."""
    if not headless and sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise AutotaskError(
            "A visible browser needs a display, and there is none here. Run this on a machine with a desktop.", "no_display"
        )
    try:
        playwright = importlib.import_module("playwright.sync_api")
    except ImportError:
        raise AutotaskError(MISSING, "playwright_missing") from None
    with playwright.sync_playwright() as driver:
        arguments = [*ARGUMENTS, *([UNCONFINED] if os.geteuid() == 0 else [])]
        try:
            chromium = driver.chromium.launch(executable_path=executable or None, headless=headless, args=arguments)
        except playwright.Error:
            raise AutotaskError(
                f"Chromium doesn't start{f' from {executable}' if executable else ''}. {MISSING}", "browser_missing"
            ) from None
        try:
            context = chromium.new_context(storage_state=session, locale=language, viewport={"width": 1500, "height": 1000})
            context.set_default_timeout(timeout * 1000)
            browser = Browser(context, locators, playwright.Error, timeout, screenshots)
            context.on("dialog", lambda dialog: _answer(browser, dialog))
            context.new_page()
            yield browser
        finally:
            try:
                chromium.close()
            except playwright.Error:
                pass


def _answer(browser: Browser, dialog: Any) -> None:
    """Leaving a page without saving is what we mean; any other question is answered with no, and remembered."""
    if dialog.type == "beforeunload":
        dialog.accept()
    else:
        if not browser.secret_on_page:
            browser.asked.append(str(dialog.message))
        dialog.dismiss()
