# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The format of sealed credentials: what docs/hand-in.md has of it is true, and what was changed on the way can't be opened."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._credentials.hand_in_page import page_for
from ansible_collections.msp.autotask.plugins.module_utils._credentials.sealed import (
    PrivateKey,
    Purpose,
    Sealed,
    blocks_in,
    new_key,
    read_block,
)
from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "hand-in.md").read_text()
VALUES = {"user_name": "k7example@example.net", "secret": "q#5W!example", "integration_code": "EXAMPLE1234567890EXAMPLE123"}
PURPOSE = Purpose("alder", "my-vendor", "my-vendor/1")


def documented() -> tuple[PrivateKey, Sealed]:
    """The test vector of the documentation."""
    pem = re.search(r"-----BEGIN PRIVATE KEY-----.*?-----END PRIVATE KEY-----\n", PAGE, re.DOTALL)
    [block] = blocks_in(PAGE)
    assert pem
    return PrivateKey(pem[0]), read_block(block)


def test_the_documented_block_opens() -> None:
    key, sealed = documented()
    assert sealed.purpose == PURPOSE and sealed.key_id == key.id and key.id in PAGE
    assert key.unseal(sealed) == VALUES


@pytest.mark.parametrize("changed", [{"tenant": "birch"}, {"name": "other"}, {"change": "my-vendor/2"}], ids=str)
def test_what_it_is_for_can_not_be_changed(changed: dict[str, str]) -> None:
    key, sealed = documented()
    with pytest.raises(AutotaskError, match="can't be opened"):
        key.unseal(replace(sealed, purpose=replace(PURPOSE, **changed)))


@pytest.mark.parametrize("part", ["sender", "nonce", "content"])
def test_no_bit_of_it_can_be_changed(part: str) -> None:
    key, sealed = documented()
    found: bytes = getattr(sealed, part)
    for place in range(len(found)):
        for bit in (1, 128):
            flipped = bytearray(found)
            flipped[place] ^= bit
            with pytest.raises(AutotaskError, match="can't be opened"):
                key.unseal(replace(sealed, **{part: bytes(flipped)}))
    for shorter in (b"", found[:-1]):
        with pytest.raises(AutotaskError, match="can't be opened"):
            key.unseal(replace(sealed, **{part: shorter}))


def test_another_key_does_not_open_it() -> None:
    key, sealed = documented()
    with pytest.raises(AutotaskError, match=f"sealed for the key {key.id}"):
        new_key().unseal(sealed)
    with pytest.raises(AutotaskError, match="can't be opened"):
        other = new_key()
        other.unseal(replace(sealed, key_id=other.id))


def test_another_version_is_told() -> None:
    [block] = blocks_in(PAGE)
    packed = "".join(block.splitlines()[1:-1])
    content = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    lines = [block.splitlines()[0], base64.urlsafe_b64encode(json.dumps({**content, "v": 2}).encode()).decode(), block.splitlines()[-1]]
    with pytest.raises(AutotaskError, match="of version 2"):
        read_block("\n".join(lines))


def test_a_page_names_nothing_that_it_would_fetch() -> None:
    page = page_for(new_key())
    assert not re.search(
        r"(src|href|action|url)\s*[=(]|fetch|XMLHttp|localStorage|sessionStorage|cookie|https?:",
        page.replace("default-src", "").replace("-src '", ""),
    )
    assert "%" not in re.sub(r"\d+%|%[0-9A-F]{2}", "", page), "all that is filled in is filled in"


def test_the_private_key_is_not_printed() -> None:
    key, sealed = documented()
    assert "PRIVATE" not in repr(key) and sealed.content.hex() not in repr(sealed)
