# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What may happen to an integration on a tenant, one after the other, and what holds whatever happened. Hypothesis draws the histories."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sandbox import credentials, editor
from sandbox.model import ApiUser
from sandbox.tickets import COMPLETE
from tests.trust import SAME

from .arbitrary import storable
from .disturbing import KEY, OTHER, Moment, codes
from .running import House, Result, entries, profile
from .wire import Killed

LEVEL = USER = f"{KEY.capitalize()} API"
SOURCE = "API User (system)"
TICKETS = "Service Desk|Object Permissions|Tickets|"
WEBHOOKS = {"Other|Webhooks|Can create Webhooks|", "Other|Webhooks|Maximum number of Webhooks|"}
# What the integration asks for, in turn, and what its level holds otherwise than the one that it is a copy of.
WISHES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (profile(KEY), {f"{TICKETS}Delete": "None"}),
    (
        profile(KEY, level={"settings": {"Service Desk": {"Tickets": {"Delete": "None", "Edit": "No"}}}}),
        {f"{TICKETS}Delete": "None", f"{TICKETS}Edit": "No"},
    ),
    (
        profile(KEY, level={"webhooks": {"maximum": 5, "bound": "exact"}}),
        {f"{TICKETS}Delete": "None", "Other|Webhooks|Can create Webhooks|": True, "Other|Webhooks|Maximum number of Webhooks|": 5},
    ),
]
ENTITIES = ("Tickets", "TicketNotes", "TicketChecklistItems", "Resources")
PROVISION, ROTATE, RETIRE = "provision", "rotate", "retire"
# Whoever may write tickets and notes, and is no provisioner.
STRANGER = f"{OTHER.capitalize()} API"
# Errors that somebody ends who does what they say: the user that somebody has renamed is inactivated, what works is recorded.
RENAMED, REFUSED, INCOMPLETE = "another_users_record", "unauthorized", "handover"
places = st.integers(0, 999)


class Histories(RuleBasedStateMachine):
    """An integration, and one beside it that nothing is to be done with. `started` says where a history begins, `done` counts what came of its runs."""

    house: House
    started: Moment
    done: Counter[tuple[str, str]]

    def __init__(self) -> None:
        super().__init__()
        self.wish, self.listed, self.rotation = 0, False, 1

    @initialize(wish=st.sampled_from(range(len(WISHES))), listed=st.booleans(), set_up=st.sampled_from([True, True, False]))
    def begin(self, wish: int, listed: bool, set_up: bool) -> None:
        self.wish, self.listed = wish, listed
        self.started.again(self.house)
        self.others = self._rows_by_place()
        self.secrets = self._secrets()
        if set_up:
            self._run(PROVISION)
            self.house.work(KEY)
            self._run(PROVISION)

    # What runs do

    def _want(self, kind: str) -> None:
        wish: dict[str, Any] = {"profile": WISHES[self.wish][0], "state": "absent" if kind == RETIRE else "present"}
        self.house.want(wish, *([profile(OTHER)] if self.listed and kind != ROTATE else []))

    def _go(self, kind: str) -> Result:
        self._want(kind)
        return self.house.rotate(f"rotation {self.rotation}") if kind == ROTATE else self.house.ensure()

    def _run(self, kind: str) -> Result:
        """A run that nothing happens to: nothing is there twice afterwards, and what it calls done is no wider than the profile says."""
        result = self._disturbed(kind)
        if not result.get("failed"):
            self._check_once(kind)
            if kind == PROVISION and entries(result)[KEY] == "done":
                self._check_width()
        return result

    def _disturbed(self, kind: str) -> Result:
        """A run that something may happen to."""
        result = self._go(kind)
        self._heard(kind, result)
        return result

    def _heard(self, kind: str, result: Result) -> None:
        for code, text in codes(result):
            assert code not in ("bug", "error"), text
        self.done[kind, str(result["code"]) if result.get("failed") else SAME] += 1

    @rule(kind=st.sampled_from([PROVISION, PROVISION, PROVISION, ROTATE, RETIRE]))
    def run(self, kind: str) -> None:
        self._run(kind)

    @precondition(lambda self: self.house.kept(KEY) is not None)
    @rule()
    def rotate_anew(self) -> None:
        self.rotation += 1
        self._run(ROTATE)

    @rule(wish=st.sampled_from(range(len(WISHES))), listed=st.booleans())
    def change_the_inventory(self, wish: int, listed: bool) -> None:
        self.wish, self.listed = wish, listed

    # What people do

    @rule()
    def work(self) -> None:
        self.house.work(KEY)

    @rule(most=st.integers(1, 12))
    def work_for_a_while(self, most: int) -> None:
        self.house.employee.work(KEY, most)

    # What goes wrong

    @contextmanager
    def _at(self, number: int, do: Callable[[], object]) -> Iterator[None]:
        """Before the nth request of a run something happens, once."""
        wire = self.house.wire

        def happen(sent: int) -> None:
            if sent == number:
                wire.forget()
                do()

        wire.forget()
        wire.before_each = happen
        try:
            yield
        finally:
            wire.forget()

    @rule(kind=st.sampled_from([PROVISION, ROTATE, RETIRE]), number=st.integers(1, 40))
    def die(self, kind: str, number: int) -> None:
        """The process of a run is killed before its nth request."""

        def kill() -> None:
            raise Killed

        try:
            with self._at(number, kill):
                self._disturbed(kind)
        except Killed:
            self.done[f"{kind}, killed", SAME] += 1

    @rule(kind=st.sampled_from([PROVISION, ROTATE, RETIRE]), number=st.integers(1, 40), action=st.sampled_from(["drop", "+drop"]))
    def lose_the_connection(self, kind: str, number: int, action: str) -> None:
        """No request from the nth of a run on has an answer."""
        self.house.fault(f"{action}@{self.house.tenant.slug}:*#{number}-")
        try:
            self._disturbed(kind)
        finally:
            self.house.no_faults()

    @rule(first=st.sampled_from([PROVISION, ROTATE, RETIRE]), second=st.sampled_from([PROVISION, ROTATE]), number=st.integers(1, 40))
    def run_two_at_once(self, first: str, second: str, number: int) -> None:
        """A second run goes through while the first one waits before its nth request."""
        if first == RETIRE:
            second = RETIRE
        with self._at(number, lambda: self._heard(f"two: {second}", self._go(second))):
            self._disturbed(first)

    # What others do to what they may not

    def _rows(self, entity: str) -> list[dict[str, Any]]:
        ids = [ticket["id"] for ticket in self.house.tickets(KEY)]
        return [row for row in self.house.store.query(self._tenant, entity) if row["ticketID"] in ids]

    @property
    def _tenant(self) -> int:
        return self.house.employee.tenant.id

    def _chosen(self, entity: str, place: int) -> dict[str, Any]:
        rows = self._rows(entity)
        return rows[place % len(rows)]

    def _has_tickets(self) -> bool:
        return bool(self._rows("TicketNotes") and self._rows("TicketChecklistItems"))

    @precondition(_has_tickets)
    @rule(place=places, how=st.sampled_from(["deleted", "cut", "replaced"]), text=storable)
    def harm_a_note(self, place: int, how: str, text: str) -> None:
        note = self._chosen("TicketNotes", place)
        if how == "deleted":
            self.house.store.delete(self._tenant, "TicketNotes", note["id"])
        else:
            now = note["description"][: -1 - place % 50] if how == "cut" else text
            self.house.store.update(self._tenant, "TicketNotes", note["id"], {"description": now})

    @precondition(_has_tickets)
    @rule(place=places, name=st.sampled_from([STRANGER, USER, "Provisioner API"]), attested=st.booleans())
    def forge_a_note(self, place: int, name: str, attested: bool) -> None:
        """Somebody with the right to write notes writes one like ours, of another integration's user."""
        note = self._chosen("TicketNotes", place)
        record = {**json.loads(note["description"].rpartition("\n")[2] or "{}")} if self._is_record(note) else {}
        record |= {"name": name, "record_as": OTHER, "attested": attested}
        stranger = next(user.id for user in self._users() if user.name == STRANGER)
        copy = {key: value for key, value in note.items() if key != "id"}
        self.house.store.insert(
            self._tenant, "TicketNotes", {**copy, "description": f"x\n{json.dumps(record)}", "creatorResourceID": stranger}
        )

    def _is_record(self, note: Mapping[str, Any]) -> bool:
        try:
            return isinstance(json.loads(note["description"].rpartition("\n")[2]), dict)
        except ValueError:
            return False

    @precondition(_has_tickets)
    @rule(place=places, how=st.sampled_from(["deleted", "unticked", "reworded", "twice"]), text=storable)
    def harm_an_item(self, place: int, how: str, text: str) -> None:
        item, store = self._chosen("TicketChecklistItems", place), self.house.store
        if how == "deleted":
            store.delete(self._tenant, "TicketChecklistItems", item["id"])
        elif how == "twice":
            copy = {key: value for key, value in item.items() if key != "id"}
            store.insert(self._tenant, "TicketChecklistItems", {**copy, "isCompleted": False})
        else:
            changes = {"isCompleted": False} if how == "unticked" else {"itemName": text}
            store.update(self._tenant, "TicketChecklistItems", item["id"], changes)

    @precondition(_has_tickets)
    @rule(place=places, how=st.sampled_from(["deleted", "closed", "forgotten"]))
    def harm_a_ticket(self, place: int, how: str) -> None:
        tickets = self.house.tickets(KEY)
        ticket = tickets[place % len(tickets)]
        if how == "deleted":
            self.house.tenant.control("DELETE", f"tickets/{ticket['id']}")
        else:
            changes = {"status": COMPLETE} if how == "closed" else {"externalID": ""}
            self.house.store.update(self._tenant, "Tickets", ticket["id"], changes)

    @precondition(lambda self: self.house.level(LEVEL) is not None)
    @rule()
    def rename_the_level(self) -> None:
        level = self.house.level(LEVEL)
        assert level
        names = {one.name for one in self.house.levels()}
        new = next(name for number in range(99) if (name := f"Renamed {number}") not in names)
        self.house.store.save_level(replace(level, name=new))

    @precondition(lambda self: self._ours())
    @rule(change=st.sampled_from(["renamed", "inactive", "active", "moved"]))
    def harm_the_user(self, change: str) -> None:
        user = self._ours()[0]
        source = next(level.id for level in self.house.levels() if level.name == SOURCE)
        changes: dict[str, Any] = {
            "renamed": {"first_name": f"Renamed {user.id}"},
            "inactive": {"active": False},
            "active": {"active": True},
            "moved": {"level_id": source},
        }[change]
        self.house.store.update_api_user(self._tenant, user.id, **changes)

    # What holds

    def _users(self) -> list[ApiUser]:
        return self.house.store.api_users(self._tenant)

    def _ours(self) -> list[ApiUser]:
        return [user for user in self._users() if user.name == USER]

    def _rows_by_place(self) -> dict[tuple[str, int], Any]:
        """All that there is on the tenant, by what it is and its id; and all files, by their names."""
        store = self.house.store
        rows = {(name, row["id"]): row for name in ENTITIES for row in store.query(self._tenant, name)}
        levels = {("levels", level.id): (level.name, level.active, dict(level.cells)) for level in self.house.levels()}
        users = {("users", user.id): user for user in self._users()}
        return {**rows, **levels, **users, **{(name, 0): content for name, content in self.house.files().items()}}

    def _secrets(self) -> dict[str, str]:
        """The secrets that are recorded, and sign in: whose they are."""
        found = [self.house.kept(name) for name in (KEY, f"{KEY}.previous")]
        return {str(kept["secret"]): str(kept["user_name"]) for kept in found if kept and self._signs_in(kept["user_name"], kept["secret"])}

    def _signs_in(self, user_name: str, secret: str) -> bool:
        """Whether somebody could sign in; nobody tries, since refusals lock a user."""
        ids = [user.id for user in self._users() if user.user_name == user_name and user.active]
        hashes = {row["resource_id"]: row["secret_hash"] for row in self.house.store.rows_of("api_users", self._tenant)}
        return any(credentials.matches(secret, hashes[number]) for number in ids)

    @invariant()
    def nothing_of_anothers_is_touched(self) -> None:
        now = self._rows_by_place()
        for place, before in self.others.items():
            assert now.get(place) == before, place
        tickets = {row["id"] for (name, _id), row in now.items() if name == "Tickets" and f" {KEY.capitalize()} (" in row["title"]}
        for place, row in now.items():
            name, number = place
            if place in self.others:
                continue
            elif name in ENTITIES:
                whose = number if name == "Tickets" else row.get("ticketID", -1)
                assert whose in tickets or name == "Resources", (place, row)
            elif name == "users":
                assert row.name == USER or row.name.startswith("Renamed "), row
            elif name == "levels":
                assert row[0] == LEVEL or row[0].startswith(("Renamed ", "Copy ")), row[0]
            else:
                assert name.endswith((f"/{KEY}.yml", f"/{KEY}.previous.yml")), name

    @invariant()
    def there_is_one_of_a_name(self) -> None:
        assert len(self._ours()) <= 1, "users"
        assert [level.name for level in self.house.levels()].count(LEVEL) <= 1, "levels"

    @invariant()
    def no_secret_that_works_is_lost(self) -> None:
        now = self._secrets()
        lost = [name for secret, name in self.secrets.items() if secret not in now and self._signs_in(name, secret)]
        assert not lost, "a secret that works is lost"
        self.secrets = now

    def _check_once(self, kind: str) -> None:
        """There is one ticket of each change, and what its records need is open there once, as far as the run was about it: a rotation is about secrets, and
        nothing else is.
        """
        tickets = self.house.tickets(KEY)
        assert not [number for number, count in Counter(ticket["externalID"] for ticket in tickets).items() if count > 1], (
            "tickets of one change"
        )
        stranger = next(user.id for user in self._users() if user.name == STRANGER)
        for ticket in [one for one in tickets if one["status"] != COMPLETE]:
            found = [note for note in self._rows("TicketNotes") if note["ticketID"] == ticket["id"] and self._is_record(note)]
            notes = [note for note in found if note["creatorResourceID"] != stranger]
            records = {note["title"]: json.loads(note["description"].rpartition("\n")[2]) for note in notes}
            kinds = {record["kind"] for record in records.values()}
            if (kind == ROTATE and "secret" not in kinds) or (kind == PROVISION and kinds == {"secret"}):
                continue
            needed = Counter(step for record in records.values() for step in record["steps"])
            items = [row for row in self._rows("TicketChecklistItems") if row["ticketID"] == ticket["id"] and not row["isCompleted"]]
            twice = {text: count for text, count in (Counter(row["itemName"] for row in items) - needed).items() if text in needed}
            assert not twice, twice

    def _check_width(self) -> None:
        """The level is what the profile said."""
        level, source = self.house.level(LEVEL), self.house.level(SOURCE)
        assert level and source and level.active
        # What a copy loses is set again where a level was there already, and is to be as its source.
        right = [editor.settled({**cells, **WISHES[self.wish][1]}) for cells in (source.cells, editor.copied_cells(source, True))]
        # A level leaves webhooks to their limit, and a limit that a profile names no more stays as it is.
        left = {key for key in WISHES[2][1] if key not in WISHES[self.wish][1]} & WEBHOOKS
        wider = {key: value for key, value in level.cells.items() if key not in left and value not in [wanted[key] for wanted in right]}
        assert not wider, wider

    def teardown(self) -> None:
        """Whatever has happened: people do what they are asked for, and it ends."""
        self.house.no_faults()
        self.house.wire.forget()
        for _round in range(6):
            result = self._run(PROVISION)
            if result.get("failed"):
                self._follow(result)
                continue
            self.house.employee.stuck.clear()
            if not self.house.work(KEY) + self._tick_what_is_recorded() and not result["changed"]:
                break
        else:
            raise AssertionError(("it never ends", self.house.employee.stuck, result))
        state = entries(result).get(KEY)
        if state == "pending" and self.house.employee.stuck:
            # Somebody took ticks off what can't be done a second time: whoever works there leaves it open, and says why.
            self.done["settling, after all that", "left open by people"] += 1
            return
        assert not result.get("failed"), result["msg"]
        assert state in ("done", "credentials"), (state, self.house.employee.stuck)

    def _tick_what_is_recorded(self) -> int:
        """Somebody has taken a tick off what was recorded long ago, and nobody has anything noted of it any more; how many ticks are set again."""
        left = [row for row in self._rows("TicketChecklistItems") if row["itemName"].startswith("Record the ") and not row["isCompleted"]]
        again = left if self.house.kept(KEY) and USER not in self.house.employee.notepad else []
        for row in again:
            self.house.store.update(self._tenant, "TicketChecklistItems", row["id"], {"isCompleted": True})
        return len(again)

    def _follow(self, result: Result) -> None:
        """Somebody does what an error says."""
        assert result["code"] in (RENAMED, REFUSED, INCOMPLETE), result["msg"]
        if result["code"] != RENAMED:
            self._record_what_works()
        for user in self._users():
            if user.name.startswith("Renamed "):
                self.house.store.update_api_user(self._tenant, user.id, active=False)

    def _record_what_works(self) -> None:
        """Somebody unlocks the user, generates a new secret on its page, since nobody knows which one it has, and records it; with the tracking identifier,
        which its vendor has.
        """
        (user,) = self._ours()
        kept, secret = self.house.kept(KEY), credentials.new_secret()
        assert kept and kept["user_name"] == user.user_name
        self.house.store.update_api_user(self._tenant, user.id, secret=secret, active=True, locked=False)
        given = {"user_name": user.user_name, "secret": secret, "integration_code": user.tracking_code}
        recorded = self.house.record(KEY, given)
        assert not recorded.get("failed"), recorded
