# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The employee of these tests does in the database what the sandbox's operator does in the console's pages."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from sandbox.operator.worker import Operator

from .running import House, profile

OF_CHANCE = ("id", "key", "tracking_code", "level_id")
RICH = {
    "baseline": "none",
    "settings": {
        "Service Desk": {"Tickets": {"View": "All"}},
        "Web Services API": {"Can login to Web Services API": True, "Resource Impersonation": {"Tickets": {"Add": True}}},
    },
    "webhooks": {"maximum": 20, "bound": "exact"},
}


def made(house: House, key: str) -> dict[str, Any]:
    """What was made for a vendor, but for what is different each time."""
    level = house.level(f"{key.capitalize()} API")
    user = next(one for one in house.store.api_users(house.employee.tenant.id) if one.first_name == key.capitalize())
    assert level and user.level_id == level.id
    facts = {name: value for name, value in asdict(user).items() if name not in OF_CHANCE}
    return {
        "level": (level.active, dict(level.cells)),
        "user": {name: str(value).replace(key.capitalize(), "") for name, value in facts.items()},
        "steps": [done for _text, done in house.steps(key)],
    }


def test_the_same_comes_of_the_same_steps(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def by_command(_command: str, tenant: str, integration: str, noted: dict[str, str]) -> None:
        house.employee.record(tenant, integration, noted)

    monkeypatch.setattr("sandbox.operator.worker.hand_over", by_command)
    access = house.tenant.access
    operator = Operator(access["console_url"], access["console_user"], access["console_password"], record_command="in this process")
    house.ensure(profile("tinsel", level=RICH))
    assert operator.work() == len(house.steps("tinsel"))
    house.ensure(profile("wicker", level=RICH))
    assert house.work() == len(house.steps("wicker"))
    assert made(house, "tinsel") == made(house, "wicker")
    names = {"user_name", "secret", "integration_code", "tenant", "zone", "database", "version"}
    assert all((house.kept(name) or {}).keys() == names for name in ("tinsel", "wicker"))
