# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What was noted is taken from whoever was asked, or from the environment where nobody could be."""

from __future__ import annotations

import pytest

from ansible_collections.msp.autotask.plugins.lookup.verbatim import LookupModule

NAMES = ["autotask_noted_key", "autotask_noted_secret", "autotask_noted_code"]


@pytest.mark.parametrize("nothing", ["", "None", None])
def test_the_environment_answers_where_nobody_does(nothing: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOTASK_NOTED_KEY", "of the environment")
    monkeypatch.setenv("AUTOTASK_NOTED_SECRET", "{{ 7*7 }}")
    monkeypatch.delenv("AUTOTASK_NOTED_CODE", raising=False)
    lookup = LookupModule()
    assert lookup.run(NAMES, dict.fromkeys(NAMES, nothing), prompted=True) == ["of the environment", "{{ 7*7 }}", ""]
    typed = {**dict.fromkeys(NAMES, nothing), "autotask_noted_key": "typed"}
    assert lookup.run(NAMES, typed, prompted=True)[0] == "typed"
    assert lookup.run(NAMES, {name: "" for name in NAMES}) == ["", "", ""]
