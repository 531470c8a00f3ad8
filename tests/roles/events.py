# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What callbacks are told of a fleet's runs, and whether a secret is in it."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, quote_plus

from .running import Fleet


def keep_events(fleet: Fleet) -> None:
    """From now on the fleet's runs keep what callbacks are told."""
    fleet.settings |= {
        "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).parent / "callbacks"),
        "ANSIBLE_CALLBACKS_ENABLED": "msp.autotask.report,raw_events",
        "RAW_EVENTS": str(fleet.folder / "events"),
    }


def events(fleet: Fleet) -> str:
    """All that callbacks were told so far."""
    return (fleet.folder / "events").read_text()


def found_in(text: str, secrets: Sequence[str]) -> list[str]:
    """The secrets that stand in a text: as they are, as JSON or Python write them, in a URL or a form, hexadecimal, or base64, also as a part of that."""
    assert all(len(secret) > 8 for secret in secrets), "a short one would be found anywhere, and an empty one is none"
    lowered = text.lower()
    return [
        secret[:6]
        for secret in secrets
        if any(one in text for one in _spellings(secret))
        or any(one.lower() in lowered for one in (quote(secret, safe=""), secret.encode().hex()))
    ]


def _spellings(secret: str) -> set[str]:
    raw = secret.encode()
    # Whatever stands before it: the characters that only depend on the secret.
    parts = {base64.b64encode(bytes(before) + raw).decode()[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6] for before in range(3)}
    parts |= {part.translate(str.maketrans("+/", "-_")) for part in parts}
    return {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], quote(secret), quote_plus(secret), *parts}
