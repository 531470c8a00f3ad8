# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What REST shows of one tenant, in the collection's words. Private to the collection.

Everything here is evidence of the kind `read`. What REST doesn't show (settings of a level, webhook limits, tracking identifiers) isn't here.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from .._entities import OPERATIONS, WEBHOOK_ENTITIES, LevelFacts, Observed, UserFacts, is_system, same_key
from .._errors import Forbidden, NotFound, Rejected, RequestError, Unreachable
from .client import Client
from .rows import Row, Unexpected, unexpected
from .zone import Zone

API_USER = 7  # Resources.licenseType of an API user, in the captured metadata
EVERYTHING = {"op": "gte", "field": "id", "value": 0}
USER_FIELDS = ("id", "userName", "firstName", "lastName", "email", "isActive", "licenseType", "userType", "locationID")
Facts = dict[str, Any]


def zone(client: Client) -> Facts:
    """Where the tenant lives: `name`, `url` (REST), `web_url` (console)."""
    found = client.zone
    return {"name": found.name, "url": found.url, "web_url": found.web_url}


def look_up_zone(client: Client) -> Zone:
    """Where Autotask says that the client's user lives, also where a zone is pinned. Needs no secret.

    Raises Unauthorized (`unknown_user`) for a Username (Key) that Autotask knows no zone for.
    """
    return Client(client.credentials, replace(client.settings, zone_url="")).zone


def version(client: Client) -> str:
    """Autotask's version; needs a valid sign-in and no right at all."""
    answer = client.get("Version")
    return ".".join(answer.text(part) for part in ("majorVersion", "minorVersion", "build"))


def pick_lists(client: Client, entity: str, fixed: bool = False) -> dict[str, list[Facts]]:
    """The pick-lists of an entity by field: each value has `value`, `label`, `active`, `default`.

    `fixed` says that they don't change while a task runs; those of resources do, since security levels are one of them.
    """
    path = f"{entity}/entityInformation/fields"
    lists = {}
    answer = client.described(path) if fixed else client.get(path)
    for field in answer.rows("fields"):
        if field.flag("isPickList", False):
            values = field.rows("picklistValues") if field.values.get("picklistValues") is not None else []
            lists[field.text("name")] = [
                {
                    "value": value.text("value"),
                    "label": value.text("label"),
                    "active": value.flag("isActive", True),
                    "default": value.flag("isDefaultValue", False),
                }
                for value in values
            ]
    if not lists:
        # Every entity that is asked for has some.
        raise unexpected(answer.place, "it has no pick-list")
    return lists


def levels_and_users(client: Client, again: bool = False) -> Observed:
    """Security levels and API users, which belong together: the levels are the pick-list of the users' `userType`.

    `again` asks another way than the first time, where somebody would act on what isn't there. Raises Unexpected for users without the one who asks.
    """
    lists = pick_lists(client, "Resources")
    if not lists.get("userType"):
        raise unexpected("GET Resources/entityInformation/fields", "userType has no values, and every tenant has security levels")
    levels: list[LevelFacts] = [
        {"id": _number(value), "name": value["label"], "active": value["active"], "system": is_system(value["label"])}
        for value in lists["userType"]
    ]
    level_names = {level["id"]: level["name"] for level in levels}
    locations = {_number(value): value["label"] for value in lists.get("locationID", [])}
    # Filtering on licenseType was seen not to work on a live tenant, so the answer is sorted out here, too.
    rows = client.query("Resources", {"op": "eq", "field": "licenseType", "value": API_USER}, USER_FIELDS, by_post=again)
    users: list[UserFacts] = [
        {
            "id": row.whole("id"),
            "user_name": row.text("userName"),
            "first_name": row.text("firstName", ""),
            "last_name": row.text("lastName", ""),
            "email": row.text("email", ""),
            "active": row.flag("isActive"),
            "security_level": level_names.get(row.whole("userType", 0), ""),
            "location": locations.get(row.whole("locationID", 0), ""),
        }
        for row in rows
        if row.whole("licenseType", 0) == API_USER
    ]
    if not any(same_key(user["user_name"], client.credentials.user_name) for user in users):
        # Whoever doesn't see itself sees others no better. By its id we know our tickets, too.
        raise unexpected("Resources/query", "it doesn't have the API user that this run works as")
    offered = [value["label"] for value in lists.get("locationID", []) if value["active"]]
    return {"levels": levels, "api_users": users, "locations": offered}


def _number(value: Mapping[str, Any]) -> int:
    """The number of a pick-list's value, which its description gives as text. Raises Unexpected."""
    text = str(value["value"])
    if not re.fullmatch("-?[0-9]{1,19}", text):
        raise unexpected("Resources/entityInformation/fields", f'a value of a pick-list is "{text[:40]}", and no number')
    return int(text)


def modules(client: Client) -> list[Facts]:
    """Which of the tenant's modules are switched on, by key; the vendor's table of the keys was not readable."""
    return [{"key": entry.whole("key"), "active": entry.flag("value")} for entry in client.get("Modules").rows("modules")]


def usage(client: Client) -> Facts:
    """How much of the request budget is used; the client has just looked at it, unless nothing was read before."""
    return dict(client.last_usage or client.usage())


def own_company(client: Client) -> Facts:
    """Company 0, the tenant itself, and whether its country is set: some vendors need that."""
    company = client.item("Companies", 0)
    if company is None:
        return {"id": 0, "name": "", "country_id": None, "city": ""}
    return {"id": 0, "name": company.text("companyName"), "country_id": company.whole("countryID", None), "city": company.text("city", "")}


def companies_named(client: Client, name: str) -> list[Facts]:
    """The active companies of this name: `id` and `name`."""
    where: list[Facts] = [{"op": "eq", "field": "companyName", "value": name}, {"op": "eq", "field": "isActive", "value": True}]
    return [{"id": row.whole("id"), "name": row.text("companyName")} for row in client.query("Companies", where, ("id", "companyName"))]


PARTS: Mapping[str, Callable[[Client], Any]] = {
    "zone": zone,
    "version": version,
    "people": levels_and_users,
    "modules": modules,
    "usage": usage,
    "company": own_company,
}


def read_tenant(client: Client, parts: Iterable[str]) -> Facts:
    """The named parts of the tenant (keys of `PARTS`), and `read_at` in seconds since 1970."""
    facts: Facts = {part: read(client) for part, read in PARTS.items() if part in set(parts)}
    facts.update(facts.pop("people", {}))
    return {**facts, "read_at": int(time.time())}


def inactivate_user(client: Client, user_id: int) -> bool:
    """Whether switching an API user off by REST had an effect; a 200 alone proves nothing, so it is read back. Raises Unexpected for one that isn't
    there then: API users are never deleted.
    """
    try:
        client.update("Resources", {"id": user_id, "isActive": False})
    except (Forbidden, NotFound):
        return False
    row = client.item("Resources", user_id)
    if row is None:
        raise unexpected(f"GET Resources/{user_id}", "it has no such API user, and one was to be inactivated")
    return not row.flag("isActive")


def may_update_users(client: Client) -> bool:
    """Whether the calling user may update API users, as far as REST tells: only a clear no is one."""
    return effective_access(client, ["Resources"]).get("Resources", {}).get("update") != "None"


def webhooks_of(client: Client, user_id: int) -> dict[str, int]:
    """How many webhooks a user owns, by entity; an entity that the caller may not query is left out."""
    counts = {}
    for entity in WEBHOOK_ENTITIES:
        try:
            counts[entity] = client.count(entity, {"op": "eq", "field": "ownerResourceID", "value": user_id})
        except Forbidden:
            continue
    return counts


def webhook_owners(client: Client) -> tuple[dict[int, dict[str, int]], list[str]]:
    """How many webhooks of each entity every owner has, by the owner's id; and the entities that the caller may not query."""
    counts: dict[int, dict[str, int]] = {}
    unreadable = []
    for entity in WEBHOOK_ENTITIES:
        try:
            rows = list(client.query(entity, EVERYTHING, ("id", "ownerResourceID")))
        except Forbidden:
            unreadable.append(entity)
            continue
        for row in rows:
            of_owner = counts.setdefault(row.whole("ownerResourceID"), {})
            of_owner[entity] = of_owner.get(entity, 0) + 1
    return counts, unreadable


def resources(client: Client, ids: Sequence[int]) -> list[Facts]:
    """Some resources, API users or not: `id`, `user_name`, `first_name`, `last_name`, `level_id`."""
    rows = client.query("Resources", {"op": "in", "field": "id", "value": list(ids)}, USER_FIELDS) if ids else ()
    return [
        {
            "id": row.whole("id"),
            "user_name": row.text("userName", ""),
            "first_name": row.text("firstName", ""),
            "last_name": row.text("lastName", ""),
            "level_id": row.whole("userType", 0),
        }
        for row in rows
    ]


def webhooks_owned(client: Client, user_id: int) -> list[Facts]:
    """The webhooks that a user owns: `entity`, `id`, `name`, `active`. Those of an entity that the caller may not query are left out."""
    owned = []
    for entity in WEBHOOK_ENTITIES:
        try:
            rows = list(client.query(entity, {"op": "eq", "field": "ownerResourceID", "value": user_id}, ("id", "name", "isActive")))
        except Forbidden:
            continue
        owned += [
            {"entity": entity, "id": row.whole("id"), "name": row.text("name", ""), "active": row.flag("isActive", True)} for row in rows
        ]
    return owned


def licences_of(client: Client, first_name: str, last_name: str) -> list[str]:
    """The licence types of the people of this name: somebody may have made an ordinary user where an API user was asked for."""
    where: list[Facts] = [{"op": "eq", "field": "firstName", "value": first_name}, {"op": "eq", "field": "lastName", "value": last_name}]
    types = {row.whole("licenseType", 0) for row in client.query("Resources", where, USER_FIELDS)} - {API_USER}
    if not types:
        return []
    labels = {_number(value): value["label"] for value in pick_lists(client, "Resources").get("licenseType", [])}
    return sorted(labels.get(number, str(number)) for number in types)


def products(client: Client) -> Facts:
    """How many products are `active`, `inactive`, and active `without_category`, and the `names` of the first of the last."""
    active, uncategorised = {"op": "eq", "field": "isActive", "value": True}, {"op": "notExist", "field": "productCategory"}
    both = {"op": "and", "items": [active, uncategorised]}
    without = client.count("Products", both)
    names = [row.text("name", "") for row in islice(client.query("Products", both, ("id", "name")), 3)] if without else []
    return {
        "active": client.count("Products", active),
        "inactive": client.count("Products", {**active, "value": False}),
        "without_category": without,
        "names": names,
    }


# The page documents numbers, every observed answer has words.
ACCESS_WORDS = {"0": "None", "1": "All", "2": "Restricted", "none": "None", "all": "All", "restricted": "Restricted"}


def effective_access(client: Client, entities: Iterable[str]) -> dict[str, dict[str, str]]:
    """What the calling user may do with each entity: `query`, `create`, `update`, `delete` to `All`, `Restricted` or `None`.

    One request tells of all entities; those it doesn't name are asked for one by one. One that can't be looked up is left out.
    """
    wanted = list(dict.fromkeys(entities))
    by_name = _descriptions(client)
    access = {}
    for entity in wanted:
        info = by_name.get(_legacy_name(entity))
        if info is None:
            try:
                info = client.described(f"{entity}/entityInformation").row("info")
            except (Unexpected, Unreachable):
                raise
            except RequestError:
                continue
        access[entity] = {operation: _access_word(info, verb) for operation, verb in OPERATIONS.items()}
    return access


def query_access(client: Client, entities: Iterable[str]) -> dict[str, str]:
    """What of entities the calling user may query: `All`, `Restricted`, `None`. Never more than one request: what it doesn't tell of is left out."""
    by_name = _descriptions(client)
    return {entity: _access_word(info, "Query") for entity in entities if (info := by_name.get(_legacy_name(entity)))}


def _descriptions(client: Client) -> dict[str, Row]:
    """What one request tells of all entities, by the names that it has for them; nothing where Autotask doesn't answer it."""
    try:
        descriptions = client.described("EntityInformation").rows("entityDescriptions")
    except (NotFound, Rejected, Unreachable):
        return {}
    return {info.text("name"): info for entry in descriptions if (info := entry.row_or_none("info")) and info.text("name", "")}


def _access_word(info: Row, verb: str) -> str:
    return ACCESS_WORDS.get(str(info.values.get(f"userAccessFor{verb}")).casefold(), "unknown")


def _legacy_name(entity: str) -> str:
    """The name under which entityInformation speaks of an entity: singular, and from the days of SOAP."""
    singular = entity[:-3] + "y" if entity.endswith("ies") else entity.removesuffix("s")
    singular = singular.replace("ConfigurationItem", "InstalledProduct").replace("Charge", "Cost")
    return re.sub("^Company(?=$|Alert|Note|Team|ToDo|Webhook)", "Account", singular)


def rows_seen(client: Client, entity: str) -> int | None:
    """How many records of an entity the calling user sees; None when it may not query it."""
    try:
        return client.count(entity, EVERYTHING)
    except Forbidden:
        return None
