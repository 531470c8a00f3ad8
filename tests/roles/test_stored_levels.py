# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a run calls done is what the profile says, cell by cell, in the sandbox's own store: with both baselines, by ticket and by run sheet.

By a browser: `test_console.py`.
"""

from __future__ import annotations

import pytest

from .running import Fleet, Run
from .tallow import LATER, PROFILE, WEBHOOKS, by_hand, differences, expected, written


def _provision(fleet: Fleet, **variables: object) -> Run:
    run = fleet.playbook("msp.autotask.provision", autotask_profile=written(fleet), **variables)
    assert run.status == 0, run.output
    return run


def _worked_off(fleet: Fleet, apply_via: str, **variables: object) -> None:
    """Ask, let people do it, and see it done."""
    _provision(fleet, autotask_apply_via=apply_via, **variables)
    for tenant in fleet.tenants:
        if apply_via == "runsheet":
            fleet.follow_sheets(tenant, "tallow")
        else:
            assert fleet.work([tenant]) > 0, fleet.said
    run = _provision(fleet, autotask_apply_via=apply_via, **variables)
    assert [fleet.entry(tenant)["state"] for tenant in fleet.tenants] == ["done"] * len(fleet.tenants), run.output


@pytest.mark.parametrize("apply_via", ["ticket", "runsheet"])
def test_the_levels_are_what_the_profile_says(apply_via: str, fleet: Fleet) -> None:
    """On a tenant where they are new, and on one where somebody has made them; then once more, where they are live and attested."""
    new, there = fleet.tenants
    copied = {new.slug: by_hand(new, "By hand"), there.slug: by_hand(there, "By hand", WEBHOOKS)}
    for level in PROFILE["security_levels"]:
        by_hand(there, level["name"], WEBHOOKS)
    for later in (False, True):
        _worked_off(fleet, apply_via, autotask_overrides=LATER if later else {})
        assert [differences(tenant, expected(copied[tenant.slug], later)) for tenant in fleet.tenants] == [{}, {}]
    assert _provision(fleet, autotask_apply_via=apply_via, autotask_overrides=LATER).changed == [0, 0]
