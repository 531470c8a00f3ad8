# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How the credentials of an API user are known: whether they sign in, and are its own. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.msp.autotask.plugins.module_utils._errors import InputError
from ansible_collections.msp.autotask.plugins.module_utils._options import Params, Tenant, user_of
from ansible_collections.msp.autotask.plugins.module_utils._tenant import version


def prove(
    params: Params, tenant: Tenant, people: Mapping[str, Any] | None, name: str, observed: Mapping[str, Any] | None
) -> dict[str, Any]:
    """How the option `credentials` is known, as `evidence` and `warnings`: `effect` when they sign in and belong to the user of this name.

    `observed` is that user as REST shows it. Raises Unauthorized when they don't sign in, and InputError when they are another user's.
    """
    credentials = params["credentials"]
    signed_in = bool(credentials and tenant.access_seen(credentials["user_name"]))
    if signed_in and people is None:
        return {"evidence": "effect", "warnings": []}
    # A user that is switched off can't sign in; that it is off is what has to be mended first.
    if not credentials or people is None or observed is None or not observed["active"]:
        return {"evidence": "unknown", "warnings": []}
    owner = user_of(people, credentials["user_name"])
    if owner is None or owner["id"] != observed["id"]:
        whose = f'of the API user "{owner["first_name"]} {owner["last_name"]}"' if owner else "of no API user of this tenant"
        raise InputError(["credentials", "user_name"], f'it is the key {whose}, not of "{name}"', "other_users_key")
    if signed_in:
        return {"evidence": "effect", "warnings": []}
    client = tenant.client_of(credentials)
    if client is None:
        words = (
            f'The credentials of "{name}" could not be proven: its tracking identifier is the integration vendor\'s, and only who knows it can sign in. '
            "Ask the vendor for it, or let the vendor test the connection."
        )
        return {"evidence": "attested", "warnings": [words]}
    version(client)
    return {"evidence": "effect", "warnings": []}
