# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What Autotask answers to a sign-in is taken for what it is: nobody is told to make a new secret where the old one may work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.sandboxes import ROOT

from .running import House, entries, profile

# The tests of a client of others (py-autotask) have it so.
WRONG_IDENTIFIER = {"errors": ["IntegrationCode is invalid."]}


def credentials_of(house: House) -> dict[str, Any]:
    """What a diagnosis says of the credentials of the only user."""
    (diagnosis,) = house.diagnose()["diagnoses"]
    return next(finding for finding in diagnosis["findings"] if finding["check"] == "credentials")


def test_a_wrong_tracking_identifier_that_is_answered_with_500_is_named(house: House) -> None:
    house.set_up(profile("tinsel"))
    house.fault("500@birch:GET Version", json=WRONG_IDENTIFIER)
    found = credentials_of(house)
    assert found["verdict"] == "fault" and "Tracking Identifier" in found["cause"] and "IntegrationCode is invalid" in found["proof"]
    assert "record_credentials" in found["fix"] and "Generate Secret" not in found["fix"]
    house.no_faults()
    house.fault("500@birch:GET EntityInformation", json=WRONG_IDENTIFIER)
    told = house.ensure()
    assert told["code"] == "unauthorized" and '"Tinsel API"' in told["msg"] and "tracking identifier" in told["msg"]
    assert "record_credentials -l birch -e autotask_integration=tinsel" in told["msg"]
    house.no_faults()
    assert entries(house.ensure()) == {"tinsel": "done"}


@pytest.mark.parametrize("answer", [{"text": ""}, {"json": {"errors": ["Something went wrong."]}}])
def test_another_answer_is_told_and_the_diagnosis_goes_on(answer: dict[str, Any], house: House) -> None:
    house.set_up(profile("tinsel"))
    house.fault("500@birch:GET Version", **answer)
    found = credentials_of(house)
    assert found["verdict"] == "unknown" and "neither a yes nor a no" in found["cause"] and found["proof"].startswith("GET Version: ")
    assert "Leave the Password (Secret) as it is" in found["fix"]


@pytest.mark.parametrize("vendor", ["beecastle", "onestream", "salesbuildr", "work365"])
def test_a_tenant_that_is_as_it_should_be_gives_no_reason_to_worry(vendor: str, house: House) -> None:
    house.set_up(yaml.safe_load(Path(ROOT, "roles", vendor, "files", "profile.yml").read_text()))
    for diagnosis in house.diagnose()["diagnoses"]:
        assert not [finding for finding in diagnosis["findings"] if finding["verdict"] in ("fault", "suspect")]
