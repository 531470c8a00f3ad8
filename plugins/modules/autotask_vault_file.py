#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_vault_file
short_description: Keep secrets in a file that is encrypted with Ansible Vault
version_added: 0.1.0
description:
  - Writes a mapping as a YAML file on the controller, encrypted with the vault secret that the run was started with, readable by its owner only.
  - The content is compared with what the file holds, so that an unchanged content leaves the file alone. It is never written unencrypted.
  - With O(read) the file is read. Each value is text and is never evaluated as a template, in contrast to what ansible.builtin.include_vars reads.
options:
  path:
    description: The file. A file that is there and not encrypted is left alone, and the task fails.
    type: path
    required: true
  content:
    description: What the file is to hold. Required unless O(read) is set.
    type: dict
  read:
    description: Whether to read the file instead, and leave it alone.
    type: bool
    default: false
  vault_id:
    description: The id of the vault secret to encrypt with. Left out, it is the first one of the run.
    type: str
extends_documentation_fragment: []
attributes:
  check_mode:
    description: Can run in check mode and return what it would change, without writing anything anywhere.
    support: full
  diff_mode:
    description: Returns what it changes, or would change in check mode, in diff mode.
    support: none
    details: The content is secret.
  idempotent:
    description: When run twice in a row, the second run changes nothing.
    support: full
  action:
    description: Runs on the controller only.
    support: full
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = r"""
- name: Keep the credentials of an integration
  msp.autotask.autotask_vault_file:
    path: "{{ credentials_folder }}/example.yml"
    content:
      user_name: "{{ example_key }}"
      secret: "{{ example_secret }}"

- name: Read them again
  msp.autotask.autotask_vault_file:
    path: "{{ credentials_folder }}/example.yml"
    read: true
  register: example_credentials
  no_log: true
"""

RETURN = r"""
path:
  description: The file.
  returned: always
  type: str
  sample: credentials/example.yml
content:
  description: What the file holds, each value as text; empty for a file that isn't there. Secret, so give the task C(no_log).
  returned: when O(read) is set
  type: dict
  sample: {}
"""
