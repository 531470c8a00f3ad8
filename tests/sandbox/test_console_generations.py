# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The console in its generations: the same change, made by hand, ends in the same cells and the same user."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

from tests.sandboxes import Rest, Tenant, take

from .hands import HANDS, Mvc
from .people import API_USER, copy_level, look, sign_in

# Playwright is optional, so its types can't be named.
Browser: TypeAlias = Any

playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright for Python")
expect = playwright.expect

COPY = "Copy Security Level"


@pytest.fixture(scope="module")
def by_native_hand(spare_tenants: Any) -> dict[str, Any]:
    """The cells that the change ends in where it is made on the native pages, without a browser."""
    tenant = take(spare_tenants)
    tab = sign_in(tenant)
    copy_level(tab, "Bee")
    tab.put((), "Active", "", True)
    tab.press("No Permission", ("CRM",))
    tab.put(("CRM", "Object Permissions"), "Contacts", "Add", "Yes")
    tab.put(("Service Desk",), "Tickets", "View", "Mine")
    tab.put(("Other", "Webhooks"), "Can create Webhooks", "", True)
    tab.press("Refresh")
    tab.put(("Other", "Webhooks"), "Maximum number of Webhooks", "", "20")
    tab.press("Save & Close")
    return dict(tenant.level("Bee")["cells"])


@pytest.mark.parametrize("generation", HANDS)
def test_the_same_change(generation: str, chromium: Browser, tenant: Tenant, by_native_hand: dict[str, Any]) -> None:
    look(tenant, console=generation)
    context = chromium.new_context()
    context.set_default_timeout(15_000)
    hand: Mvc = HANDS[generation](context, tenant)
    hand.enter()
    change_level(hand)
    level = tenant.level("Bee")
    assert (level["active"], level["cells"]) == (True, by_native_hand)
    add_user(hand)
    context.close()


def change_level(hand: Mvc) -> None:
    """The change that is made on the native pages, too."""
    hand.go("Security Levels")
    hand.open_level(API_USER, COPY)
    hand.put(hand.editor, "Name", "Bee")
    hand.tick(hand.editor, "Active")
    hand.press(hand.section("CRM"), "No Permission")
    expect(hand.editor.locator("[name='CRM|Object Permissions|Contacts|Add']")).to_have_value("No")
    hand.pick(hand.cell(hand.section("CRM"), "Contacts", 2), "Yes")
    hand.pick(hand.cell(hand.section("Service Desk"), "Tickets", 1), "Mine")
    other = hand.section("Other")
    hand.tick(other, "Can create Webhooks")
    hand.put(other, "Maximum number of Webhooks", "20")
    hand.press(hand.editor, "Save & Close")
    hand.saved("Bee was saved.")


def add_user(hand: Mvc) -> None:
    """Adds an API user of that level; nothing is stored before Save & Close, and what was shown works afterwards."""
    tenant = hand.tenant
    users = tenant.control("GET", "api-users")
    hand.go("Resources/Users")
    hand.open_new_user()
    hand.put(hand.editor, "First Name", "Bee")
    hand.put(hand.editor, "Last Name", "API")
    hand.put(hand.editor, "Email Address", "bee@example.com")
    hand.pick(hand.field(hand.editor, "Security Level"), "Bee")
    hand.pick(hand.field(hand.editor, "Primary Internal Location"), "Headquarters")
    credentials = hand.section("Credentials")
    shown = {"UserName": hand.editor.locator("[name=key]"), "Secret": hand.editor.locator("[name=secret]")}
    before = shown["UserName"].element_handle()
    for button, box in (("Generate Key", shown["UserName"]), ("Generate Secret", shown["Secret"])):
        hand.press(credentials, button)
        expect(box).not_to_have_value("")
    hand.radio(hand.section("API Tracking Identifier"), "Custom (Internal Integration)")
    hand.put(hand.editor, "Internal Integration Name", "Bee")
    sent = {name: box.input_value() for name, box in shown.items()}
    sent["ApiIntegrationCode"] = hand.editor.locator("[name=tracking_code]").input_value()
    assert before.is_visible()
    assert tenant.control("GET", "api-users") == users
    hand.press(hand.editor, "Save & Close")
    hand.saved("Bee API was saved.")
    assert Rest(tenant.rest.url, sent).call("GET", "Version").status_code == 200


def test_sections_are_remembered_and_ids_are_not(chromium: Browser, tenant: Tenant) -> None:
    look(tenant, console="mvc")
    context = chromium.new_context()
    context.set_default_timeout(15_000)
    hand = HANDS["mvc"](context, tenant)
    hand.enter()
    hand.go("Security Levels")
    seen = []
    for name in ("CRM", "Admin"):
        hand.open_level(API_USER, "Edit Security Level")
        closed = hand.editor.locator(".CollapsibleSectionContainer.Collapsed").count()
        ids = {element.get_attribute("id") for element in hand.editor.locator("[id^=z]").all()[:20]}
        with hand.editor.expect_response("**/console/sections"):
            hand.section(name)
        seen.append((closed, ids))
        hand.editor.close()
    assert [closed for closed, _ids in seen] == [11, 10]
    assert not seen[0][1] & seen[1][1]
    context.close()


def test_in_the_shell_the_page_of_a_user_needs_the_page_that_opened_it(chromium: Browser, tenant: Tenant) -> None:
    look(tenant, console="shell")
    context = chromium.new_context()
    context.set_default_timeout(15_000)
    hand = HANDS["shell"](context, tenant)
    hand.enter()
    before = tenant.control("GET", "api-users")
    hand.window.goto(f"{tenant.address}/admin/api-users/{before[0]['id']}")
    hand.editor = hand.window
    hand.put(hand.window, "First Name", "Somebody")
    hand.press(hand.window, "Save & Close")
    hand.window.get_by_text("Nothing was saved.").wait_for()
    assert tenant.control("GET", "api-users") == before
    context.close()
