# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Deviations that somebody has accepted: a file that is kept with the fleet. Private to the collection. Its form is in docs/review.md."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import _files
from .._errors import AutotaskError, InputError, raise_all
from .._profile.schema_errors import form_errors
from .._profile.text import LARGEST, read_text

FILE = "a file of acceptances"
VALUE = {"type": ["string", "integer", "boolean", "array", "object"]}
TEXT = {"type": "string", "minLength": 1}
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "required": ["acceptances"],
    "additionalProperties": False,
    "properties": {
        "acceptances": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tenants", "address", "value", "reason", "by", "until"],
                "additionalProperties": False,
                "properties": {
                    "tenants": {"type": "array", "items": TEXT, "minItems": 1},
                    "address": TEXT,
                    "value": VALUE,
                    "reason": TEXT,
                    "by": TEXT,
                    "until": TEXT,
                },
            },
        }
    },
}


@dataclass(frozen=True)
class Acceptance:
    """`value` is what is accepted at `address`; `until` is the last day of it, and `over` says that this was before today."""

    address: str
    value: Any
    reason: str
    by: str
    until: datetime.date
    over: bool = False

    def to_data(self) -> dict[str, Any]:
        """As a review tells it."""
        return {"value": self.value, "reason": self.reason, "by": self.by, "until": self.until.isoformat()}


Acceptances = Mapping[str, Acceptance]


def read_acceptances(path: str, tenant: str) -> Acceptances:
    """The acceptances of a tenant in a file, by address; none where no file is named. Those that are over are among them. Raises InputError with the file
    and the line.
    """
    if not path:
        return {}
    try:
        raw = _files.beginning(path, LARGEST + 1)
    except AutotaskError as error:
        raise InputError(["acceptances"], str(error), "acceptances") from error
    if raw is None:
        raise InputError(["acceptances"], f"there is no file {path}", "acceptances")
    text = read_text(raw, path, FILE, "acceptances:")
    raise_all(text.placed([*text.duplicates, *form_errors(text.data, SCHEMA)]))
    found: dict[str, Acceptance] = {}
    today = datetime.datetime.now(datetime.UTC).date()
    errors: list[InputError] = []
    for number, entry in enumerate(text.data["acceptances"], 1):
        place = ("acceptances", str(number))
        until = _day(entry["until"])
        if until is None:
            errors.append(InputError((*place, "until"), f'"{entry["until"]}" is no day; write it as 2027-03-31', "acceptances"))
        elif tenant in entry["tenants"] and entry["address"] in found:
            errors.append(InputError((*place, "address"), f'this address is accepted twice for "{tenant}"', "acceptances"))
        elif tenant in entry["tenants"]:
            found[entry["address"]] = Acceptance(entry["address"], entry["value"], entry["reason"], entry["by"], until, until < today)
    raise_all(text.placed(errors))
    return found


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None
