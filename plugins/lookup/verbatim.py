# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = """
name: verbatim
short_description: The text of a variable as it was typed
version_added: 0.1.0
description:
  - Returns the text of a variable without evaluating it, so that a secret with braces in it stays what it is.
  - For what a person types, at a prompt or with C(--extra-vars). A variable that is meant as a template is not evaluated either.
  - Null is the empty text. A number, a boolean, a date or a list is an error, because what was typed can't be told from it any more.
options:
  _terms:
    description: Names of variables.
    type: list
    elements: str
    required: true
  prompted:
    description:
      - Whether they are answers to C(vars_prompt). Where nobody could be asked Ansible makes the word None of an answer, which is the empty text then.
      - In the place of an empty answer the environment variable of the same name in capitals counts, such as E(AUTOTASK_NOTED_SECRET).
    type: bool
    default: false
    version_added: 0.2.0
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = """
- name: Know what was typed
  ansible.builtin.set_fact:
    example_noted: "{{ dict(['user_name', 'secret'] | zip(query('msp.autotask.verbatim', 'typed_key', 'typed_secret'))) }}"
  no_log: true
"""

RETURN = """
_raw:
  description: The text of each variable.
  type: list
  elements: str
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ..plugin_utils._plain import plain


class LookupModule(LookupBase):
    """See DOCUMENTATION."""

    def run(self, terms: Sequence[str], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[str]:
        """The texts, without the marks by which Ansible would take them for templates."""
        texts = [_text(name, variables or {}) for name in terms]
        return [_answer(name, text) for name, text in zip(terms, texts, strict=True)] if kwargs.get("prompted") else texts


def _answer(name: str, text: str) -> str:
    """What somebody has answered, or what the environment has where nobody did."""
    return os.environ.get(name.upper(), "") if text in ("", str(None)) else text


def _text(name: str, variables: Mapping[str, Any]) -> str:
    if name not in variables:
        raise AnsibleError(f"There is no variable {name}.")
    value = variables[name]
    # What is encrypted in place is a text of its own kind.
    if value is not None and not isinstance(value, str) and not hasattr(value, "_ciphertext"):
        raise AnsibleError(f"{name} is not text but {type(value).__name__.removeprefix('_AnsibleTagged').lower()}. Put it in quotes.")
    return str(plain(value) or "")
