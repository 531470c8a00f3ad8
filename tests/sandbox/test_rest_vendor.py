# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""REST against what the vendor publishes of it: addresses and verbs, property names, fields, rights.

Needs the published files: set AUTOTASK_REFERENCE to the folder that has `vendor-api/`.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.rest.entities import ENTITIES, OTHERS, Entity
from tests.sandboxes import ROOT, Rest, Sandbox, Tenant, take

REFERENCE = os.environ.get("AUTOTASK_REFERENCE")
pytestmark = pytest.mark.skipif(REFERENCE is None, reason="AUTOTASK_REFERENCE is not set: nothing to hold the sandbox against")

VERBS = ("get", "post", "put", "patch", "delete")
NOWHERE = 987654321
"""An id that no record has."""

WEBHOOKS_ON = {"Other|Webhooks|Can create Webhooks|": True, "Other|Webhooks|Maximum number of Webhooks|": 10}


def published(name: str) -> Any:
    """One of the vendor's files."""
    return json.loads((Path(REFERENCE or "") / "vendor-api" / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def swagger() -> dict[str, Any]:
    return dict(published("swagger-v1-2022.json"))


@cache
def operations() -> dict[str, set[str]]:
    """The verbs of every address of the newest description, which has all of the older one's; ids are `{id}`, whatever they are called there."""
    found: dict[str, set[str]] = {}
    for line in (Path(REFERENCE or "") / "vendor-api" / "operations-2026-08.txt").read_text(encoding="utf-8").splitlines():
        verb, path = line.split()
        found.setdefault(re.sub(r"\{\w+\}", "{id}", path), set()).add(verb.lower())
    return found


@pytest.fixture(scope="module")
def everything(spare_tenants: list[Tenant]) -> Rest:
    """REST as a user that may do all that a level can grant."""
    tenant = take(spare_tenants)
    level = next(level for level in tenant.control("GET", "levels") if level["name"] == "API User (system)")
    tenant.set_cells(level["cells"] | WEBHOOKS_ON)
    return tenant.rest


@cache
def left_out() -> dict[str, list[str]]:
    """The children of each entity that the sandbox says it doesn't have."""
    files = (ROOT / "sandbox" / "rest" / "entities").glob("*.yml")
    tables = {path: table for file in files for path, table in yaml.safe_load(file.read_text(encoding="utf-8")).items()}
    return {path: table.get("left_out", []) for path, table in tables.items()}


def described(entity: str) -> dict[str, set[str]]:
    """The verbs of every address of an entity that the sandbox doesn't leave out. Addresses are made concrete with ids of no record."""
    found = {}
    for path, verbs in operations().items():
        match = re.fullmatch(r"/V1\.0/(\w+)(/.*)?", path)
        if match is None or match[1] != entity:
            continue
        segments = (match[2] or "").split("/")
        if len(segments) > 2 and segments[1] == "{id}" and segments[2] in left_out()[entity]:
            continue
        found[path.removeprefix("/V1.0/").replace("{id}", str(NOWHERE))] = verbs
    return found


@pytest.mark.parametrize("entity", sorted(ENTITIES))
def test_every_published_address_answers_its_verbs_and_no_others(entity: str, everything: Rest) -> None:
    wrong = []
    addresses = described(entity)
    for path, verbs in addresses.items():
        there = {200, 500, 404} if path.endswith("userDefinedFields") else {200, 500}  # 404: the entity has none
        for verb in VERBS:
            status = everything.call(verb.upper(), path, json={} if verb != "get" else None).status_code
            if (verb in verbs) != (status in there):
                wrong.append(f"{verb} {path}: {status}")
    assert addresses
    assert wrong == []


@pytest.mark.parametrize("entity", sorted(OTHERS))
def test_entities_known_by_their_rights_exist(entity: str, sandbox: Sandbox) -> None:
    assert f"/V1.0/{entity}/entityInformation" in operations()
    assert "info" in sandbox.tenants["alder"].rest.ask("GET", f"{entity}/entityInformation")


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_answers_that_is_not_published(verb: str, everything: Rest) -> None:
    """Every address that could be made of what the sandbox has: entities, records, what is below them, and words for queries and descriptions."""
    words = ("query", "query/count", "query/next", "query/previous", "entityInformation", "entityInformation/fields")
    roots = [*ENTITIES, *(f"{entity.below.parent}/{{id}}/{entity.below.segment}" for entity in ENTITIES.values() if entity.below)]
    ours = {f"{root}{rest}" for root in roots for rest in ("", "/{id}", *(f"/{word}" for word in words))} | SERVICES
    ours |= {path for entity in OTHERS for path in (entity, f"{entity}/{{id}}", f"{entity}/query")}
    undocumented = {path for path in ours if verb not in operations().get(f"/V1.0/{path}", ())} - PAGES
    answered = [
        path
        for path in sorted(undocumented)
        if everything.call(verb.upper(), path.replace("{id}", str(NOWHERE)), json={} if verb != "get" else None).status_code
        not in (404, 405)
    ]
    assert answered == []
    assert undocumented


SERVICES = {"Version", "Modules", "ThresholdInformation", "EntityInformation"}
PAGES = {f"{path}/query/{way}" for path in ENTITIES for way in ("next", "previous")}
"""Where further pages are. Answers lead there; the description doesn't have them."""


def test_entities_that_came_later_are_left_out() -> None:
    """All others are known, at least by their rights."""
    described = {path.split("/")[2] for path in operations() if path.endswith("/entityInformation") and path.count("/") == 3}
    assert described - set(ENTITIES) - set(OTHERS) == {
        "OpportunityCategories",
        "ResourceDailyAvailabilities",
        "ResourceTimeOffAdditional",
        "ResourceTimeOffApprovers",
        "ResourceTimeOffBalances",
        "TimeOffRequestsApprove",
        "TimeOffRequestsReject",
    }


def model_of(swagger: dict[str, Any], entity: Entity) -> dict[str, Any]:
    """The published model of an entity: the one that getting a record of it answers with."""
    below = entity.below
    path = f"/V1.0/{entity.path}/{{id}}" if below is None else f"/V1.0/{below.parent}/{{parentId}}/{below.segment}/{{id}}"
    reference = swagger["paths"][path]["get"]["responses"]["200"]["schema"]["$ref"]
    match = re.search(r"\[(\w+),(\w+)\]", reference)
    assert match is not None
    assert match[2] == entity.name, "entityInformation's name is the one behind the model"
    return dict(swagger["definitions"][match[1]]["properties"])


@pytest.mark.parametrize("entity", sorted(ENTITIES))
def test_properties_are_those_of_the_published_model(entity: str, everything: Rest, swagger: dict[str, Any]) -> None:
    model = set(model_of(swagger, ENTITIES[entity]))
    fields = {field["name"] for field in everything.ask("GET", f"{entity}/entityInformation/fields")["fields"]}
    assert fields == model - {"soapParentPropertyId", "userDefinedFields"}
    for record in everything.find(entity)[:1]:
        assert set(record) == model


NEW_PROPERTIES = {"Version": {"customerType"}}
"""What the description of 2026 has in addition."""


@pytest.mark.parametrize("path", ["Version", "Modules", "ThresholdInformation", "EntityInformation", "Tickets/entityInformation"])
def test_other_answers_have_the_published_properties(path: str, rest: Rest, swagger: dict[str, Any]) -> None:
    def check(value: Any, schema: dict[str, Any]) -> None:
        if "$ref" in schema:
            schema = swagger["definitions"][schema["$ref"].removeprefix("#/definitions/")]
        if schema.get("type") == "array":
            for item in value:
                check(item, schema["items"])
        elif schema.get("properties"):
            assert set(value) == set(schema["properties"]) | NEW_PROPERTIES.get(path, set())
            for name, part in schema["properties"].items():
                check(value[name], part)

    check(rest.ask("GET", path), swagger["paths"][f"/V1.0/{path}"]["get"]["responses"]["200"]["schema"])


def test_fields_are_described_with_the_published_properties(rest: Rest, swagger: dict[str, Any]) -> None:
    for field in rest.ask("GET", "Tickets/entityInformation/fields")["fields"]:
        assert set(field) == set(swagger["definitions"]["FieldInformationModel"]["properties"])
        for choice in field["picklistValues"] or []:
            assert set(choice) == set(swagger["definitions"]["PickListValue"]["properties"])
    for field in rest.ask("GET", "Tickets/entityInformation/userDefinedFields")["fields"]:
        assert set(field) == set(swagger["definitions"]["Field"]["properties"])


# Fields: the vendor's data has the older SOAP names

WORDS = {
    "businessdivisionsubdivision": "organizationallevelassociation",
    "accountphysicallocation": "companylocation",
    "installedproduct": "configurationitem",
    "allocationcode": "billingcode",
    "account": "company",
    "cost": "charge",
}
NAMES = {
    "aemalertid": "rmmalertid",
    "billtoaddress1": "billingaddress1",
    "billtoaddress2": "billingaddress2",
    "bulkemailoptout": "isoptedoutfrombulkemail",
    "compliance": "iscompliant",
    "datestamp": "",
    "installedproductcategoryid": "configurationitemcategoryid",
    "keyaccounticon": "classification",
    "leadreferral": "leadsource",
    "notification": "receivesemailnotifications",
    "projectedlivedate": "startdate",
    "type": "configurationitemtype",
}
GONE = {"configurationitemwebhookid", "country", "datestamp", "password"}
"""Fields of 2021 that REST doesn't have."""


def rest_name(soap_name: str, known: dict[str, Any]) -> str | None:
    """The REST name of a SOAP field, in lower case."""
    name = soap_name.lower()
    renamed = name
    for old, new in WORDS.items():
        renamed = renamed.replace(old, new)
    guesses = [NAMES.get(name), name, f"is{name}", renamed, f"is{renamed}", name.replace("account", "company")]
    return next((guess for guess in guesses if guess in known), None)


KINDS = {"short": "integer"}
NEWER: dict[tuple[str, str], dict[str, Any]] = {
    ("Companies", "address1"): {"length": 150},
    ("Companies", "address2"): {"length": 150},
    ("Contracts", "contractPeriodType"): {"dataType": "integer", "length": 0},
    ("Products", "periodType"): {"dataType": "integer", "length": 0},
    ("Resources", "suffix"): {"dataType": "integer", "length": 0},
    ("TicketChecklistItems", "itemName"): {"length": 600},
    ("Tickets", "monitorID"): {"dataType": "long"},
}
"""Where the REST description, or its newer help pages, say something else than the capture of 2021."""
NOT_2021 = {"Ticket", "TicketNote", "InstalledProduct"}
"""Entities that have webhooks now and had none in 2021."""


@pytest.mark.parametrize("entity", sorted(ENTITIES))
def test_fields_are_as_published(entity: str, everything: Rest) -> None:
    name = ENTITIES[entity].name
    fields = published("webhook-fields-2021.json").get(name) or published("fields-2021.json").get(name)
    if fields is None:
        pytest.skip(f"nothing is published of the fields of {name}")
    ours = {field["name"].lower(): field for field in everything.ask("GET", f"{entity}/entityInformation/fields")["fields"]}
    for theirs in fields["fields"]:
        found = rest_name(theirs["Name"], ours)
        if theirs["Name"].lower() in GONE or found is None:
            assert theirs["Name"].lower() in GONE, f"{theirs['Name']} is missing"
            continue
        field = ours[found]
        flags = {
            "dataType": KINDS.get(theirs["Type"], theirs["Type"]),
            "length": theirs["Length"],
            "isRequired": theirs["IsRequired"],
            "isReadOnly": theirs["IsReadOnly"],
            "isQueryable": theirs["IsQueryable"],
            "isReference": theirs["IsReference"],
            "referenceEntityType": theirs["ReferenceEntityType"],
            "isPickList": theirs["IsPickList"],
        }
        if name not in NOT_2021:
            flags["isSupportedWebhookField"] = theirs["IsSupportedWebhookField"]
        flags |= NEWER.get((entity, field["name"]), {})
        assert {flag: field[flag] for flag in flags} == flags, theirs["Name"]


FORMATS = {
    ("boolean", None): {"boolean"},
    ("integer", "int32"): {"integer"},
    ("integer", "int64"): {"long"},
    ("number", "double"): {"double", "decimal"},
    ("string", None): {"string"},
    ("string", "date-time"): {"datetime"},
}


@pytest.mark.parametrize("entity", sorted(ENTITIES))
def test_types_are_those_of_the_published_model(entity: str, everything: Rest, swagger: dict[str, Any]) -> None:
    model = model_of(swagger, ENTITIES[entity])
    fields = {field["name"]: field["dataType"] for field in everything.ask("GET", f"{entity}/entityInformation/fields")["fields"]}
    wrong = {name: kind for name, kind in fields.items() if kind not in FORMATS[model[name]["type"], model[name].get("format")]}
    assert wrong == {}


CONTRADICTED = {("Department", "Delete"), ("Opportunity", "Delete")}
"""The capture grants what the API doesn't allow at all; the documents say that this is None."""


def test_a_full_level_without_inventory_sees_what_the_published_capture_saw(sandbox: Sandbox) -> None:
    """The capture is of a user who may do all but webhooks, in a tenant without the inventory module."""
    tenant = sandbox.tenants["no-inventory-at-all"]
    tenant.set_user({"level": "API User (system)"})
    ours = {entry["info"]["name"]: entry["info"] for entry in tenant.rest.ask("GET", "EntityInformation")["entityDescriptions"]}
    wrong = []
    for name, theirs in published("user-access-2021.json").items():
        if name not in ours:
            continue
        for verb in ("Create", "Query", "Update", "Delete"):
            granted, allowed = f"userAccessFor{verb}", f"can{verb}"
            expected = (theirs[f"UserAccessFor{verb}"], theirs[f"Can{verb}"])
            if (name, verb) not in CONTRADICTED and (ours[name][granted], ours[name][allowed]) != expected:
                wrong.append(f"{name} {verb}: {ours[name][granted]}, {ours[name][allowed]} instead of {expected}")
    assert len(ours) > 200
    assert wrong == []
