# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The beginning of a vendor of one's own: a file that is right from the start, and that the playbooks take."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from ansible_collections.msp.autotask.plugins.module_utils._profile.text import read_text
from tests.collection.building import install
from tests.conftest import ROOT
from tests.roles.running import Fleet

PLAYBOOK = "msp.autotask.new_profile"
SCHEMA = ROOT / "roles" / "integration" / "files" / "profile.schema.json"


@pytest.fixture
def alone(tmp_path: Path) -> Fleet:
    """Somebody who has no tenant yet."""
    return Fleet([], tmp_path)


def test_a_new_profile_is_checked_explained_and_can_be_provisioned(fleet: Fleet) -> None:
    fleet.tenants = fleet.tenants[:1]
    [tenant] = fleet.tenants
    begun = fleet.playbook(PLAYBOOK, autotask_profile="my-vendor.yml", autotask_vendor_name="My Vendor")
    assert begun.status == 0, begun.output
    assert "My Vendor: 1 security level, 1 API user." in begun.output
    assert (fleet.folder / "profile.schema.json").read_text() == SCHEMA.read_text()
    assert (fleet.folder / "my-vendor.yml").read_text().splitlines()[1] == "# yaml-language-server: $schema=profile.schema.json"
    before = tenant.control("GET", "records/Tickets")
    planned = fleet.playbook("msp.autotask.provision", "--check", autotask_profile="my-vendor.yml")
    assert planned.status == 0, planned.output
    texts = [step["text"] for one in fleet.entry(tenant)["objects"] for step in one["plan"]]
    assert any('"My Vendor API"' in text and '"Tickets"' in text for text in texts)
    assert tenant.control("GET", "records/Tickets") == before


def test_an_installed_collection_has_all_that_it_takes(alone: Fleet, tmp_path_factory: pytest.TempPathFactory) -> None:
    alone.settings["ANSIBLE_COLLECTIONS_PATH"] = str(install(tmp_path_factory.mktemp("installed")))
    begun = alone.playbook(PLAYBOOK, autotask_profile="my-vendor.yml")
    assert begun.status == 0, begun.output
    assert (alone.folder / "profile.schema.json").read_text() == SCHEMA.read_text()


def test_a_name_that_was_cut_off_at_a_blank_is_refused(alone: Fleet) -> None:
    """By every playbook, before anything else: what comes behind the blank would be lost without a word."""
    begun = alone.playbook(PLAYBOOK, "-e", "autotask_vendor_name=My Vendor", autotask_profile="my-vendor.yml")
    told = """What was given with -e was cut off at a blank, before \\"Vendor\\". Put it into quotes within quotes, such as"""
    assert begun.status != 0 and told in begun.output and not (alone.folder / "my-vendor.yml").exists()
    for playbook in (ROOT / "playbooks").glob("*.yml"):
        first, *_others = yaml.safe_load(playbook.read_text())
        assert first["tasks"][0]["ansible.builtin.import_tasks"] == "tasks/check_given.yml", playbook


def test_what_is_commented_out_is_right_too(alone: Fleet) -> None:
    """Comments that hold a part of the form are taken at their word."""
    alone.playbook(PLAYBOOK, autotask_profile="my-vendor.yml")
    head, start, rest = (alone.folder / "my-vendor.yml").read_text().partition("profile: 2\n")
    whole = alone.folder / "whole.yml"
    whole.write_text(head + start + re.sub(r"(?m)^( *)# ", r"\1", rest))
    schema = json.loads((alone.folder / "profile.schema.json").read_text())
    data = read_text(whole.read_bytes(), "whole.yml").data
    assert [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(data)] == []
    assert set(data) == set(schema["properties"])
    check = {"hosts": "localhost", "gather_facts": False, "tasks": [{"msp.autotask.autotask_profile_info": {"path": str(whole)}}]}
    (alone.folder / "check.yml").write_text(json.dumps([check]))
    run = alone.playbook(str(alone.folder / "check.yml"))
    assert run.status == 0, run.output


@pytest.mark.parametrize(("name", "level"), [("O'Neill: \u00c4rzte & Co #1", "O'Neill: \u00c4rzte & Co #1 API"), ("007", "007 API")])
def test_a_vendor_may_be_called_anything(alone: Fleet, name: str, level: str) -> None:
    (alone.folder / "name.json").write_text(json.dumps({"autotask_vendor_name": name}))
    run = alone.playbook(PLAYBOOK, "-e", "@" + str(alone.folder / "name.json"), autotask_profile="v.yml")
    assert run.status == 0, run.output
    data = read_text((alone.folder / "v.yml").read_bytes(), "v.yml").data
    assert (data["vendor"], data["security_levels"][0]["name"]) == (name, level)


def test_nothing_that_is_there_is_overwritten(alone: Fleet) -> None:
    (alone.folder / "mine.yml").write_text("mine\n")
    run = alone.playbook(PLAYBOOK, autotask_profile="mine.yml")
    assert run.status != 0 and f"{alone.folder}/mine.yml is there already. Nothing was written" in run.output
    assert (alone.folder / "mine.yml").read_text() == "mine\n"
    assert not (alone.folder / "profile.schema.json").exists()
    (alone.folder / "profile.schema.json").write_text("{}")
    run = alone.playbook(PLAYBOOK, autotask_profile="other.yml")
    assert run.status != 0 and "isn't the schema of profiles" in run.output
    assert not (alone.folder / "other.yml").exists()
    assert (alone.folder / "profile.schema.json").read_text() == "{}"


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({}, "Name the file with -e autotask_profile=my-vendor.yml"),
        ({"autotask_profile": "nowhere/my-vendor.yml"}, "There is no folder"),
        ({"autotask_profile": "my-vendor.yml", "autotask_vendor_name": "V" * 47}, "at most 46 characters"),
        ({"autotask_profile": f"{'v' * 31}.yml"}, "at most 30 letters and digits"),
    ],
    ids=["no file", "no folder", "long name", "long key"],
)
def test_what_is_missing_is_said(alone: Fleet, variables: dict[str, str], says: str) -> None:
    run = alone.playbook(PLAYBOOK, **variables)
    assert run.status != 0 and says in run.output
    assert not list(alone.folder.glob("*vendor.yml"))
