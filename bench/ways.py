# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The ways of checking a fleet: what each is, on how many tenants it is measured, and how one run goes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.figures import NEW, SETTLED, Case, Run, recap
from bench.fleet import Fleet, write_plan
from bench.sandboxes import ROOT, Access, Sandbox

COLLECTION, URI, USUAL, BARE, EMPTY = "collection", "uri", "usual", "bare", "empty"
PLANNED, VERIFIED = "plan", "verify"
WAYS = {
    COLLECTION: "this collection",
    PLANNED: "this collection, `plan`: a document of what a run would do",
    VERIFIED: "this collection, `verify`: a document of how everything stands",
    URI: "`ansible.builtin.uri`",
    USUAL: "this collection, modules started the usual way, no sign-ins as the vendors' users",
    BARE: "bare `requests`",
    EMPTY: "Ansible, one task that does nothing",
}
"""The ways, and what the tables call them."""

PLAYBOOKS = ROOT / "bench" / "playbooks"
ANSIBLE_PLAYBOOK = Path(sys.executable).with_name("ansible-playbook")
AWAY = 150
"""The latency of a tenant that is far away, in milliseconds."""

# Which cases there are

SIZES = (1, 10, 100, 1000)

Largest = dict[tuple[str, int], dict[str, int]]
"""By fleet and latency: the largest number of tenants that a way is measured at. Beyond that it takes longer than anybody wants to wait."""

LARGEST: Largest = {
    (SETTLED, 0): {COLLECTION: 1000, URI: 100, USUAL: 10, BARE: 1000, EMPTY: 1000, PLANNED: 100, VERIFIED: 100},
    (SETTLED, AWAY): {COLLECTION: 100, URI: 10, BARE: 10},
    (NEW, 0): {COLLECTION: 10},
    (NEW, AWAY): {COLLECTION: 1},
}
QUICK: Largest = {
    (SETTLED, 0): {COLLECTION: 10, URI: 1, USUAL: 1, BARE: 10, EMPTY: 10, PLANNED: 10, VERIFIED: 10},
    (SETTLED, AWAY): {COLLECTION: 1},
    (NEW, 0): {COLLECTION: 1},
}
REPETITIONS = 3
ONCE = {(URI, 100, 0), (URI, 10, AWAY), (COLLECTION, 1000, 0), (BARE, 1000, 0), (EMPTY, 1000, 0), (COLLECTION, 100, AWAY)}
"""Way, tenants and latency of what takes so long that once has to do."""


def cases(quick: bool = False, up_to: int = SIZES[-1]) -> list[Case]:
    """What is measured: all of it, or what takes a minute or two; nothing with more than `up_to` tenants."""
    return [
        Case(way, tenants, latency, fleet, 1 if quick or (way, tenants, latency) in ONCE else REPETITIONS)
        for (fleet, latency), largest in (QUICK if quick else LARGEST).items()
        for way, most in largest.items()
        for tenants in SIZES
        if tenants <= min(most, up_to)
    ]


def in_turn(some: Sequence[Case]) -> Iterator[Case]:
    """Each case as often as it is repeated: all once, all a second time, ..., so that no way has the quieter hour."""
    for repetition in range(max((case.repetitions for case in some), default=0)):
        yield from (case for case in some if repetition < case.repetitions)


# One run


class Failed(Exception):
    """A run that didn't do what it should have done; the text says what, and where its output is."""


@dataclass(frozen=True)
class Place:
    """Where a run takes place: a sandbox, the folder of the fleet, and all tenants that it has."""

    sandbox: Sandbox
    fleet: Fleet
    accesses: Sequence[Access]


def run(case: Case, place: Place, name: str) -> Run:
    """Runs a way once and measures it. `name` is that of its output.

    Failed if it didn't work, changed a settled fleet, or made a document in which that isn't in sync.
    """
    accesses = place.accesses[: case.tenants]
    command, environment = _command(case.way, place.fleet, accesses)
    place.sandbox.count_from_nothing()
    result, log = place.fleet.folder / f"{name}.json", place.fleet.folder / f"{name}.log"
    runner = [sys.executable, "-S", str(ROOT / "bench" / "run_one.py"), str(result), str(log), *command]
    subprocess.run(runner, cwd=place.fleet.folder, env=environment, check=True)
    sent, wrote = place.sandbox.requests_of_tenants()
    taken, said = json.loads(result.read_text(encoding="utf-8")), recap(log.read_text(encoding="utf-8"))
    if taken["status"]:
        raise Failed(f"ended with {taken['status']}; see {log}")
    # That the document is written is a change, on the controller.
    changed = max(wrote.values(), default=0) if case.way in DOCUMENTS else said.changed
    if case.way != BARE and (said.hosts != case.tenants or said.failed or (changed and case.fleet == SETTLED)):
        raise Failed(f"{said.hosts} tenants, {said.failed} tasks failed, {changed} changed something; see {log}")
    if case.way in DOCUMENTS:
        _check_document(place.fleet.folder / DOCUMENTS[case.way], case.tenants)
    every = [sent[access["tenant"]] for access in accesses]
    return Run(taken["wall"], taken["cpu"], taken["memory"], (min(every), max(every)), said.tasks, max(wrote.values(), default=0))


def _check_document(path: Path, tenants: int) -> None:
    """Failed where not exactly so many tenants are in sync."""
    counted = json.loads(path.read_text(encoding="utf-8"))["summary"]["tenants"]
    if {state: count for state, count in counted.items() if count} != {"in sync": tenants}:
        raise Failed(f"not all of {tenants} tenants are in sync; see {path}")


def _command(way: str, fleet: Fleet, accesses: Sequence[Access]) -> tuple[list[str], dict[str, str]]:
    """A way's command and its environment."""
    if way == BARE:
        return [sys.executable, str(ROOT / "bench" / "bare.py"), str(write_plan(fleet, accesses))], fleet.environment()
    if way == USUAL:
        # A connection that is not called local: so the actions leave the work to modules, which Ansible packs and starts one by one. Those can't open
        # the vault's files, so nobody signs in as the vendors' users.
        connections = str(ROOT / "tests" / "modules" / "connections")
        apart = fleet.inventory(
            accesses, ansible_connection="over_there", autotask_credentials_folder="nowhere", autotask_handover_folder="nowhere-else"
        )
        return _playbook(apart), fleet.environment(ANSIBLE_CONNECTION_PLUGINS=connections)
    playbooks = {
        COLLECTION: PROVISION,
        PLANNED: "msp.autotask.plan",
        VERIFIED: "msp.autotask.verify",
        URI: str(PLAYBOOKS / "uri.yml"),
        EMPTY: str(PLAYBOOKS / "empty.yml"),
    }
    return _playbook(fleet.inventory(accesses), playbooks[way]), fleet.environment()


PROVISION = "msp.autotask.provision"
DOCUMENTS = {PLANNED: Path("plan", "plan.json"), VERIFIED: Path("plan", "verification.json")}
"""Ways that write a document, and where, in the folder of the fleet."""


def _playbook(inventory: Path, playbook: str = PROVISION) -> list[str]:
    return [str(ANSIBLE_PLAYBOOK), "-i", str(inventory), playbook]


# From nothing to a settled fleet


def settle(place: Place) -> None:
    """Sets up the first tenant as people do it: the tickets are opened, worked off by the sandbox's operator, and what was done is proven."""
    run(Case(COLLECTION, 1, fleet=NEW), place, "ask")
    _operator_works(place)
    run(Case(COLLECTION, 1, fleet=NEW), place, "prove")
    run(Case(COLLECTION, 1), place, "settled")


def _operator_works(place: Place) -> None:
    first = place.accesses[0]
    record = f"{ANSIBLE_PLAYBOOK} -i {place.fleet.inventory([first])} msp.autotask.record_credentials -l {{tenant}} -e autotask_integration={{integration}}"
    command = [sys.executable, "-m", "sandbox.operator", "--once", "--url", first["console_url"], "--user", first["console_user"]]
    command += ["--password", first["console_password"], "--record-command", record]
    with (place.fleet.folder / "operator.log").open("w") as log:
        # The record command finds the tenant's files beside the inventory, and the sandbox's package from the root of the repository.
        environment = place.fleet.environment(ANSIBLE_CONFIG=str(place.fleet.folder / "ansible.cfg"))
        subprocess.run(command, cwd=ROOT, env=environment, stdout=log, stderr=log, check=True)
