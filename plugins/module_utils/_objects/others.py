# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What of a tenant is another integration's, by what earlier runs have left there and here. Private to the collection.

What two integrations of one list claim is told from their profiles (`claims`). Here are those that a run isn't about: it must touch nothing of theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from .._change.model import Change, Document, Kind, Record, same_document
from .._credentials.store import Recorded, Store
from .._documents.names import same_name
from .._documents.observed import user_with_key
from .._edge.context import PROVISIONER
from .._entities import SYSTEM_API_LEVELS, Observed
from .._errors import AutotaskError, InputError
from .wanted import Wanted

LEVEL, USER, RECORD_NAME = "security level", "API user", "record name"


@dataclass(frozen=True)
class Theirs:
    """One thing that an integration has on a tenant: what it is (`LEVEL`, `USER` or `RECORD_NAME`), and its name. `witness` says what tells so.

    `documents` are what was asked for of a level and of its webhook limit, as far as a change says it; `shared` says that others may have it, too.
    """

    what: str
    name: str
    integration: str
    witness: str
    documents: Sequence[Document] = ()
    shared: bool = False

    def is_called(self, what: str, name: str) -> bool:
        """Whether it is this thing, capitals aside."""
        return self.what == what and same_name(self.name, name)

    def wants(self, documents: Sequence[Document]) -> bool:
        """Whether its integration is known to want just this of the level."""
        return len(documents) == len(self.documents) and all(map(same_document, self.documents, documents))


def theirs_of(changes: Mapping[str, Sequence[Change]], observed: Observed | None, store: Store, own: Collection[str]) -> list[Theirs]:
    """What integrations have by their changes, and by credentials that are recorded under other names than the run's `own`."""
    asked_for = [thing for name, known in changes.items() for thing in _asked_for(name, known, observed)]
    return [*asked_for, *(_recorded(observed, store, own) if observed else ())]


def of_the_run(observed: Observed | None, key: str, recorded: Iterable[Recorded]) -> list[Theirs]:
    """The user that the run works as, with this key, and its level; nothing where it is one of those whose credentials are `recorded`."""
    mine = any(one.user_name == key for one in recorded)
    return [] if mine or observed is None else list(_of_user(observed, key, PROVISIONER, "this run works as it"))


def _asked_for(integration: str, changes: Sequence[Change], observed: Observed | None) -> Iterator[Theirs]:
    """What the newest records of its changes ask for; nothing once all its users are switched off, and nobody is asked to do anything."""
    newest = {subject: (record, change) for change in changes for subject, record in change.records.items()}
    users = [record for record, _change in newest.values() if record.kind is Kind.API_USER]
    if (
        users
        and observed is not None
        and not any(change.open for change in changes)
        and not any(_is_active(observed, user) for user in users)
    ):
        return
    for record, change in newest.values():
        witness = f"the change {change.reference} says so"
        if record.kind is Kind.LEVEL and record.document.get("active") is not False:
            limit = newest.get(Kind.WEBHOOK_LIMIT.subject(record.name))
            of_limit = limit[0].document if limit else record.carried.get(Kind.WEBHOOK_LIMIT.subject(record.name))
            documents = [record.document, *([of_limit] if of_limit else [])]
            yield Theirs(LEVEL, record.name, integration, witness, documents, record.shared)
        if record.kind is Kind.API_USER and record.document.get("active") is not False:
            yield Theirs(USER, record.name, integration, witness)
            yield from _level_of_user(str(record.document.get("security_level", "")), integration, witness)
        if record.record_as:
            yield Theirs(RECORD_NAME, record.record_as, integration, witness)


def _is_active(observed: Observed, record: Record) -> bool:
    names = [f"{user['first_name']} {user['last_name']}" for user in observed["api_users"] if user["active"]]
    return any(same_name(record.name, name) for name in names)


def _recorded(observed: Observed, store: Store, own: Collection[str]) -> Iterator[Theirs]:
    """The users whose credentials are recorded under names that aren't `own`, or begin so, and their levels."""
    for name in store.names():
        if any(name == one or name.startswith(f"{one}-") for one in own):
            continue
        # What can't be opened here may be another vault's.
        with suppress(AutotaskError):
            known = store.read(name)
            yield from _of_user(observed, known.user_name if known else "", name, f'its credentials are recorded as "{name}"')


def _of_user(observed: Observed, key: str, integration: str, witness: str) -> Iterator[Theirs]:
    """The active user with this key, and its level unless that is everybody's."""
    user = user_with_key(observed["api_users"], key) if key else None
    if user and user["active"]:
        name = f"{user['first_name']} {user['last_name']}"
        yield Theirs(USER, name, integration, witness)
        yield from _level_of_user(user["security_level"], integration, f'its API user "{name}" has it')


def _level_of_user(level: str, integration: str, witness: str) -> Iterator[Theirs]:
    if level and level not in SYSTEM_API_LEVELS:
        yield Theirs(LEVEL, level, integration, witness)


def people_of(wanted: Wanted) -> list[tuple[str, str]]:
    """The API users of an integration, and the names that their credentials are recorded under."""
    return [thing for user in wanted.users for thing in ((USER, user.name), (RECORD_NAME, user.record_as))]


def taken(things: Iterable[tuple[str, str]], others: Sequence[Theirs]) -> Iterator[tuple[str, Theirs]]:
    """Those of some things, by what they are and their names, that are another integration's: the name, and whose."""
    for what, name in things:
        theirs = next((one for one in others if one.is_called(what, name)), None)
        if theirs:
            yield name, theirs


def taken_errors(integration: str, things: Iterable[tuple[str, str]], others: Sequence[Theirs]) -> Iterator[InputError]:
    """For the things of an integration that are another one's."""
    for name, theirs in taken(things, others):
        yield InputError(
            ["integrations", integration],
            f'the {theirs.what} "{name}" is {_whose(theirs)}: {theirs.witness}. Give it another name, with overrides, or retire '
            f"{theirs.integration} first",
            "another_integrations",
        )


def shared_errors(integration: str, theirs: Theirs, documents: Sequence[Document]) -> Iterator[InputError]:
    """For a level that an integration calls shared, and wants so, and that another one's change asks for: that one has to share it, and want the same."""
    if not theirs.shared:
        yield not_shared(integration, theirs)
    elif not theirs.wants(documents):
        yield different(integration, theirs)


def not_shared(integration: str, theirs: Theirs) -> InputError:
    """For a level that an integration calls shared, and that another one has, which isn't known to share it."""
    remedy = (
        "give it another name, with overrides"
        if theirs.integration == PROVISIONER
        else "let both profiles say `shared`, and name both in one run"
    )
    return InputError(
        ["integrations", integration],
        f'the security level "{theirs.name}" is {_whose(theirs)}, which is not known to share it ({theirs.witness}); {remedy}',
        "another_integrations",
    )


def different(integration: str, theirs: Theirs) -> InputError:
    """For a level that an integration shares with another one, which isn't known to want the same."""
    return InputError(
        ["integrations", integration],
        f'the security level "{theirs.name}" is shared with {theirs.integration}, which is not known to want the same of it ({theirs.witness}); let both '
        "profiles say the same, and name both in one run",
        "shared_differently",
    )


def replaced_errors(wanted: Wanted, recorded: Mapping[str, Recorded], observed: Observed | None) -> Iterator[InputError]:
    """For credentials, by the key of the user, that are those of another active API user: what is recorded for this one would take their place."""
    for user in wanted.users:
        owner = user_with_key(observed["api_users"], recorded[user.key].user_name) if observed and user.key in recorded else None
        name = f"{owner['first_name']} {owner['last_name']}" if owner and owner["active"] else user.name
        if not same_name(name, user.name):
            yield InputError(
                ["integrations", wanted.integration],
                f'the credentials of the API user "{name}", which is active, are recorded as "{user.record_as}", where those of "{user.name}" would take '
                "their place. Inactivate that user, or call it so in the console, or give one of the two another key",
                "another_users_record",
            )


def unseen(before: Iterable[Theirs], now: Iterable[Theirs]) -> str:
    """What a second look shows of other integrations that the first didn't, for people; empty for nothing."""
    known = {(one.what, one.name, one.integration) for one in before}
    more = [one for one in now if (one.what, one.name, one.integration) not in known]
    return ", ".join(f'{one.integration} without the {one.what} "{one.name}"' for one in more)


def _whose(theirs: Theirs) -> str:
    return "the provisioner's" if theirs.integration == PROVISIONER else f"{theirs.integration}'s"
