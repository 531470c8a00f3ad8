# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where profiles are: those that come with the collection by the names of their roles, others by their paths, or as data. Private to the collection."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from .. import _files
from .._catalogue.extend import extended
from .._catalogue.model import Catalogue
from .._errors import AutotaskError, InputError
from .._text import folded, quoted, suggestion
from .check import right_settings
from .old_form import in_todays_form
from .resolve import read_profile
from .resolved import Choices
from .text import LARGEST, Text, read_text, text_of

ROLES = Path(__file__).parents[3] / "roles"


@functools.cache
def vendors() -> dict[str, str]:
    """The profiles that come with the collection, by the names of their roles; empty where a module runs as a file of its own."""
    return {path.parents[1].name: str(path) for path in sorted(ROLES.glob("*/files/profile.yml"))}


def profile_text(profile: object, place: tuple[str, ...] = ("profile",)) -> Text:
    """The profile that is meant: the name of a vendor's role, the path of a file, or the profile itself. Raises InputError."""
    if isinstance(profile, Mapping):
        return text_of(profile)
    name = str(profile)
    if name in vendors():
        return read_file(vendors()[name], place)
    if "/" not in name and not name.endswith((".yml", ".yaml")):
        raise unknown_vendor(name, place)
    return read_file(file_of(name), place)


def file_of(name: str) -> str:
    """The path that somebody wrote for a file."""
    return os.path.expandvars(os.path.expanduser(name))


def unknown_vendor(name: str, place: tuple[str, ...]) -> InputError:
    """The error for a vendor that doesn't come with the collection."""
    known = list(vendors())
    return InputError(
        place,
        f'there is no vendor "{name}".{suggestion(name, known)} There are {quoted(known)}. A vendor of your own is a profile: name its file.',
        "unknown_vendor",
    )


def read_file(path: str, place: tuple[str, ...] = ("path",)) -> Text:
    """The profile in a file. Raises InputError."""
    try:
        return _read(path, _files.changed(path))
    except AutotaskError as error:
        if error.code != "file":
            raise
        raise InputError(place, str(error), "profile_missing") from error


@functools.lru_cache(maxsize=64)
def _read(path: str, changed: int) -> Text:
    """The file as it was at that time; read once a run, since forks have what was read before them."""
    return read_text(_files.beginning(path, LARGEST + 1) or b"", path)


def catalogue_of(profiles: Iterable[Text], extra: Sequence[Mapping[str, Any]] = ()) -> Catalogue:
    """The catalogue with the `extra` settings of a tenant, and those that profiles describe; a tenant's own description counts more.

    Raises InputError for one of the tenant's that is incomplete or in the catalogue already, and where two profiles describe one in different ways.
    What is wrong with a profile's own is told with the rest of the profile.
    """
    known = {_name_of(entry): dict(entry) for entry in extra}
    of_tenant = set(known)
    for profile in profiles:
        text = in_todays_form(profile)
        for number, entry in right_settings(text.data):
            if known.setdefault(_name_of(entry), dict(entry)) != entry and _name_of(entry) not in of_tenant:
                words = f'the setting "{entry["label"]}" is described otherwise in another profile'
                raise text.error(InputError(("extra_settings", str(number)), words, "duplicate_setting"))
    return extended(list(known.values()))


def _name_of(entry: Mapping[str, Any]) -> tuple[str, str]:
    return folded(str(entry.get("section"))), folded(str(entry.get("label")))


def warm() -> None:
    """Read the profiles that come with the collection, and work them out as they are without any choice: before Ansible forks for each tenant.

    What can't be read, or a library that is missing, is for the task that needs it to tell.
    """
    for path in vendors().values():
        with suppress(AutotaskError):
            text = read_file(path)
            read_profile(text, Choices(), catalogue_of([text]))
