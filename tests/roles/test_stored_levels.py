# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a run calls done is what the profile says, cell by cell, in the sandbox's own store: with both baselines, by ticket and by run sheet.

By a browser: `test_console.py`. With random profiles: tests/engine/test_stored.py.
"""

from __future__ import annotations

from tests.sandboxes import Tenant, take

from .running import Fleet, Run
from .tallow import LATER, PROFILE, WEBHOOKS, by_hand, differences, expected, written

NOT_COPIED = "Other|Miscellaneous|Not required to change password (password does not expire)|"


def _provision(fleet: Fleet, **variables: object) -> Run:
    run = fleet.playbook("msp.autotask.provision", autotask_profile=written(fleet), **variables)
    assert run.status == 0, run.output
    return run


def _worked_off(fleet: Fleet, **variables: object) -> None:
    """Ask, let people do it, and see it done."""
    _provision(fleet, **variables)
    for tenant in fleet.tenants:
        if fleet.own[tenant.slug]["autotask_apply_via"] == "runsheet":
            fleet.follow_sheets(tenant, "tallow")
        else:
            assert fleet.work([tenant]) > 0, fleet.said
    run = _provision(fleet, **variables)
    assert [fleet.entry(tenant)["state"] for tenant in fleet.tenants] == ["done"] * len(fleet.tenants), run.output


def test_the_levels_are_what_the_profile_says(fleet: Fleet, spare_tenants: list[Tenant]) -> None:
    """By ticket and by run sheet, each on a tenant where they are new, and on one where somebody has made them.

    Then once more, where they are live and attested.
    """
    fleet.tenants = [*fleet.tenants, take(spare_tenants), take(spare_tenants)]
    copied = {}
    for tenant, (apply_via, there) in zip(
        fleet.tenants, [(via, there) for via in ("ticket", "runsheet") for there in (False, True)], strict=True
    ):
        fleet.own[tenant.slug] = {"autotask_apply_via": apply_via}
        copied[tenant.slug] = by_hand(tenant, "By hand", WEBHOOKS if there else None)
        if there:
            # A fresh copy lacks this; a level that was there already is set as its source is.
            copied[tenant.slug] |= {NOT_COPIED: tenant.level("API User (system)")["cells"][NOT_COPIED]}
        for level in PROFILE["security_levels"] if there else ():
            by_hand(tenant, level["name"], WEBHOOKS)
    for later in (False, True):
        _worked_off(fleet, autotask_overrides=LATER if later else {})
        assert [differences(tenant, expected(copied[tenant.slug], later)) for tenant in fleet.tenants] == [{}] * 4
    assert _provision(fleet, autotask_overrides=LATER).changed == [0] * 4
    assert {apply_via: bool(list((fleet.folder / "runsheets").glob(f"{slug}.*"))) for slug, apply_via in _appliers(fleet)} == {
        "ticket": False,
        "runsheet": True,
    }


def _appliers(fleet: Fleet) -> list[tuple[str, str]]:
    return [(slug, str(own["autotask_apply_via"])) for slug, own in fleet.own.items()]
