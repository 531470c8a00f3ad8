# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Copies of a tenant: everything that it has by now, under another name and with other credentials. So a big fleet needn't be set up one by one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sandbox import credentials, seed
from sandbox.model import Record, Tenant
from sandbox.seed import Seed
from sandbox.store import Store

Credentials = dict[str, str]
"""What a caller sends: `user_name`, `secret` and `integration_code`."""


def copies(store: Store, source: Tenant, slugs: Iterable[str], address: str) -> list[dict[str, Any]]:
    """Makes copies of a tenant under these short names, all or none. ValueError if a name is taken, or can't be one.

    Returns for each what `--print-credentials` says of a tenant, and `api_users`: the new credentials by the user names of the source.
    """
    vendors = tuple(vendor.name for vendor in store.vendors(source.id))
    with store.transaction():
        made = [_Copy(store, source, _named(store, source, slug)) for slug in slugs]
        found = [(copy.target, copy.make()) for copy in made]
    return [seed.access(Seed(0, target, vendors), address) | {"api_users": users} for target, users in found]


def _named(store: Store, source: Tenant, slug: str) -> Tenant:
    if not isinstance(slug, str) or not re.fullmatch(r"[a-z0-9](-?[a-z0-9])*", slug):
        raise ValueError(f"{slug!r} can't be the short name of a tenant")
    tenant = replace(source, slug=slug, name=slug.capitalize(), domain=f"{slug}.example.com")
    if store.tenant_by_slug(slug) or store.tenant_by_domain(tenant.domain):
        raise ValueError(f"there is a tenant {slug} already")
    return store.add_tenant(tenant)


@dataclass(frozen=True)
class _Copy:
    """One copy at work: from an old tenant to one that has nothing yet."""

    store: Store
    source: Tenant
    target: Tenant

    def make(self) -> dict[str, Credentials]:
        """Copies everything, and returns the credentials of the new API users by the user names of the old ones."""
        vendors = self._vendors()
        users = self._api_users(vendors)
        self._people()
        self._records(self._levels(), {name.partition("@")[0]: new["user_name"].partition("@")[0] for name, new in users.items()})
        for table in ("counters", "choices"):
            self._add(table, self.store.rows_of(table, self.source.id))
        return users

    def _add(self, table: str, rows: Iterable[Record]) -> list[int]:
        return self.store.add_rows(table, [row | {"tenant_id": self.target.id} for row in rows])

    def _levels(self) -> dict[int, int]:
        """The ids of the new levels by those of the old ones."""
        ids: dict[int, int] = {}
        for row in self.store.rows_of("levels", self.source.id):
            [ids[row["id"]]] = self._add("levels", [row | {"id": None, "source_id": ids.get(row["source_id"])}])
        return ids

    def _vendors(self) -> dict[int, tuple[int, str]]:
        """The ids and identifiers of the new integration vendors by the ids of the old ones."""
        rows = self.store.rows_of("vendors", self.source.id)
        codes = [credentials.derived_tracking_code(self.target.slug, row["name"]) for row in rows]
        ids = self._add("vendors", [row | {"id": None, "code": code} for row, code in zip(rows, codes, strict=True)])
        return dict(zip((row["id"] for row in rows), zip(ids, codes, strict=True), strict=True))

    def _api_users(self, vendors: dict[int, tuple[int, str]]) -> dict[str, Credentials]:
        users: dict[str, Credentials] = {}
        for row in self.store.rows_of("api_users", self.source.id):
            new = self._new_credentials(row)
            change: Record = {"key": new["user_name"].partition("@")[0], "key_domain": self.target.domain}
            change |= {"secret_hash": credentials.hashed(new["secret"])}
            if row["tracking"] == "vendor":
                change["vendor_id"], new["integration_code"] = vendors[row["vendor_id"]]
            elif row["tracking"] == "custom":
                change["tracking_code"] = new["integration_code"]
            self._add("api_users", [row | change])
            users[f"{row['key']}@{row['key_domain']}"] = new
        return users

    def _new_credentials(self, row: Record) -> Credentials:
        """Those made from the tenant's name for its provisioner, random ones for the others."""
        slug, domain = self.target.slug, self.target.domain
        if f"{row['key']}@{row['key_domain']}" == credentials.derived_key(self.source.slug, self.source.domain):
            made = credentials.derived_key(slug, domain), credentials.derived_secret(slug, "provisioner")
            return dict(zip(_NAMES, (*made, credentials.derived_tracking_code(slug, "provisioner")), strict=True))
        return dict(zip(_NAMES, (credentials.new_key(domain), credentials.new_secret(), credentials.new_tracking_code()), strict=True))

    def _people(self) -> None:
        for row in self.store.rows_of("people", self.source.id):
            user = row["user_name"].partition("@")[0]
            password = credentials.hashed(credentials.derived_secret(self.target.slug, user))
            self._add("people", [row | {"user_name": f"{user}@{self.target.domain}", "password_hash": password}])

    def _records(self, levels: dict[int, int], keys: dict[str, str]) -> None:
        """Copies the records. In their texts the tenant's domain, name and short name become the new ones."""
        rows = self.store.rows_of("records", self.source.id)
        for row in rows:
            row["data"] = self._in_its_words(row["data"])
            if row["entity"] == "Resources":
                resource = json.loads(row["data"])
                resource |= {"userType": levels.get(resource["userType"]), "userName": keys.get(resource["userName"], resource["userName"])}
                row["data"] = json.dumps(resource)
        self._add("records", rows)

    def _in_its_words(self, text: str) -> str:
        text = text.replace(self.source.domain, self.target.domain).replace(json.dumps(self.source.name), json.dumps(self.target.name))
        return re.sub(rf"(?<![\w-]){re.escape(self.source.slug)}(?![\w-])", self.target.slug, text)


_NAMES = ("user_name", "secret", "integration_code")
