# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which credentials Autotask has refused, recorded ones and those that an inventory gives. Private to the collection.

A few wrong secrets in a row lock an API user, and with it an integration that works with the right one. So what was refused is not sent again, by no run
and in no mode, before it is recorded anew. A small file beside the encrypted one remembers that; it holds no secret, only what the encrypted file's bytes
were. What was recorded right before is left out: a new user can take five minutes to work.

Nobody knows when what an inventory gives was new: it is sent a second time, five minutes after the first, and then not before something else is given.
Of it a digest is kept that takes a while to make, with a key of its own, so that nobody can try secrets on it.
"""

from __future__ import annotations

import hashlib
import os
import time
from typing import Any

from .. import _files
from .._text import as_json, from_json

# Seconds for which a new secret may be refused although it is right: a new API user can take five minutes to work (Autotask help).
PATIENCE = 300


def refused_on(path: str, memory: str) -> str:
    """When the credentials in the file `path` were refused, as people read it; empty where they weren't, or were recorded anew since."""
    kept = _files.read(memory)
    known = from_json(kept) if kept else None
    told: dict[str, Any] = known if isinstance(known, dict) else {}
    return str(told.get("refused") or "an earlier day") if told and told.get("file") == _digest(path) else ""


def remember(path: str, memory: str) -> None:
    """Keep in the file `memory` that the credentials in `path` were refused just now. Raises AutotaskError where it can't be written."""
    if time.time() - _files.changed(path) / 1e9 < PATIENCE:
        return
    told = {"file": _digest(path), "refused": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())}
    _files.write(memory, [as_json(told).encode()])


def given_refused_on(memory: str, user_name: str, secret: str) -> str:
    """When what an inventory gives was refused, as people read it; empty where it wasn't, or may be sent once more."""
    told = _told_of(memory, user_name, secret)
    again = told.get("times") == 1 and time.time() - float(told["at"]) >= PATIENCE
    return "" if not told or again else str(told["refused"])


def remember_given(memory: str, user_name: str, secret: str) -> bool:
    """Keep in the file `memory` that what an inventory gives was refused just now; whether it may be sent once more. Raises AutotaskError where it can't be
    written.
    """
    first = not _told_of(memory, user_name, secret)
    salt = os.urandom(16).hex()
    told = {
        "given": _digest_of(salt, user_name, secret),
        "salt": salt,
        "times": 1 if first else 2,
        "at": time.time(),
        "refused": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
    }
    _files.write(memory, [as_json(told).encode()])
    return first


def _told_of(memory: str, user_name: str, secret: str) -> dict[str, Any]:
    """What is kept of these; nothing where others were refused, or where somebody has written something else there."""
    kept = _files.read(memory)
    told = from_json(kept) if kept else None
    if not isinstance(told, dict) or not isinstance(told.get("at"), float):
        return {}
    same = told.get("given") == _digest_of(str(told.get("salt")), user_name, secret)
    return told if same and told.get("refused") else {}


def _digest_of(salt: str, user_name: str, secret: str) -> str:
    return hashlib.scrypt(f"{user_name}\n{secret}".encode(), salt=salt.encode(errors="replace"), n=2**14, r=8, p=1).hex()


def _digest(path: str) -> str:
    """Of the encrypted bytes: every encryption has a salt of its own, so it tells nothing of what is in them."""
    return hashlib.sha256(_files.read(path) or b"").hexdigest()
