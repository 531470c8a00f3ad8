# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What nobody could read in a profile: an error that can be read, wherever it stands, also in what errors name a place by."""

from __future__ import annotations

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError
from ansible_collections.msp.autotask.plugins.module_utils._profile.library import catalogue_of
from ansible_collections.msp.autotask.plugins.module_utils._profile.resolve import Choices, read_profile
from ansible_collections.msp.autotask.plugins.module_utils._profile.text import read_text

from .wrong import RIGHT

HALF = '"\\ud800"'
PLACES = {
    "a key": f"{HALF}: 1",
    "a text below a key": f'prerequisites: [{{{HALF}: "\\ud801"}}]',
    "a key that is too long, below a key": f"product: {{{HALF}: {{{'x' * 200}: 1}}}}",
    "an entry's key": f'optional: [{{key: {HALF}, title: "\\ud801"}}]',
    "an entry's key that is misspelt": f"optional: [{{key: {HALF}, titel: x}}]",
}


@pytest.mark.parametrize("kind", PLACES)
def test_an_error_can_be_written_down(kind: str) -> None:
    with pytest.raises(InputError) as raised:
        text = read_text(f"{RIGHT}\n{PLACES[kind]}\n".encode(), "profile.yml")
        read_profile(text, Choices(), catalogue_of([text]))
    assert str(raised.value).encode() and "profile.yml, line " in str(raised.value)
