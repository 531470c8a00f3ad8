# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every step and every named value of the five guides, on tenants of the sandbox that the vendors' roles were run on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.roles.running import Fleet
from tests.sandboxes import Tenant, take

from . import checks, ledgers
from .checks import Outcome


@pytest.mark.parametrize("vendor", ledgers.VENDORS)
def test_the_role_does_what_the_guide_says(
    vendor: str, spare_tenants: list[Tenant], tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger, rows = ledgers.ledger(vendor), ledgers.rows(vendor)
    first = next(iter(ledger["tenants"]))
    wrong = []
    for name, wanted in ledger["tenants"].items():
        mine = [row for row in rows if row.get("tenant", first) == name]
        cells = frozenset(row["cell"] for row in mine if "cell" in row)
        # A short path: Ansible keeps sockets below it.
        outcome = _outcome(ledger, wanted, _tenant(spare_tenants, wanted), tmp_path_factory.mktemp(vendor), cells)
        wrong += [f"{row['part']}: {row['says']}: {verdict}" for row in mine if (verdict := checks.verdict(row, outcome))]
    with capsys.disabled():
        print(f"{ledgers.profile(vendor)['vendor']} {len(rows) - len(wrong)} of {len(rows)}", file=sys.stderr)
    assert wrong == []


def _tenant(spare: list[Tenant], wanted: dict[str, Any]) -> Tenant:
    """A tenant that lists an integration vendor, or lacks it, if that is wanted."""

    def fits(tenant: Tenant) -> bool:
        listed = tenant.access["integration_vendors"]
        return wanted.get("lists", next(iter(listed))) in listed and wanted.get("lacks") not in listed

    return take(spare, fits)


def _outcome(ledger: dict[str, Any], wanted: dict[str, Any], tenant: Tenant, folder: Path, cells: frozenset[str]) -> Outcome:
    """Runs the vendor's role, lets people do their part, runs it again, and looks at what came of it."""
    vendor = ledger["vendor"]
    variables: dict[str, Any] = dict(wanted.get("variables", {}))
    if "lists" in wanted:
        variables["autotask_integration_codes"] = {vendor: tenant.access["integration_vendors"][wanted["lists"]]}
    fleet = Fleet([tenant], folder, variables)
    asked = fleet.provision(vendor=vendor)
    assert asked.status == 0, asked.output
    fleet.work()
    done = fleet.provision(vendor=vendor)
    assert done.status == 0, done.output
    entry = fleet.entry(tenant)
    assert (entry["state"], entry["access"].get("as_expected")) == ("done", True), (done.output, fleet.said)
    [ticket] = [one for one in tenant.control("GET", "records/Tickets") if vendor in str(one.get("externalID"))]
    items = tenant.control("GET", "records/TicketChecklistItems")
    handed = folder / "handover" / tenant.slug
    web_url = tenant.rest.ask("GET", f"zoneInformation?user={tenant.access['user_name']}")["webUrl"]
    recorded = fleet.unlocked(folder / "credentials" / tenant.slug / f"{vendor}.yml")
    users = tenant.control("GET", "api-users")
    return Outcome(
        words={"level": ledger["level"], "organization": fleet.term(tenant)},
        cells={level["name"]: level["cells"] for level in tenant.control("GET", "levels") if level["active"]},
        user=next(user for user in users if f"{user['first_name']} {user['last_name']}" == ledger["user"]),
        steps=[item["itemName"] for item in items if item["ticketID"] == ticket["id"]],
        told=" ".join(ticket["description"].split()),
        hand_over=fleet.unlocked(handed / f"{vendor}.yml"),
        manual_steps=[line for line in (handed / f"{vendor}.steps.md").read_text().splitlines() if line.startswith("- [ ] ")],
        recorded={**recorded, "zone_web_url": web_url.rstrip("/")},
        issues=ledgers.profile(vendor)["common_issues"],
        ledger_cells=cells,
    )
