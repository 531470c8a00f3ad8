# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A run sheet as a page in a browser: what is ticked there is what the next run reads, and nothing else in the file changes."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._appliers.base import How, Request
from ansible_collections.msp.autotask.plugins.module_utils._appliers.runsheet import RunsheetKeeper, read_sheet
from ansible_collections.msp.autotask.plugins.module_utils._catalogue.model import standard
from ansible_collections.msp.autotask.plugins.module_utils._catalogue.terms import DEFAULT_TERMS
from ansible_collections.msp.autotask.plugins.module_utils._change.decide import Decision
from ansible_collections.msp.autotask.plugins.module_utils._change.model import Kind, Record

if importlib.util.find_spec("playwright") is None:
    pytest.skip("needs Playwright for Python and Chromium: requirements/browser.txt, make chromium", allow_module_level=True)

from playwright.sync_api import sync_playwright

STEPS = ('Level editor: set Name to "Tinsel & Söhne %sheet% </main>".', "- [ ] is no box of ours.", "press Save & Close.")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium."""
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"]) as chromium,
    ):
        yield chromium


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A run sheet of one level, of which nothing is done yet."""
    how = How("alder", None, {}, {"path": str(tmp_path), "html": True}, {}, DEFAULT_TERMS, standard(), print)
    record = Record(Kind.LEVEL, "Tinsel API", {"note": "- [ ] not a step\n- [x] nor this"}, STEPS, attested=False)
    keeper = RunsheetKeeper(how, Request("tinsel", notes=lambda: ["- [ ] neither is this"]))
    return Path(keeper.request(Decision("request"), record).reference)


def test_what_is_ticked_is_what_the_next_run_reads(browser: Any, sheet: Path) -> None:
    before = sheet.read_text()
    asked: list[str] = []
    tab = browser.new_page(accept_downloads=True)
    tab.on("request", lambda request: asked.append(request.url))
    problems: list[str] = []
    tab.on("console", lambda message: problems.append(message.text))
    tab.goto(f"file://{sheet.with_suffix('.html')}")
    boxes = tab.get_by_role("checkbox")
    assert boxes.count() == len(STEPS) and tab.get_by_role("status").inner_text() == "0 of 3 done"
    assert tab.get_by_role("button", name="Save").is_disabled()
    tab.get_by_label(STEPS[0]).check()
    boxes.nth(2).check()
    assert tab.get_by_role("status").inner_text() == "2 of 3 done, not saved"
    tab.reload()
    assert [boxes.nth(number).is_checked() for number in range(3)] == [True, False, True]
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Save").click()
    assert download.value.suggested_filename == sheet.name
    download.value.save_as(sheet)
    change = read_sheet(str(sheet), "tinsel", 1)
    assert [line.done for line in change.lines] == [True, False, True] and [line.text for line in change.lines] == list(STEPS)
    assert sheet.read_text().replace("- [x] Level", "- [ ] Level").replace("- [x] press", "- [ ] press") == before
    assert [url for url in asked if not url.startswith(("file:", "blob:"))] == [] and problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_on_a_phone(browser: Any, sheet: Path, scheme: Any) -> None:
    tab = browser.new_page(viewport={"width": 360, "height": 700}, color_scheme=scheme)
    tab.goto(f"file://{sheet.with_suffix('.html')}")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    assert tab.get_by_role("button", name="Save").is_visible()
