# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs that are disturbed at one request, or from one on, and what must be so afterwards."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from sandbox import snapshots
from sandbox.snapshots import Snapshot
from tests.trust import SAME

from .running import House, Result, profile

KEY, OTHER = "tinsel", "wicker"
"""The integration that runs are about, and the one that is set up beside it and must not be touched."""

ONCE = (
    *("302", "400", "401", "403", "404", "429", "500", "502", "+500", "+502"),
    *("drop", "+drop", "hang", "+hang", "truncate", "drip=60000", "missing_row", "missing_row=1", "no_rows", "foreign_page", "late=3"),
    *(f"200={body}" for body in ("empty", "object", "no_items", "no_item", "list", "other", "rows", "infinity", "deep", "broken")),
    *(f"200={body}" for body in ("text", "html", "not_utf8", "huge")),
    *(f"+200={body}" for body in ("empty", "object", "no_item", "other", "html")),
)
"""What happens to one request."""

LASTING = (
    "401",
    "403",
    "429",
    "500",
    "502",
    "drop",
    "+drop",
    "hang",
    "missing_row",
    "missing_row=1",
    "no_rows",
    "200=object",
    "200=no_items",
    "200=no_item",
    "200=html",
)
"""What happens to a request and all after it."""

HELD = ("pause", "+pause")
"""A run is held at a request, before its work or before its answer, while another run goes through."""

KINDS = (*ONCE, *(f"{action} on" for action in LASTING), *HELD)
"""Every kind of fault, as it is written; `500 on` lasts."""


TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(Z|[+]00:00)?"
"""A time as the sandbox stores it, or a run sends it."""


@dataclass(frozen=True)
class Scene:
    """A moment in the life of an integration, and the run that is disturbed then. `settled`: nobody is to be asked for anything by it."""

    before: Callable[[House], Any]
    run: Callable[[House], Result]
    settled: bool = False


def _listed(house: House) -> Result:
    return house.ensure(profile(KEY), profile(OTHER))


def _asked(house: House) -> None:
    _listed(house)
    house.work()


def _set_up(house: House) -> None:
    house.set_up(profile(KEY), profile(OTHER))


def _rotate(house: House) -> Result:
    house.want(profile(KEY))
    return house.rotate()


def _rotated(house: House) -> None:
    _set_up(house)
    _rotate(house)
    house.work()


def _retire(house: House) -> Result:
    return house.ensure({"profile": profile(KEY), "state": "absent"}, profile(OTHER))


def _retired(house: House) -> None:
    _set_up(house)
    _retire(house)
    house.work()


SCENES = {
    "provision, first": Scene(lambda _house: None, _listed),
    "provision, waiting": Scene(_listed, _listed),
    "provision, worked": Scene(_asked, _listed, settled=True),
    "provision, in sync": Scene(_set_up, _listed, settled=True),
    "rotate, first": Scene(_set_up, _rotate),
    "rotate, worked": Scene(_rotated, _rotate, settled=True),
    "retire, first": Scene(_set_up, _retire),
    "retire, worked": Scene(_retired, _retire, settled=True),
}


@dataclass(frozen=True)
class Moment:
    """A tenant, and the folder of whoever looks after it, at some moment."""

    snapshot: Snapshot
    files: Mapping[str, bytes]

    @classmethod
    def of(cls, house: House) -> Moment:
        """As it is now."""
        return cls(snapshots.take(house.store, house.employee.tenant), house.files())

    def again(self, house: House) -> None:
        """Everything is as it was then; what zone the tenant is in has to be asked again."""
        snapshots.restore(house.store, self.snapshot)
        for path in list(house.folder.iterdir()):
            shutil.rmtree(path)
        for name, content in self.files.items():
            (house.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (house.folder / name).write_bytes(content)
        house.employee.notepad.clear()
        house.employee.stuck.clear()


@dataclass(frozen=True)
class Stage:
    """A scene that is set: how it is before the run, what the run leaves in this machine's cache, how it all ends where nothing happens, and how many
    requests the run takes. `fine` are the states from which all was seen to go on as it should: a run knows nothing but the
    tenant and its files, so that what was seen once needn't be seen for every kind of fault that leads there.
    """

    scene: Scene
    before: Moment
    cached: Mapping[str, bytes]
    end: Mapping[str, Any]
    requests: int
    fine: set[str] = field(default_factory=set)


@dataclass
class Broken(Exception):
    """Something that must hold doesn't."""

    text: str
    hits: list[dict[str, Any]] = field(default_factory=list)

    def __str__(self) -> str:
        return self.text


def stage_of(house: House, empty: Moment, scene: Scene) -> Stage:
    """Sets a scene, and looks at what its run does and how it all ends where nothing happens."""
    empty.again(house)
    house.set_up(profile(OTHER))
    scene.before(house)
    before = Moment.of(house)
    before.again(house)
    passed = house.requests().total()
    result = scene.run(house)
    assert not result.get("failed"), result
    requests, cached = house.requests().total() - passed, house.cached()
    while result["pending"]:
        house.work()
        result = scene.run(house)
        assert not result.get("failed"), result
    return Stage(scene, before, cached, _end(house), requests)


def disturb(house: House, stage: Stage, kind: str, position: int) -> str:
    """Disturbs the run of a scene at a request; returns how it came out. Raises Broken where something doesn't hold then, or afterwards."""
    stage.before.again(house)
    other, working = _all_of(house, OTHER), _recorded(house)
    action, _space, on = kind.partition(" ")
    fault = house.fault(f"{action}@{house.tenant.slug}:*#{position}-{'' if on else position}")
    try:
        result = _held(house, stage.scene, fault) if kind in HELD else stage.scene.run(house)
        _check_result(result, "the disturbed run")
        if not house.hits():
            raise Broken("the fault has hit nothing")
        if stage.scene.settled and (asked := _open(house)):
            raise Broken(f"{asked} steps are asked for again")
    except Broken as broken:
        broken.hits = house.hits()
        raise
    finally:
        hits = house.hits()
        house.no_faults()
    try:
        if not (result.get("failed") or result["pending"]):
            _check_claim(house, stage)
        _check_end(house, stage, other, working)
    except Broken as broken:
        broken.hits = hits
        raise
    return _outcome(result)


BEYOND = 10**6
"""No run has so many requests."""


def interleave(house: House, stage: Stage, second: Callable[[House], Result], at: int, back: int | None = None) -> str:
    """A run of a scene waits before its nth request while a second run goes through; or, with `back`, goes on to its end while the second one waits before
    its own nth request. Returns how the first one came out. Raises Broken where something doesn't hold then, or afterwards.
    """
    stage.before.again(house)
    other, working = _all_of(house, OTHER), _recorded(house)
    with ThreadPoolExecutor() as pool:
        try:
            fault, first = _started(house, pool, stage.scene.run, at)
            _fault, then = _started(house, pool, second, back or BEYOND)
            if then.done():
                house.no_faults()
            else:
                house.release(fault)
            result = first.result(60)
        finally:
            # Whoever waits goes on.
            house.no_faults()
        for name, came in (("the first run", result), ("the second run", then.result(60))):
            _check_result(came, name)
    _check_end(house, stage, other, working)
    return _outcome(result)


def _started(house: House, pool: ThreadPoolExecutor, run: Callable[[House], Result], at: int) -> tuple[int, Future[Result]]:
    """A run that waits before its nth request, or has ended before that; and the fault that it waits at."""
    fault = house.fault(f"pause@{house.tenant.slug}:*#{at}-{at}")
    running = pool.submit(run, house)
    while not running.done() and not house.waits(fault):
        wait([running], timeout=0.01)
    return fault, running


def kill(house: House, stage: Stage, dying: AbstractContextManager[None]) -> str:
    """The process of a run dies in a block of `dying`. Returns how that came out. Raises Broken where something doesn't hold afterwards."""
    stage.before.again(house)
    other, working = _all_of(house, OTHER), _recorded(house)
    with dying:
        stage.scene.run(house)
    _check_end(house, stage, other, working)
    return SAME


def _outcome(result: Mapping[str, Any]) -> str:
    return str(result["code"]) if result.get("failed") else SAME


def _check_end(house: House, stage: Stage, other: Any, working: Mapping[str, Mapping[str, Any]]) -> None:
    """Raises Broken unless all goes on from here as if nothing had happened; `other` and `working` are what there was before."""
    if (state := _state(house, stage)) in stage.fine:
        return
    _check_secrets(house, working)
    again = stage.scene.run(house)
    _check_result(again, "the run after it")
    if again.get("code") == "refused_before":
        # Nothing was sent. Who knows that the right ones are given removes what is kept, as the message says.
        for memory in house.folder.rglob("*.refused-sign-in.json"):
            memory.unlink()
        again = stage.scene.run(house)
        _check_result(again, "the run after that")
    if again.get("failed"):
        raise Broken(f"the run after it fails, too: {again.get('code')}: {again.get('msg')}")
    if stage.scene.settled and (asked := _open(house)):
        raise Broken(f"the run after it asks for {asked} steps again")
    _finish(house, stage, again)
    if other != _all_of(house, OTHER):
        raise Broken(f"something of {OTHER} is not as it was")
    stage.fine.add(state)


def _check_claim(house: House, stage: Stage) -> None:
    """What a run says is done is done, on the tenant and here. That a ticket is left open is no harm: that an answer left it out can't be told from the
    answer, and the next run closes it.
    """
    end = _end(house)
    if wrong := [part for part in end if part not in ("tickets", "steps") and end[part] != stage.end[part]]:
        raise Broken(f"it says that all is well, and something else holds of {', '.join(wrong)}")


def _state(house: House, stage: Stage) -> str:
    """All that a run could know, but for the time of day: the tenant, what files hold, and what is in this machine's cache."""
    now = Moment.of(house)
    # What is encrypted reads otherwise each time that it is written.
    files = {name: "" if content == stage.before.files.get(name) else house.opened(name) for name, content in now.files.items()}
    cached = {} if (cached := house.cached()) == stage.cached else cached
    rows = re.sub(TIME, "", json.dumps(now.snapshot.rows, sort_keys=True, default=str))
    return hashlib.sha256(repr((rows, sorted(files.items()), cached)).encode()).hexdigest()


def _held(house: House, scene: Scene, fault: int) -> Result:
    """The result of a run that waits at a fault until another one has gone through."""
    with ThreadPoolExecutor() as pool:
        held = pool.submit(scene.run, house)
        house.waiting(fault)
        try:
            _check_result(scene.run(house), "the other run")
        finally:
            house.release(fault)
        return held.result(60)


def _finish(house: House, stage: Stage, result: Result) -> None:
    """People do what they are asked for, until all is as it is where nothing happens. Raises Broken where that doesn't come."""
    for _round in range(4):
        if not result["pending"] and _end(house) == stage.end:
            return
        house.work()
        result = stage.scene.run(house)
        _check_result(result, "a run after people worked")
        if result.get("failed"):
            raise Broken(f"a run after people worked fails: {result.get('code')}: {result.get('msg')}")
    if not result["pending"]:
        end = _end(house)
        raise Broken(
            f"it ends otherwise: {'; '.join(f'{part}: {end[part]} instead of {stage.end[part]}' for part in end if end[part] != stage.end[part])}"
        )
    left = [step["text"] for entry in result["integrations"] for known in entry["objects"] for step in known["plan"]]
    raise Broken(f"it never ends: {left}, {house.employee.stuck}, {[entry['state'] for entry in result['integrations']]}")


def _check_result(result: Mapping[str, Any], what: str) -> None:
    for code, text in codes(result):
        if code == "bug":
            raise Broken(f"{what} ends as a bug: {text}")
        if code == "error":
            raise Broken(f"{what} ends in an error without a code: {text}")


def codes(result: Any) -> Iterator[tuple[str, str]]:
    """Every code in a result, with its text."""
    if isinstance(result, Mapping):
        if "code" in result and "msg" in result:
            yield str(result["code"]), str(result["msg"])
        for value in result.values():
            yield from codes(value)
    elif isinstance(result, list):
        for value in result:
            yield from codes(value)


def _open(house: House) -> int:
    return sum(not done for _text, done in house.steps(KEY))


def _recorded(house: House) -> dict[str, Mapping[str, Any]]:
    """The recorded credentials that sign in."""
    found = {name: house.kept(name) for name in (KEY, f"{KEY}.previous", OTHER)}
    return {name: kept for name, kept in found.items() if kept and house.signs_in(kept)}


def _check_secrets(house: House, working: Mapping[str, Mapping[str, Any]]) -> None:
    """No secret that works is lost, unless its user was retired."""
    kept = {str((house.kept(name) or {}).get("secret")) for name in (KEY, f"{KEY}.previous", OTHER)}
    for name, recorded in working.items():
        if house.signs_in(recorded) and recorded["secret"] not in kept:
            raise Broken(f"the secret of {name} is lost")


def _all_of(house: House, key: str) -> Any:
    """All that there is of an integration."""
    tickets = house.tickets(key)
    ids = [ticket["id"] for ticket in tickets]
    tenant = house.employee.tenant.id
    below = [
        record
        for entity in ("TicketChecklistItems", "TicketNotes")
        for record in house.store.query(tenant, entity)
        if record["ticketID"] in ids
    ]
    level = house.level(f"{key.capitalize()} API")
    users = [user for user in house.store.api_users(tenant) if user.name == f"{key.capitalize()} API"]
    return tickets, below, level, users, house.kept(key), house.kept(key, "handover")


def _end(house: House) -> dict[str, Any]:
    """What must be the same, however it came to be."""
    tickets = house.tickets(KEY)
    recorded, handed = house.kept(KEY), house.kept(KEY, "handover")
    return {
        "tickets": [(ticket["title"], ticket["externalID"], ticket["status"]) for ticket in tickets],
        "steps": house.steps(KEY),
        "users": [(user.name, user.active) for user in house.store.api_users(house.employee.tenant.id)],
        "levels": {level.name: (level.active, dict(level.cells)) for level in house.levels() if not level.system},
        "files": sorted(house.files()),
        "credentials": bool(recorded and house.signs_in(recorded)),
        "handed over": bool(recorded and handed and handed["fields"]["Secret"] == recorded["secret"]),
    }
