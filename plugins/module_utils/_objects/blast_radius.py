# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a change touches besides what it is about, for whoever works it off: who else has the level, which webhooks stop, what the users did lately.

Private to the collection. `look` reads it, all else makes sentences of what was read. What couldn't be read is told as not known, never as none.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Sequence

from .._documents.names import same_name
from .._entities import Observed, UserFacts
from .._rest.activity import DAYS, Activity, Made, Webhook, read_activity
from .._rest.client import Client
from .._text import as_seen, cleaned
from .reading import Reading
from .tenant import Tenant
from .wanted import Wanted

# As many users, and webhooks of one user, are named.
MOST_NAMED = 12
NOT_READ = "What this touches besides is not known: without credentials of the tenant nothing of it is read."
# Autotask signs them with their own secretKey (Autotask help, WebhooksEntity); of a user's secret no page on webhooks speaks.
NO_WEBHOOK_STOPS = "A new secret stops no webhook, as far as Autotask's documents say. What stops is what signs in with the old one, until it has the new one."
# Kaseya's guide to SaaS Alerts has it so.
WHILE_OWNERS_MAY_SEE = "A webhook calls out only while its owner may see what it is about."
NO_TRACE = "What is only read leaves no trace in Autotask: a user that has made nothing may be in use all the same."


def look(tenant: Tenant, reading: Reading, wanted: Wanted, ids: Collection[int], owners: Collection[str] | None) -> Activity | None:
    """What some API users have done lately; None where nothing can be read. What the integration's users should write is looked at first.

    Unless `owners` is None their webhooks are looked at, too: as the run sees them, or else as those do whose credentials are recorded under these names.
    At most `MOST_REQUESTS` requests. Raises AutotaskError.
    """
    if tenant.client is None:
        return None
    if not ids:
        return Activity()
    writes = [entity for user in wanted.users for entity, operation, granted in user.expected if granted and operation == "create"]
    clients = None if owners is None else [functools.partial(_client_of, tenant, reading, name) for name in owners]
    return read_activity(tenant.client, sorted(ids), writes, clients)


def _client_of(tenant: Tenant, reading: Reading, name: str) -> Client | None:
    recorded = tenant.store.read(name)
    return tenant.client_of(name, recorded, reading.zone_url) if recorded else None


def others_with(level: str, observed: Observed | None, own: Collection[int]) -> list[UserFacts]:
    """The API users with a level, active or not, but for those with these ids."""
    return [
        user for user in (observed["api_users"] if observed else []) if same_name(user["security_level"], level) and user["id"] not in own
    ]


def of_level(level: str, others: Sequence[UserFacts]) -> str:
    """Who else has a level."""
    if not others:
        return f'No other API user has the security level "{_shown(level)}".'
    return f'The security level "{_shown(level)}" is also that of {_listed(map(_user, others))}.'


def of_new_secrets(users: Sequence[UserFacts], observed: Observed | None, activity: Activity | None) -> list[str]:
    """What new secrets of some users touch."""
    if activity is None:
        return [NOT_READ]
    ids = [user["id"] for user in users]
    found = []
    for level in dict.fromkeys(user["security_level"] for user in users if user["security_level"]):
        others = others_with(level, observed, ids)
        found.append(of_level(level, others) + (" What they sign in with stays as it is." if others else ""))
    return [*found, NO_WEBHOOK_STOPS, *_made(users, activity)]


def of_inactivation(users: Sequence[UserFacts], levels: Sequence[str], observed: Observed | None, activity: Activity | None) -> list[str]:
    """What it touches that some users, and after them some levels, are inactivated."""
    if activity is None:
        return [NOT_READ]
    ids = [user["id"] for user in users]
    return [
        *(of_level(level, others_with(level, observed, ids)) for level in levels),
        *(_webhooks(users, "webhooks that stop working", activity) if users else ()),
        *(_made(users, activity) if users else ()),
    ]


def of_level_changes(others: Sequence[tuple[str, Sequence[UserFacts]]], activity: Activity | None) -> list[str]:
    """What it touches that levels are changed which others have, too: by level, those that have it."""
    if activity is None:
        return [NOT_READ]
    users = list({user["id"]: user for _level, having in others for user in having}.values())
    return [
        *(f"{of_level(level, having)} What is changed on it is changed for them as well." for level, having in others),
        *_webhooks(users, "webhooks", activity),
        WHILE_OWNERS_MAY_SEE,
        *_made(users, activity),
    ]


def _webhooks(users: Sequence[UserFacts], which: str, activity: Activity) -> list[str]:
    found = []
    for user in users:
        owned = [webhook for webhook in activity.webhooks if webhook.owner == user["id"]]
        if owned:
            found.append(f"{_name(user)} owns {which}: {_listed(map(_webhook, owned))}.")
    if activity.unread:
        seen = "any other" if found else "any"
        return [
            *found,
            f"Whether {_listed(map(_name, users))} own{'s' if len(users) == 1 else ''} {seen} webhooks is not known: nobody whose credentials are recorded "
            f"may read all of {', '.join(activity.unread)}.",
        ]
    return found or [f"{_listed(map(_name, users))} own{'s' if len(users) == 1 else ''} no webhooks."]


def _made(users: Sequence[UserFacts], activity: Activity) -> list[str]:
    of_users = {user["id"]: [one for one in activity.made if one.user == user["id"]] for user in users}
    idle = [user for user in users if not of_users[user["id"]]]
    busy = [user for user in users if of_users[user["id"]]]
    found = [_made_by(user, of_users[user["id"]]) for user in busy[:MOST_NAMED]]
    if more := busy[MOST_NAMED:]:
        found.append(f"{len(more)} more have made something, too.")
    if idle:
        found.append(
            f"{_listed(map(_name, idle))} {'has' if len(idle) == 1 else 'have'} made nothing in the last {DAYS} days that this run sees."
        )
    if activity.unknown:
        words = "this run may not see all of them, or has no request left for them"
        found.append(f"What was made of {', '.join(activity.unknown)} is not known: {words}.")
    return [*found, NO_TRACE]


def _made_by(user: UserFacts, made: Sequence[Made]) -> str:
    counts = ", ".join(f"{one.entity} ({'' if one.whole else 'at least '}{one.count})" for one in made)
    later = "" if all(one.whole for one in made) else " or later"
    return f"{_name(user)} has made {counts} in the last {DAYS} days, the last of them on {max(one.last for one in made)} UTC{later}."


def _name(user: UserFacts) -> str:
    return f'"{_shown(user["first_name"])} {_shown(user["last_name"])}"'


def _user(user: UserFacts) -> str:
    return _name(user) + ("" if user["active"] else " (inactive)")


def _webhook(webhook: Webhook) -> str:
    return f'{webhook.entity} "{_shown(webhook.name)}"{"" if webhook.active else " (inactive already)"}'


def _shown(text: str) -> str:
    """A text of the tenant, on one line."""
    return as_seen(cleaned(text))


def _listed(words: Iterable[str]) -> str:
    """Some words in a row; those that are too many are counted."""
    found = list(words)
    more = [f"{len(found) - MOST_NAMED} more"] if len(found) > MOST_NAMED else []
    items = [*found[:MOST_NAMED], *more]
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)
