# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The key that opens what people hand in, and the page that seals for it. Private to the collection."""

from __future__ import annotations

from .. import _files, _paths
from .._errors import AutotaskError
from .hand_in_page import TITLE, page_for
from .sealed import PrivateKey, new_key
from .vault import Vault


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
