# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Sealing what was noted, as a hand-in page does it: written from the description of the format, docs/hand-in.md, for who has no browser at hand."""

from __future__ import annotations

import base64
import json
import os
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sandbox.operator.handover import IDENTIFIER, KEY, SECRET
from sandbox.operator.labels import Stuck

_FIELDS = {"user_name": KEY, "secret": SECRET, "integration_code": IDENTIFIER}
_TOLD = re.compile(r"The hand-in page: (?P<address>[^\s#]+)#(?P<tenant>[^\s/#]+)/(?P<integration>[^\s/#]+)/(?P<number>[0-9]+)(?![^\s])")


def sealed(told: str, integration: str, noted: Mapping[str, str]) -> str:
    """The block for what was noted of an API user. `told` is the text of the change, which names the page and what it is for.

    Raises:
        Stuck: the change names no page, or there is none.
    """
    found = _TOLD.search(told)
    if not found:
        raise Stuck("The change doesn't say where the hand-in page is.")
    page = _page(found["address"])
    attributes = dict(re.findall(r'data-(key|id|version|begin|end)="([^"]+)"', page))
    meant = {"tenant": unquote(found["tenant"]), "name": integration, "change": f"{unquote(found['integration'])}/{found['number']}"}
    return _block(attributes, meant, {name: noted.get(label, "") for name, label in _FIELDS.items()})


def _page(address: str) -> str:
    """What the page holds: a file, or a page of the intranet."""
    if urlsplit(address).scheme in ("http", "https"):
        return requests.get(address, timeout=30).text
    path = Path(address.removeprefix("file://"))
    if not path.is_file():
        raise Stuck(f"There is no hand-in page {path}.")
    return path.read_text()


def _block(attributes: Mapping[str, str], meant: Mapping[str, str], values: Mapping[str, str]) -> str:
    receiver = _unpacked(attributes["key"])
    pair = ec.generate_private_key(ec.SECP256R1())
    sender = pair.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = pair.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), receiver))
    lines = [f"msp.autotask sealed credentials {attributes['version']}", attributes["id"], meant["tenant"], meant["name"], meant["change"]]
    context = "\n".join(lines).encode()
    key = HKDF(algorithm=SHA256(), length=32, salt=sender + receiver, info=context).derive(shared)
    nonce = os.urandom(12)
    content = AESGCM(key).encrypt(nonce, _values_of(values).encode(), context)
    block = {
        "v": int(attributes["version"]),
        "key": attributes["id"],
        "for": dict(meant),
        "from": _packed(sender),
        "nonce": _packed(nonce),
        "content": _packed(content),
    }
    return "\n".join([attributes["begin"], *textwrap.wrap(_packed(json.dumps(block).encode()), 64), attributes["end"]])


def _values_of(values: Mapping[str, str]) -> str:
    return json.dumps(dict(values))


def _packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
