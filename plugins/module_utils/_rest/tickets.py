# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Tickets, their checklists and notes over REST, with pick-lists by label. Private to the collection.

Lengths and limits: captured metadata of Ticket, TicketChecklistItem and TicketNote.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from .._errors import Forbidden, InputError
from .._text import folded, quoted, suggestion
from .client import Client
from .rows import Row
from .tenant import companies_named, effective_access, pick_lists, resources

# Checklist items of a ticket: 40 by the page of REST (Autotask help, TicketChecklistItemsEntity); the console's help on checklists says 100.
# Where they contradict each other, the smaller number works everywhere.
MOST_ITEMS = 40
# Characters of TicketNotes.description.
LONGEST_NOTE = 32000
# No ticket has this id: what is asked of it is there to see whether it may be asked.
NO_TICKET = 0
TICKET_FIELDS = ("id", "ticketNumber", "title", "status", "externalID", "createDate", "creatorResourceID", "assignedResourceID")
# Opens a ticket in the browser of whoever is signed in to the console (Autotask help, ExecuteCommand API, Ticket Detail by Ticket Number).
TICKET_PAGE = "Autotask/AutotaskExtend/ExecuteCommand.aspx?Code=OpenTicketDetail&TicketNumber="
# Options of `ticket`, the field each one fills, and whether Autotask needs it.
LABELLED = {
    "queue": "queueID",
    "priority": "priority",
    "status": "status",
    "closed_status": "status",
    "source": "source",
    "issue_type": "issueType",
    "category": "ticketCategory",
    "type": "ticketType",
}
Lists = Mapping[str, Sequence[Mapping[str, Any]]]


# What a change takes, by entity, and what it takes to put other words where somebody has handed something in.
RIGHTS = {
    "Tickets": ("query", "create", "update"),
    "TicketNotes": ("query", "create"),
    "TicketChecklistItems": ("query", "create", "update", "delete"),
}
RIGHTS_OF_HAND_IN = {"TicketNotes": ("update",)}


def check_rights(client: Client, hand_in: bool = False) -> None:
    """Raises Forbidden where the user that the run works as is known not to see, or not to write, all of what a change is kept in.

    Who sees some tickets only doesn't find what it has opened, and would open it again. `hand_in` says that people put sealed blocks into notes.
    """
    access = effective_access(client, RIGHTS)
    lacking = _lacking(access, RIGHTS)
    if lacking:
        raise Forbidden(
            f"The user that this run works as can't keep a change in a ticket: {'; '.join(lacking)}. Nothing was written. Its security level needs Service "
            "Desk > Tickets with View All, Add and Edit, as that of the role msp.autotask.provisioner; or use `apply_via: runsheet`.",
            "ticket_rights",
        )
    if hand_in and (lacking := _lacking(access, RIGHTS_OF_HAND_IN)):
        raise Forbidden(
            f"The user that this run works as can't put other words where somebody has handed in credentials: {'; '.join(lacking)}. Nothing was written. Its "
            "security level needs Service Desk > Ticket Notes with Edit All: the part `hand_in` of the role msp.autotask.provisioner has it.",
            "ticket_rights",
        )


def _lacking(access: Mapping[str, Mapping[str, str]], rights: Mapping[str, Sequence[str]]) -> list[str]:
    return [
        f"{entity}: {operation} is {access[entity][operation]}"
        for entity, operations in rights.items()
        for operation in operations
        if access.get(entity, {}).get(operation) in ("None", "Restricted")
    ]


def ticket_lists(client: Client) -> Lists:
    """The pick-lists of tickets, by field."""
    return pick_lists(client, "Tickets", fixed=True)


def is_closed(row: Row, lists: Lists, closed_status: str) -> bool:
    """Whether a ticket has the status that closes it. Its completed date says less: it may stay when a ticket is opened again."""
    labels = {value["value"]: value["label"] for value in lists.get("status", [])}
    return folded(labels.get(str(row.whole("status")), "")) == folded(closed_status)


def ticket_fields(client: Client, lists: Lists, options: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a ticket's fields for the labels in `options` (keys of `LABELLED`, and `company`).

    Raises InputError for a label that the tenant doesn't have, with those that it has, and where no queue is named: Autotask opens no ticket that is
    neither in a queue nor assigned to somebody (Autotask help, TicketsEntity).
    """
    if not options.get("queue"):
        queues = [str(value["label"]) for value in lists.get("queueID", []) if value["active"]]
        raise InputError(
            ["ticket", "queue"],
            f"a ticket needs a queue; name one, such as autotask_ticket: {{queue: ...}}. This tenant has {quoted(queues)}",
            "missing",
        )
    fields: dict[str, Any] = {}
    for option, field in LABELLED.items():
        if options.get(option):
            key = option if option == "closed_status" else field
            fields[key] = _pick(lists.get(field, []), str(options[option]), ["ticket", option])
    fields["companyID"] = _company(client, options.get("company"))
    return fields


def _pick(values: Sequence[Mapping[str, Any]], label: str, place: Sequence[str]) -> int:
    active = [value for value in values if value["active"]]
    found = [value for value in active if value["label"] == label] or [value for value in active if folded(value["label"]) == folded(label)]
    if len(found) == 1:
        return int(found[0]["value"])
    labels = [str(value["label"]) for value in active]
    if found:
        raise InputError(place, f'"{label}" is there {len(found)} times; rename one of them in Autotask', "ambiguous_label")
    raise InputError(place, f'this tenant has no "{label}".{suggestion(label, labels)} It has {quoted(labels)}.', "unknown_label")


def _company(client: Client, name: object) -> int:
    """The id of the company, by its name; 0 is the tenant itself."""
    if not name:
        return 0
    found = companies_named(client, str(name))
    if len(found) == 1:
        return int(found[0]["id"])
    count = "no active company" if not found else f"{len(found)} active companies"
    raise InputError(["ticket", "company"], f'{count} of the name "{name}"', "unknown_company")


def ticket_page(web_url: str, number: str) -> str:
    """Where a browser shows the ticket of this number; empty where the address of the tenant's console isn't known."""
    known = web_url.startswith(("https://", "http://"))
    return f"{web_url.rstrip('/')}/{TICKET_PAGE}{quote(number, safe='')}" if known else ""


def names_of(client: Client, ids: Sequence[int]) -> dict[int, str]:
    """What people are called, by the ids of their resources."""
    return {one["id"]: f"{one['first_name']} {one['last_name']}".strip() for one in resources(client, ids)}


def tickets_by_external_id(client: Client, prefix: str, again: bool = False) -> list[Row]:
    """The tickets whose external id begins with the prefix, oldest first. `again`, here and below, asks another way than the first time."""
    rows = client.query("Tickets", {"op": "beginsWith", "field": "externalID", "value": prefix}, TICKET_FIELDS, by_post=again)
    return sorted(rows, key=_id)


def ticket(client: Client, ticket_id: int) -> Row | None:
    """One ticket, or None when it isn't there any more."""
    return client.item("Tickets", ticket_id)


def checklists(client: Client, ticket_ids: Sequence[int], again: bool = False) -> list[Row]:
    """The checklist items of some tickets, in their order."""
    where = {"op": "in", "field": "ticketID", "value": list(ticket_ids)}
    rows = client.query("TicketChecklistItems", where, by_post=again)
    return sorted(rows, key=lambda row: (row.whole("ticketID"), row.whole("position", 0), row.whole("id")))


def notes(client: Client, ticket_ids: Sequence[int], title_begins: str = "", again: bool = False) -> list[Row]:
    """The notes of some tickets, oldest first; where that is given, those whose title begins so."""
    where: list[dict[str, Any]] = [{"op": "in", "field": "ticketID", "value": list(ticket_ids)}]
    if title_begins:
        where.append({"op": "beginsWith", "field": "title", "value": title_begins})
    fields = ("id", "ticketID", "title", "description", "createDateTime", "creatorResourceID")
    return sorted(client.query("TicketNotes", where, fields, by_post=again), key=_id)


def ticks(client: Client, ticket_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """Who has ticked off the checklist items of some tickets, and when: by the items' ids, the id of the resource, 0 where none is named, and the time.

    Both are read-only (captured metadata of TicketChecklistItem).
    """
    if not ticket_ids:
        return {}
    rows = checklists(client, ticket_ids)
    return {
        row.whole("id"): (row.whole("completedByResourceID", 0), row.text("completedDateTime", ""))
        for row in rows
        if row.flag("isCompleted")
    }


def completed(client: Client, ticket_ids: Sequence[int]) -> dict[int, str]:
    """When some tickets were completed, by their ids; one that was opened again may have kept its time. Raises Unexpected."""
    if not ticket_ids:
        return {}
    rows = client.query("Tickets", {"op": "in", "field": "id", "value": list(ticket_ids)}, ("id", "completedDate"))
    return {row.whole("id"): time for row in rows if (time := row.text("completedDate", ""))}


def check_readable(client: Client) -> None:
    """Raises RequestError where the checklists and the notes of tickets can't be read. What is written has to be read back, and is known by nothing else."""
    checklists(client, [NO_TICKET])
    notes(client, [NO_TICKET])
    note_fields(client)


def _id(row: Row) -> int:
    return int(row.whole("id"))


def create_ticket(client: Client, fields: Mapping[str, Any], title: str, description: str, external_id: str, due_days: int) -> int:
    """Open a ticket; returns its id."""
    due = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=due_days)
    values = {name: value for name, value in fields.items() if name != "closed_status"}
    return client.create(
        "Tickets",
        {
            **values,
            "title": title,
            "description": description,
            "externalID": external_id,
            "dueDateTime": due.isoformat(timespec="seconds"),
        },
    )


def update_ticket(client: Client, ticket_id: int, values: Mapping[str, Any]) -> None:
    """Change fields of a ticket."""
    client.update("Tickets", {"id": ticket_id, **values})


def add_item(client: Client, ticket_id: int, text: str, position: int) -> int:
    """Add an open item to the checklist; returns its id."""
    record = {"ticketID": ticket_id, "itemName": text, "position": position, "isCompleted": False, "isImportant": False}
    return client.create(f"Tickets/{ticket_id}/ChecklistItems", record)


def reopen_item(client: Client, ticket_id: int, item_id: int, position: int) -> None:
    """Take the tick off an item again."""
    client.update(f"Tickets/{ticket_id}/ChecklistItems", {"id": item_id, "isCompleted": False, "position": position})


def remove_item(client: Client, ticket_id: int, item_id: int) -> None:
    """Remove an item from the checklist."""
    client.delete(f"Tickets/{ticket_id}/ChecklistItems/{item_id}")


def note_fields(client: Client) -> dict[str, int]:
    """Type and visibility of our notes: the tenant's defaults, or the first it offers; among visibilities an internal one, where there is one."""
    lists = pick_lists(client, "TicketNotes", fixed=True)
    fields = {}
    for field in ("noteType", "publish"):
        active = [value for value in lists.get(field, []) if value["active"]]
        internal = [value for value in active if field == "publish" and "internal" in value["label"].casefold()]
        fields[field] = int(next(iter(internal or [value for value in active if value["default"]] or active), {"value": 1})["value"])
    return fields


def add_note(client: Client, ticket_id: int, title: str, text: str, fields: Mapping[str, int]) -> int:
    """Add a note; returns its id. `fields` are those of `note_fields`."""
    return client.create(f"Tickets/{ticket_id}/Notes", {"ticketID": ticket_id, "title": title, "description": text, **fields})


def change_note(client: Client, ticket_id: int, note_id: int, text: str) -> None:
    """Put another text into a note. Notes can't be deleted over REST (Autotask help, TicketNotes)."""
    client.update(f"Tickets/{ticket_id}/Notes", {"id": note_id, "description": text})
