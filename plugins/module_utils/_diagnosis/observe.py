# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads what a diagnosis is made of: as the run's own user, and as the API user of the integration. Private to the collection.

What can't be read is noted with its reason, and the rest is read all the same. What keeps the run itself from working is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from .. import _entities
from .._documents import expected_access
from .._documents.observed import switched_off, user_with_key
from .._errors import BudgetSpent, RequestError, Unauthorized, Unreachable
from .._rest import tenant
from .._rest.client import Client
from .model import OF_A_LINE_OF_BUSINESS, REFUSED, UNCLEAR, UNTRIED, WORKS, WRONG_IDENTIFIER, Seen, Wanted, user_of_that_name

AS_THE_USER = frozenset({"access", "webhooks", "lines_of_business", "products_without_category", "modules"})
Expected = Sequence[tuple[str, str, bool]]
Read = TypeVar("Read")


@dataclass
class _Reader:
    """Reads part by part. `unread` has the reasons of what could not be read; once the tenant takes no more requests, nothing else is tried."""

    unread: dict[str, str] = field(default_factory=dict)
    stopped: str = ""
    busy: bool = False

    def __call__(self, part: str, read: Callable[..., Read], *arguments: Any) -> Read | None:
        """What `read` gives, or None. Raises Unauthorized and Unreachable, unless it's that Autotask was too busy."""
        if not self.stopped:
            try:
                return read(*arguments)
            except (BudgetSpent, Unreachable) as error:
                if error.code not in ("budget", "busy"):
                    raise
                self.stopped, self.busy = str(error), error.code == "busy"
            except Unauthorized:
                raise
            except RequestError as error:
                self.unread[part] = str(error)
                return None
        self.unread[part] = self.stopped
        return None


def observe(
    client: Client, own: Client | None, key: str, wanted: Wanted, expected: Expected, checks: Collection[str], info: Mapping[str, Any]
) -> Seen:
    """What the checks need to know. `own` is the client of the API user, None where nobody can sign in as it; `key` its recorded Username (Key).

    `info` is what an earlier task of the run read of the tenant. Raises Unauthorized or Unreachable when the run's own user gets no answer.
    """
    read = _Reader()
    people: Any = info if "levels" in info and "api_users" in info else read("users", tenant.levels_and_users, client)
    seen = Seen(key=key, unread=read.unread)
    if people is not None:
        seen = replace(
            seen, levels=people["levels"], users=people["api_users"], owner=user_with_key(people["api_users"], key) if key else None
        )
    if people is not None and user_of_that_name(wanted, seen) is None:
        seen = replace(seen, licences=read("licences", tenant.licences_of, client, wanted.first_name, wanted.last_name) or ())
    if own is not None and not (people and seen.owner and switched_off(people, seen.owner)):
        seen = _signed_in(read, seen, client, own)
    if seen.sign_in == WORKS and own is not None and AS_THE_USER & set(checks):
        seen = _as_the_user(read, seen, client, own, wanted, expected, checks)
    if "own_country" in checks:
        seen = replace(seen, company=info.get("company") or read("company", tenant.own_company, client))
    if "products_without_category" in checks:
        may = own if own is not None and (seen.access or {}).get("Products", {}).get("query") == "All" else client
        seen = replace(seen, products=read("products", tenant.products, may))
    if "modules" in checks:
        seen = replace(seen, modules=info.get("modules") or read("modules", tenant.modules, client))
    usage = read("usage", tenant.usage, client) or client.last_usage
    return replace(seen, usage=usage, refused_as_busy=read.stopped if read.busy else "")


def facts_of(seen: Seen) -> dict[str, Any]:
    """What was read of the tenant itself, for the `info` of the next diagnosis; what could not be read is left out, and read again."""
    found = {"levels": seen.levels, "api_users": seen.users, "company": seen.company, "modules": seen.modules}
    return {name: fact for name, fact in found.items() if fact is not None}


def _signed_in(read: _Reader, seen: Seen, client: Client, own: Client) -> Seen:
    """What comes of signing in. The tenant answers the run's own user, so that another answer than a yes or a no is one to these credentials."""
    try:
        answered = read("sign_in", tenant.version, own)
    except Unauthorized as error:
        if error.code == "tracking_identifier":
            return replace(seen, sign_in=WRONG_IDENTIFIER, sign_in_answer=str(error))
        before = str(error) if error.code == "refused_before" else ""
        return replace(seen, sign_in=REFUSED, sign_in_answer=before, key_known=_zone_known(client, own))
    except Unreachable as error:
        return replace(seen, sign_in=UNCLEAR, sign_in_answer=str(error))
    if answered is not None:
        return replace(seen, sign_in=WORKS)
    words = "" if read.stopped else read.unread.pop("sign_in", "")
    return replace(seen, sign_in=UNCLEAR if words else UNTRIED, sign_in_answer=words)


def _zone_known(client: Client, own: Client) -> bool:
    """Whether Autotask knows the user name at all; True where that can't be looked up, not even for the run's own user."""
    try:
        tenant.look_up_zone(own)
    except Unauthorized:
        try:
            tenant.look_up_zone(client)
        except RequestError:
            return True
        return False
    except RequestError:
        pass
    return True


def _as_the_user(
    read: _Reader, seen: Seen, client: Client, own: Client, wanted: Wanted, expected: Expected, checks: Collection[str]
) -> Seen:
    entities = [*expected_access.entities_of(expected), *_entities.WEBHOOK_ENTITIES, *OF_A_LINE_OF_BUSINESS, "Companies", "Products"]
    access = read("access", tenant.effective_access, own, entities)
    if access is None:
        return seen
    own_rows = {entity: read("rows", tenant.rows_seen, own, entity) for entity in expected_access.to_count(expected, access)}
    seen = replace(seen, access=access, expected=expected_access.compare(expected, access, own_rows))
    user = user_of_that_name(wanted, seen)
    if "webhooks" in checks and user is not None and any(access.get(name, {}).get("query") == "All" for name in _entities.WEBHOOK_ENTITIES):
        seen = replace(seen, webhooks=read("webhooks", tenant.webhooks_owned, own, int(user["id"])))
    counted = _to_count(expected, checks)
    return replace(seen, rows=dict(_counted(read, client, own, counted)))


def _to_count(expected: Expected, checks: Collection[str]) -> list[str]:
    """The entities whose records are counted: those that the user should see, or tickets where nothing is said."""
    kinds = (OF_A_LINE_OF_BUSINESS if "lines_of_business" in checks else ()) + (("Companies",) if "access" in checks else ())
    return [entity for entity, verb, granted in expected if granted and verb == "query" and entity in kinds] or [
        kind for kind in kinds if kind == "Tickets"
    ]


def _counted(read: _Reader, client: Client, own: Client, entities: Iterable[str]) -> Iterable[tuple[str, tuple[int, int]]]:
    """How many records the user sees, and the run. Where the user sees fewer, the run counts again: some may just have been deleted."""
    for entity in dict.fromkeys(entities):
        ours = read("rows", tenant.rows_seen, client, entity)
        theirs = None if ours is None else read("rows", tenant.rows_seen, own, entity)
        if ours is not None and theirs is not None and theirs < ours:
            again = read("rows", tenant.rows_seen, client, entity)
            ours = min(ours, again or 0)
        if ours is not None and theirs is not None:
            yield entity, (theirs, ours)
