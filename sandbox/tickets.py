# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What happens to a ticket and its checklist by itself: numbers, times, and what goes with a ticket when it is deleted."""

from __future__ import annotations

from datetime import UTC, datetime

from sandbox.model import Record
from sandbox.store import Store, now

COMPLETE = 5
"""The status of a finished ticket; its number is the same in every tenant."""

MAX_CHECKLIST_ITEMS = 40
"""So many checklist items a ticket may have: the pages of TicketChecklistItems and TicketChecklistLibraries. A newer copy of the page of
ChecklistLibraryChecklistItems says 100, and so does the help of the console."""

MAX_ITEM_CHARACTERS = 600
"""So long may a checklist item be: the page of TicketChecklistItems. Metadata captured in 2021 says 255."""


def new_number(store: Store, tenant_id: int) -> str:
    """The next ticket number of today: `T20261121.0001`."""
    prefix = f"T{datetime.now(UTC):%Y%m%d}"
    return f"{prefix}.{store.count(tenant_id, prefix):04}"


def status_stamps(before: int | None, after: int | None, resource_id: int) -> Record:
    """What a change of a ticket's status brings along: it is completed now and by this resource, or it is open again."""
    if (before == COMPLETE) == (after == COMPLETE):
        return {}
    done = after == COMPLETE
    return {"completedDate": now() if done else None, "completedByResourceID": resource_id if done else None}


def tick_stamps(before: bool, after: bool, resource_id: int) -> Record:
    """What ticking a checklist item brings along, or clearing it."""
    if before == after:
        return {}
    return {"completedDateTime": now() if after else None, "completedByResourceID": resource_id if after else None}


def delete(store: Store, tenant_id: int, ticket_id: int) -> bool:
    """Deletes a ticket with all that belongs to it, as a person may do in the console; False if there was none."""
    with store.transaction():
        for entity in ("TicketChecklistItems", "TicketNotes", "TicketCharges"):
            for record in store.query(tenant_id, entity, ticketID=ticket_id):
                store.delete(tenant_id, entity, record["id"])
        return store.delete(tenant_id, "Tickets", ticket_id)
