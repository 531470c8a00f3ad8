# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The steps of an API user, and of its secret. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._catalogue.terms import DEFAULT_TERMS, Terms, admin_path
from .._documents.api_user import vendors_of
from .._text import quoted
from .step import LONGEST_SENTENCE, SAVING, Facts, Step, differing, listed

TEXT_FIELDS = {"first_name": "First Name", "last_name": "Last Name", "email": "Email Address"}
MENUS = {
    "security_level": "Security Level",
    "location": "Primary Internal Location",
    "date_format": "Date Format",
    "time_format": "Time Format",
    "number_format": "Number Format",
}
UNASSIGNED_ITEMS = "Resource can view items with no assigned Line of Business"


def user_steps(name: str, observed: Facts | None, desired: Facts, record: str, terms: Terms = DEFAULT_TERMS) -> list[Step]:
    """The steps that lead an API user from `observed` to `desired` (facts: see `_user`).

    A user that doesn't exist (`observed` is None) also gets a key and a secret; `record` is the sentence that says where they go.
    An existing user's key and secret are never touched: a new secret is a rotation, which somebody asks for.
    """
    new = observed is None
    known: dict[str, Any] = dict(observed) if observed is not None else {"lines_of_business": [], "locked": False}
    missing = [fact for fact in differing(known, desired) if new or fact != "tracking"]
    if not missing and not new:
        return []
    subject = f'API user "{name}"'
    if new:
        text = f"Open {admin_path(terms)} > Resources/Users. Press the arrow beside New and choose New API User."
        steps = [Step("resources_users", "new", "New API User", text)]
    else:
        steps = [_edit_user(name, terms)]
    fields = {fact: desired[fact] for fact in TEXT_FIELDS if fact in missing}
    if fields:
        steps += _field_steps(subject, fields)
    for fact, label in MENUS.items():
        if fact in missing:
            text = f'{subject}: set {label} to "{desired[fact]}".'
            steps.append(Step("api_user", "set", label, text, desired[fact], {fact: desired[fact]}))
    boxes: dict[str, bool] = {fact: desired[fact] for fact in ("active", "locked") if fact in missing}
    if boxes:
        shown = " and ".join(f"{'tick' if value else 'clear'} {fact.title()}" for fact, value in boxes.items())
        steps.append(Step("api_user", "tick", "Active, Locked", f"{subject}: {shown}.", boxes, boxes))
    if new:
        steps.append(Step("api_user", "press", "Generate Key", f"{subject}: press Generate Key and note the Username (Key)."))
        steps.append(_generate_secret(subject))
    if "tracking" in missing:
        steps.append(_tracking_step(subject, desired["tracking"]))
    steps += _line_of_business_steps(subject, desired, missing)
    steps.append(Step("api_user", "press", "Save & Close", f"{subject}: {SAVING}"))
    if new:
        steps.append(Step("credentials", "record", name, record))
    return steps


def secret_steps(name: str, rotation: str, record: str, terms: Terms = DEFAULT_TERMS) -> list[Step]:
    """The steps that give an existing API user a new secret. `rotation` is what this is called; `record` is the sentence that says where it goes.

    The old secret works until Save & Close, and never again: a user has one pair of key and secret.
    """
    subject = f'API user "{name}"'
    return [
        _edit_user(name, terms),
        replace(_generate_secret(subject), sets={"rotation": rotation}),
        Step("api_user", "press", "Save & Close", f"{subject}: {SAVING}"),
        Step("credentials", "record", name, record),
    ]


def record_sentence(name: str, host: str, record_as: str, sealed: bool = False) -> str:
    """Where the key, the secret and the identifier of an API user go: to who has a controller, or, `sealed`, into the change itself.

    `host` is what the inventory calls the tenant, which is what `-l` takes.
    """
    if sealed:
        return (
            f'Seal the Username (Key), the Password (Secret) and, if one was generated, the Tracking Identifier of API user "{name}" '
            f'on the hand-in page, integration "{record_as}", and put the block where this change says.'
        )
    return (
        f'Record the Username (Key), the Password (Secret) and, if one was generated, the Tracking Identifier of API user "{name}" '
        f'with the playbook msp.autotask.record_credentials, tenant "{host}", integration "{record_as}".'
    )


def _field_steps(subject: str, fields: Mapping[str, str]) -> list[Step]:
    """One step for the fields together, or, where that is too long for a line, one for each."""
    shown = listed([f'{TEXT_FIELDS[fact]} to "{value}"' for fact, value in fields.items()])
    text = f"{subject}: set {shown}."
    if len(text) > LONGEST_SENTENCE and len(fields) > 1:
        return [step for fact, value in fields.items() for step in _field_steps(subject, {fact: value})]
    return [Step("api_user", "set", listed([TEXT_FIELDS[fact] for fact in fields]), text, fields, fields)]


def _edit_user(name: str, terms: Terms) -> Step:
    return Step("resources_users", "edit", name, f'Open {admin_path(terms)} > Resources/Users. In the menu of "{name}" choose Edit.')


def _generate_secret(subject: str) -> Step:
    text = f"{subject}: press Generate Secret and note the Password (Secret). It is shown only now."
    return Step("api_user", "press", "Generate Secret", text)


def _tracking_step(subject: str, tracking: Mapping[str, Any]) -> Step:
    """With both an integration vendor and an internal integration name, the second is for tenants that don't list the first."""
    vendors, custom = vendors_of(tracking), tracking.get("internal_integration_name")
    listed_one = f"choose Integration Vendor {', or else '.join(quoted([vendor]) for vendor in vendors)}."
    choose_custom = f'hoose Custom (Internal Integration), set Internal Integration Name to "{custom}" and note the Tracking Identifier.'
    if vendors and custom:
        what = f"{listed_one} If {'it is not' if len(vendors) == 1 else 'none is'} listed, c{choose_custom}"
    elif vendors:
        what = listed_one
    else:
        what = f"c{choose_custom}"
    text = f"{subject}, API Tracking Identifier: {what}"
    if custom and len(text) > LONGEST_SENTENCE:
        listed_one = f"{', or else '.join(quoted([vendor]) for vendor in vendors)}, or else " if vendors else ""
        text = f'{subject}, API Tracking Identifier: choose {listed_one}Custom (Internal Integration) "{custom}" and note the Tracking Identifier.'
    return Step("api_user", "choose", "API Tracking Identifier", text, dict(tracking), {"tracking": dict(tracking)})


def _line_of_business_steps(subject: str, desired: Facts, missing: Sequence[str]) -> list[Step]:
    place, steps = f"{subject}, Line of Business", []
    if "lines_of_business" in missing:
        names = list(desired["lines_of_business"])
        what = f"{quoted(names)}, and nothing else" if names else "nothing"
        steps.append(Step("api_user", "associate", "Line of Business", f"{place}: associate {what}.", names, {"lines_of_business": names}))
    if "unassigned_items" in missing:
        verb = "tick" if desired["unassigned_items"] else "clear"
        sets = {"unassigned_items": desired["unassigned_items"]}
        steps.append(Step("api_user", verb, UNASSIGNED_ITEMS, f'{place}: {verb} "{UNASSIGNED_ITEMS}".', sets=sets))
    return steps
