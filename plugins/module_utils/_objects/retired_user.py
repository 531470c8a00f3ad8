# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Inactivate an API user: by REST, and where that has no effect by a step in the console. API users are never deleted. Private to the collection."""

from __future__ import annotations

from collections.abc import Sequence

from .._appliers.base import Withdrawn
from .._appliers.choose import by_people
from .._catalogue import model
from .._catalogue.terms import Terms
from .._change.model import Kind
from .._documents.observed import find_user
from .._edge.context import TaskContext
from .._entities import Observed, UserFacts, same_key
from .._errors import InputError
from .._rest.client import Client
from .._rest.tenant import inactivate_user, may_update_users, webhooks_of
from .api_user import InactiveUser
from .ensure import ensure
from .result import ObjectResult


def inactive_user(
    client: Client | None, observed: Observed | None, first_name: str, last_name: str, terms: Terms, check_mode: bool
) -> tuple[InactiveUser, UserFacts | None]:
    """The user as it should no longer be, and as it was found where it was active. What REST can switch off is off then, or would be: in check mode for all
    that is known of what the run's own user may do.
    """
    found = find_user(observed["api_users"], first_name, last_name) if observed else None
    user = found if found and found["active"] else None
    by_rest = bool(user and client and (may_update_users(client) if check_mode else inactivate_user(client, user["id"])))
    active = None if observed is None else user is not None and not by_rest
    return InactiveUser(first_name, last_name, active, terms, switched_off=by_rest), user


def own_user(client_key: str, observed: Observed | None, ids: Sequence[int]) -> None:
    """Raises InputError where one of the users is the one that the run works as."""
    users = observed["api_users"] if observed else []
    if any(user["id"] in ids and same_key(user["user_name"], client_key) for user in users):
        raise InputError(
            ["user_name"],
            "this run works as the API user that is to be inactivated. Give it the credentials of another one, or inactivate it in the console "
            "once it isn't needed.",
            "own_user",
        )


def told_of(thing: InactiveUser, user: UserFacts | None, result: ObjectResult) -> ObjectResult:
    """The result of inactivating a user, with what was done by REST."""
    if thing.switched_off:
        if not result["changed"]:
            # The newest change that tells of the user is the one that set it up.
            result["change"] = {}
        result["changed"] = True
        result["diff"] = {"before": {"Active": True}, "after": {"Active": False}}
    result["user"] = dict(user) if user else {}
    return result


def withdrawn_secret(name: str) -> Withdrawn:
    """Nobody generates a new secret for a user that is retired."""
    return Withdrawn(Kind.SECRET, name, {"rotation": None})


def retire_user(context: TaskContext, first_name: str, last_name: str, check_mode: bool) -> ObjectResult:
    """The result of `autotask_api_user` with `state: absent`. Raises the errors of `_errors`."""
    params = context.params
    client = None if params["apply_via"] == "runsheet" else context.client
    observed = context.observed
    found = find_user(observed["api_users"], first_name, last_name) if observed else None
    if context.client and found and found["active"]:
        own_user(context.client.credentials.user_name, observed, [found["id"]])
    warnings = webhook_warnings(context.client, found if found and found["active"] else None)
    if not check_mode:
        # What a run would stop at is found before REST has written.
        planned, _user = inactive_user(client, observed, first_name, last_name, params["local_terms"], check_mode=True)
        ensure(planned, context, model.standard(), True, by_people(params["apply_via"]), more=[withdrawn_secret(planned.name)])
    thing, user = inactive_user(client, observed, first_name, last_name, params["local_terms"], check_mode)
    thing.warnings += warnings
    # What is done already needs no browser.
    how = params["apply_via"] if thing.active else by_people(params["apply_via"])
    result = ensure(thing, context, model.standard(), check_mode, how, more=[withdrawn_secret(thing.name)])
    return told_of(thing, user, result)


def webhook_warnings(client: Client | None, user: UserFacts | None) -> list[str]:
    """What is said of the webhooks that an active user owns."""
    if not user or not client:
        return []
    counts = {entity: count for entity, count in webhooks_of(client, user["id"]).items() if count}
    if not counts:
        return []
    listed = ", ".join(f"{count} {entity}" for entity, count in counts.items())
    return [f"The user owns webhooks ({listed}). They stop working when it is inactivated."]
