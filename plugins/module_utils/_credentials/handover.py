# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What an integration's vendor is given, in the vendor's own words, and the file that it is handed over in. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from .. import _files, _paths
from .._documents.handed_over import CREDENTIALS, filled, placeholders
from .._errors import AutotaskError
from .._text import on_one_line
from .store import Recorded
from .vault import Vault

# The form of a hand-over. What version 0.1.0 wrote has none, and is else the same.
VERSION = 2
NOBODY: Mapping[str, int] = MappingProxyType({})
# Each of `HANDED_OVER` in words, and what is to be done where it isn't known.
RECORD = "Record it with the playbook msp.autotask.record_credentials."
LOOK_UP = "Leave `zone_url` out (autotask_zone_url), so that it is looked up, or give the field a `text` by an override of `handover`."
MISSING: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "user_name": ("Username (Key) of its API user", RECORD),
        "secret": ("Password (Secret) of its API user", RECORD),
        "integration_code": (
            "tracking identifier of its API user",
            f"{RECORD} Autotask shows it only once: an earlier hand-over has it, or its vendor. Where it may be an Integration Vendor's own, write "
            "`when: custom` in the field.",
        ),
        "user_id": ("id of its API user", "Only a run that signs in to the tenant's REST reads it."),
        "zone_web_url": ("address of the tenant's console", LOOK_UP),
        "zone_url": ("address of the tenant's REST", LOOK_UP),
        "zone_host": ("host of the tenant's REST", LOOK_UP),
        "tenant": ("name of the tenant", "Name it with `tenant` (autotask_tenant)."),
    }
)


def handover_of(
    profile: Mapping[str, Any], recorded: Mapping[str, Recorded], zone: Mapping[str, Any], tenant: str, ids: Mapping[str, int] = NOBODY
) -> dict[str, Any]:
    """The hand-over of a profile (as `rendered` gives it): `version`, `vendor`, `to`, `tenant` and `fields`, by the vendor's names.

    `recorded` are the credentials of its users by their keys, `ids` their ids as REST shows them. A field of `when: custom` is left out where the user
    has no identifier of its own, and one with credentials that its user had before, and that nobody recorded. Raises AutotaskError for a value that
    isn't known: nothing that is handed over is empty.
    """
    handover = profile["handover"]
    first = profile["api_users"][0]["key"] if profile["api_users"] else ""
    existing = {user["key"] for user in profile["api_users"] if user.get("existing")}
    fields: dict[str, str] = {}
    for field in handover["fields"]:
        key = field.get("user", first)
        values = _values(recorded.get(key), ids.get(key), zone, tenant)
        of_vendor = key in existing and key not in recorded and not set(_named(field)).isdisjoint(CREDENTIALS)
        if not of_vendor and ("when" not in field or values.get("integration_code")):
            fields[field["name"]] = _text_of(field, values)
    return {"version": VERSION, "vendor": profile["vendor"], "to": handover["to"], "tenant": tenant, "fields": fields}


def needed(profile: Mapping[str, Any]) -> set[str]:
    """The names of `HANDED_OVER` that a profile's hand-over is made of."""
    return {name for field in profile["handover"]["fields"] for name in _named(field)}


def _named(field: Mapping[str, str]) -> list[str]:
    """The values that a field is made of."""
    return placeholders(field["format"]) if "format" in field else [field["value"]] if "value" in field else []


def _text_of(field: Mapping[str, str], values: Mapping[str, str]) -> str:
    for name in _named(field):
        if not values.get(name):
            what, to_do = MISSING[name]
            raise AutotaskError(
                f"The hand-over's field \"{field['name']}\" needs the {what}, which this run doesn't know. Nothing is handed over that isn't whole. {to_do}",
                "handover",
            )
    if "format" in field:
        return filled(field["format"], values)
    return field["text"] if "text" in field else values[field["value"]]


def _values(own: Recorded | None, user_id: int | None, zone: Mapping[str, Any], tenant: str) -> dict[str, str]:
    """What is known, by the names of `HANDED_OVER`."""
    url = str(zone.get("url") or "").rstrip("/")
    found = {
        "tenant": tenant,
        "zone_url": url,
        "zone_web_url": str(zone.get("web_url") or "").rstrip("/"),
        "zone_host": urlsplit(url).hostname or "",
    }
    if own:
        found |= {"user_name": own.user_name, "secret": own.secret, "integration_code": own.integration_code}
    return found if user_id is None else {**found, "user_id": str(user_id)}


class HandoverFiles:
    """Files `<folder>/<tenant>/<integration>.yml` that are encrypted with the vault secret of the run, and the sheets of manual steps beside them."""

    def __init__(self, vault: Vault, folder: str, tenant: str) -> None:
        self._vault = vault
        self._folder = folder
        self._tenant = tenant

    def path(self, integration: str) -> str:
        """Where the hand-over of an integration lies."""
        return _paths.file_of(self._folder, self._tenant, integration)

    def steps_path(self, integration: str) -> str:
        """Where the manual steps of an integration stand."""
        return _paths.file_of(self._folder, self._tenant, integration, ".steps.md")

    def write(self, integration: str, content: Mapping[str, Any], check_mode: bool) -> bool:
        """Whether the hand-over was written, because it would have changed. Raises AutotaskError where that can't be done."""
        path = self.path(integration)
        if self._vault.read(path) == _as_text(content):
            return False
        if not check_mode:
            self._vault.write(path, content)
        return True

    def kept_of(self, integration: str) -> list[str]:
        """What there is of an integration."""
        return [path for path in (self.path(integration), self.steps_path(integration)) if _files.exists(path)]

    def remove(self, integration: str) -> None:
        """Remove what there is of an integration. Raises AutotaskError where that can't be done."""
        for path in self.kept_of(integration):
            _files.remove(path)

    def write_steps(self, integration: str, vendor: str, tenant: str, steps: Sequence[Mapping[str, str]], check_mode: bool) -> bool:
        """Whether the sheet of manual steps was written. It keeps the ticks that people made. Raises AutotaskError where that can't be done."""
        path = self.steps_path(integration)
        before = _files.read_text(path) or ""
        text = steps_sheet(vendor, tenant, steps, before)
        if text == before:
            return False
        if not check_mode:
            _files.write_text(path, [text], private=True)
        return True


def steps_sheet(vendor: str, tenant: str, steps: Sequence[Mapping[str, str]], before: str) -> str:
    """What is left for people to do, as a Markdown list with tick boxes; ticks of the sheet `before` stay."""
    ticked = set(before.splitlines())
    lines = []
    for step in steps:
        text = on_one_line(f"{step['where']}: {step['text']}")
        lines.append(f"- [{'x' if f'- [x] {text}' in ticked else ' '}] {text}")
    return "\n".join(
        [
            f"# {vendor} on {tenant}: what is left for people to do",
            "",
            "Everything that can be automated is done. Tick off what you have done; the next run leaves your ticks alone.",
            "",
            *lines,
            "",
        ]
    )


def _as_text(content: Mapping[str, Any]) -> dict[str, Any]:
    """As a file holds it: every value is text."""
    return {key: _as_text(value) if isinstance(value, Mapping) else str(value) for key, value in content.items()}
