# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Somebody who works off change tickets as the sandbox's operator does, but for the pages: what the steps say is entered where the pages enter it.

It takes milliseconds instead of seconds. Sentences are read as the operator reads them, and what the console refuses is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sandbox import credentials, editor, levels
from sandbox.console import user_rules
from sandbox.console.forms import ApiUserForm, api_user_form
from sandbox.editor import BOX, CHOICE, Cell
from sandbox.model import ApiUser, Cells, CellValue, Level, Record, Tenant
from sandbox.operator.handover import IDENTIFIER, KEY, SECRET
from sandbox.operator.labels import LABEL, NAME, WORDS, NotListed, Stuck, exactly, find, only
from sandbox.operator.sealing import sealed
from sandbox.operator.sentences import (
    API_USER,
    LEVEL,
    Action,
    AsIn,
    Associate,
    AtLeast,
    Choose,
    Edit,
    Either,
    Fill,
    Note,
    NotUnderstood,
    Open,
    Press,
    PressBut,
    PressElsewhere,
    Seal,
    Tick,
    parse,
    sections_named,
)
from sandbox.operator.sentences import Record as HandOver
from sandbox.store import Store, now
from sandbox.tickets import COMPLETE

Noted = dict[str, str]
# Called with the tenant, the name to record it under, and what was noted.
Recorder = Callable[[str, str, Noted], None]

_FIELDS = {label: name for name, label in user_rules.LABELS.items()}


@dataclass
class _LevelPage:
    """The editor of a level while it is filled in."""

    level: Level
    name: str
    active: bool
    cells: Cells


@dataclass
class _UserPage:
    """The page of an API user while it is filled in; `user` is None for a new one."""

    user: ApiUser | None
    form: ApiUserForm


@dataclass
class Employee:
    """Somebody of one tenant. `stuck` says why steps were left open; `notepad` has what was noted of an API user and isn't recorded yet."""

    store: Store
    tenant: Tenant
    record: Recorder
    stuck: list[str] = field(default_factory=list)
    notepad: dict[str, Noted] = field(default_factory=dict)
    _page: _LevelPage | _UserPage | None = None
    _subject: str = ""
    _steps_of_change: list[str] = field(default_factory=list)
    _noted: Noted = field(default_factory=dict)
    _told: str = ""
    _put_block: Callable[[str], None] = print

    def work(self, integration: str = "", most: int | None = None) -> int:
        """Go once through the open change tickets, or those of one integration; returns how many steps were ticked.

        With `most` the work on each ticket ends after so many steps; what isn't saved by then is lost.
        """
        return sum(self._work_ticket(ticket, most) for ticket in self._tickets(integration))

    def work_sheets(self, folder: Path) -> int:
        """Go once through the run sheets in a folder; returns how many steps were ticked."""
        return sum(self._work_sheet(sheet) for sheet in sorted(folder.glob("*.md")))

    def tick(self, integration: str, *numbers: int) -> None:
        """Tick steps of an integration's open tickets, by their numbers from 1, without doing them; all of them where none is named."""
        steps = [step for ticket in self._tickets(integration) for step in self._steps(ticket)]
        for number, step in enumerate(steps, 1):
            if not numbers or number in numbers:
                self._tick(step)

    def _tickets(self, integration: str) -> list[Record]:
        wanted = f"msp.autotask/{integration}/" if integration else "msp.autotask/"
        found = self.store.query(self.tenant.id, "Tickets")
        return [one for one in found if str(one.get("externalID") or "").startswith(wanted) and one["status"] != COMPLETE]

    def _steps(self, ticket: Record) -> list[Record]:
        found = self.store.query(self.tenant.id, "TicketChecklistItems", ticketID=ticket["id"])
        return sorted(found, key=lambda item: (item["position"], item["id"]))

    def _tick(self, step: Record) -> None:
        self.store.update(self.tenant.id, "TicketChecklistItems", step["id"], {"isCompleted": True})

    def _work_ticket(self, ticket: Record, most: int | None) -> int:
        """Do the steps in their order. Those that can't be done, and what depends on them, are left open."""
        steps = self._steps(ticket)
        self._told = str(ticket["description"])
        self._put_block = lambda block: self.note(ticket, block)
        done = self._done([(str(step["itemName"]), bool(step["isCompleted"])) for step in steps], most)
        for step in [step for step in steps if not step["isCompleted"]][:done]:
            self._tick(step)
        return done

    def note(self, ticket: Record, text: str, title: str = "Credentials") -> None:
        """Add a note to a ticket."""
        person = self.store.query(self.tenant.id, "Resources")[0]["id"]
        made = {"noteType": 1, "publish": 1, "creatorResourceID": person, "createDateTime": now(), "lastActivityDate": now()}
        self.store.insert(self.tenant.id, "TicketNotes", {"ticketID": ticket["id"], "title": title, "description": text, **made})

    def _work_sheet(self, sheet: Path) -> int:
        """The same with a run sheet."""
        text = self._told = sheet.read_text()
        beside = sheet.with_name(f"{sheet.stem}.sealed.txt")
        self._put_block = lambda block: beside.write_text(f"{beside.read_text() if beside.exists() else ''}{block}\n") and None
        done = self._done([(sentence, tick == "x") for tick, sentence in re.findall(r"^- \[([ x])\] (.+)$", text, re.MULTILINE)])
        sheet.write_text(text.replace("- [ ] ", "- [x] ", done))
        return done

    def _done(self, steps: Sequence[tuple[str, bool]], most: int | None = None) -> int:
        """Follow the sentences that aren't ticked, from the first. Returns how many are done: those up to the last one that stored something."""
        self._page, done = None, 0
        self._steps_of_change = [sentence for sentence, _ticked in steps]
        left = [sentence for sentence, ticked in steps if not ticked][:most]
        for number, sentence in enumerate(left, 1):
            try:
                done = number if self._follow(sentence) else done
            except NotUnderstood:
                self.stuck.append(f"{sentence} I don't know what that is.")
            except Stuck as reason:
                self.stuck.append(f"{sentence} {reason}")
                return done
        if self._page is not None and most is None:
            # The step that says so was ticked before: somebody has taken a tick off since, or an item away.
            with suppress(Stuck):  # a page that was only opened has nothing to save
                self._follow(f"{self._subject}: press Save & Close.")
            done = len(left)
        return done

    def _follow(self, sentence: str) -> bool:
        """Do what one step says. Returns whether what was done up to it is stored now."""
        match parse(sentence):
            case HandOver(user, tenant, integration):
                if user not in self.notepad:
                    raise Stuck("I have noted nothing of it.")
                self.record(tenant, integration, self.notepad[user])
                del self.notepad[user]
                return True
            case Seal(user, integration):
                if user not in self.notepad:
                    raise Stuck("I have noted nothing of it.")
                self._put_block(sealed(self._told, integration, self.notepad[user]))
                del self.notepad[user]
                return True
            case Open() as step:
                self._open(step)
                return step.choice == "Copy Security Level"
            case Edit() as edit:
                entered = [action.value for action in edit.actions if isinstance(action, Fill)]
                if name := edit.name or (entered[0] if entered and self._page is None else ""):
                    self._subject = f'{edit.kind} "{name}"'
                    self._turn_to(edit.kind, name)
                for action in edit.actions:
                    self._do(action)
                if edit.saves and edit.kind == API_USER and edit.name and self._noted:
                    self.notepad[edit.name], self._noted = self._noted, {}
                return edit.saves
        raise Stuck("I don't know what that is.")

    def _turn_to(self, kind: str, name: str) -> None:
        """Open the page that a step is about, where the step that says so was ticked before."""
        if self._page is not None:
            return
        found = self.store.levels(self.tenant.id) if kind == LEVEL else self.store.api_users(self.tenant.id)
        if any(one.name == name for one in found):
            row, page = (f"{name} (API-only)", "Security Levels") if kind == LEVEL else (name, "Resources/Users")
            self._open(Open((page,), row, "Edit"))

    def _open(self, step: Open) -> None:
        if step.row is None:
            offered = user_rules.offer(self.store, self.tenant, None).choices
            first: dict[str, Any] = {name: next(iter(offered[name])) for name in ("date_format", "time_format", "number_format")}
            self._page = _UserPage(None, ApiUserForm(tracking_code=credentials.new_tracking_code(), **first))
        elif step.path[-1] == "Security Levels":
            level = only(step.row, ((one.listed_name, one) for one in self.store.levels(self.tenant.id)), NAME, "level")
            if step.choice == "Copy Security Level":
                try:
                    level = levels.copy(self.store, level.id, True)
                except levels.Refused as refused:
                    raise Stuck(str(refused)) from None
            self._page = _LevelPage(level, level.name, level.active, level.cells)
        else:
            user = only(step.row, ((one.name, one) for one in self.store.api_users(self.tenant.id)), NAME, "user")
            self._page = _UserPage(user, replace(api_user_form(user), tracking_code=credentials.new_tracking_code()))

    def _do(self, action: Action) -> None:
        match self._page:
            case _LevelPage() as page:
                self._on_level(page, action)
            case _UserPage() as page:
                self._on_user(page, action)
            case None:
                raise Stuck("No page is open.")

    # The editor of a level

    def _on_level(self, page: _LevelPage, action: Action) -> None:
        match action:
            case Fill((), "Name", name):
                page.name = name
            case Tick((), "Active", on):
                page.active = on
            case Press((), "Save & Close"):
                self._save_level(page)
            case Press((section,), button):
                press = {"No Permission": editor.no_permission, "Full Permission": editor.full_permission}[button]
                page.cells = editor.settled(press(page.cells, self._section(section, page), page.level.api_only), page.level.api_only)
            case PressElsewhere():
                for part in editor.sections(self.tenant, page.level.api_only):
                    if not find(part.name, ((name, name) for name in self._named(page)), LABEL):
                        page.cells = editor.settled(editor.no_permission(page.cells, part.name, page.level.api_only), page.level.api_only)
            case PressBut(section, exception, button):
                before, press = page.cells, {"No Permission": editor.no_permission, "Full Permission": editor.full_permission}[button]
                page.cells = press(before, self._section(section, page), page.level.api_only)
                kept = {cell.key: before[cell.key] for cell in self._cells(page, (section, exception))}
                page.cells = editor.settled({**page.cells, **kept}, page.level.api_only)
            case AsIn():
                self._set_as_in(page, action)
            case Tick(place, label, value, column) | Fill(place, label, value, column):
                cell = self._cell(page, place, label, column)
                page.cells = editor.settled({**page.cells, cell.key: _value(cell, value)}, page.level.api_only)
            case AtLeast(place, label, least):
                cell = self._cell(page, place, label, "")
                page.cells = editor.settled({**page.cells, cell.key: max(least, int(page.cells[cell.key] or 0))}, page.level.api_only)
            case _:
                raise Stuck("A level's page has no such thing.")

    def _set_as_in(self, page: _LevelPage, action: AsIn) -> None:
        """What is set in another level is set here, as far as it can be."""
        other = only(action.source, ((one.name, one) for one in self.store.levels(self.tenant.id)), NAME, "level")
        if action.label:
            cells = [self._cell(page, action.place, action.label, action.column)]
        else:
            places = [action.place] if action.place else [(part.name,) for part in editor.sections(self.tenant, page.level.api_only)]
            cells = [cell for place in places for cell in self._cells(page, place)]
        kept = {cell.key for cell in cells if action.exception and exactly(cell.key.split("|")[1]) == exactly(action.exception)}
        read = {cell.key: other.cells[cell.key] for cell in cells if cell.key in other.cells and cell.key not in kept}
        page.cells = editor.settled({**page.cells, **read}, page.level.api_only)

    def _save_level(self, page: _LevelPage) -> None:
        try:
            problems = levels.save(self.store, page.level.id, page.name, page.active, page.cells, True)
        except levels.Refused as refused:
            raise Stuck(str(refused)) from None
        if problems:
            raise Stuck(" ".join(problem.message for problem in problems))
        self._page = None

    def _named(self, page: _LevelPage) -> set[str]:
        """The sections that the ticket's steps about this level name."""
        found: list[Edit] = []
        for text in self._steps_of_change:
            with suppress(NotUnderstood):
                said = parse(text)
                found += [said] if isinstance(said, Edit) and said.name == page.name else []
        return sections_named(found)

    def _section(self, name: str, page: _LevelPage) -> str:
        parts = editor.sections(self.tenant, page.level.api_only)
        return only(name, ((part.name, part.name) for part in parts), LABEL, "section")

    def _cells(self, page: _LevelPage, place: tuple[str, ...]) -> Iterator[Cell]:
        for _label, cells in self._settings(page, place):
            yield from cells

    def _settings(self, page: _LevelPage, place: tuple[str, ...]) -> list[tuple[str, tuple[Cell, ...]]]:
        """The settings of a part of the editor; in a section, those that stand without a group come first."""
        if not place:
            raise Stuck("A level's page has no such thing.")
        parts = editor.sections(self.tenant, page.level.api_only)
        section = only(place[0], ((part.name, part) for part in parts), LABEL, "section")
        groups = list(section.groups)
        if len(place) > 1:
            groups = [only(place[1], ((group.name, group) for group in groups), LABEL, "group")]
        ordered = sorted(groups, key=lambda group: bool(group.name))
        return [(setting.label, setting.cells) for group in ordered for setting in group.settings]

    def _cell(self, page: _LevelPage, place: tuple[str, ...], label: str, column: str) -> Cell:
        rows = find(label, self._settings(page, place), LABEL)
        if not rows:
            raise Stuck(f'There is no setting "{label}".')
        if column:
            return only(column, ((cell.column, cell) for cell in rows[0]), LABEL, "column")
        return rows[0][0]

    # The page of an API user

    def _on_user(self, page: _UserPage, action: Action) -> None:
        form = page.form
        match action:
            case Press((), "Save & Close"):
                self._save_user(page)
                return
            case Press((), "Generate Key"):
                form = replace(form, key=credentials.new_key(self.tenant.domain))
            case Press((), "Generate Secret"):
                form = replace(form, secret=credentials.new_secret())
            case Note(label):
                shown = {KEY: form.key, SECRET: form.secret, IDENTIFIER: form.tracking_code}
                self._noted[label] = shown[label]
                self._noted.setdefault(KEY, form.key)
            case Tick((), label, on):
                form = replace(form, active=on) if label == "Active" else replace(form, locked=on)
            case Tick(("Line of Business",), _label, on):
                form = replace(form, lob_unassigned=on)
            case Associate(_place, entries):
                form = replace(form, lines_of_business=entries)
            case Choose(_place, label):
                form = replace(form, tracking="vendor" if label == "Integration Vendor" else "custom")
            case Fill(_place, label, value):
                entered: dict[str, Any] = {_FIELDS[label]: self._chosen(page, _FIELDS[label], label, value)}
                form = replace(form, **entered)
            case Either(first, otherwise):
                try:
                    for part in first:
                        self._on_user(page, part)
                except NotListed:
                    for part in otherwise:
                        self._on_user(page, part)
                return
            case _:
                raise Stuck("A user's page has no such thing.")
        page.form = form

    def _chosen(self, page: _UserPage, name: str, label: str, value: str) -> str:
        offered: Mapping[str, str] = user_rules.offer(self.store, self.tenant, page.user).choices.get(name, {})
        if not offered:
            return value
        found = find(value, ((text, key) for key, text in offered.items()), NAME)
        if not found:
            raise NotListed(f'"{label}" does not list "{value}".')
        return found[0]

    def _save_user(self, page: _UserPage) -> None:
        form, user = page.form, page.user
        problems = list(user_rules.problems(form, user_rules.offer(self.store, self.tenant, user), self.store, self.tenant, user))
        if problems:
            raise Stuck(" ".join(problem.message for problem in problems))
        key, _at, domain = form.key.rpartition("@")
        same = ("first_name", "last_name", "email", "active", "locked", "date_format", "time_format", "number_format")
        values: dict[str, Any] = {name: getattr(form, name) for name in (*same, "lines_of_business", "lob_unassigned")}
        values |= {"level_id": int(form.level_id), "location_id": int(form.location_id), "key": key, "key_domain": domain}
        if user is None or user.tracking == "none":
            values["tracking"] = form.tracking
            if form.tracking == "vendor":
                values["vendor_id"] = int(form.vendor_id)
            elif form.tracking == "custom":
                values |= {"internal_name": form.internal_name, "tracking_code": form.tracking_code}
        if user is None:
            self.store.create_api_user(ApiUser(id=0, tenant_id=self.tenant.id, **values), form.secret)
        else:
            self.store.update_api_user(self.tenant.id, user.id, secret=form.secret or None, **values)
        self._page = None


def _value(cell: Cell, value: str | bool) -> CellValue:
    """What a cell holds when it is given what a sentence says."""
    if cell.kind == BOX:
        return bool(value)
    if cell.kind != CHOICE:
        return int(value)
    shown = [*zip(cell.labels, cell.values, strict=True), *zip(cell.values, cell.values, strict=True)]
    found = find(str(value), shown, WORDS)
    if not found:
        raise NotListed(f'It does not list "{value}".')
    return found[0]
