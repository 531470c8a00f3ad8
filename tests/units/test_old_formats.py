# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What version 0.1.0 left behind is read, what this version writes is read again, and what a newer one wrote is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.msp.autotask.plugins.module_utils._appliers.base import How
from ansible_collections.msp.autotask.plugins.module_utils._appliers.runsheet import read_changes, read_sheet
from ansible_collections.msp.autotask.plugins.module_utils._catalogue.model import standard
from ansible_collections.msp.autotask.plugins.module_utils._change.model import (
    RECORD_VERSION,
    Kind,
    Record,
    record_from_data,
    record_from_json,
)
from ansible_collections.msp.autotask.plugins.module_utils._credentials.handover import HandoverFiles, steps_sheet
from ansible_collections.msp.autotask.plugins.module_utils._credentials.store import Recorded, VaultStore
from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError
from tests.conftest import ROOT

from .vaults import Memory

OLD = ROOT / "tests" / "fixtures" / "0.1.0"
DOCUMENT = {"name": "Example API", "active": True}


def old_records() -> list[Record]:
    """The records of a ticket's notes, oldest first."""
    texts = [note["description"].rpartition("\n")[2] for note in json.loads((OLD / "notes.json").read_text())]
    records = [record for text in texts if (record := record_from_json(text))]
    assert len(records) == len(texts) == 6
    return records


def test_the_records_of_a_ticket() -> None:
    asked, attested = old_records()[:3], old_records()[3:]
    for records, state in ((asked, False), (attested, True)):
        assert [record.kind for record in records] == [Kind.LEVEL, Kind.WEBHOOK_LIMIT, Kind.API_USER]
        assert [record.name for record in records] == ["BeeCastle API"] * 3
        assert [record.attested for record in records] == [state] * 3
        assert [record.record_as for record in records] == ["", "", "beecastle"]
    level, limit, user = attested
    assert (len(level.steps), len(limit.steps), len(user.steps)) == (18, 3, 10)
    assert level.document["cells"]["contracts.contract_visibility"] == "Full" and limit.document["maximum"] == 20
    assert user.document["tracking_identifier"]["integration_vendor"] == "BeeCastle - CRM"
    assert user.subject == 'API user "BeeCastle API"'


def test_a_secrets_record_and_a_name_with_quotes_in_it() -> None:
    steps = [
        '... integration "my-vendor.2".',
        'with the playbook msp.autotask.record_credentials, tenant "a "b"", integration "my-vendor.2".',
    ]
    secret = record_from_data({"subject": 'secret "A "B" API"', "attested": False, "document": {"rotation": "2026-11"}, "steps": steps})
    assert secret and (secret.kind, secret.name, secret.record_as) == (Kind.SECRET, 'A "B" API', "my-vendor.2")


def test_a_run_sheet() -> None:
    change = read_sheet(OLD / "alder.beecastle.1.md", "beecastle", 1)
    level, limit, user = change.records
    assert (change.open, change.opened, len(change.notes)) == (True, "2026-11-01T08:00:00+00:00", 3)
    assert (level, limit, user) == ('level "BeeCastle API"', 'webhook limit "BeeCastle API"', 'API user "BeeCastle API"')
    assert change.records[user].record_as == "beecastle"
    assert change.as_result()["steps_done"] == 4 and change.as_result()["steps_total"] == 18 + 4 + 10
    assert [len(change.open_steps(subject)) for subject in change.records] == [14, 4, 10]


def test_which_integrations_have_run_sheets(tmp_path: Path) -> None:
    for name in ("alder.beecastle.1.md", "alder.my.vendor.12.md", "alder.beecastle.1.html", "alderbush.guardz.1.md", "alder.notes.md"):
        shutil.copy(OLD / "alder.beecastle.1.md", tmp_path / name)
    how = How("alder", None, {}, {"path": str(tmp_path), "html": False}, {}, {}, standard(), print)
    assert list(read_changes(how)) == ["beecastle", "my.vendor"] and list(read_changes(how, ["beecastle"])) == ["my.vendor"]


def test_a_run_sheet_whose_memory_is_damaged_is_named(tmp_path: Path) -> None:
    whole = (OLD / "alder.beecastle.1.md").read_text()
    sheet = tmp_path / "alder.beecastle.1.md"
    for damaged in (whole.replace('"subject"', '"sobject"', 1), whole.partition("<!--")[0], whole.replace('{"state"', '{"state')):
        sheet.write_text(damaged)
        with pytest.raises(AutotaskError, match="Restore the file from Git") as caught:
            read_sheet(sheet, "beecastle", 1)
        assert caught.value.code == "runsheet_damaged"


def stored(name: str) -> dict[str, Any]:
    return dict(yaml.load((OLD / name).read_text(), Loader=yaml.BaseLoader))


def test_recorded_credentials(tmp_path: Path) -> None:
    vault = Memory()
    vault.write(str(tmp_path / "alder" / "beecastle.yml"), stored("credentials.yml"))
    store = VaultStore(vault, str(tmp_path), "alder")
    expected = stored("credentials.yml")
    assert store.names() == ["beecastle"]
    assert store.read("beecastle") == Recorded(expected["user_name"], expected["secret"], expected["integration_code"], "", "")


def test_a_hand_over_differs_from_todays_in_its_version_only(tmp_path: Path) -> None:
    vault = Memory()
    files = HandoverFiles(vault, str(tmp_path), "alder")
    vault.write(files.path("beecastle"), stored("handover.yml"))
    assert files.kept_of("beecastle") == [files.path("beecastle")]
    assert not files.write("beecastle", stored("handover.yml"), check_mode=True)
    assert files.write("beecastle", {"version": 2, **stored("handover.yml")}, check_mode=True)


def test_the_ticks_of_a_sheet_of_manual_steps() -> None:
    steps = [
        {
            "where": "BeeCastle account manager",
            "text": "Get in touch, and send the fields of the hand-over; BeeCastle's people enter them.",
        }
    ]
    assert steps_sheet("BeeCastle", "alder", steps, (OLD / "beecastle.steps.md").read_text()).count("- [x] ") == 1


@pytest.mark.parametrize("kind", Kind)
def test_what_is_written_today_is_read_again(kind: Kind) -> None:
    record = Record(kind, 'A name with "quotes" in it', DOCUMENT, ("One.", "Two."), True, "example")
    assert record_from_json(record.to_json()) == record and "\n" not in record.to_json()


def test_what_a_visit_carried_is_read_again_and_was_nothing_before() -> None:
    carried = {'webhook limit "A"': {"level": "A", "maximum": 5, "bound": "exact"}}
    record = Record(Kind.LEVEL, "A", DOCUMENT, ("One.",), True, carried=carried)
    assert record_from_json(record.to_json()) == record
    without = {name: value for name, value in record.to_data().items() if name != "carried"}
    assert record_from_data(without) == Record(Kind.LEVEL, "A", DOCUMENT, ("One.",), True)
    assert record_from_data({**without, "carried": "x"}) is None and record_from_data({**without, "carried": {"a": 3}}) is None


@pytest.mark.parametrize("record", [Record(Kind.LEVEL, "Example API", DOCUMENT, (), False)])
def test_what_a_newer_version_wrote_is_refused(record: Record) -> None:
    assert RECORD_VERSION == 2
    newer = {**record.to_data(), "version": 3}
    for read in (
        partial(record_from_data, newer),
        partial(record_from_json, json.dumps(newer)),
        partial(record_from_json, '{"version": 3}'),
    ):
        with pytest.raises(AutotaskError, match="a record of version 3 was found, and this one reads up to 2") as caught:
            read()
        assert caught.value.code == "newer_version"


def test_a_run_sheet_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    sheet = tmp_path / "alder.beecastle.1.md"
    sheet.write_text((OLD / "alder.beecastle.1.md").read_text().replace('{"attested":false', '{"version":3,"attested":false', 1))
    with pytest.raises(AutotaskError) as caught:
        read_sheet(sheet, "beecastle", 1)
    assert caught.value.code == "newer_version"


NO_RECORDS: list[Mapping[str, Any]] = [
    {},
    {"subject": 'level "A"'},
    {"subject": 'planet "A"', "attested": True, "document": {}, "steps": []},
    {"version": 2, "kind": "planet", "name": "A", "attested": True, "document": {}, "steps": [], "record_as": ""},
    {"version": 2, "kind": "level", "name": "A", "attested": True, "document": "x", "steps": [], "record_as": ""},
    {"version": 2, "kind": "level", "name": "A", "attested": True, "document": {}, "steps": 1, "record_as": ""},
]


@pytest.mark.parametrize("data", NO_RECORDS)
def test_what_is_no_record_is_none(data: Mapping[str, Any]) -> None:
    assert record_from_data(data) is None


@pytest.mark.parametrize("text", ["", "Thank you for your patience.", "[]", "3", "{", '"level"'])
def test_words_of_people_are_no_records(text: str) -> None:
    assert record_from_json(text) is None
