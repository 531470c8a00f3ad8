# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A vendor that nobody has written code for: its profile is all there is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.roles.running import Fleet, Run
from tests.sandboxes import Tenant

PROFILE = Path(__file__).with_name("lumenward.yml")
LOGIN = (
    "Web Services API|Feature Access|Can login to Web Services API (Access to version 1.6 & later is limited to API User security levels)|"
)
# What the two levels hold beyond the least that the editor offers, as the sandbox's editor calls its cells; section Reports aside.
ALERTS = {
    "CRM|Organization & Contact Access|Customer & Cancelation|": "All",
    "CRM|Organization & Contact Access|Vendor & Partners|": "All",
    "CRM|Object Permissions|Configuration Items & Subscriptions|View": "All",
    "Service Desk|Object Permissions|Tickets|View": "All",
    "Service Desk|Object Permissions|Tickets|Add": "Yes",
    "Service Desk|Object Permissions|Tickets|Edit": "Yes",
    "Service Desk|Object Permissions|Charges|View": "All",
    "Web Services API|Resource Impersonation|Tickets|View (Query)": True,
    "Web Services API|Resource Impersonation|Tickets|Add": True,
    "Web Services API|Resource Impersonation|Ticket Notes|Add": True,
    LOGIN: True,
}
WEBHOOKS = {"Other|Webhooks|Can create Webhooks|": True, "Other|Webhooks|Maximum number of Webhooks|": 5}
BILLING = {
    **ALERTS,
    "Service Desk|Object Permissions|Tickets|Add": "No",
    "Service Desk|Object Permissions|Tickets|Edit": "No",
    "Contracts|Object Permissions|Contracts|View": "All",
    "Contracts||Contract Visibility|": "Full",
    "Inventory|Object Permissions|Products|View": "All",
}
# Where the editor has nothing less, the least is not "None".
LEAST = {
    "CRM||Dashboard Display|": "Basic",
    "Service Desk|Object Permissions|Service Calls|View": "Mine",
    "Projects||Can enter time on|": "My Tasks",
}


@pytest.fixture
def sixth(fleet: Fleet) -> Fleet:
    """Somebody with one tenant and the new vendor's profile, in a file of their own."""
    fleet.tenants = fleet.tenants[1:]
    (fleet.folder / "lumenward.yml").write_text(PROFILE.read_text())
    return fleet


def provision(fleet: Fleet, *arguments: str, **variables: Any) -> Run:
    run = fleet.playbook("msp.autotask.provision", *arguments, autotask_profile="lumenward.yml", **variables)
    assert run.status == 0, run.output
    return run


def granted(tenant: Tenant, name: str) -> dict[str, Any]:
    """The cells of a level that hold more than the least, without the section Reports."""
    return {
        key: value
        for key, value in tenant.level(name)["cells"].items()
        if value not in (False, None, "None", "No", 0) and LEAST.get(key) != value and not key.startswith("Reports|")
    } | {key: "No" for key in ALERTS if tenant.level(name)["cells"][key] == "No"}


def reports(tenant: Tenant, name: str) -> dict[str, bool]:
    """The boxes of the section Reports."""
    return {key.split("|")[2]: value for key, value in tenant.level(name)["cells"].items() if key.startswith("Reports|")}


def test_a_profile_is_all_that_a_new_vendor_needs(sixth: Fleet) -> None:
    [tenant] = sixth.tenants
    provision(sixth)
    assert sixth.entry(tenant)["state"] == "pending"
    sixth.work()
    provision(sixth)
    assert sixth.entry(tenant)["state"] == "done", sixth.said
    assert granted(tenant, "Lumenward Alerts") == {**ALERTS, **WEBHOOKS}
    assert granted(tenant, "Lumenward Billing") == BILLING
    assert {label for label, ticked in reports(tenant, "Lumenward Alerts").items() if not ticked} == {"Can publish LiveReports"}
    assert not any(reports(tenant, "Lumenward Billing").values())
    users = {one["last_name"]: one for one in tenant.control("GET", "api-users") if one["first_name"] == "Lumenward"}
    assert {name: user["level"] for name, user in users.items()} == {
        "Alerts": "Lumenward Alerts",
        "Billing": "Lumenward Billing",
        "Reader": "API User (system) Can't Read Costs",
    }
    assert (users["Alerts"]["active"], users["Alerts"]["tracking"], users["Billing"]["tracking"]) == (True, "custom", "custom")
    handed = sixth.unlocked(sixth.folder / "handover" / tenant.slug / "lumenward.yml")
    assert handed["to"] == "Lumenward's portal, Integrations > Autotask"
    fields = handed["fields"]
    assert list(fields) == [field["name"] for field in yaml.safe_load(PROFILE.read_text())["handover"]["fields"]]
    keys = {name: fields[f"{name} key"] for name in ("Alerts", "Billing", "Reader")}
    assert keys == {name: user["user_name"] for name, user in users.items()}
    assert len({fields["Alerts secret"], fields["Billing secret"]}) == 2 and fields["Edition"] == "Full"
    assert tenant.access["rest_url"].casefold().startswith(f"{fields['Zone']}/".casefold())
    sheet = (sixth.folder / "handover" / tenant.slug / "lumenward.steps.md").read_text()
    settings = "Autotask, Admin (> Admin Categories) > Organization Settings & Users > Resources/Users (HR)"
    assert [line.partition("] ")[2] for line in sheet.splitlines() if line.startswith("- [ ]")] == [
        f"{settings} > Security Levels: In the security levels of the technicians that alerts are assigned to: tick "
        '"Allow impersonation of resources with this security level" in the section "Web Services API". '
        "A system level can't be changed: copy it, tick the box in the copy, and give the copy to its people.",
        f"{settings} > Security > Protected Data Permission: In the row of "
        'the API user "Lumenward Billing", tick "View Protected Data", and clear "Edit Protected Data". Lesser columns are ticked with it.',
        "Autotask: If the tenant restricts where API users sign in from, allow 192.0.2.10, 198.51.100.0/24.",
        "Lumenward's portal, Integrations: Press Connect, and wait for the green light.",
    ]
    assert provision(sixth).changed == [0]
    _check_that_a_changed_profile_asks_for_what_changed_and_nothing_else(sixth, tenant)


def _check_that_a_changed_profile_asks_for_what_changed_and_nothing_else(sixth: Fleet, tenant: Tenant) -> None:
    path = sixth.folder / "lumenward.yml"
    profile = yaml.safe_load(path.read_text())
    profile["guides"][0]["revised"] = "2026-11-01"
    alerts, billing = profile["security_levels"]
    alerts["settings"]["Service Desk"]["Charges"] = {"View": "None"}
    alerts["webhooks"]["maximum"] = 8
    billing["settings"]["Contracts"]["Contracts"]["Add"] = "Yes"
    reader = profile["api_users"][2]
    del reader["system_level"]
    reader["security_level"] = "billing"
    profile["api_users"][0]["expect"]["granted"].remove("TicketCharges:query")
    path.write_text(yaml.safe_dump(profile, sort_keys=False))
    provision(sixth)
    texts = [step["text"] for one in sixth.entry(tenant)["objects"] if one["pending"] for step in one["plan"]]
    moves = ("Open ", "press Save & Close.")
    assert [text for text in texts if not text.startswith(moves[0]) and not text.endswith(moves[1])] == [
        'Level "Lumenward Alerts", "Service Desk" > "Object Permissions": set "Charges" to View "None".',
        'Level "Lumenward Billing", "Contracts" > "Object Permissions": set "Contracts" to Add "Yes".',
        'Level "Lumenward Billing", "Service Desk" > "Object Permissions": set "Charges" to View "None".',
        'Level "Lumenward Alerts", "Other" > "Webhooks": set "Maximum number of Webhooks" to 8.',
        'API user "Lumenward Reader": set Security Level to "Lumenward Billing".',
    ]
    sixth.work()
    provision(sixth)
    assert sixth.entry(tenant)["state"] == "done", sixth.said
    assert tenant.level("Lumenward Alerts")["cells"]["Service Desk|Object Permissions|Charges|View"] == "None"
    assert tenant.level("Lumenward Billing")["cells"]["Service Desk|Object Permissions|Charges|View"] == "None"
    assert tenant.level("Lumenward Billing")["cells"]["Contracts|Object Permissions|Contracts|Add"] == "Yes"
    assert tenant.level("Lumenward Alerts")["cells"]["Other|Webhooks|Maximum number of Webhooks|"] == 8
    [reader] = [one for one in tenant.control("GET", "api-users") if (one["first_name"], one["last_name"]) == ("Lumenward", "Reader")]
    assert reader["level"] == "Lumenward Billing"
    assert provision(sixth).changed == [0]


def test_what_a_tenant_chooses_is_known_by_the_tenant(sixth: Fleet) -> None:
    [tenant] = sixth.tenants
    overrides = {
        "security_levels": {
            "alerts": {
                "reason": "Agreed with them in March",
                "name": "Lumenward",
                "settings": {"Service Desk": {"Charges": {"Add": True}}},
            },
            "billing": {"reason": "Two more alerts", "copy_of": "API User (system)", "webhooks": {"maximum": 2}},
        },
        "api_users": {"reader": {"security_level": "alerts"}, "billing": {"expect": {"denied": ["Tickets:create"]}}},
        "handover": {"to": "Somebody else"},
        "ip_addresses": ["203.0.113.7"],
    }
    chosen = {"included": ["prospects"], "excluded": ["vendors", "products"], "overrides": overrides}
    found = checked(sixth, chosen)
    grants = {(one["level"], one["setting"].rpartition("> ")[2]): one["source"] for one in found["grants"]}
    assert grants["Lumenward", "Customer & Cancelation"] == "other source"
    assert grants["Lumenward", "Prospects, Leads, & Dead"] == "guide"
    assert ("Lumenward", "Vendor & Partners") not in grants
    [charge] = [one for one in found["grants"] if one["setting"].endswith("Charges > Add")]
    assert (charge["level"], charge["source"], charge["shown_by"]) == ("Lumenward", "tenant", ["TicketCharges:create"])
    assert grants["Lumenward Billing", "Maximum number of Webhooks"] == "tenant"
    assert [
        one for one in found["grants"] if one["level"] == "Lumenward Billing" and "Tickets" in one["setting"] and one["value"] == "All"
    ] == []
    profile = found["profile"]
    assert [(level["name"], level["copy_of"], level["baseline"]) for level in profile["security_levels"]] == [
        ("Lumenward", "API User (system)", "none"),
        ("Lumenward Billing", "API User (system)", "none"),
    ]
    assert [user["security_level"] for user in profile["api_users"]] == ["Lumenward", "Lumenward Billing", "Lumenward"]
    assert profile["handover"]["to"] == "Somebody else" and len(profile["handover"]["fields"]) == 9
    assert any("203.0.113.7" in entry["text"] for entry in profile["manual_steps"])
    provision(sixth, "--check", **{f"autotask_{name}": value for name, value in chosen.items()})
    texts = [step["text"] for one in sixth.entry(tenant)["objects"] for step in one["plan"]]
    assert any(
        'Level "Lumenward", "Service Desk" > "Object Permissions": set "Charges" to' in text and 'Add "Yes"' in text for text in texts
    ), texts


def checked(fleet: Fleet, options: dict[str, Any]) -> dict[str, Any]:
    """What autotask_profile_info returns for the profile."""
    tasks = [
        {"msp.autotask.autotask_profile_info": {"path": str(fleet.folder / "lumenward.yml"), **options}, "register": "found"},
        {"ansible.builtin.copy": {"content": "{{ found | to_json }}", "dest": str(fleet.folder / "found.json"), "mode": "0600"}},
    ]
    (fleet.folder / "check.yml").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": tasks}]))
    run = fleet.playbook(str(fleet.folder / "check.yml"))
    assert run.status == 0, run.output
    return dict(json.loads((fleet.folder / "found.json").read_text()))
