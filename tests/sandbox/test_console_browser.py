# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The console in a real browser: what its script adds, and that nothing is needed of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any, TypeAlias
from urllib.parse import urljoin

import pytest

from tests.sandboxes import Tenant

from .people import account

# Playwright is optional, so its types can't be named.
Browser: TypeAlias = Any
Locator: TypeAlias = Any
Page: TypeAlias = Any

playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright for Python")
expect = playwright.expect

MENU = "Menu of API User (system) (API-only)"
COPY = "Copy Security Level"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, or the one that Playwright has installed."""
    with playwright.sync_playwright() as driver:
        try:
            started = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        except playwright.Error as error:
            pytest.skip(f"needs a Chromium: {error.message.splitlines()[0]}")
        yield started
        started.close()


def sign_in(page: Page, tenant: Tenant) -> None:
    name, password = account(tenant)
    page.goto(tenant.access["console_url"])
    page.get_by_label("Username").fill(name)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log In").click()


@pytest.fixture
def page(chromium: Browser, tenant: Tenant) -> Iterator[Page]:
    """A page on which an administrator is signed in; whatever the browser complains about fails the test."""
    context = chromium.new_context()
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    sign_in(page, tenant)
    yield page
    context.close()
    assert not complaints


@pytest.fixture
def plain_page(chromium: Browser, tenant: Tenant) -> Iterator[Page]:
    """The same without JavaScript."""
    context = chromium.new_context(java_script_enabled=False)
    context.set_default_timeout(10_000)
    page = context.new_page()
    sign_in(page, tenant)
    yield page
    context.close()


def copy_level(page: Page) -> None:
    page.goto(urljoin(page.url, "/admin/security-levels"))
    page.get_by_label(MENU).click()
    page.get_by_role("button", name=COPY).click()


def section(page: Page, name: str) -> Locator:
    return page.locator("section").filter(has=page.get_by_role("heading", name=name, exact=True)).last


def test_a_dependent_setting_follows_its_box(page: Page) -> None:
    copy_level(page)
    page.get_by_role("button", name="Expand All").click()
    number = page.get_by_label("Maximum number of Webhooks")
    box = page.get_by_label("Can create Webhooks")
    expect(number).to_be_disabled()
    box.check()
    expect(number).to_be_enabled()
    expect(number).to_have_value("10")
    number.fill("20")
    box.uncheck()
    expect(number).to_be_disabled()
    expect(number).to_have_value("")
    payroll = page.get_by_label("Can access Time Off and Payroll reports")
    page.get_by_label("Time & Expenses").uncheck()
    expect(payroll).to_be_disabled()
    expect(payroll).not_to_be_checked()


def test_expanded_sections_stay_expanded(page: Page) -> None:
    copy_level(page)
    section(page, "CRM").locator("summary").click()
    section(page, "Admin").get_by_role("button", name="No Permission").click()
    expect(page.get_by_label("Tagging")).not_to_be_checked()
    expect(page.get_by_label("Customer & Cancelation")).to_be_visible()
    expect(page.get_by_label("Contract Visibility")).to_be_hidden()


def test_menus_close(page: Page) -> None:
    page.get_by_role("link", name="Resources (Users)").click()
    entry, arrow = page.get_by_role("link", name="New API User"), page.get_by_label("More kinds of New")
    arrow.click()
    expect(entry).to_be_visible()
    page.keyboard.press("Escape")
    expect(entry).to_be_hidden()
    expect(arrow).to_be_focused()
    arrow.click()
    page.get_by_role("heading", name="Resources/Users").click()
    expect(entry).to_be_hidden()


def test_the_keyboard_is_enough(page: Page, tenant: Tenant) -> None:
    page.get_by_role("link", name="Organization Settings").or_(page.get_by_role("link", name="Settings & Users")).first.focus()
    page.keyboard.press("Enter")
    page.locator("summary", has_text="Resources/Users (HR)").focus()
    page.keyboard.press("Space")
    page.get_by_role("link", name="Security Levels").focus()
    page.keyboard.press("Enter")
    page.get_by_label(MENU).focus()
    page.keyboard.press("Enter")
    for _time in range(2):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=COPY)).to_be_focused()
    page.keyboard.press("Enter")
    name = page.get_by_role("textbox", name="Name", exact=True)
    name.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Bee")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    name.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Bee was saved.")
    assert tenant.level("Bee")["active"]


def test_the_tabs_of_the_editor(page: Page) -> None:
    copy_level(page)
    page.locator(".tabs > label", has_text="Resources").click()
    expect(page.get_by_text("No resource has this security level.")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Expand All")).to_be_visible()


def test_what_belongs_to_the_tracking_identifier_appears_with_its_choice(plain_page: Page) -> None:
    page = plain_page
    page.get_by_role("link", name="Resources (Users)").click()
    page.get_by_label("More kinds of New").click()
    page.get_by_role("link", name="New API User").click()
    vendor, identifier = page.get_by_role("combobox", name="Integration Vendor"), page.get_by_label("Tracking Identifier", exact=True)
    for choice, shown in (
        ("Integration Vendor", (True, False)),
        ("Custom (Internal Integration)", (False, True)),
        ("None", (False, False)),
    ):
        page.get_by_role("radio", name=choice, exact=True).check()
        assert (vendor.is_visible(), identifier.is_visible()) == shown


def test_without_a_script_refresh_makes_settings_available(plain_page: Page, tenant: Tenant) -> None:
    page = plain_page
    copy_level(page)
    page.get_by_role("button", name="Expand All").click()
    number = page.get_by_label("Maximum number of Webhooks")
    page.get_by_label("Can create Webhooks").check()
    expect(number).to_be_disabled()
    page.get_by_role("button", name="Refresh").click()
    number.fill("20")
    page.get_by_role("button", name="Save & Close").click()
    level = tenant.level("Copy (1) of API User (system)")
    assert level["cells"]["Other|Webhooks|Maximum number of Webhooks|"] == 20
