# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The options that modules share, and what is made of them. Private to the collection; documented in the documentation fragments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ansible.module_utils.basic import env_fallback

from ansible_collections.msp.autotask.plugins.module_utils import _client
from ansible_collections.msp.autotask.plugins.module_utils._change import Applier
from ansible_collections.msp.autotask.plugins.module_utils._client import Client, Credentials, Settings
from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError, Unauthorized
from ansible_collections.msp.autotask.plugins.module_utils._level import same_name
from ansible_collections.msp.autotask.plugins.module_utils._tenant import effective_access, people
from ansible_collections.msp.autotask.plugins.module_utils.appliers._runsheet import RunsheetApplier
from ansible_collections.msp.autotask.plugins.module_utils.appliers._ticket import TicketApplier, check_integration, from_facts

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
    "discovery_url": _env("AUTOTASK_DISCOVERY_URL", type="str", default=_client.DISCOVERY_URL),
    "ca_path": _env("AUTOTASK_CA_PATH", type="path"),
    "timeout": {"type": "float", "default": 30.0},
    "retries": {"type": "int", "default": 4},
    "request_budget": {"type": "float", "default": 0.75},
}

TENANT_INFO: Spec = {"tenant_info": {"type": "dict", "no_log": False}}

CHANGE: Spec = {
    **TENANT_INFO,
    "integration": {"type": "str", "required": True},
    "tenant": {"type": "str", "required": True},
    "apply_via": {"type": "str", "choices": ["ticket", "runsheet"], "default": "ticket"},
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


def settings_of(params: Params) -> Settings:
    """How the client is to behave. Raises InputError for a budget that is no share."""
    if not 0 < params["request_budget"] <= 1:
        raise InputError(["request_budget"], f"{params['request_budget']} is not a share above 0 and up to 1", "budget_option")
    return Settings(
        discovery_url=params["discovery_url"],
        zone_url=params["zone_url"] or "",
        ca_path=params["ca_path"] or "",
        timeout=params["timeout"],
        retries=params["retries"],
        budget=params["request_budget"],
    )


def connect(params: Params) -> Client:
    """The client of the user that the task works as. Raises InputError for options that are missing."""
    missing = [name for name in ("user_name", "secret", "integration_code") if not params[name]]
    if missing:
        raise InputError(
            missing[:1],
            "is needed to reach Autotask; set it for the tenant's host through module_defaults of the group msp.autotask.autotask, "
            f"or in the environment ({', '.join('AUTOTASK_' + name.upper() for name in missing)})",
            "connection_missing",
        )
    info = params.get("tenant_info") or {}
    settings = settings_of(params)
    if not settings.zone_url and info.get("zone"):
        settings = replace(settings, zone_url=info["zone"]["url"])
    return Client(Credentials(params["user_name"], params["secret"], params["integration_code"]), settings, budget_known="usage" in info)


def connect_as(params: Params, credentials: Params, zone_url: str) -> Client | None:
    """A client for other credentials on the same tenant, or None when their tracking identifier isn't known.

    An integration vendor's identifier is the vendor's; without it nobody but the vendor can sign in.
    """
    if not credentials.get("integration_code"):
        return None
    own = Credentials(credentials["user_name"], credentials["secret"], credentials["integration_code"])
    settings = settings_of({**params, "zone_url": zone_url})
    return Client(own, settings, budget_known=True)


class Tenant:
    """The tenant of a task as far as REST shows it; `client` is None where a run sheet is written without credentials."""

    def __init__(self, params: Params) -> None:
        self.params = params
        bare = params["apply_via"] == "runsheet" and not params["user_name"]
        self.client = None if bare else connect(params)
        self.info: Mapping[str, Any] = params["tenant_info"] or {}

    def people(self) -> Mapping[str, Any] | None:
        """Levels and API users: from an earlier task of the run, or read now; None when nothing can be read."""
        if self.client is None:
            return None
        if "levels" in self.info and "api_users" in self.info:
            return self.info
        return people(self.client)

    @property
    def web_url(self) -> str:
        """Where people sign in, as the zone says; empty when that isn't known."""
        zone = self.info.get("zone") or {}
        return str(zone.get("web_url") or (self.client.zone.web_url if self.client else ""))

    def applier(self, notes: Sequence[str] = ()) -> Applier:
        """Who puts the steps before people; `notes` is what these should know beforehand, besides the option of that name."""
        params = self.params
        words = [*params["notes"], *notes]
        integration = check_integration(params["integration"])
        if params["apply_via"] == "runsheet" or self.client is None:
            return RunsheetApplier(params["runsheet"]["path"], integration, params["tenant"], words, params["runsheet"]["html"])
        known = (self.info.get("changes") or {}).get(integration)
        return TicketApplier(
            self.client,
            integration,
            params["tenant"],
            params["ticket"],
            words,
            known=None if known is None else from_facts(known),
            expected=params["change_reference"],
        )

    def access_seen(self, user_name: str) -> Mapping[str, Any]:
        """What an earlier task of the run saw of the effective access of this user; empty when none looked."""
        seen: Mapping[str, Any] = (self.info.get("access") or {}).get(user_name.partition("@")[0]) or {}
        return seen

    def client_of(self, credentials: Params) -> Client | None:
        """A client for the credentials of one of the tenant's API users."""
        zone_url = (self.info.get("zone") or {}).get("url") or (self.client.zone.url if self.client else self.params["zone_url"] or "")
        return connect_as(self.params, credentials, zone_url)


def access_of_level(
    tenant: Tenant, people: Mapping[str, Any] | None, level: str, entities: Sequence[str]
) -> tuple[dict[str, dict[str, str]], list[str]]:
    """What the user of the option `credentials` may do with the entities, if it has the level; and warnings on why that could not be seen."""
    credentials = tenant.params["credentials"]
    if not credentials or not people or not entities:
        return {}, []
    user = user_of(people, credentials["user_name"])
    if not user or not same_name(user["security_level"], level):
        return {}, []
    seen = tenant.access_seen(credentials["user_name"])
    if all(entity in seen for entity in entities):
        return {entity: seen[entity] for entity in entities}, []
    client = tenant.client_of(credentials)
    if client is None:
        return {}, []
    try:
        return effective_access(client, entities), []
    except Unauthorized as error:
        return {}, [f"The effect of the level could not be seen. {error}"]


def user_of(people: Mapping[str, Any], user_name: str) -> Mapping[str, Any] | None:
    """The API user that signs in with this Username (Key); REST may show the key without its domain."""
    key = user_name.partition("@")[0]
    return next((user for user in people["api_users"] if user["user_name"].partition("@")[0] == key), None)
