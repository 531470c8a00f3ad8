# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run sheets: the same steps as with a ticket, in a file."""

from __future__ import annotations

import re
from pathlib import Path

from tests.sandboxes import Tenant

from .playing import Player, level, limit, lines, tickets, user, writes


def _texts(sheet: Path) -> list[str]:
    return re.findall(r"^- \[.\] (.*)$", sheet.read_text(), re.MULTILINE)


def test_a_sheet_holds_the_same_steps_as_a_ticket(play: Player, tenant: Tenant) -> None:
    options = {"apply_via": "runsheet", "runsheet": {"path": str(play.folder / "sheets"), "html": True}}
    play(level(**options), limit(**options), user(**options))
    play(level(), limit(), user())
    [sheet] = (play.folder / "sheets").glob("*.md")
    one_a_line = "\n".join(line["itemName"] for line in lines(tenant, tickets(tenant)[0]))
    assert "\n".join(_texts(sheet)).replace('".\nLevel "Example API", "Other" > "Webhooks": set', '", set') == one_a_line
    page = sheet.with_suffix(".html").read_text()
    assert all(text.replace("&", "&amp;").replace('"', "&quot;").replace(">", "&gt;") in page for text in _texts(sheet))


def test_run_after_run_without_credentials(play: Player, tenant: Tenant) -> None:
    play.connected = False
    options = {"apply_via": "runsheet", "runsheet": {"path": str(play.folder / "sheets")}}
    planned = play(level(**options), check=True)
    assert planned[0]["changed"] is True and not (play.folder / "sheets").exists()
    first, again = play(level(**options), level(**options)).results
    assert [(one["changed"], one["pending"]) for one in (first, again)] == [(True, True), (False, True)]
    sheet = Path(first["change"]["reference"])
    sheet.write_text(sheet.read_text().replace("- [ ]", "- [x]", 3))
    half = play(level(**options))[0]
    assert (half["changed"], half["change"]["steps_done"]) == (False, 3)
    sheet.write_text(sheet.read_text().replace("- [ ]", "- [X]"))
    done, later = play(level(**options), level(**options)).results
    assert [(one["changed"], one["pending"]) for one in (done, later)] == [(True, False), (False, False)]
    assert "Done and attested" in sheet.read_text() and done["change"]["state"] == "closed"
    assert later["evidence"]["Active"] == "attested"  # nobody looked
    changed = play(level(settings={"Contracts": {"Contracts": {"View": "All"}, "Contract Visibility": "Full"}}, **options))[0]
    assert [step["text"] for step in changed["plan"]][1:-1] == [
        'Level "Example API", "Service Desk" > "Object Permissions": set "Tickets" to View "Mine", Add "No".'
    ]
    assert changed["change"]["number"] == 2
    assert writes(tenant) == []


def test_with_credentials_rest_still_has_its_say(play: Player) -> None:
    options = {"apply_via": "runsheet", "runsheet": {"path": str(play.folder / "sheets")}}
    sheet = Path(play(level(**options))[0]["change"]["reference"])
    sheet.write_text(sheet.read_text().replace("- [ ]", "- [x]"))
    result = play(level(**options))[0]
    assert (result["changed"], result["pending"]) == (True, True)
    assert "- [x]" not in sheet.read_text() and result["contradictions"]


def test_the_state_of_a_sheet_can_be_asked_for(play: Player) -> None:
    sheets = {"apply_via": "runsheet", "runsheet": {"path": str(play.folder / "sheets")}}
    play(level(**sheets))
    asked = ("autotask_change_info", {"tenant": play.tenant.slug, "integration": "example", **sheets})
    state = play(asked)[0]
    assert (state["pending"], state["change"]["steps_done"]) == (True, 0)
    waited = play(("autotask_change_info", {**asked[1], "wait": True, "wait_timeout": 1, "wait_interval": 0.3}))
    assert waited[0]["pending"] is True and "0 of" in waited.output


def test_a_hostile_name_stays_text(play: Player) -> None:
    options = {"apply_via": "runsheet", "runsheet": {"path": str(play.folder / "sheets"), "html": True}}
    hostile = level(name="<script>alert(1)</script> --> *_x_*", **options)
    first, again = play(hostile, hostile).results
    assert (first["pending"], again["pending"], again["changed"]) == (True, True, False)
    [page] = (play.folder / "sheets").glob("*.html")
    assert "<script>alert" not in page.read_text()
