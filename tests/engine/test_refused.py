# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What Autotask has refused is not sent again, by no run of any kind, before it is recorded anew: a few wrong secrets in a row lock an API user."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.model import ApiUser
from tests.disks import DISKS

from .running import House, entries, profile

YESTERDAY = time.time() - 24 * 3600
NEW = {"secret": "t7#Kq2!mZpW0x$Rv8Yb4Lc6N"}
PROVISIONER = "provisioner"


def recorded_yesterday(house: House, name: str) -> None:
    """What is recorded was so for a while: what was recorded minutes ago may be that of a user who doesn't work yet."""
    os.utime(house.path(name), (YESTERDAY, YESTERDAY))


def user_of(house: House, name: str) -> ApiUser:
    recorded = house.kept(name)
    assert recorded
    return next(user for user in house.store.api_users(house.employee.tenant.id) if user.user_name == recorded["user_name"])


def change(house: House, name: str, **changes: Any) -> None:
    """Somebody changes the API user whose credentials are recorded under the name."""
    house.store.update_api_user(house.employee.tenant.id, user_of(house, name).id, **changes)


@pytest.fixture
def tinsel(house: House) -> House:
    """An integration that has been set up for a day."""
    house.set_up(profile("tinsel"))
    recorded_yesterday(house, "tinsel")
    return house


RUNS: dict[str, Callable[[House], Any]] = {
    "provision": lambda house: house.ensure(),
    "check mode": lambda house: house.ensure(check=True),
    "rotate": lambda house: house.rotate(),
    "diagnose": lambda house: house.diagnose(),
    "retire": lambda house: house.ensure({"profile": profile("tinsel"), "state": "absent"}, check=True),
}


def test_a_stale_secret_is_sent_once(tinsel: House) -> None:
    change(tinsel, "tinsel", **NEW)
    first = tinsel.ensure()
    assert first["code"] == "unauthorized" and "401" in first["msg"] and tinsel.refusals() == 1
    for run in (*RUNS.values(), *RUNS.values()):
        run(tinsel)
        tinsel.want(profile("tinsel"))
    again = tinsel.ensure()
    assert tinsel.refusals() == 1 and not user_of(tinsel, "tinsel").locked
    assert again["code"] == "unauthorized" and "were not sent again" in again["msg"] and time.strftime("%Y-%m-%d") in again["msg"]
    assert "record_credentials -l birch -e autotask_integration=tinsel" in again["msg"]
    recorded = tinsel.kept("tinsel")
    assert recorded and not tinsel.record("tinsel", {"user_name": recorded["user_name"], **NEW}).get("failed")
    assert entries(tinsel.ensure()) == {"tinsel": "done"} and tinsel.refusals() == 1


@pytest.mark.parametrize("kind", ["check mode", "diagnose"])
def test_whichever_run_is_refused_first_remembers(tinsel: House, kind: str) -> None:
    change(tinsel, "tinsel", **NEW)
    RUNS[kind](tinsel)
    assert tinsel.refusals() == 1
    assert "were not sent again" in tinsel.ensure()["msg"] and tinsel.refusals() == 1
    (diagnosis,) = tinsel.diagnose()["diagnoses"]
    (cause,) = diagnosis["causes"]
    assert "were not sent again" in cause["proof"] and "record the same credentials again" in cause["fix"]


def test_the_same_ones_are_sent_again_once_somebody_records_them(tinsel: House) -> None:
    change(tinsel, "tinsel", locked=True)
    assert tinsel.ensure()["failed"]
    change(tinsel, "tinsel", locked=False)
    assert "were not sent again" in tinsel.ensure()["msg"]
    recorded = tinsel.kept("tinsel")
    assert recorded
    same = {name: recorded[name] for name in ("user_name", "secret")}
    assert tinsel.record("tinsel", same, check=True)["changed"] and "were not sent again" in tinsel.ensure()["msg"]
    assert tinsel.record("tinsel", same)["changed"]
    assert entries(tinsel.ensure()) == {"tinsel": "done"} and not tinsel.record("tinsel", same)["changed"]


def test_the_provisioners_own_are_sent_once_too(tinsel: House) -> None:
    access = tinsel.tenant.access
    own = {name: access[name] for name in ("user_name", "secret", "integration_code")}
    assert not tinsel.record(PROVISIONER, own).get("failed")
    recorded_yesterday(tinsel, PROVISIONER)
    tinsel.options = {"user_name": None, "secret": None, "integration_code": None}
    assert entries(tinsel.ensure()) == {"tinsel": "done"}
    change(tinsel, PROVISIONER, **NEW)
    before = tinsel.refusals()
    assert tinsel.ensure()["code"] == "unauthorized" and tinsel.refusals() == before + 1
    for run in RUNS.values():
        result = run(tinsel)
        assert result["code"] == "refused_before" and f'recorded as "{PROVISIONER}"' in result["msg"], result
        tinsel.want(profile("tinsel"))
    assert tinsel.refusals() == before + 1
    assert not tinsel.record(PROVISIONER, {**own, **NEW}).get("failed")
    assert entries(tinsel.ensure()) == {"tinsel": "done"} and tinsel.refusals() == before + 1


def given_wrong(house: House) -> None:
    """The inventory has a secret that somebody has copied wrongly."""
    house.options["secret"] = "copied-wrongly"
    house.want(profile("tinsel"))


def test_what_an_inventory_gives_is_sent_twice_and_never_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """So it was night after night, until the user was locked."""
    given_wrong(house)
    first = house.ensure()
    assert first["code"] == "unauthorized" and "lock the user" in first["msg"] and house.refusals() == 1
    for run in RUNS.values():
        assert run(house)["code"] == "refused_before" and house.refusals() == 1
        house.want(profile("tinsel"))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 301)
    assert "not again" in house.ensure()["msg"] and house.refusals() == 2
    monkeypatch.setattr(time, "time", lambda: now + 24 * 3600)
    for _night in range(3):
        again = house.ensure()
        assert again["code"] == "refused_before" and "were not sent again" in again["msg"] and house.refusals() == 2
    [memory] = house.folder.rglob("*.refused-sign-in.json")
    assert str(memory) in again["msg"] and "copied-wrongly" not in memory.read_text() and memory.stat().st_mode & 0o777 == 0o600
    house.options.pop("secret")
    assert entries(house.ensure()) == {"tinsel": "pending"} and house.refusals() == 2


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"at": 1.5, "salt": "\\ud800", "given": "\\u00e9", "times": 1}', "nonsense"])
def test_what_is_no_memory_of_what_was_given_keeps_nobody_out(content: str, house: House) -> None:
    given_wrong(house)
    house.ensure()
    [memory] = list(house.folder.rglob("*.refused-sign-in.json"))
    memory.write_text(content)
    house.options.pop("secret")
    assert entries(house.ensure()) == {"tinsel": "pending"}


@pytest.mark.parametrize("off", ["user", "level"])
def test_nobody_tries_to_sign_in_as_who_is_switched_off(tinsel: House, off: str) -> None:
    """What is recorded is right, and works again once people have done what they are asked for."""
    if off == "user":
        change(tinsel, "tinsel", active=False)
    else:
        level = tinsel.level("Tinsel API")
        assert level
        tinsel.tenant.control("PATCH", f"levels/{level.id}", {"active": False})
    (diagnosis,) = tinsel.diagnose()["diagnoses"]
    assert [cause["check"] for cause in diagnosis["causes"]] == ["user_active" if off == "user" else "security_level"]
    asked = tinsel.ensure()
    assert not asked.get("failed") and asked["pending"] and tinsel.refusals() == 0
    assert entries(tinsel.finish()) == {"tinsel": "done"}


def test_what_was_recorded_minutes_ago_is_sent_again(house: House) -> None:
    """A user that was just created can take five minutes to work."""
    house.set_up(profile("tinsel"))
    change(house, "tinsel", locked=True)
    assert house.ensure()["failed"]
    change(house, "tinsel", locked=False)
    assert entries(house.ensure()) == {"tinsel": "done"}


@pytest.mark.parametrize("disk", DISKS)
def test_that_it_cannot_be_remembered_is_told(disk: str, tinsel: House) -> None:
    change(tinsel, "tinsel", **NEW)
    with DISKS[disk](tinsel.folder / "credentials"):
        if disk == "full":
            recorded_yesterday(tinsel, "tinsel")  # what lies on that disk was just copied there
        told = tinsel.ensure()["msg"]
    assert "401" in told and "can't be kept that they were refused" in told and "tinsel.refused.json" in told


def test_what_is_remembered_is_no_secret_and_goes_with_the_credentials(tinsel: House) -> None:
    change(tinsel, "tinsel", **NEW)
    tinsel.ensure()
    memory = tinsel.path("tinsel").with_name("tinsel.refused.json")
    recorded = tinsel.kept("tinsel")
    assert recorded and not [name for name in ("user_name", "secret") if recorded[name] in memory.read_text()]
    tinsel.ensure({"profile": profile("tinsel"), "state": "absent"})
    tinsel.work()
    assert not tinsel.ensure().get("failed") and tinsel.kept("tinsel") is None and not memory.exists()
