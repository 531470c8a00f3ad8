# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""People who use the console: they find everything by its label, as the operator does."""

from __future__ import annotations

import requests

from sandbox import credentials
from sandbox.operator.browser import Tab
from tests.sandboxes import Tenant

LEVELS = ("Admin", "Organization Settings & Users", "Resources/Users (HR)", "Security Levels")
USERS = ("Admin", "Organization Settings & Users", "Resources/Users (HR)", "Resources/Users")
API_USER = "API User (system) (API-only)"


def account(tenant: Tenant, user: str = "admin") -> tuple[str, str]:
    """User name and password of a person: `admin`, or `clerk`, who may not grant internal costs."""
    domain = tenant.access["console_user"].partition("@")[2]
    return f"{user}@{domain}", credentials.derived_secret(tenant.slug, user)


def browser(tenant: Tenant) -> Tab:
    """A browser that shows the sign-in page."""
    session = requests.Session()
    session.trust_env = False
    tab = Tab(session, tenant.access["console_url"])
    tab.open("")
    return tab


def sign_in(tenant: Tenant, user: str = "admin") -> Tab:
    """A browser in which somebody is signed in."""
    tab = browser(tenant)
    name, password = account(tenant, user)
    enter(tab, name, password)
    return tab


def enter(tab: Tab, name: str, password: str) -> None:
    """Goes through the two panels of the sign-in page."""
    tab.put((), "Username", "", name)
    tab.press("Continue")
    tab.put((), "Password", "", password)
    tab.press("Log In")


def copy_level(tab: Tab, name: str, source: str = API_USER) -> None:
    """Copies a level and renames the copy, whose editor stays open; nothing but the copy is stored yet."""
    tab.walk(LEVELS)
    tab.choose_from_menu(source, "Copy Security Level")
    tab.put((), "Name", "", name)


def edit_level(tab: Tab, name: str) -> None:
    """Opens the editor of a level, active or not."""
    tab.walk(LEVELS)
    tab.follow("Show Inactive")
    tab.choose_from_menu(name, "Edit Security Level")


def new_api_user(
    tab: Tab, last_name: str, level: str = "API User (system)", *, first_name: str = "Bee", vendor: str = ""
) -> dict[str, str]:
    """Fills in the page of a new API user with key, secret and an own identifier or a vendor's, and returns what it shows; nothing is stored yet."""
    tab.walk(USERS)
    tab.choose_beside("New", "New API User")
    tab.put((), "First Name", "", first_name)
    tab.put((), "Last Name", "", last_name)
    tab.put((), "Email Address", "", "bee@example.com")
    tab.put((), "Security Level", "", level)
    tab.put((), "Primary Internal Location", "", "Headquarters")
    tab.press("Generate Key")
    tab.press("Generate Secret")
    if vendor:
        tab.choose(("API Tracking Identifier",), "Integration Vendor")
        tab.put(("API Tracking Identifier",), "Integration Vendor", "", vendor)
    else:
        tab.choose(("API Tracking Identifier",), "Custom (Internal Integration)")
        tab.put(("API Tracking Identifier",), "Internal Integration Name", "", first_name)
    return {
        "UserName": tab.read("Username (Key)"),
        "Secret": tab.read("Password (Secret)"),
        "ApiIntegrationCode": "" if vendor else tab.read("Tracking Identifier"),
    }


def change_ticket(tenant: Tenant, *steps: str, external_id: str = "msp.autotask/alder/bee/1", queue: str = "Administration") -> int:
    """Opens a change ticket over REST, as the product does, with these steps. Returns its id."""
    fields = {field["name"]: field for field in tenant.rest.ask("GET", "Tickets/entityInformation/fields")["fields"]}
    queues = {value["label"]: int(value["value"]) for value in fields["queueID"]["picklistValues"]}
    ticket = {"title": "Set up Bee", "description": "Work the list.", "companyID": 0, "status": 1, "priority": 2}
    ticket |= {"queueID": queues[queue], "externalID": external_id}
    ticket_id = int(tenant.rest.ask("POST", "Tickets", json=ticket)["itemId"])
    for position, step in enumerate(steps, start=1):
        item = {"itemName": step, "position": position, "isCompleted": False}
        tenant.rest.ask("POST", f"Tickets/{ticket_id}/ChecklistItems", json=item)
    return ticket_id


def ticket_number(tenant: Tenant, ticket_id: int) -> str:
    """The number of a ticket."""
    return str(tenant.rest.ask("GET", f"Tickets/{ticket_id}")["item"]["ticketNumber"])


def ticked(tenant: Tenant, ticket_id: int) -> list[bool]:
    """Which steps of a ticket are ticked, in order."""
    items = tenant.rest.find("TicketChecklistItems", {"op": "eq", "field": "ticketID", "value": ticket_id})
    return [bool(item["isCompleted"]) for item in sorted(items, key=lambda item: item["position"])]


def notes(tenant: Tenant, ticket_id: int) -> list[str]:
    """The notes of a ticket."""
    return [note["description"] for note in tenant.rest.find("TicketNotes", {"op": "eq", "field": "ticketID", "value": ticket_id})]
