# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The operator at work: looks through the open tickets, does what their checklists say, and ticks off what is done."""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

from sandbox.operator import editing, tickets
from sandbox.operator.browser import Tab
from sandbox.operator.handover import SECRET, hand_over
from sandbox.operator.labels import NAME, Stuck, only
from sandbox.operator.sealing import sealed
from sandbox.operator.sentences import API_USER, SAVE, Instruction, Open, Record, Seal, parse, sections_named
from sandbox.operator.tickets import Step, Ticket

Say = Callable[[str], None]


class SignInFailed(Exception):
    """The console doesn't let the operator in. Trying again would lock the account."""


class _Enough(Exception):
    """The operator was told to do no more than this."""


class _Waiting(Stuck):
    """A step waits for one that was left open; that one has its note already."""


@dataclass
class _Visit:
    """What is going on while the steps of one visit are followed.

    `sections` are those that any of its steps names, `pending` the steps whose work isn't stored yet, `before` what the steps so far said, `noted` what
    was read of `subject`.
    """

    sections: set[str] = field(default_factory=set)
    opened: bool = False
    subject: str = ""
    before: list[Instruction | None] = field(default_factory=list)
    pending: list[Step] = field(default_factory=list)
    noted: dict[str, str] = field(default_factory=dict)


class Operator:
    """One employee of one tenant, signed in to its console.

    What is noted of an API user (key, secret, identifier) is kept on a notepad in memory, and nowhere else, until it is handed over.
    A ticket that couldn't be finished isn't touched again before something on it has changed.
    """

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        *,
        tenant: str | None = None,
        record_command: str | None = None,
        queue: str | None = None,
        say: Say = print,
    ) -> None:
        """Prepare to work; nobody is signed in before the first round.

        Args:
            url: The console's first page.
            user: The user name, like admin@alder.example.com.
            password: The password.
            tenant: What to call the tenant in what is said. Default: the first part of the user's domain.
            record_command: The command that takes over what was noted, with {tenant} and {integration} to be filled in.
            queue: Look through the tickets of this queue alone.
            say: Is called with a line about each step that was done or left open.
        """
        session = requests.Session()
        session.trust_env = False
        self._list, self._ticket, self._editor = (Tab(session, url) for _tab in range(3))
        self._list_address = ""
        self._user, self._password = user, password
        self._record_command, self._queue = record_command, queue
        self.tenant = tenant or user.partition("@")[2].partition(".")[0]
        self._say = say
        self._notepad: dict[str, dict[str, str]] = {}
        self._known: dict[str, tuple[Ticket, bool]] = {}  # each ticket as it was left, and whether all of it had been tried
        self._may_follow = 0.0
        self._ticked = 0

    def work(self, limit: int | None = None) -> int:
        """Go once through the open tickets. Returns how many steps were ticked.

        Args:
            limit: Follow so many steps at most. What was entered but not saved by then is lost, and is not ticked.

        Raises:
            SignInFailed: the console doesn't let the operator in.
            Stuck: the console isn't what the operator knows.
            requests.RequestException: the console can't be reached.
        """
        self._ticked = 0
        self._may_follow = math.inf if limit is None else limit
        with contextlib.suppress(_Enough):
            for number, address in self._open_list():
                try:
                    self._work_ticket(address)
                except Stuck as reason:
                    self._say(f"{self.tenant}: {number} can't be worked: {reason}")
        return self._ticked

    def tick(self, number: str, step: int, done: bool = True) -> None:
        """Tick a step of a ticket without doing it, or clear it again.

        Args:
            number: The ticket's number.
            step: The step's number, from 1.
            done: Whether to tick or to clear it.

        Raises:
            Stuck: there is no such ticket or step.
        """
        self._ticket.open(only(number, self._open_list(), NAME, "change ticket"))
        steps = {known.number: known for known in tickets.read(self._ticket).steps}
        if step not in steps:
            raise Stuck(f"{number} has no item {step}.")
        tickets.tick(self._ticket, steps[step], done)

    def _open_list(self) -> list[tuple[str, str]]:
        """The change tickets of the tenant, after signing in if need be."""
        self._list.open(self._list_address)
        if self._list.shows("Username", "label"):
            self._sign_in()
        if not self._list_address:
            self._list.walk(("Service Desk", "Tickets"))
            self._list_address = self._list.url
        return tickets.listed(self._list, self._queue)

    def _sign_in(self) -> None:
        try:
            self._list.put((), "Username", "", self._user)
            self._list.press("Continue")
            self._list.put((), "Password", "", self._password)
            self._list.press("Log In")
        except Stuck as reason:
            raise SignInFailed(str(reason)) from None

    def _work_ticket(self, address: str) -> None:
        """Do what can be done on one ticket, unless nothing has happened since all of it was tried.

        A visit that nothing ends is not begun before the ticket has stayed as it is for a round: somebody may still be writing it.
        What isn't understood doesn't get better by waiting.
        """
        self._ticket.open(address)
        ticket = tickets.read(self._ticket)
        before, tried = self._known.get(address, (None, False))
        if ticket == before and tried:
            return
        visits = [visit for visit in tickets.visits(ticket.steps) if not all(step.done for step in visit)]
        ready = [visit for visit in visits if ticket == before or tickets.ends(visit) or tickets.unclear(visit)]
        for visit in ready:
            self._make_visit(ticket, visit)
        self._ticket.open(address)
        left = tickets.read(self._ticket)
        unchanged = [step.text for step in left.steps] == [step.text for step in ticket.steps]
        self._known[address] = (left, unchanged and ready == visits)

    def _make_visit(self, ticket: Ticket, steps: Sequence[Step]) -> None:
        """Follow the open steps of one visit. They are ticked once what they did is stored; if one fails, none of the rest is."""
        visit = _Visit(sections_named(step.instruction() for step in steps))
        step = steps[0]
        try:
            for step in steps:
                if not step.done:
                    parse(step.text)
            if not tickets.ends(steps):
                raise Stuck("No step says that this is to be saved.")
            for step in steps:
                if step.done:
                    visit.before.append(step.instruction())
                    continue
                if self._may_follow <= 0:
                    raise _Enough
                self._may_follow -= 1
                stored = self._follow(ticket, visit, step)
                visit.before.append(step.instruction())
                visit.pending.append(step)
                if stored:
                    self._tick_off(ticket, visit)
            if visit.pending:
                self._editor.press(SAVE)
                self._tick_off(ticket, visit)
        except _Waiting as reason:
            self._report(ticket, step, f"left open: {reason}")
        except Stuck as reason:
            self._report(ticket, step, f"left open: {reason}")
            self._ticket.open(ticket.url)
            tickets.add_note(self._ticket, "Step not done", f"I left this step open:\n\n{step.text}\n\n{reason}")

    def _follow(self, ticket: Ticket, visit: _Visit, step: Step) -> bool:
        """Do what one step says. Returns whether what was done up to it is stored now."""
        instruction = parse(step.text)
        if isinstance(instruction, Record | Seal):
            self._hand_over(ticket, step, instruction)
            return True
        if isinstance(instruction, Open):
            visit.opened = True
            return editing.open_page(self._editor, instruction)
        if not visit.opened:
            editing.reopen_page(self._editor, instruction, visit.before)
            visit.opened = True
        visit.subject = instruction.name or visit.subject
        editing.perform(self._editor, instruction, visit.noted, visit.sections)
        return instruction.saves

    def _tick_off(self, ticket: Ticket, visit: _Visit) -> None:
        """Tick the steps whose work is stored, and keep what was noted on the way."""
        if visit.noted:
            self._notepad.setdefault(visit.subject, {}).update(visit.noted)
            visit.noted.clear()
        for step in visit.pending:
            tickets.tick(self._ticket, step)
            self._ticked += 1
            self._report(ticket, step, f"done: {step.text}")
        visit.pending.clear()

    def _hand_over(self, ticket: Ticket, step: Step, record: Record | Seal) -> None:
        """Give what was noted of an API user to the record command, or seal it into a note, and forget it then."""
        noted = self._notepad.get(record.user)
        if noted is None or SECRET not in noted:
            if any(other.about() == (API_USER, record.user) and not other.done for other in ticket.steps[: step.number]):
                raise _Waiting(f'"{record.user}" is not saved yet.')
            raise Stuck(f'I have not noted the {SECRET} of "{record.user}", and it is shown only once. Generate a new one.')
        if isinstance(record, Seal):
            self._ticket.open(ticket.url)
            tickets.add_note(self._ticket, "Credentials", sealed(tickets.told(self._ticket), record.integration, noted))
        elif self._record_command is None:
            raise Stuck("I was not told which command takes over what I noted.")
        else:
            hand_over(self._record_command, record.tenant, record.integration, noted)
        del self._notepad[record.user]

    def _report(self, ticket: Ticket, step: Step, what: str) -> None:
        self._say(f"{self.tenant}: {ticket.number} item {step.number} of {len(ticket.steps)} {what}")


def work(url: str, user: str, password: str, *, limit: int | None = None, **options: Any) -> int:
    """Sign in, go once through the open tickets, and return how many steps were ticked. `options` are those of `Operator`."""
    return Operator(url, user, password, **options).work(limit)


def run_forever(
    console_url: str,
    accounts: Iterable[tuple[str, str, str]],
    record_command: str | None = None,
    *,
    pause: float = 1.0,
    stop: threading.Event | None = None,
    say: Say = print,
) -> None:
    """Work the tickets of several tenants, one after the other, round after round.

    Args:
        console_url: The console's first page.
        accounts: What to call the tenant, user name and password, for each operator.
        record_command: As for `Operator`.
        pause: Seconds between two rounds.
        stop: Set it to end after the present ticket list. Without it this runs until the process ends (as a daemon thread).
        say: As for `Operator`.
    """
    stop = stop or threading.Event()
    operators = [
        Operator(console_url, user, password, tenant=tenant, record_command=record_command, say=say) for tenant, user, password in accounts
    ]
    troubles: dict[Operator, str] = {}
    while operators and not stop.wait(pause):
        for operator in list(operators):
            if stop.is_set():
                return
            trouble = ""
            try:
                operator.work()
            except SignInFailed as reason:
                trouble = f"I can't sign in and stop trying: {reason}"
                operators.remove(operator)
            except requests.RequestException:
                trouble = "the console can't be reached"
            except Stuck as reason:
                trouble = f"the console can't be used: {reason}"
            if trouble and trouble != troubles.get(operator):
                say(f"{operator.tenant}: {trouble}")
            troubles[operator] = trouble
