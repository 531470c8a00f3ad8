#!/usr/bin/python
# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: autotask_webhook_info
short_description: Count webhooks by owner
version_added: 0.1.0
description:
  - Counts the webhooks of a tenant by owner and kind. Webhooks stop working when their owner is inactivated, and their number is limited
    by the owner's security level.
  - REST shows webhooks only to a user that may create some itself. The kinds that could not be read are in RV(unreadable); then every number
    is only what was seen.
options:
  limits:
    description:
      - The Maximum number of Webhooks of security levels, by the level's name, as far as it is known. REST doesn't show it.
      - An API user that has one of these levels is listed even if it owns none.
    type: dict
    default: {}
  tenant_info:
    description: What M(msp.autotask.autotask_tenant_info) returned earlier in this run, so that the API users are not read again.
    type: dict
extends_documentation_fragment:
  - msp.autotask.connection
attributes:
  check_mode:
    support: full
    details: Never writes anything.
  diff_mode:
    support: N/A
    details: Never changes anything.
  idempotent:
    support: N/A
    details: Never changes anything.
seealso:
  - module: msp.autotask.autotask_webhook_limit
author:
  - msp.autotask contributors (@msp-autotask)
"""

EXAMPLES = r"""
- name: Look at the webhooks
  msp.autotask.autotask_webhook_info:
    limits:
      Example API: 20
  register: hooks

- name: Who is about to reach the limit?
  ansible.builtin.debug:
    msg: "{{ hooks.webhooks | rejectattr('left', 'none') | selectattr('left', 'lt', 3) | map(attribute='owner.name') }}"
"""

RETURN = r"""
webhooks:
  description: One entry for each owner, by name.
  returned: success
  type: list
  elements: dict
  contains:
    owner:
      description: The resource that owns them; without a name where Autotask doesn't show it.
      returned: always
      type: dict
      sample: {id: 29682885, name: Example API, user_name: abc123def456ghi}
    counts:
      description: How many of each kind.
      returned: always
      type: dict
      sample: {CompanyWebhooks: 2, TicketWebhooks: 3}
    total:
      description: How many together.
      returned: always
      type: int
      sample: 5
    maximum:
      description: How many the owner's security level allows, as O(limits) says; null where that says nothing.
      returned: always
      type: int
      sample: 20
    left:
      description: How many more it may create, below zero where the limit was lowered; null where the limit or some of the kinds are not known.
      returned: always
      type: int
      sample: 15
  sample:
    - owner: {id: 29682885, name: Example API, user_name: abc123def456ghi}
      counts: {CompanyWebhooks: 2, TicketWebhooks: 3}
      total: 5
      maximum: 20
      left: 15
unreadable:
  description: The kinds that the user which the task works as may not read.
  returned: success
  type: list
  elements: str
  sample: [ConfigurationItemWebhooks]
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ..module_utils._documents.names import same_name
from ..module_utils._edge import module
from ..module_utils._edge.context import connect
from ..module_utils._edge.controller import Controller
from ..module_utils._edge.options import CONNECTION, TENANT_INFO
from ..module_utils._errors import InputError
from ..module_utils._rest.client import Client
from ..module_utils._rest.tenant import levels_and_users, resources, webhook_owners

SPEC = {**CONNECTION, **TENANT_INFO, "limits": {"type": "dict", "default": {}}}


def run(params: Mapping[str, Any], check_mode: bool, controller: Controller) -> dict[str, Any]:
    limits = {level: _maximum(level, value) for level, value in params["limits"].items()}
    client = connect(params)
    counts, unreadable = webhook_owners(client)
    owners = _owners(client, params["tenant_info"] or {}, list(counts), limits)
    entries = []
    for owner in owners:
        total, maximum = sum(counts.get(owner["id"], {}).values()), _limit_of(owner, limits)
        entries.append(
            {
                "owner": {
                    "id": owner["id"],
                    "name": f"{owner['first_name']} {owner['last_name']}".strip(),
                    "user_name": owner["user_name"],
                },
                "counts": counts.get(owner["id"], {}),
                "total": total,
                "maximum": maximum,
                "left": None if maximum is None or unreadable else maximum - total,
            }
        )
    return {
        "changed": False,
        "webhooks": sorted(entries, key=lambda entry: (entry["owner"]["name"], entry["owner"]["id"])),
        "unreadable": unreadable,
    }


def _maximum(level: str, value: object) -> int:
    if isinstance(value, bool) or not str(value).isdecimal():
        raise InputError(["limits", level], f"{value} is not a number of webhooks", "maximum")
    return int(str(value))


def _owners(client: Client, info: Mapping[str, Any], ids: Sequence[int], limits: Mapping[str, int]) -> list[dict[str, Any]]:
    """The owners, and the active API users that a limit is known of; with their `security_level` where it is known."""
    nobody = {"user_name": "", "first_name": "", "last_name": "", "security_level": ""}
    known = dict.fromkeys(ids)
    found: dict[int, dict[str, Any]] = {owner: {"id": owner, **nobody} for owner in known}
    seen = info if "levels" in info and "api_users" in info else levels_and_users(client)
    names = {level["id"]: level["name"] for level in seen["levels"]}
    for user in seen["api_users"]:
        if user["id"] in known or (user["active"] and _limit_of(user, limits) is not None):
            found[user["id"]] = dict(user)
    for person in resources(client, [owner for owner in known if not found[owner]["user_name"]]):
        found[person["id"]] = {**person, "security_level": names.get(person["level_id"], "")}
    return list(found.values())


def _limit_of(user: Mapping[str, Any], limits: Mapping[str, int]) -> int | None:
    return next((maximum for level, maximum in limits.items() if same_name(level, user["security_level"])), None)


def main() -> None:
    module.main(SPEC, run)


if __name__ == "__main__":
    main()
