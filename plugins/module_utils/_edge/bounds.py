# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the options of all modules may be, beyond their types: numbers that somebody can mean, and texts that can be shown. Private to the collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .._credentials.hand_in import check_address
from .._errors import InputError, errors_of, raise_all
from .._rest.credentials import unseen_in
from .._text import UNQUOTABLE, for_error, quotable

# The least and the most, by the place of the option.
NUMBERS: Mapping[tuple[str, ...], tuple[float, float]] = {
    ("timeout",): (0.1, 3600),
    ("task_timeout",): (1, 24 * 3600),
    ("retries",): (0, 20),
    ("ticket", "due_days"): (0, 3650),
    ("wait_minutes",): (0, 7 * 24 * 60),
    ("wait_interval",): (0, 3600),
    ("retries_of_new",): (0, 5),
    ("retry_delay",): (0, 3600),
    ("console", "timeout"): (0.1, 3600),
}
# Texts that become part of a title, of a file's name or of a step, and how long each may be.
TEXTS: Mapping[tuple[str, ...], int] = {
    ("tenant",): 100,
    ("local_terms", "organization"): 50,
    ("local_terms", "device"): 50,
    ("hand_in", "address"): 300,
}
PATHS: Sequence[tuple[str, ...]] = (
    ("runsheet", "path"),
    ("credentials_store", "folder"),
    ("handover_folder",),
    ("hand_in", "page"),
    ("console", "screenshots"),
    ("console", "credentials_file"),
    ("console", "locators"),
    ("ca_path",),
)
# What people type otherwise: nobody types what nobody sees, but letters of any kind, and blanks, can be meant.
TYPED: Sequence[tuple[str, ...]] = (("console", "user_name"), ("console", "password"))
# Texts that may have several lines.
NOTES: Mapping[tuple[str, ...], int] = {("notes",): 4000}


def check_bounds(params: Mapping[str, Any]) -> None:
    """Raises InputError for all options of a module, whatever it is, that are out of their bounds."""
    entries = [one for one in params.get("integrations") or [] if isinstance(one, Mapping)]
    of_entries = [_paths(entry, ("integrations", str(number))) for number, entry in enumerate(entries, 1)]
    of_all = [check(params) for check in (_numbers, _texts, _typed, _paths, _of_hand_in)]
    raise_all(error for errors in (*of_all, *of_entries) for error in errors)


def _numbers(params: Mapping[str, Any]) -> Iterator[InputError]:
    for place, (least, most) in NUMBERS.items():
        value = _at(params, place)
        # No comparison is true of what is not a number.
        if value is not None and not least <= value <= most:
            yield InputError(place, f"{value} is not a number from {least:g} to {most:g}", "bounds")


def _texts(params: Mapping[str, Any]) -> Iterator[InputError]:
    for place, longest in {**TEXTS, **NOTES}.items():
        value = _at(params, place)
        for text in value if isinstance(value, list) else [value or ""]:
            if len(text) > longest:
                yield InputError(place, f"{for_error(text)} has {len(text)} characters; at most {longest} are possible", "too_long")
            elif place in TEXTS and not quotable(text):
                yield InputError(place, UNQUOTABLE, "characters")
            elif not "".join(text.split()).isprintable():
                yield InputError(place, "control characters can't be part of it", "characters")


def _typed(params: Mapping[str, Any]) -> Iterator[InputError]:
    for place in TYPED:
        if words := unseen_in(str(_at(params, place) or "").strip(" ")):
            yield InputError(
                place, f"it has {words}, which nobody types. Copy it again: in full, and nothing else with it", "credentials_form"
            )


def _of_hand_in(params: Mapping[str, Any]) -> Iterator[InputError]:
    """For where people would find no page. Without an address that is the path of the page itself."""
    for name in ("address", "page"):
        if address := _at(params, ("hand_in", name)):
            yield from errors_of(check_address, address, ["hand_in", name])
            return


def _paths(params: Mapping[str, Any], above: Sequence[str] = ()) -> Iterator[InputError]:
    for place in PATHS:
        if not str(_at(params, place) or "").isprintable():
            yield InputError((*above, *place), "control characters can't be part of a path", "characters")


def _at(params: Mapping[str, Any], place: Sequence[str]) -> Any:
    """The value of an option; None where the module has no such option, or nothing was given."""
    value: Any = params
    for name in place:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
