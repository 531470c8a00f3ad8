# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run sheets instead of tickets: without credentials, tick by tick, and beside integrations that have tickets."""

from __future__ import annotations

from pathlib import Path

import pytest

from .running import House, entries, entry_of, plan_of, profile


def sheets(house: House) -> list[Path]:
    """The run sheets, in their order."""
    return sorted((house.folder / "runsheets").glob("*.md"))


def tick(sheet: Path, steps: int = -1) -> None:
    """Somebody ticks the next steps, by default all."""
    sheet.write_text(sheet.read_text().replace("- [ ] ", "- [x] ", steps))


@pytest.fixture
def bare(house: House) -> House:
    """A tenant of which nobody has credentials yet."""
    house.options = {**dict.fromkeys(("user_name", "secret", "integration_code"), ""), "apply_via": "runsheet"}
    return house


def test_without_credentials_what_is_ticked_is_attested(bare: House) -> None:
    predicted = bare.ensure(profile("tinsel"), check=True)
    assert entries(predicted) == {"tinsel": "planned"} and bare.files() == {}
    asked = bare.ensure()
    [sheet] = sheets(bare)
    assert plan_of(entry_of(asked, "tinsel")) == plan_of(entry_of(predicted, "tinsel"))
    before = bare.files()
    assert entries(bare.ensure()) == {"tinsel": "pending"} and bare.files() == before
    tick(sheet, 3)
    assert len(plan_of(entry_of(bare.ensure(), "tinsel"))) == len(plan_of(entry_of(asked, "tinsel"))) - 3
    tick(sheet)
    done = bare.ensure()
    assert (done["changed"], entries(done)) == (True, {"tinsel": "credentials"}) and "Done and attested" in sheet.read_text()
    before = bare.files()
    assert bare.ensure()["changed"] is False and bare.files() == before
    assert bare.requests().total() == 0


def test_with_credentials_rest_still_has_its_say(house: House) -> None:
    house.options["apply_via"] = "runsheet"
    house.ensure(profile("tinsel"))
    [sheet] = sheets(house)
    tick(sheet)
    again = house.ensure()
    assert entries(again) == {"tinsel": "pending"} and "- [x] " not in sheet.read_text()
    assert all(known["contradictions"] for known in entry_of(again, "tinsel")["objects"])


def test_one_with_a_sheet_beside_one_with_a_ticket(house: House) -> None:
    sheet_of_its_own = {
        "profile": profile("tinsel"),
        "apply_via": "runsheet",
        "runsheet": {"path": str(house.folder / "elsewhere"), "html": True},
    }
    house.ensure(sheet_of_its_own, profile("wicker"))
    assert sorted(house.files()) == ["elsewhere/birch.tinsel.1.html", "elsewhere/birch.tinsel.1.md"]
    assert house.tickets("tinsel") == [] and len(house.tickets("wicker")) == 1
    house.work()
    assert entries(house.ensure()) == {"tinsel": "pending", "wicker": "done"}


def test_a_sheet_that_somebody_damaged_keeps_nobody_else_from_being_set_up(house: House) -> None:
    house.ensure({"profile": profile("tinsel"), "apply_via": "runsheet"}, profile("wicker"))
    [sheet] = sheets(house)
    sheet.write_text(sheet.read_text().partition("<!--")[0])
    house.work()
    result = house.ensure()
    assert entries(result) == {"tinsel": "failed", "wicker": "done"} and result["code"] == "runsheet_damaged"
    assert str(sheet) in result["msg"]


def test_a_sheet_names_the_vendor_and_links_its_guide(bare: House) -> None:
    bare.options["runsheet"] = {"path": str(bare.folder / "runsheets"), "html": True}
    guide = {"title": "How to connect", "url": "https://tinsel.example.com/help?a=1&b=2"}
    bare.ensure(profile("tinsel", vendor="Tinsel & Sons", guides=[guide]))
    [sheet] = sheets(bare)
    text, page = sheet.read_text(), sheet.with_suffix(".html").read_text()
    assert text.startswith("# birch: set up Tinsel & Sons (change 1)\n")
    assert f"\n\nThe guide that it follows: How to connect, {guide['url']}\n\n" in text
    assert (
        '<a href="https://tinsel.example.com/help?a=1&amp;b=2">' in page and "<h1>birch: set up Tinsel &amp; Sons (change 1)</h1>" in page
    )


def test_what_is_no_web_address_is_no_link(bare: House) -> None:
    bare.options["runsheet"] = {"path": str(bare.folder / "runsheets"), "html": True}
    bare.ensure(profile("tinsel", source={"title": "<b>", "url": "javascript:alert(1)"}))
    page = sheets(bare)[0].with_suffix(".html").read_text()
    assert 'href="' not in page and "<b>" not in page
