# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plants the invented world of `seed.yml` into a store. The same number or slug gives the same tenant on every start."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import yaml

from sandbox import credentials, editor, options
from sandbox.levels import show_sections
from sandbox.model import API_LICENSE, ApiUser, Cells, Choice, Level, Person, Record, Tenant, Vendor
from sandbox.rest.entities import ENTITIES, PATH_OF
from sandbox.store import EVERY_TENANT, Store

_WORLD: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("seed.yml").read_text(encoding="utf-8"))

_PLANTED = "2026-11-01T08:00:00.000Z"
_VENDORS_LISTED = 10


@dataclass(frozen=True)
class Seed:
    """One tenant to be: its number (from 1), itself, the names of its integration vendors, and whether it is bare: without a provisioner."""

    number: int
    tenant: Tenant
    vendors: tuple[str, ...]
    bare: bool = False


def world(count: int, seed_file: str | None = None, bare: Collection[str] = ()) -> list[Seed]:
    """The first `count` tenants of the invented world; a seed file's entries change those of their slug, or come after them. `bare` are slugs.

    ValueError if the file says something that no tenant has, or there is no such slug.
    """
    seeds = {seed.tenant.slug: seed for seed in map(_seed, range(1, count + 1))}
    for entry in _entries(seed_file):
        seed = seeds.get(entry["slug"]) or _named(len(seeds) + 1, entry["slug"])
        changes = {name: value for name, value in entry.items() if name not in ("slug", "vendors")}
        try:
            tenant = replace(seed.tenant, **changes)
        except TypeError as error:
            raise ValueError(f"{seed_file}: {entry['slug']}: {error}") from error
        seeds[entry["slug"]] = replace(seed, tenant=tenant, vendors=tuple(entry.get("vendors", seed.vendors)))
    _check(seeds.values(), f"{seed_file}: ")
    if missing := sorted(set(bare) - set(seeds)):
        raise ValueError(f"there is no tenant {', '.join(missing)}; there are {', '.join(seeds)}")
    return [replace(seed, bare=seed.tenant.slug in bare) for seed in seeds.values()]


def plant(store: Store, seeds: Iterable[Seed]) -> None:
    """Adds those tenants that the store doesn't have yet, each with everything that belongs to it."""
    with store.transaction():
        for picklist, labels in _WORLD["choices"].items():
            if picklist not in _OWN_CHOICES:
                store.set_choices(EVERY_TENANT, picklist, _choices(picklist, labels, 0))
        kept = {entry["name"]: store.keep_cells(_cells(entry)) for entry in [*_WORLD["levels"], _PROVISIONER_LEVEL]}
    for seed in seeds:
        if store.tenant_by_slug(seed.tenant.slug) is None:
            with store.transaction():
                _plant(store, replace(seed, tenant=store.add_tenant(seed.tenant)), kept)


def access(seed: Seed, address: str) -> dict[str, Any]:
    """What somebody needs to use a seeded tenant: addresses, and the credentials of its provisioner, if it has one, its first person and its vendors."""
    slug, domain = seed.tenant.slug, seed.tenant.domain
    provisioner = {
        "user_name": credentials.derived_key(slug, domain),
        "secret": credentials.derived_secret(slug, "provisioner"),
        "integration_code": credentials.derived_tracking_code(slug, "provisioner"),
    }
    return {
        "tenant": slug,
        "name": seed.tenant.name,
        "organization_term": seed.tenant.organization_term,
        "discovery_url": f"{address}/atservicesrest",
        "rest_url": f"{address}/atservicesrest/v1.0/",
        **({} if seed.bare else provisioner),
        "console_url": f"{address}/" if seed.tenant.options.get("console", "native") == "native" else f"{address}/?tenant={slug}",
        "console_user": f"{_WORLD['people'][0]['user']}@{domain}",
        "console_password": credentials.derived_secret(slug, _WORLD["people"][0]["user"]),
        "console_totp_seed": credentials.derived_totp_seed(slug, _WORLD["people"][0]["user"]),
        "integration_vendors": {name: credentials.derived_tracking_code(slug, name) for name in seed.vendors},
    }


# Which tenants there are


def _entries(seed_file: str | None) -> list[dict[str, Any]]:
    if seed_file is None:
        return []
    content = yaml.safe_load(Path(seed_file).read_text(encoding="utf-8"))
    entries = content.get("tenants") if isinstance(content, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) and entry.get("slug") for entry in entries):
        raise ValueError(f"{seed_file}: must have a list `tenants`, each with a `slug`")
    return entries


def _check(seeds: Iterable[Seed], where: str) -> None:
    domains: dict[str, str] = {}
    for tenant in (seed.tenant for seed in seeds):
        try:
            options.check(tenant.options)
        except ValueError as error:
            raise ValueError(f"{where}{tenant.slug}: {error}") from error
        if domains.setdefault(tenant.domain.lower(), tenant.slug) != tenant.slug:
            raise ValueError(f"{where}{tenant.slug}: another tenant has the domain {tenant.domain}")


def _seed(number: int) -> Seed:
    named = _WORLD["tenants"]
    words = _WORLD["words"].split()
    if number <= len(named):
        entry = {name: value for name, value in named[number - 1].items() if name != "vendors"}
        seed = _named(number, entry["slug"])
        return replace(seed, tenant=replace(seed.tenant, **entry), vendors=_vendors(number, named[number - 1]["vendors"]))
    index = number - len(named) - 1
    return _named(number, words[index] if index < len(words) else f"tenant-{number:04}")


def _named(number: int, slug: str) -> Seed:
    """A tenant without a line of its own: its number decides over all but its slug."""
    tenant = Tenant(
        id=0,
        slug=slug,
        name=f"{slug.capitalize()} {_pick('second_words', number)}",
        domain=f"{slug}.example.{'com' if number % 2 else 'net'}",
        zone=_pick("zones", number),
        organization_term=_pick("organization_terms", number),
        device_term=_pick("device_terms", number),
        language="en",
    )
    guided = [name for place, name in enumerate(_WORLD["guided_vendors"]) if (number + place) % 3]
    return Seed(number, tenant, _vendors(number, guided))


def _pick(name: str, number: int) -> Any:
    return _WORLD[name][number % len(_WORLD[name])]


def _vendors(number: int, named: list[str]) -> tuple[str, ...]:
    invented = _WORLD["vendors"]
    turned = [invented[(number + place) % len(invented)] for place in range(_VENDORS_LISTED)]
    return tuple(sorted([*named, *turned]))


# What a tenant has


def _plant(store: Store, seed: Seed, kept: Mapping[str, Cells]) -> None:
    """Plants one tenant; `kept` are the cells of its levels by their names."""
    tenant = seed.tenant
    codes = {name: credentials.derived_tracking_code(tenant.slug, name) for name in seed.vendors}
    store.add_vendors(Vendor(0, tenant.id, name, code, name not in _WORLD["inactive_vendors"]) for name, code in codes.items())
    for picklist, labels in _OWN_CHOICES.items():
        store.set_choices(tenant.id, picklist, _choices(picklist, labels, _offset(seed)))
    levels = {entry["name"]: _plant_level(store, tenant, entry, kept[entry["name"]]) for entry in _WORLD["levels"]}
    for place, entry in enumerate(_WORLD["people"], start=1):
        _plant_person(store, seed, place, entry, levels[entry["level"]])
    for entity, rows in _WORLD["records"].items():
        first = 0 if entity == "Companies" else 1
        wanted = (place for place, row in enumerate(rows) if seed.number % 2 or not row.get("sometimes"))
        store.insert_all(tenant.id, entity, [_record(seed, entity, row, place) for place, row in enumerate(wanted, start=first)])
    if not seed.bare:
        _plant_provisioner(store, seed, levels[_WORLD["provisioner"]["copied_from"]], kept[_PROVISIONER_LEVEL["name"]])
    show_sections(store, tenant)


_PROVISIONER_LEVEL = {
    "name": _WORLD["provisioner"]["level"],
    "license": API_LICENSE,
    "cells": "none",
    "except": _WORLD["provisioner"]["cells"],
}


def _cells(entry: Mapping[str, Any]) -> Cells:
    default = editor.default_cells(entry["license"] == API_LICENSE, entry["cells"] == "full")
    return {**default, **entry.get("except", {})}


def _plant_level(store: Store, tenant: Tenant, entry: Mapping[str, Any], cells: Cells) -> Level:
    api_only = entry["license"] == API_LICENSE
    copyable = entry.get("copyable", True)
    return store.add_level(Level(0, tenant.id, entry["name"], True, True, api_only, copyable, entry["license"], cells, None, 1))


def _plant_person(store: Store, seed: Seed, place: int, entry: Mapping[str, Any], level: Level) -> None:
    tenant = seed.tenant
    first_name = entry["first_names"][seed.number % len(entry["first_names"])]
    resource_id = _own_id(seed, "Resources", place)
    resource = {
        "id": resource_id,
        "firstName": first_name,
        "lastName": entry["last_name"],
        "email": f"{entry['user']}@{tenant.domain}",
        "emailTypeCode": "PRIMARY",
        "hireDate": _PLANTED,
        "internalCost": 45.0,
        "isActive": True,
        "licenseType": level.license_type,
        "locationID": _own_id(seed, "InternalLocations", 1),
        "payrollType": 1,
        "resourceType": "Employee",
        "userName": entry["user"],
        "userType": level.id,
    }
    store.insert(tenant.id, "Resources", resource | dict(zip(_FORMATS, _formats(), strict=True)))
    person = Person(resource_id, tenant.id, f"{entry['user']}@{tenant.domain}", "", entry["grants_internal_cost"], False)
    store.add_person(person, credentials.derived_secret(tenant.slug, entry["user"]))


def _plant_provisioner(store: Store, seed: Seed, source: Level, cells: Cells) -> None:
    tenant, entry = seed.tenant, _WORLD["provisioner"]
    level = store.add_level(replace(source, name=entry["level"], system=False, cells=cells, source_id=source.id))
    date_format, time_format, number_format = _formats()
    user = ApiUser(
        id=0,
        tenant_id=tenant.id,
        first_name=entry["first_name"],
        last_name=entry["last_name"],
        email=f"provisioner@{tenant.domain}",
        active=True,
        locked=False,
        level_id=level.id,
        date_format=date_format,
        time_format=time_format,
        number_format=number_format,
        location_id=_own_id(seed, "InternalLocations", 1),
        key=credentials.derived_key(tenant.slug, tenant.domain).partition("@")[0],
        key_domain=tenant.domain,
        tracking="custom",
        tracking_code=credentials.derived_tracking_code(tenant.slug, "provisioner"),
        internal_name=entry["internal_name"],
    )
    store.create_api_user(user, credentials.derived_secret(tenant.slug, "provisioner"))


_FORMATS = ("dateFormat", "timeFormat", "numberFormat")


def _formats() -> Iterator[str]:
    return (_WORLD["choices"][f"Resources.{name}"][0] for name in _FORMATS)


def _choices(picklist: str, labels: dict[int | str, str] | list[str], offset: int) -> Iterator[Choice]:
    shift = offset if picklist in _WORLD["own_values"] else 0
    by_value: dict[int | str, str] = labels if isinstance(labels, dict) else {label: label for label in labels}
    for value, text in by_value.items():
        label, *marks = text.split("; ")
        parent = next((int(mark.removeprefix("of ")) for mark in marks if mark.startswith("of ")), None)
        yield Choice(
            value=value + shift if isinstance(value, int) else value,
            label=label,
            active="inactive" not in marks,
            system="system" in marks,
            default="default" in marks,
            parent="" if parent is None else str(parent + (offset if _parent_shifts(picklist) else 0)),
        )


def _parent_shifts(picklist: str) -> bool:
    entity, _dot, name = picklist.partition(".")
    return entity in ENTITIES and f"{entity}.{ENTITIES[entity].fields[name].parent}" in _WORLD["own_values"]


_OWN_CHOICES = {name: labels for name, labels in _WORLD["choices"].items() if name in _WORLD["own_values"] or _parent_shifts(name)}
"""The pick-lists whose values differ from tenant to tenant."""


def _offset(seed: Seed) -> int:
    return 1000 + 137 * seed.number


def _own_id(seed: Seed, entity: str, place: int) -> int:
    """The id of the record at this place of its list. The tenant itself is company 0 everywhere."""
    return 0 if entity == "Companies" and place == 0 else _offset(seed) + place


Property = Callable[[Seed], Any]
"""What a property of a record is in a tenant."""


def _record(seed: Seed, entity: str, row: int, place: int) -> Record:
    """A record of the tenant: row and place count from 0 and from the entity's first record."""
    fixed, own = _properties(entity, row)
    return {"id": _own_id(seed, entity, place)} | fixed | {name: value(seed) for name, value in own.items()}


@cache
def _properties(entity: str, row: int) -> tuple[Record, dict[str, Property]]:
    """A record's properties, those that are alike in all tenants and the others.

    References and own values move to where a tenant has them, names are filled in, dates and creator added.
    """
    fixed: Record = {}
    own: dict[str, Property] = {}
    written = _WORLD["records"][entity][row]
    for known in ENTITIES[entity].fields.values():
        value = written.get(known.name)
        if known.reference in PATH_OF and isinstance(value, int):
            own[known.name] = partial(_reference, PATH_OF[known.reference], value)
        elif f"{entity}.{known.name}" in _WORLD["own_values"] and value is not None:
            own[known.name] = partial(_own_value, value)
        elif isinstance(value, str) and "{" in value:
            own[known.name] = partial(_filled_in, value)
        elif value is not None:
            fixed[known.name] = value
        elif known.name in _STAMPS:
            fixed[known.name] = _PLANTED
        elif known.name in ("creatorResourceID", "createdByResourceID"):
            own[known.name] = partial(_reference, "Resources", 1)
    return fixed, own


def _reference(entity: str, place: int, seed: Seed) -> int:
    return _own_id(seed, entity, place)


def _own_value(value: int, seed: Seed) -> int:
    return value + _offset(seed)


def _filled_in(text: str, seed: Seed) -> str:
    return text.format(tenant=seed.tenant.name, domain=seed.tenant.domain)


_STAMPS = ("createDate", "createDateTime", "lastActivityDate", "lastActivity", "lastModifiedDate", "lastTrackedModificationDateTime")
