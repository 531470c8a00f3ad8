# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""One-time codes of authenticator apps (RFC 6238: six digits, 30 seconds, SHA-1). Private to the collection."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from .._errors import AutotaskError

STEP_SECONDS = 30
DIGITS = 6


def one_time_code(seed: str, seconds: float) -> str:
    """The code at a time in seconds since 1970, for a seed in base 32 as authenticator apps take it. Raises AutotaskError for a malformed seed."""
    text = "".join(seed.split()).replace("-", "").upper()
    try:
        key = base64.b32decode(text + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        raise AutotaskError(
            "The seed of the one-time codes is not a text in base 32, as authenticator apps take it.", "totp_seed"
        ) from None
    digest = hmac.new(key, int(seconds // STEP_SECONDS).to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)
