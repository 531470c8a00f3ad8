# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""docs/review.md tells of documents and of acceptances what there is, and nothing else; the schemas are made from it."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from ansible_collections.msp.autotask.plugins.module_utils._review.acceptances import read_acceptances
from ansible_collections.msp.autotask.plugins.module_utils._review.document import document_of, part_of
from ansible_collections.msp.autotask.plugins.module_utils._review.exit_codes import MEANINGS
from ansible_collections.msp.autotask.plugins.module_utils._review.item import ALWAYS, STATES, Item
from ansible_collections.msp.autotask.plugins.module_utils._review.renderings import RENDERINGS
from docs.generate.marks import rows_of
from tests.conftest import ROOT

from .review_documents import entry, item

PAGE = (ROOT / "docs" / "review.md").read_text()
SECTIONS = {part.partition("\n")[0]: rows_of(part) for part in PAGE.split("\n## ")}


def _schema(name: str) -> Any:
    return json.loads((ROOT / "docs" / f"{name}.schema.json").read_text())


def test_the_page_tells_the_same_states_codes_and_renderings() -> None:
    assert {int(code.strip("`")): words for code, words in SECTIONS["Exit codes"]} == MEANINGS
    assert [row[0].strip("`") for row in SECTIONS["The states"]] == list(STATES)
    assert all(meaning.startswith(STATES[state.strip("`")]) for state, meaning in SECTIONS["The states"])
    assert [row[0].strip("`") for row in SECTIONS["Renderings"]] == [f"plan{ending}" for ending in RENDERINGS]


def test_each_key_of_a_document_is_told_of() -> None:
    schema = _schema("plan")
    tenant = schema["properties"]["tenants"]["items"]
    document = document_of([part_of("Alder Ltd", "alder", integrations=[entry(item())], unlisted=[item()])])
    integration = tenant["properties"]["integrations"]["items"]
    for told, found in ((schema, document), (tenant, document["tenants"][0]), (integration, document["tenants"][0]["integrations"][0])):
        assert set(told["properties"]) == set(told["required"]) == set(found)
    assert set(schema["$defs"]["item"]["properties"]) == {field.name for field in fields(Item)}
    assert set(schema["$defs"]["item"]["required"]) == set(ALWAYS)


def test_a_document_that_is_wrong_is_seen() -> None:
    validator = Draft202012Validator(_schema("plan"))
    wrong = [
        part_of("", "alder", integrations=[entry({**item(), "state": "fine"})]),
        part_of("", "alder", integrations=[entry({**item(), "action": "guess"})]),
        part_of("", "alder", unlisted=[{"address": "x", "state": "unlisted"}]),
        part_of("", "alder", changes=[{"what": "the module"}]),
    ]
    right = document_of([part_of("", "alder", integrations=[entry(item())])])
    assert list(validator.iter_errors(right)) == []
    assert [bool(list(validator.iter_errors({**right, "tenants": [part]}))) for part in wrong] == [True] * len(wrong)
    assert [list(validator.iter_errors({**right, **other})) for other in ({"schema": 2}, {"kind": "x"}, {"summary": {}})].count([]) == 0


def test_the_pages_acceptances_are_read_and_are_as_their_schema_says(tmp_path: Path) -> None:
    [text] = re.findall(r"(?ms)^```yaml\n(# acceptances\.yml\n.*?)^```$", PAGE)
    (tmp_path / "acceptances.yml").write_text(text)
    [accepted] = read_acceptances(str(tmp_path / "acceptances.yml"), "alder").values()
    assert accepted.by == "Robin Sample" and accepted.value == "noc@alder.example.com"
    schema = _schema("acceptances")
    Draft202012Validator(schema).validate(yaml.safe_load(text))
    keys = schema["properties"]["acceptances"]["items"]["properties"]
    assert all(key["description"] for key in keys.values())
    assert list(keys) == [row[0].strip("`") for row in SECTIONS["Acceptances"]]
