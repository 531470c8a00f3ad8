# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Credentials that somebody hands in sealed, in the change itself: from the page to the proof, and what is not taken."""

from __future__ import annotations

import base64
import codecs
import json
import stat
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sandbox.model import Record
from sandbox.operator import sealing
from sandbox.operator.handover import IDENTIFIER, KEY, SECRET
from sandbox.operator.sealing import sealed

from .running import House, Result, entries, entry_of, profile

BEGINS = "-----BEGIN MSP.AUTOTASK SEALED CREDENTIALS-----"
LABELS = {"user_name": KEY, "secret": SECRET, "integration_code": IDENTIFIER}
LONG_AGO = "2026-01-05T08:00:00Z"


@pytest.fixture
def handing_in(house: House) -> House:
    """A house whose people have no controller, and whose provisioner has the part that this takes."""
    house.allow({"Service Desk|Object Permissions|Ticket Notes|Edit": "All"})
    house.options["hand_in"] = {"page": str(house.folder / "share" / "hand-in.html")}
    return house


@pytest.fixture
def vendors(listing: House) -> House:
    """The same, on a tenant where only the vendor of beecastle can sign in as its user."""
    listing.allow({"Service Desk|Object Permissions|Ticket Notes|Edit": "All"})
    listing.options["hand_in"] = {"page": str(listing.folder / "share" / "hand-in.html")}
    return listing


def handed_in(house: House, integration: str = "tinsel") -> list[Record]:
    """The notes of an integration's tickets that aren't the collection's own."""
    ids = [ticket["id"] for ticket in house.tickets(integration)]
    found = house.store.query(house.employee.tenant.id, "TicketNotes")
    return [note for note in found if note["ticketID"] in ids and not note["title"].startswith("msp.autotask")]


def worked_off(house: House, integration: str = "tinsel") -> tuple[Record, dict[str, str]]:
    """Everything was asked for and done; the note with the block, and what is sealed in it."""
    noted: dict[str, str] = {}
    kept = house.employee.notepad

    class Noting(dict[str, Any]):
        def __delitem__(self, name: str) -> None:
            noted.update(self[name])
            super().__delitem__(name)

    house.employee.notepad = Noting(kept)
    house.ensure("beecastle" if integration == "beecastle" else profile(integration))
    house.work()
    [note] = handed_in(house, integration)
    return note, {name: noted.get(label, "") for name, label in LABELS.items()}


def put(house: House, note: Record, text: str, age: str = LONG_AGO) -> None:
    """The note says something else, and has for long."""
    house.store.update(house.employee.tenant.id, "TicketNotes", note["id"], {"description": text, "createDateTime": age})


def block_of(house: House, values: Mapping[str, str], told: str = "", name: str = "tinsel") -> str:
    """These values, sealed as the ticket of tinsel tells, or as something else does."""
    [ticket] = house.tickets(name)
    return sealed(told or str(ticket["description"]), name, {label: values[key] for key, label in LABELS.items()})


def not_taken(house: House, note: Record) -> Result:
    """The result of a run that takes nothing, and says why where the block stood."""
    refusals = house.refusals()
    result = house.ensure()
    assert entries(result) == {"tinsel": "credentials"} and not house.path("tinsel").exists()
    [left] = [one for one in handed_in(house) if one["id"] == note["id"]]
    assert BEGINS not in left["description"] and "Nothing was stored" in left["description"], left["description"]
    again = house.ensure()
    assert entries(again) == {"tinsel": "credentials"} and house.refusals() - refusals <= 1, "tried once, and never again"
    return result


@pytest.mark.parametrize("apply_via", ["ticket", "runsheet"])
def test_what_is_handed_in_is_proven_stored_and_handed_over(handing_in: House, apply_via: str) -> None:
    house = handing_in
    house.options["apply_via"] = apply_via
    house.ensure(profile("tinsel"))
    house.work()
    house.employee.work_sheets(house.folder / "runsheets")
    assert not house.employee.stuck and not house.path("tinsel").exists()
    would = house.ensure(check=True)
    assert entries(would) == {"tinsel": "credentials"} and not house.path("tinsel").exists(), "check mode takes nothing"
    done = house.ensure()
    assert entries(done) == {"tinsel": "done"}, entry_of(done, "tinsel")["msg"]
    assert entry_of(done, "tinsel")["changed"] and entry_of(done, "tinsel")["handover"]["path"]
    assert house.signs_in(house.kept("tinsel") or {})
    texts = [str(note["description"]) for note in handed_in(house)] or [
        path.read_text() for path in (house.folder / "runsheets").glob("*.sealed.txt")
    ]
    assert len(texts) == 1 and BEGINS not in texts[0] and "taken. The credentials are proven" in texts[0]
    assert not house.ensure()["changed"]


def test_a_rotation_is_handed_in_the_same_way(handing_in: House) -> None:
    house = handing_in
    house.ensure(profile("tinsel"))
    house.finish()
    before = house.kept("tinsel") or {}
    house.rotate()
    house.work()
    done = house.rotate()
    after = house.kept("tinsel") or {}
    assert entries(done) == {"tinsel": "done"}, entry_of(done, "tinsel")["msg"]
    assert after["secret"] != before["secret"] and after["rotation"] == "2026-11" and house.signs_in(after) and not house.signs_in(before)


def test_the_first_user_of_a_tenant_is_handed_in_without_any_credentials(handing_in: House) -> None:
    house = handing_in
    first = profile("provisioner", level={"name": "First API"}, user={"first_name": "First"})
    house.options |= {"apply_via": "runsheet", "user_name": None, "secret": None, "integration_code": None}
    house.ensure(first)
    house.employee.work_sheets(house.folder / "runsheets")
    assert not house.path("provisioner").exists()
    done = house.ensure()
    assert entries(done) == {"provisioner": "done"}, entry_of(done, "provisioner")["msg"]
    assert house.signs_in(house.kept("provisioner") or {})


def test_a_block_waits_for_its_step_to_be_ticked_off(handing_in: House) -> None:
    house = handing_in
    note, _values = worked_off(house)
    [item] = [
        one
        for one in house.store.query(house.employee.tenant.id, "TicketChecklistItems")
        if str(one["itemName"]).startswith("Seal") and one["ticketID"] == note["ticketID"]
    ]
    house.store.update(house.employee.tenant.id, "TicketChecklistItems", item["id"], {"isCompleted": False})
    refusals = house.refusals()
    assert entries(house.ensure()) == {"tinsel": "pending"} and house.refusals() == refusals
    assert BEGINS in handed_in(house)[0]["description"]
    house.employee.tick("tinsel")
    assert entries(house.ensure()) == {"tinsel": "done"}


def test_a_new_secret_that_does_not_work_yet_has_its_time(handing_in: House) -> None:
    house = handing_in
    note, values = worked_off(house)
    text = block_of(house, {**values, "secret": "not-yet"})
    put(house, note, text, age=str(note["createDateTime"]))
    result = house.ensure()
    assert entries(result) == {"tinsel": "credentials"}
    assert "a run after that tries it once more" in " ".join(entry_of(result, "tinsel")["messages"])
    kept = str(handed_in(house)[0]["description"])
    assert kept.startswith(text)
    refusals = house.refusals()
    assert entries(house.ensure()) == {"tinsel": "credentials"} and house.refusals() == refusals, "not within its time"
    assert handed_in(house)[0]["description"] == kept
    put(house, note, kept)
    not_taken(house, note)


def test_a_wrong_tracking_identifier_is_nothing_that_time_mends(handing_in: House) -> None:
    house = handing_in
    note, _values = worked_off(house)
    house.fault("500@birch:GET Version", json={"errors": ["IntegrationCode is invalid."]})
    messages = " ".join(entry_of(not_taken(house, note), "tinsel")["messages"])
    assert "refuses the tracking identifier" in messages and "tries it once more" not in messages


def test_the_key_of_another_user_is_not_taken_and_not_tried(handing_in: House) -> None:
    house = handing_in
    house.options.pop("hand_in")
    house.set_up(profile("wicker"))
    house.options["hand_in"] = {"page": str(house.folder / "share" / "hand-in.html")}
    note, _values = worked_off(house)
    wickers = house.kept("wicker") or {}
    put(house, note, block_of(house, {name: str(wickers[name]) for name in LABELS}))
    requests = house.requests()["GET Version"]
    not_taken(house, note)
    assert house.requests()["GET Version"] == requests


def misplaced(house: House, values: dict[str, str], told: Mapping[str, str]) -> str:
    """A block that was sealed for something else than the ticket that it stands in."""
    [ticket] = house.tickets("tinsel")
    text = str(ticket["description"])
    for before, after in told.items():
        text = text.replace(before, after)
    return block_of(house, values, text)


ELSEWHERE = {
    "another tenant": {"#birch/": "#alder/"},
    "another change": {"/tinsel/1 (": "/tinsel/2 ("},
    "another integration's change": {"/tinsel/1 (": "/wicker/1 ("},
}


@pytest.mark.parametrize("told", ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_was_sealed_for_something_else_is_worth_nothing_here(handing_in: House, told: dict[str, str]) -> None:
    house = handing_in
    note, values = worked_off(house)
    put(house, note, misplaced(house, values, told))
    refusals = house.refusals()
    result = not_taken(house, note)
    assert "was sealed for" in " ".join(entry_of(result, "tinsel")["messages"]) and house.refusals() == refusals


def test_a_block_that_says_it_is_for_something_else_than_it_was_sealed_for_can_not_be_opened(handing_in: House) -> None:
    """Somebody takes a block from another change, and changes what it says."""
    house = handing_in
    note, values = worked_off(house)
    lines = misplaced(house, values, ELSEWHERE["another change"]).splitlines()
    packed = "".join(lines[1:-1])
    found = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    found["for"]["change"] = "tinsel/1"
    put(house, note, "\n".join([lines[0], base64.urlsafe_b64encode(json.dumps(found).encode()).decode().rstrip("="), lines[-1]]))
    result = not_taken(house, note)
    assert "can't be opened" in " ".join(entry_of(result, "tinsel")["messages"])


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:200] + text[260:],
        lambda text: "\n".join([BEGINS, "AAAA", text.splitlines()[-1]]),
        lambda text: "\n".join([BEGINS, "{{ lookup('pipe', 'id') }}", text.splitlines()[-1]]),
    ],
    ids=["a part is missing", "nothing is in it", "a template"],
)
def test_what_is_damaged_is_told(handing_in: House, damage: Any) -> None:
    house = handing_in
    note, values = worked_off(house)
    put(house, note, damage(block_of(house, values)))
    not_taken(house, note)


def test_what_an_editor_or_a_mail_makes_of_a_block_is_taken(handing_in: House) -> None:
    house = handing_in
    note, values = worked_off(house)
    lines = block_of(house, values).splitlines()
    put(house, note, "Here it is:<br>" + "<br/>\r\n> ".join(lines) + "<br>&nbsp;Regards")
    assert entries(house.ensure()) == {"tinsel": "done"}
    text = str(handed_in(house)[0]["description"])
    assert BEGINS not in text and text.startswith("Here it is:") and text.endswith("Regards")


def test_of_several_blocks_the_last_one_is_taken(handing_in: House) -> None:
    house = handing_in
    note, values = worked_off(house)
    put(house, note, block_of(house, {**values, "secret": "wrong"}) + "\nNo, this one:\n" + block_of(house, values))
    refusals = house.refusals()
    assert entries(house.ensure()) == {"tinsel": "done"} and house.refusals() == refusals
    text = str(handed_in(house)[0]["description"])
    assert BEGINS not in text and "a later one was taken" in text and "taken. The credentials are proven" in text


def test_a_block_for_another_key_is_told(handing_in: House) -> None:
    house = handing_in
    note, _values = worked_off(house)
    (house.folder / "credentials" / "hand-in.yml").unlink()
    put(house, note, str(note["description"]))
    result = not_taken(house, note)
    assert "use the page that the last run wrote" in " ".join(entry_of(result, "tinsel")["messages"])


def test_nobody_is_asked_where_the_note_could_not_be_changed_afterwards(house: House) -> None:
    house.options["hand_in"] = {"page": str(house.folder / "hand-in.html")}
    for check in (True, False):
        result = house.ensure(profile("tinsel"), check=check)
        assert entry_of(result, "tinsel")["code"] == "ticket_rights" and "`hand_in`" in entry_of(result, "tinsel")["msg"]
    assert not house.tickets("tinsel")


def test_runs_at_the_same_time_have_one_key_and_one_page(handing_in: House) -> None:
    house = handing_in
    house.want(profile("tinsel"))
    with ThreadPoolExecutor(4) as pool:
        results = [run.result() for run in [pool.submit(house.ensure) for _number in range(4)]]
    assert all(entries(result) == {"tinsel": "pending"} for result in results)
    path = house.folder / "credentials" / "hand-in.yml"
    assert path.read_bytes().startswith(b"$ANSIBLE_VAULT") and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not [one for one in path.parent.iterdir() if one.name.startswith(".")]
    page = (house.folder / "share" / "hand-in.html").read_text()
    house.employee.work()
    assert entries(house.ensure()) == {"tinsel": "done"} and (house.folder / "share" / "hand-in.html").read_text() == page


def test_what_is_handed_in_shows_nowhere(handing_in: House) -> None:
    house = handing_in
    note, values = worked_off(house)
    result = house.ensure()
    told = str([result, house.said, house.state()])
    assert entries(result) == {"tinsel": "done"} and values["secret"] and values["secret"] not in told
    put(house, note, block_of(house, {**values, "secret": "Wrong#One"}))
    assert "Wrong#One" not in str([house.ensure(), house.said, house.state()])


def test_of_all_blocks_for_a_user_one_is_tried_in_a_run(handing_in: House) -> None:
    """Whoever may write notes can hand in wrong secrets, and a few of them in a row lock the user."""
    house = handing_in
    note, values = worked_off(house)
    put(house, note, "\n".join(block_of(house, {**values, "secret": f"wrong-{number}"}) for number in range(8)))
    refusals = house.refusals()
    messages = " ".join(entry_of(house.ensure(), "tinsel")["messages"])
    assert house.refusals() == refusals + 1 and "(7 blocks): not tried in this run" in messages
    assert str(handed_in(house)[0]["description"]).count(BEGINS) == 7


def test_what_stands_in_a_ticket_that_is_done_is_not_tried(handing_in: House) -> None:
    house = handing_in
    house.ensure(profile("tinsel"))
    house.finish()
    [note] = handed_in(house)
    kept = house.kept("tinsel") or {}
    put(house, note, block_of(house, {**{name: str(kept[name]) for name in LABELS}, "secret": "wrong"}))
    refusals = house.refusals()
    assert entries(house.rotate()) == {"tinsel": "pending"} and not house.ensure().get("failed")
    assert house.refusals() == refusals and BEGINS in str(handed_in(house)[0]["description"])


def test_the_key_of_the_run_itself_is_not_taken_for_another_user(handing_in: House) -> None:
    house = handing_in
    note, _values = worked_off(house)
    put(house, note, block_of(house, {name: house.tenant.access[name] for name in LABELS}))
    assert "it is the key of the API user" in " ".join(entry_of(not_taken(house, note), "tinsel")["messages"])


def test_the_key_of_another_user_is_not_taken_where_nobody_can_look_before(handing_in: House) -> None:
    """The first day of a tenant: there is no provisioner yet that could see whose a key is."""
    house = handing_in
    house.options.pop("hand_in")
    house.set_up(profile("wicker"))
    other = house.kept("wicker") or {}
    house.path("wicker").unlink()
    (house.path("wicker").parent / "home.json").unlink()
    house.options |= {"apply_via": "runsheet", "user_name": None, "secret": None, "integration_code": None}
    house.options["hand_in"] = {"page": str(house.folder / "share" / "hand-in.html")}
    house.ensure(profile("provisioner", level={"name": "First API"}, user={"first_name": "First"}))
    house.employee.work_sheets(house.folder / "runsheets")
    [beside] = (house.folder / "runsheets").glob("*.sealed.txt")
    sheet = beside.with_name(beside.name.replace(".sealed.txt", ".md"))
    beside.write_text(sealed(sheet.read_text(), "provisioner", {label: str(other[name]) for name, label in LABELS.items()}))
    assert entries(house.ensure()) == {"provisioner": "credentials"} and not house.path("provisioner").exists()
    assert 'it is the key of the API user "Wicker API"' in beside.read_text()


def test_what_nobody_here_can_prove_is_not_called_proven(vendors: House) -> None:
    house = vendors
    note, values = worked_off(house, "beecastle")
    put(house, note, block_of(house, {**values, "secret": "wrong"}, name="beecastle"))
    result = house.ensure()
    [left] = handed_in(house, "beecastle")
    for said in (str(left["description"]), " ".join(entry_of(result, "beecastle")["messages"])):
        assert "taken and stored" in said and "not proven" in said and "The vendor has to test the connection" in said
        assert "are proven" not in said


def test_the_key_of_the_run_itself_is_not_taken_for_a_user_that_nobody_can_sign_in_as(vendors: House) -> None:
    house = vendors
    note, _values = worked_off(house, "beecastle")
    own = {"user_name": str(house.tenant.access["user_name"]), "secret": "wrong", "integration_code": ""}
    put(house, note, block_of(house, own, name="beecastle"))
    result = house.ensure()
    assert "it is the key of the API user" in " ".join(entry_of(result, "beecastle")["messages"])
    assert not house.path("beecastle").exists() and not house.refusals()


@pytest.mark.parametrize("content", ["[1, 2]", "null", '"s"', "3", "NaN", "{", '{"secret": 3}', "{}"])
def test_what_is_sealed_and_is_nothing_of_ours_is_told(handing_in: House, content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    house = handing_in
    note, values = worked_off(house)
    monkeypatch.setattr(sealing, "_values_of", lambda _values: content)
    put(house, note, block_of(house, values))
    not_taken(house, note)


@pytest.mark.parametrize("path", ["credentials/hand-in.yml", "credentials/birch/tinsel.yml", "notes.txt"])
def test_nothing_else_is_replaced_by_the_page(handing_in: House, path: str) -> None:
    house = handing_in
    house.options.pop("hand_in")
    house.set_up(profile("tinsel"))
    there = house.folder / path
    if not there.exists():
        there.write_text("Something else.")
    before = there.read_bytes()
    result = house.ensure(hand_in={"page": str(there)})
    assert result["failed"] and result["code"] in ("hand_in_page", "vault") and there.read_bytes() == before


def test_a_page_for_another_key_is_told(handing_in: House) -> None:
    house = handing_in
    house.ensure(profile("tinsel"))
    assert sum("It seals for the key" in line for line in house.said) == 1
    (house.folder / "credentials" / "hand-in.yml").unlink()
    house.ensure()
    told = [line for line in house.said if "It seals for the key" in line]
    page = (house.folder / "share" / "hand-in.html").read_text()
    assert len(told) == 2 and told[0] != told[1] and told[1].split()[-1].rstrip(".") in page


def test_a_change_that_hands_nothing_in_tells_of_no_page(handing_in: House) -> None:
    house = handing_in
    house.ensure(profile("tinsel"))
    house.finish()
    house.ensure(profile("tinsel", level={"settings": {"Service Desk": {"Tickets": {"Delete": "None", "Edit": "No"}}}}))
    first, second = house.tickets("tinsel")
    assert "hand-in page" in first["description"] and "hand-in page" not in second["description"]


def test_a_block_beside_a_run_sheet_in_a_folder_of_its_own_is_taken(handing_in: House) -> None:
    house = handing_in
    house.options["apply_via"] = "runsheet"
    folder = house.folder / "elsewhere"
    house.ensure({"profile": profile("tinsel"), "runsheet": {"path": str(folder)}})
    house.employee.work_sheets(folder)
    assert entries(house.ensure()) == {"tinsel": "done"} and len(list(folder.glob("*.sealed.txt"))) == 1


@pytest.mark.parametrize("names", [["tinsel"], ["tinsel", "wicker", "kestrel", "sparrow"]], ids=len)
def test_what_is_handed_in_of_several_integrations_is_read_once(handing_in: House, names: list[str]) -> None:
    house = handing_in
    house.ensure(*(profile(name) for name in names))
    house.work()
    before = house.requests()
    assert set(entries(house.ensure()).values()) == {"done"}
    asked = house.requests() - before
    # To take what was handed in, to settle, and afterwards; what is about to be written to is looked at another way.
    assert asked["GET Tickets/query"] == 3, asked


def test_what_copying_has_added_to_a_sealed_secret_is_told_and_not_tried(handing_in: House) -> None:
    """The page refuses it; other pages may not."""
    house = handing_in
    note, values = worked_off(house)
    put(house, note, block_of(house, {**values, "secret": f"{values['secret']}\u200b"}))
    not_taken(house, note)
    [now] = handed_in(house)
    assert "a character that nobody sees (U+200B) at its end" in now["description"] and values["secret"] not in now["description"]
    assert not house.refusals()


def by_sheet(house: House, noted: bytes | None = None) -> tuple[str, Path]:
    """All was asked for by a run sheet, and done; the block beside it, and its file, which holds something else where that is given."""
    house.options["apply_via"] = "runsheet"
    house.ensure(profile("tinsel"))
    house.employee.work_sheets(house.folder / "runsheets")
    [path] = (house.folder / "runsheets").glob("*.sealed.txt")
    block = path.read_text()
    if noted is not None:
        path.write_bytes(noted)
    return block, path


PARTS = {
    "without its first line": lambda block: block.split("\n", 1)[1],
    "without its last line": lambda block: block.rstrip("\n").rsplit("\n", 1)[0],
    "without both": lambda block: "\n".join(block.strip().splitlines()[1:-1]),
    "with dashes of a word processor": lambda block: block.replace("-----", "\u2014\u2014"),
}


@pytest.mark.parametrize("kind", PARTS)
def test_a_part_of_a_block_is_told_with_its_place_and_left(handing_in: House, kind: str) -> None:
    house = handing_in
    note, values = worked_off(house)
    text = PARTS[kind](block_of(house, values))
    put(house, note, f"Here it is: {text}")
    for check in (True, False):
        told = " ".join(entry_of(house.ensure(check=check), "tinsel")["messages"])
        [ticket] = house.tickets("tinsel")
        assert f'the note "Credentials" ({note["id"]}) of {ticket["ticketNumber"]}: it is only a part' in told and "BEGIN" in told
    assert handed_in(house)[0]["description"] == f"Here it is: {text}" and not house.refusals()
    put(house, note, block_of(house, values))
    assert entries(house.ensure()) == {"tinsel": "done"}


def test_every_block_that_is_not_taken_is_told_with_its_place(handing_in: House) -> None:
    house = handing_in
    note, values = worked_off(house)
    stray = misplaced(house, values, ELSEWHERE["another change"])
    put(house, note, f"{stray}\n{stray}")
    [ticket] = house.tickets("tinsel")
    for _number in range(7):
        house.employee.note(ticket, stray, title='Once "more"')
    messages = " ".join(entry_of(not_taken(house, note), "tinsel")["messages"])
    places = [f"({one['id']}) of {ticket['ticketNumber']}" for one in handed_in(house)]
    assert sum(place in messages for place in places) == 5 and "and 4 more (9 blocks): it was sealed for" in messages, messages


def test_check_mode_tells_what_waits(handing_in: House) -> None:
    house = handing_in
    note, _values = worked_off(house)
    (house.folder / "credentials" / "hand-in.yml").unlink()
    state, files = house.state(), house.files()
    told = entry_of(house.ensure(check=True), "tinsel")["messages"]
    assert f"({note['id']})" in " ".join(told) and "it waits. A run that isn't in check mode opens it." in " ".join(told)
    assert "not recorded yet" not in " ".join(told), "as if nobody had done anything"
    assert house.state() == state and house.files() == files


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-be", "utf-8-sig"])
def test_a_file_of_another_coding_is_read(handing_in: House, coding: str) -> None:
    """As some editors and shells of Windows write it."""
    house = handing_in
    block, path = by_sheet(house)
    path.write_bytes((codecs.BOM_UTF16_BE if coding == "utf-16-be" else b"") + f"Für euch:\r\n{block}".encode(coding))
    assert entries(house.ensure()) == {"tinsel": "done"}
    text = path.read_text("utf-8-sig")
    assert text.startswith("Für euch:") and BEGINS not in text and "taken. The credentials are proven" in text


@pytest.mark.parametrize("content", ["block".encode("utf-16-le"), b"\xff\xfe\x00", "block in Z\xfcrich".encode("latin-1")], ids=repr)
def test_a_file_that_is_no_text_is_told_by_name(handing_in: House, content: bytes) -> None:
    house = handing_in
    _block, path = by_sheet(house, content)
    result = house.ensure()
    assert str(path) in entry_of(result, "tinsel")["msg"] and "UTF-8" in entry_of(result, "tinsel")["msg"]
    assert path.read_bytes() == content and not house.path("tinsel").exists()


@pytest.mark.parametrize("check", [True, False])
def test_a_link_in_the_place_of_the_file_is_told_before_anything_is_stored(handing_in: House, check: bool) -> None:
    """What would take the block's place would be written elsewhere, or not at all."""
    house = handing_in
    block, path = by_sheet(house)
    elsewhere = house.folder / "elsewhere.txt"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    before = house.requests()["GET Version"]
    result = house.ensure(check=check)
    assert entries(result) == {"tinsel": "failed"} and f"{path} can't be written: it is a link" in result["msg"]
    assert elsewhere.read_text() == block and not house.path("tinsel").exists() and house.requests()["GET Version"] == before


def test_an_address_that_leads_people_nowhere_is_refused_and_a_right_one_is_told(handing_in: House) -> None:
    house = handing_in
    page = house.folder / "share" / "hand-in.html"
    result = house.ensure(profile("tinsel"), hand_in={"page": str(page), "address": "javascript:alert(1)"})
    assert result["failed"] and result["code"] == "address" and result["msg"].startswith("hand_in > address: "), result["msg"]
    assert house.ensure(hand_in={"page": "/srv/#1/hand-in.html"})["msg"].startswith("hand_in > page: ")
    assert not page.exists() and not house.requests()
    house.ensure(hand_in={"page": str(page), "address": "S:\\hand-in.html"})
    [ticket] = house.tickets("tinsel")
    assert "The hand-in page: S:\\hand-in.html#birch/tinsel/1 " in ticket["description"]
