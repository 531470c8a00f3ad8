# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which recorded credentials Autotask has refused. Private to the collection.

A few wrong secrets in a row lock an API user, and with it an integration that works with the right one. So what was refused is not sent again, by no run
and in no mode, before it is recorded anew. A small file beside the encrypted one remembers that; it holds no secret, only what the encrypted file's bytes
were. What was recorded right before is left out: a new user can take five minutes to work.
"""

from __future__ import annotations

import hashlib
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


def _digest(path: str) -> str:
    """Of the encrypted bytes: every encryption has a salt of its own, so it tells nothing of what is in them."""
    return hashlib.sha256(_files.read(path) or b"").hexdigest()
