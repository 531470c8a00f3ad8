# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How the credentials of an API user are known: whether they sign in, and are its own. Private to the collection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .._documents.observed import switched_off, user_with_key
from .._entities import Observed, UserFacts
from .._errors import InputError
from .._rest.client import Client
from .._rest.tenant import version


@dataclass(frozen=True)
class Proof:
    """`evidence` of credentials (`effect`, `attested` or `unknown`), and words on why it is no better."""

    evidence: str
    warnings: tuple[str, ...] = ()


UNKNOWN = Proof("unknown")


def prove(
    name: str, key: str, observed: Observed | None, seen: UserFacts | None, signed_in: bool, client: Callable[[], Client | None]
) -> Proof:
    """How the credentials with this key are known: `effect` when they sign in and belong to the user of this name, which REST shows as `seen`.

    `signed_in` says that this run has signed in with them already; `client` makes a client that does. Raises Unauthorized when they don't sign in,
    and InputError when they are another user's.
    """
    if signed_in and observed is None:
        return Proof("effect")
    # A user that is switched off can't sign in; that it is off is what has to be fixed first.
    if observed is None or seen is None or switched_off(observed, seen):
        return UNKNOWN
    owner = user_with_key(observed["api_users"], key)
    if owner is None or owner["id"] != seen["id"]:
        whose = f'of the API user "{owner["first_name"]} {owner["last_name"]}"' if owner else "of no API user of this tenant"
        raise InputError(["credentials", "user_name"], f'it is the key {whose}, not of "{name}"', "other_users_key")
    if signed_in:
        return Proof("effect")
    own = client()
    if own is None:
        words = (
            f'The credentials of "{name}" could not be proven: its tracking identifier is the integration vendor\'s, and only whoever knows it can sign in. '
            "Ask the vendor for it, or let the vendor test the connection."
        )
        return Proof("attested", (words,))
    version(own)
    return Proof("effect")
