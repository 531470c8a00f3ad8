# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The playbook that says why an integration doesn't work: the guide's own list of failures, with cause, proof and what fixes it."""

from __future__ import annotations

import re
from typing import Any

import yaml

from tests.sandbox.people import copy_level, new_api_user, sign_in
from tests.sandboxes import Rest, Tenant, control

from .planting import keep
from .running import Fleet, Run

LEVEL = "API User + Webhooks"
OVERRIDES = {"api_users": {"main": {"first_name": "Bee", "last_name": "API"}}}
WEBHOOKS = {"Other|Webhooks|Can create Webhooks|": True, "Other|Webhooks|Maximum number of Webhooks|": 10}


def set_up(fleet: Fleet, tenant: Tenant) -> Rest:
    """Somebody follows Salesbuildr's guide by hand, with another name for the user, and records the credentials; returns REST as that user."""
    tab = sign_in(tenant)
    copy_level(tab, LEVEL)
    tab.press("Save & Close")
    level = tenant.level(LEVEL)
    full = {**WEBHOOKS, **{key: "Yes" for key in level["cells"] if re.match(r"(?!Web Services).*Permissions\|.*\|Add$", key)}}
    full |= {key: "All" for key in level["cells"] if key.endswith("|Organizations|Edit")}
    tenant.control("PATCH", f"levels/{level['id']}", {"active": True, "cells": full})
    headers = new_api_user(tab, "API", LEVEL)
    tab.press("Save & Close")
    recorded = {"user_name": headers["UserName"], "secret": headers["Secret"], "integration_code": headers["ApiIntegrationCode"]}
    keep(fleet, tenant, "credentials", "salesbuildr", recorded)
    return Rest(tenant.access["rest_url"], headers)


def said(run: Run) -> list[str]:
    """The lines that the playbook printed of what it found."""
    assert run.status == 0, run.output
    return re.findall(r"^(\S[^\n]* on \S+: [^\n]* found\..*?)\nok: ", run.output, re.DOTALL | re.MULTILINE)[-1].splitlines()


def under(lines: list[str], symptom: str) -> list[str]:
    """The lines below a symptom."""
    rest = lines[lines.index(f'The guide\'s case "{symptom}":') + 1 :]
    return rest[: next((place for place, line in enumerate(rest) if not line.startswith(" ")), len(rest))]


def test_a_vendors_list(fleet: Fleet) -> None:
    fleet.tenants = fleet.tenants[:1]
    [tenant] = fleet.tenants
    fleet.variables["salesbuildr_overrides"] = OVERRIDES
    control(tenant.address, "DELETE", "requests")

    nobody = said(fleet.playbook("msp.autotask.diagnose", autotask_vendor="salesbuildr"))
    assert nobody[0] == f"Salesbuildr on {tenant.slug}: 1 cause found."
    assert any('There is no API user "Bee API"' in line for line in under(nobody, "Connection failed"))

    rest = set_up(fleet, tenant)
    works = said(fleet.playbook("msp.autotask.diagnose", autotask_vendor="salesbuildr"))
    assert works[0].endswith("no causes found.") and not any("Cause:" in line or "Perhaps:" in line for line in works), works
    assert under(works, "Webhooks don't work")[0].startswith(
        "  Nothing wrong was found here. The guide's own advice: Give the user the level"
    )
    assert under(works, "Prices are in the wrong currency")[0].startswith("  For a person to look at: ")

    rest.ask("PATCH", "Companies", json={"id": 0, "countryID": None})
    rest.ask("PATCH", "Products", json={"id": rest.find("Products")[0]["id"], "productCategory": None})
    tenant.set_cells({"Other|Webhooks|Can create Webhooks|": False, "Service Desk|Object Permissions|Tickets|Add": "No"}, LEVEL)
    broken = said(fleet.playbook("msp.autotask.diagnose", autotask_vendor="salesbuildr"))
    assert broken[0].endswith("4 causes found.")
    expected = {
        "Connection failed": ["has no country", "doesn't grant Tickets:create"],
        "Products are missing after a synchronisation": ["have no category", "doesn't grant Tickets:create"],
        "Data is not synchronised": ["doesn't grant Tickets:create"],
        "Webhooks don't work": ['"Can create Webhooks" is not ticked'],
    }
    for symptom, causes in expected.items():
        lines = under(broken, symptom)
        for words in causes:
            place = next(place for place, line in enumerate(lines) if words in line)
            assert lines[place].startswith("  Cause: ") and lines[place + 1].startswith("    Proof: ")
            assert lines[place + 2].startswith("    Fix: ")
    assert 'set "Maximum number of Webhooks" to 10' in "".join(under(broken, "Webhooks don't work"))
    sent = control(tenant.address, "GET", f"requests?tenant={tenant.slug}")
    written = {request["path"] for request in sent if request["method"] != "GET" and "/query" not in request["path"]}
    assert {path.rpartition("/v1.0/")[2] for path in written} == {"Companies", "Products"}  # which was us


def test_an_own_profile(fleet: Fleet) -> None:
    fleet.tenants = fleet.tenants[:1]
    profile: dict[str, Any] = {
        "profile": 2,
        "integration": "example",
        "vendor": "Example",
        "security_levels": [{"key": "main", "name": "msp.autotask provisioner", "settings": {"CRM": {"Customer & Cancelation": "All"}}}],
        "api_users": [
            {
                "key": key,
                "first_name": first,
                "last_name": "API",
                "security_level": "main",
                "tracking_identifier": {"internal_integration_name": first},
            }
            for key, first in (("main", "Provisioner"), ("second", "Wasp"))
        ],
        "handover": {"to": "Example", "fields": []},
    }
    (fleet.folder / "my-vendor.yml").write_text(yaml.safe_dump(profile))
    lines = said(fleet.playbook("msp.autotask.diagnose", autotask_profile=str(fleet.folder / "my-vendor.yml")))
    assert lines[:2] == [f"Example on {fleet.tenants[0].slug}: 1 cause found.", "Found"]
    assert lines[2].startswith('  Cause: Wasp API: There is no API user "Wasp API"')


def test_neither(fleet: Fleet) -> None:
    run = fleet.playbook("msp.autotask.diagnose")
    assert run.status != 0 and "Name the vendor with -e autotask_vendor" in run.output
