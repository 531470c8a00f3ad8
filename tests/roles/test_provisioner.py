# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The first thing that a real tenant needs: the user that the collection works as, from a run sheet and without any credentials."""

from __future__ import annotations

from pathlib import Path

from tests.sandboxes import Tenant

from .running import Fleet


def _sheet(fleet: Fleet, tenant: Tenant) -> Path:
    [path] = (fleet.folder / "runsheets").glob(f"{tenant.slug}.provisioner.*.md")
    return path


def test_from_a_bare_tenant_to_a_vendor(fleet: Fleet) -> None:
    tenant = fleet.tenants[1]
    fleet.tenants, fleet.bare = [tenant], True
    # The sandbox's own provisioner gets out of the way; it only opens the ticket by which the operator is told what the sheet says.
    [own] = tenant.control("GET", "api-users")
    tenant.control("PATCH", f"levels/{own['level_id']}", {"name": "something else"})
    tenant.control("PATCH", f"api-users/{own['id']}", {"first_name": "Somebody"})

    sheet = fleet.provision(vendor="provisioner")
    assert sheet.status == 0, sheet.output
    assert fleet.entry(tenant)["state"] == "pending"
    assert fleet.provision(vendor="provisioner").changed == [0]
    assert _sheet(fleet, tenant).with_suffix(".html").exists()

    fleet.follow_sheets(tenant, "provisioner")
    attested = fleet.provision(vendor="provisioner")
    assert attested.status == 0, attested.output
    assert fleet.entry(tenant)["state"] == "done"
    assert fleet.entry(tenant)["access"]["as_expected"] is True
    assert fleet.provision(vendor="provisioner").changed == [0]

    cells = tenant.level("msp.autotask provisioner")["cells"]
    granted = {key for key, value in cells.items() if value not in (False, None, "None", "No", 0)}
    least = {"Service Desk|Object Permissions|Service Calls|View", "Projects||Can enter time on|", "CRM||Dashboard Display|"}
    assert granted - least == {
        "CRM|Organization & Contact Access|Customer & Cancelation|",
        "Service Desk|Object Permissions|Tickets|View",
        "Service Desk|Object Permissions|Tickets|Add",
        "Service Desk|Object Permissions|Tickets|Edit",
        "Web Services API|Feature Access|Can login to Web Services API (Access to version 1.6 & later is limited to API User security levels)|",
    }

    # Its recorded credentials are all that the next vendor needs.
    first = fleet.provision()
    assert first.status == 0, first.output
    tenant.control("PATCH", f"api-users/{own['id']}", {"active": False})
    assert fleet.operator(tenant).work() > 0
    done = fleet.provision()
    assert done.status == 0, done.output
    assert fleet.entry(tenant)["state"] == "done"


def test_a_sheet_that_is_damaged_is_an_error(fleet: Fleet) -> None:
    fleet.tenants, fleet.bare = fleet.tenants[:1], True
    fleet.provision(vendor="provisioner")
    sheet = _sheet(fleet, fleet.tenants[0])
    sheet.write_text(sheet.read_text().replace('"attested"', '"attest'))
    before = sheet.read_text()
    run = fleet.provision(vendor="provisioner")
    assert run.status != 0 and "Restore the file from Git" in run.output
    assert sheet.read_text() == before
