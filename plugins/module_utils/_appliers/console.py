# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The applier `console`: a browser carries a plan out at once, and reads what it did. Private to the collection.

Nothing is written before a doctor's pass is shown for the same console, person and locators. Experimental: see `_console`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from .._change.decide import Decision, Knowledge
from .._change.model import Change
from .._console.level_editor import LevelSeen
from .._console.locators import load_locators, own_locators
from .._console.session import Console, ConsoleSettings, open_console
from .._console.user_editor import UserSeen
from .._documents.names import bare_name
from .._errors import AutotaskError, InputError
from .._plan.checklist import items
from .._plan.step import Step
from .._text import from_json
from .base import ApplierFor, Before, How, Outcome, Settled, Thing, carried_along, nothing

Keep = Callable[[Mapping[str, str]], None]
# What a doctor's pass is for; another console, person or set of locators needs another.
PASS_FOR = ("url", "user_name", "locators")


def console_settings(given: Mapping[str, Any], web_url: str = "") -> ConsoleSettings:
    """How the console is reached, for the option `console`. Raises InputError for what is missing or can't be read."""
    url = given["url"] or web_url
    if not url:
        raise InputError(["console", "url"], "is needed: the address at which people sign in to this tenant's Autotask", "console_url")
    if not given["user_name"]:
        raise InputError(["console", "user_name"], "is needed: who the browser signs in as is checked", "console_user")
    return ConsoleSettings(
        url=url,
        user_name=given["user_name"],
        password=given["password"] or "",
        totp_seed=given["totp_seed"] or "",
        session=_session(given["session"]),
        overrides=own_locators(given["locators"]),
        headless=given["headless"],
        browser=given["browser"] or "",
        timeout=given["timeout"],
        screenshots=given["screenshots"] or "",
    )


def _session(text: str | None) -> Mapping[str, Any] | None:
    if not text:
        return None
    session = from_json(text)
    if not isinstance(session, dict) or not isinstance(session.get("state"), dict):
        raise InputError(["console", "session"], "is not a session that playbooks/console_login.yml saved", "console_session")
    return session


def pass_for(settings: ConsoleSettings) -> dict[str, str]:
    """What a doctor's pass of this console, person and set of locators says."""
    return {
        "url": settings.url.rstrip("/"),
        "user_name": settings.user_name.casefold(),
        "locators": load_locators(settings.overrides).version,
    }


def check_pass(shown: Mapping[str, Any], settings: ConsoleSettings) -> None:
    """Raises AutotaskError (`no_doctors_pass`) unless the doctor passed for the same console, person and locators."""
    wanted = pass_for(settings)
    if shown.get("passed") is not True or any(shown.get(key) != wanted[key] for key in PASS_FOR):
        other = [key for key in PASS_FOR if shown and shown.get(key) != wanted[key]]
        why = f"The pass is for another {' and '.join(other).replace('_', ' ')}." if other else "There is none."
        raise AutotaskError(
            f"The console applier writes nothing without a doctor's pass. {why} "
            "Run playbooks/console_doctor.yml, which only reads, and look at what it found.",
            "no_doctors_pass",
        )


@dataclass
class Visit:
    """A browser's stay in a tenant's console, and how that was reached. What it has read of a level or a user holds until it changes anything."""

    console: Console
    _levels: dict[str, LevelSeen] = field(default_factory=dict)
    _users: dict[str, UserSeen] = field(default_factory=dict)

    def level(self, name: str) -> LevelSeen | None:
        """Every setting of a level, or None if there is no such level."""
        if name not in self._levels and (seen := self.console.read_level(name)):
            self._levels[name] = seen
        return self._levels.get(name)

    def user(self, first_name: str, last_name: str) -> UserSeen | None:
        """The facts of an API user, or None if nobody is called that."""
        name = f"{first_name} {last_name}"
        if name not in self._users and (seen := self.console.read_user(first_name, last_name)):
            self._users[name] = seen
        return self._users.get(name)

    def carry_out(self, steps: Sequence[Step], keep: Keep) -> None:
        """Carries out the steps of a plan, and remembers what the editors showed when they were opened again."""
        self._levels.clear()
        self._users.clear()
        for seen in self.console.carry_out(steps, keep):
            if isinstance(seen, LevelSeen):
                self._levels[bare_name(seen.name)] = seen
            else:
                self._users[f"{seen.facts.get('first_name')} {seen.facts.get('last_name')}"] = seen


class ConsoleApplier:
    """Carries plans out in a browser that `console` opens, and reads what it did. `doctors_pass` is what the doctor said of this console."""

    def __init__(self, settings: ConsoleSettings, doctors_pass: Mapping[str, Any], visit: Visit) -> None:
        self._settings = settings
        self._pass = doctors_pass
        self._visit = visit

    def settle(self, things: Sequence[Thing], check_mode: bool, before: Before = nothing) -> Settled:
        """See `Applier`. What was done before something failed is part of what it returns."""
        outcomes: list[Outcome] = []
        once = functools.cache(lambda: before(()))
        for thing in things:
            try:
                outcomes.append(carried_along(thing, outcomes) or self._settled(thing, check_mode, once))
            except AutotaskError as error:
                if not outcomes:
                    raise
                return Settled(outcomes, error)
        return Settled(outcomes)

    def close(self, settled: Settled) -> Settled:
        """See `Applier`. There are no changes."""
        return settled

    def finish(self, settled: Settled, changes: Sequence[Change] | None = None) -> Settled:
        """See `Applier`. Everything was read again when it was saved."""
        return settled

    def changes(self) -> list[Change]:
        """See `Applier`."""
        return []

    def progress(self, change: Change) -> Change | None:
        """See `Applier`."""
        return None

    def _settled(self, thing: Thing, check_mode: bool, before: Callable[[], None]) -> Outcome:
        """Carry out what is needed, unless in check mode, and look again.

        Raises AutotaskError (`not_as_saved`) when the console then shows anything else.
        """
        found = thing.plan_seen(self._visit, check_mode)
        if not found.steps:
            return Outcome(thing, Decision("nothing", knowledge=found), None, False)
        if check_mode:
            lines = items(found.steps, thing.kind.usual_lines, None)
            return Outcome(thing, Decision("request", lines=lines, knowledge=found), None, True)
        check_pass(self._pass, self._settings)
        before()
        self._visit.carry_out(found.steps, thing.keep)
        after = thing.plan_seen(self._visit, check_mode)
        if after.steps:
            left = " ".join(step.text for step in after.steps[1:-1][:3])
            subject = thing.kind.subject(thing.name)
            raise AutotaskError(
                f"{subject} was saved in the console, which now shows something else. Still to be done: {left}", "not_as_saved"
            )
        done = Knowledge(found.steps, found.known, after.evidence, (), found.absent)
        return Outcome(thing, Decision("carried_out", knowledge=done), None, True)


@contextmanager
def opened(how: How) -> Iterator[ApplierFor]:
    """The applier of a tenant's integrations, signed in to its console while the block lasts."""
    settings = console_settings(how.console, how.web_url)
    with open_console(settings, how.catalogue, how.terms, how.say) as console:
        applier = ConsoleApplier(settings, how.console["doctors_pass"] or {}, Visit(console))
        yield lambda request: applier
