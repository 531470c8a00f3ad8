# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where what a run leaves behind can't be kept: that is said before anybody is asked for a secret, and once the disk takes it the run goes on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.disks import DISKS, IN_ITS_PLACE, read_only, seen

from .running import House, entry_of, profile

WAYS = ("ticket", "runsheet")


def ours(folder: Path) -> dict[str, bytes | str]:
    """What there is in a folder, folders aside."""
    return {name: content for name, content in seen(folder).items() if content != "folder"}


def folder_of(house: House, name: str) -> Path:
    """A folder of the house's, which is there."""
    (house.folder / name).mkdir(exist_ok=True)
    return house.folder / name


@pytest.mark.parametrize("check", [False, True], ids=["real", "check mode"])
@pytest.mark.parametrize("disk", DISKS)
@pytest.mark.parametrize("way", WAYS)
def test_nobody_is_asked_to_generate_what_can_not_be_kept(way: str, disk: str, check: bool, house: House) -> None:
    credentials = folder_of(house, "credentials")
    with DISKS[disk](credentials):
        result = house.ensure(profile("tinsel"), check=check, apply_via=way)
        assert ours(credentials) == {}
    assert result["failed"] and result["code"] == "file", result["msg"]
    assert f"{credentials}/birch/tinsel.yml can't be written: " in result["msg"]
    assert house.tickets("tinsel") == [] and not (house.folder / "runsheets").exists()
    assert not house.ensure(apply_via=way).get("failed")


@pytest.mark.parametrize("disk", DISKS)
def test_a_tenant_in_sync_is_checked_whatever_the_disk_takes(disk: str, house: House) -> None:
    house.set_up(profile("tinsel"))
    with DISKS[disk](house.folder / "credentials"):
        result = house.ensure()
    assert not result.get("failed") and not result["changed"] and not result["pending"]


@pytest.mark.parametrize("disk", DISKS)
def test_nobody_is_asked_for_a_new_secret_that_can_not_be_kept(disk: str, house: House) -> None:
    house.set_up(profile("tinsel"))
    before, tickets = house.kept("tinsel"), house.tickets("tinsel")
    for check in (True, False):
        with DISKS[disk](house.folder / "credentials"):
            result = house.rotate(check=check)
        assert result["failed"] and "can't be written: " in result["msg"] and house.tickets("tinsel") == tickets
    assert house.kept("tinsel") == before and house.kept("tinsel.previous") is None
    house.rotate()
    house.work()
    done = house.rotate()
    assert not done.get("failed") and not done["pending"] and house.kept("tinsel") != before


@pytest.mark.parametrize("disk", DISKS)
def test_what_can_not_be_recorded_is_said_before_it_is_tried(disk: str, house: House) -> None:
    """A secret that is tried in vain, and not kept, would be one that nobody has."""
    given = {"user_name": "key@birch.example.com", "secret": "Se%cret-long", "integration_code": "CODE-long"}
    house.want(profile("tinsel"))
    before = house.requests()
    with DISKS[disk](folder_of(house, "credentials")):
        result = house.record("tinsel", given)
    assert result["failed"] and result["code"] == "file" and "tinsel.yml can't be written: " in result["msg"]
    assert house.requests() == before


@pytest.mark.parametrize("disk", DISKS)
@pytest.mark.parametrize("name", ["runsheets", "handover"])
def test_what_can_not_be_written_is_written_by_the_next_run(name: str, disk: str, house: House) -> None:
    """Run sheets, and hand-overs with the steps that are left for people. What was recorded is untouched."""
    house.want(profile("tinsel", manual_steps=[{"where": "Portal", "text": "Press Connect."}]))
    house.options["apply_via"] = "runsheet" if name == "runsheets" else "ticket"
    house.options["runsheet"] = {"path": str(house.folder / "runsheets"), "html": True}
    if name == "handover":
        house.ensure()
        house.work()
    kept = house.kept("tinsel")
    with DISKS[disk](folder_of(house, name)):
        result = house.ensure()
        assert ours(house.folder / name) == {}
    assert result["failed"] and result["code"] == "file", result["msg"]
    assert f"{house.folder / name}/" in result["msg"] and "can't be written: " in result["msg"]
    assert house.kept("tinsel") == kept
    house.finish()
    assert not [path for path in house.folder.rglob("*") if path.name.startswith(".") or path.suffix == ".new"]


def test_what_can_not_be_removed_is_an_error_and_removed_by_the_next_run(house: House) -> None:
    house.set_up(profile("tinsel"))
    house.want({"integration": "tinsel", "state": "absent"})
    with read_only(house.folder / "handover"):
        result = house.ensure()
    entry = entry_of(result, "tinsel")
    assert result["failed"] and result["code"] == "file" and "tinsel.yml can't be removed: " in result["msg"]
    assert not [line for line in entry["messages"] if "handover" in line and "removed" in line]
    assert house.path("tinsel", "handover").exists()
    assert not house.ensure().get("failed")
    assert not house.path("tinsel", "handover").exists() and not house.path("tinsel").exists()


@pytest.mark.parametrize("disk", DISKS)
def test_where_no_zone_can_be_remembered_it_is_looked_up(disk: str, house: House) -> None:
    (house.folder / "cache").mkdir()
    with DISKS[disk](house.folder / "cache"):
        assert not house.ensure(profile("tinsel")).get("failed")
        assert ours(house.folder / "cache") == {}


@pytest.mark.parametrize("other", IN_ITS_PLACE)
def test_something_else_where_the_zone_is_remembered(other: str, house: House) -> None:
    """Without that the zone is looked up again, and nobody waits."""
    house.ensure()
    [cache] = (house.folder / "cache" / "msp.autotask").iterdir()
    cache.unlink()
    IN_ITS_PLACE[other](cache)
    assert not house.ensure(profile("tinsel")).get("failed")
    assert [path.name for path in cache.parent.iterdir()] == [cache.name]


@pytest.mark.parametrize("other", IN_ITS_PLACE)
@pytest.mark.parametrize("name", ["runsheets/birch.tinsel.1.md", "wicker.yml", "locators.yml", "bundle.pem"])
def test_something_else_where_people_keep_files(name: str, other: str, house: House) -> None:
    """Run sheets, profiles, locators, certificates: an error that names the file."""
    path = house.folder / name
    path.parent.mkdir(exist_ok=True)
    IN_ITS_PLACE[other](path)
    if name == "locators.yml":
        house.options["console"] = {"url": "https://ww4.autotask.net", "user_name": "admin", "locators": str(path)}
        result = house.ensure(profile("tinsel"), apply_via="console")
    elif name == "bundle.pem":
        if other == "a folder":
            return  # of certificates
        result = house.ensure(profile("tinsel"), ca_path=str(path))
    else:
        result = house.ensure(str(path) if name == "wicker.yml" else profile("tinsel"), apply_via="runsheet")
    assert result["failed"] and str(path) in result["msg"] and result["code"] != "bug", result
    assert "Errno" not in result["msg"] and house.tickets("tinsel") == []


@pytest.mark.parametrize("name", ["ca_path", "AUTOTASK_CA_PATH"])
def test_certificates_that_are_not_there(name: str, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    if name != "ca_path":
        monkeypatch.setenv(name, "/nowhere/bundle.pem")
    result = house.ensure(profile("tinsel"), ca_path="/nowhere/bundle.pem")
    assert result["failed"] and result["msg"] == f"{name}: there is no file /nowhere/bundle.pem"


def test_a_folder_that_leads_to_itself(house: House) -> None:
    (house.folder / "credentials").symlink_to("credentials")
    result = house.ensure(profile("tinsel"))
    assert result["failed"] and result["code"] == "file" and "leads back to itself" in result["msg"]


@pytest.mark.parametrize("name", ["credentials", "handover", "runsheets"])
def test_a_file_where_a_folder_belongs(name: str, house: House) -> None:
    (house.folder / name).write_text("no folder")
    house.want(profile("tinsel"))
    house.options["apply_via"] = "runsheet" if name == "runsheets" else "ticket"
    result = house.ensure()
    if name == "handover":
        house.work()
        result = house.ensure()
    assert result["failed"] and "is a file, and no folder" in result["msg"] and str(house.folder / name) in result["msg"]
    assert (house.folder / name).read_text() == "no folder"


def test_a_folder_of_credentials_that_can_not_be_read(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What may be recorded there is not taken for missing, so nobody is asked to make what is there."""
    house.set_up(profile("tinsel"))
    lstat = os.lstat

    def refusing(path: str) -> os.stat_result:
        if str(path).endswith("tinsel.yml"):
            raise PermissionError(13, "Permission denied", path)
        return lstat(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "lstat", refusing)
        patch.setattr(os, "stat", refusing)
        result = house.ensure()
    assert result["failed"] and "permission denied" in result["msg"] and len(house.tickets("tinsel")) == 1
