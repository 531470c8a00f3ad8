# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The traps of the console that need JavaScript, in a browser."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

from sandbox.operator.browser import Tab
from tests.sandboxes import Tenant

from .hands import HANDS
from .people import API_USER, look, sign_in

playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright for Python")
expect = playwright.expect

# Playwright is optional, so its types can't be named.
Browser: TypeAlias = Any
Page: TypeAlias = Any

TICKETS = "Service Desk|Object Permissions|Tickets|View"


@pytest.fixture
def tab(tenant: Tenant) -> Tab:
    """An administrator, signed in before any trap is set."""
    return sign_in(tenant)


def page_of(chromium: Browser, tab: Tab, path: str) -> Page:
    """A page in a browser in which the same person is signed in."""
    context = chromium.new_context()
    context.set_default_timeout(15_000)
    address = tab.url.partition("/admin")[0].rstrip("/")
    context.add_cookies([{"name": cookie.name, "value": cookie.value, "url": address} for cookie in tab.session.cookies])
    page = context.new_page()
    page.goto(address + path, wait_until="domcontentloaded")
    return page


def scope_of(generation: str, page: Page) -> Any:
    """The part of a window in which an editor is."""
    return page if generation == "mvc" else page.frame_locator("frame[name=work]")


@pytest.mark.parametrize(("generation", "entry"), [("mvc", ".ContextOverlay .Item"), ("frames", "option")])
def test_what_comes_late_covers_and_snaps_back(generation: str, entry: str, chromium: Browser, tab: Tab, tenant: Tenant) -> None:
    look(tenant, console=generation, console_traps=["slow_lists", "guidance", "value_snaps_back", "hidden_control"])
    page = page_of(chromium, tab, f"/admin/security-levels/{tenant.level()['id']}")
    scope = scope_of(generation, page)
    busy = scope.locator("#LoadingIndicator.Active")
    busy.wait_for()
    assert scope.locator(entry).count() == 0
    scope.locator(".Guidance").wait_for()
    scope.get_by_text("Got it").click()
    scope.locator(".Guidance").wait_for(state="detached")
    busy.wait_for(state="detached")
    assert scope.locator(entry).count() > 100
    hidden = scope.locator("[name='Admin|Feature Access|Resources/Users (HR)|']").locator("xpath=ancestor-or-self::*[@hidden]")
    assert (hidden.count(), hidden.is_visible()) == (1, False)
    value = scope.locator(f"[name='{TICKETS}']")
    if generation == "mvc":
        scope.locator(".CollapsibleSectionContainer[data-section='Service Desk'] .Toggle").click()
        scope.locator(f".SingleItemSelector2:has([name='{TICKETS}'])").click()
        scope.locator(".ContextOverlay.Active .Item").first.click()
    else:
        value.select_option(label="Mine")
    expect(value).to_have_value("All")
    page.context.close()


@pytest.mark.parametrize("generation", ["mvc", "shell", "frames"])
def test_no_popup(generation: str, chromium: Browser, tenant: Tenant) -> None:
    look(tenant, console=generation, console_traps=["no_popup", "slow_scripts"])
    context = chromium.new_context()
    context.set_default_timeout(15_000)
    hand = HANDS[generation](context, tenant)
    hand.enter()
    hand.go("Security Levels")
    with pytest.raises(playwright.TimeoutError), context.expect_event("page", timeout=500):
        hand.choose(API_USER, "Edit Security Level")
    assert [page for page in context.pages if page != hand.window] == []
    assert hand.window.locator("#DialogIFrameOverlay").is_visible() is False
    context.close()
