# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A vendor's profile: check it, and make of it what one tenant needs. Private to the collection. The form is in docs/profile.md.

A profile knows labels; what comes out of here is normalised by the catalogue, with the tenant's choices in it, and each value's origin.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .._catalogue.model import Catalogue, standard
from .._documents.webhook_limit import CAN_CREATE_WEBHOOKS
from .._errors import InputError, raise_all
from . import schema
from .by_hand import by_hand
from .check import errors_in, new, without
from .expectations import Granted, cells_of, expectation_errors
from .levels import levels_of
from .old_form import in_todays_form, is_old
from .overrides import choice_errors, chosen_together, override_errors, read_overrides, with_overrides
from .parts import Entry, chosen_parts, listed
from .references import by_key
from .resolved import OVERRIDES, Choices, Missing, Profile, ProfileLevel
from .schema_errors import fitting
from .spelling import spelled
from .text import Text
from .tracking import conditions, documented
from .unread import OF_SOURCE, refused
from .widening import widening_errors


def read_profile(text: Text, choices: Choices, catalogue: Catalogue) -> Profile:
    """The profile as a tenant with these choices gets it. Raises InputError: in the file with its line, in the choices with the variable."""
    text = as_read(text)
    data = text.data
    users, levels, doubts = _worked_out(text, choices, catalogue)
    people, parts = list(users.values()), chosen_parts(data, choices.included, choices.excluded, choices.by_default)
    return Profile(
        data,
        levels,
        users=[_user(data, number, entry, levels, choices) for number, entry in enumerate(people)],
        prerequisites=listed(data, parts, "prerequisites"),
        manual_steps=by_hand(data, parts, people, choices),
        handover=_handover(data, choices, users),
        missing=list(_missing(data["vendor"], people, choices)),
        parts=[part["key"] for part in parts],
        doubts=doubts,
        is_old=is_old(text),
    )


def as_read(text: Text) -> Text:
    """The text in today's form, with the keys that are meant: the places of what is made of it are places in this one."""
    return spelled(in_todays_form(text))


def _missing(vendor: str, users: Sequence[Entry], choices: Choices) -> Iterator[Missing]:
    if any(user.get("lines_of_business") == "tenant_choice" for user in users) and not choices.lines_of_business:
        yield Missing("lines_of_business", f"{vendor} leaves the lines of business to the tenant: name them.")
    for user in users:
        if not user.get("existing") and not documented(user["tracking_identifier"]):
            cases = "; ".join(f'"{name}": {when}' for name, when in conditions(user["tracking_identifier"]))
            leaves = f'{vendor} leaves the integration vendor of the API user "{user["key"]}" to the tenant: name it. {cases}'
            unknown = f'The tracking identifier of the API user "{user["key"]}" is unknown: find out what {vendor} uses, and name it by an override.'
            yield Missing(OVERRIDES, leaves if cases else unknown)


WorkedOut = tuple[dict[str, Entry], list[ProfileLevel], dict[str, list[str]]]
# What was worked out of the files of this run; a fork has what was worked out before it.
_KNOWN: dict[tuple[str, str, str], WorkedOut] = {}


def _worked_out(text: Text, choices: Choices, catalogue: Catalogue) -> WorkedOut:
    """The users by their keys, with the tenant's values, the levels, and the doubts; of the same file with the same choices once."""
    chosen = json.dumps(
        [list(choices.included), list(choices.excluded), choices.overrides, choices.passwords_expire], sort_keys=True, default=str
    )
    key = (text.digest, text.name, chosen)
    if not text.digest or catalogue is not standard():
        return _work_out(text, choices, catalogue)
    if key not in _KNOWN:
        _KNOWN[key] = _work_out(text, choices, catalogue)
    return _KNOWN[key]


def _work_out(text: Text, choices: Choices, catalogue: Catalogue) -> WorkedOut:
    """Raises InputError for all that is wrong with the profile, and with the tenant's choices."""
    found_in = errors_in(text.data, catalogue, as_written=bool(text.name))
    wrong, unread = [*text.duplicates, *found_in], [*text.unread, *found_in]
    data = without(fitting(text.data, schema.frame()), refused(unread))
    overrides, of_tenant = read_overrides(choices, catalogue)
    parts, conflicts = chosen_together(data, choices)
    users, entries = with_overrides(data, overrides, parts)
    of_tenant += new([*choice_errors(data, choices), *conflicts, *override_errors(data, overrides, users, entries)], of_tenant)
    levels, found = levels_of(data, entries, parts, overrides, catalogue, [*unread, *of_tenant])
    # A profile is right only if its optional parts are, too.
    found += levels_of(data, by_key(data, "security_levels"), data.get("optional") or [], {}, catalogue, unread)[1]
    found += expectation_errors(data, users, _granted_by(levels, overrides, catalogue), parts, overrides, catalogue)
    if not [*wrong, *of_tenant, *found]:
        # What is wrong can't be compared.
        of_tenant += widening_errors(
            levels_of(data, with_overrides(data, {}, parts)[1], parts, {}, catalogue, ())[0], levels, overrides, catalogue
        )
    found = new(found, [*wrong, *of_tenant])
    of_profile = [error for error in found if error.place[0] != OVERRIDES]
    raise_all([*text.placed([*wrong, *of_profile]), *of_tenant, *(error for error in found if error not in of_profile)])
    return users, levels, _doubts(data, choices, overrides, parts, catalogue)


def _doubts(data: Entry, choices: Choices, overrides: Entry, parts: Sequence[Entry], catalogue: Catalogue) -> dict[str, list[str]]:
    """What would be contradictory with each of the parts that this tenant doesn't have: whoever chooses one gets it as an error."""
    found: dict[str, list[str]] = {}
    chosen = [part["key"] for part in parts]
    for key in [part["key"] for part in data.get("optional") or [] if part["key"] not in chosen]:
        excluded = [one for one in choices.excluded if one != key]
        try:
            more = chosen_parts(data, [*choices.included, key], excluded, choices.by_default)
        except InputError:
            continue  # it can't be had together with another one
        users, entries = with_overrides(data, overrides, more)
        levels, errors = levels_of(data, entries, more, overrides, catalogue, ())
        errors = [*errors, *expectation_errors(data, users, _granted_by(levels, overrides, catalogue), more, overrides, catalogue)]
        found |= {key: [str(error) for error in errors]} if errors else {}
    return found


def _granted_by(levels: Sequence[ProfileLevel], overrides: Entry, catalogue: Catalogue) -> dict[str, Granted]:
    """What is known of each level's cells, those of its webhook limit included, by its key."""
    found = {}
    for one in levels:
        limit = {CAN_CREATE_WEBHOOKS: one.webhooks["maximum"] > 0} if one.webhooks else {}
        places = {**one.covered, **{cell_id: known.place for cell_id, known in one.origins.items()}}
        of_tenant = (overrides.get("security_levels") or {}).get(one.key) or {}
        ground = next(((OVERRIDES, "security_levels", one.key, name) for name in OF_SOURCE if name in of_tenant), ())
        found[one.key] = Granted({**cells_of(one.level, catalogue), **limit}, places, one.unread, ground)
    return found


def _user(data: Entry, number: int, entry: Entry, levels: Sequence[ProfileLevel], choices: Choices) -> dict[str, Any]:
    """An API user in the options of autotask_api_user, with what else the role needs of it."""
    key = entry["key"]
    names = {level.key: level.level.name for level in levels}
    lines = entry.get("lines_of_business")
    chosen = list(choices.lines_of_business) or ([] if lines == "all" else lines if isinstance(lines, list) else None)
    return {
        "key": key,
        "record_as": data["integration"] if number == 0 else f"{data['integration']}-{key}",
        "first_name": entry["first_name"],
        "last_name": entry["last_name"],
        "security_level": entry.get("system_level") or names[entry["security_level"]],
        "security_level_key": entry.get("security_level", ""),
        "tracking_identifier": documented(entry.get("tracking_identifier") or {}),
        "existing": bool(entry.get("existing")),
        "email": entry.get("email", ""),
        "location": entry.get("location", ""),
        "locked": entry.get("locked"),
        "lines_of_business": chosen,
        "unassigned_items": entry.get("unassigned_items"),
        "expect": {"granted": [], "denied": [], **(entry.get("expect") or {})},
    }


def _handover(data: Entry, choices: Choices, users: Mapping[str, Entry]) -> dict[str, Any]:
    """The hand-over with the tenant's values, without what is of users of parts that the tenant doesn't have."""
    found = {"to": "", "fields": [], **(data.get("handover") or {}), **(choices.overrides.get("handover") or {})}
    return {**found, "fields": [field for field in found["fields"] if field.get("user", next(iter(users))) in users]}
