# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Check mode refuses what a real run refuses, with the same words, and neither writes anything: for every module that writes, over wrong options."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.modules import (
    autotask_api_user,
    autotask_api_user_secret,
    autotask_credentials,
    autotask_integrations,
    autotask_rotation,
    autotask_security_level,
    autotask_webhook_limit,
)

from .running import ALDER, EMAIL, House, Wrong, profile

Options = dict[str, Any]
LONG = "x" * 300
# What each module is given where nothing is wrong.
RIGHT: Mapping[ModuleType, Options] = {
    autotask_security_level: {"integration": "kodiak", "name": "Kodiak API", "settings": {"CRM": {"Notes": {"Add": True}}}},
    autotask_webhook_limit: {"integration": "kodiak", "level": "Kodiak API", "maximum": 5},
    autotask_api_user: {
        "integration": "kodiak",
        "first_name": "Kodiak",
        "last_name": "API",
        "security_level": "Kodiak API",
        "email": EMAIL,
        "tracking_identifier": {"internal_integration_name": "Kodiak"},
    },
    autotask_api_user_secret: {"integration": "kodiak", "first_name": "Provisioner", "last_name": "API", "rotation": "2026-11"},
    autotask_integrations: {},
    autotask_rotation: {"rotation": "2026-12"},
    autotask_credentials: {"name": "kodiak", "recorded": {"user_name": "nobody@example.com", "secret": "none-of-ours"}},
}
LABELS = ("queue", "priority", "status", "closed_status", "company", "source", "issue_type", "category", "type")


def _of_ticket(**options: Any) -> Options:
    return {"ticket": {"queue": "Administration", **options}}


OF_ALL: list[Options] = [
    *({"tenant": name} for name in ("", " ", "a\nb", "a\x00b", "a\x1bb", "\ud800", 'a"b', LONG)),
    *({"local_terms": {"organization": word}} for word in ("a\nb", 'a"b', "a\x1bb", "\ud800", LONG)),
    *({"runsheet": {"path": path}} for path in ("a\x00b", "\ud800")),
    *({"timeout": seconds} for seconds in (-1.0, 0.0, float("nan"), float("inf"))),
    {"retries": -1},
    {"retries": 10**9},
    {"request_budget": float("nan")},
    {"zone_url": "nonsense"},
    {"discovery_url": "nonsense"},
    *(_of_ticket(due_days=days) for days in (-5, 10**6, 10**20)),
]
BY_PEOPLE: list[Options] = [
    *(_of_ticket(**{label: "Nowhere"}) for label in LABELS),
    {"ticket": {}},
    *({"apply_via": "runsheet", "runsheet": {"path": path}} for path in ("a-file", "a-file/below")),
]
OF_A_CHANGE: list[Options] = [
    *({"integration": key} for key in ("", "A B", "x" * 31, "a\nb", "../up")),
    *({"notes": [text]} for text in ("a\x00b", "\ud800", "x" * 40_000)),
    {"change_reference": "T20200101.0001"},
]
MANY = [f"Label {'y' * 100}{number}" for number in range(400)]
OF_EACH: Mapping[ModuleType, list[Options]] = {
    autotask_security_level: [
        *({"name": name} for name in ("", "a\nb", "x" * 51, "API User (system)")),
        *({"copy_of": name} for name in ("Nowhere", "a\nb")),
        {"settings": {"CRM": 1}},
        {"sections": {"CRM": "Some"}},
        *({"settings": {"Other": {"Can create Webhooks": True, "Maximum number of Webhooks": number}}} for number in (-1, 1000, 10**20)),
        *({"extra_settings": [{"section": "CRM", "label": label}], "settings": {"CRM": {label: True}}} for label in ("a\nb", 'a"b', LONG)),
        {"extra_settings": [{"section": "CRM", "label": "L", "kind": "number"}], "settings": {"CRM": {"L": 10**20}}},
        {"extra_settings": [{"section": "CRM", "label": label} for label in MANY], "settings": {"CRM": dict.fromkeys(MANY, True)}},
    ],
    autotask_webhook_limit: [
        *({"maximum": number} for number in (-1, 1000, 10**20)),
        *({"level": name} for name in ("", "a\nb", "API User (system)")),
        {"maximum": 0, "bound": "minimum"},
    ],
    autotask_api_user: [
        *({"first_name": name} for name in ("", "a\nb", "x" * 51)),
        *({"email": address} for address in ("nobody", "@", "a@b\nc", f"a@{LONG}")),
        *({"location": name} for name in ('a"b', LONG)),
        *({"lines_of_business": [name]} for name in ("", "a\nb", LONG)),
        {"tracking_identifier": {}},
        {"tracking_identifier": {"internal_integration_name": LONG}},
        *({"record_as": name} for name in ("../up", LONG, "a.previous")),
        *({"security_level": name} for name in ("", "x" * 51)),
        {"state": "absent", "first_name": "Provisioner"},
    ],
    autotask_api_user_secret: [
        *({"rotation": name} for name in ("", "a\nb", LONG)),
        {"first_name": "Nobody"},
        *({"record_as": name} for name in ("../up", "a.previous")),
    ],
    autotask_integrations: [
        *({"integrations": [{"profile": one}]} for one in ("nowhere", "/nowhere.yml", "", [], 3)),
        *(
            {"integrations": [{"profile": profile("kodiak"), **choice}]}
            for choice in (
                {"email": "nobody"},
                {"location": 'a"b'},
                {"included": ["nowhere"]},
                {"overrides": {"nowhere": 1}},
                {"overrides": {"security_levels": {"main": {"name": "a\nb"}}}},
                {"overrides": {"security_levels": {"main": {"webhooks": {"maximum": 10**20}}}}},
                {"apply_via": "runsheet", "runsheet": {"path": "a-file"}},
                {"apply_via": "runsheet", "runsheet": {"path": "a\x00b"}},
            )
        ),
        {"integrations": [{"profile": profile("kodiak")}, {"profile": profile("kodiak")}]},
        *({"integrations": [{"state": "absent", "integration": key}]} for key in ("nowhere", "../up")),
        {"email": "nobody"},
        {"handover_folder": "credentials"},
        {"wait_minutes": -1},
        {"wait_interval": -1.0},
    ],
    autotask_rotation: [
        *({"rotation": name} for name in ("", "a\nb", LONG)),
        {"integrations": [{"state": "absent", "integration": "kodiak"}]},
        {"wait_minutes": 10**9},
    ],
    autotask_credentials: [
        *({"name": name} for name in ("", "../up", "nowhere", "provisioner.previous")),
        *({"recorded": {"user_name": key, "secret": secret}} for key, secret in (("", "x"), ("x", ""), ("a\nb", "x"), ("x", "a\nb"))),
        {"retries_of_new": -1},
        {"retry_delay": float("inf")},
    ],
}


def _cases(module: ModuleType) -> list[Options]:
    common = [*OF_ALL, *(BY_PEOPLE if module is not autotask_credentials else [])]
    return [*common, *(OF_A_CHANGE if "notes" in module.SPEC else []), *OF_EACH[module]]


@pytest.mark.parametrize("module", RIGHT, ids=lambda module: module.__name__.rpartition("_autotask_")[2].rpartition(".")[2])
def test_check_mode_refuses_what_a_real_run_refuses(house_of: Callable[[int], House], module: ModuleType) -> None:
    """In the same words, and nothing is written in either; no answer is a bug of ours."""
    house = house_of(ALDER)
    house.want(profile("kodiak"))
    (house.folder / "a-file").touch()
    if module is autotask_rotation:
        # Where there is a secret to be replaced.
        house.set_up(profile("kodiak"))
    before, known = house.files(), json.dumps(house.state(), default=str)
    wrong: list[tuple[str, object]] = []
    for options in _cases(module):
        said = [_refused(house, module, {**RIGHT[module], **options}, check) for check in (True, False)]
        if not said[0] or said[0] != said[1] or "This is a bug" in said[0]:
            wrong.append((repr(options)[:120], said))
        if house.files() != before or json.dumps(house.state(), default=str) != known:
            pytest.fail(f"something was written: {options!r}")
    assert wrong == []
    assert house.run(module, True, **RIGHT[module]).get("failed", False) is (module is autotask_credentials), "nothing else is wrong"


def _refused(house: House, module: ModuleType, options: Options, check: bool) -> str:
    """What a run is told that is refused; empty where it isn't."""
    try:
        result = house.run(module, check, **options)
    except Wrong as error:
        return str(error)
    return str(result["msg"]) if result.get("failed") else ""


def test_no_user_is_inactivated_before_all_is_known_to_be_writable(listing: House) -> None:
    """REST writes at once what people would do by a step."""
    listing.set_up(profile("kodiak"))
    before = listing.users()
    for _twice in range(2):
        result = listing.ensure({"profile": profile("kodiak"), "state": "absent"}, ticket={"queue": "Nowhere"})
        assert result["failed"] and result["code"] == "unknown_label" and listing.users() == before
