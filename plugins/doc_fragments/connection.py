# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How a module reaches a tenant, documented once."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of every module that talks to Autotask, and the attributes that all of them share."""

    DOCUMENTATION = r"""
options:
  user_name:
    description:
      - The Username (Key) of the API user that the task works as, with its C(@domain).
      - If not set, the environment variable E(AUTOTASK_USER_NAME) is used.
    type: str
  secret:
    description:
      - Its Password (Secret).
      - If not set, the environment variable E(AUTOTASK_SECRET) is used.
    type: str
  integration_code:
    description:
      - Its API Tracking Identifier.
      - If not set, the environment variable E(AUTOTASK_INTEGRATION_CODE) is used.
    type: str
  zone_url:
    description:
      - The address of the tenant's REST service, such as V(https://webservices9.autotask.net/atservicesrest).
      - If omitted, it is looked up by the user name and remembered for twelve hours in E(XDG_CACHE_HOME).
      - If not set, the environment variable E(AUTOTASK_ZONE_URL) is used.
    type: str
  discovery_url:
    description:
      - Where to ask for the zone.
      - If not set, the environment variable E(AUTOTASK_DISCOVERY_URL) is used.
    type: str
    default: https://webservices.autotask.net/atservicesrest
  ca_path:
    description:
      - A file with the certificates to trust, for networks that inspect TLS. Certificates are always verified.
      - If not set, the environment variable E(AUTOTASK_CA_PATH) is used, then E(REQUESTS_CA_BUNDLE). E(SSL_CERT_FILE) isn't looked at.
    type: path
  timeout:
    description: How long a request may take until the whole answer is there, in seconds.
    type: float
    default: 30.0
  task_timeout:
    description:
      - How long the requests of a task may take altogether, with the pauses before they are repeated, in seconds.
        While a task waits for people it sends few.
    type: float
    default: 900.0
  retries:
    description:
      - How often a request is repeated when Autotask is too busy (429), or, for requests that are safe to repeat, when the answer is lost.
    type: int
    default: 4
  request_budget:
    description:
      - The share of the database's hourly requests at which the task stops, so that the customer's other integrations go on working.
        Autotask counts the requests of all integrations together.
    type: float
    default: 0.75
requirements:
  - requests
attributes:
  check_mode:
    description: Can run in check mode and return what it would change, without writing anything anywhere.
  diff_mode:
    description: Returns what it changes, or would change in check mode, in diff mode.
  idempotent:
    description: When run twice in a row, with nothing done in Autotask in between, the second run changes nothing.
  action_group:
    description: Use C(group/msp.autotask.autotask) in C(module_defaults) to set a tenant's connection once.
    support: full
    membership:
      - msp.autotask.autotask
  action:
    description: Runs inside the controller process when the host is local, and otherwise as a module on the host.
    support: full
"""
