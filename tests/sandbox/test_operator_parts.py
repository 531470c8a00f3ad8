# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The operator's way of reading labels, of telling visits apart, and of handing over what was noted."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sandbox.operator.handover import hand_over
from sandbox.operator.labels import LABEL, NAME, WORDS, Reading, Stuck, only
from sandbox.operator.tickets import Step, visits

NOTED = {"Username (Key)": "key@alder.example.com", "Password (Secret)": "S3#cret", "Tracking Identifier": "IDENT"}


class TestLabels:
    """Case, punctuation and spacing don't count; exactly one must match."""

    @pytest.mark.parametrize(
        ("wanted", "page", "readings"),
        [
            ("resources / users (hr)", "Resources/Users (HR)", NAME),
            (
                "Can access Invoice History, (Invoice) Export Wizard, and Payments",
                "Can access Invoice History, (Invoice) Export Wizard and Payments",
                NAME,
            ),
            ("Can view standard reports in the following categories", "Can view standard reports in the following categories:", NAME),
            ("Organization & Contact Access", "Business Unit & Contact Access", WORDS),
            ("Devices & Subscriptions", "Configuration Items & Subscriptions", WORDS),
            ("Mine + Organizations", "Mine + Companies", WORDS),
            ("Account", "Organizations", WORDS),
            ("Can login to Web Services API", "Can login to Web Services API (Access to version 1.6 & later is limited)", LABEL),
        ],
    )
    def test_the_same(self, wanted: str, page: str, readings: tuple[Reading, ...]) -> None:
        assert only(wanted, [(page, 1), ("Something else", 2)], readings, "thing") == 1

    @pytest.mark.parametrize(
        ("wanted", "page", "readings"),
        [
            ("API User (system)", "API User (system) (API-only)", NAME),
            ("Company API", "Account API", NAME),
            ("API User (system)", "API User (new)", WORDS),
            ("Contact Visibility", "Contract Visibility", LABEL),
            ("", "...", LABEL),
        ],
    )
    def test_not_the_same(self, wanted: str, page: str, readings: tuple[Reading, ...]) -> None:
        with pytest.raises(Stuck, match="There is no thing"):
            only(wanted, [(page, 1)], readings, "thing")

    def test_a_stricter_reading_goes_first(self) -> None:
        assert only("Products (old)", [("Products", 1), ("Products (old)", 2)], LABEL, "thing") == 2

    def test_two_are_one_too_many(self) -> None:
        with pytest.raises(Stuck, match='more than one thing "Notes"'):
            only("Notes", [("Notes", 1), ("NOTES", 2)], NAME, "thing")


class TestVisits:
    """What belongs together."""

    OPEN = 'Open Admin > Organization Settings & Users > Resources/Users (HR) > Security Levels. In the menu of "A" choose Edit Security Level.'
    SAVE = 'Level "A": press Save & Close.'
    OTHER = 'Level "B": tick Active.'
    USER = 'API user "A": clear Active.'
    RECORD = (
        "Record the Username (Key), the Password (Secret) and, if one was generated, the Tracking Identifier of API user "
        '"A" with the playbook msp.autotask.record_credentials, tenant "alder", integration "bee".'
    )

    @pytest.mark.parametrize(
        ("texts", "sizes"),
        [
            ((OPEN, SAVE, OPEN, SAVE), [2, 2]),
            ((OPEN, "Do magic.", SAVE, RECORD), [3, 1]),
            ((SAVE, SAVE), [1, 1]),
            ((OPEN, OPEN, SAVE), [1, 2]),
            (('Level "A": tick Active.', OTHER, USER), [1, 1, 1]),
            ((RECORD, RECORD), [1, 1]),
            (("Do magic.", OPEN), [1, 1]),
            ((), []),
        ],
    )
    def test_sizes(self, texts: tuple[str, ...], sizes: list[int]) -> None:
        steps = [Step(number, text, done=False) for number, text in enumerate(texts, start=1)]
        assert [len(visit) for visit in visits(steps)] == sizes


class TestHandOver:
    """A command that asks, in a terminal."""

    @staticmethod
    def command(tmp_path: Path, script: str) -> str:
        (tmp_path / "command.py").write_text(f"import getpass, pathlib, sys\nhere = pathlib.Path(__file__).parent\n{script}")
        return f"'{sys.executable}' '{tmp_path / 'command.py'}' --tenant={{tenant}} {{integration}}"

    def test_it_answers_by_what_is_asked(self, tmp_path: Path) -> None:
        script = """
print("About the Username (Key): it is asked for last.")
answers = [getpass.getpass("confirm Password (Secret): "), input("\\x1b[36mTracking Identifier > \\x1b[0m"), input("Username (Key)? ")]
(here / "out").write_text(repr([sys.argv[1:], answers, sys.stdin.isatty()]))
"""
        hand_over(self.command(tmp_path, script), "alder", "bee-castle", NOTED)
        assert (tmp_path / "out").read_text() == repr(
            [["--tenant=alder", "bee-castle"], ["S3#cret", "IDENT", "key@alder.example.com"], True]
        )

    def test_no_identifier_is_just_enter(self, tmp_path: Path) -> None:
        script = '(here / "out").write_text(repr(getpass.getpass("Tracking Identifier: ")))'
        hand_over(self.command(tmp_path, script), "alder", "bee", {"Password (Secret)": "S3#cret"})
        assert (tmp_path / "out").read_text() == "''"

    @pytest.mark.parametrize(
        ("script", "timeout", "reason"),
        [
            ('input("Username (Key): "); sys.exit("broken: " + input("Password (Secret): "))', 60, "The record command failed"),
            ('while True: input("Username (Key): ")', 60, "asks too often"),
            ('input("What is your favourite colour? ")', 0.5, "said nothing for 0.5 seconds"),
            ('print("S3#cret key@alder.example.com IDENT"); sys.exit(3)', 60, "The record command failed"),
        ],
    )
    def test_it_fails_without_giving_anything_away(self, tmp_path: Path, script: str, timeout: float, reason: str) -> None:
        with pytest.raises(Stuck, match=reason) as stuck:
            hand_over(self.command(tmp_path, script), "alder", "bee", NOTED, timeout=timeout)
        assert not [value for value in NOTED.values() if value in str(stuck.value)]

    def test_a_command_that_does_not_exist(self) -> None:
        with pytest.raises(Stuck, match="The record command failed"):
            hand_over("/nowhere/at/all {tenant}", "alder", "bee", NOTED)

    @pytest.mark.parametrize("word", ["a b", "$(id)", "../x", "", "a;b", "--x"])
    def test_only_plain_names(self, tmp_path: Path, word: str) -> None:
        with pytest.raises(Stuck, match="no plain names"):
            hand_over(self.command(tmp_path, "(here / 'out').touch()"), word, "bee", NOTED)
        assert not (tmp_path / "out").exists()
