# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The applier `runsheet`: a change is a Markdown file with tick boxes, attested by ticking them, best in Git. Private to the collection.

Needs no credentials: that is how the first API user of a tenant, the one that this collection works as, comes to be.
"""

from __future__ import annotations

import datetime
import json
import os
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from .. import _files, _paths
from .._change.decide import Decision
from .._change.model import Change, Line, Record, positions, record_from_json, with_record
from .._documents.names import check_key
from .._errors import AutotaskError
from .._rest.rows import Row, Unexpected
from .._text import from_json, on_one_line
from .base import ApplierFor, ByPeople, How, Request, hand_in_line
from .runsheet_page import page_of

MEMORY = "<!-- msp.autotask keeps its memory below; please leave it alone"
# How a run sheet's name ends, and that of the file beside it that sealed credentials are put into.
ENDING, SEALED = ".md", ".sealed.txt"
BOX = re.compile(r"^- \[( |x|X)\] (.*)$")
INTRODUCTION = """Do this in Autotask's console, from top to bottom. Tick a box (`[x]`) when its step is done, and keep this file: in Git,
the commit that ticks the last box attests the change. Nothing is stored in the console before Save & Close. If a step can't be done, leave it open.
Then run the playbook again."""


@contextmanager
def opened(how: How) -> Iterator[ApplierFor]:
    """The appliers of a tenant that keep its changes in run sheets."""
    yield lambda request: ByPeople(RunsheetKeeper(how, request))


def read_changes(how: How, but_for: Collection[str] = ()) -> dict[str, list[Change]]:
    """The changes of every integration that has run sheets for a tenant, but for some, oldest first. Raises AutotaskError for one that can't be read."""
    folder = str(how.runsheet["path"])
    names = {whose[0] for name in _files.listed(folder) if (whose := _paths.in_runsheet(name, how.tenant)) and whose[0] not in but_for}
    return {name: RunsheetKeeper(how, Request(name)).changes() for name in sorted(names)}


class RunsheetKeeper:
    """Keeps the changes of one integration on one tenant in files below a folder; with `html`, each has a page beside it."""

    capacity: int | None = None

    def __init__(self, how: How, request: Request) -> None:
        options = {**how.runsheet, **request.runsheet}
        self.folder = str(options["path"])
        self.integration = check_key(request.integration)
        self.tenant = how.tenant
        self.as_html = options["html"]
        self._asked = request

    def changes(self) -> list[Change]:
        """See `Keeper`."""
        found = []
        for name in _files.listed(self.folder):
            whose = _paths.in_runsheet(name, self.tenant)
            if whose and whose[0] == self.integration:
                found.append(read_sheet(self._path(whose[1]), self.integration, whose[1]))
        return sorted(found, key=lambda change: change.number)

    def request(self, decision: Decision, record: Record) -> Change:
        """See `Keeper`."""
        change = decision.change or Change(self.integration, self._next_number(), "", open=True, opened=_now())
        before = change.assigned.get(record.subject, ())
        change = with_record(replace(change, open=True), record)
        after = change.assigned[record.subject]
        dropped = [line for line in before if line and line not in after]
        lines = [replace(line, done=line.done and line not in after) for line in change.lines if line not in dropped]
        return self._add_missing(replace(change, lines=tuple(lines)), record)

    def resume(self, change: Change, record: Record) -> Change:
        """See `Keeper`."""
        again = change.saved_without(record.subject)
        lines = [replace(line, done=line.done and line not in again) for line in change.lines]
        return self._add_missing(replace(change, open=True, lines=tuple(lines)), record)

    def attest(self, change: Change, record: Record) -> Change:
        """See `Keeper`."""
        return self.remember(change, record)

    def remember(self, change: Change, record: Record) -> Change:
        """See `Keeper`."""
        return self._save(with_record(change, record))

    def close(self, change: Change) -> Change:
        """See `Keeper`."""
        return self._save(replace(change, open=False))

    def progress(self, change: Change) -> Change | None:
        """See `Keeper`."""
        return next((known for known in self.changes() if known.number == change.number), None)

    def surplus(self, change: Change) -> Sequence[Line]:
        """See `Keeper`. A file is written as a whole."""
        return ()

    def check(self, record: Record) -> None:
        """See `Keeper`. Raises AutotaskError where no file can be written."""
        _files.check_writable(self._path(self._next_number()))

    def refresh(self) -> None:
        """See `Keeper`. Files are read whenever somebody asks."""

    def verify(self, changes: Sequence[Change] | None) -> list[Change]:
        """See `Keeper`."""
        return self.changes()

    def _path(self, number: int, ending: str = ENDING) -> str:
        return _paths.runsheet_of(self.folder, self.tenant, self.integration, number, ending)

    def _next_number(self) -> int:
        return max((change.number for change in self.changes()), default=0) + 1

    def _add_missing(self, change: Change, record: Record) -> Change:
        lines = zip(record.steps, change.assigned[record.subject], positions(change, record), strict=True)
        added = [Line(0, text, False, position) for text, line, position in lines if line is None]
        return self._save(replace(change, lines=(*change.lines, *added)))

    def _save(self, change: Change) -> Change:
        path = self._path(change.number)
        change = replace(
            change, reference=path, notes=tuple(dict.fromkeys([*change.notes, *self._asked.blast_radius(), *self._asked.notes()]))
        )
        title = self._asked.title(self.tenant, change.number)
        sealed = os.path.basename(self._path(change.number, SEALED))
        told = [*self._asked.guide_lines, *hand_in_line(self._asked, self.tenant, change.number, f"into the file {sealed} beside this one")]
        text = _markdown(change, title, told)
        if self.as_html:
            addresses = [guide["url"] for guide in self._asked.guides if guide.get("url")]
            page = page_of(title, os.path.basename(path), text, told, addresses, change.notes, _by_subject(change))
            _files.write_text(self._path(change.number, ".html"), [page])
        # Last, because it is what the next run goes by.
        _files.write_text(path, [text])
        return change


def read_sheet(path: str, integration: str, number: int) -> Change:
    """The change that a run sheet holds. Raises AutotaskError for one that can't be read, or whose memory is damaged."""
    visible, _separator, memory = (_files.read_text(path) or "").partition(MEMORY)
    try:
        head, *rest = memory.strip().removesuffix("-->").strip().splitlines()
        state = Row(from_json(head), path)
        records = {record.subject: record for record in map(record_from_json, rest) if record}
        if len(records) != len(rest):
            raise ValueError
        is_open, opened, notes = state.text("state") == "open", state.text("opened"), tuple(state.texts("notes"))
        change = Change(integration, number, path, is_open, records=records, opened=opened, notes=notes)
    except (AttributeError, ValueError, Unexpected):
        raise AutotaskError(f"{path}: what stands below its last step is damaged. Restore the file from Git.", "runsheet_damaged") from None
    lines: list[Line] = []
    position = 0
    for text in visible.splitlines():
        if text.startswith("## ") and text[3:] in records:
            position = max(records[text[3:]].kind.first_position, position + 1)
        box = BOX.match(text)
        if box:
            lines.append(Line(len(lines) + 1, box[2].strip(), box[1] != " ", position))
            position += 1
    return replace(change, lines=tuple(lines))


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _markdown(change: Change, title: str, guides: Sequence[str]) -> str:
    parts = [f"# {title}"]
    if not change.open:
        parts.append("**Done and attested.**")
    parts.append(INTRODUCTION)
    parts += guides
    if change.notes:
        parts += ["Good to know before:", "\n".join(f"* {on_one_line(text)}" for text in change.notes)]
    for subject, lines in _by_subject(change):
        parts += [f"## {subject}", "\n".join(f"- [{'x' if line.done else ' '}] {line.text}" for line in lines)]
    state = {"state": "open" if change.open else "closed", "opened": change.opened, "notes": change.notes}
    memory = [json.dumps(state, separators=(",", ":")), *(record.to_json() for record in change.records.values())]
    hidden = "\n".join(memory).replace("-->", "--\\u003e")
    return "\n\n".join([*parts, f"{MEMORY}\n{hidden}\n-->"]) + "\n"


def _by_subject(change: Change) -> list[tuple[str, list[Line]]]:
    """The lines by object, in the order in which they are worked off."""
    return [(subject, [line for line in lines if line]) for subject, lines in change.assigned.items()]
