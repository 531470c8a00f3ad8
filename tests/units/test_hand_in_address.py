# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The address of the hand-in page, as changes tell it: one that people can open, and seal on."""

from __future__ import annotations

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._credentials.hand_in import check_address
from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError

NOWHERE = {
    "javascript:alert(1)": "https://",
    "JavaScript:alert(1)": "https://",
    "data:text/html,x": "https://",
    "mailto:me@example.com": "https://",
    "https://": "https://",
    "https://[": "https://",
    "https://intranet.example.com/a b.html": "https://",
    "//intranet.example.com/hand-in.html": "https://",
    "hand-in.html": "absolute path",
    "intranet/hand-in.html": "absolute path",
    "#here": "without that",
    "https://intranet.example.com/hand-in.html#top": "without that",
    "http://intranet.example.com/hand-in.html": "plain http",
    "https://me:Se%cret@intranet.example.com/x.html": "a name to sign in with",
}


@pytest.mark.parametrize("address", NOWHERE)
def test_what_leads_nowhere_is_refused(address: str) -> None:
    with pytest.raises(InputError, match=NOWHERE[address]) as told:
        check_address(address, ["hand_in", "address"])
    assert told.value.code == "address" and "Se%cret" not in str(told.value)


@pytest.mark.parametrize(
    "address",
    [
        "https://intranet.example.com/hand-in.html",
        "https://intranet.example.com:8443/?page=hand-in",
        "http://localhost:8080/hand-in.html",
        "http://127.0.0.1/hand-in.html",
        "file:///srv/share/hand-in.html",
        "/srv/my share/hand-in.html",
        r"\\server\share\hand-in.html",
        r"S:\hand-in.html",
    ],
)
def test_what_people_can_open_is_taken(address: str) -> None:
    check_address(address, ["hand_in", "address"])
