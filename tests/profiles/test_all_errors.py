# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""All that is wrong with a profile is told at once, before anybody works: each thing with its line, and with what would be right."""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.msp.autotask.plugins.module_utils._catalogue import lookup
from ansible_collections.msp.autotask.plugins.module_utils._catalogue.model import standard
from ansible_collections.msp.autotask.plugins.module_utils._entities import ENTITIES
from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError
from ansible_collections.msp.autotask.plugins.module_utils._profile.library import catalogue_of, profile_text
from ansible_collections.msp.autotask.plugins.module_utils._profile.resolve import read_profile
from ansible_collections.msp.autotask.plugins.module_utils._profile.resolved import Choices
from ansible_collections.msp.autotask.plugins.module_utils._profile.schema import frame
from ansible_collections.msp.autotask.plugins.module_utils._profile.text import Text, read_text
from tests.conftest import ROOT
from tests.roles.running import Fleet

PROFILE = """---
profile: 2
integration: lantern
vendor: Lantern
security_levels:
  - key: main
    name: Lantern API
    settings:
      CRM:
        Customer & Cancelation: All
        Companies: {Add: Yes}
      Service Desk:
        Tickets: {View: All, Add: Yes}
    webhooks: {maximum: 5}
optional:
  - key: contracts
    security_level: main
    settings: {Contracts: {Contracts: {View: All}, Contract Visibility: Full}}
api_users:
  - key: main
    first_name: Lantern
    last_name: API
    security_level: main
    tracking_identifier: {internal_integration_name: Lantern}
    expect:
      granted: [Tickets:create, Companies:query, TicketWebhooks:create]
      denied: [Opportunities:query]
"""
LEVEL = "    settings:\n      CRM:\n"
Told = list[tuple[int | None, str, str]]


def _told(text: str, **choices: Any) -> Told:
    """Each error that the profile leads to: its line, its place, its words."""
    try:
        read_profile(read_text(text.encode(), "lantern.yml"), Choices(**choices), standard())
    except InputError as wrong:
        found = []
        for error in wrong.errors:
            line = re.match(r"lantern.yml, line (\d+)", error.place[0])
            found.append((int(line[1]) if line else None, " > ".join(error.place[1:] if line else error.place), error.message))
        return found
    return []


def _edited(*edits: tuple[str, str]) -> str:
    text = PROFILE
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def _only(text: str, **choices: Any) -> tuple[int | None, str, str]:
    [told] = _told(text, **choices)
    return told


def test_the_profile_that_the_others_are_made_from_is_right() -> None:
    assert _told(PROFILE) == []


def test_everything_is_told_at_once_in_the_order_of_the_lines() -> None:
    text = _edited(
        ("vendor: Lantern\n", "vendor: Lantern\nprodukt: Lamps\n"),
        ("Customer & Cancelation: All", "Customer & Cancelatoin: All\n        Customer & Cancelation: Everything"),
        ("{View: All, Add: Yes}", "{View: All, Create it: Yes}"),
        ("webhooks: {maximum: 5}", "webhooks: {maximum: five}"),
        ("security_level: main\n    settings", "security_level: mian\n    settings"),
        ("Lantern}\n    expect", "Lantern}\n    secret: hunter2\n    expect"),
        ("[Tickets:create, Companies:query,", "[Tickts:create, Companies:reed,"),
        ("vendor: Lantern\n", "vendor: Lantern\nvendor: Lantern\n"),
    )
    told = _told(text)
    lines = [line for line, _place, _words in told]
    assert lines == sorted(lines) and len(told) == 10, told
    assert "hunter2" not in str(told)
    with pytest.raises(InputError) as wrong:
        read_profile(read_text(text.encode(), "lantern.yml"), Choices(), standard())
    assert str(wrong.value).splitlines() == [str(error) for error in wrong.value.errors]
    assert wrong.value.code == "several"
    assert {error.code for error in wrong.value.errors} > {"duplicate_key", "form", "unknown_setting", "value", "secret", "expectation"}


def test_what_a_tenant_chooses_wrongly_is_told_at_once_too() -> None:
    overrides = {
        "security_levels": {"main": {"settings": {"CRM": {"Notez": {"Add": "Yes"}, "Notes": {"Add": "Perhaps"}}}}, "mian": {}},
        "api_users": {"main": {"first_name": 'L"'}},
    }
    places = [place for _line, place, _words in _told(PROFILE, overrides=overrides)]
    assert places == [
        "overrides > security_levels > main > settings > CRM > Notez",
        "overrides > security_levels > main > settings > CRM > Notes > Add",
        "overrides > security_levels > mian",
        "overrides > api_users > main > first_name",
    ]
    assert [place for _line, place, _words in _told(PROFILE, included=["a", "contracts"], excluded=["b"])] == ["included", "excluded"]


def test_settings_that_only_a_guide_knows_are_told_of_with_the_rest() -> None:
    extra = (
        "extra_settings:\n  - {section: Admin, label: Lanterns}\n  - {section: Admn, label: Lamps}\n  - {section: Admin, label: Tagging}\n"
    )
    text = _edited(("optional:\n", f"{extra}optional:\n"), ("Companies: {Add: Yes}", "Companies: {Add: Perhaps}"))
    assert [place for _line, place, _words in _told(text)] == [
        "security_levels > main > settings > CRM > Companies > Add",
        "extra_settings > 2",
        "extra_settings > 3",
    ]


ODD = (None, True, 5, "x", [], {}, [5], ["x"], [{}], {"a": 5}, {"key": "x"})


def _places(data: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in the data."""
    yield place
    for key, inner in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from _places(inner, (*place, key))


def _without(data: Any, place: tuple[Any, ...], *instead: Any) -> Any:
    """A copy of the data with something else at a place, or with nothing there."""
    found = copy.deepcopy(data)
    inside = found
    for key in place[:-1]:
        inside = inside[key]
    if instead:
        inside[place[-1]] = instead[0]
    else:
        del inside[place[-1]]
    return found


FORM = (ROOT / "docs" / "profile.md").read_text().partition("```yaml\n")[2].partition("```")[0]


@pytest.mark.parametrize("text", [FORM, PROFILE], ids=["the whole form", "a right profile"])
def test_whatever_stands_in_a_profile_leads_to_an_error_of_ours(text: str) -> None:
    """Each value is left out, and replaced by what nobody would write there."""
    whole = read_text(text.encode(), "").data
    for place in _places(whole):
        for data in [_without(whole, place), *(_without(whole, place, odd) for odd in ODD)] if place else ():
            try:
                read_profile(Text(data), Choices(), catalogue_of([Text(data)]))
            except InputError as error:
                assert all(one.place and one.message for one in error.errors)
            except Exception as error:
                raise AssertionError(place) from error


# ---- what people would otherwise find out afterwards


@pytest.mark.parametrize(
    ("edit", "choices", "place", "words"),
    [
        (("granted: [Tickets:create", "granted: [Contracts:query, Tickets:create"), {}, "granted > 1", "doesn't grant it: \"Contracts > "),
        (("denied: [Opp", "denied: [TicketWebhooks:update, Companies:create, Opp"), {}, "denied > 2", 'grants it: "CRM > '),
        (("webhooks: {maximum: 5}", "webhooks: {maximum: 0}"), {}, "granted > 3", "doesn't grant it: \"Other > "),
        (
            ("Customer & Cancelation: All", "Notes: {Add: Yes}"),
            {},
            "granted > 2",
            "doesn't grant it: \"CRM > Organization & Contact Access",
        ),
        (("denied: [Opp", "denied: [Contracts:query, Opp"), {"included": ["contracts"]}, "denied > 1", 'grants it: "Contracts > '),
        (("security_level: main\n    tracking", "system_level: API User (system)\n    tracking"), {}, "denied > 1", 'grants it: "CRM > '),
    ],
    ids=["granted", "denied", "webhooks", "any of three", "chosen part", "system level"],
)
def test_what_is_expected_must_be_what_the_level_grants(edit: tuple[str, str], choices: dict[str, Any], place: str, words: str) -> None:
    text = _edited(edit)
    if "system_level" in edit[1]:
        text = text.replace(text[text.index("security_levels:") : text.index("api_users:")], "").replace(
            "Companies:query, TicketWebhooks:create", "Companies:query"
        )
    _line, where, told = _only(text, **choices)
    assert where == f"api_users > main > expect > {place}" and words in told


def test_who_chose_what_contradicts_is_said() -> None:
    denied = _edited(("denied: [Opp", "denied: [Contracts:query, Opp"))
    assert _only(denied, included=["contracts"])[2].endswith(', by the optional part "contracts"')
    overrides = {"security_levels": {"main": {"webhooks": {"maximum": 0}}}}
    line, where, told = _only(PROFILE, overrides=overrides)
    assert (line, where) == (None, "overrides > security_levels > main > webhooks > maximum") and told.startswith(
        "TicketWebhooks:create is to be granted"
    )
    expected = {**overrides, "api_users": {"main": {"expect": {"granted": ["Tickets:create"]}}}}
    assert _told(PROFILE, overrides=expected) == []


def test_all_that_a_tenants_values_contradict_is_told_where_the_tenant_says_it() -> None:
    level = ("overrides", "security_levels", "main")
    settings = {"CRM": {"Customer & Cancelation": "None"}, "Service Desk": {"Tickets": {"Add": "No"}}}
    both = {"security_levels": {"main": {"settings": settings, "webhooks": {"maximum": 0}}}}
    told = {place: words for _line, place, words in _told(PROFILE, overrides=both)}
    assert list(told) == [
        " > ".join([*level, "settings", "Service Desk", "Tickets", "Add"]),
        " > ".join([*level, "settings", "CRM", "Customer & Cancelation"]),
        " > ".join([*level, "webhooks", "maximum"]),
    ]
    ground = {"security_levels": {"main": {"baseline": "copy"}}}
    assert _only(PROFILE, overrides=ground)[1:2] == ("overrides > security_levels > main > baseline",)
    given = {"api_users": {"main": {"system_level": "API User (system)"}}}
    assert _only(PROFILE, overrides=given)[1:2] == ("overrides > api_users > main > system_level",)
    section = {"security_levels": {"main": {"sections": {"CRM": "Full Permission"}}}}
    assert _only(PROFILE, overrides=section)[1:2] == ("overrides > security_levels > main > sections > CRM",)


def test_what_a_tenant_chooses_wrongly_and_what_the_profile_has_wrong_are_told_together() -> None:
    text = _edited(("{View: All, Add: Yes}", "{View: All, Create it: Yes}"))
    overrides = {"security_levels": {"main": {"webhooks": {"maximum": "five"}}, "mian": {}}}
    assert [place for _line, place, _words in _told(text, overrides=overrides, included=["contract"])] == [
        "security_levels > main > settings > Service Desk > Tickets > Create it",
        "overrides > security_levels > main > webhooks > maximum",
        "included",
        "overrides > security_levels > mian",
    ]


def test_what_a_part_grants_may_be_denied_as_long_as_nobody_chooses_it() -> None:
    assert _told(_edited(("denied: [Opp", "denied: [Contracts:query, Opp"))) == []


def test_what_a_copy_has_of_its_source_is_known_where_the_source_is() -> None:
    copied = _edited(("    settings:\n      CRM:\n", "    baseline: copy\n    settings:\n      CRM:\n"))
    _line, where, told = _only(copied)
    assert where.endswith("denied > 1") and '"All"' in told
    assert _told(copied.replace("    baseline: copy\n", "    baseline: copy\n    copy_of: Of the house\n")) == []


@pytest.mark.parametrize(
    ("edits", "place", "words"),
    [
        (
            [("[Tickets:create,", "[Tickts:create,")],
            "api_users > main > expect > granted > 1",
            'REST has no entity "Tickts". Nearest: "Tickets".',
        ),
        (
            [("  - key: main\n    name: L", "  - {key: spare, name: Spare}\n  - key: main\n    name: L")],
            "security_levels > spare",
            "no API user",
        ),
        (
            [("{Contracts: {Contracts: {View: All}, Contract Visibility: Full}}", "{Contracts: {Contracts: {}}}")],
            "optional > contracts",
            "holds nothing",
        ),
        (
            [("name: Lantern API\n", "name: Lantern API\n    copy_of: Lantern API\n")],
            "security_levels > main > copy_of",
            "a copy of itself",
        ),
        (
            [("name: Lantern API\n", "name: Lantern API\n    copy_of: API User(system)\n")],
            "security_levels > main > copy_of",
            'is no API-only level. Nearest: "API User (system)"',
        ),
        (
            [("name: Lantern API\n", "name: Lantern API\n    copy_of: Administrator (system)\n")],
            "security_levels > main > copy_of",
            "is no API-only level",
        ),
    ],
    ids=["entity", "level without a user", "empty part", "itself", "system level", "person's level"],
)
def test_what_could_not_work_is_told_before_anybody_works(edits: list[tuple[str, str]], place: str, words: str) -> None:
    _line, where, told = _only(_edited(*edits))
    assert where == place and words in told


def test_a_level_of_the_profile_is_copied_by_its_key() -> None:
    level = "  - {key: more, name: Lantern More, copy_of: lantern api}\napi_users:\n"
    user = "  - key: more\n    first_name: Lantern\n    last_name: More\n    security_level: more\n    tracking_identifier: {internal_integration_name: More}\n"
    text = PROFILE.replace("optional:\n", level.replace("api_users:\n", "optional:\n")) + user
    _line, where, told = _only(text)
    assert (where, told) == ("security_levels > more > copy_of", '"lantern api" is a level of this profile; write `copy_of_key: main`')


def test_names_that_differ_only_as_the_list_prints_them_are_one() -> None:
    level = "  - {key: more, name: Lantern API (API-only)}\noptional:\n"
    user = "  - {key: more, first_name: ' Lantern ', last_name: api, security_level: more, tracking_identifier: {internal_integration_name: M}}\n"
    assert [place for _line, place, _words in _told(PROFILE.replace("optional:\n", level) + user)] == [
        "security_levels > more > name",
        "api_users > more > first_name",
    ]


def test_a_user_whose_credentials_could_not_be_recorded_is_told_of() -> None:
    key = "a-user-with-quite-a-long-key"
    user = f"  - {{key: {key}, first_name: L, last_name: M, security_level: main, tracking_identifier: {{internal_integration_name: M}}}}\n"
    _line, where, told = _only(PROFILE + user)
    assert where == f"api_users > {key} > key" and f'"lantern-{key}" is not a key' in told
    _line, where, told = _only(PROFILE.replace("integration: lantern\n", "integration: lantern.previous\n"))
    assert where == "integration" and "can't be a key" in told


def test_the_entities_are_those_that_the_vendor_describes() -> None:
    if not (reference := os.environ.get("AUTOTASK_REFERENCE")):
        pytest.skip("AUTOTASK_REFERENCE is not set: the vendor's list of operations is not on this machine")
    operations = (Path(reference) / "vendor-api" / "operations-2026-08.txt").read_text()
    assert set(ENTITIES) == set(re.findall(r"^GET /V1.0/(\w+)/entityInformation$", operations, re.MULTILINE))


# ---- the right place, and the nearest label


@pytest.mark.parametrize(
    ("edit", "place", "words"),
    [
        (
            ("webhooks: {maximum: 5}", "expect: {granted: []}"),
            "security_levels > main > expect",
            "`expect` stands in optional, in api_users or in optional > api_users.",
        ),
        (("vendor: Lantern\n", "vendor: Lantern\nsettings: {}\n"), "settings", "`settings` stands in security_levels or in optional."),
        (("last_name: API\n", "last_name: API\n    handover: {}\n"), "api_users > main > handover", "`handover` stands at the top."),
        (("vendor: Lantern\n", "vendor: Lantern\nexcluded: []\n"), "excluded", "in the tenant's `autotask_integrations`"),
        (
            ("    webhooks: {maximum: 5}", "    Admin: {}"),
            "security_levels > main > Admin",
            '"Admin" is a section. Settings stand below `settings`.',
        ),
        (
            ("    webhooks: {maximum: 5}", "    Charges: {}"),
            "security_levels > main > Charges",
            '"Charges" stands in Service Desk > Object Permissions.',
        ),
        (
            ("      CRM:\n", "      Charges: {View: All}\n      CRM:\n"),
            "settings > Charges",
            '"Charges" stands in Service Desk > Object Permissions.',
        ),
        (("      CRM:\n", "      Feature Access: {}\n      CRM:\n"), "settings > Feature Access", '"Feature Access" is a group in "CRM",'),
        (("      CRM:\n", "      CRM:\n        Admin: {}\n"), "settings > CRM > Admin", '"Admin" is a section.'),
        (("      CRM:\n", "      CRM:\n        View: All\n"), "settings > CRM > View", '"View" is a column: it stands below a setting'),
        (("      CRM:\n", "      Reports: No Permission\n      CRM:\n"), "settings > Reports", "Whole sections stand below `sections`."),
        (
            ("    webhooks: {maximum: 5}", "    sections: {Reports: {CRM: true}}"),
            "sections > Reports",
            "Single settings stand below `settings`.",
        ),
        (
            ("    webhooks: {maximum: 5}", "    modules: {Reports: Full Permission}"),
            "modules > Reports",
            "Whole sections stand below `sections`.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " > " in value else "",
)
def test_what_stands_at_the_wrong_place_is_told_the_right_one(edit: tuple[str, str], place: str, words: str) -> None:
    text = _edited(edit).replace(", TicketWebhooks:create", "")
    _line, where, told = _only(text)
    assert where.endswith(place) and words in told


def test_a_near_label_of_the_same_section_comes_before_one_that_stands_elsewhere() -> None:
    words = _only(_edited(("      CRM:\n", "      Projects: {Can modify Work Type on ticket time entries: true}\n      CRM:\n")))[2]
    here, elsewhere = words.index('Nearest: "Can modify Work Type on task'), words.index("stands in Service Desk > Time Entry Permissions")
    assert here < elsewhere


def test_a_misspelt_label_of_another_section_is_found_there() -> None:
    words = _only(_edited(("      CRM:\n", "      Admin: {Chargess: {View: All}}\n      CRM:\n")))[2]
    assert 'Nearest, in other sections: "Charges" in Service Desk > Object Permissions.' in words


@pytest.mark.parametrize(
    ("section", "setting", "column", "decides"),
    [
        (
            "CRM",
            "Companies",
            "View",
            'What decides are "Customer & Cancelation", "Vendor & Partners" and "Prospects, Leads, & Dead" in CRM',
        ),
        ("CRM", "Contacts", "Edit", 'What decides is "Organizations" in CRM > Object Permissions.'),
        ("CRM", "Notes", "View", 'What decides are "Customer & Cancelation"'),
        ("CRM", "Sales Orders", "Add", "Autotask has no such right."),
        ("Inventory", "Products", "Edit", 'What decides is "Add" of the same setting.'),
        ("Service Desk", "Ticket Notes", "View", 'What decides is "Tickets" in Service Desk'),
    ],
)
def test_where_a_cell_cannot_be_set_it_is_told_what_decides(section: str, setting: str, column: str, decides: str) -> None:
    text = re.sub(
        r"(?m)^    settings:\n(      .*\n)+", f"    settings: {{{section}: {{{setting}: {{{column}: All}}}}}}\n", PROFILE, count=1
    )
    told = _told(text.replace("granted: [Tickets:create, Companies:query, ", "granted: ["))
    assert [decides in words for _line, _place, words in told] == [True], told


def test_every_text_that_stands_in_a_cell_is_known() -> None:
    fixed = {cell.fixed for setting in standard().settings for cell in setting.cells if cell.fixed}
    assert set(lookup.DECIDING) == fixed - {"not applicable"}


EXISTING = {
    "tracking_identifier: {internal_integration_name: Lantern}": "existing: true",
    "api_users:": "handover: {to: Lantern, fields: [%s]}\napi_users:",
}


@pytest.mark.parametrize(
    ("field", "place", "told"),
    [
        ("{name: Key, value: user_name}", "value", '"user_name" of it stays with its vendor'),
        ("{name: Secret, value: secret, user: main}", "value", '"secret" of it stays with its vendor'),
        ('{name: Both, format: "{user_name}:{secret}"}', "format", '"user_name" and "secret" of it stay with its vendor'),
        ("{name: Code, value: integration_code}", "value", '"integration_code" of it stays with its vendor'),
        ("{name: Member, value: user_id}", "", ""),
        ('{name: Where, format: "{tenant} at {zone_host}"}', "", ""),
    ],
)
def test_what_only_the_vendor_of_a_user_knows_can_not_be_handed_over(field: str, place: str, told: str) -> None:
    text = PROFILE
    for old, new in EXISTING.items():
        text = text.replace(old, new.replace("%s", field))
    found = _told(text)
    assert [where for _line, where, _words in found] == ([f"handover > fields > 1 > {place}"] if place else [])
    assert all(told in words for _line, _where, words in found)


# ---- every key, at every place that isn't its own


def _keys(schema: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each key of the form, with those that lead to it."""
    for key, part in schema.get("properties", {}).items():
        yield above, key
        yield from _keys(part, (*above, key))
    for inner in (schema.get("items"), *schema.get("anyOf", ())):
        if inner:
            yield from _keys(inner, above)


def _mappings(data: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Each mapping of a profile that has keys of the form, with those that lead to it."""
    if isinstance(data, dict):
        yield above, data
        for key, inner in data.items():
            if key not in ("settings", "sections", "modules", "values"):
                yield from _mappings(inner, (*above, key))
    for inner in data if isinstance(data, list) else ():
        yield from _mappings(inner, above)


KEYS: dict[str, list[tuple[str, ...]]] = {}
for _above, _key in _keys(frame()):
    KEYS.setdefault(_key, []).append(_above)
OLD_KEYS = {"evidence": "sources", "known_by": "source", "by_hand": "manual_steps", "mend": "fix"}


@pytest.mark.parametrize("key", [*KEYS, *OLD_KEYS])
def test_a_key_at_any_place_that_is_not_its_own_is_answered_with_its_own(key: str) -> None:
    whole = read_text(FORM.encode(), "").data
    wrong = [(above, mapping) for above, mapping in _mappings(whole) if key not in mapping and above not in KEYS.get(key, ())]
    # A single guide may stand at the top as `source`.
    wrong = [(above, mapping) for above, mapping in wrong if above or key != "source"]
    for _above, mapping in wrong:
        mapping[key] = "x"
    told = [(place, words) for place, words in _told_of(whole) if place[-1] == key and words.startswith("there is no such key here.")]
    assert len(told) == len(wrong) > 10
    places = sorted(dict.fromkeys(KEYS[OLD_KEYS.get(key, key)]), key=len)
    stands = ["at the top" if not place else f"in {' > '.join(place)}" for place in places]
    listed = " or ".join(filter(None, [", ".join(stands[:-1]), stands[-1]]))
    called = f"is called {OLD_KEYS[key]} in `profile: 2`, and " if key in OLD_KEYS else ""
    for place, words in told:
        of_tracking = "`internal_integration_name` is a name of your own."
        assert (of_tracking if place[-2:] == ("tracking_identifier", "name") else f"`{key}` {called}stands {listed}.") in words, place


def _told_of(data: dict[str, Any]) -> list[tuple[tuple[str, ...], str]]:
    try:
        read_profile(Text(data), Choices(), catalogue_of([Text(data)]))
    except InputError as wrong:
        return [(error.place, error.message) for error in wrong.errors]
    return []


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (("    webhooks: {maximum: 5}", "    users: [main]"), "Each API user names its level: `security_level` stands in api_users."),
        (("{internal_integration_name: Lantern}", "{name: Lantern}"), "`integration_vendor` is an entry of the list Integration Vendor"),
        (("{internal_integration_name: Lantern}", "{integration_vendor: [{begin_with: L}]}"), 'Nearest: "begins_with".'),
        (("{internal_integration_name: Lantern}", "{integration_vendor: {begins_with: L}}"), "an entry of a list: `- begins_with: ...`."),
        (("      CRM:\n", "      webhooks: {maximum: 5}\n      CRM:\n"), "`webhooks` stands in security_levels or in optional."),
    ],
)
def test_what_people_may_mean_by_it_is_told(edit: tuple[str, str], words: str) -> None:
    assert words in _only(_edited(edit).replace(", TicketWebhooks:create", ""))[2]


# ---- what YAML makes of what people write


@pytest.mark.parametrize(
    "written", ["1:20", "1_000", "010", "0x1f", "0b11", "1.10", "+5", ".inf", "20:30:40.5", "2026-11-01", "0b_", "007", "="]
)
def test_what_only_yaml_takes_for_a_number_is_text_as_it_is_written(written: str) -> None:
    text = f"vendor: Lantern\nproduct: {written}\n"
    assert read_text(PROFILE.replace("vendor: Lantern\n", text).encode(), "").data["product"] == written
    assert _told(PROFILE.replace("vendor: Lantern\n", text)) == []


@pytest.mark.parametrize("written", ["1:20", "1_000", "010", "0x1f", "5.0", "+5", "-1", "yes", "'010'"])
def test_where_a_number_is_meant_nothing_else_becomes_one(written: str) -> None:
    _line, place, _words = _only(PROFILE.replace("{maximum: 5}", f"{{maximum: {written}}}"))
    assert place.startswith("security_levels > main > webhooks")
    limited = PROFILE.replace("    webhooks: {maximum: 5}\n", "").replace(
        "      CRM:\n", f"      Other: {{Maximum number of Webhooks: {written}}}\n      CRM:\n"
    )
    assert "is not a whole number from 1 to" in _told(limited)[0][2]


@pytest.mark.parametrize("written", ["yes", "on", "No", "off", "True", "12", "~"])
def test_where_text_is_meant_nothing_else_is_taken_for_it(written: str) -> None:
    _line, place, words = _only(PROFILE.replace("last_name: API", f"last_name: {written}"))
    assert place == "api_users > main > last_name" and words.startswith("text is needed here")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("1:20", "text is needed here, not 80 (YAML reads 1:20 as that, too). Put it into quotes."),
        ("010", "text is needed here, not 8 (YAML reads 010 as that, too). Put it into quotes."),
        ("1.10", "text is needed here, not 1.1 (YAML reads 1.10 as that, too). Put it into quotes."),
        ("yes", "text is needed here, and YAML reads this as true. Put it into quotes."),
        ("2026-11-01", ""),
        ("2026-11-01 10:00:00", "text is needed here, not 2026-11-01 10:00:00. Put it into quotes."),
    ],
)
def test_data_and_overrides_have_gone_through_yaml_already(written: str, told: str) -> None:
    """Where text is needed nobody knows any more how a number was written; a date can have been written in one way only."""
    data = yaml.safe_load(PROFILE.replace("vendor: Lantern\n", f"vendor: Lantern\nproduct: {written}\n"))
    override = {"api_users": {"main": {"last_name": yaml.safe_load(written)}}}
    for text, choices, place in (
        (profile_text(data), {}, ("profile", "product")),
        (profile_text(yaml.safe_load(PROFILE)), {"overrides": override}, ("overrides", "api_users", "main", "last_name")),
    ):
        found = []
        try:
            read_profile(text, Choices(**choices), standard())
        except InputError as wrong:
            found = [(error.place, error.message) for error in wrong.errors]
        assert found == ([(place, told)] if told else [])


@pytest.mark.parametrize("value", [5.0, True, "5"])
def test_a_whole_number_is_one_in_data_too(value: Any) -> None:
    data = yaml.safe_load(PROFILE)
    data["security_levels"][0]["webhooks"] = {"maximum": value}
    [(place, words)] = _told_of(data)
    assert place[-2:] == ("webhooks", "maximum") and words.startswith("a whole number is needed here, not ")


@pytest.mark.parametrize("written", ["Yes", "on", "true"])
def test_a_truth_in_data_is_taken_for_the_word_that_a_column_has(written: str) -> None:
    """Yes and No are the only words of their columns; where there are others, a truth means none of them."""
    data = yaml.safe_load(PROFILE.replace("Companies: {Add: Yes}", f"Companies: {{Add: {written}}}"))
    assert data["security_levels"][0]["settings"]["CRM"]["Companies"] == {"Add": True} and _told_of(data) == []
    data["security_levels"][0]["settings"]["Service Desk"]["Tickets"]["View"] = True
    assert [words for _place, words in _told_of(data)] == ['"Yes" is not allowed here; choose "All", "Mine + Organizations" or "Mine"']


@pytest.mark.parametrize("written", ["yes", "on", "true", "ticked"])
def test_a_box_takes_every_word_for_a_tick(written: str) -> None:
    text = PROFILE.replace("      CRM:\n", f"      Admin: {{Tagging: {written}}}\n      CRM:\n")
    [level] = read_profile(read_text(text.encode(), ""), Choices(), standard()).levels
    assert [value for cell, value in level.level.cells.items() if cell.endswith(".tagging")] == [True]


@pytest.mark.parametrize("label", ["Not required to change password", "Not required to change password (password does not expire)"])
def test_a_label_that_ends_like_a_secret_is_none(label: str) -> None:
    assert _told(PROFILE.replace("      CRM:\n", f"      Other: {{{label}: true}}\n      CRM:\n")) == []


@pytest.mark.parametrize(
    "key", ["secret", "Password", "API Key", "client-secret", "my_api_token", "User Name", "username", "integration_code", "Credentials"]
)
@pytest.mark.parametrize("value", ["hunter2", "12345678", "[hunter2]", "{a: hunter2}"])
def test_a_key_that_holds_a_secret_is_refused(key: str, value: str) -> None:
    [told] = _told(PROFILE.replace("last_name: API\n", f"last_name: API\n    {key}: {value}\n"))
    assert told[1] == f"api_users > main > {key}" and "a profile holds no secrets" in told[2]


# ---- the playbook


@pytest.fixture
def alone(tmp_path: Path) -> Fleet:
    """Somebody who has no tenant and no inventory yet."""
    return Fleet([], tmp_path)


def test_check_profile_tells_all_that_is_wrong_and_then_what_would_be_granted(alone: Fleet) -> None:
    path = alone.folder / "lantern.yml"
    path.write_text(_edited(("[Tickets:create,", "[Tickts:create,"), ("Customer & Cancelation", "Customer & Cancelatoin")))
    wrong = alone.playbook("msp.autotask.check_profile", autotask_profile="lantern.yml")
    assert wrong.status != 0 and "2 things are wrong with lantern.yml; see above. Nothing was changed." in wrong.output
    assert "\nlantern.yml, line 10 > security_levels > main > settings > CRM > Customer & Cancelatoin: no such setting" in wrong.output
    assert (
        '\nlantern.yml, line 26 > api_users > main > expect > granted > 1: REST has no entity "Tickts". Nearest: "Tickets".\n'
        in wrong.output
    )
    path.write_text(PROFILE)
    right = alone.playbook("msp.autotask.check_profile", autotask_profile="lantern.yml")
    assert right.status == 0 and right.changed == [0], right.output
    assert "\nLantern: 1 security level, 1 API user.\n" in right.output and "\n  Contracts >" not in right.output
    chosen = alone.playbook("msp.autotask.check_profile", autotask_profile="lantern.yml", autotask_included=["contracts"])
    assert chosen.status == 0 and "\n  Contracts > Object Permissions > Contracts > View: All" in chosen.output
    assert path.read_text() == PROFILE


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({}, "Name the file with -e autotask_profile=my-vendor.yml"),
        ({"autotask_profile": "nowhere.yml"}, "autotask_profile: there is no file nowhere.yml in "),
    ],
    ids=["no file named", "no such file"],
)
def test_check_profile_says_what_is_missing(alone: Fleet, variables: dict[str, str], says: str) -> None:
    run = alone.playbook("msp.autotask.check_profile", **variables)
    assert run.status != 0 and says in run.output
