# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Paths: each that the collection makes from names is made here, and leads nowhere else than below its folder. Private to the collection.

The folders are a user's own choice. The names in them are tenants', and keys of integrations.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from ._documents.names import SESSION, check_key
from ._errors import InputError
from ._text import for_error

# A file's name has at most 255 bytes; what follows a tenant's in that of a run sheet, or precedes it while that is written, has its share of them.
LONGEST_TENANT = 120


def check_tenant(name: str, option: str = "tenant") -> str:
    """The name of a tenant, fit to be that of a folder. Raises InputError."""
    if not name.strip():
        raise InputError([option], "the tenant has no name; by default it is that of the host in the inventory", "tenant")
    wrong = (
        "begins with a dot" * name.startswith(".")
        or "has a slash or a backslash in it" * bool(re.search(r"[/\\]", name))
        or "has line breaks, control characters or the like in it" * (not name.isprintable())
        or "begins or ends with a blank" * (name != name.strip())
        or f"has more than {LONGEST_TENANT} bytes" * (len(name.encode("utf-8", "replace")) > LONGEST_TENANT)
    )
    if wrong:
        raise InputError(
            [option],
            f"{for_error(name)} {wrong}, so it can't be the name of a folder. Call the tenant otherwise: by default it is called like its host in "
            "the inventory, and autotask_tenant gives it another name",
            "tenant",
        )
    return name


def folder_of(folder: str, tenant: str) -> str:
    """Where the files of a tenant lie: `<folder>/<tenant>`."""
    return str(Path(folder) / check_tenant(tenant))


def file_of(folder: str, tenant: str, key: str, ending: str = ".yml") -> str:
    """The file of an integration, or of one of its users: `<folder>/<tenant>/<key><ending>`."""
    return str(Path(folder_of(folder, tenant)) / f"{check_key(key)}{ending}")


def session_of(folder: str, tenant: str) -> str:
    """The session in the console that somebody signed in for."""
    return str(Path(folder_of(folder, tenant)) / f"{SESSION}.yml")


def hand_in_key_of(folder: str) -> str:
    """The private key that opens what people hand in: one for all tenants."""
    return str(Path(folder) / "hand-in.yml")


def home_of(folder: str, tenant: str) -> str:
    """Where it stands where a tenant lives; see `_credentials.home`."""
    return str(Path(folder_of(folder, tenant)) / "home.json")


def findings_of(folder: str, tenant: str) -> str:
    """What the doctor found in a tenant's console."""
    return str(Path(folder) / f"{check_tenant(tenant)}.doctor.yml")


def runsheet_of(folder: str, tenant: str, integration: str, number: int, ending: str = ".md") -> str:
    """One run sheet of an integration."""
    return str(Path(folder) / f"{check_tenant(tenant)}.{check_key(integration)}.{number}{ending}")


def parts_of(folder: str, run: str) -> str:
    """Where the parts of a document lie until all of them are there, those of one run of Ansible."""
    return str(Path(folder) / f"parts-{run}")


def part_of(folder: str, run: str, host: str) -> str:
    """The part of a document that is about one host."""
    return str(Path(parts_of(folder, run)) / f"{check_tenant(host, 'host')}.json")


def in_runsheet(name: str, tenant: str) -> tuple[str, int] | None:
    """The key and the number in the name of a tenant's run sheet; None for another file."""
    found = re.fullmatch(rf"{re.escape(tenant)}\.([a-z0-9][a-z0-9._-]*)\.([1-9][0-9]*)\.md", name)
    return (found[1], int(found[2])) if found else None


def check_day(text: str, option: str = "date") -> str:
    """A day as `2026-11-26`, fit to be the name of a folder. Raises InputError."""
    if not is_day(text):
        raise InputError([option], f"{for_error(text)} is no day such as 2026-11-26", "day")
    return text


def is_day(text: str) -> bool:
    """Whether a text is a day as `2026-11-26`."""
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def evidence_of(folder: str, tenant: str, day: str, name: str) -> str:
    """A file of an evidence bundle: `<folder>/<tenant>/<day>/<name>`."""
    return str(Path(folder_of(folder, tenant)) / check_day(day) / name)
