# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Names are compared as people see them, wherever the same name may be written otherwise: in a tenant, a profile, or an older change."""

from __future__ import annotations

import unicodedata

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._documents.names import person_key, same_name
from ansible_collections.msp.autotask.plugins.module_utils._documents.observed import find_level, unnamed_copies
from ansible_collections.msp.autotask.plugins.module_utils._entities import LevelFacts, is_system
from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError
from ansible_collections.msp.autotask.plugins.module_utils._plan.step import differing
from ansible_collections.msp.autotask.plugins.module_utils._rest.tickets import ticket_fields
from ansible_collections.msp.autotask.plugins.module_utils._text import fitting, folded

NAME = "Überwachung Süd API"
WRITTEN = {
    "in the other Unicode form": unicodedata.normalize("NFD", NAME),
    "with two blanks": NAME.replace(" ", "  "),
    "with blanks at its ends": f" {NAME}\t",
    "with blanks that don't break": NAME.replace(" ", "\u00a0"),
    "with what has no width": f"\ufeff{NAME[:4]}\u200b{NAME[4:6]}\u00ad{NAME[6:]}\u2060",
    "with a mark of direction": f"\u200e{NAME}\u200f",
    "in full-width letters": NAME.replace("API", "\uff21\uff30\uff29"),
    "in capitals": NAME.upper(),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_a_name_is_the_same(how: str) -> None:
    other = WRITTEN[how]
    assert same_name(NAME, other) and same_name(f"{other} (API-only)", NAME) and same_name(f"{other}\u00a0(API-only)", NAME)
    assert person_key(NAME, "API") == person_key(other, " api") and person_key(NAME, "API") != person_key("API", NAME)
    assert folded(NAME) == folded(other) and fitting([NAME], ["Süd", other]) == [1]
    level: LevelFacts = {"id": 1, "name": other, "active": True, "system": False}
    assert find_level([level], NAME) is level
    assert unnamed_copies([{**level, "name": f"Copy (1) of {other}"}], NAME)
    queues = {"queueID": [{"value": "7", "label": other, "active": True}]}
    with pytest.raises(InputError, match="ticket > status"):  # so the queue was found
        ticket_fields(None, queues, {"queue": NAME, "status": "New"})  # type: ignore[arg-type]


@pytest.mark.parametrize("how", [how for how in WRITTEN if how != "in capitals"])
def test_nobody_is_asked_to_change_what_looks_the_same(how: str) -> None:
    other = WRITTEN[how]
    for value, wanted in ((other, NAME), ([other], [NAME]), ({"integration_vendor": [other]}, {"integration_vendor": [NAME]})):
        assert differing({"fact": value}, {"fact": wanted}) == []


def test_what_looks_otherwise_is_another_name() -> None:
    assert not same_name("Tinsel API", "TinselAPI") and not same_name("Tinsel API", "Tinsel-API") and not same_name("é", "e")
    assert differing({"fact": "Tinsel"}, {"fact": "tinsel"}) == ["fact"]
    # What is written letter by letter as it is meant is meant, whatever looks like it.
    assert fitting(["Admin"], ["admin", "Admin"]) == [1] and fitting(["ADMIN"], ["admin", "Admin"]) == [0, 1]


@pytest.mark.parametrize("name", ["API User  (system)", "\u200bAPI User (system)", "API User (system\u00ad)", "Wicker (\uff33ystem)"])
def test_a_system_levels_name_is_told_however_it_is_written(name: str) -> None:
    assert is_system(name)
