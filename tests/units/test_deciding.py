# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is done next with one object of a change: the run that asks, those that wait, the one that attests, and all that can go wrong between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._change.decide import Decision, Knowledge, Planner, decide
from ansible_collections.msp.autotask.plugins.module_utils._change.model import Change, Document, Kind, Line, Record, positions
from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError
from ansible_collections.msp.autotask.plugins.module_utils._plan.step import Step

KIND, NAME = Kind.LEVEL, "Example API"
SUBJECT = KIND.subject(NAME)
OLD = {"tickets": "None", "notes": "None"}
NEW = {"tickets": "All", "notes": "All"}


def sentence(fact: str, value: str) -> str:
    return f"Level: set {fact} to {value}."


ALL = [sentence("tickets", "All"), sentence("notes", "All")]


def planner(wanted: Mapping[str, str], drifted: Collection[str] = (), seen: Collection[str] = ()) -> Planner:
    """Plans a step for each fact that isn't known or `seen` to be as wanted, or is seen to be otherwise whatever was attested."""

    def plan(attested: Document | None, _begun: Record | None = None) -> Knowledge:
        known = attested or {}
        facts = [fact for fact, value in wanted.items() if (known.get(fact) != value and fact not in seen) or fact in drifted]
        return Knowledge([Step("level", "set", fact, sentence(fact, wanted[fact])) for fact in facts], known, read=set(wanted) <= set(seen))

    return plan


def change(
    number: int = 1,
    document: Mapping[str, str] | None = None,
    steps: Sequence[str] | None = None,
    ticked: Collection[str] = (),
    *,
    attested: bool = False,
    closed: bool = False,
    missing: Collection[str] = (),
    kind: Kind = KIND,
    name: str = NAME,
) -> Change:
    """A change of one object; `missing` are steps that aren't on its list."""
    steps = ALL if steps is None else steps
    record = Record(kind, name, dict(NEW if document is None else document), tuple(steps), attested)
    empty = Change("example", number, f"T{number}", not closed, records={record.subject: record})
    places = zip(steps, positions(empty, record), strict=True)
    lines = tuple(Line(place, text, text in ticked, place) for text, place in places if text not in missing)
    return replace(empty, lines=lines)


def decided(
    changes: Sequence[Change],
    wanted: Mapping[str, str] | None = None,
    drifted: Collection[str] = (),
    capacity: int | None = 40,
    seen: Collection[str] = (),
) -> Decision:
    """The decision on the level as it is wanted."""
    wanted = NEW if wanted is None else wanted
    return decide(changes, KIND, NAME, dict(wanted), planner(wanted, drifted, seen), capacity)


@dataclass
class Case:
    """What there is, what is wanted, and what is decided: what to do, the steps that are asked for, and the number of the change that takes them."""

    do: str
    lines: Sequence[str] = ()
    target: int | None = None
    changes: Sequence[Change] = ()
    wanted: Mapping[str, str] | None = None
    drifted: Collection[str] = ()
    pending: bool = False
    seen: Collection[str] = ()


DONE = change(ticked=ALL, attested=True, closed=True)
OPEN_FOR_ANOTHER = change(name="Another API")
HALF = ALL[:1]
MORE = {**NEW, "time": "All"}
CASES = {
    # The life of a change.
    "the first run asks for everything": Case("request", ALL, None, pending=True),
    "before anybody has worked it waits": Case("wait", [], 1, [change()], pending=True),
    "with some steps ticked it waits for the rest": Case("wait", [], 1, [change(ticked=HALF)], pending=True),
    "where some of it is seen to be done it waits for what was asked": Case("wait", [], 1, [change()], pending=True, seen=["tickets"]),
    "where all of it is seen to be done nobody has to do it": Case("request", [], 1, [change(ticked=HALF)], seen=list(NEW)),
    "with all steps ticked it attests": Case("attest", [], 1, [change(ticked=ALL)]),
    "a step that was ticked without an effect is asked for again": Case("request", HALF, 1, [change(ticked=ALL)], None, ["tickets"], True),
    "every later run does nothing": Case("nothing", [], 1, [DONE]),
    "what has drifted is asked for in a new change": Case("request", HALF, None, [DONE], None, ["tickets"], True),
    "of a document that has grown the difference is asked for": Case("request", [sentence("time", "All")], None, [DONE], MORE, (), True),
    "of a document that has shrunk nothing is asked for": Case("nothing", [], 1, [DONE], {"tickets": "All"}),
    # A run that stopped half-way.
    "steps that never came onto the list are added": Case("resume", [], 1, [change(missing=ALL)], pending=True),
    "a step that somebody took off the list is added": Case("resume", [], 1, [change(missing=ALL[1:])], pending=True),
    "a change that was closed too early is resumed": Case("resume", [], 1, [change(ticked=HALF, closed=True)], pending=True),
    "a change that was closed too early, and is seen to be done, is attested": Case(
        "attest", [], 1, [change(ticked=HALF, closed=True)], seen=list(NEW)
    ),
    "one that was closed before anything was attested is attested": Case("attest", [], 1, [change(ticked=ALL, closed=True)]),
    "one that was attested and not closed yet needs no step": Case("nothing", [], 1, [change(ticked=ALL, attested=True)]),
    "what drifts before it is closed goes to the same change": Case(
        "request", HALF, 1, [change(ticked=ALL, attested=True)], None, ["tickets"], True
    ),
    "what was attested stays so, whatever tick is taken back": Case("nothing", [], 1, [change(ticked=HALF, attested=True, closed=True)]),
    # Another document than the one that was asked for.
    "before anybody has worked, the new steps take the place of the old ones": Case(
        "request", [*ALL, sentence("time", "All")], 1, [change()], MORE, (), True
    ),
    "before anybody has worked, what was attested earlier still holds": Case(
        "request", [sentence("time", "All")], 2, [DONE, change(2, OLD, [sentence("tickets", "None")])], MORE, (), True
    ),
    "what is half-done leaves a state that nobody knows": Case(
        "request", [*ALL, sentence("time", "All")], 2, [DONE, change(2, OLD, ALL, HALF)], MORE, (), True
    ),
    "what was worked off and not attested leaves one, too": Case(
        "request", [*ALL, sentence("time", "All")], 1, [change(ticked=ALL)], MORE, (), True
    ),
    "a document that was turned back withdraws the steps": Case("request", [], 2, [DONE, change(2, OLD, ["Level: set tickets to None."])]),
    "one that is turned back after the ticket was closed asks in a new change": Case(
        "request", ALL, None, [DONE, change(2, OLD, ALL, HALF, closed=True)], pending=True
    ),
    "what is asked for last is not put into an older change, where nobody would look for it": Case(
        "request", ALL, None, [OPEN_FOR_ANOTHER, change(2, OLD, ALL, ALL, closed=True)], pending=True
    ),
    "what has drifted isn't either": Case("request", HALF, None, [OPEN_FOR_ANOTHER, replace(DONE, number=2)], None, ["tickets"], True),
    "a newer change that is open for another object takes it": Case(
        "request", HALF, 3, [DONE, replace(OPEN_FOR_ANOTHER, number=3)], None, ["tickets"], True
    ),
    "the newest change counts": Case("wait", [], 2, [DONE, change(2, steps=HALF)], pending=True),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_is_done_next(case: Case) -> None:
    decision = decided(case.changes, case.wanted or NEW, case.drifted, seen=case.seen)
    assert (decision.do, [line.text for line in decision.lines]) == (case.do, list(case.lines))
    assert (decision.change.number if decision.change else None) == case.target
    assert decision.pending is case.pending
    assert decision.writes is (case.do in ("request", "resume", "attest"))


def test_what_nobody_has_read_waits_for_whoever_attests_it() -> None:
    assert decide([change(ticked=HALF)], KIND, NAME, NEW, lambda _attested, _begun=None: Knowledge([]), 40).do == "wait"


def test_what_was_attested_is_the_base_of_the_plan() -> None:
    given: list[Document | None] = []

    def plan(attested: Document | None, _begun: Record | None = None) -> Knowledge:
        given.append(attested)
        return planner(MORE)(attested)

    decide([DONE], KIND, NAME, MORE, plan, 40)
    decide([DONE, change(2, OLD, ALL, HALF)], KIND, NAME, MORE, plan, 40)
    assert given == [NEW, None]


def test_the_order_of_a_documents_keys_says_nothing() -> None:
    assert decided([DONE], dict(reversed(NEW.items()))).do == "nothing"


def test_another_object_of_the_integration_is_not_taken_for_it() -> None:
    for other in (change(kind=Kind.API_USER, ticked=ALL, attested=True), change(name="Another API", ticked=ALL, attested=True)):
        assert decided([other]).do == "request"


class TestRoom:
    """Where lines go."""

    USER = change(1, steps=[f"API user: step {number}." for number in range(38)], kind=Kind.API_USER, name="Example API")

    def target(self, changes: Sequence[Change], capacity: int | None) -> int | None:
        decision = decided(changes, capacity=capacity)
        assert decision.do == "request" and len(decision.lines) == 2
        return decision.change.number if decision.change else None

    def test_a_new_object_goes_to_an_open_change_that_has_room(self) -> None:
        assert self.target([self.USER], 40) == 1

    def test_where_there_is_no_room_it_gets_a_change_of_its_own(self) -> None:
        assert self.target([self.USER], 39) is None

    def test_without_a_limit_there_is_always_room(self) -> None:
        assert self.target([self.USER], None) == 1

    def test_a_closed_change_takes_nothing_new(self) -> None:
        assert self.target([replace(self.USER, open=False)], 40) is None

    def test_the_newest_open_change_is_taken_first(self) -> None:
        assert self.target([self.USER, replace(self.USER, number=2)], 40) == 2

    def test_its_own_lines_make_room_for_what_takes_their_place(self) -> None:
        ours = change(ticked=ALL)
        decision = decided([ours], drifted=["tickets", "notes"], capacity=2)
        assert decision.change == ours and [line.text for line in decision.lines] == ALL

    def test_a_change_that_it_has_to_stay_in_and_has_no_room_is_an_error(self) -> None:
        ours = change(ticked=ALL)
        others = tuple(Line(100 + number, f"Another step {number}.", False, 2001 + number) for number in range(39))
        with pytest.raises(AutotaskError, match=r"T1 cannot take 2 more steps") as caught:
            decided([replace(ours, lines=(*ours.lines, *others))], drifted=["tickets", "notes"])
        assert caught.value.code == "too_many_steps"


class TestSharedSentences:
    """Objects of one change can have the same sentence."""

    def test_each_has_the_line_in_its_own_part_of_the_list(self) -> None:
        save = "Press Save & Close."
        level, user = Record(Kind.LEVEL, "A", {}, (save,), False), Record(Kind.API_USER, "B", {}, (save,), False)
        both = Change(
            "example", 1, "T1", True, (Line(7, save, True, 2001), Line(8, save, False, 1)), {level.subject: level, user.subject: user}
        )
        assert (both.open_steps(level.subject), both.open_steps(user.subject)) == ([save], [])

    def test_a_line_that_somebody_moved_still_stands_for_its_step(self) -> None:
        moved = change(ticked=ALL)
        assert decided([replace(moved, lines=tuple(replace(line, position=line.position + 5000) for line in moved.lines))]).do == "attest"

    def test_a_line_whose_words_were_changed_stands_for_nothing(self) -> None:
        changed = change(ticked=ALL)
        first, second = changed.lines
        assert decided([replace(changed, lines=(replace(first, text="Something else."), second))]).do == "resume"


# An object that another one's steps bring about as well

HOST, CARRIED = "Example host", Kind.WEBHOOK_LIMIT


def carrying(number: int = 1, document: Mapping[str, str] | None = None, ticked: Collection[str] = (), closed: bool = False) -> Change:
    """A change whose level brings a webhook limit about as well."""
    made = change(number, ticked=ticked, attested=len(ticked) == len(ALL), closed=closed, name=HOST)
    [host] = made.records.values()
    return replace(made, records={host.subject: replace(host, carried={CARRIED.subject(HOST): dict(document or NEW)})})


def limit(changes: Sequence[Change], wanted: Mapping[str, str] | None = None, drifted: Collection[str] = ()) -> Decision:
    """The decision on the limit, which should be the new one unless another is wanted."""
    document = dict(wanted or NEW)
    return decide(changes, CARRIED, HOST, document, planner(document, drifted), 40)


@pytest.mark.parametrize("ticked", [[], ALL[:1]])
def test_what_is_carried_waits_for_the_steps_that_carry_it(ticked: Sequence[str]) -> None:
    found = limit([carrying(ticked=ticked)])
    assert (found.do, found.pending, found.lines) == ("wait", True, ())
    assert found.change and found.change.as_result()["objects"][CARRIED.subject(HOST)] == "requested"


def test_what_was_carried_is_as_attested_as_if_it_had_had_its_own_steps() -> None:
    done = carrying(ticked=ALL, closed=True)
    assert limit([done]).do == "nothing" and limit([done]).knowledge.known == NEW
    differs = limit([done], {**NEW, "notes": "None"})
    assert (differs.do, [line.text for line in differs.lines], differs.change) == ("request", [sentence("notes", "None")], None)
    drifted = limit([done], drifted=["tickets"])
    assert [line.text for line in drifted.lines] == [sentence("tickets", "All")]


def test_what_was_carried_stays_attested_whatever_tick_is_taken_back() -> None:
    done = carrying(ticked=ALL, closed=True)
    assert limit([replace(done, lines=())]).do == "nothing"


def test_what_is_carried_does_not_wait_for_steps_that_others_have_taken_the_place_of() -> None:
    found = limit([carrying(1, ticked=HALF, closed=True), change(2, ticked=ALL, attested=True, closed=True, name=HOST)])
    assert (found.do, [line.text for line in found.lines]) == ("request", ALL)


def test_the_latest_word_counts_whoever_has_it() -> None:
    own = change(2, {**NEW, "notes": "None"}, ticked=ALL, attested=True, closed=True, kind=CARRIED, name=HOST)
    assert [line.text for line in limit([carrying(1, ticked=ALL, closed=True), own]).lines] == [sentence("notes", "All")]
    assert limit([replace(own, number=1), carrying(2, ticked=ALL, closed=True)]).do == "nothing"


def test_what_was_attested_before_own_steps_that_nobody_has_begun_was_carried() -> None:
    """The steps are planned anew from what the level's visit had brought about."""
    own = change(2, {**NEW, "notes": "None"}, [sentence("notes", "None")], kind=CARRIED, name=HOST)
    found = limit([carrying(1, ticked=ALL, closed=True), own], {**NEW, "tickets": "Mine"})
    assert [line.text for line in found.lines] == [sentence("tickets", "Mine")]
