# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tickets in the console: what REST opened is worked there, and REST sees what was done."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.operator import tickets
from sandbox.operator.browser import Tab
from sandbox.operator.labels import Stuck
from tests.sandboxes import Tenant

from .people import change_ticket, sign_in, ticked, ticket_number


@pytest.fixture
def ticket_id(tenant: Tenant) -> int:
    """A change ticket of two steps."""
    return change_ticket(tenant, "First <step>.", "Second step.")


@pytest.fixture
def tab(tenant: Tenant, ticket_id: int) -> Tab:
    """Somebody who looks at the list of tickets."""
    tab = sign_in(tenant)
    tab.walk(("Service Desk", "Tickets"))
    return tab


def open_ticket(tab: Tab, tenant: Tenant, ticket_id: int) -> None:
    tab.follow(ticket_number(tenant, ticket_id))


def record(tenant: Tenant, ticket_id: int) -> dict[str, Any]:
    return dict(tenant.rest.ask("GET", f"Tickets/{ticket_id}")["item"])


def test_open_tickets_are_listed_by_queue(tab: Tab, tenant: Tenant, ticket_id: int) -> None:
    number = ticket_number(tenant, ticket_id)
    assert number in dict(tickets.listed(tab))
    assert number in dict(tickets.listed(tab, "Administration"))
    assert number not in dict(tickets.listed(tab, "Service Desk"))
    complete = [ticket["ticketNumber"] for ticket in tenant.control("GET", "records/Tickets") if ticket["status"] == 5]
    assert complete and not set(complete) & set(dict(tab.rows()))


def test_a_link_from_elsewhere_opens_a_ticket(tab: Tab, tenant: Tenant, ticket_id: int) -> None:
    number = ticket_number(tenant, ticket_id)
    for named in (f"TicketNumber={number}", f"TicketID={ticket_id}"):
        tab.open(f"/Autotask/AutotaskExtend/ExecuteCommand.aspx?Code=OpenTicketDetail&{named}")
        assert tab.url.endswith(f"/service-desk/tickets/{ticket_id}")


def test_tickets_are_found_by_number_title_and_external_id(tab: Tab, tenant: Tenant, ticket_id: int) -> None:
    for wanted in (ticket_number(tenant, ticket_id), "SET UP BEE", "msp.autotask/"):
        tab.open(f"/service-desk/tickets?find={wanted}")
        assert list(dict(tab.rows())) == [ticket_number(tenant, ticket_id)]


def test_a_ticket_shows_its_steps_in_order(tab: Tab, tenant: Tenant, ticket_id: int) -> None:
    open_ticket(tab, tenant, ticket_id)
    assert [(step.text, step.done) for step in tickets.read(tab).steps] == [("First <step>.", False), ("Second step.", False)]


def test_ticking_says_who_and_when_and_clearing_forgets_it(tab: Tab, tenant: Tenant, ticket_id: int) -> None:
    open_ticket(tab, tenant, ticket_id)
    step = tickets.read(tab).steps[1]
    tickets.tick(tab, step)
    assert ticked(tenant, ticket_id) == [False, True]
    item = tenant.rest.find("TicketChecklistItems", {"op": "eq", "field": "isCompleted", "value": True})[-1]
    admin = next(one for one in tenant.control("GET", "records/Resources") if one["userName"] == "admin")
    assert item["completedByResourceID"] == admin["id"]
    assert item["completedDateTime"]
    tickets.tick(tab, step, done=False)
    item = tenant.rest.ask("GET", f"TicketChecklistItems/{item['id']}")["item"]
    assert (item["isCompleted"], item["completedByResourceID"], item["completedDateTime"]) == (False, None, None)


def test_a_note_is_seen_over_rest(tab: Tab, tenant: Tenant, ticket_id: int) -> None:
    open_ticket(tab, tenant, ticket_id)
    tickets.add_note(tab, "Look <here>", "It is\n<b>done</b>.")
    (note,) = tenant.rest.find("TicketNotes", {"op": "eq", "field": "ticketID", "value": ticket_id})
    assert (note["title"], note["description"].replace("\r", "")) == ("Look <here>", "It is\n<b>done</b>.")
    assert any("Look <here>" in shown and "<b>done</b>" in shown for shown in tickets.read(tab).notes)


def test_a_note_needs_a_title_and_a_text(tab: Tab, tenant: Tenant, ticket_id: int) -> None:
    open_ticket(tab, tenant, ticket_id)
    with pytest.raises(Stuck, match="needs a Title and a Description"):
        tab.press("Save Note")


def test_a_completed_ticket_leaves_the_list(tab: Tab, tenant: Tenant, ticket_id: int) -> None:
    open_ticket(tab, tenant, ticket_id)
    tab.put((), "Status", "", "In Progress")
    tab.press("Save")
    assert not record(tenant, ticket_id)["completedDate"]
    tab.put((), "Status", "", "Complete")
    tab.press("Save")
    assert record(tenant, ticket_id)["completedDate"]
    tab.walk(("Service Desk", "Tickets"))
    assert ticket_number(tenant, ticket_id) not in dict(tab.rows())


def test_what_was_deleted_is_said_to_be_gone(tab: Tab, tenant: Tenant, ticket_id: int) -> None:
    open_ticket(tab, tenant, ticket_id)
    step = tickets.read(tab).steps[0]
    tenant.control("DELETE", f"tickets/{ticket_id}")
    with pytest.raises(Stuck, match="may have been deleted"):
        tickets.tick(tab, step)
