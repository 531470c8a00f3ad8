# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A change that a browser carries out at once: look, plan, carry out, and look at what it reads afterwards. Private to the collection.

Nothing is written before a doctor's pass is shown for the same console, person and locators. Experimental: see `appliers/_console`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils._catalogue import Catalogue
from ansible_collections.msp.autotask.plugins.module_utils._change import USUAL_LINES, Decision, Knowledge, Outcome, subject_of
from ansible_collections.msp.autotask.plugins.module_utils._controller import Controller, Vault
from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError, InputError
from ansible_collections.msp.autotask.plugins.module_utils._level import bare_name
from ansible_collections.msp.autotask.plugins.module_utils._options import Params
from ansible_collections.msp.autotask.plugins.module_utils._plan import Step, items
from ansible_collections.msp.autotask.plugins.module_utils.appliers._console._level_page import LevelSeen
from ansible_collections.msp.autotask.plugins.module_utils.appliers._console._locators import load_locators, own_locators
from ansible_collections.msp.autotask.plugins.module_utils.appliers._console._open import Console, ConsoleSettings, open_console
from ansible_collections.msp.autotask.plugins.module_utils.appliers._console._user_page import UserSeen

Keep = Callable[[Mapping[str, str]], None]
# What a doctor's pass is for; another console, person or set of locators needs another.
PASS_FOR = ("url", "user_name", "locators")


def console_settings(params: Params, web_url: str = "") -> ConsoleSettings:
    """How the console is reached, for the option `console`. Raises InputError for what is missing or can't be read."""
    given = params["console"]
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
    try:
        session = json.loads(text)
    except (ValueError, TypeError):
        session = None
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


def check_pass(params: Params, settings: ConsoleSettings) -> None:
    """Raises AutotaskError (`no_doctors_pass`) unless the doctor passed for the same console, person and locators."""
    shown = params["console"]["doctors_pass"] or {}
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
    settings: ConsoleSettings
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


@contextmanager
def visiting(
    params: Params, catalogue: Catalogue, controller: Controller, web_url: str = "", under_way: Visit | None = None
) -> Iterator[Visit]:
    """A visit to the tenant's console, signed in, while the block lasts: the one that is under way, or else one of the block's own."""
    if under_way is not None:
        yield under_way
        return
    vault_of(controller)
    settings = console_settings(params, web_url)
    with open_console(settings, catalogue, params["local_terms"], controller.say) as console:
        yield Visit(console, settings)


def vault_of(controller: Controller) -> Vault:
    """The vault of the run. Raises AutotaskError where the module runs away from the controller."""
    if controller.vault is None:
        raise AutotaskError(
            "The console applier runs in the controller's own process: use it with `connection: local`.", "not_on_controller"
        )
    return controller.vault


def settle_by_console(
    params: Params,
    visit: Visit,
    kind: str,
    name: str,
    look: Callable[[], Knowledge],
    check_mode: bool,
    keep: Keep,
) -> Outcome:
    """Carry out what `look` finds to be needed, unless in check mode, and look again.

    Raises AutotaskError (`not_as_saved`) when the console then shows anything else.
    """
    found = look()
    subject = subject_of(kind, name)
    if not found.steps:
        return Outcome(subject, Decision("nothing", knowledge=found), None, False)
    if check_mode:
        return Outcome(subject, Decision("request", lines=items(found.steps, USUAL_LINES[kind], None), knowledge=found), None, True)
    check_pass(params, visit.settings)
    visit.carry_out(found.steps, keep)
    after = look()
    if after.steps:
        left = " ".join(step.text for step in after.steps[1:-1][:3])
        raise AutotaskError(f"{subject} was saved in the console, which now shows something else. Still to be done: {left}", "not_as_saved")
    done = Knowledge(found.steps, found.known, after.evidence, (), found.absent)
    return Outcome(subject, Decision("carried_out", knowledge=done), None, True)


def no_secrets(shown: Mapping[str, str]) -> None:
    """For plans that generate none."""
    raise AutotaskError("A secret was generated that nobody asked for. Nothing was saved.", "bug")
