# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The key that opens what people hand in, and the page that seals for it. Private to the collection."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .. import _files, _paths
from .._errors import AutotaskError, InputError
from .._rest.zone import LOOPBACK, parts_of
from .._text import for_error
from .hand_in_page import TITLE, page_for
from .sealed import PrivateKey, new_key
from .vault import Vault

# A file by its path: as Linux and macOS write it, as Windows does, or in a share.
PATH = re.compile(r"/(?!/)|[A-Za-z]:[\\/]|\\\\")


def check_address(address: str, place: Sequence[str]) -> None:
    """Raises InputError for what is no address of a page that people can open, and seal on. What is to be handed in is put behind it, after a `#`."""
    parts = parts_of(address)
    if parts.username:
        raise InputError(
            place, "it holds a name to sign in with, and everybody who reads a change would see that; give it without", "address"
        )
    is_page = parts.scheme in ("https", "http") and bool(parts.hostname) and not re.search(r"\s", address)
    is_file = (parts.scheme == "file" and bool(parts.path)) or bool(PATH.match(address))
    if "#" in address:
        raise InputError(
            place, f"{for_error(address)} has a `#` in it, behind which a change says what it asks for; give it without that", "address"
        )
    if not (is_page or is_file):
        raise InputError(
            place,
            f"{for_error(address)} is no address that people could open; give one with https://, or the absolute path of a file",
            "address",
        )
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise InputError(
            place,
            f"{for_error(address)}: a browser seals nothing on a page that came over plain http; give people one over https, or a file",
            "address",
        )


def key_of(vault: Vault, folder: str) -> PrivateKey:
    """The key of a fleet, which lies beside the recorded credentials of its tenants; made where there is none. Raises AutotaskError."""
    path = _paths.hand_in_key_of(folder)
    content = vault.read(path)
    if content is None:
        vault.write_new(path, {"private_key": new_key().pem})
        content = vault.read(path)
    pem = (content or {}).get("private_key")
    if not isinstance(pem, str):
        raise AutotaskError(f"{path} holds no private key. Restore it from a backup, or remove it, and a new one is made.", "hand_in_key")
    return PrivateKey(pem)


def write_page(key: PrivateKey, path: str) -> bool:
    """Write the page, unless it stands there as it should; whether it was written. Raises AutotaskError, also where something else has its place."""
    page, there = page_for(key), _files.read_text(path)
    if there == page:
        return False
    if there is not None and TITLE not in there:
        raise AutotaskError(f"{path} is no hand-in page, so it is not replaced by one. Name another path, or move it away.", "hand_in_page")
    _files.write_text(path, [page])
    return True
