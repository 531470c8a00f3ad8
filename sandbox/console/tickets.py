# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The pages of the Service Desk: the list of open tickets, and a ticket with its checklist and its notes."""

from __future__ import annotations

from itertools import groupby

from starlette.responses import Response

from sandbox import tickets
from sandbox.console.look import Look
from sandbox.console.visit import Visit
from sandbox.model import Record
from sandbox.store import now

LIST = "/service-desk/tickets"
COMMAND = "/Autotask/AutotaskExtend/ExecuteCommand.aspx"
"""Links into the console from elsewhere (Autotask help, ExecuteCommand API)."""
NATIVE = Look()
"""The look of these pages in every console, so that the operator can work a ticket in each."""


def listing(visit: Visit) -> Response:
    """Open tickets by queue; with Find, those whose number, title or external id contains a text."""
    wanted = visit.request.query_params.get("find", "").strip()
    queues, statuses, priorities = _labels(visit, "queueID"), _labels(visit, "status"), _labels(visit, "priority")
    rows = [
        {
            "id": ticket["id"],
            "number": ticket["ticketNumber"],
            "title": ticket["title"],
            "queue": queues.get(ticket.get("queueID"), "No queue"),
            "status": statuses.get(ticket["status"], ""),
            "priority": priorities.get(ticket["priority"], ""),
            "created": ticket["createDate"],
            "external_id": ticket.get("externalID") or "",
        }
        for ticket in visit.store.query(visit.tenant.id, "Tickets")
        if ticket["status"] != tickets.COMPLETE
    ]
    rows = [row for row in rows if wanted.lower() in f"{row['number']} {row['title']} {row['external_id']}".lower()]
    rows.sort(key=lambda row: (row["queue"], row["number"]))
    tables = [(queue, list(part)) for queue, part in groupby(rows, key=lambda row: row["queue"])]
    return visit.page("tickets.html", look=NATIVE, tables=tables, find=wanted)


def ticket(visit: Visit) -> Response:
    """One ticket."""
    record = _ticket(visit)
    return _page(visit, record) if record else visit.missing()


def command(visit: Visit) -> Response:
    """Opens what a link from elsewhere names. Of the commands there is the one for a ticket, by its number or its id."""
    asked = visit.request.query_params
    if asked.get("Code") != "OpenTicketDetail":
        return visit.missing()
    found = [
        record["id"]
        for record in visit.store.query(visit.tenant.id, "Tickets")
        if record["ticketNumber"] == asked.get("TicketNumber") or str(record["id"]) == asked.get("TicketID")
    ]
    return visit.go(f"{LIST}/{found[0]}") if found else visit.missing()


def tick(visit: Visit) -> Response:
    """Ticks one item of the checklist, or clears it."""
    record = _ticket(visit)
    item = visit.store.get(visit.tenant.id, "TicketChecklistItems", visit.number("item_id"))
    if record is None or item is None or item["ticketID"] != record["id"]:
        return visit.missing()
    done = visit.text("completed") == "yes"
    change = {"isCompleted": done} | tickets.tick_stamps(item["isCompleted"], done, visit.person.id)
    visit.store.update(visit.tenant.id, "TicketChecklistItems", item["id"], change)
    return visit.go(f"{LIST}/{record['id']}#item-{item['id']}")


def add_note(visit: Visit) -> Response:
    """Adds a note."""
    record = _ticket(visit)
    if record is None:
        return visit.missing()
    title, text = visit.text("title"), visit.text("description")
    if not title or not text:
        visit.session.refusal = "A note needs a Title and a Description."
        return _page(visit, record, status=422)
    note = {
        "ticketID": record["id"],
        "title": title,
        "description": text,
        "noteType": 1,
        "publish": 1,
        "creatorResourceID": visit.person.id,
        "createDateTime": now(),
        "lastActivityDate": now(),
    }
    visit.store.insert(visit.tenant.id, "TicketNotes", note)
    return visit.go(f"{LIST}/{record['id']}#notes", "The note was added.")


def set_status(visit: Visit) -> Response:
    """Changes the ticket's status."""
    record = _ticket(visit)
    if record is None:
        return visit.missing()
    statuses = _labels(visit, "status")
    status = next((value for value in statuses if str(value) == visit.text("status")), None)
    if not isinstance(status, int):
        visit.session.refusal = "Status is required."
        return _page(visit, record, status=422)
    change = {"status": status, "lastActivityDate": now()} | tickets.status_stamps(record["status"], status, visit.person.id)
    visit.store.update(visit.tenant.id, "Tickets", record["id"], change)
    return visit.go(f"{LIST}/{record['id']}", f"Status is {statuses[status]}.")


def _page(visit: Visit, record: Record, status: int = 200) -> Response:
    tenant_id = visit.tenant.id
    items = visit.store.query(tenant_id, "TicketChecklistItems", ticketID=record["id"])
    notes = visit.store.query(tenant_id, "TicketNotes", ticketID=record["id"])
    resources = {
        resource["id"]: f"{resource['firstName']} {resource['lastName']}" for resource in visit.store.query(tenant_id, "Resources")
    }
    company = visit.store.get(tenant_id, "Companies", record["companyID"])
    return visit.page(
        "ticket.html",
        status,
        look=NATIVE,
        ticket=record,
        items=sorted(items, key=lambda item: (item.get("position") or 0, item["id"])),
        notes=notes,
        people=resources,
        company=company["companyName"] if company else "",
        queue=_labels(visit, "queueID").get(record.get("queueID"), "No queue"),
        priority=_labels(visit, "priority").get(record["priority"], ""),
        statuses=_labels(visit, "status"),
    )


def _ticket(visit: Visit) -> Record | None:
    return visit.store.get(visit.tenant.id, "Tickets", visit.number("ticket_id"))


def _labels(visit: Visit, field: str) -> dict[int | str | None, str]:
    return {choice.value: choice.label for choice in visit.store.choices(visit.tenant.id, f"Tickets.{field}")}
