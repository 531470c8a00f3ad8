# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The applier `ticket`: a change is a ticket in the tenant's own Autotask, its steps are checklist items. Private to the collection.

The ticket is found by its externalID. What was asked for, and what was attested, is kept in notes that are only ever added, never changed.
Every write is such that a run that stops after it is taken up by the next one, and that two controllers at once end in the same ticket.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils import _service_desk as service_desk
from ansible_collections.msp.autotask.plugins.module_utils._change import (
    Change,
    Decision,
    Line,
    Record,
    positions,
    record_from_json,
    with_record,
)
from ansible_collections.msp.autotask.plugins.module_utils._client import Client
from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError, InputError

PREFIX = "msp.autotask"
LONGEST_DESCRIPTION = 8000
LONGEST_INTEGRATION = 30  # externalID holds 50 characters
RECORD_TITLE = f"{PREFIX}: record"
REMARK_TITLE = f"{PREFIX}: remark"

DESCRIPTION = """This ticket is a change that the Ansible collection msp.autotask asks for: integration "{integration}", tenant "{tenant}".

Autotask has no interface that could make it, so please do it in the console: work the checklist from top to bottom and tick off what is done.
Nothing is stored in the console before Save & Close. If a step can't be done, leave it open and say why in a note.
{notes}
The next run of the playbook looks at what came of it and closes this ticket. Please don't change the wording of the items or the External ID;
the notes titled "{title}" are the collection's memory.
"""


def check_integration(name: str) -> str:
    """The key of an integration, fit to be part of an externalID. Raises InputError."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", name) or len(name) > LONGEST_INTEGRATION:
        raise InputError(
            ["integration"],
            f'"{name}" is not a key: lower-case letters, digits, dots, dashes and underscores, at most {LONGEST_INTEGRATION} characters',
            "integration",
        )
    return name


def read_changes(client: Client, integration: str, closed_status: str, lists: service_desk.Lists | None = None) -> list[Change]:
    """The changes of an integration as its tickets show them, oldest first. `lists` are the pick-lists of tickets, if they are known."""
    prefix = f"{PREFIX}/{integration}/"
    tickets: dict[int, list[dict[str, Any]]] = {}
    for row in service_desk.tickets_by_external_id(client, prefix):
        number = str(row["externalID"])[len(prefix) :]
        if number.isdecimal():
            tickets.setdefault(int(number), []).append(row)
    if not tickets:
        return []
    lists = lists or service_desk.ticket_lists(client)
    firsts = {number: rows[0] for number, rows in tickets.items()}
    ids = [int(row["id"]) for row in firsts.values()]
    lines, records = _lines_of(client, ids), _records_of(client, ids)
    return [
        Change(
            integration=integration,
            number=number,
            reference=str(row["ticketNumber"]),
            open=not service_desk.is_closed(row, lists, closed_status),
            lines=tuple(lines.get(int(row["id"]), ())),
            records=records.get(int(row["id"]), {}),
            id=int(row["id"]),
            opened=str(row.get("createDate") or ""),
            duplicates=tuple(int(other["id"]) for other in tickets[number][1:]),
        )
        for number, row in sorted(firsts.items())
    ]


def integrations_seen(client: Client) -> list[str]:
    """The keys of all integrations that have change tickets on the tenant, open or not, at the price of one request."""
    parts = [str(row["externalID"]).split("/") for row in service_desk.tickets_by_external_id(client, f"{PREFIX}/")]
    return sorted({part[1] for part in parts if len(part) == 3 and part[2].isdecimal()})


def progress(client: Client, change: Change) -> Change | None:
    """The change with its checklist as it stands now, at the price of one request; None when its ticket isn't there any more."""
    lines = _lines_of(client, [change.id]).get(change.id, [])
    if not lines and service_desk.ticket(client, change.id) is None:
        return None
    return replace(change, lines=tuple(lines))


def _lines_of(client: Client, ids: Sequence[int]) -> dict[int, list[Line]]:
    lines: dict[int, list[Line]] = {}
    for row in service_desk.checklists(client, ids):
        line = Line(int(row["id"]), str(row["itemName"]), bool(row.get("isCompleted")), int(row.get("position") or 0))
        lines.setdefault(int(row["ticketID"]), []).append(line)
    return lines


def _records_of(client: Client, ids: Sequence[int]) -> dict[int, dict[str, Record]]:
    """The newest record of each object; notes come oldest first."""
    records: dict[int, dict[str, Record]] = {}
    for row in service_desk.notes(client, ids, RECORD_TITLE):
        record = record_from_json(str(row.get("description") or "").rpartition("\n")[2])
        if record:
            records.setdefault(int(row["ticketID"]), {})[record.subject] = record
    return records


def to_facts(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Changes as plain data, for a later task of the same run."""
    return [asdict(change) for change in changes]


def from_facts(facts: Iterable[Mapping[str, Any]]) -> list[Change]:
    """The changes that `to_facts` made plain."""
    return [
        Change(
            **{
                **fact,
                "lines": tuple(Line(**line) for line in fact["lines"]),
                "records": {subject: Record(**{**record, "steps": tuple(record["steps"])}) for subject, record in fact["records"].items()},
                "duplicates": tuple(fact["duplicates"]),
                "notes": tuple(fact["notes"]),
            }
        )
        for fact in facts
    ]


class TicketApplier:
    """Keeps the changes of one integration in tickets of its tenant. `options` are those of the module option `ticket`."""

    room: int | None = service_desk.MOST_ITEMS

    def __init__(
        self,
        client: Client,
        integration: str,
        tenant: str,
        options: Mapping[str, Any],
        notes: Sequence[str] = (),
        known: Sequence[Change] | None = None,
        expected: str | None = None,
    ) -> None:
        self.client = client
        self.integration = check_integration(integration)
        self.tenant = tenant
        self.options = options
        self.notes = notes
        self.expected = expected
        self._known = known
        self._fresh = False

    @functools.cached_property
    def _lists(self) -> service_desk.Lists:
        return service_desk.ticket_lists(self.client)

    @functools.cached_property
    def _fields(self) -> dict[str, Any]:
        return service_desk.ticket_fields(self.client, self._lists, self.options)

    @functools.cached_property
    def _note_fields(self) -> dict[str, int]:
        return service_desk.note_fields(self.client)

    def changes(self, fresh: bool = False) -> list[Change]:
        """See `Applier`. Raises AutotaskError when the ticket that this run has been working with is gone."""
        if self._known is None or (fresh and not self._fresh):
            self._read()
        known = self._known or ()
        if self.expected and self._fresh and not any(change.reference == self.expected for change in known):
            raise AutotaskError(
                f"The change ticket {self.expected} isn't there any more: somebody deleted it, or took its External ID away. "
                "Nothing was written. Run again, and a new ticket will be opened.",
                "change_gone",
            )
        return list(known)

    def _read(self) -> list[Change]:
        changes = read_changes(self.client, self.integration, self.options["closed_status"], self._lists)
        self._known, self._fresh = changes, True
        return changes

    def request(self, decision: Decision, record: Record) -> Change:
        """See `Applier`."""
        self._check_before_writing(record)
        change = self._opened(decision.change, "Steps of it are needed again.")
        if decision.knowledge.contradictions:
            text = (
                "Ticked off, but not seen:\n"
                + "\n".join(decision.knowledge.contradictions)
                + "\nThe steps that this concerns are open again."
            )
            self._note(change, REMARK_TITLE, text)
        before = change.assigned.get(record.subject, ())
        change = with_record(change, record)
        after = change.assigned[record.subject]
        for line in before:
            if line and line not in after:
                service_desk.remove_item(self.client, change.id, line.id)
        for line, position in zip(after, positions(change, record), strict=True):
            if line and line.done:
                service_desk.reopen_item(self.client, change.id, line.id, position)
        self._keep(change, record)
        self._add_missing(change, record)
        self._retire_duplicates(change)
        return self._again(change.number)

    def _check_before_writing(self, record: Record) -> None:
        """Find what would stop us half-way: labels that the tenant doesn't have, a document that no note can hold."""
        if not self._fields or len(record.to_json()) > service_desk.LONGEST_NOTE - 500:
            raise AutotaskError(
                f"The document of {record.subject} doesn't fit into a ticket's note; use `apply_via: runsheet`.", "note_too_long"
            )

    def resume(self, change: Change, record: Record) -> Change:
        """See `Applier`."""
        left = tuple(change.open_steps(record.subject))
        opened = self._opened(change, "It was closed while these steps were open:\n" + "\n".join(left))
        if opened.number != change.number:
            record = replace(record, steps=left)
            opened = with_record(opened, record)
            self._keep(opened, record)
        self._add_missing(opened, record)
        return self._again(opened.number)

    def attest(self, change: Change, record: Record) -> Change:
        """See `Applier`."""
        self._keep(change, record)
        return self._again(change.number)

    def close(self, change: Change) -> Change:
        """See `Applier`."""
        service_desk.update_ticket(self.client, change.id, {"status": self._fields["closed_status"]})
        self._retire_duplicates(change)
        return self._again(change.number)

    def _opened(self, change: Change | None, why: str) -> Change:
        """The change with its ticket open, or a new change where there is none, or where we may not open a completed ticket again.

        That takes the permission "Can edit Status of complete tickets"; without it Autotask answers 200 and changes nothing.
        """
        if change is not None and not change.open:
            self._note(change, REMARK_TITLE, f"This ticket is opened again, or another one in its place. {why}")
            service_desk.update_ticket(self.client, change.id, {"status": self._fields["status"]})
            again = self._again(change.number)
            change = again if again.open else None
        return change or self._open(max((known.number for known in self.changes()), default=0) + 1)

    def _open(self, number: int) -> Change:
        """Open the ticket of a change. When another controller did the same at the same moment, the older ticket stays."""
        external_id = f"{PREFIX}/{self.integration}/{number}"
        title = f"{self.tenant}: set up {self.integration} (change {number})"
        known_before = "".join(f"\n- {text}" for text in self.notes)
        notes = f"\nGood to know before:{known_before}\n" if known_before else ""
        description = DESCRIPTION.format(integration=self.integration, tenant=self.tenant, title=RECORD_TITLE, notes=notes)[
            :LONGEST_DESCRIPTION
        ]
        ticket_id = service_desk.create_ticket(self.client, self._fields, title, description, external_id, int(self.options["due_days"]))
        change = self._again(number)
        if ticket_id in change.duplicates:
            self._retire_duplicates(change)
        return change

    def _retire_duplicates(self, change: Change) -> None:
        """Close the tickets that other runs opened for the same change at the same moment."""
        for ticket_id in change.duplicates:
            self._note_on(ticket_id, REMARK_TITLE, f"{change.reference} was opened for the same change; this ticket is not needed.")
            service_desk.update_ticket(self.client, ticket_id, {"externalID": "", "status": self._fields["closed_status"]})

    def _again(self, number: int) -> Change:
        """The change as it stands now, read anew. Lines that two controllers added at once are there once afterwards."""
        change = next((known for known in self._read() if known.number == number), None)
        if change is None:
            raise AutotaskError(f"The ticket of change {number} vanished while this run was working with it. Run again.", "change_gone")
        return change

    def _keep(self, change: Change, record: Record) -> None:
        state = "done and attested" if record.attested else "asked for"
        self._note(
            change,
            f"{RECORD_TITLE}, {record.subject}"[:250],
            f"{record.subject}: {state}. The next line is for machines.\n{record.to_json()}",
        )

    def _note(self, change: Change, title: str, text: str) -> None:
        self._note_on(change.id, title, text)

    def _note_on(self, ticket_id: int, title: str, text: str) -> None:
        service_desk.add_note(self.client, ticket_id, title, text, self._note_fields)

    def _add_missing(self, change: Change, record: Record) -> None:
        for text, line, position in zip(record.steps, change.assigned[record.subject], positions(change, record), strict=True):
            if line is None:
                service_desk.add_item(self.client, change.id, text, position)
        now = replace(change, lines=tuple(_lines_of(self.client, [change.id]).get(change.id, ())))
        needed = {line for lines in now.assigned.values() for line in lines}
        for line in now.lines:
            if line.text in record.steps and not line.done and line not in needed:
                service_desk.remove_item(self.client, change.id, line.id)  # another controller added it at the same moment
