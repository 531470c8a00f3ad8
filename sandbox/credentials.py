# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keys, secrets and identifiers: how they are made, derived and stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import string
from functools import cache

KEY_LENGTH = 15
SECRET_LENGTH = 25
TRACKING_LENGTH = 27

_KEY_ALPHABET = string.ascii_lowercase + string.digits
_TRACKING_ALPHABET = string.ascii_uppercase + string.digits
_SECRET_ALPHABET = string.ascii_letters + string.digits
_SECRET_MARKS = "!#$%*+-=?@~"


def new_key(domain: str) -> str:
    """A fresh Username (Key): 15 lower-case letters and digits, then `@` and the tenant's domain."""
    return _key(secrets.token_bytes(KEY_LENGTH), domain)


def new_secret() -> str:
    """A fresh Password (Secret) of 25 characters that meets the strong-password rule (Autotask help, Passwordrequirements)."""
    return _secret(secrets.token_bytes(SECRET_LENGTH))


def new_tracking_code() -> str:
    """A fresh API Tracking Identifier of 27 characters."""
    return _spell(secrets.token_bytes(TRACKING_LENGTH), _TRACKING_ALPHABET)


def derived_key(slug: str, domain: str) -> str:
    """The Username (Key) of a seeded tenant's provisioner; the same one on every start."""
    return _key(_derive(slug, "key", KEY_LENGTH), domain)


def derived_secret(slug: str, purpose: str) -> str:
    """A seeded secret or console password; `purpose` tells apart those of one tenant."""
    return _secret(_derive(slug, purpose, SECRET_LENGTH))


def derived_tracking_code(slug: str, purpose: str) -> str:
    """A seeded tracking identifier: the provisioner's own, or that of an integration vendor."""
    return _spell(_derive(slug, purpose, TRACKING_LENGTH), _TRACKING_ALPHABET)


def derived_totp_seed(slug: str, user: str) -> str:
    """The seed of a person's one-time codes, in base 32 as an authenticator app takes it."""
    return base64.b32encode(_derive(slug, f"{user} totp", 20)).decode()


def totp_codes(seed: str, at: float) -> set[str]:
    """The six-digit codes (RFC 6238, 30 seconds) that are taken at a time in seconds: the present one, the one before and the one after."""
    return {_code(base64.b32decode(seed), int(at // 30) + step) for step in (-1, 0, 1)}


def _code(key: bytes, counter: int) -> str:
    digest = hmac.digest(key, counter.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def hashed(secret: str) -> str:
    """What the store keeps instead of a secret.

    A salted SHA-256, because REST sends the secret with every request and the sandbox's secrets are
    random and long; it would be too weak for passwords that people choose.
    """
    salt = secrets.token_hex(8)
    return f"{salt}${_digest(salt, secret)}"


def matches(secret: str, stored: str) -> bool:
    """Whether a secret is the one behind a stored hash."""
    salt, digest = stored.split("$")
    return hmac.compare_digest(_digest(salt, secret), digest)


def _digest(salt: str, secret: str) -> str:
    return hashlib.sha256(f"{salt}{secret}".encode()).hexdigest()


def _derive(slug: str, purpose: str, length: int) -> bytes:
    return hashlib.shake_256(f"sandbox:{slug}:{purpose}".encode()).digest(length)


def _spell(raw: bytes, alphabet: str) -> str:
    return raw.translate(_letters(alphabet)).decode()


@cache
def _letters(alphabet: str) -> bytes:
    """A letter of the alphabet for each of the 256 bytes."""
    return "".join(alphabet[byte % len(alphabet)] for byte in range(256)).encode()


def _key(raw: bytes, domain: str) -> str:
    """A key needs letters and digits, so its first and last character are fixed to one of each."""
    middle = _spell(raw[1:-1], _KEY_ALPHABET)
    return f"{_spell(raw[:1], string.ascii_lowercase)}{middle}{_spell(raw[-1:], string.digits)}@{domain}"


def _secret(raw: bytes) -> str:
    """Upper case, lower case, a mark in position 3, a digit, and 21 more letters and digits."""
    head = (string.ascii_uppercase, string.ascii_lowercase, _SECRET_MARKS, string.digits)
    start = "".join(_spell(raw[i : i + 1], alphabet) for i, alphabet in enumerate(head))
    return start + _spell(raw[len(head) :], _SECRET_ALPHABET)
