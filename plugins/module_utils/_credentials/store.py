# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Recorded credentials: the only place that knows where they lie. Private to the collection.

Another store is another class with the methods of `Store`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Protocol

from .. import _files, _paths
from .._documents.names import ESCROW, PREVIOUS, SESSION
from .._errors import AutotaskError
from . import refusal
from .escrow import VERSION, Escrow
from .home import NOWHERE, Home, check_name, neighbour_at, neighbours, read_home, write_home
from .vault import Vault

# So many files of other tenants are looked at for one that the vault password opens.
MOST_OTHERS = 20


@dataclass(frozen=True)
class Recorded:
    """The credentials of one API user as they were recorded. Not printed.

    `integration_code` is its own tracking identifier, empty where that is the integration vendor's; `rotation` is the last one that was finished;
    `tenant` is whose they are, empty in what version 0.1.0 recorded; `home` is where they were proven, empty in what was recorded before that was kept.
    """

    user_name: str
    secret: str = field(repr=False)
    integration_code: str = field(default="", repr=False)
    rotation: str = ""
    tenant: str = ""
    home: Home = NOWHERE

    def to_data(self) -> dict[str, Any]:
        """What is stored of it: only what is known."""
        texts = {
            "user_name": self.user_name,
            "secret": self.secret,
            "integration_code": self.integration_code,
            "rotation": self.rotation,
            "tenant": self.tenant,
            "zone": self.home.zone,
            "database": self.home.database,
        }
        return {**{name: text for name, text in texts.items() if text}, "version": VERSION}


class Store(Protocol):
    """The recorded credentials of one tenant, by the name under which each was recorded."""

    @property
    def home(self) -> Home:
        """Where the tenant lives, as far as that is known. Raises AutotaskError for what is kept of it and can't be read, or is another tenant's."""

    def at(self, home: Home) -> Store:
        """The same, once it is known where the tenant lives: what is read has to be of there."""

    def check_leads_home(self, found: Home, name: str) -> None:
        """Raises AutotaskError where credentials lead elsewhere than to the tenant; `name` is that under which they are recorded, empty for others."""

    def check_own(self, name: str, recorded: Recorded) -> None:
        """Raises AutotaskError where what is to be recorded was proven elsewhere than where the tenant lives, or is another tenant's already."""

    def read(self, name: str) -> Recorded | None:
        """What is recorded, or None. Raises AutotaskError for what can't be read, or is another tenant's."""

    def write(self, name: str, recorded: Recorded) -> None:
        """Record it in the place of what was recorded. Raises AutotaskError where that can't be done; then nothing was written."""

    def check_room(self, name: str, by_this_run: bool = False) -> None:
        """Raises AutotaskError where nothing could be recorded under this name now: before somebody is asked for what is shown only once.

        What people note is recorded by another run. It is started as this one is: a run that has nothing to encrypt with asks for nothing. Away from the
        controller nothing is known of that, and only what is to be kept `by_this_run` is refused.
        """

    def refused_on(self, name: str) -> str:
        """When Autotask refused what is recorded, as people read it; empty where it didn't, or something else was recorded since."""

    def keep_refusal(self, name: str) -> None:
        """Keep that Autotask has just refused what is recorded, unless it was recorded only minutes ago. Raises AutotaskError."""

    def forget_refusal(self, name: str) -> None:
        """Forget it: what is recorded was seen to sign in."""

    def given_refused_on(self, user_name: str, secret: str) -> str:
        """When Autotask refused what is given and not recorded, as people read it; empty where it didn't, or where it may be sent once more."""

    def keep_refusal_of_given(self, user_name: str, secret: str) -> bool:
        """Keep that Autotask has just refused what is given; whether it may be sent once more. Raises AutotaskError."""

    @property
    def refusal_of_given(self) -> str:
        """Where that is kept, for people."""

    def check_password(self, confirm: bool = False) -> None:
        """Raises AutotaskError where the vault password of the run isn't that of what lies beside: of the tenant's own files, and of the key for handing in.

        With `confirm` what lies there of other tenants counts, too, and a new password that somebody has typed is asked for a second time.
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
        """Forget everything of that name; with the last one also where the tenant lives."""

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

    def __init__(self, vault: Vault, folder: str, tenant: str, home: Home = NOWHERE) -> None:
        self._vault = vault
        self._folder = folder
        self._tenant = tenant
        self._home = home

    @property
    def home(self) -> Home:
        """See `Store`."""
        return self._home or read_home(self._folder, self._tenant)

    def at(self, home: Home) -> VaultStore:
        """See `Store`."""
        return VaultStore(self._vault, self._folder, self._tenant, self.home.with_news(home))

    def check_leads_home(self, found: Home, name: str) -> None:
        """See `Store`."""
        if theirs := self._theirs(found):
            remedy = f"Move {self._path(name)} away" if name else "Correct autotask_user_name and what belongs to it"
            raise AutotaskError(
                f"The credentials that this run would work with lead to {found}{theirs}. They are not used here, and nothing was sent. {remedy}, or "
                "record the tenant's own with the playbook msp.autotask.record_credentials.",
                "other_tenants_credentials",
            )
        if self.home.in_other_zone(found):
            remedy = (
                f'record "{name}" again, with the key and the secret that {self._path(name)} holds (ansible-vault view shows them); what else is recorded '
                "for the tenant goes on working then"
                if name
                else f"remove {_paths.home_of(self._folder, self._tenant)}, which is written again when credentials are recorded"
            )
            raise AutotaskError(
                f'The credentials that this run would work with lead to {found.zone}, and "{self._tenant}" was in {self.home.zone} when its credentials '
                f"were recorded. Nothing was sent. If you pinned the zone with autotask_zone_url, is it right? If Autotask moved the tenant, {remedy}.",
                "moved_tenant",
            )

    def check_own(self, name: str, recorded: Recorded) -> None:
        """See `Store`."""
        theirs = self._theirs(recorded.home) or self._also_of(self._neighbour_with(name, recorded))
        if not theirs and self.home.is_others(recorded.home):
            theirs = self._not_ours(recorded.home)
        if theirs:
            raise AutotaskError(
                f"These credentials are of {recorded.home}{theirs}. Nothing was stored. Is it the right tenant that was named? If Autotask "
                f"gave this one a new database, move {_paths.folder_of(self._folder, self._tenant)} away, and record all its credentials anew.",
                "other_tenants_credentials",
            )

    def read(self, name: str) -> Recorded | None:
        """See `Store`."""
        return self._recorded(self._path(name))

    def write(self, name: str, recorded: Recorded) -> None:
        """See `Store`."""
        ours = self._ours(recorded)
        if ours.home:
            kept = read_home(self._folder, self._tenant)
            home = kept.with_news(ours.home)
            if home != kept:
                write_home(self._folder, self._tenant, home)
        self._vault.write(self._path(name), ours.to_data())

    def check_room(self, name: str, by_this_run: bool = False) -> None:
        """See `Store`."""
        if by_this_run:
            self._vault.check_secrets()
        self._vault.check_writable(self._path(name))
        if by_this_run:
            _files.check_writable(_paths.home_of(self._folder, self._tenant))

    def refused_on(self, name: str) -> str:
        """See `Store`."""
        return refusal.refused_on(self._path(name), self._refusal(name))

    def keep_refusal(self, name: str) -> None:
        """See `Store`."""
        refusal.remember(self._path(name), self._refusal(name))

    def forget_refusal(self, name: str) -> None:
        """See `Store`."""
        _files.remove(self._refusal(name))

    def given_refused_on(self, user_name: str, secret: str) -> str:
        """See `Store`."""
        return refusal.given_refused_on(self.refusal_of_given, user_name, secret)

    def keep_refusal_of_given(self, user_name: str, secret: str) -> bool:
        """See `Store`."""
        return refusal.remember_given(self.refusal_of_given, user_name, secret)

    @property
    def refusal_of_given(self) -> str:
        """See `Store`."""
        return _paths.file_of(self._folder, self._tenant, "given", ".refused-sign-in.json")

    def check_password(self, confirm: bool = False) -> None:
        """See `Store`."""
        own = {path: self._vault.opens(path) for path in _encrypted_in(_paths.folder_of(self._folder, self._tenant))}
        if any(own.values()):
            return
        for path in [path for path, opened in own.items() if opened is False]:
            self._vault.read(path)  # another password of the run may open it
        if any(opened is not None for opened in own.values()):
            return
        closed = []
        for path in islice(self._beside(neighbours=confirm), MOST_OTHERS):
            opened = self._vault.opens(path)
            if opened:
                return
            if opened is False:
                closed.append(path)
        if closed:
            raise AutotaskError(
                f"The vault password of this run doesn't open {closed[0]}"
                f"{f', nor {len(closed) - 1} more of those that lie beside it' if len(closed) > 1 else ''}, so what is recorded now couldn't be read together "
                "with that. Nothing was written. Give the password that the others have. A tenant with one of its own has a folder of its own, too "
                "(autotask_credentials_folder).",
                "vault",
            )
        if confirm:
            self._vault.confirm(f"Nothing is encrypted in {self._folder} yet")

    def _beside(self, neighbours: bool) -> Iterator[str]:
        """The files with secrets that lie in the folder, but for the tenant's own; those of other tenants where that is asked for."""
        yield _paths.hand_in_key_of(self._folder)
        for name in _files.listed(self._folder) if neighbours else ():
            if name != self._tenant and not name.startswith("."):
                with suppress(AutotaskError):
                    yield from _encrypted_in(_paths.folder_of(self._folder, name))

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
        stems = [os.path.basename(path).removesuffix(".yml") for path in _encrypted_in(_paths.folder_of(self._folder, self._tenant))]
        return sorted(stem for stem in stems if stem != SESSION and not stem.endswith((PREVIOUS, ESCROW)))

    def kept_of(self, name: str) -> list[str]:
        """See `Store`."""
        return [path for path in (self._path(name), self._path(name, PREVIOUS)) if _files.exists(path)]

    def remove(self, name: str) -> None:
        """See `Store`."""
        for path in (*self.kept_of(name), self._refusal(name)):
            _files.remove(path)
        if not self.names():
            _files.remove(_paths.home_of(self._folder, self._tenant))

    def escrow(self, name: str) -> Escrow:
        """See `Store`."""
        return Escrow(self._vault, self._path(name), self._tenant, self._home)

    def session(self) -> str:
        """See `Store`."""
        content = self._vault.read(self._session) or {}
        check_name(self._session, "a session", str(content.get("tenant") or ""), self._tenant)
        return str(content.get("session") or "")

    def check_session(self) -> None:
        """See `Store`."""
        self._vault.check_secrets()
        self._vault.check_writable(self._session)

    def keep_session(self, session: str) -> None:
        """See `Store`."""
        self._vault.write(self._session, {"session": session, "tenant": self._tenant})

    @property
    def _session(self) -> str:
        return _paths.session_of(self._folder, self._tenant)

    def _refusal(self, name: str) -> str:
        return _paths.file_of(self._folder, self._tenant, name, ".refused.json")

    def _path(self, name: str, beside: str = "") -> str:
        return _paths.file_of(self._folder, self._tenant, name, f"{beside}.yml")

    def _ours(self, recorded: Recorded) -> Recorded:
        return replace(recorded, tenant=self._tenant, home=self._home or recorded.home)

    def _recorded(self, path: str) -> Recorded | None:
        content = self._vault.read(path)
        if content is None:
            return None
        recorded = recorded_from_data(content, path, self._tenant)
        if self.home.is_others(recorded.home):
            raise AutotaskError(
                f"{path} holds credentials of {recorded.home}{self._not_ours(recorded.home)}. They are not used here, and nothing was sent. Move the file "
                "away, and record this tenant's own with the playbook msp.autotask.record_credentials.",
                "other_tenants_credentials",
            )
        return recorded

    def _theirs(self, found: Home) -> str:
        """Words on whose database that is; empty where it may be the tenant's own."""
        if self.home.in_other_database(found):
            return self._not_ours(found)
        return "" if self.home.database else self._also_of(neighbour_at(self._folder, self._tenant, found))

    def _not_ours(self, found: Home) -> str:
        neighbour = neighbour_at(self._folder, self._tenant, found)
        return (f', that of the tenant "{neighbour}"' if neighbour else "") + f', and "{self._tenant}" has {self.home}'

    def _also_of(self, neighbour: str) -> str:
        return neighbour and (
            f', as those that are recorded for the tenant "{neighbour}". If "{self._tenant}" is another name of that one, set autotask_tenant: {neighbour} '
            f"for its host; if {_paths.folder_of(self._folder, neighbour)} is a copy, move it away"
        )

    def _neighbour_with(self, name: str, recorded: Recorded) -> str:
        """The tenant that has the same key recorded under the name, where its home doesn't tell already, as far as that can be decrypted here."""
        for tenant, home in neighbours(self._folder, self._tenant):
            if home.database and recorded.home.database:
                continue
            with suppress(AutotaskError):
                path = _paths.file_of(self._folder, tenant, name)
                content = self._vault.read(path)
                if content and recorded_from_data(content, path, tenant).user_name == recorded.user_name:
                    return tenant
        return ""


def _encrypted_in(folder: str) -> list[str]:
    """The files with secrets in a tenant's folder."""
    return [os.path.join(folder, name) for name in _files.listed(folder) if name.endswith(".yml") and not name.startswith(".")]


def recorded_from_data(content: Mapping[str, Any], path: str, tenant: str) -> Recorded:
    """The credentials that a file holds. Raises AutotaskError for a file that holds none, another tenant's, or what a newer version wrote."""
    version = str(content.get("version") or 1)
    if not version.isdecimal() or int(version) > VERSION:
        raise AutotaskError(f"{path} was written by a newer version of msp.autotask. Update the collection.", "newer_version")
    if not content.get("user_name") or not content.get("secret"):
        raise AutotaskError(f"{path} holds no credentials: user_name and secret are needed. It was left as it is.", "no_credentials")
    recorded = Recorded(
        **{name: str(content.get(name) or "") for name in ("user_name", "secret", "integration_code", "rotation", "tenant")},
        home=Home(str(content.get("zone") or ""), str(content.get("database") or "")),
    )
    check_name(path, "credentials", recorded.tenant, tenant)
    return recorded
