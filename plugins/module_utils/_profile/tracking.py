# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The tracking identifier of a user, as a profile writes it: several integration vendors, some of them for some tenants only. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .._documents.api_user import ANY_END
from .._errors import InputError

Entry = Mapping[str, Any]


def tracking_errors(tracking: Entry) -> Iterator[InputError]:
    """For integration vendors that are named by both their name and their beginning, or by neither."""
    named = tracking.get("integration_vendor")
    for number, entry in enumerate(named if isinstance(named, list) else [], 1):
        if isinstance(entry, Mapping) and ("name" in entry) == ("begins_with" in entry):
            words = "an integration vendor has either a `name`, or what it `begins_with`"
            yield InputError(["integration_vendor", str(number)], words, "form")


def documented(tracking: Entry, every: bool = False) -> dict[str, Any]:
    """The identifier as the document of a user has it. What is for some tenants only is left out, unless `every` one is wanted."""
    vendors = [_text(entry) for entry in _entries(tracking) if every or not _is_conditional(entry)]
    found = {key: value for key, value in tracking.items() if key != "integration_vendor"}
    return {"integration_vendor": vendors, **found} if vendors else found


def conditions(tracking: Entry) -> list[tuple[str, str]]:
    """The vendors that are for some tenants only, each with what these are."""
    return [(_text(entry), entry["when"]) for entry in _entries(tracking) if _is_conditional(entry)]


def _entries(tracking: Entry) -> list[Any]:
    named = tracking.get("integration_vendor") or []
    return [named] if isinstance(named, str) else list(named)


def _is_conditional(entry: object) -> bool:
    return isinstance(entry, Mapping) and "when" in entry


def _text(entry: Any) -> str:
    if isinstance(entry, Mapping):
        return str(entry["name"]) if entry.get("name") else f"{entry.get('begins_with')}{ANY_END}"
    return str(entry)
