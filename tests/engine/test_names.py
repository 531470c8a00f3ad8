# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Names that two things would share, and what would replace what is kept: refused before anything is written, or told apart."""

from __future__ import annotations

from typing import Any

import pytest

from .running import House, profile


def two(key: str, second: str) -> dict[str, Any]:
    """A profile with a second API user."""
    found = profile(key)
    found["api_users"].append({**found["api_users"][0], "key": second, "first_name": "Second"})
    return found


def test_the_provisioner_gets_a_new_secret_although_its_profile_is_among_the_integrations(house: House) -> None:
    own = {name: str(house.tenant.access[name]) for name in ("user_name", "secret", "integration_code")}
    house.options = dict.fromkeys(own, "")
    house.keep("provisioner", own)
    house.want(profile("provisioner"))
    house.rotate()
    assert house.work() == 4, house.employee.stuck


def test_bad_input_names_the_integration_that_it_is_of(house: House) -> None:
    result = house.ensure({"profile": profile("tinsel")}, {"profile": profile("wicker"), "email": "nobody"})
    assert result["failed"] and result["msg"].startswith("integrations > wicker > email: ")


def test_a_run_sheet_is_told_from_one_of_a_longer_key(house: House) -> None:
    for key in ("tinsel.two", "tinsel"):
        house.ensure(profile(key), apply_via="runsheet")
    assert '## level "Tinsel API"' in (house.folder / "runsheets" / "birch.tinsel.1.md").read_text()


@pytest.mark.parametrize("key", ["tinsel.previous", "tinsel.escrow", "console.session"])
def test_a_key_that_names_what_is_kept_for_a_while_is_refused(house: House, key: str) -> None:
    assert house.ensure(profile(key))["code"] == "reserved_key"


def test_one_name_is_recorded_for_one_user(house: House) -> None:
    assert house.ensure(two("tinsel", "second"), profile("tinsel-second"))["code"] == "record_name_taken"
    assert house.ensure(two("longish-integration-key", "secondary"))["code"] == "integration"


def test_hand_overs_never_lie_where_credentials_are_recorded(house: House) -> None:
    house.options["handover_folder"] = str(house.folder / "credentials")
    assert house.ensure(profile("tinsel"))["code"] == "same_folder"


def test_two_integrations_that_want_one_level_or_user_are_refused(house: House) -> None:
    same_level = profile("wicker", level={"name": "tinsel api"})
    same_user = profile("wicker", user={"first_name": "Tinsel"})
    for other in (same_level, same_user):
        result = house.ensure(profile("tinsel"), other)
        assert result["code"] == "claimed_twice" and "wicker" in result["msg"] and "tinsel" in result["msg"]
