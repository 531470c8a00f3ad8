# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whatever people and runs have done before, in any order: check mode predicts the next run, and in the end all of it can be settled."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from .running import House, Result, entries, profile

KEYS = ("tinsel", "wicker")
EDIT = {"Service Desk": {"Tickets": {"Delete": "None", "Edit": "No"}}}


def variants(key: str) -> list[dict[str, Any]]:
    """What a vendor asks for, and what else it could."""
    return [profile(key), profile(key, level={"settings": EDIT}), profile(key, level={"webhooks": {"maximum": 5, "bound": "exact"}})]


@dataclass
class Walk:
    """One tenant on a random way. `log` has what was done, for whoever has to find out why it went wrong."""

    house: House
    chance: random.Random
    wanted: dict[str, dict[str, Any]] = field(default_factory=dict)
    rotation: int = 1
    log: list[object] = field(default_factory=list)

    def go(self, steps: int) -> None:
        """Do so many things."""
        self.wanted = {key: self.chance.choice(variants(key)) for key in KEYS}
        things = [
            self.ensure,
            self.ensure,
            self.ensure,
            self.work,
            self.work_one,
            self.drift,
            self.change_profile,
            self.rotate,
            self.retire,
        ]
        for _step in range(steps):
            self.chance.choice(things)()

    def ensure(self) -> None:
        self.house.want(*self.wanted.values())
        self._predicted("ensure", lambda check: self.house.ensure(check=check))

    def retire(self) -> None:
        key = self.chance.choice(KEYS)
        self.house.want({"profile": self.wanted[key], "state": "absent"})
        self._predicted(f"retire {key}", lambda check: self.house.ensure(check=check))

    def rotate(self) -> None:
        key = self.chance.choice(KEYS)
        self.rotation += self.chance.random() < 0.3
        self.house.want(self.wanted[key])
        self._predicted(f"rotate {key}", lambda check: self.house.rotate(f"rotation {self.rotation}", check))

    def work(self) -> None:
        self.house.want(*self.wanted.values())
        self.log.append(("work", self.house.work()))

    def work_one(self) -> None:
        key = self.chance.choice(KEYS)
        self.house.want(*self.wanted.values())
        self.log.append((f"work {key}", self.house.work(key)))

    def drift(self) -> None:
        number = self.house.employee.tenant.id
        users = [user for user in self.house.store.api_users(number) if user.first_name.lower() in KEYS]
        if users:
            user = self.chance.choice(users)
            self.house.store.update_api_user(number, user.id, email="somebody@example.com")
            self.log.append(f"drift of {user.name}")

    def change_profile(self) -> None:
        key = self.chance.choice(KEYS)
        self.wanted[key] = self.chance.choice(variants(key))
        self.log.append(f"another profile of {key}")

    def settle(self) -> None:
        """Run and work until nothing is left; a user that was retired needs a new secret for that, which nobody has generated here."""
        self.house.want(*self.wanted.values())
        for _round in range(5):
            result = self.house.ensure()
            self.log.append(("settle", entries(result)))
            if not self.house.work() and not result["changed"]:
                break
        assert set(entries(result).values()) <= {"done", "credentials"}, (self.log, self.house.employee.stuck, result)
        assert not self.house.ensure()["changed"], self.log

    def _predicted(self, name: str, run: Callable[[bool], Result]) -> None:
        """Run in check mode, and then in earnest: nothing is written by the first, and the second does what it said."""
        before, sent = (self.house.state(), self.house.files()), self.house.requests(writes=True)
        predicted = run(True)
        assert (self.house.state(), self.house.files()) == before and self.house.requests(writes=True) == sent, (name, self.log)
        done = run(False)
        self.log.append((name, entries(done), done.get("msg")))
        for one in (predicted, done):
            assert one.get("code") != "bug", (self.log, one)
        told = [{**entries(one), "changed": one["changed"], "code": one.get("code")} for one in (predicted, done)]
        assert {key: "pending" if state == "planned" else state for key, state in told[0].items()} == told[1], self.log
        if not done["changed"]:
            assert (self.house.state(), self.house.files()) == before, self.log


@pytest.mark.parametrize("seed", range(12))
def test_check_mode_predicts_the_next_run_and_all_of_it_can_be_settled(seed: int, house: House) -> None:
    walk = Walk(house, random.Random(seed))
    walk.go(9)
    walk.settle()
