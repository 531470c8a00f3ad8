# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Brings a tenant to what its list of integrations asks for: one reading, all integrations, one result. Private to the collection."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from .._appliers import runsheet
from .._appliers.base import ApplierFor, Request
from .._appliers.choose import appliers, by_people
from .._appliers.ticket import desk_of, read_changes
from .._change.model import Change
from .._errors import AutotaskError, InputError, raise_all
from .._rest.rows import contradictory
from .._rest.tenant import levels_and_users
from .._review.item import FAILED, Item, counted, worst
from .entry import Entry, failed
from .hand_in import publish, take_in
from .integration import Integration
from .items import items_of
from .others import Theirs, theirs_of, unseen
from .reading import Reading, read_again, read_all
from .result import ObjectResult
from .retirement import Retirement
from .rotation import Rotation
from .tenant import Tenant
from .unlisted import told, unlisted_of
from .wait import Waiting, vanished, wait_for, waiting_for
from .wanted import Wanted, WantedUser

# Codes of what somebody wrote that this tenant doesn't have: a level to copy, a location.
MISTAKES = ("unknown_source", "not_api_only", "unknown_location")
Work: TypeAlias = "Integration | Retirement | Rotation"
MakeWork = Callable[[Wanted, Tenant, Reading], Work]
Changes = Mapping[str, Sequence[Change]]


def say_that_nothing_is_listed(tenant: Tenant) -> None:
    """For whoever watches a run that has nothing to do."""
    tenant.controller.say(
        f"Nothing is to be set up on {tenant.name}: no integration is listed for it. The playbook provision takes those of autotask_vendors and "
        "autotask_profiles, or one for this run with -e autotask_vendor=..."
    )


def worked_off(wanted: Sequence[Wanted], tenant: Tenant, check_mode: bool) -> Run:
    """What came of a run that ensures that a tenant has what it should have. Raises AutotaskError where the tenant can't be read; what goes wrong with one
    integration is in its entry.
    """
    return _worked_off(wanted, tenant, check_mode, _set_up_or_retire, report=tenant.params["unlisted"] == "report")


def looked_at(wanted: Sequence[Wanted], tenant: Tenant) -> Pass:
    """What a run in check mode sees of a tenant. Raises what `worked_off` raises."""
    return one_pass(wanted, tenant, True, _set_up_or_retire, report=True)


def rotate_all(rotation: str, wanted: Sequence[Wanted], tenant: Tenant, check_mode: bool) -> dict[str, Any]:
    """The result of `autotask_rotation`, for the rotation of this name. Raises what `worked_off` raises."""
    return result_of(_worked_off(wanted, tenant, check_mode, functools.partial(Rotation, rotation), report=False), tenant)


def _worked_off(wanted: Sequence[Wanted], tenant: Tenant, check_mode: bool, make: MakeWork, report: bool) -> Run:
    """One pass, and, where that is asked for, another one once people have worked off its changes."""
    if not check_mode:
        publish(tenant)
    first = one_pass(wanted, tenant, check_mode, make, report)
    run = Run(first.entries, first)
    if first.waiting and tenant.params["wait_minutes"] and not check_mode:
        run = _after_waiting(first, wanted, tenant, make)
    _say_all(tenant, run.entries)
    for known in first.unlisted:
        for line in told(tenant, known):
            tenant.controller.say(line)
    return run


def result_of(run: Run, tenant: Tenant) -> dict[str, Any]:
    """What a module returns of a run."""
    return result_of_all(run.entries, run.first.unlisted, tenant.name)


def _after_waiting(run: Pass, wanted: Sequence[Wanted], tenant: Tenant, make: MakeWork) -> Run:
    """The run once people have worked off the changes of a pass, or had their time. Only what they were waited for is looked at again: so a secret
    that was refused isn't tried twice in a run.
    """
    minutes, interval = tenant.params["wait_minutes"], tenant.params["wait_interval"]
    gone = wait_for(run.waiting, tenant.name, minutes * 60, interval, tenant.controller.say_now).gone
    errors = {change.integration: vanished(change.reference) for change in gone}
    expected = {change.integration: change.reference for _applier, change in run.waiting if change.integration not in errors}
    left = [one for one in wanted if one.integration in expected]
    again = one_pass(left, tenant, False, make, report=False, expected=expected) if left else None
    seconds = {entry["integration"]: entry for entry in again.entries} if again else {}
    entries = []
    for entry in run.entries:
        name = entry["integration"]
        if name in errors:
            entries.append(failed(entry, errors[name]))
        else:
            entries.append(_merged(entry, seconds[name]) if name in seconds else entry)
    return Run(entries, run, again)


def result_of_all(entries: Sequence[Entry], unlisted: Sequence[Mapping[str, Any]] = (), tenant: str = "") -> dict[str, Any]:
    """One result for all entries: failed, with all reasons, where one of them is. Ansible shows a warning without its host, and the same one once: each
    begins with the tenant.
    """
    where = f"{tenant}: " if tenant else ""
    reasons = [f"{entry['integration']}: {entry['msg']}" for entry in entries if entry["state"] == "failed"]
    objects = [known for entry in entries for known in entry["objects"]]
    if reasons:
        # Ansible prints all of a result that failed: what is as wanted would hide what isn't.
        entries = [_in_brief(entry) for entry in entries]
    failure = {"failed": True, "msg": " ".join(dict.fromkeys(reasons)), "code": _code(entries)} if reasons else {}
    return {
        **failure,
        "changed": any(entry["changed"] for entry in entries),
        "pending": any(entry["pending"] for entry in entries),
        "integrations": list(entries),
        "unlisted": list(unlisted),
        "diff": [
            {**known["diff"], "before_header": known["subject"], "after_header": known["subject"]}
            for known in objects
            if known["diff"]["after"]
        ],
        "warnings": [
            *(f"{where}{entry['integration']}: {entry['refused']}" for entry in entries if entry["refused"]),
            *(f"{where}{warning}" for known in objects for warning in known["warnings"]),
        ],
    }


def _in_brief(entry: Entry) -> Entry:
    """The entry without how each of its values is known, what was said of it, and, in each of its objects, all of a change but its name."""
    objects: list[ObjectResult] = [{**known, "evidence": {}, "change": _named(known["change"])} for known in entry["objects"]]
    access = entry["access"] if entry["state"] == "failed" else {}
    return {**entry, "objects": objects, "access": access, "sources": [], "messages": []}


def _named(change: Mapping[str, Any]) -> dict[str, Any]:
    return {name: change[name] for name in ("reference", "number") if name in change}


def _say_all(tenant: Tenant, entries: Sequence[Entry]) -> None:
    """Show what somebody who watches the run should know: last of all who waits for what, where it lies, and what is to be done next."""
    for entry in entries:
        for line in entry["messages"]:
            tenant.say(line)
    for entry in entries:
        if line := _ending(entry):
            tenant.say(f"{entry['integration']}: {line}")


def _ending(entry: Entry) -> str:
    """How an integration stands at the end of a run, in a sentence or two; empty where there is nothing new."""
    if entry["state"] == "failed":
        return f"failed. {entry['msg']}"
    change = entry["change"]
    if entry["state"] == "pending" and change:
        left = len(change["steps_open"])
        where = f"{change['reference']}{' (' + change['url'] + ')' if change['url'] else ''}"
        whose = f", which {change['assignee']} has" if change["assignee"] else ""
        return f"{left} of {change['steps_total']} steps wait for people in {where}{whose}. Once they are ticked off, run this again."
    if entry["state"] == "done" and entry["changed"]:
        paths = {"handed over, encrypted, in": entry["handover"], "what is left for people to do is in": entry["manual_steps"]}
        return "; ".join(["done", *(f"{words} {part['path']}" for words, part in paths.items() if part.get("path"))]) + "."
    return ""


def _code(entries: Sequence[Entry]) -> str:
    codes = {entry["code"] for entry in entries if entry["state"] == "failed"}
    return codes.pop() if len(codes) == 1 else "several"


def _merged(first: Entry, second: Entry) -> Entry:
    """What came of an integration after people had worked off its change; that something was changed before stays."""
    for known in second["objects"]:
        before = next((one for one in first["objects"] if one["subject"] == known["subject"]), None)
        if before and before["changed"]:
            known["changed"] = True
            known["diff"] = known["diff"] if known["diff"]["after"] else before["diff"]
    return {**second, "changed": first["changed"] or second["changed"]}


@dataclass(frozen=True)
class Pass:
    """What came of one pass over a tenant: the entries, what is unlisted, the changes that wait for people, and what that was made of.

    `tickets` are the changes that are kept in tickets; None where nothing is read.
    """

    entries: Sequence[Entry]
    unlisted: Sequence[dict[str, Any]]
    waiting: Sequence[Waiting]
    works: Sequence[Work]
    reading: Reading
    others: Sequence[Theirs]
    items: Mapping[str, Sequence[Item]]
    tickets: Changes | None


@dataclass(frozen=True)
class Run:
    """What came of a run: its entries, and its passes, the second one after people had worked off the changes of the first."""

    entries: Sequence[Entry]
    first: Pass
    second: Pass | None = None


def one_pass(
    wanted: Sequence[Wanted],
    tenant: Tenant,
    check_mode: bool,
    make: MakeWork,
    report: bool,
    expected: Mapping[str, str] = MappingProxyType({}),
) -> Pass:
    """Read the tenant, plan, write, and read again what was written. Raises InputError where the tenant doesn't have what is to be copied.

    `report` says that what is set up and not listed is told, `expected` are references of changes that have to be there, by integration.
    """
    present = [one for one in wanted if one.state == "present"]
    reading = read_all(
        tenant.client,
        company=any(one.needs_company for one in wanted),
        levels=[level.name for one in present for level in one.levels],
        users=[(user.first_name, user.last_name) for one in present for user in one.users],
    )
    tenant = tenant.reached()
    works = [make(one, tenant, reading) for one in wanted]
    _take_in(works, tenant, reading, check_mode)
    for work in works:
        _attempt(work, work.prepare)
    if not expected:
        raise_all(_mistakes(works))
    tickets = _tickets(tenant, reading)
    unlisted: list[dict[str, Any]] = []
    others: Sequence[Theirs] = ()
    with ExitStack() as stack:
        way = functools.cache(lambda name: stack.enter_context(appliers(name, tenant.how(reading))))
        others = _others(works, tenant, reading, tickets)
        confirm = functools.cache(functools.partial(_confirm, works, tenant, reading, others))
        for work in works:
            work.confirm = confirm
            work.others = [one for one in others if one.integration != work.wanted.integration]
            if work.error is None:
                _attempt(work, functools.partial(_settle, work, tenant, way, tickets, _only_planned(work, check_mode), expected))
        _finish([work for work in works if not _only_planned(work, check_mode)], tenant, reading)
        if tickets is not None and report:
            listed = [one.integration for one in wanted]
            unlisted = unlisted_of(tenant, reading, tickets, listed, way(by_people(tenant.params["apply_via"])))
    _see_again([work for work in works if not _only_planned(work, check_mode)], tenant)
    entries = [work.entry(_only_planned(work, check_mode)) for work in works]
    told = [_unchanged(entry) if work.wanted.only_reported else entry for work, entry in zip(works, entries, strict=True)]
    items = {
        work.wanted.integration: list(items_of(work, not _only_planned(work, check_mode)))
        for work in works
        if isinstance(work, Integration)
    }
    told = [_standing(entry, items.get(entry["integration"], ())) for entry in told]
    return Pass(told, unlisted, _waiting(works), works, reading, others, items, tickets)


def _standing(entry: Entry, items: Sequence[Item]) -> Entry:
    """The entry with how its integration stands, as its items say."""
    if not items:
        return entry
    standing = FAILED if entry["state"] == "failed" else worst(item.state for item in items)
    return {**entry, "standing": standing, "counts": counted({"state": item.state} for item in items)}


def _only_planned(work: Work, check_mode: bool) -> bool:
    """Whether nothing is to be written for an integration: in check mode, and where a run may only report."""
    return check_mode or work.wanted.only_reported


def _unchanged(entry: Entry) -> Entry:
    """The entry of an integration that a run only reports: nothing of it was changed, nor would be."""
    objects: list[ObjectResult] = [{**known, "changed": False} for known in entry["objects"]]
    return {**entry, "changed": False, "objects": objects}


def _take_in(works: Sequence[Work], tenant: Tenant, reading: Reading, check_mode: bool) -> None:
    """What people have handed in is taken before anybody asks what is recorded. The changes are read once for all integrations that wait for some."""
    tickets = functools.cache(lambda: _tickets(tenant, reading) or {})
    for work in works:
        _attempt(work, functools.partial(_take_in_one, work, tenant, reading, tickets, _only_planned(work, check_mode)))


def _take_in_one(work: Work, tenant: Tenant, reading: Reading, tickets: Callable[[], Changes], check_mode: bool) -> None:
    users = _awaited(work, tenant)
    if not users or isinstance(work, Retirement) or work.apply_via == "console":
        return
    name = work.wanted.integration
    if work.apply_via == "ticket":
        changes = tickets().get(name, [])
    else:
        changes = runsheet.RunsheetKeeper(tenant.how(reading), Request(name, runsheet=work.wanted.runsheet)).changes()
    work.taken = take_in(tenant, reading, work.wanted, users, changes, work.apply_via, work.awaits, check_mode)


def _awaited(work: Work, tenant: Tenant) -> list[WantedUser]:
    """The users whose credentials people are to hand in."""
    return work.awaited if tenant.hand_in and not isinstance(work, Retirement) else []


def _set_up_or_retire(wanted: Wanted, tenant: Tenant, reading: Reading) -> Work:
    return Retirement(wanted, tenant, reading) if wanted.state == "absent" else Integration(wanted, tenant, reading)


def _mistakes(works: Sequence[Work]) -> Iterator[InputError]:
    """What is wrong with what is wanted, and shows only once the tenant is read: like all else that is wrong there it stops the run before anything is
    written.
    """
    for work in works:
        for error in work.error.errors if isinstance(work.error, InputError) else ():
            if error.code in MISTAKES:
                yield error.below(("integrations", work.wanted.integration))


def _attempt(work: Work, do: Callable[[], None]) -> None:
    """What goes wrong with one integration doesn't keep its neighbours from being dealt with."""
    try:
        do()
    except AutotaskError as error:
        work.error = error


def _settle(
    work: Work, tenant: Tenant, way: Callable[[str], ApplierFor], tickets: Changes | None, check_mode: bool, expected: Mapping[str, str]
) -> None:
    name = work.wanted.integration
    changes = tickets.get(name, []) if tickets is not None and work.apply_via == "ticket" else None
    request = Request(
        name,
        notes=lambda: work.notes,
        blast_radius=lambda: work.blast_radius,
        known=changes,
        expected=expected.get(name, ""),
        purpose=work.purpose,
        runsheet=work.wanted.runsheet,
        vendor=work.wanted.vendor if work.wanted.profile else "",
        hand_in=tenant.hand_in if _awaited(work, tenant) else "",
        guides=(work.wanted.profile or {}).get("guides", []),
    )
    # Without credentials there are no tickets to look at; what is only planned is planned from nothing then.
    name_of_way = "runsheet" if check_mode and tenant.client is None and work.apply_via == "ticket" else work.apply_via
    work.settle(way(name_of_way)(request), check_mode)


def _tickets(tenant: Tenant, reading: Reading) -> Changes | None:
    """The changes of all integrations that are kept in tickets, after all else was read, so that they are fresh when they are written to. Those that a
    run isn't about say what it must not touch.
    """
    return read_changes(desk_of(tenant.how(reading), tenant.client)) if tenant.client else None


def _others(works: Sequence[Work], tenant: Tenant, reading: Reading, tickets: Changes | None) -> list[Theirs]:
    """What on the tenant is another integration's than those that are to be there, by tickets, run sheets and what is recorded."""
    names = {work.wanted.integration for work in works if work.wanted.state == "present"}
    changes = {name: known for name, known in (tickets or {}).items() if name not in names}
    for name, sheets in runsheet.read_changes(tenant.how(reading), names).items():
        changes[name] = [*changes.get(name, []), *sheets]
    own = {name for work in works for name in (work.wanted.integration, *(user.record_as for user in work.wanted.users))}
    return theirs_of(changes, reading.observed, tenant.store, own)


def _confirm(works: Sequence[Work], tenant: Tenant, reading: Reading, others: Sequence[Theirs]) -> None:
    """Look a second time, and another way, at what is another integration's, before anything is written. Raises Contradictory where there is more of it."""
    if tenant.client is None:
        return
    again = read_again(reading, tenant.client)
    tickets = read_changes(desk_of(tenant.how(again), tenant.client), again=True)
    if more := unseen(others, _others(works, tenant, again, tickets)):
        raise contradictory(more)


def _finish(works: Sequence[Work], tenant: Tenant, reading: Reading) -> None:
    """Close what is finished, read what was written, all of it at once, and let each applier tidy up its own."""
    written = [work for work in works if any(outcome.changed for outcome in work.settled.outcomes)]
    for work in written:
        _attempt(work, functools.partial(_close_one, work))
    in_tickets = [work.wanted.integration for work in written if work.apply_via == "ticket"]
    now = None
    if tenant.client and in_tickets:
        now = read_changes(desk_of(tenant.how(reading), tenant.client), in_tickets)
    for work in written:
        _attempt(work, functools.partial(_finish_one, work, now))


def _close_one(work: Work) -> None:
    if work.applier:
        work.settled = work.applier.close(work.settled)


def _finish_one(work: Work, now: Changes | None) -> None:
    changes = now.get(work.wanted.integration, []) if now is not None and work.apply_via == "ticket" else None
    if work.applier:
        work.settled = work.applier.finish(work.settled, changes)


def _see_again(works: Sequence[Work], tenant: Tenant) -> None:
    """What a browser has made can be signed in with at once."""
    made = [
        work
        for work in works
        if isinstance(work, Integration) and work.apply_via == "console" and any(outcome.changed for outcome in work.settled.outcomes)
    ]
    if made:
        observed = levels_and_users(tenant.client) if tenant.client else None
        for work in made:
            _attempt(work, functools.partial(work.see_again, observed))


def _waiting(works: Sequence[Work]) -> list[Waiting]:
    """The changes that can be waited for: none where the run itself couldn't sign in any more once they are worked off."""
    if any(isinstance(work, Rotation) and work.ends_the_run for work in works):
        return []
    return [
        one for work in works if work.applier and not work.wanted.only_reported for one in waiting_for(work.applier, _open_changes(work))
    ]


def _open_changes(work: Work) -> list[Change]:
    """The changes of an integration that its things wait for."""
    found = {outcome.change.number: outcome.change for outcome in work.settled.outcomes if outcome.change and outcome.decision.pending}
    return list(found.values())
