# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""BeeCastle as somebody set it up by hand, for tests of what comes after that: a tenth of the time that its playbook and people take."""

from __future__ import annotations

from typing import Any

import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from tests.sandbox.people import copy_level, new_api_user, sign_in
from tests.sandboxes import Tenant

from .running import PASSWORD, Fleet

LEVEL = "BeeCastle API"


def plant(fleet: Fleet, tenant: Tenant, vendor: str = "") -> dict[str, str]:
    """Makes level and user in the tenant's console, keeps its credentials and hands them over; returns them.

    With the name of an integration `vendor` its tracking identifier is the vendor's, else the user has one of its own.
    """
    tab = sign_in(tenant)
    copy_level(tab, LEVEL)
    tab.put((), "Active", "", True)
    tab.press("Save & Close")
    shown = new_api_user(tab, "API", LEVEL, first_name="BeeCastle", vendor=vendor)
    tab.press("Save & Close")
    credentials = {"user_name": shown["UserName"], "secret": shown["Secret"]}
    if not vendor:
        credentials["integration_code"] = shown["ApiIntegrationCode"]
    keep(fleet, tenant, "credentials", "beecastle", credentials)
    keep(fleet, tenant, "handover", "beecastle", {"fields": {"Key": shown["UserName"], "Secret": shown["Secret"]}})
    return credentials


def keep(fleet: Fleet, tenant: Tenant, folder: str, name: str, content: dict[str, Any]) -> None:
    """Writes a file of the fleet's as the playbooks do: encrypted with its vault password."""
    path = fleet.folder / folder / tenant.slug / f"{name}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(VaultLib().encrypt(yaml.safe_dump(content), secret=VaultSecret(PASSWORD.encode())))
    path.chmod(0o600)
