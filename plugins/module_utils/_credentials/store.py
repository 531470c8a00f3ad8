# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Recorded credentials: the only place that knows where they lie. Private to the collection.

Another store is another class with the methods of `Store`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from .. import _files, _paths
from .._documents.names import ESCROW, PREVIOUS, SESSION
from .._errors import AutotaskError
from .escrow import VERSION, Escrow
from .vault import Vault


@dataclass(frozen=True)
class Recorded:
    """The credentials of one API user as they were recorded. Not printed.

    `integration_code` is its own tracking identifier, empty where that is the integration vendor's; `rotation` is the last one that was finished;
    `tenant` is whose they are, empty in what version 0.1.0 recorded.
    """

    user_name: str
    secret: str = field(repr=False)
    integration_code: str = field(default="", repr=False)
    rotation: str = ""
    tenant: str = ""

    def to_data(self) -> dict[str, Any]:
        """What is stored of it: only what is known."""
        texts = {
            "user_name": self.user_name,
            "secret": self.secret,
            "integration_code": self.integration_code,
            "rotation": self.rotation,
            "tenant": self.tenant,
        }
        return {**{name: text for name, text in texts.items() if text}, "version": VERSION}


class Store(Protocol):
    """The recorded credentials of one tenant, by the name under which each was recorded."""

    def read(self, name: str) -> Recorded | None:
        """What is recorded, or None. Raises AutotaskError for what can't be read, or is another tenant's."""

    def write(self, name: str, recorded: Recorded) -> None:
        """Record it in the place of what was recorded. Raises AutotaskError where that can't be done; then nothing was written."""

    def check_room(self, name: str, by_this_run: bool = False) -> None:
        """Raises AutotaskError where nothing could be recorded under this name now: before somebody is asked for what is shown only once.

        What people note is recorded by another run, which may have what this one lacks to encrypt it.
        """

    def previous(self, name: str) -> Recorded | None:
        """What was recorded before and isn't known to be dead."""

    def keep_previous(self, name: str, recorded: Recorded) -> None:
        """Keep what is about to be replaced until it is proven dead."""

    def drop_previous(self, name: str) -> None:
        """Forget what was proven dead."""

    def names(self) -> list[str]:
        """The names under which something is recorded."""

    def kept_of(self, name: str) -> list[str]:
        """Where anything of that name is kept, for people."""

    def remove(self, name: str) -> None:
        """Forget everything of that name."""

    def escrow(self, name: str) -> Escrow:
        """Where a secret is kept between its generation and its being saved."""

    def session(self) -> str:
        """The session in the console that somebody signed in for; empty without one. As good as a password."""

    def check_session(self) -> None:
        """Raises AutotaskError where no session could be kept now: before somebody signs in for it."""

    def keep_session(self, session: str) -> None:
        """Keep a session in the console."""


class VaultStore:
    """Files `<folder>/<tenant>/<name>.yml` that are encrypted with the vault secret of the run."""

    def __init__(self, vault: Vault, folder: str, tenant: str) -> None:
        self._vault = vault
        self._folder = folder
        self._tenant = tenant

    def read(self, name: str) -> Recorded | None:
        """See `Store`."""
        return self._recorded(self._path(name))

    def write(self, name: str, recorded: Recorded) -> None:
        """See `Store`."""
        self._vault.write(self._path(name), self._ours(recorded).to_data())

    def check_room(self, name: str, by_this_run: bool = False) -> None:
        """See `Store`."""
        if by_this_run:
            self._vault.check_secrets()
        self._vault.check_writable(self._path(name))

    def previous(self, name: str) -> Recorded | None:
        """See `Store`."""
        return self._recorded(self._path(name, PREVIOUS))

    def keep_previous(self, name: str, recorded: Recorded) -> None:
        """See `Store`."""
        self._vault.write(self._path(name, PREVIOUS), self._ours(recorded).to_data())

    def drop_previous(self, name: str) -> None:
        """See `Store`."""
        _files.remove(self._path(name, PREVIOUS))

    def names(self) -> list[str]:
        """See `Store`."""
        found = _files.listed(_paths.folder_of(self._folder, self._tenant))
        stems = [name.removesuffix(".yml") for name in found if name.endswith(".yml") and not name.startswith(".")]
        return sorted(stem for stem in stems if stem != SESSION and not stem.endswith((PREVIOUS, ESCROW)))

    def kept_of(self, name: str) -> list[str]:
        """See `Store`."""
        return [path for path in (self._path(name), self._path(name, PREVIOUS)) if _files.exists(path)]

    def remove(self, name: str) -> None:
        """See `Store`."""
        for path in self.kept_of(name):
            _files.remove(path)

    def escrow(self, name: str) -> Escrow:
        """See `Store`."""
        return Escrow(self._vault, self._path(name), self._tenant)

    def session(self) -> str:
        """See `Store`."""
        return str((self._vault.read(self._session) or {}).get("session") or "")

    def check_session(self) -> None:
        """See `Store`."""
        self._vault.check_secrets()
        self._vault.check_writable(self._session)

    def keep_session(self, session: str) -> None:
        """See `Store`."""
        self._vault.write(self._session, {"session": session})

    @property
    def _session(self) -> str:
        return _paths.session_of(self._folder, self._tenant)

    def _path(self, name: str, beside: str = "") -> str:
        return _paths.file_of(self._folder, self._tenant, name, f"{beside}.yml")

    def _ours(self, recorded: Recorded) -> Recorded:
        return replace(recorded, tenant=self._tenant)

    def _recorded(self, path: str) -> Recorded | None:
        content = self._vault.read(path)
        return None if content is None else recorded_from_data(content, path, self._tenant)


def recorded_from_data(content: Mapping[str, Any], path: str, tenant: str) -> Recorded:
    """The credentials that a file holds. Raises AutotaskError for a file that holds none, another tenant's, or what a newer version wrote."""
    version = str(content.get("version") or 1)
    if not version.isdecimal() or int(version) > VERSION:
        raise AutotaskError(f"{path} was written by a newer version of msp.autotask. Update the collection.", "newer_version")
    if not content.get("user_name") or not content.get("secret"):
        raise AutotaskError(f"{path} holds no credentials: user_name and secret are needed. It was left as it is.", "no_credentials")
    recorded = Recorded(
        **{name: str(content.get(name) or "") for name in ("user_name", "secret", "integration_code", "rotation", "tenant")}
    )
    if recorded.tenant and recorded.tenant != tenant:
        raise AutotaskError(
            f'{path} holds credentials of the tenant "{recorded.tenant}", not of "{tenant}". They are not used here, and nothing was sent. '
            "Record this tenant's own with the playbook msp.autotask.record_credentials.",
            "other_tenants_credentials",
        )
    return recorded
