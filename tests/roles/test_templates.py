# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Text of a tenant is never evaluated, wherever it stands: it is shown and compared as it is."""

from __future__ import annotations

from typing import Any

from tests.sandbox.people import copy_level, sign_in

from .running import Fleet

# The sum would show, and the lookup would leave a file; a name in Autotask has at most 50 characters.
SUM, RESULT = "{{ 7777*3 }}", "23331"


def test_text_of_a_tenant_is_never_a_template(fleet: Fleet) -> None:
    tenant = fleet.tenants[1]
    fleet.tenants = [tenant]
    canary = fleet.folder / "EVALUATED"
    texts = [f"{SUM} API", f"{{{{ lookup('pipe','touch {canary.name}') }}}}"[:50]]
    tab = sign_in(tenant)
    for text in texts:
        copy_level(tab, text)
        tab.put((), "Active", "", True)
        tab.press("Save & Close")
    change(fleet, "Companies", {"companyName": f"{texts[1]} {SUM}"}, id=0)
    runs = [fleet.provision("-v")]
    items = tenant.control("GET", "records/TicketChecklistItems")
    for item, text in zip(items, texts, strict=False):
        change(fleet, "TicketChecklistItems", {"itemName": text}, id=item["id"])
    for note in tenant.control("GET", "records/TicketNotes"):
        change(fleet, "TicketNotes", {"title": SUM, "description": texts[1]}, id=note["id"])
    fleet.work()
    (user,) = [one for one in tenant.control("GET", "records/Resources") if one.get("firstName") == "BeeCastle"]
    change(fleet, "Resources", {"lastName": f"API {SUM}", "email": f"{SUM}@example.com"}, id=user["id"])
    runs += [fleet.provision("-v"), fleet.playbook("msp.autotask.diagnose", "-v", autotask_vendor="beecastle")]
    runs.append(fleet.playbook("msp.autotask.retire", "--check", "-v", autotask_vendor="beecastle"))
    said = "".join(run.output for run in runs)
    assert SUM in said and "This is a bug" not in said and "Traceback" not in said, said
    assert RESULT not in said and not list(fleet.folder.rglob(canary.name))
    kept = [path for path in fleet.folder.rglob("*") if path.is_file()]
    assert kept and not [path for path in kept if RESULT.encode() in path.read_bytes()]


def change(fleet: Fleet, entity: str, changes: dict[str, Any], **which: Any) -> None:
    """Somebody changes a record of the only tenant."""
    fleet.tenants[0].control("PATCH", f"records/{entity}/{which['id']}", changes)
