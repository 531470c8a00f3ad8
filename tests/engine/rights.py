# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the API users of the profiles may do, over all entities of the sandbox: set up there, and read off its levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from sandbox import editor, permissions
from sandbox.model import Level
from sandbox.rest.entities import ENTITIES, OTHERS
from tests.conftest import ROOT

from .running import House

PAGE = ROOT / "docs" / "access.md"
PROFILES = ("provisioner", "beecastle", "guardz", "onestream", "salesbuildr", "work365")
LOGIN = (
    "Web Services API|Feature Access|Can login to Web Services API (Access to version 1.6 & later is limited to API User security levels)|"
)
VERBS = ("query", "create", "update", "delete")
ENTITIES_LOOKED_AT = {entity for entity, *_rest in permissions._RULES}
ALL_ENTITIES = {*ENTITIES, *OTHERS}
INTRODUCTION = f"""# What the API users may do

Autotask grants by settings, and one setting often grants more than a vendor's guide asks it for. This page has all that the users of each profile may do, over
all {len(ENTITIES_LOOKED_AT)} entities of the REST API, as the sandbox reads Autotask's documents. It is written by
`tests/engine/test_rights.py`, which sets each profile up, and fails where a user may do more or less than what stands here.

An entity with * is granted in part: some of its records, or one's own.
"""

Access = Mapping[str, str]
"""Operations such as `Tickets:query`, and `all` or `some`."""


def profile_of(key: str) -> dict[str, Any]:
    """The profile of a role."""
    return dict(yaml.safe_load((ROOT / "roles" / key / "files" / "profile.yml").read_text()))


def access_of(level: Level) -> Access:
    """What a level grants."""
    found = permissions.rights(level).access
    return {f"{entity}:{verb}": "all" if access is permissions.Access.ALL else "some" for (entity, verb), access in found.items() if access}


def of_every_user(house: House) -> Access:
    """What every API user may do that can sign in at all."""
    return access_of(house.by_hand("Nothing", {**editor.default_cells(True, full=False), LOGIN: True}))


def set_up(house: House, key: str, **choices: Any) -> Access:
    """What the user of a profile may do, once people have set it up on a tenant that chooses so."""
    lines = (
        {"lines_of_business": ["Managed Services"]} if profile_of(key)["api_users"][0].get("lines_of_business") == "tenant_choice" else {}
    )
    asked = house.ensure({"profile": key, **lines, **choices})
    assert not asked.get("failed"), (key, choices, asked["msg"])
    house.work()
    done = house.ensure()
    assert not done.get("failed") and house.employee.stuck == [], (key, choices, done.get("msg"), house.employee.stuck)
    name = f"{profile_of(key)['api_users'][0]['first_name']} API"
    [user] = [one for one in house.store.api_users(house.employee.tenant.id) if one.name == name and one.active]
    return access_of(house.store.level(user.level_id))


def variants(data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The optional parts of a profile: what is said of each, and how a tenant chooses it, or leaves it out where it is on by default."""
    for part in data.get("optional", []):
        if part.get("default"):
            yield f"without `{part['key']}`", {"excluded": [part["key"]]}
        else:
            yield f"with `{part['key']}`", {"included": [part["key"]]}


def table(access: Access) -> str:
    """Entities by what may be done with them."""
    by_operations: dict[str, list[str]] = {}
    for entity in sorted({operation.partition(":")[0] for operation in access}):
        verbs = [verb for verb in VERBS if f"{entity}:{verb}" in access]
        star = "*" if any(access[f"{entity}:{verb}"] == "some" for verb in verbs) else ""
        by_operations.setdefault(", ".join(verbs), []).append(entity + star)
    lines = [f"| {verbs} | {', '.join(entities)} |" for verbs, entities in sorted(by_operations.items(), key=lambda item: _order(item[0]))]
    return "\n".join(["| may | entities |", "|---|---|", *lines])


def _order(verbs: str) -> Sequence[int]:
    return [len(verbs.split(", ")), *(VERBS.index(verb) for verb in verbs.split(", "))]


def difference(access: Access, other: Access) -> Access:
    """What one grants beyond the other."""
    return {operation: how for operation, how in access.items() if other.get(operation) != how}


def section(title: str, base: Access, parts: Mapping[str, tuple[Access, Access]], every: Access) -> str:
    """What a profile's users may do beyond what every API user may, and what each of its parts adds or takes away."""
    lines = [f"## {title}\n", table(difference(base, every)), ""]
    for name, (more, less) in parts.items():
        for words, access in (("more", more), ("less", less)):
            lines += [f"{name.capitalize()}, {words}:\n", table(access), ""] if access else []
        lines += [] if more or less else [f"{name.capitalize()}: the same.", ""]
    return "\n".join(lines)
