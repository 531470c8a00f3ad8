# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Recorded credentials: what is stored is what is read, one tenant's never serve another, and what isn't ours is left alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.msp.autotask.plugins.module_utils._credentials.home import NOWHERE, Home, read_home
from ansible_collections.msp.autotask.plugins.module_utils._credentials.store import Recorded, VaultStore, recorded_from_data
from ansible_collections.msp.autotask.plugins.module_utils._credentials.vault import NoVault
from ansible_collections.msp.autotask.plugins.module_utils._errors import AutotaskError

from .vaults import Memory

FULL = Recorded("key@alder.example.com", "Se%cret", "IDENTIFIER", "2026-11")
ZONE, OTHER_ZONE = "https://webservices9.example.com/ATServicesRest/v1.0/", "https://webservices5.example.com/ATServicesRest/v1.0/"
BARE = Recorded("key@alder.example.com", "Se%cret")


@pytest.fixture
def vault() -> Memory:
    return Memory()


@pytest.fixture
def store(vault: Memory, tmp_path: Path) -> VaultStore:
    return VaultStore(vault, str(tmp_path), "alder")


@pytest.mark.parametrize("recorded", [FULL, BARE], ids=["with all that there is", "with a vendor's identifier"])
def test_what_was_written_is_read_and_is_the_tenants(recorded: Recorded, store: VaultStore) -> None:
    assert store.read("example") is None
    store.write("example", recorded)
    assert store.read("example") == Recorded(
        recorded.user_name, recorded.secret, recorded.integration_code, recorded.rotation, tenant="alder"
    )


def test_only_what_is_known_is_stored(store: VaultStore, vault: Memory, tmp_path: Path) -> None:
    store.write("example", BARE)
    assert vault.contents == {
        str(tmp_path / "alder" / "example.yml"): {
            "user_name": "key@alder.example.com",
            "secret": "Se%cret",
            "tenant": "alder",
            "version": "2",
        }
    }


def test_what_is_replaced_lies_beside_it_until_it_is_dropped(store: VaultStore) -> None:
    assert store.previous("example") is None
    store.write("example", FULL)
    store.keep_previous("example", BARE)
    previous, current = store.previous("example"), store.read("example")
    assert previous and current and (previous.rotation, current.rotation) == ("", "2026-11")
    store.drop_previous("example")
    store.drop_previous("example")
    assert store.previous("example") is None and store.read("example") == current


def test_the_names_are_those_of_credentials_alone(store: VaultStore) -> None:
    assert store.names() == []
    for name in ("wicker", "example"):
        store.write(name, FULL)
    store.keep_previous("example", BARE)
    store.keep_session("a session")
    store.escrow("example").keep({"user_name": "key", "secret": "Ne%w"})
    assert store.names() == ["example", "wicker"]


def test_what_is_removed_takes_along_what_it_replaced_and_nothing_else(store: VaultStore, tmp_path: Path) -> None:
    store.write("example", FULL)
    store.keep_previous("example", BARE)
    store.write("example.other", FULL)
    folder = tmp_path / "alder"
    assert store.kept_of("example") == [str(folder / "example.yml"), str(folder / "example.previous.yml")]
    store.remove("example")
    store.remove("example")
    assert store.kept_of("example") == [] and store.names() == ["example.other"]


def test_a_session_is_kept(store: VaultStore) -> None:
    assert store.session() == ""
    store.keep_session("as good as a password")
    assert store.session() == "as good as a password"


def test_another_tenants_session_is_refused_and_one_that_names_no_tenant_is_not(store: VaultStore, vault: Memory, tmp_path: Path) -> None:
    path = str(tmp_path / "alder" / "console.session.yml")
    VaultStore(vault, str(tmp_path), "birch").keep_session("as good as a password")
    vault.write(path, vault.contents[str(tmp_path / "birch" / "console.session.yml")])
    with pytest.raises(AutotaskError, match='holds a session of the tenant "birch", not of "alder"') as caught:
        store.session()
    assert caught.value.code == "other_tenants_credentials" and "password" not in str(caught.value)
    vault.write(path, {"session": "from before"})
    assert store.session() == "from before"


HOMES = {
    "the same": (Home(ZONE, "1"), Home(ZONE, "1"), (False, False, False)),
    "the same, written otherwise": (
        Home(ZONE, "1"),
        Home("https://WebServices9.example.com/atservicesrest/v1.0/", "1"),
        (False, False, False),
    ),
    "moved": (Home(ZONE, "1"), Home(OTHER_ZONE, "1"), (False, True, False)),
    "another database": (Home(ZONE, "1"), Home(ZONE, "2"), (True, False, True)),
    "another database of another zone": (Home(ZONE, "1"), Home(OTHER_ZONE, "2"), (True, True, True)),
    "another zone, and no word on the database": (Home(ZONE, "1"), Home(OTHER_ZONE), (False, True, True)),
    "the same zone, and no word on the database": (Home(ZONE), Home(ZONE, "1"), (False, False, False)),
    "not known": (Home(ZONE, "1"), NOWHERE, (False, False, False)),
}


@pytest.mark.parametrize(("one", "other", "expected"), HOMES.values(), ids=HOMES.keys())
def test_homes_are_anothers_by_database_else_by_zone(one: Home, other: Home, expected: tuple[bool, bool, bool]) -> None:
    for first, second in ((one, other), (other, one)):
        assert (first.in_other_database(second), first.in_other_zone(second), first.is_others(second)) == expected


def test_a_home_goes_with_the_last_that_is_recorded(store: VaultStore, tmp_path: Path) -> None:
    for name in ("example", "wicker"):
        store.at(Home(ZONE, "1")).write(name, FULL)
    store.remove("example")
    assert read_home(str(tmp_path), "alder") == Home(ZONE, "1")
    store.remove("wicker")
    assert read_home(str(tmp_path), "alder") == NOWHERE


def test_in_escrow_it_is_bound_as_well(store: VaultStore) -> None:
    store.at(Home(ZONE, "1")).escrow("example").keep({"user_name": "key", "secret": "Ne%w"})
    assert store.escrow("example").settle("key") and store.at(Home(ZONE, "1")).read("example")
    with pytest.raises(AutotaskError, match="credentials of the database 1"):
        store.at(Home(ZONE, "2")).read("example")


def test_what_is_in_escrow_becomes_the_users_once_the_console_shows_its_key(store: VaultStore) -> None:
    escrow = store.escrow("example")
    assert not escrow.settle("key")
    escrow.keep({"user_name": "key", "secret": "Ne%w", "integration_code": ""})
    assert not escrow.settle("another key") and store.read("example") is None
    assert escrow.settle("key") and not escrow.settle("key")
    recorded = store.read("example")
    assert recorded and (recorded.user_name, recorded.secret, recorded.integration_code) == ("key", "Ne%w", "")


def test_tenants_do_not_see_each_others(vault: Memory, tmp_path: Path) -> None:
    VaultStore(vault, str(tmp_path), "alder").write("example", FULL)
    birch = VaultStore(vault, str(tmp_path), "birch")
    assert birch.read("example") is None and birch.names() == [] and birch.kept_of("example") == []


WRONG = {
    "another tenant's": ({"user_name": "key", "secret": "Se%cret", "tenant": "birch"}, "other_tenants_credentials"),
    "what a newer version wrote": ({"user_name": "key", "secret": "Se%cret", "version": "3"}, "newer_version"),
    "what nobody can count": ({"user_name": "key", "secret": "Se%cret", "version": "two"}, "newer_version"),
    "no key": ({"secret": "Se%cret"}, "no_credentials"),
    "no secret": ({"user_name": "key", "secret": ""}, "no_credentials"),
    "something else": ({"fields": {"Key": "key", "Secret": "Se%cret"}}, "no_credentials"),
}


@pytest.mark.parametrize(("content", "code"), WRONG.values(), ids=WRONG.keys())
def test_what_a_file_may_not_hold_is_named_and_never_quoted(
    content: dict[str, Any], code: str, store: VaultStore, vault: Memory, tmp_path: Path
) -> None:
    path = str(tmp_path / "alder" / "example.yml")
    for name in ("example", "example.previous"):
        vault.write(str(tmp_path / "alder" / f"{name}.yml"), content)
    for read in (store.read, store.previous):
        with pytest.raises(AutotaskError) as caught:
            read("example")
        assert caught.value.code == code and "Se%cret" not in str(caught.value)
    assert path.removesuffix(".yml") in str(caught.value) and vault.contents[path] == content


def test_another_tenants_file_says_whose_it_is() -> None:
    with pytest.raises(AutotaskError, match=r'of the tenant "birch", not of "alder".*nothing was sent'):
        recorded_from_data({"user_name": "key", "secret": "Se%cret", "tenant": "birch"}, "example.yml", "alder")


@pytest.mark.parametrize("version", ["", "1", "2", 2])
def test_every_version_up_to_this_one_is_read(version: object) -> None:
    found = recorded_from_data({"user_name": "key", "secret": "Se%cret", "version": version}, "example.yml", "alder")
    assert (found.user_name, found.secret, found.tenant) == ("key", "Se%cret", "")


def test_secrets_are_not_printed() -> None:
    assert "Se%cret" not in repr(FULL) and "IDENTIFIER" not in repr(FULL)


def test_away_from_the_controller_nothing_is_read_or_kept(tmp_path: Path) -> None:
    store = VaultStore(NoVault(), str(tmp_path), "alder")
    assert store.read("example") is None and store.session() == ""
    (tmp_path / "alder").mkdir()
    (tmp_path / "alder" / "example.yml").touch()
    escrow = store.escrow("other")
    attempts: list[Callable[[], object]] = [
        partial(store.read, "example"),
        partial(store.write, "other", FULL),
        partial(escrow.keep, {"secret": "x"}),
    ]
    for attempt in attempts:
        with pytest.raises(AutotaskError) as caught:
            attempt()
        assert caught.value.code == "not_on_controller"
