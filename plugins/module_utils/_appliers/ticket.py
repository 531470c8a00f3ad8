# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The applier `ticket`: a change is a ticket in the tenant's own Autotask, its steps are checklist items. Private to the collection.

The ticket is found by its externalID. What was asked for, and what was attested, is kept in notes that are only ever added, never changed.
Every write is such that a run that stops after it is taken up by the next one, and that two controllers at once end in the same ticket.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from .._change.decide import Decision
from .._change.model import Change, Line, Record, positions, record_from_json, with_record
from .._documents.names import check_key
from .._documents.observed import provisioners
from .._errors import AutotaskError, Rejected, RequestError
from .._rest import tickets as service_desk
from .._rest.client import Client
from .._rest.rows import Row, contradictory, unexpected
from .._rest.tenant import levels_and_users
from .._text import as_json
from .base import ApplierFor, ByPeople, How, Request, hand_in_line

PREFIX = "msp.autotask"
# Characters of a ticket's fields in the captured metadata.
LONGEST_TITLE, LONGEST_DESCRIPTION = 255, 8000
RECORD_TITLE = f"{PREFIX}: record"
REMARK_TITLE = f"{PREFIX}: remark"
RADIUS_TITLE = f"{PREFIX}: blast radius"
DESCRIPTION = """This ticket is a change that the Ansible collection msp.autotask asks for: {vendor}integration "{integration}", tenant "{tenant}".
{guide}
Autotask has no interface that could make it, so please do it in the console: work the checklist from top to bottom and tick off what is done.
Nothing is stored in the console before Save & Close. If a step can't be done, leave it open and say why in a note.
{notes}
The next run of the playbook verifies the result and closes this ticket. Please don't change the wording of the items or the External ID;
the notes titled "{title}" are the collection's memory.
"""


@dataclass(frozen=True)
class Desk:
    """The tickets of a tenant, whose console is at `web_url`. Those that `provisioners` (ids of API users) opened count, and their notes; `say` is told of
    others that claim to.

    Whoever may write a ticket or a note could otherwise have the collection do anything.
    """

    client: Client
    closed_status: str
    provisioners: Collection[int]
    say: Callable[[str], None]
    web_url: str = ""

    def ours(self, rows: Iterable[Row], what: str) -> list[Row]:
        """Those of the rows that count."""
        found = []
        for row in rows:
            creator = row.whole("creatorResourceID", None)
            if creator in self.provisioners:
                found.append(row)
            else:
                self.say(
                    f"{what} {row.text('ticketNumber', '') or row.whole('id')} looks like one of msp.autotask, but was made by the resource {creator}, "
                    "who is no provisioner of this tenant. It is ignored; find out who did that."
                )
        return found


def desk_of(how: How, client: Client) -> Desk:
    """The tickets of the tenant that an applier works on."""
    observed = how.observed() if how.observed else levels_and_users(client)
    web_url = how.web_url or client.zone.web_url
    return Desk(client, how.ticket["closed_status"], provisioners(observed, client.credentials.user_name), how.say, web_url)


def read_changes(desk: Desk, integrations: Collection[str] | None = None, again: bool = False) -> dict[str, list[Change]]:
    """The changes of every integration that has tickets on the tenant, oldest first, all of them at the price of three requests.

    Only those of `integrations` have their lines and records, where that is given; of one of them alone the tickets are asked for. `again` asks another
    way than the first time.
    """
    client = desk.client
    alone = next(iter(integrations)) if integrations is not None and len(integrations) == 1 else ""
    rows = service_desk.tickets_by_external_id(client, f"{PREFIX}/{alone}/" if alone else f"{PREFIX}/", again)
    tickets = _tickets_by_change(desk.ours(rows, "The ticket"))
    if not tickets:
        return {}
    ids = [rows[0].whole("id") for (name, _number), rows in tickets.items() if integrations is None or name in integrations]
    lists = service_desk.ticket_lists(client)
    lines, records = (_lines_of(client, ids, again), _records_of(desk, ids, again)) if ids else ({}, {})
    is_open = {rows[0].whole("id"): not service_desk.is_closed(rows[0], lists, desk.closed_status) for rows in tickets.values()}
    on_desks = {rows[0].whole("id"): rows[0].whole("assignedResourceID", 0) for rows in tickets.values()}
    # A second look is about what is there. Whose desk it is on is told by the first one, and by the one after the last write.
    asked = {person for ticket_id, person in on_desks.items() if person and is_open[ticket_id] and not again}
    people = service_desk.names_of(client, sorted(asked))
    found: dict[str, list[Change]] = {}
    for (name, number), rows in sorted(tickets.items()):
        ticket_id = rows[0].whole("id")
        change = Change(
            integration=name,
            number=number,
            reference=rows[0].text("ticketNumber"),
            open=is_open[ticket_id],
            lines=tuple(lines.get(ticket_id, ())),
            records=records.get(ticket_id, {}),
            id=ticket_id,
            opened=rows[0].text("createDate", ""),
            duplicates=tuple(other.whole("id") for other in rows[1:]),
            url=service_desk.ticket_page(desk.web_url, rows[0].text("ticketNumber")),
            assignee=people.get(on_desks[ticket_id], ""),
        )
        found.setdefault(name, []).append(change)
    return found


def _tickets_by_change(rows: Iterable[Row]) -> dict[tuple[str, int], list[Row]]:
    """The tickets of each change, by the integration and the number that the external id names; the oldest one of a change counts."""
    tickets: dict[tuple[str, int], list[Row]] = {}
    for row in rows:
        _prefix, _slash, rest = row.text("externalID").partition("/")
        name, _slash, number = rest.partition("/")
        if name and number.isdecimal():
            tickets.setdefault((name, int(number)), []).append(row)
    return tickets


def integrations_seen(desk: Desk) -> list[str]:
    """The keys of all integrations that have change tickets on the tenant, open or not, at the price of one request."""
    rows = service_desk.tickets_by_external_id(desk.client, f"{PREFIX}/")
    return sorted({name for name, _number in _tickets_by_change(desk.ours(rows, "The ticket"))})


def _lines_of(client: Client, ids: Sequence[int], again: bool = False) -> dict[int, list[Line]]:
    lines: dict[int, list[Line]] = {}
    for row in service_desk.checklists(client, ids, again):
        line = Line(row.whole("id"), row.text("itemName"), row.flag("isCompleted"), row.whole("position", 0))
        lines.setdefault(row.whole("ticketID"), []).append(line)
    return lines


def _records_of(desk: Desk, ids: Sequence[int], again: bool) -> dict[int, dict[str, Record]]:
    """The newest record of each object; notes come oldest first."""
    records: dict[int, dict[str, Record]] = {}
    for row in desk.ours(service_desk.notes(desk.client, ids, RECORD_TITLE, again), "The note"):
        record = record_from_json(row.text("description", "").rpartition("\n")[2])
        if record:
            records.setdefault(row.whole("ticketID"), {})[record.subject] = record
    return records


def _as_list(words: Iterable[str]) -> str:
    """A line for each, below what stands before."""
    return "".join(f"\n- {text}" for text in words)


def _lost(before: Sequence[Change], now: Sequence[Change]) -> str:
    """What was there and isn't any more, for people; empty for nothing. A line that another controller has asked for as well may go."""
    by_number = {change.number: change for change in now}
    for change in before:
        same = by_number.get(change.number)
        if same is None:
            return f"the ticket {change.reference}"
        if not set(change.records) <= set(same.records):
            return f"notes of the ticket {change.reference}"
        if not {line.text for line in change.lines} <= {line.text for line in same.lines}:
            return f"checklist items of the ticket {change.reference}"
    return ""


def to_facts(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Changes as plain data, for a later task of the same run."""
    return [{**asdict(change), "records": [record.to_data() for record in change.records.values()]} for change in changes]


def from_facts(facts: Iterable[Row]) -> list[Change]:
    """The changes that `to_facts` made plain. Raises Unexpected for what it didn't make, AutotaskError (`newer_version`)."""
    return [_change_of(fact) for fact in facts]


def _change_of(fact: Row) -> Change:
    records = [_record_of(row) for row in fact.rows("records")]
    return Change(
        integration=fact.text("integration"),
        number=fact.whole("number"),
        reference=fact.text("reference"),
        open=fact.flag("open"),
        lines=tuple(Line(row.whole("id"), row.text("text"), row.flag("done"), row.whole("position")) for row in fact.rows("lines")),
        records={record.subject: record for record in records},
        id=fact.whole("id"),
        opened=fact.text("opened"),
        duplicates=tuple(fact.wholes("duplicates")),
        notes=tuple(fact.texts("notes")),
        url=fact.text("url", ""),
        assignee=fact.text("assignee", ""),
    )


def _record_of(row: Row) -> Record:
    # What is no JSON can't have come from a note.
    record = record_from_json(as_json(row.values))
    if record is None:
        raise unexpected(row.place, "it is no record of an object")
    return record


@contextmanager
def opened(how: How) -> Iterator[ApplierFor]:
    """The appliers of a tenant that keep its changes in tickets. Raises AutotaskError where there are no credentials."""
    client = how.client
    if client is None:
        raise AutotaskError("Tickets need credentials of the tenant; a run sheet needs none.", "connection_missing")
    fields = functools.cache(lambda: service_desk.ticket_fields(client, service_desk.ticket_lists(client), how.ticket))
    check_readable = functools.cache(lambda: _check_readable(client))
    yield lambda request: ByPeople(TicketKeeper(client, how, request, fields, check_readable))


def _check_readable(client: Client) -> None:
    """Raises AutotaskError where what is kept in a ticket couldn't be read again, before one is opened."""
    try:
        service_desk.check_readable(client)
    except RequestError as error:
        raise AutotaskError(f"{error} No ticket was opened, because what is kept in one couldn't be read again.", error.code) from error


class TicketKeeper:
    """Keeps the changes of one integration in tickets of its tenant."""

    capacity: int | None = service_desk.MOST_ITEMS

    def __init__(
        self, client: Client, how: How, request: Request, fields: Callable[[], dict[str, Any]], check_readable: Callable[[], None]
    ) -> None:
        self.client = client
        self._how = how
        self.integration = check_key(request.integration)
        self.tenant = how.tenant
        self.options = how.ticket
        self.expected = request.expected
        self._asked = request
        self._fields = fields
        self._check_readable = check_readable
        self._known: list[Change] | None = None if request.known is None else list(request.known)
        self._written: set[int] = set()
        self._told: set[int] = set()

    @functools.cached_property
    def _desk(self) -> Desk:
        return desk_of(self._how, self.client)

    @functools.cached_property
    def _note_fields(self) -> dict[str, int]:
        return service_desk.note_fields(self.client)

    def changes(self) -> list[Change]:
        """See `Keeper`."""
        return list(self._read() if self._known is None else self._known)

    def refresh(self) -> None:
        """See `Keeper`. Raises AutotaskError when the ticket that this run has been working with is gone, or something is not there that just was."""
        before = self.changes()
        known = self._read(again=True)
        self._check_expected()
        if lost := _lost(before, known):
            raise contradictory(lost)

    def _read(self, again: bool = False) -> list[Change]:
        found = read_changes(self._desk, [self.integration], again)
        self._known = found.get(self.integration, [])
        return self._known

    def request(self, decision: Decision, record: Record) -> Change:
        """See `Keeper`."""
        change = self._opened(decision.change, "Steps of it are needed again.")
        if record.steps:
            self._tell_blast_radius(change)
        if decision.knowledge.contradictions:
            lines = "\n".join(decision.knowledge.contradictions)
            self._note(
                change, REMARK_TITLE, f"Ticked off, but the effect was not observed:\n{lines}\nThe steps that this concerns are open again."
            )
        before = change.assigned.get(record.subject, ())
        change = with_record(change, record)
        after = change.assigned[record.subject]
        dropped = [line for line in before if line and line not in after]
        change = self._without(change, dropped)
        lines_now = list(change.lines)
        for kept, position in zip(after, positions(change, record), strict=True):
            # A step that stays is worked off in its place among those that are new.
            if kept and (kept.done or kept.position != position):
                service_desk.reopen_item(self.client, change.id, kept.id, position)
                lines_now[lines_now.index(kept)] = replace(kept, done=False, position=position)
        self._keep(change, record)
        return self._add_missing(replace(change, lines=tuple(lines_now)), record)

    def check(self, record: Record) -> None:
        """See `Keeper`: rights that we lack, labels that the tenant doesn't have, a ticket that should be there, a document that no note can hold."""
        if self._asked.only_told:
            return
        service_desk.check_rights(self.client, bool(self._asked.hand_in))
        self._check_expected()
        if not self.changes():
            self._check_readable()
        if not self._fields() or len(record.to_json()) > service_desk.LONGEST_NOTE - 500:
            raise AutotaskError(
                f"The document of {record.subject} doesn't fit into a ticket's note; use `apply_via: runsheet`.", "note_too_long"
            )

    def _check_expected(self) -> None:
        if self.expected and not any(change.reference == self.expected for change in self.changes()):
            raise AutotaskError(
                f"The change ticket {self.expected} isn't there any more: somebody deleted it, or took its External ID away. "
                "Nothing was written. Run again, and a new ticket will be opened.",
                "change_gone",
            )

    def resume(self, change: Change, record: Record) -> Change:
        """See `Keeper`."""
        left = tuple(change.open_steps(record.subject))
        opened = self._opened(change, "It was closed while these steps were open:\n" + "\n".join(left))
        if opened.number != change.number:
            record = replace(record, steps=left)
            opened = with_record(opened, record)
            self._keep(opened, record)
        lines = list(opened.lines)
        for line in opened.saved_without(record.subject):
            service_desk.reopen_item(self.client, opened.id, line.id, line.position)
            lines[lines.index(line)] = replace(line, done=False)
        return self._add_missing(replace(opened, lines=tuple(lines)), record)

    def attest(self, change: Change, record: Record) -> Change:
        """See `Keeper`."""
        return self.remember(change, record)

    def remember(self, change: Change, record: Record) -> Change:
        """See `Keeper`."""
        self._keep(change, record)
        return self._put(with_record(change, record))

    def close(self, change: Change) -> Change:
        """See `Keeper`."""
        service_desk.update_ticket(self.client, change.id, {"status": self._fields()["closed_status"]})
        return self._put(replace(change, open=False))

    def progress(self, change: Change) -> Change | None:
        """See `Keeper`."""
        now = self._with_lines(change)
        return None if not now.lines and service_desk.ticket(self.client, change.id) is None else now

    def verify(self, changes: Sequence[Change] | None) -> list[Change]:
        """See `Keeper`. Lines that two controllers added at once are there once afterwards, and so are tickets that both opened, or one that died."""
        self._known = list(changes) if changes is not None else self._read()
        for number in sorted(self._written):
            self._change(number)
        for change in self.changes():
            self._retire_duplicates(change)
            self._put(replace(self._without(change, self.surplus(change)), duplicates=()))
        self._written.clear()
        return self.changes()

    def surplus(self, change: Change) -> list[Line]:
        """See `Keeper`. A run that died, or two at once, may have left them."""
        if not change.open:
            return []
        needed = {line for lines in change.assigned.values() for line in lines}
        ours = {step for record in change.records.values() for step in record.steps}
        return [line for line in change.lines if line.text in ours and not line.done and line not in needed]

    def _put(self, change: Change) -> Change:
        """Remember the change as this run has left it."""
        self._known = sorted([*(known for known in self.changes() if known.number != change.number), change], key=lambda one: one.number)
        self._written.add(change.number)
        return change

    def _change(self, number: int) -> Change:
        change = next((known for known in self.changes() if known.number == number), None)
        if change is None:
            raise AutotaskError(f"The ticket of change {number} vanished while this run was working with it. Run again.", "change_gone")
        return change

    def _without(self, change: Change, lines: Collection[Line]) -> Change:
        """The change without some lines, which are removed."""
        for line in lines:
            service_desk.remove_item(self.client, change.id, line.id)
        return replace(change, lines=tuple(line for line in change.lines if line not in lines))

    def _opened(self, change: Change | None, why: str) -> Change:
        """The change with its ticket open, or a new change where there is none, or where we may not open a completed ticket again.

        That takes the permission "Can edit Status of complete tickets"; without it Autotask answers 200 and changes nothing.
        """
        if change is not None and not change.open:
            self._note(change, REMARK_TITLE, f"Reopening this ticket, or opening a replacement. {why}")
            service_desk.update_ticket(self.client, change.id, {"status": self._fields()["status"]})
            self._read()
            again = self._change(change.number)
            change = again if again.open else None
        return change or self._open(max((known.number for known in self.changes()), default=0) + 1)

    def _open(self, number: int) -> Change:
        """Open the ticket of a change. When another controller did the same at the same moment, the older ticket stays."""
        external_id = f"{PREFIX}/{self.integration}/{number}"
        asked = self._asked
        title = asked.title(self.tenant, number)[:LONGEST_TITLE]
        known_before = _as_list([*asked.blast_radius(), *asked.notes()])
        self._told.add(number)
        words = {
            "vendor": f"{' '.join(asked.vendor.split())}, " if asked.vendor else "",
            "guide": "".join(
                f"{line}\n" for line in (*asked.guide_lines, *hand_in_line(asked, self.tenant, number, "into a note of this ticket"))
            ),
            "notes": f"\nGood to know before:{known_before}\n" if known_before else "",
        }
        description = DESCRIPTION.format(integration=self.integration, tenant=self.tenant, title=RECORD_TITLE, **words)[
            :LONGEST_DESCRIPTION
        ]
        ticket_id = service_desk.create_ticket(self.client, self._fields(), title, description, external_id, int(self.options["due_days"]))
        ours = service_desk.ticket(self.client, ticket_id)
        if ours is None or ours.text("externalID", "") != external_id:
            raise AutotaskError(
                f"A ticket was opened ({ticket_id}), and Autotask doesn't show it, or not with its External ID. Nothing else was written. Run again.",
                "change_gone",
            )
        seen = {row.whole("id"): row for row in service_desk.tickets_by_external_id(self.client, external_id)}
        same = {number: row for number, row in seen.items() if row.text("externalID") == external_id and number != ticket_id}
        same = {row.whole("id"): row for row in self._desk.ours(same.values(), "The ticket")}
        # What was just opened may not be among what is found at once.
        rows = [row for _number, row in sorted({**same, ticket_id: ours}.items())]
        if rows[0].whole("id") == ticket_id:
            others = tuple(row.whole("id") for row in rows[1:])
            opened, reference = ours.text("createDate", ""), ours.text("ticketNumber")
            url = service_desk.ticket_page(self._desk.web_url, reference)
            return self._put(Change(self.integration, number, reference, True, id=ticket_id, opened=opened, duplicates=others, url=url))
        self._read()
        change = self._change(number)
        self._retire_duplicates(change)
        return self._put(change)

    def _retire_duplicates(self, change: Change) -> None:
        """Close the tickets that other runs opened for the same change at the same moment."""
        for ticket_id in change.duplicates:
            self._note_on(ticket_id, REMARK_TITLE, f"{change.reference} was opened for the same change; this ticket is not needed.")
            service_desk.update_ticket(self.client, ticket_id, {"externalID": "", "status": self._fields()["closed_status"]})

    def _tell_blast_radius(self, change: Change) -> None:
        """What is asked for in a ticket that was there before is told in a note, once a run: its description was written for something else."""
        if change.number not in self._told and (words := self._asked.blast_radius()):
            self._note(change, RADIUS_TITLE, f"What the steps that were added touch besides:{_as_list(words)}")
        self._told.add(change.number)

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

    def _add_missing(self, change: Change, record: Record) -> Change:
        """The change with all lines of a record. Another controller may be adding the same ones: then the numbers of what is added aren't in a row, and
        what is there twice goes.
        """
        added: set[int] = set()
        while missing := [
            (text, position)
            for text, line, position in zip(record.steps, change.assigned[record.subject], positions(change, record), strict=True)
            if line is None
        ]:
            text, position = missing[0]
            last = max((line.id for line in change.lines), default=0)
            try:
                added.add(new := service_desk.add_item(self.client, change.id, text, position))
            except Rejected:
                # The list may be full of what is there twice.
                change = self._with_lines(change)
                if not (surplus := self.surplus(change)):
                    raise
                change = self._without(change, surplus)
                continue
            change = replace(change, lines=(*change.lines, Line(new, text, False, position)))
            if new != last + 1:
                # What was just added may not be shown at once.
                ours = {line.id: line for line in change.lines if line.id in added}
                now = {line.id: line for line in self._with_lines(change).lines}
                change = replace(change, lines=tuple({**ours, **now}.values()))
                change = self._without(change, [line for line in self.surplus(change) if line.id in added])
        return self._put(change)

    def _with_lines(self, change: Change) -> Change:
        """The change with its lines as they stand now."""
        return replace(change, lines=tuple(_lines_of(self.client, [change.id]).get(change.id, ())))
