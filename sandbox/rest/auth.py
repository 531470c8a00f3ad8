# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who is calling: the three headers, checked against the store."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox import permissions
from sandbox.model import ApiUser, Record, Tenant
from sandbox.permissions import Rights, Viewer
from sandbox.rest.errors import Unauthorized
from sandbox.store import Store


@dataclass(frozen=True)
class Caller:
    """An API user that has been let in, and what it may do."""

    tenant: Tenant
    user: ApiUser
    rights: Rights
    viewer: Viewer


def authenticate(store: Store, headers: Mapping[str, str], new_user_delay: float) -> Caller:
    """Lets a request in, or raises Unauthorized whatever is wrong (Autotask help, REST_Security_Auth).

    `new_user_delay` is how many seconds after its creation an API user starts to work.
    """
    user = store.api_user_by_name(headers.get("UserName", ""))
    if user is None or not store.check_secret(user, headers.get("Secret", "")):
        raise Unauthorized
    level = store.level(user.level_id)
    code = _code(store, user)
    if not code or not hmac.compare_digest(code.encode(), headers.get("ApiIntegrationCode", "").encode()):
        raise Unauthorized
    if not user.active or not level.active or not level.api_only:
        raise Unauthorized
    if new_user_delay and store.api_user_age(user) < new_user_delay:
        raise Unauthorized
    tenant = store.tenant(user.tenant_id)
    rights = permissions.rights(level, frozenset(tenant.options.get("modules_off", ())))
    if not rights.value("login"):
        raise Unauthorized

    def records_of(entity: str) -> list[Record]:
        return store.query(tenant.id, entity)

    return Caller(tenant, user, rights, Viewer(rights, user.id, records_of, _lines_of_business(store, user)))


def _lines_of_business(store: Store, user: ApiUser) -> frozenset[int | None]:
    """What the user sees by line of business: all without an association, else the associated ones and perhaps items without one."""
    if not user.lines_of_business:
        return frozenset()
    lines = {int(line.value) for line in store.choices(user.tenant_id, "LinesOfBusiness") if line.label in user.lines_of_business}
    return frozenset({*lines, None} if user.lob_unassigned else lines)


def tenant_of(store: Store, headers: Mapping[str, str], query: Mapping[str, str]) -> Tenant | None:
    """The tenant that a request is meant for, let in or not: the domain of its user name says so, or of the one whose zone is asked for."""
    name = headers.get("UserName") or next((value for key, value in query.items() if key.lower() == "user"), "")
    return store.tenant_by_domain(name.rpartition("@")[2])


def _code(store: Store, user: ApiUser) -> str:
    """The tracking identifier that this user must send; empty if it has none and so can't call at all."""
    if user.tracking == "vendor":
        return next((vendor.code for vendor in store.vendors(user.tenant_id) if vendor.id == user.vendor_id and vendor.active), "")
    return user.tracking_code
