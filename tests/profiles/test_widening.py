# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a tenant grants beyond what a vendor asks for takes a reason; what it takes away doesn't."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError
from ansible_collections.msp.autotask.plugins.module_utils._profile.library import catalogue_of, profile_text
from ansible_collections.msp.autotask.plugins.module_utils._profile.resolve import Choices, read_profile

MAIN = "security_levels", "main"
WIDER: dict[str, dict[str, Any]] = {
    "a row": {"settings": {"Inventory": {"Products": {"Add": "Yes"}}}},
    "a box": {"settings": {"Other": {"Can access News Feed": True}}},
    "a list": {"settings": {"CRM": {"Prospects, Leads, & Dead": "Mine"}}},
    "a whole section": {"sections": {"Projects": "Full Permission"}},
    "webhooks": {"webhooks": {"maximum": 30, "bound": "exact"}},
}
NARROWER: dict[str, dict[str, Any]] = {
    "a row": {"settings": {"Service Desk": {"Charges": {"View": "None"}}}},
    "webhooks": {"webhooks": {"maximum": 10, "bound": "exact"}},
    "a name": {"name": "Ours"},
}


def errors_of(overrides: dict[str, Any]) -> list[InputError]:
    text = profile_text("beecastle")
    try:
        read_profile(text, Choices(overrides=overrides), catalogue_of([text]))
    except InputError as error:
        return list(error.errors)
    return []


@pytest.mark.parametrize("kind", WIDER)
def test_what_is_wider_needs_a_reason(kind: str) -> None:
    [error] = errors_of({"security_levels": {"main": WIDER[kind]}})
    assert (
        error.code == "reason_missing" and error.place == ("overrides", *MAIN, "reason") and "more than the profile asks for" in str(error)
    )
    assert errors_of({"security_levels": {"main": {**WIDER[kind], "reason": "agreed until the merger"}}}) == []


@pytest.mark.parametrize("kind", NARROWER)
def test_what_is_not_needs_none(kind: str) -> None:
    assert [error.code for error in errors_of({"security_levels": {"main": NARROWER[kind]}})] in ([], ["contradiction"])


def test_a_users_system_level_needs_one() -> None:
    override = {"system_level": "API User (system)", "expect": {"granted": [], "denied": []}}
    assert "reason_missing" in [error.code for error in errors_of({"api_users": {"main": override}})]
    assert "reason_missing" not in [error.code for error in errors_of({"api_users": {"main": {**override, "reason": "for a week"}}})]
