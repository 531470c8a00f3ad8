# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How REST says no: the status codes and the texts, in one place."""

from __future__ import annotations

from collections.abc import Sequence


class RestError(Exception):
    """An answer other than success. Most are a 500 with texts, even where permission is missing (a client's note; swagger says 403)."""

    def __init__(self, *errors: str, status: int = 500, retry_after: int | None = None) -> None:
        super().__init__(*errors)
        self.status = status
        self.errors: Sequence[str] = errors
        self.retry_after = retry_after


class Unauthorized(RestError):
    """The empty 401 that doesn't tell which of the credentials is wrong."""

    def __init__(self) -> None:
        super().__init__(status=401)


class NotFound(RestError):
    """An address that doesn't exist. Autotask's web server answers it with an HTML page."""

    def __init__(self) -> None:
        super().__init__(status=404)


class WrongMethod(RestError):
    """An address that doesn't have this verb."""

    def __init__(self, method: str) -> None:
        super().__init__(f"The requested resource does not support http method '{method}'.", status=405)


def not_permitted(verb: str) -> RestError:
    """The caller's level doesn't grant create, query, update or delete."""
    return RestError(f"The logged in Resource does not have the adequate permissions to {verb} this entity type.")


def no_match(verb: str) -> RestError:
    """The record to be updated or deleted doesn't exist, or isn't seen by the caller."""
    text = f"No matching records found. The logged in Resource may not have the required permissions to {verb} the data."
    return RestError(f"No message. {text}")


def unknown_field(name: str, entity: str) -> str:
    """A query or UDF names a field that the entity doesn't have."""
    return f"Unable to find {name} in the {entity} Entity."


def missing_value(name: str) -> str:
    """A required field is null or left out."""
    return f"Value does not exist for the required field {name}"


def too_long(name: str, length: int) -> str:
    """A text is longer than the field."""
    return f"{name} must be less than or equal to {length} characters."


def unknown_choice(value: object, name: str) -> str:
    """A value isn't in the field's pick-list."""
    return f"Picklist value [{value}] does not exist for {name}."


def bad_reference(name: str, entity: str) -> str:
    """A reference leads nowhere."""
    return f"Reference value on field: {name} of type: {entity} does not exist or is invalid."


def bad_value(value: object, name: str, kind: str) -> str:
    """A value can't be read as the field's type (no document shows Autotask's text)."""
    return f"The value [{value}] of field {name} is not a valid {kind}."
