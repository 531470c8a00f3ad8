# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The calls that aren't about an entity: zone, versions, threshold and modules."""

from __future__ import annotations

from sandbox.model import Record, Tenant
from sandbox.permissions import MODULES
from sandbox.rest.call import Call
from sandbox.rest.errors import RestError
from sandbox.rest.limits import TIMEFRAME_MINUTES
from sandbox.store import Store


def zone_information(store: Store, address: str, user_name: str) -> Record:
    """Where the tenant of a user is served; here it is always this server. Needs no credentials.

    A user name that nobody has is a 500 (measured on a live tenant).
    """
    user = store.api_user_by_name(user_name) or store.person(user_name)
    if user is None:
        raise RestError("Zone information could not be determined")
    tenant = store.tenant(user.tenant_id)
    return {"zoneName": f"Zone {tenant.zone}", "url": f"{address}/ATServicesRest/", "webUrl": f"{address}/", "ci": 900000 + tenant.id}


def api_versions() -> Record:
    """The versions of the API, without credentials."""
    return {"apiVersions": ["V1.0"]}


def version(call: Call) -> Record:
    """Autotask's version; any caller may ask. No source shows a value of `customerType`, which is new in 2026."""
    return {"majorVersion": "2026", "minorVersion": "2", "build": "1.0.0", "customerType": "Production"}


def threshold_information(call: Call) -> Record:
    """How many of the tenant's requests an hour are used up, this one included."""
    limits = call.server.limits
    return {
        "externalRequestThreshold": limits.threshold,
        "requestThresholdTimeframe": TIMEFRAME_MINUTES,
        "currentTimeframeRequestCount": limits.used(call.tenant_id),
    }


def modules(call: Call) -> Record:
    """Which modules the tenant has, by key. The keys are the sandbox's own: the table of the real ones isn't public."""
    off = call.caller.tenant.options.get("modules_off", ())
    return {"modules": [{"key": key, "value": name not in off} for name, key in MODULES.items()]}


def realm(tenant: Tenant | None) -> str:
    """What a 401 calls the server in its header."""
    return f"webservices{tenant.zone if tenant else ''}.autotask.net"
