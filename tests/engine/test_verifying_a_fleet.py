# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A fleet of which a few tenants were tampered with: exactly those are named, each with what was done to it.

`make test` has twenty tenants, `make trust` two hundred.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils._review.compare import with_baseline
from ansible_collections.msp.autotask.plugins.module_utils._review.document import document_of, failed_part, to_json
from ansible_collections.msp.autotask.plugins.module_utils._review.exit_codes import exit_code
from ansible_collections.msp.autotask.plugins.module_utils._review.terminal import terminal
from tests.sandboxes import Tenant, control

from .running import House
from .tampering import TAMPERED, WICKER, a_stranger, otherwise
from .wire import ADDRESS

TENANTS = 200 if os.environ.get("TRUST") else 20


def fleet_of(house: House) -> Iterator[House]:
    """Copies of a tenant that is set up, each with a folder of its own."""
    slugs = [f"copy-{number:03}" for number in range(1, TENANTS)]
    recorded = house.kept("wicker")
    assert recorded
    for access in control(ADDRESS, "POST", f"tenants/{house.tenant.slug}/copies", {"slugs": slugs}):
        new = access["api_users"][recorded["user_name"]]
        copy = replace(house, tenant=Tenant(ADDRESS, access), folder=house.folder / access["tenant"], integrations=[], options={})
        kept = {key: value for key, value in recorded.items() if key not in ("tenant", "zone", "database")}
        copy.keep("wicker", {**kept, **{name: new[name] for name in ("user_name", "secret", "integration_code") if new.get(name)}})
        copy.want(WICKER)
        yield copy


def company_renamed(house: House) -> None:
    house.store.update(house.employee.tenant.id, "Companies", 0, {"companyName": "Other Networks"})


def looked_at(houses: Mapping[str, House]) -> dict[str, Any]:
    """The parts of all tenants, by their names; what fails as a whole, too."""
    parts = {name: house.plan() for name, house in houses.items()}
    return {name: failed_part(name, name, part["msg"]) if part.get("failed") else part for name, part in parts.items()}


def test_exactly_those_that_were_tampered_with_are_named(house: House) -> None:
    house.set_up(WICKER)
    houses = {house.tenant.slug: house} | {one.tenant.slug: one for one in fleet_of(house)}
    baseline = looked_at(houses)
    assert exit_code(document_of(baseline.values())) == 0
    assert to_json(document_of(baseline.values())) == to_json(document_of(looked_at(houses).values()))
    tampered = dict(zip(list(houses)[2:], [*TAMPERED.items(), ("a stranger", (a_stranger, "tenant/api_user/Some Body"))], strict=False))
    for name, (_kind, (tamper, _address)) in tampered.items():
        tamper(houses[name])
    renamed = list(houses)[-1]
    company_renamed(houses[renamed])
    found = {name: with_baseline(part, baseline[name]) for name, part in looked_at(houses).items()}
    document = document_of(found.values())
    assert {name for name, part in found.items() if otherwise(part)} == set(tampered) and len(tampered) == 8
    for name, (kind, (_tamper, address)) in tampered.items():
        [item] = [
            one
            for entry in (*found[name]["integrations"], {"items": found[name]["unlisted"]})
            for one in entry["items"]
            if one["address"] == address
        ]
        assert item["state"] in ("drifted", "unlisted") and item["why"] and item["new"], (kind, item)
    changed = {name: [one["what"] for one in part["changes"]] for name, part in found.items() if part["changes"]}
    assert changed[renamed] == ["the name of the tenant's own company"] and set(changed) <= {*tampered, renamed}
    assert exit_code(document) == 2
    shown = "\n".join(terminal(document, most=10_000))
    assert all(f"\n{name}: " in shown for name in (*tampered, renamed)) and list(houses)[1] not in shown


def test_a_tenant_that_can_t_be_reached_is_not_in_sync(house: House) -> None:
    house.set_up(WICKER)
    houses = dict(list({one.tenant.slug: one for one in fleet_of(house)}.items())[:2])
    away = next(iter(houses))
    house.fault(f"drop@{away}:*")
    found = looked_at(houses)
    house.no_faults()
    assert found[away]["state"] == "failed" and exit_code(document_of(found.values())) == 3
    assert exit_code(document_of([found[away]])) == 1
