# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What somebody may do to an integration behind its back, and how it stands then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from .running import House, profile

EXPECTED = {"granted": ["Tickets:query", "Contracts:query"], "denied": ["Tickets:delete"]}
WICKER = profile("wicker", level={"webhooks": {"maximum": 5, "bound": "exact"}}, user={"expect": EXPECTED})
LEVEL = USER = "Wicker API"


def items(part: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """All items by their addresses."""
    return {item["address"]: item for one in (*(entry["items"] for entry in part["integrations"]), part["unlisted"]) for item in one}


def otherwise(part: Mapping[str, Any]) -> dict[str, str]:
    """The states of all items that aren't in sync."""
    return {address: item["state"] for address, item in items(part).items() if item["state"] != "in sync"}


def change_user(house: House, **changes: Any) -> None:
    user = next(one for one in house.store.api_users(house.employee.tenant.id) if one.name == USER)
    house.store.update_api_user(house.employee.tenant.id, user.id, **changes)


def change_level(house: House, **cells: Any) -> None:
    level = house.level(LEVEL)
    assert level
    renamed = {name.replace("_", " "): value for name, value in cells.items()}
    wanted = {cell: renamed[name] for cell in level.cells for name in renamed if cell.endswith(f"|{name}|")}
    house.store.save_level(replace(level, cells={**level.cells, **wanted}))


def switch_off(house: House, module: str) -> None:
    tenant = house.employee.tenant
    house.store.set_options(tenant.id, {**tenant.options, "modules_off": [module]})


def made_again(house: House) -> None:
    """Somebody has switched the user off, and made another one of its name."""
    users = house.store.api_users(house.employee.tenant.id)
    old = next(one for one in users if one.name == USER)
    house.store.update_api_user(house.employee.tenant.id, old.id, active=False)
    house.store.create_api_user(replace(old, id=0, key=f"other{old.key}", active=True), SECRET)


def renamed(house: House) -> None:
    """Somebody has given the level another name."""
    level = house.level(LEVEL)
    assert level
    house.store.save_level(replace(level, name="Renamed"))


def a_stranger(house: House) -> None:
    """Somebody has made an API user that no integration has."""
    other = house.store.api_users(house.employee.tenant.id)[0]
    house.store.create_api_user(replace(other, id=0, first_name="Some", last_name="Body", key="x7", active=True), SECRET)


SECRET = "t7#Kq2!mZpW0x$Rv8Yb4Lc6N"
# What is done, and the address of the value that shows it.
TAMPERED: dict[str, tuple[Callable[[House], None], str]] = {
    "a setting with an effect": (
        lambda house: change_level(house, Can_create_Webhooks=False),
        "wicker/webhook_limit/Wicker API/other.webhooks.can_create",
    ),
    "another level": (
        lambda house: change_user(house, level_id=next(one.id for one in house.levels() if one.name == "API User (system)")),
        "wicker/api_user/Wicker API/security_level",
    ),
    "inactivated": (lambda house: change_user(house, active=False), "wicker/api_user/Wicker API/active"),
    "another secret": (lambda house: change_user(house, secret=SECRET), "wicker/api_user/Wicker API/credentials"),
    "made again by hand": (made_again, "wicker/api_user/Wicker API/credentials"),
    "a level that was renamed": (renamed, "wicker/level/Wicker API/active"),
    "a module switched off": (
        lambda house: switch_off(house, "Contracts"),
        "wicker/access/Wicker API/Contracts:query",
    ),
}
