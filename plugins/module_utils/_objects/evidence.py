# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Evidence of a tenant's integrations on a day, as files: reads the tenant as a run in check mode does, and writes nothing on it. Private to the collection."""

from __future__ import annotations

import hashlib
import html
import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible.module_utils.ansible_release import __version__ as ansible_core

from .. import _files, _paths
from .._appliers import runsheet
from .._appliers.base import Request
from .._change.model import Change
from .._documents.observed import find_user, user_with_key
from .._edge.context import PROVISIONER
from .._entities import Observed
from .._errors import AutotaskError
from .._evidence import bundle
from .._evidence.bundle import Attested, Data, Tick
from .._evidence.page import page_of
from .._rest import tickets as service_desk
from .._rest.client import Client
from .._rest.tenant import resources, version
from .._text import all_cleaned, cleaned, from_json
from .engine import Pass, looked_at
from .tenant import Tenant
from .wanted import Wanted

EVIDENCE, PAGE, MANIFEST = "evidence.json", "index.html", "manifest.json"
# What is shorter than this could stand anywhere by chance; Autotask's own secrets and identifiers are longer.
SHORTEST_SECRET = 8
NOTHING = Attested({}, {}, {})


def bundled(wanted: Sequence[Wanted], tenant: Tenant, folder: str, day: str, check_mode: bool) -> dict[str, Any]:
    """The result of `autotask_evidence`: the bundle is written, unless in check mode. Raises AutotaskError where the tenant can't be read, and where the
    bundle would hold something that is recorded as a secret.
    """
    if tenant.controller.vault is None:
        raise AutotaskError(
            "Evidence is written in the controller's own process: use this module with `connection: local`.", "not_on_controller"
        )
    _paths.evidence_of(folder, tenant.name, day, EVIDENCE)
    found = looked_at(wanted, tenant)
    tenant = tenant.reached()
    earlier = earlier_bundle(folder, tenant.name, day)
    data = all_cleaned(_data(wanted, found, tenant, day, earlier))
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    contents = {EVIDENCE: text.encode("utf-8")}
    contents[PAGE] = page_of(data, _digest(contents[EVIDENCE])).encode("utf-8")
    _check_no_secret(contents, _secrets(tenant))
    files = {name: _digest(content) for name, content in contents.items()}
    contents[MANIFEST] = (json.dumps({"evidence": bundle.VERSION, "files": files}, indent=1) + "\n").encode()
    paths = {name: _paths.evidence_of(folder, tenant.name, day, name) for name in contents}
    changed = [name for name in contents if _files.read(paths[name]) != contents[name]]
    for name in changed:
        if check_mode:
            _files.check_writable(paths[name])
        else:
            _files.write(paths[name], [contents[name]])
    failed = [f"{entry['integration']}: {entry['msg']}" for entry in found.entries if entry["state"] == "failed"]
    where = os.path.dirname(paths[PAGE])
    tenant.say(f"The evidence bundle {'would be' if check_mode else 'is'} in {where}.")
    return {
        "changed": bool(changed),
        "folder": where,
        "files": files,
        "compared_with": str(earlier.get("date", "")),
        "warnings": [f"What the bundle says of it is not whole. {text}" for text in failed],
    }


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _data(wanted: Sequence[Wanted], found: Pass, tenant: Tenant, day: str, earlier: Data) -> Data:
    observed = found.reading.observed
    changes = {one.integration: _changes_of(one, found, tenant) for one in wanted}
    attested = _attested(tenant.client, [change for known in changes.values() for change in known], observed)
    before = {str(one.get("integration")): one for one in earlier.get("integrations", ())}
    return {
        "evidence": bundle.VERSION,
        "tenant": tenant.name,
        "date": day,
        "zone": dict(found.reading.zone),
        "versions": _versions(tenant.client),
        "integrations": [
            {
                "integration": one.integration,
                "vendor": one.vendor,
                "profile": bundle.profile_part(one.profile or {}),
                "plan": bundle.plan_part(entry),
                "attestation": bundle.attestation_part(changes[one.integration], attested),
                "access": bundle.access_part(
                    [(user.name, *expected) for user in one.users for expected in user.expected],
                    entry["access"].get("findings", ()),
                    before.get(one.integration, {}).get("access", ()),
                ),
            }
            for one, entry in zip(wanted, found.entries, strict=True)
        ],
        "api_users": None if observed is None else bundle.users_part(observed["api_users"], _whose(wanted, observed, tenant.client)),
        "unlisted": [{"integration": one["integration"], "retiring_means": list(one["means"])} for one in found.unlisted],
        "earlier": {name: earlier[name] for name in ("date", "sha256", "as_written") if name in earlier},
        "controls": bundle.controls_part(),
    }


def _changes_of(wanted: Wanted, found: Pass, tenant: Tenant) -> Sequence[Change]:
    if wanted.apply_via == "runsheet":
        request = Request(wanted.integration, runsheet=wanted.runsheet)
        return runsheet.RunsheetKeeper(tenant.how(found.reading), request).changes()
    return (found.tickets or {}).get(wanted.integration, ())


def _attested(client: Client | None, changes: Sequence[Change], observed: Observed | None) -> Attested:
    """What tickets tell of who did what. An API user may have ticked something off, too: that is said of it."""
    ids = [change.id for change in changes if change.id]
    if client is None or not ids:
        return NOTHING
    ticks = {line: Tick(*tick) for line, tick in service_desk.ticks(client, ids).items()}
    closed = service_desk.completed(client, ids)
    api_users = {user["id"] for user in (observed["api_users"] if observed else ())}
    people = {
        one["id"]: {"id": one["id"], "name": f"{one['first_name']} {one['last_name']}".strip(), "api_user": one["id"] in api_users}
        for one in resources(client, sorted({tick.by for tick in ticks.values() if tick.by}))
    }
    return Attested(ticks, closed, people)


def _whose(wanted: Sequence[Wanted], observed: Observed, client: Client | None) -> dict[int, str]:
    """The integration that each API user is of, by the ids of the users: the one that the run works as is the collection's own."""
    users = observed["api_users"]
    own = user_with_key(users, client.credentials.user_name) if client else None
    seen = [(one.integration, find_user(users, user.first_name, user.last_name)) for one in wanted for user in one.users]
    return {**({own["id"]: PROVISIONER} if own else {}), **{user["id"]: integration for integration, user in seen if user}}


def _versions(client: Client | None) -> dict[str, str]:
    return {
        "msp.autotask": _own_version(),
        "ansible-core": ansible_core,
        "python": platform.python_version(),
        "autotask": version(client) if client else bundle.UNKNOWN,
    }


def _own_version() -> str:
    """The version of this collection: built ones have it in a manifest, a checkout in what that is made from."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    built = from_json(_files.read_text(os.path.join(root, "MANIFEST.json")) or "")
    if isinstance(built, dict):
        return str((built.get("collection_info") or {}).get("version", bundle.UNKNOWN))
    lines = (_files.read_text(os.path.join(root, "galaxy.yml")) or "").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("version:")), bundle.UNKNOWN)


def earlier_bundle(folder: str, tenant: str, day: str) -> Data:
    """The newest bundle of an earlier day: what its evidence.json holds, with `sha256` of that, and `as_written`, whether its manifest has the same; empty
    where there is none. Raises AutotaskError for one that can't be read.
    """
    days = [name for name in _files.listed(_paths.folder_of(folder, tenant)) if _paths.is_day(name) and name < day]
    for earlier in reversed(days):
        path = _paths.evidence_of(folder, tenant, earlier, EVIDENCE)
        content = _files.read(path)
        if content is None:
            continue
        data = from_json(content)
        integrations = data.get("integrations") if isinstance(data, dict) else None
        if not isinstance(data, dict) or data.get("evidence") != bundle.VERSION or not _is_list_of_data(integrations):
            raise AutotaskError(
                f"{path} is no evidence that this version of the collection has written, so nothing can be compared with it. Restore it, or move its folder "
                "away.",
                "evidence_damaged",
            )
        manifest = from_json(_files.read(_paths.evidence_of(folder, tenant, earlier, MANIFEST)) or b"")
        said = manifest.get("files") if isinstance(manifest, dict) else None
        sha256 = _digest(content)
        return {**data, "date": earlier, "sha256": sha256, "as_written": isinstance(said, dict) and said.get(EVIDENCE) == sha256}
    return {}


def _is_list_of_data(value: object) -> bool:
    """Whether something is a list of integrations, as an evidence.json has it."""
    return isinstance(value, list) and all(isinstance(one, dict) and _is_rows(one.get("access")) for one in value)


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _secrets(tenant: Tenant) -> Iterator[str]:
    """All that is recorded for the tenant, or given to this run, and must stand in no file."""
    for name in ("secret", "integration_code"):
        yield str(tenant.params[name] or "")
    yield from tenant.params["credentials_store"]["integration_codes"].values()
    for name in tenant.store.names():
        for recorded in (tenant.store.read(name), tenant.store.previous(name)):
            if recorded:
                yield recorded.secret
                yield recorded.integration_code


def _check_no_secret(contents: Mapping[str, bytes], secrets: Iterator[str]) -> None:
    """Raises AutotaskError where a bundle would hold one: people write texts of profiles and overrides, too."""
    spellings = {form for one in secrets if len(one) >= SHORTEST_SECRET for form in (cleaned(one), html.escape(one), json.dumps(one)[1:-1])}
    for name, content in contents.items():
        text = content.decode("utf-8")
        if any(form in text for form in spellings):
            raise AutotaskError(
                f"{name} would hold a secret or a tracking identifier that is recorded for this tenant: somebody has written it into a profile, an "
                "override or a ticket. Take it away there. Nothing was written.",
                "evidence_secret",
            )
