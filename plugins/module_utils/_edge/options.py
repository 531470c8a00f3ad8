# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The options that modules share, and what is made of them. Private to the collection; documented in the documentation fragments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.basic import env_fallback

from .._rest import zone

Params = Mapping[str, Any]
Spec = dict[str, Any]


def _env(name: str, **spec: Any) -> Spec:
    return {"fallback": (env_fallback, [name]), **spec}


CREDENTIALS: Spec = {
    "user_name": {"type": "str", "required": True},
    "secret": {"type": "str", "required": True, "no_log": True},
    "integration_code": {"type": "str", "no_log": True},
}
CONNECTION: Spec = {
    "user_name": _env("AUTOTASK_USER_NAME", type="str"),
    "secret": _env("AUTOTASK_SECRET", type="str", no_log=True),
    "integration_code": _env("AUTOTASK_INTEGRATION_CODE", type="str", no_log=True),
    "zone_url": _env("AUTOTASK_ZONE_URL", type="str"),
    "discovery_url": _env("AUTOTASK_DISCOVERY_URL", type="str", default=zone.DISCOVERY_URL),
    "ca_path": _env("AUTOTASK_CA_PATH", type="path"),
    "timeout": {"type": "float", "default": 30.0},
    "task_timeout": {"type": "float", "default": 900.0},
    "retries": {"type": "int", "default": 4},
    "request_budget": {"type": "float", "default": 0.75},
}
TENANT_INFO: Spec = {"tenant_info": {"type": "dict", "no_log": False}}
FILING: Spec = {
    "ticket": {
        "type": "dict",
        "default": {},
        "apply_defaults": True,
        "options": {
            "queue": {"type": "str"},
            "priority": {"type": "str", "default": "Medium"},
            "status": {"type": "str", "default": "New"},
            "closed_status": {"type": "str", "default": "Complete"},
            "company": {"type": "str"},
            "source": {"type": "str"},
            "issue_type": {"type": "str"},
            "category": {"type": "str"},
            "type": {"type": "str"},
            "due_days": {"type": "int", "default": 7},
        },
    },
    "runsheet": {
        "type": "dict",
        "default": {},
        "apply_defaults": True,
        "options": {"path": {"type": "path", "default": "runsheets"}, "html": {"type": "bool", "default": False}},
    },
}
CHANGE: Spec = {
    **TENANT_INFO,
    "integration": {"type": "str", "required": True},
    "tenant": {"type": "str", "required": True},
    "apply_via": {"type": "str", "choices": ["ticket", "runsheet"], "default": "ticket"},
    **FILING,
    "local_terms": {"type": "dict", "default": {}, "options": {"organization": {"type": "str"}, "device": {"type": "str"}}},
    "notes": {"type": "list", "elements": "str", "default": []},
    "change_reference": {"type": "str"},
}
CONSOLE: Spec = {
    "console": {
        "type": "dict",
        "default": {},
        "apply_defaults": True,
        "options": {
            "url": {"type": "str"},
            "user_name": {"type": "str"},
            "password": {"type": "str", "no_log": True},
            "totp_seed": {"type": "str", "no_log": True},
            "session": {"type": "str", "no_log": True},
            "locators": {"type": "path"},
            "doctors_pass": {"type": "dict", "no_log": False},
            "credentials_file": {"type": "path"},
            "browser": _env("AUTOTASK_BROWSER", type="path"),
            "headless": {"type": "bool", "default": True},
            "timeout": {"type": "float", "default": 15.0},
            "screenshots": {"type": "path"},
        },
    },
}
# Modules that a browser can do the work of.
CHANGE_BY_CONSOLE: Spec = {
    **CHANGE,
    "apply_via": {"type": "str", "choices": ["ticket", "runsheet", "console"], "default": "ticket"},
    **CONSOLE,
}
# The documents of the core modules name the credentials of the user that they make; those prove what they can.
PROOF: Spec = {"credentials": {"type": "dict", "no_log": False, "options": CREDENTIALS}}
EXTRA_SETTINGS: Spec = {
    "extra_settings": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "section": {"type": "str", "required": True},
            "group": {"type": "str"},
            "label": {"type": "str", "required": True},
            "kind": {"type": "str", "choices": ["row", "grid", "list", "box", "number"], "default": "box"},
            "values": {"type": "raw"},
        },
    },
}
INTEGRATION: Spec = {
    "profile": {"type": "raw"},
    "integration": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "included": {"type": "list", "elements": "str", "default": []},
    "excluded": {"type": "list", "elements": "str", "default": []},
    "overrides": {"type": "dict", "default": {}},
    "lines_of_business": {"type": "list", "elements": "str", "default": []},
    "impersonated_levels": {"type": "list", "elements": "str", "default": []},
    "allow_incomplete": {"type": "bool", "default": False},
    "email": {"type": "str"},
    "location": {"type": "str"},
    "apply_via": {"type": "str", "choices": ["ticket", "runsheet", "console"]},
    "mode": {"type": "str", "choices": ["report", "ask", "apply"]},
    "runsheet": {"type": "dict", "options": {"path": {"type": "path"}, "html": {"type": "bool"}}},
    "variables": {"type": "dict", "default": {}},
}
STORE: Spec = {
    "credentials_store": {
        "type": "dict",
        "default": {},
        "apply_defaults": True,
        "no_log": False,
        "options": {
            "folder": {"type": "path", "default": "credentials"},
            "integration_codes": {"type": "dict", "default": {}, "no_log": True},
        },
    },
}
HAND_IN: Spec = {
    "hand_in": {
        "type": "dict",
        "options": {"page": {"type": "path", "required": True}, "address": {"type": "str"}},
    },
}
# Of those that compare a tenant with what is wanted.
REVIEW: Spec = {"acceptances": {"type": "path"}}
# Of the modules that deal with a tenant's integrations.
TENANT: Spec = {
    **CONNECTION,
    **FILING,
    **CONSOLE,
    **EXTRA_SETTINGS,
    "tenant": CHANGE["tenant"],
    "local_terms": CHANGE["local_terms"],
    "integrations": {"type": "list", "elements": "dict", "required": True, "options": INTEGRATION},
    "apply_via": CHANGE_BY_CONSOLE["apply_via"],
    "mode": {"type": "str", "choices": ["report", "ask", "apply"]},
    **STORE,
    "handover_folder": {"type": "path", "default": "handover"},
    "wait_minutes": {"type": "int", "default": 0},
    "wait_interval": {"type": "float", "default": 30.0},
    "email": {"type": "str"},
    "location": {"type": "str", "default": "Headquarters"},
}
