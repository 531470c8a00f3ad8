# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The document of an API user: parse what a person writes, normalise it, render it again. Private to the collection.

Field names and lengths: Autotask help, API_User_Add_Edit; lengths from the metadata of the entity Resource.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._errors import InputError, errors_of, raise_all
from .._text import UNQUOTABLE, quotable
from .names import check_user_level

LONGEST = {"first_name": 50, "last_name": 50, "email": 254}
# So many characters may the name of a user and its tracking identifiers have together, each with what stands between two of them.
LONGEST_TOGETHER, BETWEEN = 154, len('"", or else ')
# What a person may leave to the page's defaults, or to the tenant.
OPTIONAL = ("location", "active", "locked", "date_format", "time_format", "number_format", "lines_of_business", "unassigned_items")
# At the end of an integration vendor's name it stands for whatever follows.
ANY_END = "…"


@dataclass(frozen=True)
class User:
    """An API user as it is wanted. `others` holds only what was given (keys: `OPTIONAL`).

    `tracking` names an `integration_vendor`, an `internal_integration_name`, or both: then the second is for tenants that don't list the first.
    Several vendors are a list, the first that a tenant lists counts; one that ends with `ANY_END` is the one that begins so.
    """

    first_name: str
    last_name: str
    email: str
    security_level: str
    tracking: Mapping[str, Any]
    others: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """First and last name, as the console lists the user."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class ExistingUser:
    """An API user that is there already, and that only gets a level."""

    first_name: str
    last_name: str
    security_level: str

    @property
    def name(self) -> str:
        """First and last name, as the console lists the user."""
        return f"{self.first_name} {self.last_name}"


def parse_existing(written: Mapping[str, Any]) -> ExistingUser:
    """The document of a user that only gets a level. Raises InputError naming the options."""
    raise_all(error for option in ("first_name", "last_name") for error in errors_of(_text, written, option))
    return ExistingUser(_text(written, "first_name"), _text(written, "last_name"), check_user_level(written.get("security_level")))


def parse_user(written: Mapping[str, Any]) -> User:
    """The document for the options of `autotask_api_user`. Raises InputError naming the options, for all that is wrong."""
    tracking = _tracking(written.get("tracking_identifier") or {})
    others = {option: written[option] for option in OPTIONAL if written.get(option) is not None}
    if "lines_of_business" in others:
        others["lines_of_business"] = sorted(str(name) for name in others["lines_of_business"])
    raise_all(_user_errors(written, tracking, others))
    texts = {option: _text(written, option) for option in LONGEST}
    return User(**texts, security_level=check_user_level(written.get("security_level")), tracking=tracking, others=others)


def _user_errors(written: Mapping[str, Any], tracking: Mapping[str, Any], others: Mapping[str, Any]) -> Iterator[InputError]:
    for option in LONGEST:
        yield from errors_of(_text, written, option)
    email = str(written.get("email") or "").strip()
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        yield InputError(["email"], f'"{email}" is not an e-mail address', "email")
    if not tracking:
        yield InputError(
            ["tracking_identifier"],
            "name an `integration_vendor`, or an `internal_integration_name` for a custom identifier, or both: then the second is used where "
            "the first is not listed. Without a tracking identifier REST can't be used.",
            "tracking_missing",
        )
    for text in alternatives(tracking):
        yield from errors_of(_check_sentence, ["tracking_identifier"], text)
    yield from errors_of(_check_room, str(written.get("first_name") or "") + str(written.get("last_name") or ""), alternatives(tracking))
    if not all(name.strip() for name in others.get("lines_of_business", [])):
        yield InputError(["lines_of_business"], "one of them has no name", "missing")
    for option, value in others.items():
        for text in value if isinstance(value, list) else [value]:
            yield from errors_of(_check_sentence, [option], str(text))
    yield from errors_of(check_user_level, written.get("security_level"))


def _tracking(written: Mapping[str, Any]) -> dict[str, Any]:
    """The kinds of identifier that were named, in their normal form: one vendor is a text, several are a list."""
    vendors, custom = vendors_of(written), str(written.get("internal_integration_name") or "").strip()
    return {
        **({"integration_vendor": vendors[0] if len(vendors) == 1 else vendors} if vendors else {}),
        **({"internal_integration_name": custom} if custom else {}),
    }


def vendors_of(tracking: Mapping[str, Any]) -> list[str]:
    """The integration vendors of a tracking identifier, in order of preference."""
    named = tracking.get("integration_vendor") or []
    return [text for name in ([named] if isinstance(named, str) else named) if (text := str(name).strip())]


def alternatives(tracking: Mapping[str, Any]) -> list[str]:
    """The texts by which a tenant's choice among the identifiers is known."""
    return [*vendors_of(tracking), *([tracking["internal_integration_name"]] if tracking.get("internal_integration_name") else [])]


def _text(written: Mapping[str, Any], option: str) -> str:
    text = str(written.get(option) or "").strip()
    if not text:
        raise InputError([option], "is required for an API user", "missing")
    if len(text) > LONGEST[option]:
        raise InputError([option], f"has {len(text)} characters; Autotask takes at most {LONGEST[option]}", "too_long")
    _check_sentence([option], text)
    return text


def _check_room(name: str, identifiers: list[str]) -> None:
    """They stand in one sentence of a step, together with the user's name."""
    characters = len(name) + sum(len(text) + BETWEEN for text in identifiers)
    if characters > LONGEST_TOGETHER:
        raise InputError(
            ["tracking_identifier"],
            f"its names and the API user's have {characters} characters together, and a line of a checklist has room for {LONGEST_TOGETHER} of them; "
            "shorten them, or name fewer",
            "too_long",
        )


def _check_sentence(place: list[str], text: str) -> None:
    if not quotable(text):
        raise InputError(place, UNQUOTABLE, "characters")


def render_user(user: User) -> dict[str, Any]:
    """What a person would write for this user."""
    return {
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "security_level": user.security_level,
        "tracking_identifier": dict(user.tracking),
        **user.others,
    }


def user_facts(user: User) -> dict[str, Any]:
    """The facts that the document decides, in the words of `_plan.user_steps`."""
    facts = render_user(user)
    facts["tracking"] = facts.pop("tracking_identifier")
    return facts
