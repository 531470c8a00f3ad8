# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The catalogue against the published facts that it was made from, setting by setting, and against its own rules."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.msp.autotask.plugins.module_utils._catalogue import lookup, model
from ansible_collections.msp.autotask.plugins.module_utils._catalogue.extend import extended
from ansible_collections.msp.autotask.plugins.module_utils._catalogue.model import Cell, Setting
from ansible_collections.msp.autotask.plugins.module_utils._catalogue.terms import spellings, worded
from ansible_collections.msp.autotask.plugins.module_utils._documents.security_level import parse_level
from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError
from ansible_collections.msp.autotask.plugins.module_utils._text import folded

REFERENCE = os.environ.get("AUTOTASK_REFERENCE")
CATALOGUE = model.standard()
SETTINGS = {setting.id: setting for setting in CATALOGUE.settings}
KINDS = {
    "checkbox": "box",
    "select": "list",
    "object_permission": "row",
    "integer": "number",
    "text": "text",
    "read_only_text": "fixed",
    "unknown": "unread",
}
# The licence type is a drop-down of which the source says that it is inherited and read-only.
DIFFERENT_KIND = {"general.license_type": "fixed"}

with_reference = pytest.mark.skipif(not REFERENCE, reason="AUTOTASK_REFERENCE is not set: the published facts are not on this machine")

# What vendors' guides have stated since the published facts were collected.
RAISED = {"contracts.modify_internal_costs": "vendor_guide", "contracts.modify_service_bundle": "vendor_guide"}
# Groups and sections that the vendor has added since: none of their labels was read.
ADDED = {"admin.cooper_copilot", "workforce.triage"}

# A row that two vendors' guides print and the catalogue's sources were not sure of.
BEYOND = {"wsapi.resource_impersonation.attachments"}


def _load(name: str) -> Any:
    return yaml.safe_load((Path(REFERENCE or "") / name).read_text())


def _a() -> Iterator[tuple[str, dict[str, Any]]]:
    for section in _load("catalogue_a.yml")["sections"]:
        for setting in section["settings"]:
            yield section["section"], setting


def _names(setting: Setting) -> set[str]:
    return {folded(name) for label in (setting.label, *setting.aliases) for name in spellings(label)}


def _values(cell: Cell) -> set[str]:
    return {folded(worded(value)) for value in cell.values}


@with_reference
def test_every_setting_of_the_first_catalogue() -> None:
    for section, told in _a():
        setting = SETTINGS[told["id"]]
        assert setting.kind == KINDS[told["kind"]], told["id"]
        assert lookup.find_section(CATALOGUE, section, []) == setting.section, told["id"]
        group = "" if told["group"] == "(ungrouped)" else told["group"]
        assert setting.group == "" if not group else folded(group) in {folded(name) for name in spellings(setting.group)}, told["id"]
        assert setting.confidence == RAISED.get(told["id"], told["confidence"]), told["id"]
        if told["label"] is None:
            assert setting.unread, told["id"]
            continue
        for label in [told["label"], *told.get("label_aliases", []), *told.get("known_misspelling", []), *told.get("match_also", [])]:
            assert folded(label) in _names(setting), (told["id"], label)
        if told["kind"] == "select":
            assert _values(setting.cells[0]) == {folded(value) for value in told["values"]}, told["id"]
        if told["kind"] == "object_permission":
            _check_row(setting, told)


def _check_row(setting: Setting, told: dict[str, Any]) -> None:
    cells = {cell.column.lower(): cell for cell in setting.cells}
    for column, content in told["columns"].items():
        where = (setting.id, column)
        if content.get("absent"):
            assert column not in cells, where
        elif "fixed" in content:
            assert cells[column].fixed == content["fixed"], where
        else:
            assert _values(cells[column]) == {folded(value) for value in content["values"]}, where
            assert cells[column].values[-1] in ("None", "No", "Mine"), where  # from most to least
    aliases = {**told.get("value_aliases", {}), **told.get("value_match_also", {})}
    for value, others in aliases.items():
        cell = next(cell for cell in setting.cells if folded(value) in _values(cell))
        for other in others:
            assert folded(worded(str(lookup.parse_value(cell, other, [])))) == folded(value), (setting.id, other)


@with_reference
def test_every_setting_of_the_second_catalogue() -> None:
    for told in _load("catalogue_b.yml")["settings"]:
        setting = SETTINGS[told["id"]]
        assert setting.kind == DIFFERENT_KIND.get(told["id"], KINDS[told["kind"]]), told["id"]
        assert setting.section == told["section"], told["id"]
        assert folded(setting.group) == folded(told["group"] or ""), told["id"]
        # One label was found in a vendor's guide after the catalogue had been written.
        assert bool(setting.unread) is (told["label"] is None and told["id"] != "other.hr.view_internal_cost"), told["id"]
        for label in [told["label"] or setting.label, *told["aliases"]]:
            assert folded(label) in _names(setting), (told["id"], label)
        assert setting.confidence == told["confidence"], told["id"]
        assert bool(setting.one_way) is bool(told.get("one_way")), told["id"]
        condition = str(told.get("enabled_when") or "")
        parent = re.match(r"([a-z_.]+) is checked", condition)
        assert setting.needs == (parent[1] if parent else None), told["id"]
        assert bool(setting.operator) is ("the person editing must hold" in condition), told["id"]
        if condition.startswith("API-only levels"):
            assert setting.only == "API-only", told["id"]
        if "NOT API-only" in condition:
            assert setting.only == "not API-only", told["id"]
        if told["kind"] == "integer":
            assert setting.cells[0].smallest == told["values"]["min"], told["id"]
        if told.get("api_user_default") == "unchecked":
            assert setting.default == "off", told["id"]


@with_reference
def test_every_row_of_the_impersonation_grids() -> None:
    for grid in _load("catalogue_b.yml")["matrices"]:
        present = {folded(name): setting for setting in CATALOGUE.settings if setting.group == grid["group"] for name in _names(setting)}
        for row in grid["rows"]:
            setting = present[folded(row["label"])]
            assert setting.kind == "grid" and setting.confidence == row["confidence"], row["label"]
            assert [cell.confidence for cell in setting.cells] == [row[column] for column in ("view", "add", "edit", "delete")], row[
                "label"
            ]
            assert all(folded(alias) in present for alias in row.get("aliases", [])), row["label"]
            for column, told in grid["columns"].items():
                for name in [told["label"], *told.get("aliases", [])]:
                    assert lookup.find_cell(setting, name, []).id.endswith(f".{column}"), (row["label"], name)
        assert len({setting.id for setting in present.values() if setting.kind == "grid"} - BEYOND) == len(grid["rows"])


@with_reference
def test_nothing_is_in_the_catalogue_that_no_source_has() -> None:
    told = {setting["id"] for _section, setting in _a()} | {setting["id"] for setting in _load("catalogue_b.yml")["settings"]}
    grids = {setting.id for setting in CATALOGUE.settings if setting.kind == "grid"}
    groups = {"crm.opportunity_checklist", "projects.task_checklist", "service_desk.ticket_checklist"}  # groups whose rows no source names
    assert set(SETTINGS) - told - grids - groups == {"other.misc.view_internal_cost", *ADDED}  # the first from a vendor's guide


@with_reference
def test_what_has_moved_or_can_not_be_placed_is_told() -> None:
    second = _load("catalogue_b.yml")
    for moved in second["relocated"]:
        with pytest.raises(InputError, match="moved from Other to the section"):
            lookup.find_setting(CATALOGUE, "Other", None, moved["label"], ["settings"])
    for unplaced in second["unplaced"]:
        with pytest.raises(InputError, match="can't be set"):
            lookup.find_setting(CATALOGUE, "Service Desk", None, unplaced["label"], ["settings"])
    for section in _load("catalogue_a.yml")["sections"]:
        for retired in section.get("retired", []):
            with pytest.raises(InputError, match="can't be set"):
                lookup.find_setting(CATALOGUE, section["section"], None, retired["label"], ["settings"])
        for group in section.get("groups_without_items", []):
            assert any(folded(group["group"]) == folded(setting.group) for setting in CATALOGUE.settings if setting.kind == "unread")


def test_nothing_can_be_claimed_of_settings_that_nobody_has_read() -> None:
    for name in ADDED:
        assert SETTINGS[name].confidence == "documented" and SETTINGS[name].unread and not SETTINGS[name].settable
        with pytest.raises(InputError, match="can't be set"):
            parse_level({"name": "A", "settings": {SETTINGS[name].section: {SETTINGS[name].label: True}}}, CATALOGUE)
    assert not [cell for cell, (setting, _cell) in CATALOGUE.by_cell.items() if setting.section == "Workforce Management"]


@pytest.mark.parametrize(
    ("section", "label", "meant"),
    [
        ("Other", "Can View Internal Cost and Sensitive Data", "other.misc.view_internal_cost"),
        ("Contracts", "Can modify Service/Bundle on contract changes", "contracts.modify_service_bundle"),
    ],
)
def test_labels_of_newer_editors(section: str, label: str, meant: str) -> None:
    assert lookup.find_setting(CATALOGUE, section, None, label, []).id == meant


AGREED: list[dict[str, Any]] = [
    {"Add": "Yes", "Edit": "All"},
    {"add": True, "edit": True},
    {"Add": False, "Edit": "None"},
    {"View": "All", "Add": "Yes", "Edit": "Yes", "Delete": "None"},
]
CONTRADICTED: list[dict[str, Any]] = [
    {"Add": "No", "Edit": "All"},
    {"Add": "Yes", "Edit": "None"},
    {"Edit": "All"},
    {"Add": "Yes", "Edit": "Purple"},
]


@pytest.mark.parametrize("row", AGREED)
def test_a_cell_that_mirrors_another_may_be_named_with_what_that_says(row: dict[str, Any]) -> None:
    without = {column: value for column, value in row.items() if column.casefold() != "edit"}
    written = [{"name": "A", "settings": {"Inventory": {"Products": one}}} for one in (row, without)]
    assert parse_level(written[0], CATALOGUE) == parse_level(written[1], CATALOGUE)


@pytest.mark.parametrize("row", CONTRADICTED)
def test_a_cell_that_mirrors_another_can_not_say_anything_else(row: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        parse_level({"name": "A", "settings": {"Inventory": {"Products": row}}}, CATALOGUE)
    assert caught.value.code == "fixed_cell"


def test_ids_are_unique_and_parents_stand_before_what_needs_them() -> None:
    assert len(SETTINGS) == len(CATALOGUE.settings)
    place = {setting.id: index for index, setting in enumerate(CATALOGUE.settings)}
    for setting in CATALOGUE.settings:
        assert setting.needs is None or place[setting.needs] < place[setting.id], setting.id


def test_every_settable_setting_is_found_by_each_of_its_spellings_within_its_group() -> None:
    for setting in CATALOGUE.settings:
        if not setting.settable or setting.section == model.HEADER:
            continue
        for label in (setting.label, *setting.aliases, setting.id):
            for name in spellings(label):
                if name == "Inventory Locations and Items":
                    continue  # one old label for two rows
                assert lookup.find_setting(CATALOGUE, setting.section, setting.group, name, []) is setting, name
                shouted = name.upper().replace("&", "and")
                assert lookup.find_setting(CATALOGUE, setting.section, setting.group, shouted, []) is setting, shouted


def test_a_setting_of_the_tenants_own() -> None:
    extra = [
        {
            "section": "CRM",
            "group": "Object Permissions",
            "label": "Leases",
            "kind": "row",
            "values": {"View": ["All", "None"], "Add": [True, False]},
        },
        {"section": "Reports", "label": "Margins"},
    ]
    catalogue = extended(extra)
    row = lookup.find_setting(catalogue, "CRM", None, "leases", [])
    assert [cell.values for cell in row.cells] == [("All", "None"), ("Yes", "No")]
    assert catalogue.least["extra.reports_margins"] is False
    with pytest.raises(InputError) as caught:
        extended([*extra, {"section": "Reports"}])
    assert str(caught.value) == "extra_settings > 3 > label: is needed"
