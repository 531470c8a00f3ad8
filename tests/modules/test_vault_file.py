# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets in an encrypted file: written, left alone, read as text; and refused with a reason."""

from __future__ import annotations

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
