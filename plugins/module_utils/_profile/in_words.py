# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Tracking identifiers, optional parts and the hand-over of a profile, in lines that a person reads. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .._documents.api_user import ANY_END, vendors_of
from .._documents.handed_over import HANDED_OVER
from .._text import quoted
from .parts import Entry

HANDED_OVER_WORDS = {
    "user_name": "the Username (Key)",
    "secret": "the Password (Secret)",
    "integration_code": "the Tracking Identifier",
    "user_id": "the id of the API user",
    "zone_web_url": "the address of the tenant's console",
    "zone_url": "the address of the tenant's REST API",
    "zone_host": "the host of the tenant's REST API",
    "tenant": "the tenant's name",
}


def tracking_words(tracking: Entry) -> str:
    """By what REST knows whose requests a user's are; `tracking` is as the document of a user has it."""
    vendors = [
        f'the entry that begins with "{name.removesuffix(ANY_END)}"' if name.endswith(ANY_END) else f'"{name}"'
        for name in vendors_of(tracking)
    ]
    own = (
        f'a Custom (Internal Integration) called "{tracking["internal_integration_name"]}"'
        if "internal_integration_name" in tracking
        else ""
    )
    if not vendors:
        return f"Its tracking identifier: {own}." if own else "Its tracking identifier is the tenant's to name, by an override."
    listed = f"Its tracking identifier: the Integration Vendor {', or else '.join(vendors)}"
    return f"{listed}; where {'it is not' if len(vendors) == 1 else 'none is'} listed, {own}." if own else f"{listed}."


def part_words(part: Entry, levels: Mapping[str, str], chosen: bool) -> Iterator[str]:
    """When a tenant has an optional part, and what comes with it; `levels` are the names of the levels by their keys."""
    state = "chosen" if chosen else "left out" if part.get("default") else "not chosen"
    default = ", on unless a tenant leaves it out" if part.get("default") else ""
    yield f'The optional part "{part["key"]}"{default} ({state})' + (f": {part['when']}" if part.get("when") else ".")
    level = levels.get(part.get("security_level", ""), "")
    for name in ("sections", "modules", "settings", "webhooks"):
        above = "Webhooks" if name == "webhooks" else ""
        yield from (f'  In the level "{level}": {text}' for text in (_leaves(part[name], above) if part.get(name) else ()))
    if "system_level" in part:
        yield f'  The level "{level}" isn\'t made; its users have "{part["system_level"]}" in its place.'
    for kind, listed in (part.get("expect") or {}).items():
        yield f'  REST must show as {kind} to the users of "{level}": {", ".join(listed) or "nothing"}.'
    for user in part.get("api_users") or []:
        of_user = user.get("system_level") or levels.get(user.get("security_level", ""), "")
        yield f'  The API user "{user["first_name"]} {user["last_name"]}", with the level "{of_user}".'
    people = part.get("impersonated_levels")
    if people:
        yield f'  "{people["setting"]}" in the levels of {people["whose"]}.'
    if part.get("ip_addresses"):
        yield f"  For the tenant's list of allowed addresses: {', '.join(part['ip_addresses'])}."
    yield from (f"  Needed first: {entry['text']}" for entry in part.get("prerequisites") or [])
    yield from (f"  By hand, {entry['where']}: {entry['text']}" for entry in part.get("manual_steps") or [])


def _leaves(written: Any, path: str) -> Iterator[str]:
    """What is set, each value with its path; a group in which nothing is set is named all the same."""
    if isinstance(written, Mapping) and written:
        for key, inner in written.items():
            yield from _leaves(inner, f"{path} > {key}" if path else str(key))
    elif path:
        yield f"{path}: {_shown(written)}"


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "nothing"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def handover_words(handover: Entry, users: Mapping[str, str]) -> Iterator[str]:
    """What goes back to the vendor; `users` are the names of the API users by their keys."""
    if not handover["fields"]:
        return
    yield f"Handed over, to {handover['to']}:"
    for field in handover["fields"]:
        of_user = f' (of the API user "{users[field["user"]]}")' if field.get("user") in users and len(users) > 1 else ""
        custom = ", only with a Custom (Internal Integration)" if field.get("when") == "custom" else ""
        yield f"  {field['name']}: {_handed_over(field)}{of_user}{custom}"


def _handed_over(field: Entry) -> str:
    if "value" in field:
        return HANDED_OVER_WORDS[field["value"]]
    if "format" in field:
        named = [HANDED_OVER_WORDS[name] for name in HANDED_OVER if f"{{{name}}}" in field["format"]]
        return f'"{field["format"]}", with {" and ".join(named)}' if named else f'"{field["format"]}"'
    return quoted([field["text"]])
