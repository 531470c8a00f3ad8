# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The page of a plan document in a browser: read without its script, filtered with it, on a phone, from the keyboard, and by an item's address."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._review.document import document_of, part_of
from ansible_collections.msp.autotask.plugins.module_utils._review.item import STATES
from ansible_collections.msp.autotask.plugins.module_utils._review.page import page

if importlib.util.find_spec("playwright") is None:
    pytest.skip("needs Playwright for Python and Chromium: requirements/browser.txt, make chromium", allow_module_level=True)

from playwright.sync_api import sync_playwright

from .review_documents import NASTY, entry, fleet, item


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium."""
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"]) as chromium,
    ):
        yield chromium


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a fleet, and of a tenant with each state, and with names that mean something to a browser."""
    name = "".join(NASTY)
    items = [item(f"tinsel/level/{name}/{state}", state, label=name, why=name, seen=name) for state in STATES]
    alder = part_of(name, "alder", integrations=[entry(*items, vendor=name, change={"reference": name, "url": f"javascript:{name}"})])
    path = tmp_path_factory.mktemp("page") / "plan.html"
    path.write_text("".join(page(document_of([alder, *fleet(20, 2, 20)["tenants"]]))), encoding="utf-8")
    return path


def test_it_is_filtered_from_the_keyboard(browser: Any, written: Path) -> None:
    tab = browser.new_page()
    asked: list[str] = []
    problems: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: problems.append(message.text))
    tab.goto(f"file://{written}")
    status, tenants = tab.get_by_role("status"), tab.locator("details.tenant")
    assert status.inner_text() == "21 of 21 tenants" and tenants.first.get_attribute("id") == "alder"
    tab.get_by_label("State").select_option("drifted")
    assert status.inner_text() == "3 of 21 tenants"
    tab.get_by_label("Tenant").fill("TENANT010")
    assert status.inner_text() == "1 of 21 tenants"
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    shown = tab.locator("details.tenant[open] ul.items li:visible")
    assert shown.count() == 1 and shown.inner_text().startswith("drifted Contracts: Setting 0: None → Full")
    assert [url for url in asked if not url.startswith("file:")] == [] and problems == []


def test_it_is_read_without_its_script_and_by_an_items_address(browser: Any, written: Path) -> None:
    tab = browser.new_context(java_script_enabled=False).new_page()
    tab.goto(f"file://{written}#tenant010/vendor0/level/vendor0%20API/contracts.setting0")
    found = tab.locator("ul.items li:target")
    assert found.is_visible() and found.inner_text().startswith("drifted") and not tab.get_by_label("State").is_visible()
    assert tab.locator("a[href^='javascript']").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_on_a_phone_and_can_be_told_from_its_background(browser: Any, written: Path, scheme: Any) -> None:
    tab = browser.new_page(viewport={"width": 360, "height": 700}, color_scheme=scheme)
    tab.goto(f"file://{written}")
    tab.locator("details.tenant > summary").first.click()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    assert min(tab.evaluate(CONTRASTS)) >= 4.5


# How much lighter or darker each text is than the page: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
CONTRASTS = """() => {
  const luminance = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(one => one / 255).map(one => one <= .04045 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const behind = luminance(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll("b.s, .soft, a, p, code, li, th, td")].map(one => luminance(getComputedStyle(one).color))
    .map(one => (Math.max(one, behind) + .05) / (Math.min(one, behind) + .05));
}"""
