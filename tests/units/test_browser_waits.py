# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How long the browser waits: longer where the machine is busy, and never for ever."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._console import browser as module
from ansible_collections.msp.autotask.plugins.module_utils._console.browser import Browser


class Machine:
    """A clock that goes on while somebody pauses, and by so many seconds for each look at a page; in the place of Playwright's pages and of time."""

    def __init__(self, seconds_a_look: float) -> None:
        self.seconds_a_look, self.now, self.looks = seconds_a_look, 0.0, 0

    def monotonic(self) -> float:
        return self.now

    def wait_for_timeout(self, milliseconds: float) -> None:
        self.now += milliseconds / 1000

    def is_closed(self) -> bool:
        return False

    def shown_at_look(self, number: int) -> str | None:
        self.now += self.seconds_a_look
        self.looks += 1
        return "here" if self.looks == number else None


def waited(monkeypatch: pytest.MonkeyPatch, seconds_a_look: float, look: int) -> tuple[str | None, float]:
    """What a wait of four seconds finds that shows at so many looks, and how long it took."""
    machine = Machine(seconds_a_look)
    monkeypatch.setattr(module, "time", machine)
    browser = Browser(SimpleNamespace(pages=[machine]), SimpleNamespace(), Exception, timeout=15.0)  # type: ignore[arg-type]
    return browser.wait(lambda: machine.shown_at_look(look), 4.0), machine.now


def test_a_busy_machine_has_as_many_looks_as_an_idle_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for seconds_a_look in (0.0, 0.01, 0.25, 0.5):
        assert waited(monkeypatch, seconds_a_look, look=15)[0] == "here", seconds_a_look


def test_a_wait_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    found, seconds = waited(monkeypatch, 0.0, look=0)
    assert found is None and 4.0 <= seconds < 4.5
    found, seconds = waited(monkeypatch, 5.0, look=0)
    assert found is None and seconds < 4.0 * module.LONGER_WHEN_BUSY + 6
