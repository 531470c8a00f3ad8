# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Sealed credentials: what a page in a browser makes of a key and a secret, and only the holder of one private key can open. Private to the collection.

The format, with a test vector, is in docs/hand-in.md. A block is sealed for one key, tenant, name and change, all of which are authenticated with it, so it
is worth nothing anywhere else. Whoever has the public key can seal: that a block can be opened proves nothing of what is in it.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from .._errors import AutotaskError
from .._text import is_whole

try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.ec import (
        ECDH,
        SECP256R1,
        EllipticCurvePrivateKey,
        EllipticCurvePublicKey,
        generate_private_key,
    )
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
        load_pem_private_key,
    )
except ImportError as missing:
    MISSING: ImportError | None = missing
else:
    MISSING = None

VERSION = 1
BEGIN, END = "-----BEGIN MSP.AUTOTASK SEALED CREDENTIALS-----", "-----END MSP.AUTOTASK SEALED CREDENTIALS-----"
# Far more than three values, and four names, take.
LONGEST = 8000
VALUES = ("user_name", "secret", "integration_code")
_BLOCK = re.compile(f"{BEGIN}(.{{1,{LONGEST}}}?){END}", re.DOTALL)
# What shows that a text holds a part of a block: the words of its first and last lines, or the base64 that all blocks begin with.
_PART = re.compile(r"MSP\.AUTOTASK SEALED CREDENTIALS|eyJ2Ijo[\w-]{20}")
# What the editor of a note may have made of line ends, and a mail of the margin.
_DRESSING = re.compile(r"<[^<>]*>|&#?\w{1,10};|[\s>\u200b\ufeff]")


@dataclass(frozen=True)
class Purpose:
    """What a block is sealed for: the tenant, the name to record the credentials under, and the change, `<integration>/<number>`."""

    tenant: str
    name: str
    change: str

    def __str__(self) -> str:
        return f'tenant "{self.tenant}", integration "{self.name}", change {self.change}'


@dataclass(frozen=True)
class Sealed:
    """A block as it was found: `key_id` says which key opens it. What it says it is for is not known to be true before it was opened."""

    key_id: str
    purpose: Purpose
    sender: bytes = field(repr=False)
    nonce: bytes = field(repr=False)
    content: bytes = field(repr=False)


def blocks_in(text: str) -> list[str]:
    """The blocks in a text that people wrote, as they stand there."""
    return [match[0] for match in _BLOCK.finditer(text)]


def has_part(text: str) -> bool:
    """Whether there is, besides whole blocks, a part of one in a text that people wrote: without its first or its last line nobody knows where it ends."""
    return bool(_PART.search(_BLOCK.sub("", text)))


def read_block(block: str) -> Sealed:
    """What a block says. Raises AutotaskError (`sealed`) for one that is damaged, or of another version."""
    try:
        packed = _DRESSING.sub("", block.removeprefix(BEGIN).removesuffix(END))
        found = json.loads(_unpacked(packed))
        version = found["v"]
        if is_whole(version) and version == VERSION:
            purpose = Purpose(*(_text(found["for"][name]) for name in ("tenant", "name", "change")))
            return Sealed(_text(found["key"]), purpose, *(_unpacked(_text(found[name])) for name in ("from", "nonce", "content")))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise AutotaskError("it is damaged: was the whole of it copied, from BEGIN to END?", "sealed") from None
    raise AutotaskError(
        f"it is of version {str(version)[:20]}, and this collection reads version {VERSION}: use the page of this collection", "sealed"
    )


@dataclass(frozen=True)
class PrivateKey:
    """The key that opens what was sealed for it. Not printed."""

    pem: str = field(repr=False)

    @functools.cached_property
    def public(self) -> bytes:
        """The public key, as a point of the curve P-256 without compression."""

        point: bytes = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return point

    @property
    def id(self) -> str:
        """What people can compare: the first half of the SHA-256 of the public key."""
        return key_id(self.public)

    @functools.cached_property
    def _key(self) -> Any:
        _check_library()
        try:
            key = load_pem_private_key(self.pem.encode(), password=None)
        except (ValueError, TypeError):
            key = None
        if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
            raise AutotaskError(
                "What is kept as the private key of the hand-in is none. Restore it from a backup, or remove it, and a new one is made.",
                "hand_in_key",
            )
        return key

    def unseal(self, sealed: Sealed) -> dict[str, str]:
        """The values that were sealed, by `VALUES`. Raises AutotaskError (`sealed`) for what was sealed for another key, or changed since."""

        if sealed.key_id != self.id:
            raise AutotaskError(
                f"it was sealed for the key {sealed.key_id[:32]}, and that of this fleet is {self.id}: use the page that the last run wrote",
                "sealed",
            )
        try:
            sender = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), sealed.sender)
            shared = self._key.exchange(ECDH(), sender)
            key = content_key(shared, sealed.sender + self.public, context(sealed.key_id, sealed.purpose))
            found = json.loads(AESGCM(key).decrypt(sealed.nonce, sealed.content, context(sealed.key_id, sealed.purpose)))
            return _values(found)
        except (InvalidTag, ValueError, TypeError, RecursionError):
            raise AutotaskError(
                "it can't be opened: something of it, or of what it is said to be for, was changed since it was sealed", "sealed"
            ) from None


def new_key() -> PrivateKey:
    """A key that nobody else has. Raises AutotaskError without the library."""
    _check_library()
    pem = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return PrivateKey(pem.decode())


def _check_library() -> None:
    if MISSING:
        raise AutotaskError(f"The Python library cryptography is missing ({MISSING}). It comes with Ansible.", "library_missing")


def key_id(public: bytes) -> str:
    """See `PrivateKey.id`."""
    return hashlib.sha256(public).hexdigest()[:32]


def context(identifier: str, purpose: Purpose) -> bytes:
    """What is authenticated with the values, and goes into their key. No name has a line break in it."""
    return "\n".join([f"msp.autotask sealed credentials {VERSION}", identifier, purpose.tenant, purpose.name, purpose.change]).encode()


def content_key(shared: bytes, salt: bytes, info: bytes) -> bytes:
    """The key of the values, from what sender and receiver share: HKDF with SHA-256."""

    return bytes(HKDF(SHA256(), 32, salt, info).derive(shared))


def _values(found: object) -> dict[str, str]:
    if not isinstance(found, dict):
        raise TypeError
    return {name: _text(found.get(name, "")) for name in VALUES}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _unpacked(text: str) -> bytes:
    """What base64 for URLs, without padding, stands for. Raises ValueError."""
    try:
        return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError from error
