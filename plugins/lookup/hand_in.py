# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How people hand credentials in, by a host's variables: for roles/integration."""

from __future__ import annotations

DOCUMENTATION = """
name: hand_in
short_description: How people hand in credentials on a tenant
version_added: 0.2.0
description:
  - Reads C(autotask_hand_in), and makes of it what modules take as O(msp.autotask.autotask_integrations#module:hand_in). Where it isn't set, is null or an
    empty mapping, nobody hands anything in.
  - It is an error that names the variable where it has another form.
options:
  _terms:
    description: Takes none.
    required: false
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = """
- name: Show where the hand-in page is written
  ansible.builtin.debug:
    msg: "{{ lookup('msp.autotask.hand_in').hand_in.page }}"
"""

RETURN = """
_raw:
  description: One mapping, with C(hand_in), or empty.
  type: list
  elements: dict
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ..module_utils._credentials.hand_in import check_address
from ..module_utils._errors import InputError, errors_of
from ..module_utils._text import for_error, quoted, suggestion
from ..plugin_utils._fleet import kept_at
from ..plugin_utils._plain import plain

VARIABLE = "autotask_hand_in"
KEYS = ("page", "address")


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms: Sequence[str], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[dict[str, Any]]:
        """One mapping; see RETURN."""
        known = variables or {}
        given = plain(self._templar.template(known.get(VARIABLE)))
        if given is None or given == {}:
            return [{}]
        if errors := list(_wrong_with(given)):
            raise AnsibleError("\n".join(str(error) for error in errors))
        return [{"hand_in": {**given, "page": kept_at(given["page"], known, self._templar)}}]


def _wrong_with(given: Any) -> Iterator[InputError]:
    """An error for each thing that is wrong with what people have written."""
    if not isinstance(given, Mapping):
        yield InputError(
            [VARIABLE],
            f"{for_error(given)} is no mapping. Say where the page is written, and perhaps where people find it, such as "
            '{page: /srv/share/hand-in.html, address: "https://intranet.example.com/hand-in.html"}',
        )
        return
    for name in given:
        if name not in KEYS:
            yield InputError([VARIABLE, str(name)], f"there is no such key here.{suggestion(str(name), KEYS)} The keys are {quoted(KEYS)}.")
    for name in KEYS:
        value = given.get(name)
        if not value and name == "page":
            yield InputError([VARIABLE, name], "is needed: where a run writes the page, such as /srv/share/hand-in.html", "missing")
        elif value and not isinstance(value, str):
            yield InputError([VARIABLE, name], f"{for_error(value)} is no text")
        elif value and name == "address":
            yield from errors_of(check_address, value, [VARIABLE, name])
