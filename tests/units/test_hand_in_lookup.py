# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What people write as `autotask_hand_in`: understood, or refused by name."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.msp.autotask.plugins.lookup.hand_in import LookupModule


def looked_up(value: Any) -> dict[str, Any]:
    """What the lookup makes of it."""
    loader = DataLoader()
    variables = {"autotask_hand_in": value, "autotask_folder": "/srv/fleet"}
    plugin = LookupModule(loader=loader, templar=Templar(loader=loader, variables=variables))
    [found] = plugin.run([], variables=variables)
    return dict(found)


def test_what_is_meant_is_taken() -> None:
    assert looked_up({"page": "share/hand-in.html"}) == {"hand_in": {"page": "/srv/fleet/share/hand-in.html"}}
    both = {"page": "/srv/share/hand-in.html", "address": "https://intranet.example.com/hand-in.html"}
    assert looked_up(both) == {"hand_in": both}
    assert looked_up(None) == looked_up({}) == {}


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("text", 'autotask_hand_in: "text" is no mapping. Say where'),
        ("{page: x.html}", 'autotask_hand_in: "{page: x.html}" is no mapping'),
        ("", 'autotask_hand_in: "" is no mapping'),
        (True, "autotask_hand_in: true is no mapping"),
        (["/srv/x.html"], "autotask_hand_in: a list is no mapping"),
        ({"pgae": "x"}, 'autotask_hand_in > pgae: there is no such key here. Nearest: "page".'),
        ({"address": "https://intranet.example.com/x.html"}, "autotask_hand_in > page: is needed"),
        ({"page": None}, "autotask_hand_in > page: is needed"),
        ({"page": ["a"]}, "autotask_hand_in > page: a list is no text"),
        ({"page": "a", "address": ["b"]}, "autotask_hand_in > address: a list is no text"),
        ({"page": "a", "address": "javascript:x"}, 'autotask_hand_in > address: "javascript:x" is no address'),
    ],
    ids=repr,
)
def test_another_form_is_refused_by_name(value: Any, says: str) -> None:
    with pytest.raises(AnsibleError) as told:
        looked_up(value)
    assert says in str(told.value)
