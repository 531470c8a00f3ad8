# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What copying adds to a key or a secret is told where it is entered, and the secret is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._credentials.escrow import Escrow
from ansible_collections.msp.autotask.plugins.module_utils._edge.bounds import check_bounds
from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError
from ansible_collections.msp.autotask.plugins.module_utils._rest.credentials import Credentials, check_credentials

from .vaults import Memory

COPIED = {
    "%ecret ": "a blank at its end",
    " %ecret": "a blank at its beginning",
    "%ecret\n": "a line break at its end",
    "%ec\r\nret": "a line break in it",
    "%ecret\u200b": "a character that nobody sees (U+200B) at its end",
    "\ufeff%ecret": "a character that nobody sees (U+FEFF) at its beginning",
    "%ec\u00adret": "a character that nobody sees (U+00AD) in it",
    "%ec\u00a0ret": "a blank of another kind (U+00A0) in it",
    "%ec\tret": "a blank of another kind (U+0009) in it",
    "%ec\u2013ret": "a sign in it that is not ASCII",
}


@pytest.mark.parametrize("text", COPIED, ids=repr)
def test_it_is_told_wherever_it_is(text: str) -> None:
    for name in ("user_name", "secret", "integration_code"):
        given = {"user_name": "key", "secret": "s", "integration_code": ""} | {name: text}
        with pytest.raises(InputError) as told:
            check_credentials(Credentials(**given))
        assert str(told.value).startswith(f"{name}: it has {COPIED[text]}") and told.value.code == "credentials_form"
        assert "Copy it again" in str(told.value) and "%ec" not in str(told.value)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InputError) as told:
        check_credentials(Credentials("key ", "s\n", "code"))
    assert [error.place for error in told.value.errors] == [("user_name",), ("secret",)]


@pytest.mark.parametrize("secret", ["q#5\\W!~\"'<&{{ a }}", "two words", "", "!"])
def test_what_can_be_meant_is_taken(secret: str) -> None:
    check_credentials(Credentials("key@example.com", secret, ""))


def test_a_browser_keeps_nothing_that_was_read_wrong(tmp_path: Path) -> None:
    """Before Save & Close: so nothing is saved in the console either."""
    escrow = Escrow(Memory(), str(tmp_path / "tinsel.yml"), "birch")
    with pytest.raises(InputError, match="the console > secret: it has a character that nobody sees"):
        escrow.keep({"user_name": "key", "secret": "%ecret\u200b", "integration_code": ""})
    assert not list(tmp_path.iterdir())


def test_nobody_signs_in_to_the_console_with_what_nobody_types() -> None:
    for password in ("%ecret\n", "\u200b%ecret"):
        with pytest.raises(InputError) as told:
            check_bounds({"console": {"password": password}})
        assert told.value.place == ("console", "password") and "%ec" not in str(told.value)
    check_bounds({"console": {"user_name": "Zoë", "password": " pässword "}})
