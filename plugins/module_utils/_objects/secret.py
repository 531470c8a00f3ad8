# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A new secret of an API user. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from .._appliers.base import ConsoleView, no_secret
from .._catalogue.terms import Terms
from .._change.decide import Knowledge
from .._change.model import Document, Kind, Record
from .._errors import AutotaskError, InputError
from .._plan.user_steps import record_sentence, secret_steps

LABELS = {"rotation": "Rotation"}
LONGEST_ROTATION = 50


def check_rotation(text: str) -> str:
    """The name of a rotation, fit to be kept. Raises InputError."""
    name = text.strip()
    if not name or not name.isprintable() or len(name) > LONGEST_ROTATION:
        raise InputError(
            ["rotation"], f'"{text}" is not a name of one line with at most {LONGEST_ROTATION} characters, such as 2026-11', "rotation"
        )
    return name


@dataclass
class Secret:
    """See `Thing`: the secret of the user of this name as it should be after a rotation. `host` is what the inventory calls the tenant; `sealed` says that
    people hand it in so.
    """

    name: str
    rotation: str
    host: str
    record_as: str
    terms: Terms
    sealed: bool = False
    warnings: list[str] = field(default_factory=list)

    kind: ClassVar[Kind] = Kind.SECRET
    shared: ClassVar[bool] = False
    facts: ClassVar[tuple[str, ...]] = ("rotation",)

    @property
    def document(self) -> Document:
        """See `Thing`."""
        return {"rotation": self.rotation}

    def label(self, fact: str) -> str:
        """Names a fact for people."""
        return LABELS.get(fact, fact)

    def plan_new(self) -> Knowledge:
        """See `Thing`."""
        return self.plan(None)

    def plan(self, attested: Document | None, begun: Record | None = None) -> Knowledge:
        """See `Thing`. A secret can't be read; that it was changed is attested."""
        record = record_sentence(self.name, self.host, self.record_as, self.sealed)
        steps = secret_steps(self.name, self.rotation, record, self.terms)
        if attested is None:
            return Knowledge(steps)
        done = attested.get("rotation") == self.rotation
        return Knowledge([] if done else steps, {"rotation": attested.get("rotation")}, {"rotation": "attested"})

    def plan_seen(self, console: ConsoleView, check_mode: bool) -> Knowledge:
        """See `Thing`. Rotations are asked of people, whichever applier sets things up."""
        raise AutotaskError("The console applier generates no new secret for a user that is there.", "not_supported")

    def keep(self, generated: Mapping[str, str]) -> None:
        """See `Thing`."""
        no_secret(generated)
