# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A tenant as it was at some moment, and the way back to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.model import Record, Tenant
from sandbox.store import Store

_TABLES = ("levels", "vendors", "records", "counters", "choices", "api_users", "people")


@dataclass(frozen=True)
class Snapshot:
    """All that the store holds of a tenant: its options, and its rows by table."""

    tenant: Tenant
    rows: Mapping[str, list[Record]]


def take(store: Store, tenant: Tenant) -> Snapshot:
    """The tenant as it is now."""
    with store.transaction():
        return Snapshot(store.tenant(tenant.id), {table: store.rows_of(table, tenant.id) for table in _TABLES})


def restore(store: Store, snapshot: Snapshot) -> None:
    """Makes the tenant what it was. Ids that were given since then are given again."""
    tenant = snapshot.tenant
    with store.transaction():
        store.set_options(tenant.id, tenant.options)
        for table, rows in snapshot.rows.items():
            store.replace_rows(table, tenant.id, rows)
