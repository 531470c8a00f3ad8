# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A secret that YAML or a template has made something else of is refused by its name; nobody can tell any more what was typed."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.modules.autotask_credentials import SPEC
from ansible_collections.msp.autotask.plugins.plugin_utils._in_process import no_text

TEXT = {"user_name": "key@example.com", "secret": "0012", "integration_code": None}


@pytest.mark.parametrize("value", [10, 9.0, True, ["a"]], ids=str)
@pytest.mark.parametrize(
    "place",
    [
        ("user_name",),
        ("secret",),
        ("integration_code",),
        ("recorded", "user_name"),
        ("recorded", "secret"),
        ("console", "password"),
        ("console", "totp_seed"),
        ("credentials_store", "integration_codes", "example"),
    ],
    ids=" > ".join,
)
def test_what_is_no_text_is_told_by_its_place(place: tuple[str, ...], value: Any) -> None:
    given: dict[str, Any] = {**TEXT, "recorded": dict(TEXT), "console": {}, "credentials_store": {"integration_codes": {}}}
    assert list(no_text(SPEC, given)) == []
    inside = given
    for name in place[:-1]:
        inside = inside[name]
    inside[place[-1]] = value
    assert list(no_text(SPEC, given)) == [" > ".join(place)]
