# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a run calls done is what the profile says, cell by cell, in the sandbox's own store: with both baselines, by ticket and by run sheet.

By a browser: `test_console.py`.
"""

from __future__ import annotations

import pytest

from .running import Fleet, Run
from .tallow import LATER, PROFILE, by_hand, differences, expected, written


def _provision(fleet: Fleet, **variables: object) -> Run:
    run = fleet.playbook("msp.autotask.provision", autotask_profile=written(fleet), **variables)
    assert run.status == 0, run.output
    return run


def _worked_off(fleet: Fleet, apply_via: str, **variables: object) -> None:
    """Ask, let people do it, and see it done."""
    _provision(fleet, autotask_apply_via=apply_via, **variables)
    if apply_via == "runsheet":
        fleet.follow_sheets(fleet.tenants[0], "tallow")
    else:
        assert fleet.work() > 0, fleet.said
    _provision(fleet, autotask_apply_via=apply_via, **variables)
    assert fleet.entry(fleet.tenants[0])["state"] == "done"
    assert _provision(fleet, autotask_apply_via=apply_via, **variables).changed == [0]


@pytest.mark.parametrize("there", [False, True], ids=["new levels", "levels that are there"])
@pytest.mark.parametrize("apply_via", ["ticket", "runsheet"])
def test_the_levels_are_what_the_profile_says(apply_via: str, there: bool, fleet: Fleet) -> None:
    [tenant] = fleet.tenants = fleet.tenants[1:]
    copied = by_hand(tenant, "By hand")
    if there:
        for level in PROFILE["security_levels"]:
            by_hand(tenant, level["name"])
    _worked_off(fleet, apply_via)
    assert differences(tenant, expected(copied)) == {}
    # And once more, on levels that are live and attested.
    _worked_off(fleet, apply_via, autotask_overrides=LATER)
    assert differences(tenant, expected(copied, later=True)) == {}
