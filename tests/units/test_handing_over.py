# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a vendor is given, in its own words, and the sheet of what is left for people, whose ticks stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._credentials import handover
from ansible_collections.msp.autotask.plugins.module_utils._credentials.handover import HandoverFiles, handover_of, steps_sheet
from ansible_collections.msp.autotask.plugins.module_utils._credentials.store import Recorded
from ansible_collections.msp.autotask.plugins.module_utils._documents.handed_over import HANDED_OVER
from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError

from .vaults import Memory

ZONE = {"name": "Test", "url": "https://webservices9.example.com/ATServicesRest/", "web_url": "https://ww9.example.com/"}
OWN = Recorded("key@alder.example.com", "Se%cret", "IDENTIFIER")
OF_VENDOR = Recorded("key@alder.example.com", "Se%cret")
OTHER = Recorded("other@alder.example.com", "O%ther", "SECOND")


def given(recorded: dict[str, Recorded], *fields: dict[str, str], zone: dict[str, str] | None = None) -> dict[str, str]:
    """The fields of a hand-over to a vendor with two users, `main` being the first."""
    profile: dict[str, Any] = {
        "vendor": "Example",
        "api_users": [{"key": "main"}, {"key": "second"}],
        "handover": {"to": "Example's portal", "fields": list(fields)},
    }
    found = handover_of(profile, recorded, ZONE if zone is None else zone, "alder", {"main": 29})
    assert (found["vendor"], found["to"], found["tenant"], found["version"]) == ("Example", "Example's portal", "alder", 2)
    return dict(found["fields"])


FIELDS = {
    "user_name": "key@alder.example.com",
    "secret": "Se%cret",
    "integration_code": "IDENTIFIER",
    "tenant": "alder",
    "zone_url": "https://webservices9.example.com/ATServicesRest",
    "zone_web_url": "https://ww9.example.com",
    "zone_host": "webservices9.example.com",
    "user_id": "29",
}


@pytest.mark.parametrize(("value", "expected"), FIELDS.items(), ids=FIELDS.keys())
def test_a_field_has_the_vendors_name_and_our_value(value: str, expected: str) -> None:
    assert given({"main": OWN}, {"name": "Theirs", "value": value}) == {"Theirs": expected}


def test_fields_stay_in_the_vendors_order() -> None:
    assert list(given({"main": OWN}, *({"name": name, "text": "x"} for name in ("Z", "A", "M")))) == ["Z", "A", "M"]


def test_a_field_can_be_something_fixed() -> None:
    assert given({"main": OWN}, {"name": "Version", "text": "n/a"}) == {"Version": "n/a"}


def test_a_field_can_have_several_values_and_braces_of_its_own() -> None:
    odd = Recorded("key@alder.example.com", "Se{zone_host}cret{", "IDENTIFIER")
    field = {"name": "All", "format": "{{{user_name}}}|{secret}|{zone_host}|{user_id}"}
    assert given({"main": odd}, field) == {"All": "{key@alder.example.com}|Se{zone_host}cret{|webservices9.example.com|29"}


MISSING = {
    "id of its API user": ("user_id", "signs in to the tenant's REST"),
    "tracking identifier of its API user": ("integration_code", "record_credentials"),
    "address of the tenant's REST": ("zone_url", "autotask_zone_url"),
    "host of the tenant's REST": ("zone_host", "autotask_zone_url"),
    "address of the tenant's console": ("zone_web_url", "autotask_zone_url"),
}


@pytest.mark.parametrize("words", MISSING)
def test_what_is_not_known_is_asked_for_and_never_handed_over_empty(words: str) -> None:
    value, what_to_do = MISSING[words]
    for field in ({"value": value}, {"format": f"{{user_name}} {{{value}}}"}):
        with pytest.raises(AutotaskError, match=words) as caught:
            given({"main": OWN, "second": OF_VENDOR}, {"name": "Theirs", "user": "second", **field}, zone={})
        assert '"Theirs"' in str(caught.value) and what_to_do in str(caught.value) and caught.value.code == "handover"


def test_whatever_can_be_handed_over_can_be_missing() -> None:
    assert set(handover.MISSING) == set(HANDED_OVER)


def test_a_field_can_be_another_users() -> None:
    fields = given({"main": OWN, "second": OTHER}, {"name": "A", "value": "secret"}, {"name": "B", "value": "secret", "user": "second"})
    assert fields == {"A": "Se%cret", "B": "O%ther"}


@pytest.mark.parametrize(("recorded", "expected"), [(OWN, {"Code": "IDENTIFIER"}), (OF_VENDOR, {})], ids=["its own", "the vendor's"])
def test_the_identifier_is_given_only_where_it_is_the_users_own(recorded: Recorded, expected: dict[str, str]) -> None:
    assert given({"main": recorded}, {"name": "Code", "value": "integration_code", "when": "custom"}) == expected


def test_a_hand_over_is_written_once(tmp_path: Path) -> None:
    vault = Memory()
    files = HandoverFiles(vault, str(tmp_path), "alder")
    content = {"version": 2, "vendor": "Example", "fields": {"Key": "key", "Port": 443}}
    assert files.write("example", content, check_mode=True) and vault.contents == {}
    assert files.write("example", content, check_mode=False)
    assert not files.write("example", content, check_mode=False) and not files.write("example", content, check_mode=True)
    assert files.write("example", {**content, "fields": {"Key": "other"}}, check_mode=False)
    assert vault.contents == {str(tmp_path / "alder" / "example.yml"): {"version": "2", "vendor": "Example", "fields": {"Key": "other"}}}


STEPS = [{"where": "Portal", "text": "Press Load."}, {"where": "Portal", "text": "Look at the list."}]


def test_ticks_of_the_sheet_stay() -> None:
    first = steps_sheet("Example", "alder", STEPS, "")
    assert first.startswith("# Example on alder: what is left for people to do\n") and first.count("- [ ] ") == 2
    ticked = first.replace("- [ ] Portal: Press Load.", "- [x] Portal: Press Load.")
    assert steps_sheet("Example", "alder", STEPS, ticked) == ticked
    more = steps_sheet("Example", "alder", [{"where": "Mail", "text": "Wait."}, *STEPS], ticked)
    assert more.count("- [x] ") == 1 and "- [x] Portal: Press Load." in more and "- [ ] Mail: Wait." in more


def test_a_step_whose_words_have_changed_is_to_be_done_again() -> None:
    ticked = steps_sheet("Example", "alder", STEPS, "").replace("- [ ]", "- [x]")
    changed = steps_sheet("Example", "alder", [{"where": "Portal", "text": "Press Load twice."}, STEPS[1]], ticked)
    assert changed.count("- [x] ") == 1 and "- [ ] Portal: Press Load twice." in changed


def test_the_sheet_is_written_once_and_people_may_tick_it(tmp_path: Path) -> None:
    files = HandoverFiles(Memory(), str(tmp_path), "alder")
    sheet = tmp_path / "alder" / "example.steps.md"
    assert files.write_steps("example", "Example", "alder", STEPS, check_mode=True) and not sheet.exists()
    assert files.write_steps("example", "Example", "alder", STEPS, check_mode=False)
    sheet.write_text(sheet.read_text().replace("- [ ]", "- [x]", 1))
    assert not files.write_steps("example", "Example", "alder", STEPS, check_mode=False)
    assert "- [x] Portal: Press Load." in sheet.read_text()
    assert files.kept_of("example") == [str(sheet)]
