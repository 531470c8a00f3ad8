# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What an earlier task of the run has read, as it comes in the option `tenant_info`, value by value. Private to the collection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._appliers.ticket import from_facts
from .._entities import LevelFacts, UserFacts, is_system
from .._errors import InputError
from .._rest.rows import Row, Unexpected

Facts = dict[str, Any]


def read_earlier(info: Mapping[str, Any]) -> Facts:
    """What `autotask_tenant_info` and `autotask_access_info` have returned, as far as it is there: `zone`, `levels`, `api_users`, `modules`, `usage` and
    `company`, `changes` of integrations, and the `access` of users. Raises InputError (`tenant_info`) for anything else under these names.
    """
    try:
        row = Row(info, "tenant_info")
        return {name: read(row) for name, read in PARTS.items() if info.get(name) is not None}
    except Unexpected as error:
        raise InputError(
            [error.place],
            f"{error.what}. Pass on what the module autotask_tenant_info returned in this run, as it is, or leave the option out",
            "tenant_info",
        ) from None


def _zone(row: Row) -> Facts:
    zone = row.row("zone")
    return {"name": zone.text("name", ""), "url": zone.text("url"), "web_url": zone.text("web_url", "")}


def _level(row: Row) -> LevelFacts:
    name = row.text("name")
    return {"id": row.whole("id"), "name": name, "active": row.flag("active"), "system": row.flag("system", is_system(name))}


def _user(row: Row) -> UserFacts:
    return {
        "id": row.whole("id"),
        "user_name": row.text("user_name"),
        "first_name": row.text("first_name"),
        "last_name": row.text("last_name"),
        "email": row.text("email", ""),
        "active": row.flag("active"),
        "security_level": row.text("security_level"),
        "location": row.text("location", ""),
    }


def _company(row: Row) -> Facts:
    company = row.row("company")
    facts = {"id": company.whole("id"), "name": company.text("name"), "city": company.text("city", "")}
    return {**facts, "country_id": company.whole("country_id", None)}


def _usage(row: Row) -> Facts:
    usage = row.row("usage")
    return {name: usage.whole(name) for name in ("used", "allowed", "minutes")}


def _changes(row: Row) -> Facts:
    changes = row.row("changes")
    return {str(name): from_facts(changes.rows(name)) for name in changes.values}


def _access(row: Row) -> Facts:
    users = row.row("access")
    return {str(user): _of_entities(users.row(user)) for user in users.values}


def _of_entities(entities: Row) -> Facts:
    return {str(name): _words(entities.row(name)) for name in entities.values}


def _words(operations: Row) -> dict[str, str]:
    return {str(name): operations.text(name) for name in operations.values}


PARTS: Mapping[str, Callable[[Row], Any]] = {
    "zone": _zone,
    "levels": lambda row: [_level(one) for one in row.rows("levels")],
    "api_users": lambda row: [_user(one) for one in row.rows("api_users")],
    "modules": lambda row: [{"key": one.whole("key"), "active": one.flag("active")} for one in row.rows("modules")],
    "usage": _usage,
    "company": _company,
    "changes": _changes,
    "access": _access,
}
