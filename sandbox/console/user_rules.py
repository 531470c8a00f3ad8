# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the page of an API user offers, and what keeps it from being saved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sandbox.console.forms import ApiUserForm
from sandbox.credentials import TRACKING_LENGTH
from sandbox.editor import Problem
from sandbox.model import ApiUser, Tenant
from sandbox.store import Store

LABELS = {
    "first_name": "First Name",
    "last_name": "Last Name",
    "email": "Email Address",
    "level_id": "Security Level",
    "location_id": "Primary Internal Location",
    "date_format": "Date Format",
    "time_format": "Time Format",
    "number_format": "Number Format",
    "key": "Username (Key)",
    "secret": "Password (Secret)",
    "vendor_id": "Integration Vendor",
    "internal_name": "Internal Integration Name",
}
_REQUIRED = ("first_name", "last_name", "email", "level_id", "location_id", "key")
_LONGEST = {"first_name": 50, "last_name": 50, "email": 254, "internal_name": 50, "secret": 64}
_LONGEST_KEY = 32
_NOT_IN_KEY = re.compile(r'[@();:\[\]|\\"\s]')


@dataclass(frozen=True)
class Offer:
    """What can be chosen on the page, each value with the text that is shown for it."""

    choices: Mapping[str, Mapping[str, str]]
    lines_of_business: tuple[str, ...]


def offer(store: Store, tenant: Tenant, before: ApiUser | None) -> Offer:
    """What the page of this user, or of a new one, offers.

    Security levels are the active API-only ones, and the present one even if it is inactive. Vendors are offered whether they
    are active or not (Autotask help, Integration_Center).
    """
    levels = {
        str(level.id): level.name
        for level in store.levels(tenant.id)
        if level.api_only and (level.active or (before and before.level_id == level.id))
    }
    locations = {str(location["id"]): str(location["name"]) for location in store.query(tenant.id, "InternalLocations")}
    formats = {
        name: {str(choice.value): choice.label for choice in store.choices(tenant.id, picklist)}
        for name, picklist in (
            ("date_format", "Resources.dateFormat"),
            ("time_format", "Resources.timeFormat"),
            ("number_format", "Resources.numberFormat"),
        )
    }
    vendors = {str(vendor.id): vendor.name for vendor in store.vendors(tenant.id)}
    lines = tuple(choice.label for choice in store.choices(tenant.id, "LinesOfBusiness"))
    return Offer({"level_id": levels, "location_id": locations, "vendor_id": vendors} | formats, lines)


def problems(form: ApiUserForm, offered: Offer, store: Store, tenant: Tenant, before: ApiUser | None) -> Iterator[Problem]:
    """Everything that is wrong with the form of a new user, or of the one that it was before."""
    for name in _REQUIRED:
        if not getattr(form, name):
            yield Problem(name, f"{LABELS[name]} is required.")
    for name, longest in _LONGEST.items():
        if len(getattr(form, name)) > longest:
            yield Problem(name, f"{LABELS[name]} must be {longest} characters or fewer.")
    for name, choices in offered.choices.items():
        if getattr(form, name) and getattr(form, name) not in choices:
            yield Problem(name, f"{LABELS[name]} does not offer this value.")
    if form.email and not re.fullmatch(r"[^@\s]+@[^@\s]+", form.email):
        yield Problem("email", "Email Address must be a valid email address.")
    if form.key and (not before or form.key.lower() != before.user_name.lower()):
        yield from _key(form.key, store, tenant, before)
    yield from _secret(form.secret, required=before is None)
    if form.tracking == "vendor" and not form.vendor_id:
        yield Problem("vendor_id", "Integration Vendor is required.")
    if form.tracking == "custom" and not form.internal_name:
        yield Problem("internal_name", "Internal Integration Name is required.")
    if form.tracking == "custom" and len(form.tracking_code) != TRACKING_LENGTH:
        yield Problem("tracking_code", "Tracking Identifier is required.")
    if not set(form.lines_of_business) <= set(offered.lines_of_business):
        yield Problem("lines_of_business", "Line of Business does not offer this value.")


def _key(text: str, store: Store, tenant: Tenant, before: ApiUser | None) -> Iterator[Problem]:
    """The rules of a user name (vendor guides that copy Autotask's own table): letters and numbers, some marks, unique for good."""
    key, _at, domain = text.rpartition("@")
    if domain.lower() != tenant.domain.lower() or not key:
        yield Problem("key", f"Username (Key) must end with @{tenant.domain}.")
    elif len(key) > _LONGEST_KEY:
        yield Problem("key", f"Username (Key) must be {_LONGEST_KEY} characters or fewer before the @.")
    elif _NOT_IN_KEY.search(key):
        yield Problem("key", 'Username (Key) must not contain spaces or any of @ ( ) ; : [ ] | \\ ".')
    elif not (re.search(r"[A-Za-z]", key) and re.search(r"[0-9]", key)):
        yield Problem("key", "Username (Key) must contain letters and numbers.")
    elif store.user_name_taken(tenant.id, key, before.id if before else None):
        yield Problem("key", "Username (Key) must be unique: it is already in use.")


def _secret(text: str, required: bool) -> Iterator[Problem]:
    """The strong-password rule (Autotask help, Passwordrequirements)."""
    groups = sum(bool(re.search(group, text)) for group in ("[A-Z]", "[a-z]", "[0-9]"))
    if not text:
        if required:
            yield Problem("secret", "Password (Secret) is required.")
    elif re.search(r"[\s']", text):
        yield Problem("secret", "Password (Secret) must not contain spaces or single quotes.")
    elif len(text) < 7 or groups < 2 or not re.search(r"[^A-Za-z0-9]", text[1:6]):
        yield Problem(
            "secret",
            "Password (Secret) must have at least 7 characters, a special character in positions 2 to 6, "
            "and two of upper case, lower case and numbers.",
        )
