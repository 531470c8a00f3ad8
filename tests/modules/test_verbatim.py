# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The lookup that gives what somebody typed, as text."""

from __future__ import annotations

import json

import yaml

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


def test_a_variable_that_is_not_there_is_an_error(play: Player) -> None:
    output, status = play.run(_play(play, {"ansible.builtin.debug": {"msg": "{{ lookup('msp.autotask.verbatim', 'nothing') }}"}}))
    assert status != 0 and "There is no variable nothing." in output and "Traceback" not in output
