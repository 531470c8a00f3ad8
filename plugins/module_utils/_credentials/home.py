# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where a tenant lives, so that nobody takes the credentials of one tenant for another's. Private to the collection.

Every recorded file says, encrypted, where its credentials were proven. `<folder>/<tenant>/home.json` beside them says the same of the tenant, without
secrets: for credentials that come from elsewhere, and for whoever has another tenant's vault password. It can only refuse: nothing is used because
of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .. import _files, _paths
from .._errors import AutotaskError
from .._rest.zone import Zone
from .._text import is_whole

# The form of `home.json`.
VERSION = 1


@dataclass(frozen=True)
class Home:
    """Where a tenant lives: `zone` is the address of its REST, `database` Autotask's number of its database. Empty is what isn't known.

    The database is the `ci` that `zoneInformation` answers. The vendor's page on the older SOAP interface calls it a unique identifier of the database
    (Autotask help, GetZoneInfoCall); the REST description has the field, and no word on it. That the two are the same is taken for granted here. Should
    it be wrong, credentials would be refused that are right; none would be accepted that are wrong in name or zone.
    """

    zone: str = ""
    database: str = ""

    def __bool__(self) -> bool:
        return bool(self.zone or self.database)

    def __str__(self) -> str:
        return f"the database {self.database}" if self.database else f"the zone {self.zone}"

    def in_other_database(self, other: Home) -> bool:
        """Whether both databases are known, and are two."""
        return bool(self.database and other.database) and self.database != other.database

    def in_other_zone(self, other: Home) -> bool:
        """Whether both zones are known, and are two: another host, or another port."""
        return bool(self.zone and other.zone) and urlsplit(self.zone).netloc.casefold() != urlsplit(other.zone).netloc.casefold()

    def is_others(self, other: Home) -> bool:
        """Whether the other one is of another tenant. A database that was moved to another zone is the same tenant's."""
        if self.database and other.database:
            return self.database != other.database
        return self.in_other_zone(other)

    def with_news(self, found: Home) -> Home:
        """What is known once it was looked at again: the zone as it is called already where it is the same, and what wasn't found stays."""
        zone = found.zone if self.in_other_zone(found) or not self.zone else self.zone
        return Home(zone, found.database or self.database)


# What isn't known at all.
NOWHERE = Home()


def home_of(zone: Zone) -> Home:
    """Where a client was led to; without the database where the zone is pinned, since nobody was asked then."""
    return Home(zone.url, zone.database)


def read_home(folder: str, tenant: str) -> Home:
    """What is kept of where a tenant lives. Raises AutotaskError for what can't be read, or is another tenant's."""
    path = _paths.home_of(folder, tenant)
    text = _files.read_text(path)
    if text is None:
        return NOWHERE
    content = _parsed(text)
    if content is None:
        raise AutotaskError(
            f"{path} is damaged, so it doesn't say where {tenant} lives. Restore it; or remove it, and it is written again when credentials are "
            "recorded.",
            "home_file",
        )
    if content["version"] > VERSION:
        raise AutotaskError(f"{path} was written by a newer version of msp.autotask. Update the collection.", "newer_version")
    check_name(path, "the address", content["tenant"], tenant)
    return Home(content["zone"], content["database"])


def write_home(folder: str, tenant: str, home: Home) -> None:
    """Keep where a tenant lives. Raises AutotaskError where that can't be done."""
    content = {"version": VERSION, "tenant": tenant, "zone": home.zone, "database": home.database}
    _files.write_text(_paths.home_of(folder, tenant), [json.dumps(content, indent=2), "\n"], private=True)


def neighbours(folder: str, tenant: str) -> Iterator[tuple[str, Home]]:
    """The other tenants whose credentials are recorded in a folder, and where each lives as far as that is kept.

    What can't be read, or doesn't lie where it was written, is none.
    """
    for name in _files.listed(folder):
        with suppress(AutotaskError):
            if name != tenant:
                yield name, read_home(folder, name)


def neighbour_at(folder: str, tenant: str, home: Home) -> str:
    """The name of another tenant that lives in this database; empty where none is known to."""
    if not home.database:
        return ""
    return next((name for name, theirs in neighbours(folder, tenant) if theirs.database == home.database), "")


def check_name(path: str, what: str, named: str, tenant: str) -> None:
    """Raises AutotaskError where a file holds something of a tenant with another name; empty is that of a file that doesn't say."""
    if named and named != tenant:
        raise AutotaskError(
            f'{path} holds {what} of the tenant "{named}", not of "{tenant}". That is not used here, and nothing was sent. If the tenant was only renamed, '
            f"let it keep its name: set autotask_tenant: {named} for its host, and call the folder {named} again. Otherwise move the file away, and "
            "record this tenant's own credentials with the playbook msp.autotask.record_credentials.",
            "other_tenants_credentials",
        )


def _parsed(text: str) -> dict[str, Any] | None:
    """What the file holds, None where that is nothing of ours."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or not is_whole(content.get("version")):
        return None
    return content if all(isinstance(content.get(name), str) for name in ("tenant", "zone", "database")) else None
