# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The words of the sandbox's world as data classes; `store.py` keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]
"""One record of a REST entity, its property names spelt as REST spells them."""

CellValue = bool | int | str
"""What a level's cell holds: a box's tick, a number, or the canonical text of a drop-down's value."""

Cells = Mapping[str, CellValue]
"""A level's cells by key: `Section|Group|Label|Column` in canonical labels, with empty group or column where there is none."""

API_LICENSE = 7
LICENSE_TYPES = {
    1: "Administrator",
    2: "Executive",
    3: "Professional",
    4: "Team Member",
    5: "Time & Attendance",
    6: "Dashboard User",
    API_LICENSE: "API User",
    8: "Contractor",
    9: "Co-managed Help Desk",
}
"""Autotask's licence types by number (pick-list of `Resources.licenseType`)."""


@dataclass(frozen=True)
class Tenant:
    """One Autotask database. `organization_term` and `device_term` are its words for Organization and Device, in the singular."""

    id: int
    slug: str
    name: str
    domain: str
    zone: int
    organization_term: str
    device_term: str
    language: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Level:
    """A security level. The store makes a new object, with a higher `version`, for every change: what is derived from one can be cached."""

    id: int
    tenant_id: int
    name: str
    active: bool
    system: bool
    api_only: bool
    copyable: bool
    license_type: int
    cells: Cells
    source_id: int | None
    version: int

    @property
    def listed_name(self) -> str:
        """The name as the list page prints it: API levels carry ` (API-only)`, nothing else does."""
        return f"{self.name} (API-only)" if self.api_only else self.name


@dataclass(frozen=True)
class ApiUser:
    """An API user: its `Resources` record and what REST doesn't show. Its secret is never handed out.

    `key` is the part of the Username (Key) before `@`, `key_domain` the part after it. `tracking` is `none`, `vendor`
    or `custom`; `vendor_id` goes with `vendor`, `tracking_code` and `internal_name` with `custom`. The code shows in no
    representation, since it is one of the three values that a caller must send.
    """

    id: int
    tenant_id: int
    first_name: str
    last_name: str
    email: str
    active: bool
    locked: bool
    level_id: int
    date_format: str
    time_format: str
    number_format: str
    location_id: int
    key: str
    key_domain: str
    tracking: str = "none"
    vendor_id: int | None = None
    tracking_code: str = field(default="", repr=False)
    internal_name: str = ""
    lines_of_business: tuple[str, ...] = ()
    lob_unassigned: bool = True

    @property
    def name(self) -> str:
        """First and last name, as the list page prints them."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def user_name(self) -> str:
        """The whole Username (Key), with its domain."""
        return f"{self.key}@{self.key_domain}"


@dataclass(frozen=True)
class Person:
    """Somebody who signs in to the console; `id` is their resource. `grants_internal_cost`: may tick the internal-cost box."""

    id: int
    tenant_id: int
    user_name: str
    name: str
    grants_internal_cost: bool
    locked: bool


@dataclass(frozen=True)
class Vendor:
    """An integration vendor of the tenant's list (`BeeCastle - CRM`); the code is what its API users must send."""

    id: int
    tenant_id: int
    name: str
    code: str = field(repr=False)
    active: bool = True


@dataclass(frozen=True)
class Choice:
    """One value of a pick-list. `parent` is the value of the parent field that it belongs to, if any."""

    value: int | str
    label: str
    active: bool = True
    system: bool = False
    default: bool = False
    parent: str = ""
