# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Takes the credentials that people have handed in sealed, proves and stores them, and puts words in the place of the block. Private to the collection.

Who writes a note has no authority: a block counts because it was sealed for this change, and what is in it because Autotask takes it for the user's. Where
nobody here can sign in, because the tracking identifier is an integration vendor's, only the key is known to be the user's, and that is said.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .._appliers.handed_in import TRIED, HandedIn, beside_runsheets, in_tickets
from .._change.model import Change, Record
from .._credentials.hand_in import key_of, write_page
from .._credentials.refusal import PATIENCE
from .._credentials.sealed import PrivateKey, Purpose, read_block
from .._credentials.store import Recorded
from .._errors import AutotaskError, InputError
from .._rest.tickets import check_rights
from .._text import as_seen
from .reading import Reading
from .recording import record
from .tenant import Tenant
from .wanted import Wanted, WantedUser

# What says that a secret is wrong, or too new, and not that nobody could be asked.
REFUSALS = ("unauthorized", "unknown_user")
# What says that no time mends it: another tracking identifier is needed, or they are somebody else's.
WRONG = ("tracking_identifier", "other_tenants_credentials")
# So many places are named of blocks that the same is said of.
MOST_PLACES = 5
PART = "it is only a part: all of what the page shows is needed, from the line with BEGIN to the line with END. It was left as it is."
WAITS = "it waits. A run that isn't in check mode opens it."


@dataclass(frozen=True)
class Taken:
    """What came of what was handed in for an integration, for who watches; `changed` says that something was stored, `waiting` has the names of whose
    block a run that isn't in check mode opens.
    """

    messages: Sequence[str] = ()
    changed: bool = False
    waiting: Collection[str] = ()


@dataclass(frozen=True)
class Came:
    """What came of one block: words for everybody who reads the change, and the name that was tried, empty for none.

    `state`: it is `stored`, or `refused` for good; or it stays where it is, to be tried `again` once, or `later` for the first time in this run.
    """

    words: str
    state: str
    name: str = ""


def publish(tenant: Tenant) -> None:
    """Have the key, and the page that seals for it, where people hand credentials in. Raises AutotaskError where that can't be had."""
    if tenant.hand_in:
        key, path = key_of(tenant.vault, tenant.params["credentials_store"]["folder"]), tenant.params["hand_in"]["page"]
        if write_page(key, path):
            tenant.say(f"The hand-in page {path} was written. It seals for the key {key.id}.")


def take_in(
    tenant: Tenant,
    reading: Reading,
    wanted: Wanted,
    users: Collection[WantedUser],
    changes: Iterable[Change],
    apply_via: str,
    asks: Callable[[Record], bool],
    check_mode: bool,
) -> Taken:
    """What was handed in for some users of an integration, in those of its `changes` whose record of them `asks` for what is meant. In check mode all of it
    stays where it is, and is told.

    Raises AutotaskError for what is no matter of the block: then it stays where it is.
    """
    asked = _asked(changes, {user.record_as for user in users}, asks)
    found = list(_blocks(tenant, asked.values(), apply_via))
    if not found:
        return Taken()
    if apply_via == "ticket" and tenant.client:
        check_rights(tenant.client, hand_in=True)
    for one in found:
        one.check()
    key = None if check_mode else functools.cache(lambda: key_of(tenant.vault, tenant.params["credentials_store"]["folder"]))
    told: dict[str, list[str]] = {}
    came_of: dict[str, str] = {}
    for one in found:
        came = _take(tenant, reading, key, one, asked, wanted, came_of)
        if came.name:
            came_of[came.name] = came.state
        said = f"[msp.autotask, {datetime.date.today().isoformat()}: {came.words}]"
        if came.state == "again":
            one.replace_by(f"{one.block}\n{TRIED}")
        elif came.state != "later":
            one.replace_by(said)
        told.setdefault(came.words, []).append(one.where)
    messages = [f"{wanted.vendor}: a sealed block in {_listed(places)}: {words}" for words, places in told.items()]
    waiting = came_of if check_mode else ()
    return Taken(messages, "stored" in came_of.values(), waiting)


def _listed(places: Sequence[str]) -> str:
    """Where several blocks are: the first few places, and how many more blocks there are."""
    first = list(dict.fromkeys(places))[:MOST_PLACES]
    more = sum(place not in first for place in places)
    times = f" ({len(places)} blocks)" if len(places) > 1 else ""
    return f"{', '.join(first)}{f' and {more} more' if more else ''}{times}"


def _asked(changes: Iterable[Change], names: Collection[str], asks: Callable[[Record], bool]) -> dict[str, Change]:
    """The newest change that asks for the credentials of each name, where all of that is ticked off: before, they wouldn't work."""
    records = [(change, record) for change in changes for record in change.records.values() if asks(record)]
    newest = {record.record_as: (change, record) for change, record in records if record.record_as in names}
    return {name: change for name, (change, record) in newest.items() if not change.open_steps(record.subject)}


def _blocks(tenant: Tenant, changes: Iterable[Change], apply_via: str) -> Iterable[HandedIn]:
    each = list({change.number: change for change in changes}.values())
    if apply_via == "runsheet":
        return beside_runsheets(each)
    return in_tickets(tenant.client, each) if tenant.client else []


def _take(
    tenant: Tenant,
    reading: Reading,
    key: Callable[[], PrivateKey] | None,
    one: HandedIn,
    changes: Mapping[str, Change],
    wanted: Wanted,
    came_of: Mapping[str, str],
) -> Came:
    """What comes of a block, nothing yet without a `key`.

    `came_of` has what came of those after it, by name: of each user one secret is tried in a run, for wrong ones lock it.

    Raises AutotaskError for what is no matter of the block.
    """
    if not one.block or key is None:
        return Came(WAITS, "later", _name_on(one.block)) if one.block else Came(PART, "later")
    private = key()
    try:
        sealed = read_block(one.block)
        name = sealed.purpose.name
        meant = Purpose(tenant.name, name, f"{one.change.integration}/{one.change.number}")
        if name not in changes or changes[name].number != one.change.number or _as_seen(sealed.purpose) != _as_seen(meant):
            raise AutotaskError(f"it was sealed for {sealed.purpose}, and this change has not asked for that", "sealed")
        values = private.unseal(sealed)
        given = Recorded(values["user_name"], values["secret"], values["integration_code"])
    except AutotaskError as error:
        return Came(_refusal(error), "refused")
    if came_of.get(name) == "stored":
        return Came("a later one was taken; this one is worth nothing any more.", "refused")
    if name in came_of or (one.tried and one.age < PATIENCE):
        return Came("not tried in this run: wrong secrets in a row lock an API user. A later run tries it.", "later")
    once = replace(tenant, params={**tenant.params, "retries_of_new": 0, "retry_delay": 0})
    try:
        recorded = record(once, name, given, [wanted], check_mode=False, already=reading.observed)
    except AutotaskError as error:
        if not isinstance(error, InputError) and error.code not in (*REFUSALS, *WRONG):
            raise
        if error.code in REFUSALS and not one.tried and one.age < PATIENCE:
            words = f"not taken yet. {error} A new secret may take five minutes to work: a run after that tries it once more."
            return Came(words, "again", name)
        return Came(_refusal(error), "refused", name)
    return Came(f"{_stored(name, recorded['evidence'])} This block is worth nothing any more.", "stored", name)


def _name_on(block: str) -> str:
    """For whom a block says that it is; empty where it can't be read."""
    try:
        return read_block(block).purpose.name
    except AutotaskError:
        return ""


def _stored(name: str, evidence: str) -> str:
    """That credentials were stored, and whether they were proven."""
    if evidence == "effect":
        return f'taken. The credentials are proven, and stored for integration "{name}".'
    return (
        f"taken and stored for integration \"{name}\", not proven: the key is the user's, but its tracking identifier is the integration vendor's, so nobody "
        "here can sign in with the secret. The vendor has to test the connection."
    )


def _refusal(error: AutotaskError) -> str:
    """Why a block is worth nothing, and what to do then."""
    said = str(error).replace("Nothing was stored.", "").strip()
    end = "" if said.endswith((".", "?", "!")) else "."
    return f"{said}{end} Nothing was stored. Unless another block is taken, generate a new secret, and seal that."


def _as_seen(purpose: Purpose) -> Purpose:
    """The same, as people see it: a browser may have made another Unicode form of a name."""
    return Purpose(*(as_seen(text) for text in (purpose.tenant, purpose.name, purpose.change)))
