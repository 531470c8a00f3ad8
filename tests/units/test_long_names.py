# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What stands in one sentence of an API user's steps fits into a line of a checklist, or is refused where it is written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.msp.autotask.plugins.module_utils._catalogue.model import standard
from ansible_collections.msp.autotask.plugins.module_utils._documents.api_user import parse_user, user_facts
from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError
from ansible_collections.msp.autotask.plugins.module_utils._plan.step import LONGEST_SENTENCE
from ansible_collections.msp.autotask.plugins.module_utils._plan.user_steps import user_steps
from ansible_collections.msp.autotask.plugins.module_utils._profile.library import profile_text
from ansible_collections.msp.autotask.plugins.module_utils._profile.resolve import read_profile
from ansible_collections.msp.autotask.plugins.module_utils._profile.resolved import Choices
from sandbox.operator.sentences import Edit, parse
from tests.engine.running import profile

LONG = "Example - A product with quite a long name"
names = st.integers(1, 120).map(lambda length: "N" * length)


def sentences(first: str, last: str, tracking: dict[str, Any], email: str = "integrations@example.com") -> list[str]:
    """The steps that make a user."""
    written = {"first_name": first, "last_name": last, "email": email, "security_level": "Tinsel API", "tracking_identifier": tracking}
    user = parse_user(written)
    return [step.text for step in user_steps(user.name, None, user_facts(user), "Record it.")]


@given(names, names, st.lists(names, max_size=6), st.none() | names)
def test_a_tracking_identifier_fits_or_is_refused(first: str, last: str, vendors: list[str], own: str | None) -> None:
    tracking = {"integration_vendor": vendors, **({"internal_integration_name": own} if own else {})}
    try:
        steps = sentences(first[:50], last[:50], tracking)
    except InputError as error:
        assert error.code in ("too_long", "tracking_missing")
    else:
        [step] = [text for text in steps if "API Tracking Identifier" in text]
        assert len(step) <= LONGEST_SENTENCE and isinstance(parse(step), Edit)


def test_long_names_are_told_in_a_shorter_sentence() -> None:
    tracking = {"integration_vendor": [LONG, "Example…"], "internal_integration_name": "Example"}
    [step] = [text for text in sentences("Example", "Integration", tracking) if "API Tracking" in text]
    assert step == (
        f'API user "Example Integration", API Tracking Identifier: choose "{LONG}", or else "Example…", '
        'or else Custom (Internal Integration) "Example" and note the Tracking Identifier.'
    )
    short = {"integration_vendor": "Example - RMM", "internal_integration_name": "Example"}
    [usual] = [text for text in sentences("Example", "API", short) if "API Tracking" in text]
    long = parse(step.replace(f'"{LONG}", or else "Example…"', '"Example - RMM"').replace("Example Integration", "Example API"))
    assert long == parse(usual)


def test_long_fields_are_steps_of_their_own() -> None:
    steps = sentences("F" * 50, "L" * 50, {"internal_integration_name": "X"}, f"{'m' * 60}@example.com")
    assert max(len(text) for text in steps) <= LONGEST_SENTENCE
    assert [len([text for text in steps if f"set {field} to" in text]) for field in ("First Name", "Last Name", "Email Address")] == [
        1,
        1,
        1,
    ]


def test_too_many_long_vendors_are_refused_where_they_are_written() -> None:
    user = {"tracking_identifier": {"integration_vendor": [LONG, LONG + " 2", LONG + " 3"], "internal_integration_name": "Tinsel"}}
    with pytest.raises(InputError) as caught:
        read_profile(profile_text(profile("tinsel", user=user), ("profile",)), Choices(), standard())
    assert caught.value.code == "too_long" and "api_users > main > tracking_identifier" in str(caught.value)
