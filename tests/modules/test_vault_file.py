# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets in an encrypted file: written, left alone, read as text; and refused with a reason."""

from __future__ import annotations

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from .playing import Player

CONTENT = {"secret": "{{ 7*7 }}"}


def test_what_was_written_is_read_as_text(play: Player) -> None:
    (play.folder / "password").write_text("only-for-tests")
    play.environment["ANSIBLE_VAULT_PASSWORD_FILE"] = str(play.folder / "password")
    path, plain = str(play.folder / "kept" / "example.yml"), play.folder / "plain.yml"
    plain.write_text("secret: in the open\n")
    read = ("autotask_vault_file", {"path": path, "read": True})
    absent, written, again, found, refused, both, neither, empty = play(
        read,
        ("autotask_vault_file", {"path": path, "content": "{{ lookup('msp.autotask.verbatim', 'typed') | from_json }}"}),
        ("autotask_vault_file", {"path": path, "content": "{{ lookup('msp.autotask.verbatim', 'typed') | from_json }}"}),
        read,
        ("autotask_vault_file", {"path": str(plain), "read": True}),
        ("autotask_vault_file", {"path": path, "read": True, "content": {}}),
        ("autotask_vault_file", {"path": path}),
        ("autotask_vault_file", {"path": path, "content": None}),
        arguments=["-e", '{"typed": "{\\"secret\\": \\"{{ 7*7 }}\\"}"}'],
    ).results
    assert absent["content"] == {} and not absent["changed"]
    assert (written["changed"], again["changed"], found["changed"]) == (True, False, False)
    assert found["content"] == CONTENT
    assert refused["failed"] and "isn't encrypted" in refused["msg"] and "in the open" not in str(refused)
    assert all(one["failed"] and "Nothing was written" in one["msg"] and "content" not in one for one in (both, neither, empty))


def encrypted(play: Player, content: str) -> str:
    """The path of a file that somebody wrote by hand and encrypted."""
    (play.folder / "password").write_text("only-for-tests")
    play.environment["ANSIBLE_VAULT_PASSWORD_FILE"] = str(play.folder / "password")
    path = play.folder / "by-hand.yml"
    path.write_bytes(VaultLib().encrypt(content, secret=VaultSecret(b"only-for-tests")))
    return str(path)


def test_what_somebody_wrote_by_hand_is_text(play: Player) -> None:
    path = encrypted(play, "a: !unsafe Se{cret\nb: 0012\nc: yes\nd: 2026-01-01\ne:\nf: 1e5\n")
    content = {"a": "Se{cret", "b": "0012", "c": "yes", "d": "2026-01-01", "e": "", "f": "1e5"}
    found, same = play(
        ("autotask_vault_file", {"path": path, "read": True}),
        ("autotask_vault_file", {"path": path, "content": content}),
    ).results
    assert found["content"] == content and same["changed"] is False


@pytest.mark.parametrize("content", ["secret: %Se(ret", "secret: @Se(ret", "- Se(ret", "Se(ret", "secret: 'Se(ret"])
@pytest.mark.parametrize("what", [{"read": True}, {"content": {"secret": "other"}}], ids=["read", "written"])
def test_what_can_not_be_read_is_named_and_not_quoted(content: str, what: dict[str, object], play: Player) -> None:
    path = encrypted(play, content)
    played = play(("autotask_vault_file", {"path": path, **what}))
    assert played[0]["failed"] and path in played[0]["msg"] and "is not a mapping in YAML" in played[0]["msg"]
    assert "Se(ret" not in played.output + str(played.results)
