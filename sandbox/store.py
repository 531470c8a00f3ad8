# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The one store behind REST, console and operator: a SQLite file, or memory.

Safe to use from several threads of one process: one connection behind a lock, every write one transaction.
Tenants, levels, API users and pick-lists that were asked for are also kept in memory, because REST asks for them all the time; so one
process at a time owns a file. No function but `tenants` takes longer the more tenants there are.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sandbox import credentials
from sandbox.model import API_LICENSE, ApiUser, Cells, Choice, Level, Person, Record, Tenant, Vendor

MAX_FAILURES = 3
"""So many wrong secrets or passwords in a row lock an account."""

EVERY_TENANT = 0
"""The owner of what all tenants have alike, in place of a tenant's id."""

WEBHOOK_ENTITIES = ("CompanyWebhooks", "ConfigurationItemWebhooks", "ContactWebhooks", "TicketNoteWebhooks", "TicketWebhooks")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS tenants (
    id INTEGER PRIMARY KEY, slug TEXT UNIQUE NOT NULL, name TEXT NOT NULL, domain TEXT UNIQUE NOT NULL COLLATE NOCASE,
    zone INTEGER NOT NULL, organization_term TEXT NOT NULL, device_term TEXT NOT NULL, language TEXT NOT NULL, options TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS levels (
    id INTEGER PRIMARY KEY AUTOINCREMENT, tenant_id INTEGER NOT NULL, name TEXT NOT NULL, active INTEGER NOT NULL, system INTEGER NOT NULL,
    api_only INTEGER NOT NULL, copyable INTEGER NOT NULL, license_type INTEGER NOT NULL, cells_digest TEXT NOT NULL, source_id INTEGER,
    version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS cells (digest TEXT PRIMARY KEY, cells TEXT NOT NULL) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS levels_by_name ON levels (tenant_id, name COLLATE NOCASE);
CREATE TABLE IF NOT EXISTS records (
    tenant_id INTEGER NOT NULL, entity TEXT NOT NULL, id INTEGER NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (tenant_id, entity, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_by_ticket ON records (tenant_id, entity, json_extract(data, '$.ticketID') COLLATE NOCASE);
CREATE INDEX IF NOT EXISTS records_by_external_id ON records (tenant_id, entity, json_extract(data, '$.externalID') COLLATE NOCASE);
CREATE TABLE IF NOT EXISTS counters (
    tenant_id INTEGER NOT NULL, name TEXT NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (tenant_id, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS api_users (
    tenant_id INTEGER NOT NULL, resource_id INTEGER NOT NULL, key TEXT NOT NULL COLLATE NOCASE, key_domain TEXT NOT NULL COLLATE NOCASE,
    secret_hash TEXT NOT NULL, saved_at REAL NOT NULL, failures INTEGER NOT NULL DEFAULT 0, locked INTEGER NOT NULL, tracking TEXT NOT NULL,
    vendor_id INTEGER, tracking_code TEXT NOT NULL, internal_name TEXT NOT NULL, lines_of_business TEXT NOT NULL,
    lob_unassigned INTEGER NOT NULL, PRIMARY KEY (tenant_id, resource_id), UNIQUE (key_domain, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS people (
    tenant_id INTEGER NOT NULL, resource_id INTEGER NOT NULL, user_name TEXT UNIQUE NOT NULL COLLATE NOCASE, password_hash TEXT NOT NULL,
    grants_internal_cost INTEGER NOT NULL, failures INTEGER NOT NULL DEFAULT 0, locked INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, resource_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS vendors (
    id INTEGER PRIMARY KEY AUTOINCREMENT, tenant_id INTEGER NOT NULL, name TEXT NOT NULL, code TEXT NOT NULL, active INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS choices (
    tenant_id INTEGER NOT NULL, picklist TEXT NOT NULL, choices TEXT NOT NULL, PRIMARY KEY (tenant_id, picklist)) WITHOUT ROWID;
"""

# A field of ApiUser that lives in the Resources record, and its REST name there.
_IN_RECORD = {
    "first_name": "firstName",
    "last_name": "lastName",
    "email": "email",
    "active": "isActive",
    "level_id": "userType",
    "date_format": "dateFormat",
    "time_format": "timeFormat",
    "number_format": "numberFormat",
    "location_id": "locationID",
    "key": "userName",
}
_IN_TABLE = (
    "locked",
    "key",
    "key_domain",
    "tracking",
    "vendor_id",
    "tracking_code",
    "internal_name",
    "lines_of_business",
    "lob_unassigned",
)


def now() -> str:
    """The present moment as REST writes it: UTC, milliseconds, `Z`."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Store:
    """Everything the sandbox remembers. `path` is a file, or `:memory:`."""

    def __init__(self, path: str = ":memory:") -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_SCHEMA)
        self._tenants: dict[int, Tenant] = {}
        self._levels: dict[int, Level] = {}
        self._cells: dict[str, Cells] = {}
        self._digests: dict[int, str] = {}
        self._users: dict[str, ApiUser] = {}
        self._choices: dict[tuple[int, str], list[Choice]] = {}

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of its writes, or none. May be nested; the outermost one counts."""
        with self._lock:
            if self._db.in_transaction:
                yield self._db
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                self._forget()
                raise
            self._db.execute("COMMIT")

    def _forget(self) -> None:
        """Forgets what is kept in memory of the file."""
        self._tenants.clear()
        self._levels.clear()
        self._digests.clear()
        self._users.clear()
        self._choices.clear()

    def _rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    # Tenants

    def tenants(self) -> list[Tenant]:
        """All tenants, in the order in which they were made."""
        return [_tenant(row) for row in self._rows("SELECT * FROM tenants ORDER BY id")]

    def tenant(self, tenant_id: int) -> Tenant:
        """One tenant. KeyError if there is none."""
        with self._lock:
            if tenant_id not in self._tenants:
                rows = self._rows("SELECT * FROM tenants WHERE id = ?", tenant_id)
                if not rows:
                    raise KeyError(f"no tenant {tenant_id}")
                self._tenants[tenant_id] = _tenant(rows[0])
            return self._tenants[tenant_id]

    def tenant_by_slug(self, slug: str) -> Tenant | None:
        """The tenant of that short name."""
        return next(map(_tenant, self._rows("SELECT * FROM tenants WHERE slug = ?", slug.lower())), None)

    def tenant_by_domain(self, domain: str) -> Tenant | None:
        """The tenant that a user name's part after `@` belongs to."""
        return next(map(_tenant, self._rows("SELECT * FROM tenants WHERE domain = ?", domain)), None)

    def add_tenant(self, tenant: Tenant) -> Tenant:
        """Adds a tenant without any content; its id is given here."""
        values = vars(tenant) | {"id": None, "options": json.dumps(dict(tenant.options))}
        with self.transaction() as db:
            return replace(tenant, id=_insert(db, "tenants", values))

    def set_options(self, tenant_id: int, options: Mapping[str, Any]) -> Tenant:
        """Replaces the oddities of a tenant."""
        with self.transaction() as db:
            _update(db, "tenants", {"options": json.dumps(dict(options))}, "id = ?", tenant_id)
            self._tenants.pop(tenant_id, None)
        return self.tenant(tenant_id)

    def rows_of(self, table: str, tenant_id: int) -> list[Record]:
        """All that a tenant has in a table, as it is stored, in the order in which it was made."""
        order = " ORDER BY id" if table in ("levels", "vendors") else ""
        return [dict(row) for row in self._rows(f"SELECT * FROM {table} WHERE tenant_id = ?{order}", tenant_id)]

    def add_rows(self, table: str, rows: Iterable[Record]) -> list[int]:
        """Stores rows as they are, and returns their ids; those of which the id is None get one here."""
        with self.transaction() as db:
            return [_insert(db, table, row) for row in rows]

    def replace_rows(self, table: str, tenant_id: int, rows: Iterable[Record]) -> None:
        """Replaces all that a tenant has in a table by rows as `rows_of` gives them."""
        with self.transaction() as db:
            db.execute(f"DELETE FROM {table} WHERE tenant_id = ?", (tenant_id,))
            self.add_rows(table, rows)
            self._forget()

    # Security levels

    def levels(self, tenant_id: int) -> list[Level]:
        """A tenant's levels, active or not, by name."""
        rows = self._rows("SELECT id FROM levels WHERE tenant_id = ? ORDER BY name COLLATE NOCASE", tenant_id)
        return [self.level(row["id"]) for row in rows]

    def level(self, level_id: int) -> Level:
        """One level; ids are unique over all tenants. KeyError if there is none."""
        with self._lock:
            if level_id not in self._levels:
                rows = self._rows("SELECT * FROM levels WHERE id = ?", level_id)
                if not rows:
                    raise KeyError(f"no security level {level_id}")
                self._levels[level_id] = self._level(rows[0])
            return self._levels[level_id]

    def add_level(self, level: Level) -> Level:
        """Adds a level as it is; its id and version are given here. The rules are in `levels.py`."""
        with self.transaction() as db:
            level_id = _insert(db, "levels", self._level_row(level) | {"id": None, "version": 1})
        return replace(level, id=level_id, version=1)

    def copy_level(self, level_id: int, name: str, cells: Cells) -> Level:
        """Stores a copy of a level under a new name, inactive, with these cells. Whether it may be copied is for `levels.py` to say."""
        source = self.level(level_id)
        copy = self.add_level(replace(source, name=name, cells=cells, active=False, system=False, source_id=level_id))
        return self.level(copy.id)

    def save_level(self, level: Level) -> Level:
        """Stores a changed level and raises its version."""
        with self.transaction() as db:
            row = self._level_row(level) | {"version": self.level(level.id).version + 1}
            _update(db, "levels", row, "id = ?", level.id)
            self._levels.pop(level.id, None)
            return self.level(level.id)

    def delete_level(self, level_id: int) -> None:
        """Removes a level."""
        with self.transaction() as db:
            db.execute("DELETE FROM levels WHERE id = ?", (level_id,))
            self._levels.pop(level_id, None)

    def _level(self, row: sqlite3.Row) -> Level:
        values = dict(row)
        digest = values.pop("cells_digest")
        if digest not in self._cells:
            self._cells[digest] = json.loads(self._rows("SELECT cells FROM cells WHERE digest = ?", digest)[0]["cells"])
        flags = {name: bool(values[name]) for name in ("active", "system", "api_only", "copyable")}
        return Level(**(values | flags | {"cells": self._cells[digest]}))

    def _level_row(self, level: Level) -> Record:
        """A level's columns."""
        row = {name: value for name, value in vars(level).items() if name != "cells"}
        return row | {"cells_digest": self._keep(level.cells)}

    def keep_cells(self, cells: Cells) -> Cells:
        """Cells as the store keeps them. Levels that are made with these very cells are stored faster."""
        with self.transaction():
            digest = self._keep(cells)
            kept = self._cells.setdefault(digest, dict(cells))
            self._digests[id(kept)] = digest
        return kept

    def _keep(self, cells: Cells) -> str:
        """Stores cells, once for all levels that have the same: system levels look alike in every tenant. Returns their digest."""
        if id(cells) in self._digests:
            return self._digests[id(cells)]
        text = json.dumps(dict(cells), sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        self._db.execute("INSERT OR IGNORE INTO cells VALUES (?, ?)", (digest, text))
        return digest

    def level_users(self, level: Level) -> list[Record]:
        """The `Resources` records that have this level."""
        return self.query(level.tenant_id, "Resources", userType=level.id)

    # API users

    def api_users(self, tenant_id: int) -> list[ApiUser]:
        """A tenant's API users, active or not, by name."""
        users = map(_api_user, self._rows(f"{_SELECT_USERS} WHERE u.tenant_id = ?", tenant_id))
        return sorted(users, key=lambda user: (user.name.lower(), user.id))

    def api_user(self, tenant_id: int, resource_id: int) -> ApiUser | None:
        """One API user by the id of its resource; None if that resource is not an API user."""
        rows = self._rows(f"{_SELECT_USERS} WHERE u.tenant_id = ? AND u.resource_id = ?", tenant_id, resource_id)
        return _api_user(rows[0]) if rows else None

    def api_user_by_name(self, user_name: str) -> ApiUser | None:
        """The API user with this whole Username (Key)."""
        name = user_name.lower()
        with self._lock:
            if name not in self._users:
                key, _at, domain = name.rpartition("@")
                rows = self._rows(f"{_SELECT_USERS} WHERE u.key_domain = ? AND u.key = ?", domain, key)
                if not rows:
                    return None
                self._users[name] = _api_user(rows[0])
            return self._users[name]

    def user_name_taken(self, tenant_id: int, key: str, except_id: int | None = None) -> bool:
        """Whether another resource of the tenant, active or not, has this user name (without its domain)."""
        return any(record["id"] != except_id for record in self.query(tenant_id, "Resources", userName=key))

    def create_api_user(self, user: ApiUser, secret: str) -> ApiUser:
        """Adds an API user; its id is given here, its secret stored as a hash."""
        record = {rest: getattr(user, name) for name, rest in _IN_RECORD.items()} | _NEW_API_RESOURCE | {"hireDate": now()}
        with self.transaction() as db:
            resource_id = self.insert(user.tenant_id, "Resources", record)
            row = {
                "tenant_id": user.tenant_id,
                "resource_id": resource_id,
                "secret_hash": credentials.hashed(secret),
                "saved_at": time.time(),
            }
            _insert(db, "api_users", row | _user_row({name: getattr(user, name) for name in _IN_TABLE}))
        return replace(user, id=resource_id)

    def update_api_user(self, tenant_id: int, resource_id: int, *, secret: str | None = None, **changes: Any) -> ApiUser:
        """Changes fields of an API user, named as in `ApiUser`, and its secret if one is given.

        Inactivating one inactivates the webhooks that it owns (Autotask help, SOAP_WebhookEntity); unlocking forgets its failures.
        """
        row = _user_row({name: value for name, value in changes.items() if name in _IN_TABLE})
        if secret is not None:
            row["secret_hash"] = credentials.hashed(secret)
        if changes.get("locked") is False:
            row["failures"] = 0
        with self.transaction() as db:
            self._users.clear()
            self.update(
                tenant_id, "Resources", resource_id, {_IN_RECORD[name]: value for name, value in changes.items() if name in _IN_RECORD}
            )
            if row:
                _update(db, "api_users", row, "tenant_id = ? AND resource_id = ?", tenant_id, resource_id)
            if changes.get("active") is False:
                for entity in WEBHOOK_ENTITIES:
                    for webhook in self.query(tenant_id, entity, ownerResourceID=resource_id):
                        self.update(tenant_id, entity, webhook["id"], {"isActive": False})
            user = self.api_user(tenant_id, resource_id)
        if user is None:
            raise KeyError(f"no API user {resource_id}")
        return user

    def check_secret(self, user: ApiUser, secret: str) -> bool:
        """Whether this is the user's secret. Counts wrong ones in a row and locks the user at the third; a locked user's is never right."""
        rows = self._rows("SELECT secret_hash, failures FROM api_users WHERE tenant_id = ? AND resource_id = ?", user.tenant_id, user.id)
        right = not user.locked and credentials.matches(secret, rows[0]["secret_hash"])
        failures = 0 if right else rows[0]["failures"] + 1
        if failures != rows[0]["failures"]:
            with self.transaction() as db:
                change = {"failures": failures, "locked": user.locked or failures >= MAX_FAILURES}
                _update(db, "api_users", change, "tenant_id = ? AND resource_id = ?", user.tenant_id, user.id)
                self._users.clear()
        return right

    def api_user_age(self, user: ApiUser) -> float:
        """Seconds since the API user was first saved."""
        row = self._rows("SELECT saved_at FROM api_users WHERE tenant_id = ? AND resource_id = ?", user.tenant_id, user.id)[0]
        return time.time() - float(row["saved_at"])

    # People with a console account

    def people(self, tenant_id: int) -> list[Person]:
        """A tenant's console accounts."""
        return [_person(row) for row in self._rows(f"{_SELECT_PEOPLE} WHERE p.tenant_id = ?", tenant_id)]

    def person(self, user_name: str) -> Person | None:
        """The console account of that user name (`admin@alder.example.com`)."""
        return next(map(_person, self._rows(f"{_SELECT_PEOPLE} WHERE p.user_name = ?", user_name)), None)

    def add_person(self, person: Person, password: str) -> None:
        """Adds the console account of a resource."""
        row = {"tenant_id": person.tenant_id, "resource_id": person.id, "user_name": person.user_name}
        row |= {"grants_internal_cost": person.grants_internal_cost, "password_hash": credentials.hashed(password), "locked": person.locked}
        with self.transaction() as db:
            _insert(db, "people", row)

    def sign_in(self, user_name: str, password: str, code_follows: bool = False) -> Person | None:
        """The person, if the password is theirs and they aren't locked. The third wrong one in a row locks the account.

        If a code is to follow, only that forgets the wrong ones before.
        """
        rows = self._rows("SELECT password_hash FROM people WHERE user_name = ?", user_name)
        if not rows:
            return None
        right = credentials.matches(password, rows[0]["password_hash"])
        return self.person(user_name) if self._tried(user_name, right, forget=not code_follows) else None

    def check_code(self, person: Person, right: bool) -> bool:
        """Whether a person whose password was right is in, with a code that is right or not. Wrong ones count like wrong passwords."""
        return self._tried(person.user_name, right, forget=True)

    def _tried(self, user_name: str, right: bool, forget: bool) -> bool:
        """Counts an attempt to sign in, and says whether it was a good one; of a locked account none is."""
        row = self._rows("SELECT failures, locked FROM people WHERE user_name = ?", user_name)[0]
        good = right and not row["locked"]
        failures = 0 if good and forget else row["failures"] + (not good)
        with self.transaction() as db:
            _update(db, "people", {"failures": failures, "locked": row["locked"] or failures >= MAX_FAILURES}, "user_name = ?", user_name)
        return good

    # Integration vendors and pick-lists

    def vendors(self, tenant_id: int) -> list[Vendor]:
        """A tenant's integration vendors, active or not, by name."""
        rows = self._rows("SELECT * FROM vendors WHERE tenant_id = ? ORDER BY name COLLATE NOCASE", tenant_id)
        return [Vendor(row["id"], row["tenant_id"], row["name"], row["code"], bool(row["active"])) for row in rows]

    def add_vendors(self, vendors: Iterable[Vendor]) -> None:
        """Adds integration vendors; their ids are given here."""
        rows = [(vendor.tenant_id, vendor.name, vendor.code, vendor.active) for vendor in vendors]
        with self.transaction() as db:
            db.executemany("INSERT INTO vendors (tenant_id, name, code, active) VALUES (?, ?, ?, ?)", rows)

    def choices(self, tenant_id: int, picklist: str) -> list[Choice]:
        """The choices of a pick-list named `Entity.field` (`Tickets.status`): the tenant's own, or else everybody's; empty if there are none."""
        with self._lock:
            if (tenant_id, picklist) not in self._choices:
                self._choices[tenant_id, picklist] = self._read_choices(tenant_id, picklist)
            return self._choices[tenant_id, picklist]

    def _read_choices(self, tenant_id: int, picklist: str) -> list[Choice]:
        rows = self._rows("SELECT choices FROM choices WHERE tenant_id = ? AND picklist = ?", tenant_id, picklist)
        if rows:
            return [Choice(**choice) for choice in json.loads(rows[0]["choices"])]
        return [] if tenant_id == EVERY_TENANT else self.choices(EVERY_TENANT, picklist)

    def set_choices(self, tenant_id: int, picklist: str, choices: Iterable[Choice]) -> None:
        """Replaces a pick-list of the tenant, or that of all tenants that have none of their own."""
        row = (tenant_id, picklist, json.dumps([vars(choice) for choice in choices]))
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO choices VALUES (?, ?, ?)", row)
            if tenant_id == EVERY_TENANT:
                self._choices.clear()
            self._choices.pop((tenant_id, picklist), None)

    # Records of every entity

    def query(self, tenant_id: int, entity: str, **equal: Any) -> list[Record]:
        """The records of an entity, by id, whose properties equal the given ones (text without regard to case).

        `externalID`, `ticketID` and `id` are indexed.
        """
        tests = "".join(f" AND {_column(name)} IS ?" for name in equal)
        sql = f"SELECT data FROM records WHERE tenant_id = ? AND entity = ?{tests} ORDER BY id"
        return [json.loads(row["data"]) for row in self._rows(sql, tenant_id, entity, *equal.values())]

    def get(self, tenant_id: int, entity: str, record_id: int) -> Record | None:
        """One record."""
        return next(iter(self.query(tenant_id, entity, id=record_id)), None)

    def insert(self, tenant_id: int, entity: str, data: Mapping[str, Any]) -> int:
        """Adds a record and returns its id: the one in `data`, or the next of this tenant and entity. Ids are never used twice."""
        with self.transaction() as db:
            record_id = self.count(tenant_id, entity, data.get("id"))
            record = json.dumps({"id": record_id} | dict(data))
            db.execute("INSERT INTO records VALUES (?, ?, ?, ?)", (tenant_id, entity, record_id, record))
        return record_id

    def insert_all(self, tenant_id: int, entity: str, records: Sequence[Mapping[str, Any]]) -> None:
        """Adds records that have their ids, faster than one by one."""
        if records:
            with self.transaction() as db:
                self.count(tenant_id, entity, max(record["id"] for record in records))
                rows = [(tenant_id, entity, record["id"], json.dumps(record)) for record in records]
                db.executemany("INSERT INTO records VALUES (?, ?, ?, ?)", rows)

    def count(self, tenant_id: int, name: str, at_least: int | None = None) -> int:
        """The next number of a counter, from 1 and never twice; or a given number, which moves the counter on if it is ahead of it."""
        with self.transaction() as db:
            rows = self._rows("SELECT last FROM counters WHERE tenant_id = ? AND name = ?", tenant_id, name)
            last = rows[0]["last"] if rows else 0
            number: int = last + 1 if at_least is None else at_least
            db.execute("INSERT OR REPLACE INTO counters VALUES (?, ?, ?)", (tenant_id, name, max(last, number)))
        return number

    def update(self, tenant_id: int, entity: str, record_id: int, changes: Mapping[str, Any]) -> Record:
        """Changes properties of a record and returns it. KeyError if there is none."""
        with self.transaction() as db:
            record = self.get(tenant_id, entity, record_id)
            if record is None:
                raise KeyError(f"no record {record_id} of {entity}")
            record |= changes
            self._forget_users(entity)
            where = "tenant_id = ? AND entity = ? AND id = ?"
            _update(db, "records", {"data": json.dumps(record)}, where, tenant_id, entity, record_id)
        return record

    def delete(self, tenant_id: int, entity: str, record_id: int) -> bool:
        """Removes a record; False if there was none."""
        with self.transaction() as db:
            self._forget_users(entity)
            cursor = db.execute("DELETE FROM records WHERE tenant_id = ? AND entity = ? AND id = ?", (tenant_id, entity, record_id))
            return cursor.rowcount > 0

    def _forget_users(self, entity: str) -> None:
        """An API user is partly a record."""
        if entity == "Resources":
            self._users.clear()


_SELECT_USERS = (
    "SELECT u.*, r.data FROM api_users u JOIN records r ON r.tenant_id = u.tenant_id AND r.entity = 'Resources' AND r.id = u.resource_id"
)
_SELECT_PEOPLE = (
    "SELECT p.*, r.data FROM people p JOIN records r ON r.tenant_id = p.tenant_id AND r.entity = 'Resources' AND r.id = p.resource_id"
)

_NEW_API_RESOURCE = {
    "emailTypeCode": "PRIMARY",
    "internalCost": 0.0,
    "licenseType": API_LICENSE,
    "payrollType": 1,
    "resourceType": "Employee",
}


def _column(name: str) -> str:
    if not name.isidentifier():
        raise ValueError(f"not a property name: {name}")
    return "id" if name == "id" else f"json_extract(data, '$.{name}') COLLATE NOCASE"


def _insert(db: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> int:
    marks = ", ".join("?" * len(row))
    return db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())).lastrowid or 0


def _update(db: sqlite3.Connection, table: str, row: Mapping[str, Any], where: str, *values: Any) -> None:
    changes = ", ".join(f"{name} = ?" for name in row)
    db.execute(f"UPDATE {table} SET {changes} WHERE {where}", (*row.values(), *values))


def _tenant(row: sqlite3.Row) -> Tenant:
    return Tenant(**(dict(row) | {"options": json.loads(row["options"])}))


def _user_row(changes: Mapping[str, Any]) -> Record:
    """Columns of `api_users`: lists as JSON."""
    return {name: json.dumps(value) if name == "lines_of_business" else value for name, value in changes.items()}


def _api_user(row: sqlite3.Row) -> ApiUser:
    record = json.loads(row["data"])
    values = {name: record[rest] for name, rest in _IN_RECORD.items()} | {name: row[name] for name in _IN_TABLE}
    lists = {"lines_of_business": tuple(json.loads(row["lines_of_business"]))}
    flags = {name: bool(row[name]) for name in ("locked", "lob_unassigned")}
    return ApiUser(id=row["resource_id"], tenant_id=row["tenant_id"], **(values | lists | flags))


def _person(row: sqlite3.Row) -> Person:
    record = json.loads(row["data"])
    name = f"{record['firstName']} {record['lastName']}"
    return Person(row["resource_id"], row["tenant_id"], row["user_name"], name, bool(row["grants_internal_cost"]), bool(row["locked"]))
