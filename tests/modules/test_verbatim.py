# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The lookup that gives what somebody typed, as text."""

from __future__ import annotations

import json

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.msp.autotask.plugins.lookup import verbatim

from .playing import Player

SHOW = {"ansible.builtin.debug": {"msg": "{{ example_noted }}"}}


def _play(play: Player, *tasks: object) -> str:
    return str(play.write("play.yml", [{"hosts": "all", "gather_facts": False, "tasks": list(tasks)}]))


def test_its_example_gives_what_was_typed(play: Player) -> None:
    typed = {"typed_key": "{{ 7*7 }}", "typed_secret": f"{{{{ lookup('pipe', 'touch {play.folder}/EVALUATED') }}}} {{% 9#"}
    output, status = play.run(_play(play, *yaml.safe_load(verbatim.EXAMPLES), SHOW), "-e", json.dumps(typed))
    assert status == 0, output
    results = [json.loads(line)["result"] for line in (play.folder / "results").read_text().splitlines()]
    assert results[-1]["msg"] == {"user_name": typed["typed_key"], "secret": typed["typed_secret"]}
    assert not (play.folder / "EVALUATED").exists()


def test_what_was_encrypted_in_place_is_its_text_and_null_is_none(play: Player) -> None:
    (play.folder / "password").write_text("only-for-tests")
    play.environment["ANSIBLE_VAULT_PASSWORD_FILE"] = str(play.folder / "password")
    hidden = VaultLib().encrypt("{{ 7*7 }}", secret=VaultSecret(b"only-for-tests")).decode().replace("\n", "\n  ")
    (play.folder / "typed.yml").write_text(f"typed_key:\ntyped_secret: !vault |\n  {hidden}\n")
    output, status = play.run(_play(play, *yaml.safe_load(verbatim.EXAMPLES), SHOW), "-e", f"@{play.folder / 'typed.yml'}")
    assert status == 0, output
    results = [json.loads(line)["result"] for line in (play.folder / "results").read_text().splitlines()]
    assert results[-1]["msg"] == {"user_name": "", "secret": "{{ 7*7 }}"}


@pytest.mark.parametrize("written", ["12345", "1.5", "true", "2026-01-01", "[a]", "{a: b}"])
def test_what_is_no_text_any_more_is_an_error(written: str, play: Player) -> None:
    (play.folder / "typed.yml").write_text(f"typed: {written}\n")
    show = {"ansible.builtin.debug": {"msg": "{{ lookup('msp.autotask.verbatim', 'typed') }}"}}
    output, status = play.run(_play(play, show), "-e", f"@{play.folder / 'typed.yml'}")
    assert status != 0 and "typed is not text" in output and "Put it in quotes" in output and "Traceback" not in output


def test_a_variable_that_is_not_there_is_an_error(play: Player) -> None:
    output, status = play.run(_play(play, {"ansible.builtin.debug": {"msg": "{{ lookup('msp.autotask.verbatim', 'nothing') }}"}}))
    assert status != 0 and "There is no variable nothing." in output and "Traceback" not in output
