# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where a tenant lives. Private to the collection."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from .._errors import InputError

DISCOVERY_URL = "https://webservices.autotask.net/atservicesrest"
ZONE_CACHE_SECONDS = 12 * 3600
# This very machine.
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Zone:
    """Where a tenant lives: `url` ends with `/v1.0/`, `web_url` is the console's address without a trailing slash, `database` is Autotask's number of its
    database; empty is what isn't known, as all but the `url` where the zone is pinned.
    """

    url: str
    web_url: str = ""
    name: str = ""
    database: str = ""
    cached: bool = False


def parts_of(url: str) -> SplitResult:
    """The parts of an address; none where it is so written that it has none."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def check_address(url: str, what: str) -> None:
    """Refuse an address that would carry a secret in the clear: https, or http to this very machine. Raises InputError."""
    parts = parts_of(url)
    loopback = parts.hostname in LOOPBACK
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and loopback:
        return
    raise InputError([what], f'"{url}" is not an https:// address (plain http:// is for 127.0.0.1 only)', "address")


def _rest_root(url: str) -> str:
    root = url.rstrip("/")
    return root + "/" if root.lower().endswith("/v1.0") else root + "/v1.0/"
