# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A profile as one tenant gets it, and what the tenant chose. Private to the collection."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from .._documents.security_level import Level
from .parts import Entry
from .text import Place

# What a tenant chooses, as errors name it.
INCLUDED, EXCLUDED, OVERRIDES = "included", "excluded", "overrides"
# The key of the part that every tenant wants whose site lets passwords expire, whoever's profile it stands in.
PASSWORDS_EXPIRE_PART = "password_does_not_expire"


@dataclass(frozen=True)
class Choices:
    """What a tenant decides: optional parts that are included or excluded (by key), other values, lines of business, levels of its people.

    `passwords_expire` says that its site lets passwords expire.
    """

    included: Sequence[str] = ()
    excluded: Sequence[str] = ()
    overrides: Entry = field(default_factory=dict)
    lines_of_business: Sequence[str] = ()
    impersonated_levels: Sequence[str] = ()
    passwords_expire: bool = False

    @property
    def by_default(self) -> Collection[str]:
        """The parts that this tenant has unless it leaves them out, besides those that every tenant has."""
        return (PASSWORDS_EXPIRE_PART,) if self.passwords_expire else ()


@dataclass(frozen=True)
class Origin:
    """Where a value is from: its place in the profile, and how it is known (`guide`, `other source`, `assumed`, `unknown`, `tenant`)."""

    place: Place
    source: str
    why: str = ""


@dataclass(frozen=True)
class ProfileLevel:
    """One level of a profile as a tenant gets it. `unexpressed` are words of a guide that a section can't express.

    `copied_from` are the levels that it can be copied from; which of them a tenant has is not known here, and `level` has the first. `shared` says that
    another integration may have the same level. `covered` has where the whole section of a cell stands, `unread` the sections of which something can't be
    read, which only levels of a wrong profile have.
    """

    key: str
    level: Level
    copied_from: Sequence[str]
    webhooks: Entry | None
    origins: Mapping[str, Origin]
    unexpressed: Sequence[tuple[str, str]]
    shared: bool = False
    covered: Mapping[str, Place] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Missing:
    """What a tenant has to choose, and hasn't: the choice, and a sentence on it."""

    choice: str
    text: str


@dataclass(frozen=True)
class Profile:
    """A checked profile, and its levels, users and the rest as one tenant gets them. `parts` are the keys of the optional ones that it has;
    `doubts` has, by the keys of others, what would be contradictory with them; `is_old` says that it is written in an earlier form.
    """

    data: Entry
    levels: Sequence[ProfileLevel]
    users: Sequence[Entry]
    prerequisites: Sequence[Entry]
    manual_steps: Sequence[Entry]
    handover: Entry
    missing: Sequence[Missing]
    parts: Collection[str] = ()
    doubts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_old: bool = False
