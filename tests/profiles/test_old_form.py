# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Profiles in the form of version 0.1.0 mean the same as ever, and their errors speak of them as they are written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.msp.autotask.plugins.module_utils._catalogue.model import standard
from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError
from ansible_collections.msp.autotask.plugins.module_utils._profile.explain import explained
from ansible_collections.msp.autotask.plugins.module_utils._profile.rendering import rendered
from ansible_collections.msp.autotask.plugins.module_utils._profile.resolve import read_profile
from ansible_collections.msp.autotask.plugins.module_utils._profile.resolved import Choices, Profile
from ansible_collections.msp.autotask.plugins.module_utils._profile.text import Text, read_text
from tests.conftest import ROOT

OLD = (ROOT / "tests" / "fixtures" / "0.1.0" / "profile.yml").read_text()
RENAMED = {"evidence": "sources", "known_by": "source", "by_hand": "manual_steps", "mend": "fix"}
WORDS = re.compile(r"\bfix\b|manual_steps|\bsources\b|guides")


def read(text: str) -> Profile:
    """The profile that a file with this text holds."""
    return read_profile(read_text(text.encode(), "old.yml"), Choices(), standard())


def today() -> str:
    """The old profile with today's names, written by hand as it were."""
    text = OLD.replace("profile: 1\n", "profile: 2\n")
    for old, new in RENAMED.items():
        text = re.sub(rf"^(\s*(?:- )?(?:\{{[^}}]*?)?){old}:", rf"\1{new}:", text, flags=re.MULTILINE)
        text = re.sub(rf"\bat: {old}\b", f"at: {new}", text)
        text = re.sub(rf", {old}: ", f", {new}: ", text)
    return text


def shown(profile: Profile) -> tuple[Any, Any]:
    words = explained(profile, standard())
    return rendered(profile, standard()), (words["grants"], words["assumed"])


def test_it_means_the_same() -> None:
    assert "evidence:" in OLD and "by_hand:" in OLD
    assert shown(read(OLD)) == shown(read(today()))
    assert shown(read(OLD)) == shown(read_profile(Text(yaml.safe_load(OLD)), Choices(), standard()))


def test_it_is_told_that_it_is_old() -> None:
    for remarks in (explained(read(OLD), standard())["remarks"], explained(read(OLD), standard())["words"]):
        assert [text for text in remarks if "version 1" in text and "`sources` for `evidence`" in text]
    assert not [text for text in explained(read(today()), standard())["remarks"] if "version 1" in text]


MISTAKES = {
    "a key that there isn't": (
        "evidence:\n",
        "evidence:\n  - {at: vendor, known_by: guide, whi: so} #!\n",
        'evidence > 1 > whi: .*"known_by"',
    ),
    "a source that there isn't": ("evidence:\n", "evidence:\n  - {at: vendor, known_by: hearsay} #!\n", "evidence > 1 > known_by: "),
    "what is missing": ("evidence:\n", "evidence:\n  - {at: vendor} #!\n", "evidence > 1 > known_by: this key is missing"),
    "a path to nowhere": ("evidence:\n", "evidence:\n  - {at: by_hand > 99, known_by: guide} #!\n", '"by_hand > 99" is no place'),
    "a step of nothing": ("by_hand:\n", "by_hand:\n  - {where: Here} #!\n", "by_hand > 1 > text: this key is missing"),
    "what both names say": ("by_hand:\n", "manual_steps: []\nby_hand: #!\n", "by_hand: `manual_steps` says the same"),
    "a guide as text": ("profile: 1\n", "profile: 1\nsource: a guide #!\n", 'source: a mapping .* not "a guide"'),
}


@pytest.mark.parametrize(("old", "new", "says"), MISTAKES.values(), ids=MISTAKES)
def test_an_error_names_line_and_key_as_they_are_written(old: str, new: str, says: str) -> None:
    text = OLD if "source: a guide" not in new else re.sub(r"^source:\n(  .*\n)+", "", OLD, flags=re.MULTILINE)
    assert text.count(f"\n{old}") == 1
    marked = text.replace(f"\n{old}", f"\n{new}")
    [line] = [number for number, text in enumerate(marked.splitlines(), 1) if text.endswith("#!")]
    with pytest.raises(InputError) as raised:
        read(marked)
    message = str(raised.value)
    assert message.startswith(f"old.yml, line {line} > ") and re.search(says, message), message
    assert "says the same" in message or not WORDS.search(message), message


def test_both_names_of_one_guide_are_read(tmp_path: Path) -> None:
    one = "source: {title: A page, revised: 2026-11-01}\n"
    several = "guides:\n  - {title: A page, revised: 2026-11-01}\n"
    bare = re.sub(r"^source:\n(  .*\n)+", "", today(), flags=re.MULTILINE)
    assert shown(read(bare + one)) == shown(read(bare + several))
    assert rendered(read(bare + one), standard())["guides"] == [{"title": "A page", "revised": "2026-11-01"}]
