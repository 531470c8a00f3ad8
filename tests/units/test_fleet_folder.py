# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where a fleet's files lie doesn't depend on what a run was started from, and is never where they would be lost, or read as inventory."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._edge.fleet_folder import Started, fleet_folder, is_job, path_in_fleet
from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository: an inventory that is a file, one that is a folder, and another place."""
    for name in ("prod", "elsewhere", "home"):
        (tmp_path / name).mkdir()
    for name in ("fleet.yml", "more.yml", "prod/hosts.yml", "elsewhere/other.yml", "ansible.cfg", "home/.ansible.cfg"):
        (tmp_path / name).write_text("")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("named", ["fleet.yml", "./fleet.yml", "prod", "prod/", "{}/fleet.yml", "{}/prod"])
@pytest.mark.parametrize("folder", [".", "elsewhere"])
def test_it_is_that_of_the_inventory_from_any_folder(fleet: Path, monkeypatch: pytest.MonkeyPatch, named: str, folder: str) -> None:
    monkeypatch.chdir(fleet / folder)
    source = named.format(fleet) if "{}" in named else ("../" if folder == "elsewhere" else "") + named
    assert fleet_folder("", Started([source])) == str(fleet)
    assert path_in_fleet("credentials", "", Started([source])) == str(fleet / "credentials")


def test_its_own_configuration_counts_more_and_a_second_inventory_changes_nothing(fleet: Path) -> None:
    started = Started(["elsewhere/other.yml", "fleet.yml", "birch,"], str(fleet / "ansible.cfg"))
    assert fleet_folder("", started) == str(fleet)
    assert fleet_folder("", Started(["fleet.yml", "more.yml"])) == str(fleet)
    assert fleet_folder("", Started(["elsewhere/other.yml"], str(fleet / "home" / ".ansible.cfg"))) == str(fleet / "elsewhere")


@pytest.mark.parametrize("sources", [["birch,"], ["fleet.yml", "elsewhere/other.yml"], [], ["not-there.yml"]], ids=str)
def test_where_it_is_not_known_it_is_asked_for(fleet: Path, sources: list[str]) -> None:
    with pytest.raises(InputError, match="name a folder"):
        fleet_folder("", Started(sources))
    assert fleet_folder(str(fleet / "kept"), Started(sources)) == str(fleet / "kept")
    assert path_in_fleet("/srv/credentials", "", Started(sources)) == "/srv/credentials"


def test_what_a_job_would_lose_is_refused_unless_said(fleet: Path) -> None:
    job = Started(["fleet.yml"], str(fleet / "ansible.cfg"), is_job({"AWX_ISOLATED_DATA_DIR": "/runner"}))
    with pytest.raises(InputError, match="lost when it ends"):
        path_in_fleet("credentials", "", job)
    assert path_in_fleet("credentials", "/mnt/kept", job) == "/mnt/kept/credentials" and not is_job({"HOME": "/root"})


@pytest.mark.parametrize("given", ["kept", "./kept", "../kept"])
def test_a_relative_folder_is_refused(fleet: Path, given: str) -> None:
    with pytest.raises(InputError, match="relative"):
        fleet_folder(given, Started(["fleet.yml"]))


def test_nothing_is_kept_inside_an_inventory(fleet: Path) -> None:
    for given in (fleet / "prod", fleet / "prod" / "kept"):
        with pytest.raises(InputError, match="inside the inventory"):
            fleet_folder(str(given), Started(["prod"]))
    with pytest.raises(InputError, match="inside the inventory"):
        path_in_fleet(str(fleet / "prod" / "credentials"), "", Started(["prod"]))
    with pytest.raises(InputError, match="inside the inventory"):
        fleet_folder("", Started(["prod", "fleet.yml"], str(fleet / "prod" / "ansible.cfg")))


@pytest.mark.parametrize("before", ["prod/credentials", "elsewhere/runsheets"])
def test_what_an_earlier_version_kept_is_to_be_moved_and_not_forgotten(fleet: Path, monkeypatch: pytest.MonkeyPatch, before: str) -> None:
    (fleet / before).mkdir()
    monkeypatch.chdir(fleet / "elsewhere")
    started = Started([str(fleet / "prod")])
    name = Path(before).name
    with pytest.raises(InputError, match=f"{before}, which belongs at {fleet / name}"):
        path_in_fleet(name, "", started)
    (fleet / before).rename(fleet / name)
    assert path_in_fleet(name, "", started) == str(fleet / name)


def test_what_lies_where_a_run_was_started_may_be_another_fleets(fleet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody has named the fleet's folder, nothing that lies there is asked about."""
    (fleet / "elsewhere" / "credentials").mkdir()
    monkeypatch.chdir(fleet / "elsewhere")
    started = Started([str(fleet / "prod")])
    assert path_in_fleet("credentials", str(fleet / "kept"), started) == str(fleet / "kept" / "credentials")
    with pytest.raises(InputError) as told:
        path_in_fleet("credentials", "", started)
    assert str(told.value).endswith(f"If it is another fleet's, name the folder of this one: autotask_folder: {fleet}")
    # What lies in an inventory is read as one, whatever else was named.
    (fleet / "prod" / "credentials").mkdir()
    with pytest.raises(InputError, match="prod/credentials"):
        path_in_fleet("credentials", str(fleet / "kept"), started)


def test_a_folder_that_is_not_there_yet_is_no_earlier_version(fleet: Path) -> None:
    new = fleet / "new" / "kept"
    for path in (".", "credentials"):
        assert path_in_fleet(path, str(new), Started([str(fleet / "fleet.yml")])).startswith(str(new))


def test_a_relative_path_leads_into_no_inventory(fleet: Path) -> None:
    with pytest.raises(InputError, match="inside the inventory"):
        path_in_fleet("prod/credentials", "", Started([str(fleet / "prod")]))
