# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What people put into changes for the run to take: sealed blocks, in the notes of tickets and in files beside run sheets. Private to the collection."""

from __future__ import annotations

import datetime
import functools
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from .. import _files
from .._change.model import Change
from .._credentials.sealed import blocks_in, has_part
from .._rest import tickets as service_desk
from .._rest.client import Client
from .._text import for_error
from .runsheet import ENDING, SEALED

# What stands behind a block that was tried, and may be right although it was refused.
TRIED = "[msp.autotask: tried once, and not taken yet]"


@dataclass(frozen=True)
class HandedIn:
    """A block that somebody put into a change, and for how many seconds it has been there; `where` that is, for people. `tried` says that a run has tried
    it once, in vain. Of what is only a part of a block, the `block` is empty.

    `replace_by` puts words into its place; `check` raises AutotaskError where that couldn't be done.
    """

    change: Change
    where: str
    block: str
    age: float = 0
    tried: bool = False
    check: Callable[[], None] = lambda: None
    replace_by: Callable[[str], None] = lambda words: None


def in_tickets(client: Client, changes: Collection[Change]) -> Iterator[HandedIn]:
    """The blocks in the notes of some tickets, the newest first, at the price of one request. Anybody may have written them."""
    by_ticket = {change.id: change for change in changes}
    if not by_ticket:
        return
    rows = service_desk.notes(client, list(by_ticket))
    texts = {row.whole("id"): row.text("description", "") for row in rows}
    for row in reversed(rows):
        ticket_id, note_id = row.whole("ticketID"), row.whole("id")
        where = f"the note {for_error(row.text('title', ''), 40)} ({note_id}) of {by_ticket[ticket_id].reference}"
        if has_part(texts[note_id]):
            yield HandedIn(by_ticket[ticket_id], where, "")
        for block in reversed(blocks_in(texts[note_id])):

            def replace_by(words: str, block: str = block, ticket_id: int = ticket_id, note_id: int = note_id) -> None:
                texts[note_id] = texts[note_id].replace(block, words)
                service_desk.change_note(client, ticket_id, note_id, texts[note_id])

            tried = f"{block}\n{TRIED}" in texts[note_id]
            yield HandedIn(by_ticket[ticket_id], where, block, _since(row.text("createDateTime", "")), tried, replace_by=replace_by)


def beside_runsheets(changes: Collection[Change]) -> Iterator[HandedIn]:
    """The blocks in the files beside some run sheets, the last first."""
    for change in changes:
        path = f"{change.reference.removesuffix(ENDING)}{SEALED}"
        text = _files.read_text(path) or ""
        if has_part(text):
            yield HandedIn(change, path, "")
        for block in reversed(blocks_in(text)):

            def replace_by(words: str, block: str = block, path: str = path) -> None:
                _files.write_text(path, [(_files.read_text(path) or "").replace(block, words)])

            age, tried = time.time() - _files.changed(path) / 1e9, f"{block}\n{TRIED}" in text
            yield HandedIn(change, path, block, age, tried, functools.partial(_files.check_writable, path), replace_by)


def _since(moment: str) -> float:
    """How many seconds ago that was, as Autotask writes a moment (ISO 8601, UTC); very long where it can't be read."""
    try:
        then = datetime.datetime.fromisoformat(moment)
    except ValueError:
        return float("inf")
    return time.time() - (then if then.tzinfo else then.replace(tzinfo=datetime.UTC)).timestamp()
